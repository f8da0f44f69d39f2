//! Links that let somebody in: made in the place of earlier ones, and told once.

use std::time::Duration;

use axum::http::HeaderMap;

use crate::entropy::token;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::origin::base_address;
use crate::server::pages::paths;
use crate::store::{Link, LinkPurpose, StoreError, TokenDigest};

/// How long a link to choose a password works.
const INVITED_FOR: Duration = Duration::from_hours(168);

/// A link that signs in, as often as its owner likes: its address.
pub(super) async fn personal_link(
    comptoir: &Comptoir,
    headers: &HeaderMap,
    account: VisitorId,
    made_by: Option<VisitorId>,
) -> Result<String, StoreError> {
    let token = link(comptoir, LinkPurpose::Personal, None, (account, made_by)).await?;
    Ok(address(comptoir, headers, &paths::personal_link(&token)))
}

/// A link to choose login and password, once, within a week: its address.
pub(super) async fn password_link(
    comptoir: &Comptoir,
    headers: &HeaderMap,
    account: VisitorId,
    made_by: Option<VisitorId>,
) -> Result<String, StoreError> {
    let token = link(comptoir, LinkPurpose::Password, Some(INVITED_FOR), (account, made_by)).await?;
    Ok(address(comptoir, headers, &paths::welcome(&token)))
}

/// A link's token; earlier links of the same purpose to the same account are gone.
async fn link(
    comptoir: &Comptoir,
    purpose: LinkPurpose,
    works_for: Option<Duration>,
    (account, made_by): (VisitorId, Option<VisitorId>),
) -> Result<String, StoreError> {
    let (token, now) = (token(comptoir.entropy.as_ref()), comptoir.now());
    let until = works_for.map(|works_for| now + works_for);
    let link = Link { purpose, account: Some(account), made_by, made_at: now, until, used_at: None };
    comptoir.store.add_link(&TokenDigest::of(&token), &link).await?;
    Ok(token)
}

/// A path as people outside type it.
pub(super) fn address(comptoir: &Comptoir, headers: &HeaderMap, path: &str) -> String {
    format!("{}{path}", base_address(headers, comptoir.settings.public_url.as_ref()))
}
