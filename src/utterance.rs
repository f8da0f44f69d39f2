//! Who said which words when.
//!
//! Input: text typed or transcribed. Output: [`Utterance`]. Invariant: its text is trimmed, holds no
//! control character but the newline, and is at most [`MAX_CHARS`] characters long.

use serde::{Deserialize, Serialize};

/// The longest utterance taken, in characters: about five minutes of speech.
pub const MAX_CHARS: usize = 4_000;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person who rehearses.
    Trainee,
    /// The character.
    Persona,
}

/// Words someone said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    text: String,
}

/// Words that cannot be taken as an utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UtteranceError {
    /// Nothing but blanks.
    #[error("take an empty utterance")]
    Empty,
    /// More than [`MAX_CHARS`] characters.
    #[error("take an utterance of {chars} characters, {MAX_CHARS} at most")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
}

impl Utterance {
    /// Cleans and checks words: control characters become spaces (the newline stays), ends are trimmed.
    pub fn new(text: &str) -> Result<Utterance, UtteranceError> {
        let chars = text.chars().count();
        if chars > MAX_CHARS {
            return Err(UtteranceError::TooLong { chars });
        }
        let clean: String =
            text.chars().map(|c| if is_unwanted(c) { ' ' } else { c }).collect::<String>().trim().to_owned();
        if clean.is_empty() { Err(UtteranceError::Empty) } else { Ok(Utterance { text: clean }) }
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Control characters, and the invisible marks that reorder or hide text.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_spaces_and_the_newline_stays() {
        assert_eq!(Utterance::new("\u{1b}Bonjour\u{0}\nmadame ").unwrap().text(), "Bonjour \nmadame");
    }

    #[test]
    fn blanks_are_empty_and_a_hundred_thousand_characters_are_too_long() {
        assert_eq!(Utterance::new(" \t\u{200b} "), Err(UtteranceError::Empty));
        assert_eq!(Utterance::new(&"a".repeat(100_000)), Err(UtteranceError::TooLong { chars: 100_000 }));
    }
}
