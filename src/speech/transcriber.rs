//! Sound in, words out: one front for every engine, with its queue.
//!
//! Input: [`Clip`]s, from many conversations at once. Output: [`Words`], cleaned of what nobody said. Invariant: a
//! final clip is either refused at once or taken in its turn; a speculative one never makes a final one wait in line.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::figures::{Counts, Figures};
use super::pcm::RATE;
#[cfg(feature = "voice")]
use super::whisper::Pool;
use super::whisper::{ModelError, WhisperSettings};
use super::words;

/// The longest clip: what a whisper model looks at in one piece.
const LONGEST: Duration = Duration::from_secs(30);

/// One piece of speech.
#[derive(Clone, Debug)]
pub struct Clip {
    /// 16 kHz, mono.
    pub samples: Vec<i16>,
    /// Proper names that may occur, in their spelling: the engine's initial prompt.
    pub hint: Arc<str>,
    /// Whether somebody waits for it.
    pub urgency: Urgency,
}

impl Clip {
    /// How long it sounds.
    pub fn length(&self) -> Duration {
        Duration::from_micros(self.samples.len() as u64 * 1_000_000 / u64::from(RATE))
    }
}

/// Whether somebody waits for a clip's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// The turn is over.
    Final,
    /// Speculative or partial: taken only when nobody waits, refused as busy otherwise.
    Ahead,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words, cleaned; empty where nobody said anything.
    pub text: String,
    /// How long the clip waited in the queue.
    pub waited: Duration,
    /// How long the engine took.
    pub took: Duration,
}

/// Why there are no words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TranscribeError {
    /// The queue is full; for a speculative clip: others have work. Nothing was begun.
    #[error("transcribe while others wait")]
    Busy,
    /// The service is stopping.
    #[error("transcribe after the end of the service")]
    Stopped,
    /// No answer within the deadline.
    #[error("transcribe in time")]
    Late,
    /// Longer than what is recognised in one piece: cut it first.
    #[error("transcribe {:.1} s in one piece: at most 30 s", .0.as_secs_f32())]
    TooLong(Duration),
    /// The engine could not; trying again may help.
    #[error("transcribe: {0}")]
    Failed(String),
    /// A remote engine said no (its key, its model): trying again will not help.
    #[error("transcribe: the engine refuses: {0}")]
    Refused(String),
}

/// How much an engine takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Clips at once, at least 1.
    pub places: usize,
    /// Final clips that may wait beyond those; 0: none.
    pub queue: usize,
    /// From being handed in to the words.
    pub deadline: Duration,
}

type Answer = Pin<Box<dyn Future<Output = Result<String, TranscribeError>> + Send>>;

/// What turns clips into words. It keeps the place it is handed until it has done with the clip, even where the
/// caller is gone.
enum Engine {
    #[cfg(feature = "voice")]
    Whisper(Pool),
    Function(Box<dyn Fn(Clip) -> Answer + Send + Sync>),
}

/// The front of an engine. Cheap to clone: clones share the queue.
#[derive(Clone)]
pub struct Transcriber(Arc<Shared>);

struct Shared {
    engine: Engine,
    limits: Limits,
    /// Free places. Fair: whoever waits longest is next.
    places: Arc<Semaphore>,
    counts: Counts,
}

impl Transcriber {
    /// Recognises speech on this machine, by whisper.cpp. Reads the model: seconds, off the async threads.
    #[cfg(feature = "voice")]
    pub fn whisper(settings: &WhisperSettings) -> Result<Transcriber, ModelError> {
        let pool = Pool::open(settings)?;
        let limits = Limits { places: pool.workers(), queue: settings.queue, deadline: settings.deadline };
        Ok(Transcriber::of_pool(pool, limits))
    }

    #[cfg(feature = "voice")]
    pub(super) fn of_pool(pool: Pool, limits: Limits) -> Transcriber {
        Transcriber::new(Engine::Whisper(pool), limits)
    }

    /// Built without whisper.cpp: it cannot.
    #[cfg(not(feature = "voice"))]
    pub fn whisper(_: &WhisperSettings) -> Result<Transcriber, ModelError> {
        Err(ModelError::NotBuilt)
    }

