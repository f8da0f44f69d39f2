//! What a dictation tells.

use crate::clock::Timestamp;

/// Something to tell the one who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// Speech begins, or has ended and is being transcribed.
    Speech(bool),
    /// Words so far; the next ones replace them.
    Partial(String),
    /// The words of a turn.
    Said(Said),
    /// Nothing was made of the sound before this sample.
    Unheard {
        /// First sample after it.
        to: u64,
        /// Why.
        why: Unheard,
    },
    /// The trainee speaks over this reply: its voice must stop.
    Interrupts {
        /// Number of the reply's event.
        reply: u32,
    },
    /// Something that the one who speaks should know.
    Trouble(Trouble),
}

/// A turn, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The turn's id: the same for the same sound, sent again from the same sample.
    pub utterance: String,
    /// The words.
    pub text: String,
    /// Samples before this one are dealt with.
    pub to: u64,
    /// When the voice began.
    pub began_at: Timestamp,
    /// When it fell silent.
    pub ended_at: Timestamp,
    /// Milliseconds from the end of speech to these words.
    pub took_ms: u32,
    /// The sound, where it is to be kept; otherwise empty.
    pub sound: Vec<i16>,
}

/// Why nothing was made of what was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// Sound without words.
    Noise,
    /// The character's own voice.
    Echo,
    /// « Mmh », « d'accord » while the character speaks.
    Backchannel,
    /// Too short to be a word.
    TooShort,
    /// It could not be transcribed; [`Trouble::Failed`] was told.
    Failed,
}

/// What goes wrong without losing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Some sound did not arrive; silence stands in its place.
    FramesLost,
    /// Many speak at once: the words come later.
    Busy,
    /// Transcribing takes longer than speaking.
    Slow,
    /// A turn could not be transcribed.
    Failed,
    /// A turn lasted so long that it was taken as it was.
    Monologue,
}

/// Sound comes faster than it can be taken: the stream is to be taken up again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("take more sound than waits already")]
pub struct TooFarBehind;
