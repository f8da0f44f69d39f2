//! One thing that happened in a conversation.
//!
//! Input: what the edges see (words, moves, time) and what the pure middle decided. Output: [`Event`]s,
//! numbered from 0 without gaps, append-only. Invariant: an event says all that the state needs; replaying
//! events never asks hearing, a seed or a clock again.

use serde::{Deserialize, Serialize};

use crate::character::{Change, EndedBy, Move};
use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::persona::{Channel, Urgency};

/// One numbered event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the conversation, from 0.
    pub seq: u32,
    /// When it happened (UTC).
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// The conversation was opened (always event 0).
    Started(Start),
    /// The trainee picked up, or received the person.
    Received,
    /// The trainee said something. Stored before the reply is asked for.
    Spoke {
        /// The words, cleaned.
        text: String,
        /// Id chosen by the client, so that a message sent twice is taken once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// How it was said aloud; absent where it was typed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spoken: Option<Spoken>,
    },
    /// The trainee corrected what was understood of a spoken turn, after it was sent. Both versions are kept.
    Corrected {
        /// Number of the [`Happening::Spoke`].
        turn: u32,
        /// The words as the trainee says they were, cleaned.
        text: String,
        /// Id chosen by the client, so that a message sent twice is taken once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// The character's words were said aloud, to their end or until the trainee cut in.
    Voiced {
        /// Number of the [`Happening::Replied`].
        reply: u32,
        /// When its voice began (UTC).
        began_at: Timestamp,
        /// When it fell silent.
        ended_at: Timestamp,
        /// Where the trainee cut in, if so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cut: Option<Cut>,
        /// Id chosen by the client, so that a message sent twice is taken once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// The trainee did something that is not speech.
    Moved {
        /// What.
        #[serde(rename = "move")]
        act: Move,
        /// Id chosen by the client, so that a message sent twice is taken once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// The character answered (words, or only a cue), and changed.
    Replied {
        /// The words; empty for a mere gesture.
        text: String,
        /// What can be seen at the desk, in italics.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<String>,
        /// What the reply was meant to do: names of intents joined by `+`.
        intent: String,
        /// How the character changed.
        change: Change,
        /// How the words were made, where a model was to make them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Box<Made>>,
    },
    /// A coach hint was shown.
    Hinted {
        /// The line.
        text: String,
    },
    /// A trainer who follows whispered a line that only the trainee sees. No turn: neither the character nor hearing
    /// knows of it, and no mark depends on it; it says that help was given, and when.
    Whispered {
        /// The trainer's name, as it was then.
        by: String,
        /// The line, cleaned.
        text: String,
        /// Id chosen by the trainer's client, so that a message sent twice is taken once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
    },
    /// It is over.
    Ended {
        /// Who ended it.
        by: EndedBy,
    },
    /// The trainee wrote the note that passes the request on (may come again: the last one counts).
    HandedOff(Handoff),
}

/// Under which conditions a conversation was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Persona id.
    pub persona: String,
    /// SHA-256 of the persona file, in hexadecimal.
    pub persona_hash: String,
    /// Rubric id.
    pub rubric: String,
    /// Desk or phone.
    pub channel: Channel,
    /// Seed of every choice of wording.
    pub seed: u64,
    /// Whether coach hints are shown.
    pub hints: bool,
    /// Whether the trainee chose to speak aloud. Text stays possible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aloud: bool,
    /// The conversation and the number of its first events that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branched_from: Option<Branch>,
}

/// How a turn of the trainee was said aloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// What was recognised, before the trainee corrected it.
    pub recognised: String,
    /// When the voice began (UTC).
    pub began_at: Timestamp,
    /// When it fell silent.
    pub ended_at: Timestamp,
}

/// Where the trainee cut the character short: what was said until then is what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The words that were said; may be empty.
    pub said: String,
    /// Ids of the facts that were in the words not said: they are not told.
    #[serde(default)]
    pub untold: Vec<String>,
}

/// How a reply found its words, where a model was to word it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The model whose words these are, in part at least; absent where the character's own lines say it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Why the character's own lines say it, or the end of it: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fell_back: Option<String>,
    /// What the guard refused, in order: stable codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// How long hearing took and what it takes to decide, in microseconds.
    pub hearing_us: u64,
    /// From the turn being stored to the model's first token, in milliseconds; absent where none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<u64>,
    /// To its last token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_token_ms: Option<u64>,
    /// To the first words told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_words_ms: Option<u64>,
    /// How long the guard took over all sentences, in microseconds.
    #[serde(default)]
    pub guard_us: u64,
    /// Tokens that were read.
    #[serde(default)]
    pub prompt_tokens: u64,
    /// Tokens that were written.
    #[serde(default)]
    pub completion_tokens: u64,
}

/// Where a second try leaves the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The first conversation.
    pub conversation: ConversationId,
    /// How many of its events (after `Started`) are shared.
    pub events: u32,
}

/// The note the trainee writes afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Service id of the directory.
    pub service: String,
    /// How urgent the trainee finds it.
    pub urgency: Urgency,
    /// What is passed on.
    pub summary: String,
}
