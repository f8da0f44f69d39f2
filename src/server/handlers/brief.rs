//! The brief.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{fresh_content, page, site, voice_offer};
use crate::persona::Persona;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::Brief;
use crate::server::situations::Repertoire;
use crate::server::who::Who;

/// How many of the latest conversations are looked through for one left open.
const LATEST: u32 = 50;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
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
        aloud: false,
    }))
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
