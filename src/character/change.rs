//! What one turn does to a character: data, so that it can be stored and replayed.

use serde::{Deserialize, Serialize};

/// One movement of mood and its cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoodMove {
    /// What caused it: a stimulus, a trigger (`trigger:<id>`), `ignored`, `fatigue`, a move.
    pub cause: String,
    /// Change of tension actually applied.
    pub tension: i8,
    /// Change of trust actually applied.
    pub trust: i8,
    /// Why, in French, said to the trainee.
    pub why: String,
}

/// What one turn does to a character. [`super::State::after`] applies it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Movements of mood, in order.
    #[serde(default)]
    pub moods: Vec<MoodMove>,
    /// Tension afterwards, 0 to 10.
    pub tension: u8,
    /// Trust afterwards, 0 to 10.
    pub trust: u8,
    /// Facts told by this reply.
    #[serde(default)]
    pub told: Vec<String>,
    /// Facts asked for but withheld by this reply.
    #[serde(default)]
    pub withheld: Vec<String>,
    /// Next steps of the situation done by the trainee in this turn.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Keys of the lines used, so that none comes back too soon.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Whether this turn left the character's own demand without any answer.
    #[serde(default)]
    pub left_unanswered: bool,
    /// Whether the character breaks off or leaves with this reply.
    #[serde(default)]
    pub leaves: bool,
    /// Whether the opening was said with this reply.
    #[serde(default)]
    pub opened: bool,
}
