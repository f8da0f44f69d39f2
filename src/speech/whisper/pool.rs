//! The worker threads.
//!
//! Input: a clip with its place. Output: its raw words. Invariant: a worker whose engine panicked gets a new one; the
//! place goes back only when the worker is free again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::engine::{Model, cores_for};
use super::{ModelError, WhisperSettings};
use crate::speech::transcriber::{Clip, Place, TranscribeError};

/// What one worker owns.
pub(super) trait Recognise {
    /// The raw words of a clip, or why there are none.
    fn recognise(&mut self, clip: &Clip) -> Result<String, String>;
}

/// Makes what a worker owns: at the start, and again after a panic.
type Make = dyn Fn() -> Result<Box<dyn Recognise>, ModelError> + Send + Sync;

struct Job {
    clip: Clip,
    answer: oneshot::Sender<Result<String, TranscribeError>>,
    place: Place,
}

/// Threads that take clips in turn.
pub(in crate::speech) struct Pool {
    /// None once stopped.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    workers: usize,
}

impl Pool {
    /// Verifies and loads the model, and starts the workers.
    pub(in crate::speech) fn open(settings: &WhisperSettings) -> Result<Pool, ModelError> {
        let (workers, threads) = cores_for(settings);
        let model = Arc::new(Model::open(settings, threads)?);
        let make: Arc<Make> = Arc::new(move || Ok(Box::new(Model::worker(&model)?)));
        Pool::start(workers, &make)
    }

    fn start(workers: usize, make: &Arc<Make>) -> Result<Pool, ModelError> {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let pool = Pool { jobs: Mutex::new(Some(jobs)), threads: Mutex::default(), workers };
        for number in 1..=workers {
            let (queue, make) = (Arc::clone(&queue), Arc::clone(make));
            let (ready, started) = mpsc::channel();
            let thread = std::thread::Builder::new().name(format!("whisper-{number}")).spawn(move || {
                // What a worker owns cannot leave its thread, so it is made there.
                match make() {
                    Ok(own) => {
                        let _ = ready.send(Ok(()));
                        work(&queue, own, &make);
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
            let thread = thread.map_err(|error| ModelError::Load(format!("no thread: {error}")))?;
            lock(&pool.threads).push(thread);
            started.recv().unwrap_or_else(|_| Err(ModelError::Load("the worker panicked".to_owned())))?;
        }
        Ok(pool)
    }

    /// How many clips it takes at once.
    pub(in crate::speech) fn workers(&self) -> usize {
        self.workers
    }

    /// Hands a clip to a free worker, which keeps the place until it is free again.
    pub(in crate::speech) async fn transcribe(&self, clip: Clip, place: Place) -> Result<String, TranscribeError> {
        let (answer, answered) = oneshot::channel();
        let job = Job { clip, answer, place };
        lock(&self.jobs).as_ref().ok_or(TranscribeError::Stopped)?.send(job).map_err(|_| TranscribeError::Stopped)?;
        answered.await.unwrap_or(Err(TranscribeError::Stopped))
    }

    /// Ends the threads after the clips under way, and waits for them.
    pub(in crate::speech) async fn stop(&self) {
        lock(&self.jobs).take();
        let threads = std::mem::take(&mut *lock(&self.threads));
        let joined = tokio::task::spawn_blocking(|| threads.into_iter().for_each(|thread| drop(thread.join())));
        let _ = joined.await;
    }
}

/// Takes clips until there will be no more.
fn work(queue: &Mutex<mpsc::Receiver<Job>>, own: Box<dyn Recognise>, make: &Arc<Make>) {
    let mut own = Some(own);
    loop {
        // Only one idle worker listens at a time; the others wait for the lock. Let go before the work begins.
        let job = lock(queue).recv();
        let Ok(Job { clip, answer, place }) = job else { return };
        if answer.is_closed() {
            continue;
        }
        let result = match &mut own {
            Some(own) => catch_unwind(AssertUnwindSafe(|| own.recognise(&clip))),
            None => Ok(Err("no engine since the last failure".to_owned())),
        };
        // The sound is dropped before anyone reads its words.
        drop(clip);
        if result.is_err() {
            own = make().inspect_err(|error| tracing::error!(%error, "a transcription worker has no engine")).ok();
        } else if own.is_none() {
            own = make().ok();
        }
        drop(place);
        let result = result.unwrap_or_else(|_| Err("the engine panicked".to_owned()));
        let _ = answer.send(result.map_err(TranscribeError::Failed));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::speech::transcriber::{Limits, Transcriber, Urgency};

    /// Panics over one sample, says how many it was given otherwise.
    struct Fragile;

    impl Recognise for Fragile {
        fn recognise(&mut self, clip: &Clip) -> Result<String, String> {
            assert!(clip.samples.len() > 1, "fragile");
            Ok(format!("{} mots", clip.samples.len()))
        }
    }

    fn clip(samples: usize) -> Clip {
        Clip { samples: vec![0; samples], hint: Arc::from(""), urgency: Urgency::Final }
    }

    /// One worker with such engines.
    fn served_by(make: impl Fn() -> Result<Box<dyn Recognise>, ModelError> + Send + Sync + 'static) -> Transcriber {
        let make: Arc<Make> = Arc::new(make);
        let limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(20) };
        Transcriber::of_pool(Pool::start(1, &make).unwrap(), limits)
    }

    #[tokio::test]
    async fn a_worker_that_panics_is_replaced_and_its_place_given_back() {
        let engines = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&engines);
        let transcriber = served_by(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(Fragile))
        });
        for _ in 0..3 {
            let failed = transcriber.transcribe(clip(1)).await;
            assert_eq!(failed, Err(TranscribeError::Failed("the engine panicked".to_owned())));
            assert_eq!(transcriber.transcribe(clip(16_000)).await.unwrap().text, "16000 mots");
        }
        assert_eq!(engines.load(Ordering::Relaxed), 4, "one at the start, one after each panic");
        assert_eq!((transcriber.figures().done, transcriber.figures().failed), (3, 3));
        transcriber.stop().await;
    }

    #[tokio::test]
    async fn a_worker_without_an_engine_says_so_and_asks_for_one_again() {
        let engines = AtomicUsize::new(0);
        let transcriber = served_by(move || match engines.fetch_add(1, Ordering::Relaxed) {
            1 => Err(ModelError::Load("no memory".to_owned())),
            _ => Ok(Box::new(Fragile)),
        });
        assert!(transcriber.transcribe(clip(1)).await.is_err());
        assert!(transcriber.transcribe(clip(2)).await.is_err(), "none could be made");
        assert!(transcriber.transcribe(clip(2)).await.is_ok(), "made since");
        transcriber.stop().await;
    }

    #[test]
    fn a_pool_that_cannot_start_says_why() {
        let make: Arc<Make> = Arc::new(|| Err(ModelError::Load("no memory".to_owned())));
        assert!(matches!(Pool::start(2, &make), Err(ModelError::Load(_))));
    }
}
