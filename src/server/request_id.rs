//! A number for each request: in the answer's `X-Request-Id`, on error pages and in the log, so that a person on the
//! phone and a line in the log can find each other.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::Comptoir;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The number of the request under way.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

/// Numbers a request, and logs it once answered: never its words, its cookies or its query.
pub(super) async fn number(State(comptoir): State<Arc<Comptoir>>, mut request: Request, next: Next) -> Response {
    let id = comptoir.ulid().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    let begun = tokio::time::Instant::now();
    let counted = route.clone();
    async move {
        let mut response = next.run(request).await;
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HEADER, value);
        }
        let took: Duration = begun.elapsed();
        comptoir.metrics.request(&counted, response.status().as_u16(), took);
        tracing::debug!(
            status = response.status().as_u16(),
            took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        response
    }
    .instrument(span)
    .await
}
