//! One line that a trainer whispers to the trainee.
//!
//! Invariant: it is one line of 1 to [`WHISPER_CHARS`] characters that can be seen.

use crate::transcript::{Event, Happening};
use crate::utterance::{UtteranceError, clean};

/// The longest whisper, in characters: what is read at a glance while someone speaks.
pub const WHISPER_CHARS: usize = 280;

/// A whisper that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whisper {
    id: String,
    by: String,
    text: String,
}

impl Whisper {
    /// Cleans and checks a line. `id` is chosen by the client of the trainer called `by`.
    pub fn new(id: &str, by: &str, text: &str) -> Result<Whisper, UtteranceError> {
        let text = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() {
            0 => Err(UtteranceError::Empty),
            chars if chars > WHISPER_CHARS => Err(UtteranceError::TooLong { chars }),
            _ => Ok(Whisper { id: id.to_owned(), by: by.to_owned(), text }),
        }
    }

    /// The client's id of it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As an event.
    pub fn happening(&self) -> Happening {
        Happening::Whispered { by: self.by.clone(), text: self.text.clone(), client_id: Some(self.id.clone()) }
    }

    /// The event that it became, if it came before.
    pub fn taken<'e>(&self, events: &'e [Event]) -> Option<&'e Event> {
        events.iter().find(|event| key(&event.happening).is_some_and(|key| key == self.key()))
    }

    /// What tells it from the trainee's messages and from those of other trainers.
    pub(super) fn key(&self) -> String {
        key_of(&self.by, &self.id)
    }
}

/// The key of a whisper that was stored.
pub(super) fn key(happening: &Happening) -> Option<String> {
    match happening {
        Happening::Whispered { by, client_id: Some(id), .. } => Some(key_of(by, id)),
        _ => None,
    }
}

/// An id of the trainee holds no `~`.
fn key_of(by: &str, id: &str) -> String {
    format!("{id}~{by}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whisper_is_one_short_line_of_what_can_be_seen() {
        fn check(text: &str, expect: Result<&str, UtteranceError>) {
            let whisper = Whisper::new("w", "Mme Martin", text).map(|whisper| whisper.text);
            assert_eq!(whisper, expect.map(str::to_owned), "{text:?}");
        }
        check("  Demandez depuis\nquand. ", Ok("Demandez depuis quand."));
        check("<script>alert(1)</script>", Ok("<script>alert(1)</script>"));
        check("a\u{202e}b\u{200b}c", Ok("abc"));
        check("\u{1b}[31m", Ok("[31m"));
        check(" \n\u{200b}\t ", Err(UtteranceError::Empty));
        check(&"é".repeat(280), Ok(&"é".repeat(280)));
        check(&"é".repeat(281), Err(UtteranceError::TooLong { chars: 281 }));
        check(&"a".repeat(100_000), Err(UtteranceError::TooLong { chars: 100_000 }));
    }
}
