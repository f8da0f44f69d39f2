//! The transcript, in the shape that `comptoir score` reads.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::conversation::live;
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::who::Who;
use crate::transcript::format::write_exchange;

pub(in crate::server) async fn export(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (conversation, reading) = who.readable(&comptoir, &id).await?;
    comptoir.read_by(&who, reading, &conversation).await?;
    let (_, live) = live(&comptoir, &conversation).await?;
    let name = format!("attachment; filename=\"{}.json\"", conversation.id);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, write_exchange(&live.transcript())).into_response())
}
