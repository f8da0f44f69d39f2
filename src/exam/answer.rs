//! What was answered.
//!
//! Invariant: an answer is what was sent, cleaned of control characters and no longer than [`MAX_ANSWER_CHARS`]; what it
//! is worth is decided elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rubric::booklet::Delay;

/// The longest open answer, in characters.
pub const MAX_ANSWER_CHARS: usize = 8_000;

/// Answers by the id of their question; the fields of a queue and of a note have names of their own.
pub type Answers = BTreeMap<String, Answer>;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// What was ticked.
    Ticked(Vec<String>),
    /// The order given to a queue.
    Order(Vec<String>),
    /// How soon each person of a queue is answered.
    Delays(BTreeMap<String, Delay>),
    /// Words, or a choice by its value.
    Text(String),
}

/// An open answer that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keep an answer of {chars} characters, {MAX_ANSWER_CHARS} at most")]
pub struct TooLong {
    /// How long it is.
    pub chars: usize,
}

impl Answer {
    /// The field of a queue that holds its order.
    pub const ORDER: &'static str = "order";
    /// The field of a queue that holds its delays.
    pub const DELAYS: &'static str = "delays";

    /// Words as sent: line ends made one, control characters left out, no space around.
    pub fn text(sent: &str) -> Result<Answer, TooLong> {
        let clean: String = sent.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let clean = clean.trim();
        match clean.chars().count() {
            chars if chars > MAX_ANSWER_CHARS => Err(TooLong { chars }),
            _ => Ok(Answer::Text(clean.to_owned())),
        }
    }

    /// The words, if it is made of words.
    pub fn words(&self) -> Option<&str> {
        match self {
            Answer::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        match self {
            Answer::Ticked(list) | Answer::Order(list) => list.is_empty(),
            Answer::Delays(delays) => delays.is_empty(),
            Answer::Text(text) => text.is_empty(),
        }
    }
}
