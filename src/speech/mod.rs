//! From sound to words, and from words to sound.
//!
//! Input: samples of a microphone, or a reply's words. Output: what was said, or audio to play. Invariant: what people
//! say is never logged, and audio is never written anywhere.

// Where speech is in a stream of sound.
mod activity;
mod endpoint;
mod gate;
mod hesitation;
mod listener;
pub mod pcm;
#[cfg(test)]
mod voice;

pub use listener::{Edge, Endpointing, Listener, MAX_CHUNK, Segment};

// What was said.
pub mod catalogue;
mod checksum;
pub mod dictation;
mod figures;
pub mod frame;
mod hint;
pub mod install;
pub mod installed;
#[cfg(feature = "voice")]
pub mod measure;
pub mod model_file;
mod remote;
pub mod service;
mod transcriber;
pub mod voices;
mod whisper;
pub mod words;

#[cfg(test)]
mod stub;

pub use checksum::{Sha256, Sha256Error};
pub use figures::{Figures, Spread};
pub use hint::hint;
pub use remote::RemoteSettings;
pub use transcriber::{Clip, Limits, TranscribeError, Transcriber, Urgency, Words};
pub use whisper::{AudioContext, ModelError, WhisperSettings};
