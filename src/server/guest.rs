//! The visitor behind a request: a guest known by a cookie.
//!
//! Input: the `Cookie` header. Output: a [`VisitorId`], or nobody yet. Invariant: a visitor is taken in when a first
//! conversation is opened, never by merely looking; the token stands in the cookie only.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;
use crate::entropy::token;
use crate::id::{ConversationId, VisitorId};
use crate::store::{Conversation, TokenDigest};

const NAME: &str = "comptoir_guest";

/// A year: an exam is prepared over months. The CNIL accepts up to thirteen.
const MAX_AGE_S: u32 = 365 * 24 * 3600;

/// Who asks, if known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guest(pub(super) Option<VisitorId>);

impl FromRequestParts<Arc<Comptoir>> for Guest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, comptoir: &Arc<Comptoir>) -> Result<Guest, Failure> {
        match token_of(&parts.headers) {
            Some(token) => Ok(Guest(comptoir.store.visitor(&TokenDigest::of(token)).await?)),
            None => Ok(Guest(None)),
        }
    }
}

impl Guest {
    /// The visitor's own conversation; another's, or none, is unknown.
    pub(super) async fn conversation(self, comptoir: &Comptoir, id: &str) -> Result<Conversation, Failure> {
        let id: ConversationId = id.parse()?;
        let visitor = self.0.ok_or(Code::UnknownConversation)?;
        let conversation = comptoir.store.conversation(id).await?;
        Ok(conversation.filter(|conversation| conversation.visitor == visitor).ok_or(Code::UnknownConversation)?)
    }

    /// The visitor, taken in with a new cookie if unknown.
    pub(super) async fn welcome(self, comptoir: &Comptoir) -> Result<(VisitorId, Option<HeaderValue>), Failure> {
        if let Some(visitor) = self.0 {
            return Ok((visitor, None));
        }
        let visitor = VisitorId::new(comptoir.ulid());
        let token = token(comptoir.entropy.as_ref());
        comptoir.store.add_visitor(visitor, &TokenDigest::of(&token), comptoir.now()).await?;
        let secure = comptoir.settings.public_url.as_ref().is_some_and(super::PublicUrl::is_secure);
        let cookie = format!(
            "{NAME}={token}; Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Lax{}",
            if secure { "; Secure" } else { "" }
        );
        Ok((visitor, Some(HeaderValue::from_str(&cookie).map_err(Failure::internal)?)))
    }
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut tokens = pairs.filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
    tokens.find(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_anything_else_is_nobody() {
        fn check(cookie: &str, expect: Option<&str>) {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
            assert_eq!(token_of(&headers), expect, "{cookie}");
        }
        let token = "ab".repeat(32);
        check(&format!("theme=dark; comptoir_guest={token}; x=y"), Some(&token));
        check(&format!("comptoir_guest_old={token}"), None);
        check("comptoir_guest=abc", None);
        check(&format!("comptoir_guest={}", "é".repeat(32)), None);
        check("", None);
    }
}
