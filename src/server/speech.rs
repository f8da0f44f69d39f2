//! What the service offers of speech.

use crate::speech::Transcriber;
use crate::speech::voices::Voices;

/// What the service offers of speech.
#[derive(Clone)]
pub struct Speech {
    /// What turns speech into words, or why nothing does: a sentence in French, for people.
    pub transcriber: Result<Transcriber, String>,
    /// Who speaks the replies.
    pub voices: Voices,
    /// Whether it is done by another service, not on this machine.
    pub transcribed_elsewhere: bool,
    /// Whether trainees read recognised words again before they are sent, unless they choose otherwise.
    pub correct_before: bool,
}

impl Default for Speech {
    /// Nothing is recognised, browsers speak, nothing is kept.
    fn default() -> Speech {
        Speech {
            transcriber: Err(String::new()),
            voices: Voices::Browser,
            transcribed_elsewhere: false,
            correct_before: false,
        }
    }
}
