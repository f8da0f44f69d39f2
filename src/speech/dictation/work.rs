//! What a dictation has to transcribe, and what is being transcribed.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

use super::Turn;
use super::notice::Unheard;
use crate::speech::Segment;
use crate::speech::{TranscribeError, Words};

/// Words that were asked for.
pub(super) type Asked = Pin<Box<dyn Future<Output = Result<Words, TranscribeError>> + Send>>;

/// Something heard that is to be told in its turn.
pub(super) enum Job {
    /// Part of a turn that goes on.
    Part { segment: Segment, attempts: u8 },
    /// The end of a turn, often all of it; `ready` where its words are known already.
    Turn { segment: Segment, turn: Turn, ready: Option<String>, attempts: u8 },
    /// No speech.
    Nothing { to: u64, why: Unheard },
}

impl Job {
    pub(super) fn samples(&self) -> u64 {
        match self {
            Job::Part { segment, .. } | Job::Turn { segment, .. } => segment.samples.len() as u64,
            Job::Nothing { .. } => 0,
        }
    }

    /// Where the speech of a turn's end stops.
    pub(super) fn speech_to(&self) -> Option<u64> {
        if let Job::Turn { segment, .. } = self { Some(segment.speech_to) } else { None }
    }

    /// Counts one more attempt; whether there may be another.
    pub(super) fn try_again(&mut self, at_most: u8) -> bool {
        match self {
            Job::Part { attempts, .. } | Job::Turn { attempts, .. } => {
                *attempts += 1;
                *attempts < at_most
            }
            Job::Nothing { .. } => false,
        }
    }
}

/// The first job, in hand.
pub(super) struct Work {
    /// Whether its words were asked for ahead, so that a refusal only means to ask again.
    pub(super) ahead: bool,
    /// Since when.
    pub(super) begun: Instant,
    asked: Asked,
}

impl Work {
    pub(super) fn new(asked: Asked) -> Work {
        Work { ahead: false, begun: Instant::now(), asked }
    }

    pub(super) fn under_way(ahead: Ahead) -> Work {
        Work { ahead: true, begun: ahead.begun, asked: ahead.asked }
    }

    pub(super) fn ready(text: String) -> Work {
        let words = Words { text, waited: Duration::ZERO, took: Duration::ZERO };
        Work { ahead: true, begun: Instant::now(), asked: Box::pin(std::future::ready(Ok(words))) }
    }
}

/// The open turn's words so far, being transcribed.
pub(super) struct Ahead {
    /// Asked for in a pause that may be the end.
    pub(super) pause: bool,
    /// First sample of the turn.
    pub(super) turn: u64,
    /// Where the speech stops in it.
    pub(super) to: u64,
    /// Since when.
    pub(super) begun: Instant,
    pub(super) asked: Asked,
}

/// Something that waits for words.
pub(super) trait Waits {
    fn asked(&mut self) -> &mut Asked;
}

impl Waits for Work {
    fn asked(&mut self) -> &mut Asked {
        &mut self.asked
    }
}

impl Waits for Ahead {
    fn asked(&mut self) -> &mut Asked {
        &mut self.asked
    }
}

/// Takes what is done, with its result; waits for ever where there is nothing.
pub(super) async fn done<W: Waits>(waits: &mut Option<W>) -> (W, Result<Words, TranscribeError>) {
    let result = match waits {
        Some(waits) => waits.asked().as_mut().await,
        None => std::future::pending().await,
    };
    match waits.take() {
        Some(done) => (done, result),
        None => std::future::pending().await,
    }
}

/// Sleeps until then; without a time, for ever.
pub(super) async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
