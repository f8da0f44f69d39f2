//! The page of a scorecard.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::card::Card;
use super::handoff::ending;
use super::{booklet_step, page, rereading, site, spoken, timing};
use crate::conversation::Stage;
use crate::review::{Review, ReviewError, review};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, ReviewOffer, Word, french, paths};
use crate::server::who::{Reading, Who};
use crate::store::{Conversation, Publication};

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (conversation, reading) = who.readable(&comptoir, &id).await?;
    if reading == Reading::Own
        && let Some(back) = booklet_step::back(&comptoir, conversation.id).await?
    {
        return Ok(back);
    }
    comptoir.read_by(&who, reading, &conversation).await?;
    if let (Reading::Trainer, Some(reader)) = (reading, who.visitor())
        && comptoir.store.blind(conversation.id).await?.is_some_and(|blind| blind.blinds(reader))
    {
        // Whoever rates blind sees no marks before they have given theirs.
        return Ok(Redirect::to(&paths::review(&id)).into_response());
    }
    let (stage, review) = reviewed(&comptoir, &conversation).await?;
    let kept = comptoir.store.recordings(conversation.id).await?;
    let sounds = spoken::sounds(&id, &review.events, &kept);
    let version = comptoir.store.published_version(&conversation.persona, &conversation.persona_hash).await?;
    let version = version.map(|(number, at)| format!("version {number} du {}", french::date(french::paris(at).date())));
    let card = Card::of(&review, &stage).with(version, sounds);
    let file = stage.persona.file();
    let lasted = review.live.turns().last().and_then(|turn| turn.end_ms).unwrap_or(0) / 1000;
    let begun = review.live.received_at().unwrap_or(conversation.started_at);
    let trainee = match reading {
        Reading::Own => None,
        Reading::Trainer => comptoir.store.account(conversation.visitor).await?.map(|account| account.name),
    };
    Ok(page(&pages::Scorecard {
        site: site(&comptoir.library.content(), who.viewer()),
        word: review.publication.as_ref().map(|publication| word(publication, review.live.next_seq())),
        offer: offer(&comptoir, &conversation, reading).await?,
        trainee,
        id,
        persona: file.id.clone(),
        title: file.title.clone(),
        caller: file.caller.name.clone(),
        channel: file.channel,
        held_on: french::moment(&french::paris(begun)),
        lasted: french::duration(lasted),
        done_for: comptoir.store.assignment_of(conversation.id).await?.map(|assignment| assignment.title),
        ending: ending(&review.live, &stage),
        summary: review.report.summary.clone(),
        need: file.need.clone(),
        rereading: match review.publication {
            None => rereading::rereading(&review, comptoir.judge.is_some()),
            Some(_) => None,
        },
        axes: card.axes(),
        moments: card.moments(),
        curve: card.curve(),
        found: card.found(),
        missed: card.missed(),
        advice: card.advice(),
        spoken: spoken::spoken(
            review.report.speech.as_ref(),
            &file.caller.address_as,
            review.live.turns(),
            &kept,
            comptoir.settings.recordings,
        ),
        timing: timing::timing(review.live.turns()),
        turns: card.turns(),
        whispers: card.whispers(),
        grid: card.grid(),
        handoff: card.handoff(),
        provenance: card.provenance(),
    }))
}

/// What a trainer decided and said.
fn word(publication: &Publication, next_seq: u32) -> Word {
    Word {
        by: publication.reviewer_name.clone().unwrap_or_else(|| "un formateur".to_owned()),
        when: french::moment(&french::paris(publication.published_at)),
        general: publication.rulings.general.clone(),
        changed: publication.rulings.changed(&publication.automatic),
        comments: publication.rulings.comments.len(),
        outdated: publication.events < next_seq,
    }
}

/// How a trainee asks for a person's marks.
async fn offer(
    comptoir: &Comptoir,
    conversation: &Conversation,
    reading: Reading,
) -> Result<Option<ReviewOffer>, Failure> {
    if reading != Reading::Own || !comptoir.store.has_trainer(conversation.visitor, conversation.started_at).await? {
        return Ok(None);
    }
    let asked = comptoir.store.asked_for_review(conversation.id).await?;
    Ok(Some(ReviewOffer {
        action: paths::review_request(&conversation.id.to_string()),
        asked: asked.map(|at| french::moment(&french::paris(at))),
    }))
}

/// The conversation's review, scored now if it was not, and judged soon where a model judges.
pub(super) async fn reviewed(comptoir: &Comptoir, conversation: &Conversation) -> Result<(Stage, Review), Failure> {
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let stage = stage.ok_or(Code::SituationBroken)?;
    let content = comptoir.library.content();
    let played = (stage.persona.as_ref(), stage.ears.as_ref());
    match review(&comptoir.store, &content, played, conversation.id, comptoir.now()).await {
        Ok(mut review) => {
            comptoir.want_judged(&mut review).await?;
            Ok((stage, review))
        }
        Err(ReviewError::NotOver) => Err(Code::NotOver.into()),
        Err(ReviewError::Store(error)) => Err(error.into()),
        Err(error @ (ReviewError::NoRubric | ReviewError::Unreadable(_))) => Err(Failure::internal(error)),
    }
}
