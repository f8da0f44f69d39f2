//! What is to be done, and how.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// The most situations of one assignment: more is a programme, not an assignment.
pub const MOST_SITUATIONS: usize = 24;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Work {
    /// Situations, each for itself, in the order given.
    Situations {
        /// Persona ids.
        personas: Vec<String>,
    },
    /// An exam.
    Booklet {
        /// The id of the booklet's file.
        booklet: String,
        /// What is drawn for whom.
        draw: Draw,
    },
}

/// What is drawn for an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Draw {
    /// The same for everyone.
    Same {
        /// What it is drawn from.
        seed: u64,
    },
    /// Another one for each.
    Different,
}

impl Work {
    /// Its pieces, each tried for itself: the situations, or the exam as a whole.
    pub fn pieces(&self) -> &[String] {
        match self {
            Work::Situations { personas } => personas,
            Work::Booklet { booklet, .. } => std::slice::from_ref(booklet),
        }
    }

    /// `situations` or `booklet`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Work::Situations { .. } => "situations",
            Work::Booklet { .. } => "booklet",
        }
    }
}

/// Whether words are written or spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Written: no microphone.
    Text,
    /// Spoken. Written turns are refused, unless the service cannot transcribe at that moment.
    Voice,
    /// As the trainee likes: the equivalent for whoever cannot speak, or hear, or has no microphone.
    Either,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 3] = [Mode::Either, Mode::Text, Mode::Voice];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Text => "text",
            Mode::Voice => "voice",
            Mode::Either => "either",
        }
    }

    /// The mode of a name.
    pub fn named(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// How it is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What.
    pub work: Work,
    /// Until when; later is late, not refused.
    pub due_at: Option<Timestamp>,
    /// How many times each piece may be tried; `None`: as often as one likes.
    pub attempts: Option<u32>,
    /// Whether the coach's hints may be shown.
    pub hints: bool,
    /// Written or spoken.
    pub mode: Mode,
    /// Since when nothing more may be begun.
    pub closed_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_stored_and_read_back_the_same() {
        for work in [
            Work::Situations { personas: vec!["fuite-colere".to_owned(), "odeur-gaz".to_owned()] },
            Work::Booklet { booklet: "bloc1".to_owned(), draw: Draw::Same { seed: u64::MAX } },
            Work::Booklet { booklet: "bloc1".to_owned(), draw: Draw::Different },
        ] {
            let text = serde_json::to_string(&work).unwrap();
            assert_eq!(serde_json::from_str::<Work>(&text).unwrap(), work, "{text}");
        }
    }

    #[test]
    fn a_mode_is_found_by_its_name() {
        for mode in Mode::ALL {
            assert_eq!(Mode::named(mode.name()), Some(mode));
        }
        assert_eq!(Mode::named("whisper"), None);
    }
}