    /// Any function as the engine: another recogniser, or a test's own words.
    pub fn by<F>(limits: Limits, recognise: impl Fn(Clip) -> F + Send + Sync + 'static) -> Transcriber
    where
        F: Future<Output = Result<String, TranscribeError>> + Send + 'static,
    {
        Transcriber::new(Engine::Function(Box::new(move |clip| Box::pin(recognise(clip)))), limits)
    }

    fn new(engine: Engine, limits: Limits) -> Transcriber {
        let limits = Limits { places: limits.places.max(1), ..limits };
        let counts = Counts::default();
        counts.lock().places = limits.places;
        counts.lock().queue = limits.queue;
        Transcriber(Arc::new(Shared { engine, limits, places: Arc::new(Semaphore::new(limits.places)), counts }))
    }

    /// The words of a clip. Dropping the future gives up what has not begun.
    pub async fn transcribe(&self, clip: Clip) -> Result<Words, TranscribeError> {
        let length = clip.length();
        if length > LONGEST {
            return Err(TranscribeError::TooLong(length));
        }
        if clip.samples.is_empty() {
            return Ok(Words { text: String::new(), waited: Duration::ZERO, took: Duration::ZERO });
        }
        let asked = self.in_turn(clip);
        let result = tokio::time::timeout(self.0.limits.deadline, asked).await.unwrap_or(Err(TranscribeError::Late));
        let mut counts = self.0.counts.lock();
        match &result {
            Ok(words) => {
                counts.done += 1;
                counts.sound += length;
                counts.waits.add(words.waited);
                counts.times.add(words.took);
            }
            Err(TranscribeError::Late) => counts.late += 1,
            Err(TranscribeError::Failed(_) | TranscribeError::Refused(_)) => counts.failed += 1,
            Err(TranscribeError::Busy | TranscribeError::Stopped | TranscribeError::TooLong(_)) => {}
        }
        result
    }

    async fn in_turn(&self, clip: Clip) -> Result<Words, TranscribeError> {
        let (length, hint) = (clip.length(), Arc::clone(&clip.hint));
        let asked = now();
        let place = self.place(clip.urgency).await?;
        let waited = asked.elapsed();
        let begun = now();
        let raw = match &self.0.engine {
            #[cfg(feature = "voice")]
            Engine::Whisper(pool) => pool.transcribe(clip, place).await?,
            Engine::Function(recognise) => {
                let raw = recognise(clip).await?;
                drop(place);
                raw
            }
        };
        Ok(Words { text: words::cleaned(&raw, length, &hint), waited, took: begun.elapsed() })
    }

    /// Waits for a place, if there is room to wait.
    async fn place(&self, urgency: Urgency) -> Result<Place, TranscribeError> {
        let shared = &self.0;
        let permit = match Arc::clone(&shared.places).try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::Closed) => return Err(TranscribeError::Stopped),
            Err(TryAcquireError::NoPermits) if urgency == Urgency::Ahead => {
                shared.counts.lock().passed_over += 1;
                return Err(TranscribeError::Busy);
            }
            Err(TryAcquireError::NoPermits) => {
                let _waiting = Waiting::enter(shared).ok_or(TranscribeError::Busy)?;
                Arc::clone(&shared.places).acquire_owned().await.map_err(|_| TranscribeError::Stopped)?
            }
        };
        shared.counts.lock().at_work += 1;
        Ok(Place { shared: Arc::clone(shared), _permit: permit })
    }

    /// Whether a speculative clip would be taken now.
    pub fn is_idle(&self) -> bool {
        self.0.places.available_permits() > 0 && !self.0.places.is_closed()
    }

    /// Counts and times so far.
    pub fn figures(&self) -> Figures {
        self.0.counts.lock().clone()
    }

    /// Refuses what comes and what waits, finishes what is under way, and ends the engine's threads.
    pub async fn stop(&self) {
        self.0.places.close();
        #[cfg(feature = "voice")]
        if let Engine::Whisper(pool) = &self.0.engine {
            pool.stop().await;
        }
    }
}

/// One clip's place at the engine, given back when dropped.
pub(super) struct Place {
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.counts.lock().at_work -= 1;
    }
}

/// One clip's place in the queue, given back when dropped.
struct Waiting<'a>(&'a Shared);

impl Waiting<'_> {
    /// None where the queue is full.
    fn enter(shared: &Shared) -> Option<Waiting<'_>> {
        let mut counts = shared.counts.lock();
        if counts.waiting >= shared.limits.queue {
            counts.refused += 1;
            return None;
        }
        counts.waiting += 1;
        counts.waiting_at_most = counts.waiting_at_most.max(counts.waiting);
        Some(Waiting(shared))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.counts.lock().waiting -= 1;
    }
}

#[expect(clippy::disallowed_methods, reason = "figures are of this machine's time")]
fn now() -> Instant {
    Instant::now()
}
