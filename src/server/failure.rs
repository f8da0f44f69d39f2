//! What a request gets when it cannot be served: a page for people, problem+json for machines.
//!
//! Input: a [`Code`] and, for the log, the chain of causes. Output: the answer, in the form that was asked for.
//! Invariant: causes go to the log, once; the person reads the code's words only.

use std::error::Error;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::Comptoir;
use super::code::Code;
use super::handlers::{page, site};
use super::pages::{ErrorPage, Viewer, paths};
use super::request_id::RequestId;
use super::who::Seen;
use crate::chain::Chain;
use crate::conversation::Refusal;
use crate::id::IdError;
use crate::store::StoreError;
use crate::utterance::UtteranceError;

/// Why a request cannot be served.
#[derive(Debug)]
pub(super) struct Failure {
    code: Code,
    /// What the database had, if it was the database.
    trouble: Option<Trouble>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a trouble of the database, on its way to be counted.
#[derive(Clone, Copy, Debug)]
struct Trouble(&'static str);

impl From<Code> for Failure {
    fn from(code: Code) -> Failure {
        Failure { code, trouble: None, cause: None }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure { code: code_of_store(&error), trouble: Some(Trouble(error.kind())), cause: Some(Box::new(error)) }
    }
}

impl From<IdError> for Failure {
    /// An id that is not one belongs to nobody.
    fn from(_: IdError) -> Failure {
        Code::UnknownConversation.into()
    }
}

impl Failure {
    /// A fault of ours.
    pub(super) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
        Failure::because(Code::Internal, cause)
    }

    /// A code with what is behind it, for the log.
    pub(super) fn because(code: Code, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Failure {
        Failure { code, trouble: None, cause: Some(cause.into()) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code.name(), error = %Chain(cause.as_ref()), "request not served");
        }
        // The words are added by `tell`, which knows what the client reads.
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self.code);
        if let Some(trouble) = self.trouble {
            response.extensions_mut().insert(trouble);
        }
        response
    }
}

/// The code of a trouble of the store.
pub(super) fn code_of_store(error: &StoreError) -> Code {
    match error {
        StoreError::Conflict | StoreError::Busy(_) => Code::StoreBusy,
        StoreError::Full(_) => Code::StoreFull,
        StoreError::Corrupt(_) => Code::StoreCorrupt,
        StoreError::Unreachable(_) => Code::StoreUnreachable,
        StoreError::Unreadable { .. } | StoreError::Address(_) | StoreError::Migration(_) | StoreError::Query(_) => {
            Code::Internal
        }
    }
}

/// The code of a refusal in conversation.
pub(super) fn code_of_refusal(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::NotReceived => Code::NotReceived,
        Refusal::AlreadyReceived => Code::AlreadyReceived,
        Refusal::OnHold => Code::OnHold,
        Refusal::NotOnHold => Code::NotOnHold,
        Refusal::Over => Code::Over,
        Refusal::UnknownService => Code::UnknownService,
        Refusal::NotSpoken => Code::NotSpoken,
        Refusal::NotAReply => Code::NotAReply,
        Refusal::TooManyWhispers => Code::TooManyMessages,
        Refusal::Words(UtteranceError::Empty) => Code::EmptyTurn,
        Refusal::Words(UtteranceError::TooLong { .. }) => Code::TooLong,
        Refusal::Store(error) => code_of_store(error),
        Refusal::Erased => Code::Erased,
        Refusal::Unreadable(_) => Code::Internal,
    }
}

/// Gives every failure its words: those of handlers, and those of the router and extractors, which have none of ours.
pub(super) async fn tell(State(comptoir): State<Arc<Comptoir>>, mut request: Request, next: Next) -> Response {
    let reads_html = reads_html(request.headers());
    let looked_at = (request.method() == Method::GET).then(|| request.uri().clone());
    let seen = Seen::default();
    request.extensions_mut().insert(Arc::clone(&seen));
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let response = next.run(request).await;
    if let Some(Trouble(kind)) = response.extensions().get() {
        comptoir.metrics.database_error(kind);
    }
    let Some(code) = code_of(&response) else { return response };
    let status = code.status();
    if reads_html && code == Code::SignInNeeded {
        return Redirect::to(&paths::sign_in(looked_at.as_ref().map(Uri::path))).into_response();
    }
    if reads_html {
        let viewer = seen.get().cloned().unwrap_or_default();
        let mut page = page(&error_page(&comptoir, code, id, viewer));
        *page.status_mut() = status;
        return page;
    }
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": code.message(),
        "code": code.name(),
        "request_id": id,
    });
    let mut response = (status, Json(problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn code_of(response: &Response) -> Option<Code> {
    if let Some(code) = response.extensions().get::<Code>() {
        return Some(*code);
    }
    let is_ours = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html") || kind == "application/json";
    if response.headers().get(CONTENT_TYPE).is_some_and(is_ours) {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Code::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Code::TooLong),
        StatusCode::GATEWAY_TIMEOUT => Some(Code::StoreBusy),
        status if status.is_client_error() => Some(Code::BadForm),
        status if status.is_server_error() => Some(Code::Internal),
        _ => None,
    }
}

fn error_page(comptoir: &Comptoir, code: Code, request: Option<String>, viewer: Viewer) -> ErrorPage {
    // The first sentence says what is wrong, the others what to do.
    let (title, advice) = code.message().split_once(". ").unwrap_or((code.message().trim_end_matches('.'), ""));
    ErrorPage {
        site: site(&comptoir.library.content(), viewer),
        status: code.status().as_u16(),
        code: code.name().to_owned(),
        title: title.to_owned(),
        advice: if advice.is_empty() { "Revenez aux situations pour continuer.".to_owned() } else { advice.to_owned() },
        request,
    }
}

fn reads_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}
