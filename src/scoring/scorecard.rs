//! All marks of one conversation, with what gave them and under which versions.
//!
//! Invariant: every automatic mark of 1 or 2 of the conversation carries evidence whose quote stands word for word in the
//! trainee's turn it names (a trainer's may rest on a reason); axes, competences and criteria are computed from the marks, never set.

use serde::{Deserialize, Serialize};

/// The level of an indicator: 2 observed, 1 partial, 0 missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// Not observed although expected.
    Missed,
    /// Partly.
    Partial,
    /// Observed.
    Observed,
}

impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        match level {
            Level::Missed => 0,
            Level::Partial => 1,
            Level::Observed => 2,
        }
    }
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(level: u8) -> Result<Level, String> {
        match level {
            0 => Ok(Level::Missed),
            1 => Ok(Level::Partial),
            2 => Ok(Level::Observed),
            other => Err(format!("read level {other}, 0 to 2 expected")),
        }
    }
}

/// Words that prove a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Position in the transcript's list of turns, from 0.
    pub turn: usize,
    /// Words of that turn, verbatim; empty where the turn is only the place where something was expected.
    pub quote: String,
}

/// The level of one indicator, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Indicator id, `5.1.b`.
    pub id: String,
    /// `None`: not applicable.
    pub level: Option<Level>,
    /// Words that prove it.
    pub evidence: Vec<Evidence>,
    /// Why, in French.
    pub reason: String,
    /// What a language model adds to the rules; `None` where it was not asked or said nothing usable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Box<Second>>,
    /// For a mark that a trainer decided: the automatic one, as it stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Box<Mark>>,
}

/// Who gives a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The rubric's rules.
    Rules,
    /// A language model.
    Model,
    /// A trainer, whose word counts.
    Trainer,
}

/// The other side of a mark that the rules and a model both gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// Who gave the mark that counts.
    pub by: By,
    /// The level that the other gives.
    pub other: Level,
    /// Why the other gives it.
    pub other_reason: String,
    /// What the other bases it on.
    pub other_evidence: Vec<Evidence>,
    /// Why a trainer should look; `None` where nothing is in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<InDoubt>,
    /// A sentence that the model finds better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<String>,
    /// The levels the model gave, vote by vote.
    pub votes: Vec<Level>,
}

/// Why the rules' mark stands against a model's, for a trainer to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InDoubt {
    /// No words of the trainee prove the model's level.
    Unproven,
    /// The two levels are two apart.
    FarApart,
}

impl Mark {
    /// Who gave the level.
    pub fn by(&self) -> By {
        match (&self.automatic, &self.second) {
            (Some(_), _) => By::Trainer,
            (None, Some(second)) => second.by,
            (None, None) => By::Rules,
        }
    }

    /// Why a trainer should look at it before any other.
    pub fn in_doubt(&self) -> Option<InDoubt> {
        self.second.as_ref().and_then(|second| second.doubt)
    }

    /// A sentence that a model finds better than what was said.
    pub fn better(&self) -> Option<&str> {
        self.second.as_ref().and_then(|second| second.better.as_deref())
    }

    /// The automatic mark, where a trainer decided on another level.
    pub fn changed_from(&self) -> Option<&Mark> {
        self.automatic.as_deref().filter(|automatic| automatic.level != self.level)
    }

    /// What the other says, where it says another level.
    pub fn differs(&self) -> Option<&Second> {
        self.second.as_deref().filter(|second| Some(second.other) != self.level)
    }
}

/// A weighted mean of marks, 0 to 100, over those that apply; `None` if none does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Axis, competence or criterion id.
    pub id: String,
    /// 0 to 100.
    pub score: Option<u8>,
}

/// All marks of one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// Persona id.
    pub persona: String,
    /// SHA-256 of the persona file, hexadecimal.
    pub persona_hash: String,
    /// Rubric id.
    pub rubric: String,
    /// SHA-256 of the rubric file, hexadecimal.
    pub rubric_hash: String,
    /// Version of the rules' code: the program's version.
    pub engine: String,
    /// Marks in the rubric's order.
    pub marks: Vec<Mark>,
    /// Scores per axis.
    pub axes: Vec<Score>,
    /// Scores per competence.
    pub competences: Vec<Score>,
    /// Scores per criterion (CR).
    pub criteria: Vec<Score>,
    /// Under which conditions a model judged too, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Box<Judge>>,
}

/// The model that judged, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judge {
    /// Its name, as the endpoint knows it.
    pub model: String,
    /// Version of the prompt.
    pub prompt_version: u32,
    /// SHA-256 of the prompt, hexadecimal.
    pub prompt_hash: String,
    /// How many times each indicator was judged.
    pub votes: u8,
    /// How many questions were asked.
    pub calls: u32,
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// How long the questions took, together, in milliseconds.
    pub took_ms: u64,
    /// Axes it was not able to judge, each with the stable code of why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_up: Vec<(String, String)>,
}
