//! Recordings of what the trainee said: to listen to, and to delete.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::paths;
use crate::server::who::Who;

/// Which recording; without one, all of the conversation.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Which {
    utterance: Option<String>,
}

pub(in crate::server) async fn listen(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, utterance)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (conversation, reading) = who.readable(&comptoir, &id).await?;
    comptoir.read_by(&who, reading, &conversation).await?;
    let recording = comptoir.store.recording(conversation.id, &utterance).await?.ok_or(Code::NotFound)?;
    Ok(([(CONTENT_TYPE, "audio/wav"), (ACCEPT_RANGES, "none")], recording.wav).into_response())
}

pub(in crate::server) async fn delete(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Which>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(which) = form.map_err(|_| Code::BadForm)?;
    let conversation = who.conversation(&comptoir, &id).await?;
    let store = &comptoir.store;
    let count = match which.utterance.filter(|utterance| !utterance.is_empty()) {
        Some(utterance) => store.delete_recording(conversation.id, &utterance).await?,
        None => store.delete_recordings(conversation.id).await?,
    };
    tracing::info!(conversation = %conversation.id, count, "recordings deleted by their speaker");
    let back = format!("{}#parole", paths::scorecard(&id));
    Ok(Redirect::to(&back).into_response())
}
