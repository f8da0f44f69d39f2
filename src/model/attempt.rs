//! One question, tried: in line for a place, within its budget, in the dialect the endpoint understands.
//!
//! Input: an [`Ask`] and until when. Output: its words as they begin, or which fault it was. Invariant: a try holds a place,
//! tokens and the breaker's pass from before it is sent until its answer ends, and gives all three back however it ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use async_openai::Client;
use async_openai::types::stream::StreamResponse;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, timeout_at};

use super::body::{Body, Dialect};
use super::piece::Piece;
use super::sieve::Ending;
use super::usage::{self, Call};
use super::wire::{self, Door, Trouble, Wire};
use super::words::Flow;
use super::{Model, ModelError, thoughts, value};
use crate::ask::{Ask, Purpose, Shape};
use crate::id::ConversationId;

/// The first wait between two tries; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(150);

/// Time in which no try could come to anything.
const TOO_SHORT: Duration = Duration::from_millis(20);

type Stream = StreamResponse<Piece>;

impl Model {
    /// Waits before the next try, where one makes sense and there is time; otherwise tells what went wrong.
    pub(super) async fn again(&self, tries: &mut Tries, error: ModelError) -> Result<(), ModelError> {
        let limits = &self.0.limits;
        if let (ModelError::Resting(_), Some(last)) = (&error, tries.last.take()) {
            // The failure that began the rest says more than the rest.
            return Err(last);
        }
        let pause = error.asked_wait().unwrap_or_else(|| self.jittered(tries.wait.min(limits.longest_wait)));
        let left = tries.until.saturating_duration_since(Instant::now());
        if tries.made >= limits.tries || !error.passes() || pause > limits.longest_wait || pause + TOO_SHORT > left {
            return Err(error);
        }
        sleep(pause).await;
        *tries = Tries { until: tries.until, made: tries.made + 1, wait: tries.wait * 2, last: Some(error) };
        Ok(())
    }

    /// One try for a whole answer.
    pub(super) async fn whole(
        &self,
        ask: &Ask,
        on: Option<ConversationId>,
        until: Instant,
        simpler: &mut Option<Dialect>,
        call: &mut Call,
    ) -> Result<String, ModelError> {
        let dialect = simpler.unwrap_or_else(|| self.dialect());
        let (mut flow, used) = self.attempt(ask, on, until, Some(until), dialect, call).await?;
        call.speaks();
        let mut text = String::new();
        while let Some(words) = flow.next().await {
            text.push_str(&words?);
        }
        if ask.shape == Shape::Words {
            return Ok(text.trim_end().to_owned());
        }
        let Some(value) = value::find(thoughts::after_a_close(&text)) else {
            // Some servers take a schema and do not follow it.
            if self.0.endpoint.structure.is_none() {
                *simpler = Some(used.in_words());
            }
            return Err(ModelError::WrongShape);
        };
        if simpler.is_some() {
            self.speak(used);
        }
        Ok(value.to_owned())
    }

    /// One try, up to its first words; and the dialect that was understood.
    pub(super) async fn attempt(
        &self,
        ask: &Ask,
        on: Option<ConversationId>,
        until: Instant,
        whole: Option<Instant>,
        dialect: Dialect,
        call: &Call,
    ) -> Result<(Flow, Dialect), ModelError> {
        let shared = &self.0;
        let mut pass = shared.breaker.admit()?;
        let tokens = usage::most(ask).saturating_add(ask.max_tokens.into());
        shared.budget.check(on, tokens)?;
        let permit = self.place(until).await?;
        let held = shared.budget.reserve(on, tokens)?;
        let mut meter = call.meter(ask, held);
        let opened = match timeout_at(until, self.open(ask, dialect)).await {
            Ok(opened) => opened.map_err(|trouble| trouble.means()),
            Err(_) => Err(ModelError::Late),
        };
        match opened {
            Ok((stream, ending, used)) => {
                let mut flow = Flow::new(stream, ending, meter, pass, permit, ask.max_tokens, shared.limits);
                flow.begin(until, whole).await?;
                Ok((flow, used))
            }
            Err(ModelError::Late) => {
                if meter.lasts() >= shared.limits.fair {
                    pass.failed(&ModelError::Late);
                }
                Err(ModelError::Late)
            }
            Err(error) => {
                pass.failed(&error);
                meter.refused();
                Err(error)
            }
        }
    }

    /// A place among the calls at once, in turn.
    async fn place(&self, until: Instant) -> Result<OwnedSemaphorePermit, ModelError> {
        let _waiting = Waiting::begin(&self.0.waiting);
        match timeout_at(until, Arc::clone(&self.0.places).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(ModelError::Late),
        }
    }

    /// Sends the question, in simpler dialects where it is refused for its dialect.
    async fn open(&self, ask: &Ask, mut dialect: Dialect) -> Result<(Stream, Ending, Dialect), Trouble> {
        let shared = &self.0;
        let mut first = None;
        loop {
            let ending = Ending::default();
            let client = self.client(longest(ask.max_tokens), Arc::clone(&ending));
            let body = Body::new(&shared.endpoint, ask, dialect);
            match client.chat().create_stream_byot::<_, Piece>(body).await.map_err(wire::trouble) {
                Ok(stream) => {
                    if first.is_some() {
                        self.speak(dialect);
                    }
                    return Ok((stream, ending, dialect));
                }
                Err(trouble) => {
                    if ask.purpose == Purpose::Test {
                        self.keep_reason(&trouble);
                    }
                    let simpler = match &trouble {
                        Trouble::Refused(refusal) => dialect.without(refusal, &shared.endpoint, ask),
                        Trouble::Failed(_) => None,
                    };
                    let trouble = first.get_or_insert(trouble).clone();
                    match simpler {
                        Some(simpler) => dialect = simpler,
                        None => return Err(trouble),
                    }
                }
            }
        }
    }

    pub(super) fn client(&self, most: usize, ending: Ending) -> Client<Door> {
        let shared = &self.0;
        let wire = Wire { http: shared.http.clone(), most, now: shared.budget.now(), ending };
        Client::build(shared.http.clone(), shared.door.clone()).with_http_service(wire)
    }

    /// Between half of a wait and all of it: calls that failed together do not come back together.
    fn jittered(&self, wait: Duration) -> Duration {
        let mut jitter = self.0.jitter.lock().unwrap_or_else(PoisonError::into_inner);
        wait.mul_f64(0.5 + jitter.f64() / 2.0)
    }
}

/// The longest answer on the wire, in bytes: each token in a piece of its own, which says much around it.
fn longest(max_tokens: u32) -> usize {
    64 * 1024 + max_tokens as usize * 2048
}

/// The tries of one question.
pub(super) struct Tries {
    until: Instant,
    made: u32,
    wait: Duration,
    last: Option<ModelError>,
}

impl Tries {
    pub(super) fn until(until: Instant) -> Tries {
        Tries { until, made: 1, wait: FIRST_WAIT, last: None }
    }
}

/// Counts one that waits.
struct Waiting<'a>(&'a AtomicUsize);

impl Waiting<'_> {
    fn begin(waiting: &AtomicUsize) -> Waiting<'_> {
        waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
