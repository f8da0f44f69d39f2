//! Conversations under way in a trainer's groups, and one of them, followed.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::conversation::live;
use super::{page, site};
use crate::conversation::WHISPER_CHARS;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, LiveLine, french, paths};
use crate::server::who::Who;
use crate::store::Running;

/// A conversation in which nothing has happened for so long is not under way: its trainee has gone.
const UNDER_WAY_FOR: Duration = Duration::from_mins(30);

/// How many are shown.
const SHOWN: u32 = 100;

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let now = comptoir.now();
    let since = now.checked_sub(UNDER_WAY_FOR).unwrap_or(now);
    let mut lines = Vec::new();
    for under_way in comptoir.store.under_way(trainer.id, since, SHOWN).await? {
        lines.push(line(&comptoir, under_way).await?);
    }
    let at = french::paris(now);
    let looked_at = format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute());
    Ok(page(&pages::Live { site: site(&comptoir.library.content(), who.viewer()), lines, looked_at }))
}

async fn line(comptoir: &Comptoir, under_way: Running) -> Result<LiveLine, Failure> {
    let Running { conversation, trainee, group, turns, last_at } = under_way;
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let minutes =
        |from: crate::clock::Timestamp| u64::try_from(comptoir.now().duration_since(from).as_secs()).unwrap_or(0) / 60;
    Ok(LiveLine {
        id: conversation.id.to_string(),
        trainee,
        group,
        title: stage.map_or_else(|| conversation.persona.clone(), |stage| stage.persona.file().title.clone()),
        persona: conversation.persona,
        channel: conversation.channel,
        turns: turns.into(),
        since_min: minutes(conversation.started_at),
        quiet_min: minutes(last_at),
    })
}

/// Follows one. Once it has ended, it is read.
pub(in crate::server) async fn follow(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (conversation, _) = who.trained(&comptoir, &id).await?;
    if conversation.ended_at.is_some() {
        return Ok(Redirect::to(&paths::scorecard(&id)).into_response());
    }
    let trainee = comptoir.store.account(conversation.visitor).await?.ok_or(Code::UnknownConversation)?;
    let (stage, live) = live(&comptoir, &conversation).await?;
    let file = stage.persona.file();
    Ok(page(&pages::Following {
        site: site(&comptoir.library.content(), who.viewer()),
        id,
        trainee: trainee.name,
        persona: file.id.clone(),
        title: file.title.clone(),
        channel: file.channel,
        caller: file.caller.name.clone(),
        scene: file.scene.clone(),
        record: file.screen.lines.clone(),
        need: file.need.clone(),
        begun: french::moment(&french::paris(conversation.started_at)),
        tension: live.state().tension(),
        trust: live.state().trust(),
        longest: WHISPER_CHARS,
    }))
}
