//! Opens a conversation: a first one from the brief, or a second try.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{brief, fresh_content};
use crate::assignment::{Mode, Refused, Work};
use crate::content::Kind;
use crate::conversation::shared;
use crate::entropy::seed;
use crate::id::{ConversationId, VisitorId};
use crate::server::Comptoir;
use crate::server::booklets::sends_back;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::paths;
use crate::server::who::Who;
use crate::store::{Assignment, Begun, NewConversation, Version, VersionKind};
use crate::transcript::{Branch, Event, Happening, Start};

/// The brief's form.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Options {
    hints: Option<String>,
    /// The trainee means to speak.
    aloud: Option<String>,
}

/// The form of a second try.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Again {
    hints: Option<String>,
    aloud: Option<String>,
    from: Option<String>,
}

pub(in crate::server) async fn start(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Options>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(options) = form.map_err(|_| Code::BadForm)?;
    let (hints, aloud) = (options.hints.is_some(), is_on(options.aloud.as_ref()));
    let (start, visitor, cookie) = fresh(&comptoir, &who, id, hints, aloud).await?;
    open(&comptoir, visitor, cookie, start, Vec::new()).await
}

/// Under which conditions a first try begins now, and who tries.
async fn fresh(
    comptoir: &Arc<Comptoir>,
    who: &Who,
    id: String,
    hints: bool,
    aloud: bool,
) -> Result<(Start, VisitorId, Option<HeaderValue>), Failure> {
    let content = fresh_content(comptoir).await?;
    let repertoire = comptoir.repertoire(Arc::clone(&content), who.visitor()).await?;
    let persona = brief::persona(&repertoire, &id)?;
    let (visitor, cookie) = who.welcome(comptoir).await?;
    if !repertoire.is_written(&id) {
        let text = content.good_files().get(Kind::Persona, &id).map(|file| file.text.as_str());
        let text = text.ok_or_else(|| Failure::internal("a persona in force without its text"))?;
        let version = Version { kind: VersionKind::Persona, name: &id, digest: persona.hash(), text };
        comptoir.store.keep_version(version, comptoir.now()).await?;
    }
    let rubric = content.rubrics().next().map(|rubric| rubric.id().to_owned());
    let start = Start {
        persona: id,
        persona_hash: persona.hash().to_owned(),
        rubric: rubric.unwrap_or_default(),
        channel: persona.file().channel,
        seed: seed(comptoir.entropy.as_ref()),
        hints,
        aloud,
        branched_from: None,
    };
    Ok((start, visitor, cookie))
}

/// A try under an assignment, as its terms have it.
pub(in crate::server) async fn assigned(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, persona)): Path<(String, String)>,
    form: Result<Form<Options>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(options) = form.map_err(|_| Code::BadForm)?;
    let assignment = who.assigned(&comptoir, &id).await?;
    if !matches!(assignment.terms.work, Work::Situations { .. }) || !assignment.terms.work.pieces().contains(&persona) {
        return Err(Code::UnknownSituation.into());
    }
    let (hints, aloud) = (options.hints.is_some(), is_on(options.aloud.as_ref()));
    let (start, visitor, _) = fresh(&comptoir, &who, persona, hints, aloud).await?;
    open_under(&comptoir, &assignment, visitor, start, Vec::new()).await
}

/// A second try: from the start with the version in force, or from a turn with the version it was played with.
pub(in crate::server) async fn again(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Again>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(form) = form.map_err(|_| Code::BadForm)?;
    let first = who.conversation(&comptoir, &id).await?;
    if sends_back(&comptoir, first.id).await?.is_some() {
        return Err(Code::BookletUnderWay.into());
    }
    let under = comptoir.store.assignment_of(first.id).await?;
    // What was a part of an exam is rehearsed again freely.
    let under = under.filter(|under| matches!(under.terms.work, Work::Situations { .. }));
    let from = form.from.filter(|from| !from.is_empty());
    let Some(from) = from else {
        let options = Options { hints: form.hints, aloud: form.aloud };
        let Some(under) = under else {
            return start(State(comptoir), who, Path(first.persona), Ok(Form(options))).await;
        };
        let path = Path((under.id.to_string(), first.persona));
        return assigned(State(comptoir), who, path, Ok(Form(options))).await;
    };
    let from: u32 = from.parse().map_err(|_| Code::BadForm)?;
    let events = comptoir.store.events(first.id, 0).await?;
    let shared = shared(&events, from, comptoir.now()).map_err(|_| Code::BadForm)?;
    let Some(Event { happening: Happening::Started(start), .. }) = events.into_iter().next() else {
        return Err(Failure::internal("a conversation without its start"));
    };
    let branch = Branch { conversation: first.id, events: u32::try_from(shared.len()).unwrap_or(u32::MAX) };
    let start = Start {
        seed: seed(comptoir.entropy.as_ref()),
        hints: form.hints.is_some(),
        aloud: is_on(form.aloud.as_ref()),
        branched_from: Some(branch),
        ..start
    };
    match under {
        // Still a member of the group.
        Some(under) => {
            let under = who.assigned(&comptoir, &under.id.to_string()).await?;
            open_under(&comptoir, &under, first.visitor, start, shared).await
        }
        None => open(&comptoir, first.visitor, None, start, shared).await,
    }
}

/// A choice between two sends the other one as an empty field.
fn is_on(field: Option<&String>) -> bool {
    field.is_some_and(|field| field == "on")
}

async fn open(
    comptoir: &Comptoir,
    visitor: VisitorId,
    cookie: Option<HeaderValue>,
    start: Start,
    shared: Vec<Event>,
) -> Result<Response, Failure> {
    if !comptoir.limits.take(visitor, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    let id = ConversationId::new(comptoir.ulid());
    tracing::info!(conversation = %id, persona = start.persona, shared = shared.len(), "conversation opened");
    let new = NewConversation { id, visitor, start, at: comptoir.now(), shared };
    comptoir.store.start_conversation(&new).await?;
    let mut response = Redirect::to(&paths::conversation(&id.to_string())).into_response();
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Opens a conversation under an assignment, or leads to the one that was opened and does not count yet.
async fn open_under(
    comptoir: &Comptoir,
    under: &Assignment,
    visitor: VisitorId,
    mut start: Start,
    shared: Vec<Event>,
) -> Result<Response, Failure> {
    if !comptoir.limits.take(visitor, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    start.hints &= under.terms.hints;
    start.aloud = match under.terms.mode {
        Mode::Text => false,
        Mode::Voice => true,
        Mode::Either => start.aloud,
    };
    let id = ConversationId::new(comptoir.ulid());
    let counted = !shared.is_empty();
    let new = NewConversation { id, visitor, start, at: comptoir.now(), shared };
    let id = match comptoir.store.begin_under(under.id, &new, counted).await? {
        Begun::Opened => id,
        Begun::TakenUp(waiting) => waiting,
        Begun::Refused(Refused::Closed) => return Err(Code::AssignmentClosed.into()),
        Begun::Refused(Refused::NoTryLeft) => return Err(Code::NoTryLeft.into()),
        Begun::Gone => return Err(Code::UnknownAssignment.into()),
    };
    tracing::info!(conversation = %id, persona = new.start.persona, assignment = %under.id, "conversation opened");
    Ok(Redirect::to(&paths::conversation(&id.to_string())).into_response())
}
