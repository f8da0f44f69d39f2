//! The messages of the socket, as `docs/protocol.md` tells them.
//!
//! Input: text frames. Output: [`ClientMessage`] and [`ServerMessage`]. Invariant: these types are the wire's
//! own, apart from what is stored; nothing of the character's inside (mood, facts, intent) is among them.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::persona::Channel;
use crate::transcript::EndedBy;

/// The version of the protocol, told by `welcome`.
pub const PROTOCOL: u32 = 1;

/// What the client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// Joins the conversation, from the last event it has.
    Join {
        /// The last `seq` seen; nothing seen: 0.
        #[serde(default)]
        last_seq: u32,
    },
    /// Picks up the telephone, or receives the person.
    Receive {
        /// Id of the message.
        id: MessageId,
    },
    /// One turn of speech.
    Say {
        /// Id of the message.
        id: MessageId,
        /// The words.
        text: String,
    },
    /// An action that is not speech.
    Move {
        /// Id of the message.
        id: MessageId,
        /// Which.
        #[serde(rename = "move")]
        act: WireMove,
    },
    /// The trainee is writing.
    Typing {},
}

/// An action that is not speech, as clients write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum WireMove {
    /// Puts on hold, or asks to wait.
    Hold {},
    /// Comes back from hold.
    Resume {},
    /// Hands over to a service of the directory.
    Transfer {
        /// Service id.
        service: String,
    },
    /// Calls a colleague in.
    CallColleague {},
    /// Calls the manager in.
    CallManager {},
    /// Hangs up, or takes leave.
    End {},
}

/// An id the client chose: 1 to 64 letters, digits, `-` or `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct MessageId(String);

impl From<MessageId> for String {
    fn from(id: MessageId) -> String {
        id.0
    }
}

impl TryFrom<String> for MessageId {
    type Error = String;

    fn try_from(text: String) -> Result<MessageId, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            Ok(MessageId(text))
        } else {
            Err("read a message id: 1 to 64 letters, digits, - or _ expected".to_owned())
        }
    }
}

/// Where the conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WirePhase {
    /// The telephone rings, or the person stands at the counter.
    Waiting,
    /// The exchange is open.
    Talking,
    /// The person waits.
    OnHold,
    /// It is over.
    Ended,
}

/// How a person looks at the desk: all that can be seen of its mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    /// At ease.
    Calm,
    /// Tense.
    Tense,
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answers `join`; the missing events follow.
    Welcome {
        /// [`PROTOCOL`].
        protocol: u32,
        /// Which conversation.
        conversation: ConversationId,
        /// Desk or phone.
        channel: Channel,
        /// Where it stands.
        phase: WirePhase,
        /// Whether coach hints are on.
        hints: bool,
        /// The last event stored: what comes after it is live.
        last_seq: u32,
        /// The server's time.
        now: Timestamp,
        /// How the person looks; at the desk only.
        posture: Option<Posture>,
        /// When the exchange began.
        received_at: Option<Timestamp>,
        /// When the hold under way began.
        held_since: Option<Timestamp>,
    },
    /// Event: the trainee picked up, or received the person.
    Received {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Id of the message it acknowledges.
        id: Option<String>,
    },
    /// Event: the trainee's turn is stored.
    Said {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Id of the message it acknowledges.
        id: Option<String>,
        /// The words as stored.
        text: String,
    },
    /// Event: the trainee's move is stored.
    Moved {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Id of the message it acknowledges.
        id: Option<String>,
        /// Which.
        #[serde(rename = "move")]
        act: WireMove,
        /// The state that follows.
        phase: WirePhase,
    },
    /// The character starts to answer; the answer is already stored.
    ReplyBegins {
        /// Number of the event to come.
        seq: u32,
    },
    /// Words to add to what is shown.
    ReplyPart {
        /// Number of the event to come.
        seq: u32,
        /// The words, spaces included.
        text: String,
    },
    /// Event: the character's whole words.
    Replied {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// The words; empty for a mere gesture.
        text: String,
        /// What can be seen at the desk.
        cue: Option<String>,
        /// How the person looks then; at the desk only.
        posture: Option<Posture>,
    },
    /// Event: one line of the coach.
    Hinted {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// The line.
        text: String,
    },
    /// Event: it is over.
    Ended {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Who ended it.
        by: EndedBy,
        /// The page that comes next.
        next: String,
    },
    /// Event: the handoff note was written.
    HandedOff {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
    },
    /// The conversation was opened elsewhere.
    TakenOver,
    /// The server stops; reconnect.
    GoingAway {
        /// How long to wait before reconnecting.
        retry_ms: u32,
    },
    /// Something was refused or failed.
    Error {
        /// Stable code.
        code: String,
        /// What a person reads, in French.
        message: String,
        /// Id of the message concerned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
}
