//! Carries the library's requests: one try each, bounded, and nothing of an answer logged.
//!
//! Input: a request ready to send. Output: a stream of events, or what went wrong. Invariant: the library under `model`
//! only ever sees answers that it can read: statuses and bodies that it would retry, log or lose are dealt with here.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Body, Client, Method, Response};
use secrecy::SecretString;

use super::ModelError;
use super::refusal::{self, Refusal};
use super::sieve::{self, Ending};
use crate::clock::Timestamp;
use crate::outgoing::causes;

/// Where requests go and what stands at their head: what was configured, and nothing from the environment.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) base: Arc<str>,
    pub(super) headers: HeaderMap,
    /// The library asks for a key apart; ours is among the headers.
    pub(super) no_key: SecretString,
}

impl Config for Door {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.no_key
    }
}

/// One try of one request.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) http: Client,
    /// The longest answer, in bytes.
    pub(super) most: usize,
    pub(super) now: Timestamp,
    pub(super) ending: Ending,
}

/// What went wrong before an answer began.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Trouble {
    /// The endpoint said no.
    Refused(Refusal),
    /// Anything else.
    Failed(ModelError),
}

impl Trouble {
    pub(super) fn means(&self) -> ModelError {
        match self {
            Trouble::Refused(refusal) => refusal.means(),
            Trouble::Failed(error) => error.clone(),
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.means())
    }
}

impl std::error::Error for Trouble {}

impl From<Trouble> for OpenAIError {
    fn from(trouble: Trouble) -> OpenAIError {
        OpenAIError::Boxed(Box::new(trouble))
    }
}

/// What the library gives back, ours again.
pub(super) fn trouble(error: OpenAIError) -> Trouble {
    match error {
        OpenAIError::Boxed(boxed) => match boxed.downcast::<Trouble>() {
            Ok(trouble) => *trouble,
            Err(_) => Trouble::Failed(ModelError::Malformed),
        },
        OpenAIError::Reqwest(error) => Trouble::Failed(ModelError::Unreachable(causes(&error))),
        OpenAIError::InvalidArgument(_) => {
            Trouble::Failed(ModelError::NotReady("the request cannot be written".to_owned()))
        }
        _ => Trouble::Failed(ModelError::Malformed),
    }
}

impl tower::Service<HttpRequestFactory> for Wire {
    type Response = Response;
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Trouble>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let wire = self.clone();
        Box::pin(async move { wire.carry(request).await })
    }
}

impl Wire {
    async fn carry(self, request: HttpRequestFactory) -> Result<Response, Trouble> {
        let request = request.build().await.map_err(trouble)?;
        let streams = request.method() == Method::POST;
        let sent = self.http.execute(request).await;
        let response = sent.map_err(|error| Trouble::Failed(ModelError::Unreachable(causes(&error))))?;
        let status = response.status();
        if !status.is_success() {
            let headers = response.headers().clone();
            // Half a reason is better than none; a body that breaks off changes nothing of the status.
            let body = read(response, refusal::LONGEST).await.unwrap_or_else(|(part, _)| part);
            return Err(Trouble::Refused(Refusal::new(status, &headers, &body, self.now)));
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
        if streams && media_type.starts_with("text/event-stream") {
            let events = sieve::events(response.bytes_stream(), self.most, self.ending);
            return Ok(answer(Body::wrap_stream(events)));
        }
        let body = read(response, self.most).await.map_err(|(_, error)| Trouble::Failed(error))?;
        if streams {
            return Ok(answer(Body::from(sieve::single(&body).map_err(Trouble::Failed)?)));
        }
        match serde_json::from_slice::<serde_json::Value>(&body) {
            Ok(_) => Ok(answer(Body::from(body))),
            Err(_) => Err(Trouble::Failed(ModelError::Malformed)),
        }
    }
}

fn answer(body: Body) -> Response {
    http::Response::new(body).into()
}

/// A body, `most` bytes at the longest; what was read of it if there is more or less.
async fn read(mut response: Response, most: usize) -> Result<Bytes, (Bytes, ModelError)> {
    let mut bytes = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(chunk)) if bytes.len() + chunk.len() > most => return Err((bytes.freeze(), ModelError::Endless)),
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Err(_) => return Err((bytes.freeze(), ModelError::Cut)),
        }
    }
}
