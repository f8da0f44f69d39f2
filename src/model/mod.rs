//! Asks language models that speak OpenAI's chat completions, wherever they run.
//!
//! Input: an [`Ask`] and how long one is ready to wait. Output: words, a JSON text, or which of the many faults it was.
//! Invariant: nobody waits past the time they gave or for an endpoint known to be dead, no budget is passed, each question
//! leaves one [`Use`], and neither words nor keys are logged.

mod attempt;
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

use reqwest::redirect::Policy;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use crate::ask::Ask;
use crate::id::ConversationId;
use crate::outgoing;

pub use body::OWN_FIELDS;
pub use budget::Budget;
pub use endpoint::{Endpoint, Limits, Price, Structure};
pub use error::ModelError;
pub use probe::Known;
pub use usage::{Tokens, Use};
pub use words::Words;

use attempt::Tries;
use body::Dialect;
use breaker::Breaker;
use usage::Call;
use wire::Door;

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
    /// The words; for [`Shape::Json`](crate::ask::Shape::Json) the text of one JSON value, whose meaning the caller checks.
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

    fn dialect(&self) -> Dialect {
        *self.0.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the dialect that the endpoint understands.
    fn speak(&self, dialect: Dialect) {
        *self.0.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.0.endpoint).finish()
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
