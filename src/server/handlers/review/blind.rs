//! Two trainers who rate blind: asked, given up, compared, settled.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::fields::{Fields, Sent};
use super::{Desk, save};
use crate::id::VisitorId;
use crate::rubric::Indicator;
use crate::scoring::agreement::{Levels, agreement};
use crate::scoring::{Decision, Draft, Entry};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::{ComparedMark, ComparedSide, ReviewCompare, french, paths};
use crate::server::who::Who;
use crate::store::{Blind, BlindReader};

/// Asks a second trainer of the trainee to rate blind, as the first will; or gives that up.
pub(in crate::server) async fn second(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let (conversation, trainer) = who.trained(&comptoir, &id).await?;
    let Form(sent) = form.map_err(|_| Code::BadForm)?;
    let fields = Fields::of(sent);
    let back = || Redirect::to(&paths::review(&id)).into_response();
    if fields.get("action") == Some("give-up") {
        let blind = comptoir.store.blind(conversation.id).await?;
        // Only the two may: for anyone else there is nothing to give up.
        if blind.is_some_and(|blind| blind.reader(trainer.id).is_some())
            && comptoir.store.give_up_blind(conversation.id).await?
        {
            comptoir.audit(&who, "review.blind_given_up", Some(id.clone()), None).await?;
        }
        return Ok(back());
    }
    let second: VisitorId = fields.get("trainer").and_then(|id| id.parse().ok()).ok_or(Code::BadForm)?;
    if conversation.ended_at.is_none() {
        return Err(Code::NotOver.into());
    }
    let account = comptoir.store.account(second).await?.filter(|account| account.trainer);
    let account = account.filter(|account| account.closed_at.is_none() && account.id != trainer.id);
    let account = account.ok_or(Code::BadForm)?;
    if !comptoir.store.may_read(second, &conversation).await? {
        return Err(Code::BadForm.into());
    }
    // Whoever has begun has seen the automatic marks.
    let begun = comptoir.store.reviews_of(conversation.id).await?;
    let published = comptoir.store.publication(conversation.id).await?.is_some();
    if !published
        && begun.iter().all(|review| review.draft.is_empty())
        && comptoir.store.ask_blind(conversation.id, trainer.id, second, comptoir.now()).await?
    {
        comptoir.audit(&who, "review.blind_asked", Some(id.clone()), Some(account.name)).await?;
    }
    Ok(back())
}

/// Both ratings side by side, once both are given.
pub(in crate::server) async fn compare(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&comptoir, &who, &id).await?;
    match desk.blind.as_ref().and_then(Blind::both) {
        Some(both) => Ok(page(&compared(&comptoir, &who, &desk, both, &Draft::default(), None))),
        None => Ok(Redirect::to(&paths::review(&id)).into_response()),
    }
}

/// Settles them: what was chosen goes into one's own review, to be read again and published.
pub(in crate::server) async fn settle(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&comptoir, &who, &id).await?;
    let Form(sent) = form.map_err(|_| Code::BadForm)?;
    let Some(blind) = desk.blind.as_ref().filter(|blind| blind.settled_at.is_none()) else {
        return Ok(Redirect::to(&paths::review(&id)).into_response());
    };
    let Some(both) = blind.both() else { return Ok(Redirect::to(&paths::review(&id)).into_response()) };
    let chosen = Fields::of(sent).draft();
    let (draft, missing) = settled(&desk, both, &chosen);
    if missing > 0 {
        let fault = match missing {
            1 => "Il reste un indicateur à départager.".to_owned(),
            n => format!("Il reste {n} indicateurs à départager."),
        };
        let mut page = page(&compared(&comptoir, &who, &desk, both, &chosen, Some(fault)));
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let (version, base) = desk.version();
    save(&comptoir, &desk, version, base, &draft).await?.ok_or(Code::ReviewOvertaken)?;
    comptoir.audit(&who, "review.settled", Some(id.clone()), None).await?;
    Ok(Redirect::to(&paths::review(&id)).into_response())
}

