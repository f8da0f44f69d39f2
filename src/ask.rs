//! One question to a language model and the shape its answer must have, as data.
//!
//! Input: what the pure middle wants to know. Output: an [`Ask`], which `model` sends. Invariant: an ask says nothing
//! about who answers it or how: the same ask goes to every endpoint, and its [`Prompt`] tells which wording it has.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// One question to a language model.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// What it is for: tokens are counted apart.
    pub purpose: Purpose,
    /// The messages, in order: what never changes first, so that a server that keeps prefixes can use them again.
    pub messages: Vec<Message>,
    /// What its answer must look like.
    pub shape: Shape,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// For repeatable answers, where the server can; each vote of several has its own.
    pub seed: Option<u64>,
}

/// What an ask is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To word what the character says.
    Play,
    /// To hear what the trainee asks for.
    Hear,
    /// To judge a transcript.
    Judge,
    /// To find out whether an endpoint works.
    Test,
}

impl Purpose {
    /// The name in the store and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Play => "play",
            Purpose::Hear => "hear",
            Purpose::Judge => "judge",
            Purpose::Test => "test",
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// The words.
    pub text: String,
}

impl Message {
    /// Instructions.
    pub fn system(text: impl Into<String>) -> Message {
        Message { role: Role::System, text: text.into() }
    }

    /// Data and the question.
    pub fn user(text: impl Into<String>) -> Message {
        Message { role: Role::User, text: text.into() }
    }

    /// What the model has answered before.
    pub fn assistant(text: impl Into<String>) -> Message {
        Message { role: Role::Assistant, text: text.into() }
    }
}

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// Data and the question.
    User,
    /// What the model has answered before.
    Assistant,
}

/// What an answer must look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Words.
    Words,
    /// One JSON value that follows this schema (draft 2020-12; every object closed, every property required).
    Json {
        /// Its name: letters, digits and underscores.
        name: &'static str,
        /// The schema.
        schema: Value,
    },
}

/// The wording of an ask, apart from what is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Raised whenever the wording changes what may be answered.
    pub version: u32,
    /// Every fixed text.
    pub texts: &'static [&'static str],
}

impl Prompt {
    /// SHA-256 of its texts, hexadecimal.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for text in self.texts {
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_s_hash_changes_with_its_texts_and_their_borders() {
        let hash = |texts: &'static [&'static str]| Prompt { version: 1, texts }.hash();
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["ab", "c"]), hash(&["ab", "d"]));
        assert_eq!(hash(&[]).len(), 64);
    }
}
