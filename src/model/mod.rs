//! Asks language models that speak OpenAI's chat completions, wherever they run.
//!
//! Input: an [`Ask`] and how long one is ready to wait. Output: words, a JSON text, or which of the many faults it was.
//! Invariant: nobody waits past the time they gave or for an endpoint known to be dead, no budget is passed, each question
//! leaves one [`Use`], and neither words nor keys are logged.

mod body;
mod breaker;
mod budget;
mod endpoint;
mod error;
mod piece;
mod probe;
mod refusal;
mod sieve;
mod thoughts;
mod usage;
mod value;
mod wire;
mod words;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_openai::Client;
use reqwest::redirect::Policy;
use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout_at};

use crate::ask::{Ask, Purpose, Shape};
use crate::id::ConversationId;
use crate::outgoing;

pub use body::OWN_FIELDS;
pub use budget::Budget;
pub use endpoint::{Endpoint, Limits, Price, Structure};
pub use error::ModelError;
pub use probe::Known;
pub use usage::{Tokens, Use};
pub use words::Words;

use body::{Body, Dialect};
use breaker::Breaker;
use piece::Piece;
use sieve::Ending;
use usage::Call;
use wire::{Door, Trouble, Wire};
use words::Flow;

/// The first wait between two tries; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(150);

/// Time in which no try could come to anything.
const TOO_SHORT: Duration = Duration::from_millis(20);

/// One endpoint. Cheap to clone; clones share limits, breaker and budget.
#[derive(Clone)]
pub struct Model(Arc<Shared>);

struct Shared {
    endpoint: Endpoint,
    limits: Limits,
    http: reqwest::Client,
    door: Door,
    budget: Arc<Budget>,
    uses: UnboundedSender<Use>,
    breaker: Arc<Breaker>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    dialect: Mutex<Dialect>,
    jitter: Mutex<fastrand::Rng>,
    /// What the endpoint said when it refused a test.
    reason: Mutex<String>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words; for [`Shape::Json`] the text of one JSON value, whose meaning the caller checks.
    pub text: String,
    /// What it used.
    pub tokens: Tokens,
    /// From the question to the answer's end.
    pub took: Duration,
}

/// How an endpoint fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// How long it is still left alone after failures, if it is.
    pub resting: Option<Duration>,
    /// Failures in a row.
    pub failures: u32,
    /// Code of the last of them.
    pub last_failure: Option<&'static str>,
    /// Calls under way.
    pub under_way: usize,
    /// Calls that wait for a place.
    pub waiting: usize,
}

impl Model {
    /// Gets ready to ask. Nothing is called yet. Every question's [`Use`] goes to `uses`.
    pub fn new(
        endpoint: Endpoint,
        limits: Limits,
        budget: Arc<Budget>,
        uses: UnboundedSender<Use>,
    ) -> Result<Model, ModelError> {
        endpoint.check()?;
        let http = outgoing::builder(&endpoint.address)
            .connect_timeout(limits.connect)
            // A key is for this address, not for one it points to.
            .redirect(Policy::none())
            .build()
            .map_err(|_| ModelError::NotReady("this system has no certificates".to_owned()))?;
        let base = endpoint.base().into();
        let door = Door { base, headers: endpoint.header_map()?, no_key: SecretString::default() };
        let dialect = Dialect::whole(endpoint.structure.unwrap_or(Structure::JsonSchema));
        Ok(Model(Arc::new(Shared {
            http,
            door,
            budget,
            uses,
            breaker: Arc::default(),
            places: Arc::new(Semaphore::new(limits.at_once)),
            waiting: AtomicUsize::new(0),
            dialect: Mutex::new(dialect),
            jitter: Mutex::new(fastrand::Rng::with_seed(limits.seed)),
            reason: Mutex::default(),
            endpoint,
            limits,
        })))
    }

