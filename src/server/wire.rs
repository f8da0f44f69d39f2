//! The messages of the socket, as `docs/protocol.md` tells them.
//!
//! Input: text frames. Output: [`ClientMessage`], [`FollowerMessage`] and [`ServerMessage`]. Invariant: these types are the
//! wire's own, apart from what is stored; nothing of the character's inside (facts, intent) is among them, and its mood
//! only for a trainer who follows.

mod follower;

pub use follower::FollowerMessage;
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
        /// How they were said, if aloud.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spoken: Option<WireSpoken>,
    },
    /// Corrects what was understood of a spoken turn.
    Correct {
        /// Id of the message.
        id: MessageId,
        /// The `seq` of the turn.
        turn: u32,
        /// The words as they should be.
        text: String,
    },
    /// Whether replies are spoken aloud here.
    Sound {
        /// Whether they are.
        on: bool,
    },
    /// Opens a stream of sound, or takes it up again.
    Listen {
        /// Chosen by the client, new for every stream.
        stream: MessageId,
        /// Hertz: 16,000.
        sample_rate: u32,
        /// The number of the first sample to come.
        #[serde(default)]
        from: u64,
        /// Who says where a turn ends.
        mode: ListenMode,
        /// Milliseconds of silence that end a turn, 300 to 3,000.
        #[serde(default = "usual_pause")]
        pause_ms: u32,
    },
    /// The button was released, or the microphone closed: what was heard is the turn.
    StopListening {
        /// Which stream.
        stream: MessageId,
    },
    /// The voice of a reply begins.
    Voicing {
        /// The `seq` of the reply.
        reply: u32,
    },
    /// The voice of a reply has ended.
    Voiced {
        /// Id of the message.
        id: MessageId,
        /// The `seq` of the reply.
        reply: u32,
        /// How long it lasted, in milliseconds.
        ms: u32,
        /// How many characters were said when the trainee cut in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<u32>,
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

/// Who says where a spoken turn ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenMode {
    /// A silence does: hands free.
    Free,
    /// `stop_listening` does: a button is held.
    Push,
}

/// How words were said, as `transcribed` told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireSpoken {
    /// What was recognised.
    pub recognised: String,
    /// When the voice began (UTC).
    pub began_at: Timestamp,
    /// When it fell silent.
    pub ended_at: Timestamp,
}

/// How a reply is to be said: per cent of the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireDelivery {
    /// Speed.
    pub rate: u8,
    /// Height of the voice.
    pub pitch: u8,
}

/// Why nothing was made of what was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unheard {
    /// Sound without words.
    Noise,
    /// The character's own voice.
    Echo,
    /// « Mmh », « d'accord » while the character speaks.
    Backchannel,
    /// Too short to be a word.
    TooShort,
    /// It could not be transcribed.
    Failed,
}

const fn usual_pause() -> u32 {
    600
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
        /// Said aloud: what was recognised (it may differ).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recognised: Option<String>,
    },
    /// Event: a spoken turn was corrected.
    Corrected {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Id of the message it acknowledges.
        id: Option<String>,
        /// The `seq` of the turn.
        turn: u32,
        /// The words now.
        text: String,
    },
    /// Event: a reply was said aloud.
    Voiced {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// Id of the message it acknowledges.
        id: Option<String>,
        /// The `seq` of the reply.
        reply: u32,
        /// Where the trainee cut in: the words that were said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<String>,
    },
    /// The stream is open.
    Listening {
        /// Which.
        stream: String,
    },
    /// Speech begins or ends.
    Hearing {
        /// In which stream.
        stream: String,
        /// Whether somebody speaks.
        speech: bool,
    },
    /// Words so far; the next ones replace them.
    Partial {
        /// In which stream.
        stream: String,
        /// The words.
        text: String,
    },
    /// The words of a turn.
    Transcribed {
        /// In which stream.
        stream: String,
        /// The turn's id: that of the `say` to come.
        utterance: String,
        /// The words.
        text: String,
        /// Samples before this one are dealt with.
        to: u64,
        /// When the voice began (UTC).
        began_at: Timestamp,
        /// When it fell silent.
        ended_at: Timestamp,
        /// Milliseconds from the end of speech to these words.
        took_ms: u32,
    },
    /// Nothing was made of what was heard.
    Unheard {
        /// In which stream.
        stream: String,
        /// Samples before this one are dealt with.
        to: u64,
        /// Why.
        why: Unheard,
    },
    /// The trainee speaks over the character: its voice stops.
    Interrupt {
        /// The `seq` of the reply.
        reply: u32,
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
    /// The character starts to answer. Its words are stored before they are told.
    ReplyBegins {
        /// Number of the event to come.
        seq: u32,
        /// How it is to be said.
        delivery: WireDelivery,
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
        /// How the words are to be said.
        delivery: WireDelivery,
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
    /// Event: a trainer who follows whispered a line; only the trainee and those who follow see it.
    Whispered {
        /// Number.
        seq: u32,
        /// When (UTC).
        at: Timestamp,
        /// To those who follow: id of the message it acknowledges.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The trainer's name.
        by: String,
        /// The line.
        text: String,
    },
    /// Who follows the conversation now.
    Followed {
        /// Their names; nobody: empty.
        names: Vec<String>,
    },
    /// To those who follow: the character's mood after an event.
    Mood {
        /// The event's number.
        seq: u32,
        /// Tension, 0 to 10.
        tension: u8,
        /// It in a word, in French.
        word: String,
        /// Trust, 0 to 10.
        trust: u8,
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
    /// Something worth a discreet line: nothing failed for the trainee.
    Notice {
        /// Stable code.
        code: String,
        /// What a person reads, in French.
        message: String,
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
