//! What an answer leaves unread of a request: it is read and thrown away before the answer goes out, because a browser
//! that is still sending shows a broken connection instead of it.
//!
//! Input: a request that says how long its body is. Output: its answer. Invariant: nothing that is thrown away is kept,
//! and it delays the answer within bounds: by length, by time, and by how long the sender may be silent.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use tokio::time::timeout;

use super::Comptoir;

/// Longer bodies are left where they are: whoever sends one is not mistaken by a file.
const LONGEST: u64 = 64 * 1024 * 1024;

/// How long it may take altogether.
const AT_MOST: Duration = Duration::from_mins(2);

/// How long the sender may send nothing.
const SILENCE: Duration = Duration::from_secs(2);

/// A body that a handler and this module read, one after the other.
#[derive(Clone)]
struct Shared(Arc<Mutex<Rest>>);

struct Rest {
    body: BodyDataStream,
    /// Whether any of it was asked for. Who expects to be asked (`Expect: 100-continue`) sends nothing before.
    asked: bool,
}

impl Shared {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rest.asked = true;
        rest.body.poll_next_unpin(context)
    }

    fn body(&self) -> Body {
        let shared = self.clone();
        Body::from_stream(stream::poll_fn(move |context| shared.poll(context)))
    }

    fn is_asked(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    /// Reads on, until the end, a fault or silence.
    async fn throw_away(&self) {
        let mut rest = stream::poll_fn(|context| self.poll(context));
        while let Ok(Some(Ok(_))) = timeout(SILENCE, rest.next()).await {}
    }
}

/// Answers, and lets whoever sends come to the end first.
pub(super) async fn read_out(State(comptoir): State<Arc<Comptoir>>, request: Request, next: Next) -> Response {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if !length.is_some_and(|length| (1..=LONGEST).contains(&length)) {
        return next.run(request).await;
    }
    let waits = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let shared = Shared(Arc::new(Mutex::new(Rest { body: body.into_data_stream(), asked: !waits })));
    let response = next.run(Request::from_parts(parts, shared.body())).await;
    if shared.is_asked() {
        tokio::select! {
            _ = timeout(AT_MOST, shared.throw_away()) => {}
            () = comptoir.stopping() => {}
        }
    }
    response
}