    /// The model's name.
    pub fn name(&self) -> &str {
        &self.0.endpoint.model
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// How many calls may be under way at the same time; more wait, while their time runs.
    pub fn at_once(&self) -> usize {
        self.0.limits.at_once
    }

    /// The tokens that may be used.
    pub fn budget(&self) -> &Arc<Budget> {
        &self.0.budget
    }

    /// How it fares.
    pub fn health(&self) -> Health {
        let shared = &self.0;
        let (failures, last_failure) = shared.breaker.failures();
        Health {
            resting: shared.breaker.resting(),
            failures,
            last_failure,
            under_way: shared.limits.at_once - shared.places.available_permits(),
            waiting: shared.waiting.load(Ordering::Relaxed),
        }
    }

    /// How answers are held to a schema, as far as it is known.
    pub fn structure(&self) -> Structure {
        self.dialect().structure
    }

    /// Asks for a whole answer, tried again while there is time. Dropping the future ends the call.
    pub async fn ask(&self, ask: &Ask, on: Option<ConversationId>, within: Duration) -> Result<Answer, ModelError> {
        let mut call = self.begin(ask, on);
        let until = Instant::now() + within;
        let mut dialect = None;
        let mut tries = Tries::until(until);
        let text = loop {
            match self.whole(ask, on, until, &mut dialect, &mut call).await {
                Ok(text) => break Ok(text),
                Err(error) => {
                    if let Err(error) = self.again(&mut tries, error).await {
                        break Err(error);
                    }
                }
            }
        };
        call.ends(text.as_ref().map(|_| ()));
        text.map(|text| Answer { text, tokens: call.tokens(), took: call.took() })
    }

    /// Streams words; `within` is the time to the first of them, after which nothing is tried again. Dropping the future
    /// or the words ends the call.
    pub async fn stream(&self, ask: &Ask, on: Option<ConversationId>, within: Duration) -> Result<Words, ModelError> {
        let mut call = self.begin(ask, on);
        let until = Instant::now() + within;
        let mut tries = Tries::until(until);
        loop {
            match self.attempt(ask, on, until, None, self.dialect(), &call).await {
                Ok((flow, _)) => return Ok(Words::new(flow, call)),
                Err(error) => {
                    if let Err(error) = self.again(&mut tries, error).await {
                        call.ends(Err(&error));
                        return Err(error);
                    }
                }
            }
        }
    }

    fn begin(&self, ask: &Ask, on: Option<ConversationId>) -> Call {
        Call::begin(&self.0.endpoint, self.0.uses.clone(), ask, on, self.0.budget.now())
    }

    /// Waits before the next try, where one makes sense and there is time; otherwise tells what went wrong.
    async fn again(&self, tries: &mut Tries, error: ModelError) -> Result<(), ModelError> {
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
    async fn whole(
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
    async fn attempt(
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

    fn client(&self, most: usize, ending: Ending) -> Client<Door> {
        let shared = &self.0;
        let wire = Wire { http: shared.http.clone(), most, now: shared.budget.now(), ending };
        Client::build(shared.http.clone(), shared.door.clone()).with_http_service(wire)
    }

    fn dialect(&self) -> Dialect {
        *self.0.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the dialect that the endpoint understands.
    fn speak(&self, dialect: Dialect) {
        *self.0.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }

    /// Between half of a wait and all of it: calls that failed together do not come back together.
    fn jittered(&self, wait: Duration) -> Duration {
        let mut jitter = self.0.jitter.lock().unwrap_or_else(PoisonError::into_inner);
        wait.mul_f64(0.5 + jitter.f64() / 2.0)
    }
}

type Stream = async_openai::types::stream::StreamResponse<Piece>;

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.0.endpoint).finish()
    }
}

/// The longest answer on the wire, in bytes: each token in a piece of its own, which says much around it.
fn longest(max_tokens: u32) -> usize {
    64 * 1024 + max_tokens as usize * 2048
}

/// The tries of one question.
struct Tries {
    until: Instant,
    made: u32,
    wait: Duration,
    last: Option<ModelError>,
}

impl Tries {
    fn until(until: Instant) -> Tries {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_may_be_asked_from_any_task() {
        fn sent<T: Send>(_: impl FnOnce(Model, Ask) -> T) {}
        sent(|model, ask| async move { model.ask(&ask, None, Duration::ZERO).await.map(|answer| answer.text) });
        sent(|model, ask| async move { model.stream(&ask, None, Duration::ZERO).await?.next().await.transpose() });
    }
}
