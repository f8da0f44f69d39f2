//! The exact shape of a booklet file, `rubrics/livrets/<id>.toml`: an exam as a trainer writes it.
//!
//! Input: TOML. Output: [`BookletFile`], shape checked, meaning not yet ([`super::load`] does that). Invariant: every
//! field a file may hold is here; unknown fields are refused.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::SLUG;
use crate::rubric::{Competence, Source};

/// An exam booklet: situations in a row, and what a conversation cannot show.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookletFile {
    /// Lower-case letters, digits and hyphens; the same as the file's name.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// Title shown to people.
    #[schemars(length(max = 100))]
    pub title: String,
    /// What the exam is, in a few sentences, for whoever is about to sit it.
    #[schemars(length(max = 600))]
    pub about: String,
    /// Id of the rubric that marks the conversations.
    #[schemars(regex(pattern = SLUG))]
    pub rubric: String,
    /// Where the criteria come from.
    pub source: Source,
    /// The situations, in the order in which they are sat.
    #[schemars(length(min = 1, max = 12))]
    pub situation: Vec<Slot>,
    /// The competences of the référentiel that the report shows.
    #[schemars(length(min = 1))]
    pub competence: Vec<Competence>,
    /// Their criteria.
    #[schemars(length(min = 1))]
    pub criterion: Vec<BookletCriterion>,
    /// Their indicators: each dash of a criterion.
    #[schemars(length(min = 1))]
    pub indicator: Vec<BookletIndicator>,
    /// Drawn scenes to read.
    #[serde(default)]
    pub scene: Vec<Scene>,
    /// Waiting queues to put in order.
    #[serde(default)]
    pub queue: Vec<Queue>,
    /// Questions drawn by theme.
    #[serde(default)]
    pub question: Vec<Question>,
}

/// One situation of the exam: whom it is drawn from, and its parts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// « Première situation : au comptoir ».
    #[schemars(length(max = 80))]
    pub title: String,
    /// Drawn among the situations of this channel; without it, among all.
    #[serde(default)]
    pub channel: Option<Counter>,
    /// What is to be done, in order. One of them is the conversation.
    #[schemars(length(min = 1, max = 8))]
    pub part: Vec<Part>,
}

/// Where a situation takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counter {
    /// Face to face at the counter.
    Desk,
    /// On the telephone.
    Phone,
}

/// One part of a situation, with its time.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What is to be done.
    pub kind: PartKind,
    /// How long it may take, in minutes (1 to 60).
    #[schemars(range(min = 1, max = 60))]
    pub minutes: u8,
    /// For `questions`: one question is drawn for each theme.
    #[serde(default)]
    pub themes: Vec<String>,
}

/// What is to be done in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Read a drawn scene.
    Scene,
    /// Put a waiting queue in order.
    Queue,
    /// Talk with the character.
    Conversation,
    /// Write the note that passes the request on.
    Note,
    /// Answer questions.
    Questions,
}

/// A criterion of the référentiel.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookletCriterion {
    /// `5.1`.
    pub id: String,
    /// The competence it belongs to.
    pub competence: String,
    /// Its wording in the référentiel.
    pub label: String,
    /// Families of situations in which it applies; without any, in all.
    #[serde(default)]
    pub families: Vec<String>,
}

/// The finest grain: « CR 5.1, second dash » is `5.1.b`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookletIndicator {
    /// `5.1.b`.
    pub id: String,
    /// Its wording in the référentiel.
    pub label: String,
    /// What shows it.
    pub by: SeenIn,
    /// For what a conversation shows: the rubric's indicator that looks at the same thing, where its id is another one.
    #[serde(default)]
    pub like: Option<String>,
}

/// What shows an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeenIn {
    /// The conversations and their notes, by the rubric.
    Conversation,
    /// The booklet's own scenes, queues and questions.
    Booklet,
    /// People only: nothing here marks it.
    People,
}

/// A drawn scene: `web/scenes/<id>.svg`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The same as the drawing's name.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// « Lundi, 8 h 40 ».
    #[schemars(length(max = 80))]
    pub title: String,
    /// What one knows before looking.
    pub text: String,
    /// All that the drawing shows, for those who cannot see it; nothing of what should be thought of it.
    #[schemars(length(min = 3, max = 20))]
    pub description: Vec<String>,
    /// What is asked.
    #[schemars(length(min = 1, max = 6))]
    pub question: Vec<Question>,
}

/// People who wait, to be put in order.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its id.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// « Vendredi, 11 h 55 ».
    #[schemars(length(max = 80))]
    pub title: String,
    /// What one knows before sorting.
    pub text: String,
    /// The indicator that the order marks.
    pub order_marks: String,
    /// The indicator that the delays mark.
    pub delay_marks: String,
    /// Who waits, in the order shown at first, which is not the right one.
    #[schemars(length(min = 3, max = 8))]
    pub person: Vec<Waiting>,
    /// What is asked besides.
    #[serde(default)]
    #[schemars(length(max = 6))]
    pub question: Vec<Question>,
}

/// Somebody who waits, at the counter or on the line.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Its id.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// « Une dame enceinte, debout ».
    #[schemars(length(max = 120))]
    pub who: String,
    /// What they ask for.
    pub asks: String,
    /// Place in the right order, from 1; those with the same one may come in any order.
    #[schemars(range(min = 1, max = 8))]
    pub rank: u8,
    /// How soon they must be answered.
    pub delay: Delay,
    /// Other delays that will do as well.
    #[serde(default)]
    pub also: Vec<Delay>,
    /// Why, shown in the report.
    pub why: String,
}

/// How soon somebody is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// At once.
    Now,
    /// Within the minutes that follow.
    Minutes,
    /// Before the day ends.
    Today,
    /// By appointment, or called back within days.
    Later,
}

/// A question: closed (`choice`) or open (`expects`).
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id, once in the file.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// For questions drawn by theme: which.
    #[serde(default)]
    pub theme: Option<String>,
    /// For questions drawn by theme: families of situations it suits; without any, all.
    #[serde(default)]
    pub families: Vec<String>,
    /// What is asked.
    pub text: String,
    /// A word of help below it.
    #[serde(default)]
    pub help: Option<String>,
    /// What one reads before answering, line by line: the week's figures, a message received.
    #[serde(default)]
    pub material: Vec<String>,
    /// The indicators it marks.
    #[schemars(length(min = 1, max = 12))]
    pub marks: Vec<String>,
    /// Closed: what can be ticked. Those that bear on the same indicator mark it together.
    #[serde(default)]
    pub choice: Vec<Choice>,
    /// Open: what a good answer holds. A person judges it; the words found are only a proposal.
    #[serde(default)]
    pub expects: Vec<Element>,
}

/// Something that can be ticked.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its id, once in its question.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// What it says.
    pub text: String,
    /// Whether it should be ticked.
    pub right: bool,
    /// The indicator it bears on; needed where the question marks several.
    #[serde(default)]
    pub marks: Option<String>,
    /// Why, shown in the report.
    pub why: String,
}

/// Something that a good open answer holds.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// What is expected, shown in the report.
    pub text: String,
    /// Patterns of words that tell it, as in the situations' files.
    #[schemars(length(min = 1))]
    pub words: Vec<String>,
}
