//! What a trainee does that is not speech, and how a conversation ends.
//!
//! Output: [`Move`] and [`EndedBy`], shared by the character (which reacts), the transcript (which records) and
//! the wire. Invariant: their text names never change once an event may hold them.

use serde::{Deserialize, Serialize};

/// A trainee's action that is not speech.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Move {
    /// Puts on hold, or asks to wait at the desk.
    Hold,
    /// Comes back from hold.
    Resume,
    /// Hands the person over to a service of the directory; it ends the conversation.
    Transfer {
        /// Service id.
        service: String,
    },
    /// Calls a colleague in.
    CallColleague,
    /// Calls the manager in.
    CallManager,
    /// Ends: hangs up, or takes leave.
    End,
}

/// Who ended the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The trainee hung up, took leave or transferred.
    Trainee,
    /// The character left content or without more, after goodbyes.
    Character,
    /// The character broke off.
    BrokeOff,
    /// Nobody came back.
    Abandoned,
}
