//! Spoken replies: the browser's own voice, a command of this machine, or a compatible service.
//!
//! Input: a sentence, whose voice it is, and how it is said. Output: audio a browser can play. Invariant: what comes out
//! is audio, bounded in size and in time; the words reach the command by its standard input, never through a shell.

mod command;
mod delivery;
mod remote;
mod sound;

pub use command::{CommandError, CommandVoice};
pub use delivery::{Delivery, delivery};
pub use remote::RemoteVoice;
pub use sound::Sound;

use super::service::CallError;
use crate::persona::Sex;

/// Whose voice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timbre {
    /// A woman's or a man's.
    pub sex: Sex,
    /// Age in years.
    pub age: u8,
}

/// Names of two voices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// A woman's.
    pub woman: String,
    /// A man's.
    pub man: String,
}

impl Pair {
    fn of(&self, timbre: Timbre) -> &str {
        match timbre.sex {
            Sex::F => &self.woman,
            Sex::M => &self.man,
        }
    }
}

/// Where voices come from.
#[derive(Clone, Debug, Default)]
pub enum Voices {
    /// The browser speaks by itself.
    #[default]
    Browser,
    /// A command of this machine.
    Command(CommandVoice),
    /// A service.
    Remote(RemoteVoice),
}

/// Why a sentence has no audio.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SayError {
    /// Replies are spoken by the browser: there is nothing to fetch.
    #[error("speak here: the browser does")]
    Elsewhere,
    /// The command cannot be run.
    #[error("run {program}: {why}")]
    NoCommand {
        /// Its name.
        program: String,
        /// What the system said.
        why: String,
    },
    /// The command ended badly.
    #[error("get audio from the command: it ended with {0}")]
    Command(String),
    /// What came is not audio.
    #[error("read what came as audio")]
    NotAudio,
    /// What came is too long.
    #[error("take in audio that long")]
    TooLong,
    /// No audio in time.
    #[error("get audio in time")]
    Late,
    /// The service gave none.
    #[error("get audio from the service")]
    Service(#[from] CallError),
}

impl Voices {
    /// Whether audio is fetched from here; otherwise the browser speaks.
    pub fn are_here(&self) -> bool {
        !matches!(self, Voices::Browser)
    }

    /// Says it. Cancel-safe: dropping the future ends the command or the call.
    pub async fn say(&self, text: &str, timbre: Timbre, delivery: Delivery) -> Result<Sound, SayError> {
        match self {
            Voices::Browser => Err(SayError::Elsewhere),
            Voices::Command(command) => command.say(text, timbre, delivery).await,
            Voices::Remote(service) => service.say(text, timbre, delivery).await,
        }
    }
}
