//! A situation as the file that `comptoir check` reads.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::written;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::who::Who;

/// The draft, or a published version.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Wanted {
    version: Option<u32>,
}

pub(in crate::server) async fn export(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let text = match wanted.version {
        None => situation.draft,
        Some(number) => {
            let versions = comptoir.store.versions_of(&id).await?;
            let version = versions.into_iter().find(|version| version.number == number).ok_or(Code::NotFound)?;
            comptoir.store.version(&version.digest).await?.ok_or(Code::NotFound)?
        }
    };
    // An id is a slug: nothing in it can leave the quotes.
    let name = format!("attachment; filename=\"{id}.toml\"");
    let headers = [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}
