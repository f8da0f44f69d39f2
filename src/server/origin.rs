//! Whether a request comes from the service's own pages.
//!
//! Input: headers. Output: yes or no. Invariant: a browser on another site cannot make a visitor act: every `POST` and
//! every socket passes here.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The address under which people reach the service: `https://comptoir.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    host: String,
}

/// A text that is not such an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read a public address: http:// or https:// and a host, without a path, expected")]
pub struct PublicUrlError;

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<PublicUrl, PublicUrlError> {
        let (secure, host) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(host), _) => (true, host),
            (_, Some(host)) => (false, host),
            _ => return Err(PublicUrlError),
        };
        let host = host.strip_suffix('/').unwrap_or(host);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(fits) {
            return Err(PublicUrlError);
        }
        Ok(PublicUrl { secure, host: host.to_ascii_lowercase() })
    }
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.host)
    }
}

impl PublicUrl {
    /// Whether people reach the service through TLS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

/// Refuses what another site would have a visitor do, before anything else looks at it.
pub(super) async fn refuse_others(State(comptoir): State<Arc<Comptoir>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own_form(request.headers(), comptoir.settings.public_url.as_ref()) {
        next.run(request).await
    } else {
        Failure::from(Code::CrossSite).into_response()
    }
}

/// Whether a form was sent by the service's own page.
fn is_own_form(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    match headers.get(FETCH_SITE).map(axum::http::HeaderValue::as_bytes) {
        Some(site) => site == b"same-origin",
        None => is_own_origin(headers, public),
    }
}

/// Whether the `Origin` is the service's own. Without one it is not: every browser sends it with sockets and forms.
pub(super) fn is_own_origin(headers: &HeaderMap, public: Option<&PublicUrl>) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(&ORIGIN).and_then(|origin| origin.parse::<PublicUrl>().ok()) else { return false };
    match public {
        Some(public) => origin == *public,
        None => text(&HOST).is_some_and(|host| host.eq_ignore_ascii_case(&origin.host)),
    }
}

/// The address under which people reach the service, as far as it is known: for links that leave the page.
pub(super) fn base_address(headers: &HeaderMap, public: Option<&PublicUrl>) -> String {
    let host = || headers.get(HOST).and_then(|host| host.to_str().ok());
    let told = || format!("http://{}", host().unwrap_or_default()).parse::<PublicUrl>().ok();
    // A host that is none leads nowhere: the path alone is still right.
    public.cloned().or_else(told).map(|url| url.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_the_services_own_pages_may_send_forms() {
        fn check(list: &[(&'static str, &'static str)], public: Option<&str>, expect: bool) {
            let public = public.map(|url| url.parse().unwrap());
            assert_eq!(is_own_form(&headers(list), public.as_ref()), expect, "{list:?} {public:?}");
        }
        check(&[("sec-fetch-site", "same-origin")], None, true);
        check(&[("sec-fetch-site", "same-site")], None, false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "http://a:1"), ("host", "a:1")], None, false);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], None, true);
        check(&[("origin", "http://127.0.0.1:9090"), ("host", "127.0.0.1:8080")], None, false);
        check(
            &[("origin", "https://Comptoir.Example"), ("host", "10.0.0.3:80")],
            Some("https://comptoir.example/"),
            true,
        );
        check(&[("origin", "http://comptoir.example"), ("host", "x")], Some("https://comptoir.example"), false);
        check(&[("origin", "null"), ("host", "null")], None, false);
        check(&[("host", "127.0.0.1:8080")], None, false);
    }

    #[test]
    fn an_address_with_a_path_or_without_a_scheme_is_refused() {
        for text in ["comptoir.example", "https://", "https://a/b", "ftp://a"] {
            assert_eq!(text.parse::<PublicUrl>(), Err(PublicUrlError), "{text}");
        }
    }
}
