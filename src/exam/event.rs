//! One thing that happened while a booklet was sat.
//!
//! Input: what the edges see. Output: [`Event`]s, numbered from 0 without gaps, append-only. Invariant: an event says
//! all that the fold needs, time away included; replaying asks no clock.

use serde::{Deserialize, Serialize};

use super::answer::Answers;
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::scoring::Level;

/// One numbered event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the booklet, from 0.
    pub seq: u32,
    /// When it happened (UTC).
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// The booklet was opened (always event 0).
    Begun(Opened),
    /// A part was entered: its time runs.
    Entered {
        /// Number of the step.
        step: u16,
    },
    /// Answers were kept: those that changed. Earlier ones stay in earlier events.
    Answered {
        /// Number of the step.
        step: u16,
        /// The answers, by question.
        answers: Answers,
    },
    /// The step's conversation was opened.
    Conversed {
        /// Number of the step.
        step: u16,
        /// Which conversation.
        conversation: ConversationId,
    },
    /// Nobody was there between two moments: no sign of life. Stored when they are back.
    Away {
        /// The last sign of life.
        from: Timestamp,
        /// The next one.
        until: Timestamp,
    },
    /// A part was finished by whoever sits it.
    Finished {
        /// Number of the step.
        step: u16,
    },
    /// A part's time ran out.
    TimeUp {
        /// Number of the step.
        step: u16,
    },
    /// A trainer granted extra time for all parts; the last word counts.
    Granted {
        /// In per cent of each part's time.
        percent: u16,
        /// Who.
        by: VisitorId,
    },
    /// Whoever sits it stopped before the end.
    Stopped,
    /// A trainer judged an indicator on what was answered, or on the whole. The last word counts.
    Judged {
        /// The indicator.
        indicator: String,
        /// The question it was judged on; absent for what nothing in the booklet shows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<String>,
        /// The level; absent: not applicable.
        level: Option<Level>,
        /// A word on it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        word: String,
        /// Who.
        by: VisitorId,
    },
}

/// Under which conditions a booklet was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Seed of the draw.
    pub seed: u64,
    /// Extra time granted in advance, in per cent.
    #[serde(default)]
    pub extra_percent: u16,
}
