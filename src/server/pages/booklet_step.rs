//! One part of an exam: a scene to read, a queue to order, a person to meet, a note to write, questions.

use askama::Template;

use super::handoff::{ServiceChoice, UrgencyChoice};
use super::sitting::SittingBar;
use super::{filters, paths, site::Site};

/// One part of an exam. Works without scripts.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/booklet-step.html", config = "web/askama.toml")]
pub struct BookletStep {
    /// Around the page.
    pub site: Site,
    /// The time.
    pub sitting: SittingBar,
    /// Number of the step, from 0.
    pub step: u16,
    /// « Lire l'accueil ».
    pub name: String,
    /// What is to be done.
    pub task: Task,
    /// The questions, closed and open.
    pub questions: Vec<QuestionField>,
    /// The number of the last event that this page knows of.
    pub seen: u32,
    /// What is wrong with what was sent: field and words.
    pub problems: Vec<(String, String)>,
    /// Whether another tab has changed the part in the meantime.
    pub stale: bool,
    /// When it was kept last: « 10 h 12 ».
    pub kept: Option<String>,
    /// Where it is in the booklet's order: whether it is the last part.
    pub last: bool,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Task {
    /// A drawn scene.
    Scene(SceneView),
    /// People who wait.
    Queue(QueueView),
    /// The brief of a conversation.
    Conversation(BriefView),
    /// The note that passes the request on.
    Note(NoteView),
    /// Questions alone.
    Questions,
}

/// A drawn scene.
#[derive(Clone, Debug)]
pub struct SceneView {
    /// Its id, the drawing's name.
    pub id: String,
    /// « Lundi, 8 h 40 ».
    pub title: String,
    /// What one knows before looking.
    pub text: String,
    /// All that the drawing shows.
    pub description: Vec<String>,
}

/// People who wait.
#[derive(Clone, Debug)]
pub struct QueueView {
    /// « Vendredi, 11 h 55 ».
    pub title: String,
    /// What one knows before sorting.
    pub text: String,
    /// In the order given so far.
    pub people: Vec<PersonRow>,
}

/// Somebody who waits.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Its id.
    pub id: String,
    /// Who.
    pub who: String,
    /// What they ask for.
    pub asks: String,
    /// The four delays: value, name, whether it is the one given.
    pub delays: Vec<(&'static str, &'static str, bool)>,
}

/// The brief of a conversation.
#[derive(Clone, Debug)]
pub struct BriefView {
    /// Title of the situation.
    pub title: String,
    /// Whether it is a call.
    pub by_phone: bool,
    /// What one sees and hears.
    pub scene: String,
    /// The landlord's screen.
    pub record: Vec<String>,
    /// The drawing of the person, at the desk.
    pub portrait: Option<String>,
    /// On the phone, what the handset shows.
    pub handset: Option<String>,
    /// The conversation under way, if it has begun: its address.
    pub resume: Option<String>,
    /// Whether it cannot be played any more.
    pub broken: bool,
    /// Whether one may speak.
    pub voice: bool,
}

/// The note.
#[derive(Clone, Debug)]
pub struct NoteView {
    /// Who the person was.
    pub caller: String,
    /// The directory, with the service chosen so far.
    pub services: Vec<ServiceChoice>,
    /// The urgencies, with the one chosen so far.
    pub urgencies: Vec<UrgencyChoice>,
    /// What was written so far.
    pub summary: String,
    /// The exchange, to read again.
    pub lines: Vec<super::handoff::Line>,
}

/// A question with its answer so far.
#[derive(Clone, Debug)]
pub struct QuestionField {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// A word of help.
    pub help: Option<String>,
    /// What one reads before answering.
    pub material: Vec<String>,
    /// What can be ticked; empty for an open question.
    pub choices: Vec<ChoiceField>,
    /// The words so far.
    pub words: String,
    /// What is wrong with them.
    pub problem: Option<String>,
    /// How many times they were kept.
    pub versions: u32,
}

/// Something that can be ticked.
#[derive(Clone, Debug)]
pub struct ChoiceField {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Whether it is ticked.
    pub ticked: bool,
}

impl BookletStep {
    /// Where the part's form is posted.
    pub fn action(&self) -> String {
        paths::booklet_step(&self.sitting.booklet, self.step)
    }

    /// Where the person is met.
    pub fn meet(&self) -> String {
        paths::booklet_meet(&self.sitting.booklet, self.step)
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<&String> {
        self.problems.iter().find(|(name, _)| name == field).map(|(_, text)| text)
    }

    /// The longest open answer, in characters.
    pub fn longest(&self) -> usize {
        crate::exam::MAX_ANSWER_CHARS
    }
}
