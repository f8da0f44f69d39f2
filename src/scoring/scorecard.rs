//! All marks of one conversation, with what gave them and under which versions.
//!
//! Invariant: every mark of 1 or 2 of the conversation carries evidence whose quote stands word for word in the trainee's turn it
//! names; axes, competences and criteria are computed from the marks, never set.

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
}
