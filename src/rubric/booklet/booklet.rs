//! A booklet whose file was read and checked.

use super::file::{BookletCriterion, BookletFile, BookletIndicator, Question, Queue, Scene};
use crate::rubric::Competence;

/// An exam to draw from. Built by [`super::load`] only.
#[derive(Clone, Debug)]
pub struct Booklet {
    file: BookletFile,
    hash: String,
}

/// Where a question stands.
#[derive(Clone, Copy, Debug)]
pub enum Task<'b> {
    /// With a scene.
    Scene(&'b Scene),
    /// With a queue.
    Queue(&'b Queue),
    /// By itself.
    Alone,
}

impl Booklet {
    pub(super) fn new(file: BookletFile, hash: String) -> Booklet {
        Booklet { file, hash }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// What is written.
    pub fn file(&self) -> &BookletFile {
        &self.file
    }

    /// SHA-256 of the file, hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// A scene by id.
    pub fn scene(&self, id: &str) -> Option<&Scene> {
        self.file.scene.iter().find(|scene| scene.id == id)
    }

    /// A queue by id.
    pub fn queue(&self, id: &str) -> Option<&Queue> {
        self.file.queue.iter().find(|queue| queue.id == id)
    }

    /// A question by id, wherever it stands.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().map(|(_, question)| question).find(|question| question.id == id)
    }

    /// Every question, with where it stands.
    pub fn questions(&self) -> impl Iterator<Item = (Task<'_>, &Question)> {
        questions(&self.file)
    }

    /// A competence by id.
    pub fn competence(&self, id: &str) -> Option<&Competence> {
        self.file.competence.iter().find(|competence| competence.id == id)
    }

    /// The criteria of a competence, in the order of the file.
    pub fn criteria_of(&self, competence: &str) -> impl Iterator<Item = &BookletCriterion> {
        self.file.criterion.iter().filter(move |criterion| criterion.competence == competence)
    }

    /// The indicators of a criterion, in the order of the file.
    pub fn indicators_of(&self, criterion: &str) -> impl Iterator<Item = &BookletIndicator> {
        self.file
            .indicator
            .iter()
            .filter(move |indicator| indicator.id.rsplit_once('.').is_some_and(|(of, _)| of == criterion))
    }

    /// An indicator by id.
    pub fn indicator(&self, id: &str) -> Option<&BookletIndicator> {
        self.file.indicator.iter().find(|indicator| indicator.id == id)
    }
}

/// Every question of a file, with where it stands.
pub(super) fn questions(file: &BookletFile) -> impl Iterator<Item = (Task<'_>, &Question)> {
    let scenes = file.scene.iter().flat_map(|scene| scene.question.iter().map(move |q| (Task::Scene(scene), q)));
    let queues = file.queue.iter().flat_map(|queue| queue.question.iter().map(move |q| (Task::Queue(queue), q)));
    scenes.chain(queues).chain(file.question.iter().map(|question| (Task::Alone, question)))
}
