//! Calls to a service that speaks OpenAI's dialect: where it is, its key, and how patient one is with it.
//!
//! Input: a path and a body. Output: what it answered, bounded in size and in time. Invariant: only what was configured
//! is sent (nothing is taken from `OPENAI_…` variables), and no answer is ever logged: it may be what someone said.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::outgoing::{self, Secret, causes};

/// A service: where it is and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The address under which `/audio/…` stands: `https://api.example.org/v1`.
    pub address: Url,
    /// The key it wants, if any.
    pub key: Option<Secret>,
    /// The model it is asked for.
    pub model: String,
}

/// How much is asked of a service, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Calls at the same time; more wait.
    pub at_once: usize,
    /// The whole call, waiting and retries included.
    pub deadline: Duration,
    /// How long it may say nothing.
    pub silence: Duration,
    /// How often a call is tried.
    pub tries: u32,
    /// The longest wait between two tries, whatever the service asks for.
    pub longest_wait: Duration,
    /// The longest answer, in bytes.
    pub longest_answer: usize,
}

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The system cannot make calls: no certificates.
    #[error("set up calls over HTTPS: {0}")]
    NotReady(String),
    /// Nothing answers there.
    #[error("reach the service: {0}")]
    Unreachable(String),
    /// No answer within the deadline.
    #[error("get an answer in time")]
    Late,
    /// It has too much to do, and still had after some tries.
    #[error("be served: the service is overloaded (status {0})")]
    Overloaded(u16),
    /// It said no: the key, the model, the address.
    #[error("be accepted: the service refused (status {status}){}", said(message))]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its own words, shortened.
        message: String,
    },
    /// Its answer is too long.
    #[error("take in an answer that long")]
    TooLong,
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

/// Makes calls to one service. Cheap to clone; clones share the limit of calls at once.
#[derive(Clone, Debug)]
pub struct Caller {
    service: Arc<Service>,
    client: Client,
    permits: Arc<Semaphore>,
    patience: Patience,
}

/// What a service answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its media type, in lower case, without parameters; may be empty.
    pub media_type: String,
    /// The body.
    pub bytes: Bytes,
}

/// What one try gave.
enum Try {
    Answered(Answer),
    /// Worth another try, after this long if the service said so.
    Again(CallError, Option<Duration>),
    Lost(CallError),
}

impl Caller {
    /// Gets ready to call.
    pub fn new(service: Service, patience: Patience) -> Result<Caller, CallError> {
        let client = outgoing::builder(&service.address)
            .read_timeout(patience.silence)
            // A key is for this address, not for one it points to.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| CallError::NotReady(causes(&error)))?;
        let permits = Arc::new(Semaphore::new(patience.at_once));
        Ok(Caller { service: Arc::new(service), client, permits, patience })
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// How many calls could begin at once now.
    pub fn free(&self) -> usize {
        self.permits.available_permits()
    }

    /// Posts to a path under the service's address; `body` fills each try's request.
    ///
    /// Cancel-safe: dropping the future ends the call.
    pub async fn post(
        &self,
        path: &str,
        body: impl Fn(RequestBuilder) -> RequestBuilder + Send + Sync,
    ) -> Result<Answer, CallError> {
        let url = self.url(path);
        let called = async {
            let _permit = self.permits.acquire().await.map_err(|_| CallError::Late)?;
            let mut wait = Duration::from_millis(200);
            let mut tried = 1;
            loop {
                let request = self.client.post(url.clone());
                let request = match &self.service.key {
                    Some(key) => request.bearer_auth(key.reveal()),
                    None => request,
                };
                match self.attempt(body(request)).await {
                    Try::Answered(answer) => return Ok(answer),
                    Try::Lost(error) => return Err(error),
                    Try::Again(error, _) if tried >= self.patience.tries => return Err(error),
                    Try::Again(_, asked) => {
                        tokio::time::sleep(asked.unwrap_or(wait).min(self.patience.longest_wait)).await;
                        wait *= 2;
                        tried += 1;
                    }
                }
            }
        };
        tokio::time::timeout(self.patience.deadline, called).await.unwrap_or(Err(CallError::Late))
    }

    async fn attempt(&self, request: RequestBuilder) -> Try {
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_timeout() => return Try::Lost(CallError::Late),
            Err(error) => return Try::Again(CallError::Unreachable(causes(&error)), None),
        };
        let status = response.status();
        let asked = seconds(&response);
        let media_type = media_type(&response);
        match self.read(response).await {
            Err(error) => Try::Lost(error),
            Ok(bytes) if status.is_success() => Try::Answered(Answer { media_type, bytes }),
            Ok(_) if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => {
                Try::Again(CallError::Overloaded(status.as_u16()), asked)
            }
            Ok(bytes) => Try::Lost(CallError::Refused { status: status.as_u16(), message: self.message(&bytes) }),
        }
    }

    async fn read(&self, mut response: Response) -> Result<Bytes, CallError> {
        let mut bytes = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(bytes.freeze()),
                Ok(Some(chunk)) if bytes.len() + chunk.len() > self.patience.longest_answer => {
                    return Err(CallError::TooLong);
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Err(error) if error.is_timeout() => return Err(CallError::Late),
                Err(error) => return Err(CallError::Unreachable(causes(&error))),
            }
        }
    }

    /// The service's own word on why it refused: the message of its error object, without the key should it repeat it.
    fn message(&self, body: &[u8]) -> String {
        #[derive(Deserialize)]
        struct Refusal {
            error: Told,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Told {
            Object { message: String },
            Text(String),
        }
        let message = match serde_json::from_slice(body) {
            Ok(Refusal { error: Told::Object { message } | Told::Text(message) }) => message,
            Err(_) => String::new(),
        };
        let message = match &self.service.key {
            Some(key) => message.replace(key.reveal(), "…"),
            None => message,
        };
        message.chars().filter(|c| !c.is_control()).take(200).collect()
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.service.address.clone();
        // Whoever gave the whole address of the path means the same.
        let base = url.path().trim_end_matches('/').trim_end_matches(path).to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }
}

fn media_type(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The wait asked for, when it is given in seconds.
fn seconds(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
