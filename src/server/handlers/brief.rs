//! The brief.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::assignments::mine::todos;
use super::{fresh_content, page, site, voice_offer};
use crate::assignment::Mode;
use crate::persona::Persona;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{Brief, Under};
use crate::server::situations::Repertoire;
use crate::server::who::Who;

/// How many of the latest conversations are looked through for one left open.
const LATEST: u32 = 50;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(read_for): Query<ReadFor>,
) -> Result<Response, Failure> {
    let content = fresh_content(&comptoir).await?;
    let repertoire = comptoir.repertoire(Arc::clone(&content), who.visitor()).await?;
    let persona = persona(&repertoire, &id)?;
    let file = persona.file();
    let (mut best, mut ongoing) = (None, None);
    if let Some(visitor) = who.visitor() {
        best = comptoir.store.best_of(visitor).await?.into_iter().find(|best| best.persona == id);
        let latest = comptoir.store.conversations_of(visitor, LATEST).await?;
        let mut latest = latest.into_iter().map(|listed| listed.conversation);
        ongoing = latest.find(|open| open.persona == id && open.ended_at.is_none());
    }
    let under = under(&comptoir, &repertoire, &who, &id, read_for.assignment).await?;
    Ok(page(&Brief {
        site: site(&content, who.viewer()),
        id: file.id.clone(),
        title: file.title.clone(),
        channel: file.channel,
        family: file.family,
        difficulty: file.difficulty,
        minutes: file.minutes,
        trains: file.trains.clone(),
        scene: file.scene.clone(),
        handset: file.caller.handset.clone(),
        record: file.screen.lines.clone(),
        best: best.and_then(|best| best.overall),
        ongoing: ongoing.map(|open| open.id.to_string()),
        hints: file.difficulty == 1,
        voice: voice_offer(&comptoir),
        aloud: under.as_ref().is_some_and(|under| under.how.mode == Mode::Voice),
        under,
    }))
}

/// What a brief is read for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct ReadFor {
    assignment: Option<String>,
}

/// The assignment that the brief is read for, if the situation is part of it.
async fn under(
    comptoir: &Comptoir,
    repertoire: &Repertoire,
    who: &Who,
    persona: &str,
    assignment: Option<String>,
) -> Result<Option<Under>, Failure> {
    let Some(id) = assignment else { return Ok(None) };
    let todo = todos(comptoir, repertoire, who).await?.into_iter().find(|todo| todo.id == id);
    let todo = todo.ok_or(Code::UnknownAssignment)?;
    let piece = todo.pieces.iter().find(|piece| piece.id == persona).ok_or(Code::UnknownSituation)?;
    Ok(Some(Under { may: piece.start.is_some(), id: todo.id, title: todo.title, how: todo.how }))
}

/// A situation that can be played: unknown ones and broken ones are told apart.
pub(super) fn persona<'r>(repertoire: &'r Repertoire, id: &str) -> Result<&'r Arc<Persona>, Code> {
    let file = format!("personas/{id}.toml");
    let faults = repertoire.content().faults();
    repertoire.persona(id).ok_or(if faults.iter().any(|fault| fault.file == file) {
        Code::SituationBroken
    } else {
        Code::UnknownSituation
    })
}