type Both<'b> = [(&'b BlindReader, &'b Draft); 2];

/// What is chosen, with the reasons and words of whoever gave it, and the comments of both; and how many wait.
fn settled(desk: &Desk, both: Both<'_>, chosen: &Draft) -> (Draft, usize) {
    let mut draft = Draft::default();
    let mut missing = 0;
    for indicator in desk.review.rubric.indicators() {
        let id = &indicator.id;
        let given = both.map(|(_, draft)| draft.decision(id));
        let decision = if given[0] == given[1] { given[0] } else { chosen.decision(id) };
        let Some(decision) = decision else {
            missing += 1;
            continue;
        };
        let of_those = both.iter().filter_map(|(_, draft)| draft.entries.get(id));
        let like: Vec<&Entry> = of_those.filter(|entry| entry.decision == Some(decision)).collect();
        let first = |text: fn(&Entry) -> &String| {
            like.iter().map(|entry| text(entry)).find(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        let entry = Entry {
            decision: Some(decision),
            reason: first(|entry| &entry.reason),
            words: first(|entry| &entry.words),
        };
        draft.entries.insert(id.clone(), entry);
    }
    for (reader, given) in both {
        for (turn, text) in &given.comments {
            let line = format!("{} : {text}", reader.name);
            let all: &mut String = draft.comments.entry(*turn).or_default();
            *all = if all.is_empty() { line } else { format!("{all}\n{line}") };
        }
        if !given.general.is_empty() {
            let line = format!("{} : {}", reader.name, given.general);
            draft.general = if draft.general.is_empty() { line } else { format!("{}\n\n{line}", draft.general) };
        }
    }
    (draft, missing)
}

fn compared(
    comptoir: &Comptoir,
    who: &Who,
    desk: &Desk,
    both: Both<'_>,
    chosen: &Draft,
    fault: Option<String>,
) -> ReviewCompare {
    let rubric = &desk.review.rubric;
    let mark = |indicator: &Indicator| {
        let side = |draft: &Draft| {
            let entry = draft.entries.get(&indicator.id).cloned().unwrap_or_default();
            ComparedSide { decision: entry.decision, reason: entry.reason, words: entry.words }
        };
        let automatic = desk.review.automatic.marks.iter().find(|mark| mark.id == indicator.id);
        ComparedMark {
            id: indicator.id.clone(),
            label: indicator.label.clone(),
            sides: both.map(|(_, draft)| side(draft)),
            automatic: french::level(automatic.and_then(|mark| mark.level)),
            chosen: chosen.decision(&indicator.id),
        }
    };
    let marks: Vec<ComparedMark> = rubric.indicators().iter().map(mark).collect();
    let (agreed, differing): (Vec<_>, Vec<_>) =
        marks.into_iter().partition(|mark| mark.sides[0].decision == mark.sides[1].decision);
    let levels = both.map(|(_, draft)| levels(draft));
    let found = agreement(rubric, [(&levels[0], &levels[1])]);
    let kappa = found.pooled.kappa.map(french::kappa).unwrap_or_default();
    ReviewCompare {
        site: site(&comptoir.library.content(), who.viewer()),
        id: desk.conversation.id.to_string(),
        title: desk.stage.persona.file().title.clone(),
        trainee: desk.trainee.clone(),
        readers: both.map(|(reader, _)| reader.name.clone()),
        summary: format!(
            "{} sur {} sont les mêmes ; kappa pondéré sur cet échange : {kappa}.",
            french::count(agreed.len() as u64, "cotation"),
            agreed.len() + differing.len()
        ),
        differing,
        agreed,
        settled: desk.blind.as_ref().and_then(|blind| blind.settled_at).map(|at| french::moment(&french::paris(at))),
        fault,
    }
}

/// The levels of what is decided.
pub(super) fn levels(draft: &Draft) -> Levels {
    let level = |(id, entry): (&String, &Entry)| Some((id.clone(), entry.decision.map(Decision::level)?));
    draft.entries.iter().filter_map(level).collect()
}
