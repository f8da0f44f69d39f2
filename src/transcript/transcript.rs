//! A conversation as numbered turns: what scoring reads and people exchange.
//!
//! Input: events ([`super::fold`]) or a file ([`super::format`]). Output: [`Transcript`]. Invariant: a turn's
//! number, as all evidence names it, is its place in `turns`, from 0; a trainee's turn has words or a move.

use serde::{Deserialize, Serialize};

use crate::character::{Change, EndedBy, Move};
use crate::persona::Channel;
use crate::transcript::{Handoff, Made};
use crate::utterance::Speaker;

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// Persona id.
    pub persona: String,
    /// Desk or phone.
    pub channel: Channel,
    /// Who said and did what, in order.
    pub turns: Vec<Turn>,
    /// Who ended it, where that is known (played here, or broken off in a script).
    pub ended: Option<EndedBy>,
    /// The note the trainee wrote afterwards.
    pub handoff: Option<Handoff>,
    /// What a trainer who followed whispered to the trainee: help that was given. No turns.
    pub whispers: Vec<Whisper>,
}

/// One line of a trainer that only the trainee saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whisper {
    /// How many turns came before it.
    pub after: usize,
    /// When, in milliseconds from the start, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// Who whispered.
    pub by: String,
    /// The line.
    pub text: String,
}

/// One turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Who speaks or acts.
    pub speaker: Speaker,
    /// The words; empty where a trainee only acted.
    pub text: String,
    /// What the trainee did that is not speech.
    pub moved: Option<Move>,
    /// Whether the other cut in.
    pub interrupted: bool,
    /// When the words began, in milliseconds from the start, where known.
    pub start_ms: Option<u64>,
    /// When the words ended.
    pub end_ms: Option<u64>,
    /// Whether the words were said aloud.
    pub aloud: bool,
    /// For a trainee's spoken turn that was corrected: what had been recognised.
    pub recognised: Option<String>,
    /// For a character's turn cut short: all that it was going to say.
    pub meant: Option<String>,
    /// For the character's turns in a conversation played here: what could be seen at the desk.
    pub cue: Option<String>,
    /// For the character's turns in a conversation played here: facts told, mood, causes. `None` in a transcript
    /// that people wrote: then what was told is recognised by its marks.
    pub change: Option<Change>,
    /// For the character's turns that a model was to word: how the words were made.
    pub made: Option<Box<Made>>,
}

/// Whether the trainee's next words cut in: the last words before them are the character's, and were cut short.
pub fn cuts_in(before: &[Turn]) -> bool {
    let last = before.iter().rev().find(|turn| !turn.is_trainee() || !turn.text.is_empty());
    last.is_some_and(|turn| !turn.is_trainee() && turn.interrupted)
}

impl Turn {
    /// Words without anything else.
    pub fn said(speaker: Speaker, text: impl Into<String>) -> Turn {
        Turn {
            speaker,
            text: text.into(),
            moved: None,
            interrupted: false,
            start_ms: None,
            end_ms: None,
            aloud: false,
            recognised: None,
            meant: None,
            cue: None,
            change: None,
            made: None,
        }
    }

    /// A move of the trainee without words.
    pub fn moved(act: Move) -> Turn {
        Turn { moved: Some(act), ..Turn::said(Speaker::Trainee, "") }
    }

    /// Whether the trainee speaks or acts.
    pub fn is_trainee(&self) -> bool {
        self.speaker == Speaker::Trainee
    }
}
