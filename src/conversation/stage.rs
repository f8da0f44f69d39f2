//! What a conversation is played with, and how the character behaves in time.

use std::sync::Arc;
use std::time::Duration;

use super::Pacing;
use crate::hearing::Ears;
use crate::organisation::Organisation;
use crate::persona::Persona;
use crate::reply::guard::Bounds;

/// From this tension on, a person looks and sounds tense (`Says::ByMood` draws the same line).
pub const TENSE: u8 = 6;

/// What a conversation is played with: shared by all conversations with the same version of a persona.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The character's persona, in the version the conversation was opened with.
    pub persona: Arc<Persona>,
    /// What it must recognise.
    pub ears: Arc<Ears>,
    /// The landlord and its directory.
    pub organisation: Arc<Organisation>,
    /// The figures and names it may give.
    pub bounds: Arc<Bounds>,
}

impl Stage {
    /// Makes a persona ready to be played.
    pub fn new(persona: Arc<Persona>, organisation: Arc<Organisation>) -> Stage {
        Stage {
            ears: Arc::new(Ears::new(&persona, &organisation)),
            bounds: Arc::new(Bounds::new(&persona, &organisation)),
            persona,
            organisation,
        }
    }
}

/// How the character behaves in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manners {
    /// How fast its words appear.
    pub pacing: Pacing,
    /// At the desk, how long a calm person waits before it speaks by itself; a tense one waits a third of it. On the
    /// phone, how long before « Allô ? ». `None`: for ever.
    pub opens_after: Option<Duration>,
    /// How long it bears the trainee's silence in mid-conversation. `None`: for ever.
    pub silence_after: Option<Duration>,
    /// After how long without anyone a conversation is closed as abandoned.
    pub abandoned_after: Duration,
}

impl Manners {
    /// As people are.
    pub const NATURAL: Manners = Manners {
        pacing: Pacing::NATURAL,
        opens_after: Some(Duration::from_secs(9)),
        // People type slowly, and whoever is typing is not silent; this is for those who have stopped.
        silence_after: Some(Duration::from_secs(75)),
        abandoned_after: Duration::from_hours(24),
    };
    /// Nothing happens by itself, and words come at once: for tests and measurements.
    pub const PATIENT: Manners = Manners {
        pacing: Pacing::AT_ONCE,
        opens_after: None,
        silence_after: None,
        abandoned_after: Duration::from_hours(24),
    };
}
