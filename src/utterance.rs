//! Who said which words when.
//!
//! Input: text typed or transcribed. Output: [`Utterance`]. Invariant: its text is trimmed, holds no control character
//! but the newline and none that cannot be seen, and is at most [`MAX_CHARS`] characters long.

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
    /// Cleans and checks words.
    pub fn new(text: &str) -> Result<Utterance, UtteranceError> {
        let chars = text.chars().count();
        if chars > MAX_CHARS {
            return Err(UtteranceError::TooLong { chars });
        }
        let clean = clean(text);
        if clean.is_empty() { Err(UtteranceError::Empty) } else { Ok(Utterance { text: clean }) }
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What can be seen of a text: control characters become spaces (the newline stays), invisible characters go, ends
/// are trimmed.
pub fn clean(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        '\u{2028}' | '\u{2029}' => '\n',
        c if c.is_control() && c != '\n' => ' ',
        c => c,
    });
    seen.collect::<String>().trim().to_owned()
}

/// Characters without a form of their own, which hide words, reorder them or part them unseen: zero-width ones, marks
/// of direction, tags, selectors of variants, fillers.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_spaces_and_the_newline_stays() {
        assert_eq!(Utterance::new("\u{1b}Bonjour\u{0}\nmadame ").unwrap().text(), "Bonjour \nmadame");
    }

    #[test]
    fn what_cannot_be_seen_goes_and_parts_no_word() {
        for (text, expect) in [
            ("con\u{200b}sig\u{ad}ne", "consigne"),
            ("Je vous écoute.\u{e0069}\u{e0067}", "Je vous écoute."),
            ("\u{202e}abc\u{202c} d", "abc d"),
            ("un\u{2028}deux", "un\ndeux"),
        ] {
            assert_eq!(Utterance::new(text).unwrap().text(), expect);
        }
        assert_eq!(Utterance::new("\u{e0069}\u{3164}"), Err(UtteranceError::Empty));
    }

    #[test]
    fn blanks_are_empty_and_a_hundred_thousand_characters_are_too_long() {
        assert_eq!(Utterance::new(" \t\u{200b} "), Err(UtteranceError::Empty));
        assert_eq!(Utterance::new(&"a".repeat(100_000)), Err(UtteranceError::TooLong { chars: 100_000 }));
    }
}
