//! Speech over the character's voice: an echo of it, a sign of listening, or somebody who takes the floor.
//!
//! Input: what the character is saying, and the words heard meanwhile. Output: a [`Verdict`]. Invariant: a voice without
//! words never takes the floor at once; one that insists does.

use std::sync::Arc;
use std::time::Duration;

use super::notice::Unheard;
use crate::speech::pcm::RATE;
use crate::speech::words;

/// How long after the voice its tail may still come back from the room.
pub(super) const TAIL: Duration = Duration::from_millis(400);
/// Speech over the character that lasts so long takes the floor even where nobody can tell what it says.
pub(super) const INSISTS: u64 = 3 * RATE as u64;

/// The character's voice, while it says a reply.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    /// Number of the reply's event.
    pub(super) reply: u32,
    /// The reply's words.
    pub(super) words: Arc<str>,
}

/// A turn that was begun while the character spoke.
#[derive(Clone, Debug)]
pub(super) struct Over {
    /// What the character was saying.
    pub(super) voice: Voice,
    /// The turn goes on after the voice fell silent: a sign of listening becomes an answer.
    pub(super) outlived: bool,
    /// What was made of it last, if anything.
    pub(super) verdict: Option<Verdict>,
}

/// What speech over a voice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No words.
    Noise,
    /// The character's own words, from a loudspeaker.
    Echo,
    /// « Mmh », « d'accord ».
    Backchannel,
    /// Words of the trainee.
    Words,
}

impl Over {
    pub(super) fn new(voice: Voice) -> Over {
        Over { voice, outlived: false, verdict: None }
    }

    /// What these words are.
    pub(super) fn judge(&self, text: &str) -> Verdict {
        if text.is_empty() {
            Verdict::Noise
        } else if words::is_echo(text, &self.voice.words) {
            Verdict::Echo
        } else if words::is_backchannel(text) && !self.outlived {
            Verdict::Backchannel
        } else {
            Verdict::Words
        }
    }

    /// Whether the trainee has taken the floor.
    pub(super) fn has_the_floor(&self) -> bool {
        self.verdict == Some(Verdict::Words)
    }
}

impl Verdict {
    /// Why nothing is made of it, unless it is a turn.
    pub(super) fn unheard(self) -> Option<Unheard> {
        match self {
            Verdict::Noise => Some(Unheard::Noise),
            Verdict::Echo => Some(Unheard::Echo),
            Verdict::Backchannel => Some(Unheard::Backchannel),
            Verdict::Words => None,
        }
    }
}
