//! What one turn does to a character: data, so that it can be stored and replayed.

use serde::{Deserialize, Serialize};

use super::moves::EndedBy;

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
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one turn, each stored under its name")]
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
    /// Next steps of the situation done by the trainee in this turn; `need` once the real need was understood.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Lines used, as `family#hash` of the words ([`super::State`] reads them), so that none comes back too soon.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Whether this turn left the character's own demand without any answer.
    #[serde(default)]
    pub left_unanswered: bool,
    /// Who ends the conversation with this turn, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<EndedBy>,
    /// Whether the person is waiting on hold afterwards.
    #[serde(default)]
    pub on_hold: bool,
    /// Whether the trainee offered something in this turn: a solution, a service, a date, a third person.
    #[serde(default)]
    pub helped: bool,
    /// Whether the opening was said with this reply.
    #[serde(default)]
    pub opened: bool,
}
