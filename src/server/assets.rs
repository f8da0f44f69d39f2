//! The files of `web/`: styles, scripts, fonts, drawings.
//!
//! Input: a path under `/assets/`. Output: the file of the working folder's `web/`, else the program's own. Invariant:
//! nothing outside `web/` and no template is ever served.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as UrlPath, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;

#[derive(RustEmbed)]
#[folder = "web/"]
struct Web;

/// Serves one file.
pub(super) async fn asset(
    State(comptoir): State<Arc<Comptoir>>,
    UrlPath(path): UrlPath<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let kind = kind(&path).filter(|_| is_plain(&path)).ok_or(Code::NotFound)?;
    let (bytes, digest) = if let Some(bytes) = from_folder(comptoir.settings.folder.as_deref(), &path).await {
        let digest = Sha256::digest(&bytes).into();
        (Cow::Owned(bytes), digest)
    } else {
        let file = Web::get(&path).ok_or(Code::NotFound)?;
        (file.data, file.metadata.sha256_hash())
    };
    let tag = tag(&digest);
    // Always asked again, answered by a few bytes when nothing changed: an upgrade never shows old styles on new pages.
    let caching = [(CACHE_CONTROL, "no-cache".to_owned()), (ETAG, tag.clone())];
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(CONTENT_TYPE, kind)], bytes.into_owned()).into_response())
}

/// Folders and a name, nothing that climbs or hides.
fn is_plain(path: &str) -> bool {
    !path.starts_with("templates/")
        && path.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        })
}

/// The kinds of files a page needs; the others are not served.
fn kind(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "woff2" => Some("font/woff2"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        "ico" => Some("image/x-icon"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

async fn from_folder(folder: Option<&Path>, path: &str) -> Option<Vec<u8>> {
    tokio::fs::read(folder?.join("web").join(path)).await.ok()
}

fn tag(digest: &[u8; 32]) -> String {
    let hex = digest[..12].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    format!("\"{hex}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_to_known_kinds_are_served() {
        for path in ["css/base.css", "js/theme.js", "portraits/fuite-colere.svg", "fonts/LICENSE-fraunces.txt"] {
            assert!(is_plain(path) && kind(path).is_some(), "{path}");
        }
        for path in ["../Cargo.toml", "css/../../x.css", "/etc/x.css", "css//x.css", ".git/x.css", "templates/x.css"] {
            assert!(!is_plain(path), "{path}");
        }
        for path in ["templates/base.html", "askama.toml", "css"] {
            assert_eq!(kind(path), None, "{path}");
        }
    }
}
