//! What reaches a conversation, and what it tells.

use std::time::Duration;

use tokio::sync::mpsc;

use super::followers::{Follower, Following};
use super::whisper::Whisper;
use super::wording::Progress;
use crate::clock::Timestamp;
use crate::persona::Channel;
use crate::store::StoreError;
use crate::transcript::{Event, FoldError, Move, Phase, Spoken};
use crate::utterance::UtteranceError;

/// Everything that can wake a conversation.
#[derive(Debug)]
pub(super) enum Wake {
    /// A client joins; an earlier one is told that it was taken over.
    Joined {
        client: Client,
        /// The last event it has.
        last_seq: u32,
    },
    /// A client acts.
    Acted { client: u64, act: Act },
    /// A client is gone.
    Left { client: u64 },
    /// A trainer follows.
    Followed(Following),
    /// A follower whispers.
    Whispered { follower: u64, whisper: Whisper },
    /// A follower is gone.
    Unfollowed { follower: u64 },
    /// Who follows at other nodes now, and the last event that they have stored.
    FollowedElsewhere { followers: Vec<Follower>, last_seq: u32 },
    /// Something came of the reply that a model words.
    Worded(Progress),
    /// Something planned is due: words to show, a silence to break, a failed answer to try again.
    Due,
    /// It was erased, with all that is its owner's.
    Erased,
    /// The server stops.
    Stopped,
}

/// Whoever listens.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) number: u64,
    pub(super) line: mpsc::Sender<Told>,
}

/// What a client does. `id` is chosen by the client: the same one is taken once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Picks up, or receives the person.
    Receive {
        /// Id of the message.
        id: String,
    },
    /// Speaks.
    Say {
        /// Id of the message.
        id: String,
        /// The words as sent.
        text: String,
        /// How they were said, if aloud.
        spoken: Option<Spoken>,
    },
    /// Corrects what was understood of a spoken turn.
    Correct {
        /// Id of the message.
        id: String,
        /// Number of the turn's event.
        turn: u32,
        /// The words as they should be.
        text: String,
    },
    /// Whether replies are spoken aloud where the client is.
    Sound {
        /// Whether they are.
        on: bool,
    },
    /// A reply was said aloud.
    Voice {
        /// Id of the message.
        id: String,
        /// Number of the reply's event.
        reply: u32,
        /// How long the voice lasted.
        lasted: Duration,
        /// How many characters had been said where the trainee cut in.
        said: Option<usize>,
    },
    /// Does something that is not speech.
    Move {
        /// Id of the message.
        id: String,
        /// What.
        act: Move,
    },
    /// Is writing: not silent.
    Type,
}

impl Act {
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Act::Receive { id }
            | Act::Say { id, .. }
            | Act::Correct { id, .. }
            | Act::Voice { id, .. }
            | Act::Move { id, .. } => Some(id),
            Act::Type | Act::Sound { .. } => None,
        }
    }

    /// Whether somebody does something, so that the silence is over: a voice that ends only begins it.
    pub(super) fn breaks_silence(&self) -> bool {
        !matches!(self, Act::Voice { .. } | Act::Sound { .. })
    }
}

/// What a conversation tells its client.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Where it stands, and what the client has missed.
    Welcome(Box<Welcome>),
    /// Something happened and is stored.
    Happened(Box<Happened>),
    /// The character starts to answer; its answer will have this number, its tension is then this. Its words are stored
    /// before they are told.
    ReplyBegins(u32, u8),
    /// Words to add to what is shown.
    ReplyPart(u32, String),
    /// The names of those who follow, each time that changes.
    Followed(Vec<String>),
    /// To a follower, first: the number of the first event that it will be told.
    Following(u32),
    /// Something the trainee may notice.
    Notice(Notice),
    /// A message was refused, or something failed.
    Refused {
        /// Id of the message, if there is one.
        id: Option<String>,
        /// Why.
        why: Refusal,
    },
    /// The conversation was opened elsewhere.
    TakenOver,
    /// The server stops.
    GoingAway,
}

impl Told {
    /// Whether those who follow are told it too: what happens, not what concerns the client's connection.
    pub(super) fn is_overheard(&self) -> bool {
        match self {
            Told::Happened(_) | Told::ReplyBegins(..) | Told::ReplyPart(..) | Told::Followed(_) | Told::GoingAway => {
                true
            }
            Told::Welcome(_) | Told::Following(_) | Told::Notice(_) | Told::Refused { .. } | Told::TakenOver => false,
        }
    }
}

/// Something the trainee may notice: nothing is lost, nothing is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The model does not answer: the character goes on with its own lines.
    ModelAway,
    /// The tokens are used up: the same.
    OverBudget,
}

/// An event and where the conversation stands after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// What.
    pub event: Event,
    /// Where the conversation stands then.
    pub phase: Phase,
    /// Id of the client's message that it takes, if it was one.
    pub message: Option<String>,
}

/// Where a conversation stands, for a client that joins.
#[derive(Clone, Debug, PartialEq)]
pub struct Welcome {
    /// Desk or phone.
    pub channel: Channel,
    /// Whether coach hints are shown.
    pub hints: bool,
    /// Where it stands.
    pub phase: Phase,
    /// The last event stored.
    pub last_seq: u32,
    /// Now.
    pub now: Timestamp,
    /// Tension of the character, 0 to 10.
    pub tension: u8,
    /// When the exchange began.
    pub received_at: Option<Timestamp>,
    /// When the hold under way began.
    pub held_since: Option<Timestamp>,
    /// What the client has missed, in order.
    pub missed: Vec<Happened>,
}

/// Why something was refused or failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// The telephone was not picked up, or the person not received.
    #[error("act before the person was received")]
    NotReceived,
    /// Already picked up.
    #[error("receive the person twice")]
    AlreadyReceived,
    /// The person waits.
    #[error("act while the person is on hold")]
    OnHold,
    /// The person does not wait.
    #[error("resume without a hold")]
    NotOnHold,
    /// It is over.
    #[error("act after the end")]
    Over,
    /// What is corrected is not a spoken turn.
    #[error("correct what is not a spoken turn")]
    NotSpoken,
    /// What was voiced is not a reply.
    #[error("voice what is not a reply")]
    NotAReply,
    /// No such service in the directory.
    #[error("transfer to a service that is not in the directory")]
    UnknownService,
    /// More whispers than one can read.
    #[error("whisper while many whispers wait")]
    TooManyWhispers,
    /// Words that cannot be taken.
    #[error("take words")]
    Words(#[from] UtteranceError),
    /// The store failed.
    #[error("store")]
    Store(#[from] StoreError),
    /// It was erased, with all that was its owner's.
    #[error("go on with a conversation that was erased")]
    Erased,
    /// What is stored does not make a conversation.
    #[error("read the conversation")]
    Unreadable(#[from] FoldError),
}

impl PartialEq for Refusal {
    fn eq(&self, other: &Refusal) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
