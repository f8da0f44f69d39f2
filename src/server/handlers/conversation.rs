//! The conversation's page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::{booklet_step, directory, page, site, voice_offer};
use crate::assignment::Mode;
use crate::conversation::{Stage, TENSE};
use crate::persona::Channel;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::paths;
use crate::server::pages::{self, VoiceOffer};
use crate::server::who::Who;
use crate::store::{Conversation, Judge};
use crate::transcript::Live;
use crate::utterance::MAX_CHARS;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let conversation = who.conversation(&comptoir, &id).await?;
    let sitting = booklet_step::bar_of(&comptoir, conversation.id).await?;
    if sitting.is_none()
        && let Some(back) = booklet_step::back(&comptoir, conversation.id).await?
    {
        return Ok(back);
    }
    if conversation.ended_at.is_some() {
        let scored = comptoir.store.scorecard(conversation.id, Judge::Rules).await?.is_some();
        let next = if scored { paths::scorecard(&id) } else { paths::handoff(&id) };
        return Ok(Redirect::to(&next).into_response());
    }
    let under = comptoir.store.assignment_of(conversation.id).await?;
    let mode = under.map_or(Mode::Either, |assignment| assignment.terms.mode);
    let (stage, live) = live(&comptoir, &conversation).await?;
    let file = stage.persona.file();
    let handset = file.caller.handset.clone().unwrap_or_else(|| "Appel".to_owned());
    Ok(page(&pages::Conversation {
        site: site(&comptoir.library.content(), who.viewer()),
        id,
        persona: file.id.clone(),
        title: file.title.clone(),
        channel: file.channel,
        caller: if file.channel == Channel::Phone { handset } else { file.caller.name.clone() },
        scene: file.scene.clone(),
        record: file.screen.lines.clone(),
        directory: directory(&stage.organisation),
        tense: file.channel == Channel::Desk && live.state().tension() >= TENSE,
        hints: live.start().hints,
        longest: MAX_CHARS,
        voice: if mode == Mode::Text { VoiceOffer::not_asked() } else { voice_offer(&comptoir) },
        aloud: live.start().aloud,
        only_spoken: mode == Mode::Voice,
        sex: file.caller.sex,
        age: file.caller.age,
        sitting,
    }))
}

/// A conversation with what it is played with, as its events tell it.
pub(in crate::server) async fn live(
    comptoir: &Comptoir,
    conversation: &Conversation,
) -> Result<(Stage, Live), Failure> {
    Ok(readable(comptoir, conversation).await?.ok_or(Code::SituationBroken)?)
}

/// The same; `None` where its situation can no longer be read.
pub(super) async fn readable(
    comptoir: &Comptoir,
    conversation: &Conversation,
) -> Result<Option<(Stage, Live)>, Failure> {
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let Some(stage) = stage else { return Ok(None) };
    let events = comptoir.store.events(conversation.id, 0).await?;
    let live = Live::fold(&stage.persona, &events).map_err(Failure::internal)?;
    Ok(Some((stage, live)))
}
