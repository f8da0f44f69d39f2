//! One request for a file, or for the rest of it.
//!
//! Input: an address, and from which byte on. Output: the answer, and what was declared of the file on the way to it.
//! Invariant: a protected line is never left for a plain one.

use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, IF_RANGE, LOCATION, RANGE};
use reqwest::{Response, StatusCode, Url};

use super::{InstallError, Patience};
use crate::outgoing;
use crate::speech::Sha256;

/// What a server says of a file that it keeps elsewhere (Hugging Face does).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Linked {
    pub(super) sha256: Option<Sha256>,
    pub(super) bytes: Option<u64>,
}

/// Asks for the file from a place on, through redirections. The inner error is worth another try.
pub(super) async fn ask(
    url: &Url,
    from: u64,
    etag: Option<&str>,
    patience: Patience,
) -> Result<Result<(Response, Linked), InstallError>, InstallError> {
    const REDIRECTIONS: usize = 8;
    let (mut url, mut linked) = (url.clone(), Linked::default());
    for _ in 0..REDIRECTIONS {
        let client = outgoing::builder(&url)
            .read_timeout(patience.silence)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| InstallError::NotReady(reason(&error)))?;
        let mut request = client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
            if let Some(etag) = etag {
                request = request.header(IF_RANGE, etag);
            }
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Ok(Err(InstallError::Unreachable { host: host(&url), why: reason(&error) })),
        };
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let sha256 = header("x-linked-etag").and_then(|etag| etag.trim_matches('"').parse().ok());
        let bytes = header("x-linked-size").and_then(|size| size.parse().ok());
        linked = Linked { sha256: linked.sha256.or(sha256), bytes: linked.bytes.or(bytes) };
        if !response.status().is_redirection() {
            return Ok(Ok((response, linked)));
        }
        let target = header(LOCATION.as_str()).and_then(|target| url.join(target).ok());
        let status = InstallError::Status { host: host(&url), status: response.status().as_u16() };
        let target = target.ok_or(status)?;
        if url.scheme() == "https" && target.scheme() != "https" {
            return Err(InstallError::Unprotected);
        }
        url = target;
    }
    Err(InstallError::Status { host: host(&url), status: StatusCode::LOOP_DETECTED.as_u16() })
}

/// First byte and whole length, as `Content-Range` tells them.
pub(super) fn range(response: &Response) -> (Option<u64>, Option<u64>) {
    let value = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some((place, total)) = value.strip_prefix("bytes ").and_then(|value| value.split_once('/')) else {
        return (None, None);
    };
    (place.split('-').next().and_then(|from| from.parse().ok()), total.parse().ok())
}

pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The innermost cause: « Connection refused », not the address again.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
