//! Recognition on this machine, by whisper.cpp on threads of its own.
//!
//! Input: a model file, clips. Output: raw words. Invariant: workers × threads never exceed the processor's cores
//! (whisper.cpp spins where threads wait for each other), and no file reaches whisper.cpp unseen by `model_file`.

#[cfg(feature = "voice")]
mod engine;
#[cfg(feature = "voice")]
mod pool;

use std::path::PathBuf;
use std::time::Duration;

#[cfg(feature = "voice")]
pub(super) use pool::Pool;

use super::checksum::Sha256;
use super::model_file::ModelFault;

/// How to recognise speech on this machine.
#[derive(Clone, Debug)]
pub struct WhisperSettings {
    /// The ggml file.
    pub model: PathBuf,
    /// What the file must hold, where known.
    pub expected: Option<Sha256>,
    /// Clips at once, 1 to the number of cores. Each costs memory: 34 MB (tiny) to several hundred.
    pub workers: usize,
    /// Threads for one clip; lowered so that workers × threads stay within the cores.
    pub threads: usize,
    /// Final clips that may wait.
    pub queue: usize,
    /// How much sound the encoder looks at.
    pub audio_ctx: AudioContext,
    /// From being handed in to the words.
    pub deadline: Duration,
}

impl WhisperSettings {
    /// Whether this program was built with whisper.cpp.
    pub const AVAILABLE: bool = cfg!(feature = "voice");

    /// One worker on all cores but one, sixteen waiting clips, half a minute.
    pub fn new(model: impl Into<PathBuf>) -> WhisperSettings {
        WhisperSettings {
            model: model.into(),
            expected: None,
            workers: 1,
            threads: WhisperSettings::usual_threads(1),
            queue: 16,
            audio_ctx: AudioContext::Auto,
            deadline: Duration::from_secs(30),
        }
    }

    /// Threads of each worker that leave one core to everything else. Threads of whisper.cpp wait for each other by
    /// spinning: two of them on two cores that others use too took thirty times as long as one.
    pub fn usual_threads(workers: usize) -> usize {
        (cores().saturating_sub(1) / workers.max(1)).max(1)
    }
}

/// How much sound the encoder looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AudioContext {
    /// As much as the clip fills: several times faster on short clips.
    #[default]
    Auto,
    /// Always 30 s, as the model was trained.
    Full,
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file is not sound.
    #[error("{0}")]
    File(#[from] ModelFault),
    /// The file is not the one that was expected.
    #[error("find the expected model in the file: its SHA-256 is {found}, not {expected}")]
    Checksum {
        /// What it is.
        found: Sha256,
        /// What it should be.
        expected: Sha256,
    },
    /// This processor lacks what whisper.cpp was built for.
    #[error("recognise speech on this processor: it lacks {0}")]
    Processor(&'static str),
    /// This program was built without whisper.cpp.
    #[error("recognise speech on this machine: built without it")]
    NotBuilt,
    /// whisper.cpp does not take it: not enough memory, most likely.
    #[error("load the model: {0}")]
    Load(String),
}

/// Cores this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
