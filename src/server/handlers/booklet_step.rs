//! One part of an exam: entered, kept, finished; its conversation opened.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

use super::booklet_form::{self, Fields};
use super::booklet_part::{Shown, bar};
use super::booklets::clock;
use super::conversation::live;
use super::handoff::{hand_off, read};
use crate::entropy::seed;
use crate::exam::{Answer, Answers, Happening};
use crate::id::ConversationId;
use crate::rubric::booklet::PartKind;
use crate::server::Comptoir;
use crate::server::booklets::{self, Exam, Sign, change, file_of, note_of, persona_of, settle};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{SittingBar, paths};
use crate::server::who::Who;
use crate::store::NewConversation;
use crate::transcript::Start;

/// The form that meets the person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Meet {
    aloud: Option<String>,
}

/// Enters a part: its time runs.
pub(in crate::server) async fn enter(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        let next = exam.sitting.current().is_none() && exam.sitting.next_step() == Some(step);
        Ok(next.then_some(Happening::Entered { step }))
    })
    .await?;
    Ok(whereabouts(&id, &exam))
}

/// Where the part under way is; otherwise where one stands.
fn whereabouts(id: &str, exam: &Exam) -> Response {
    let to = exam.sitting.current().map_or_else(|| paths::booklet(id), |step| paths::booklet_step(id, step));
    Redirect::to(&to).into_response()
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = settle(&comptoir, stored.id, Sign::Page).await?;
    if exam.sitting.current() != Some(step) {
        return Ok(Redirect::to(&paths::booklet(&id)).into_response());
    }
    let booklet = file_of(&comptoir, &exam.stored).await?;
    let shown = Shown { comptoir: &comptoir, who: &who, exam: &exam, booklet: &booklet, step };
    shown.page(None, Vec::new(), false, StatusCode::OK).await
}

/// Keeps what was answered; finishes the part where that is asked.
pub(in crate::server) async fn save(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let Form(fields) = form.map_err(|_| Code::BadForm)?;
    let exam = settle(&comptoir, stored.id, Sign::Page).await?;
    let quiet = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let part = exam.sitting.draw().step(step).map(|(_, _, part)| part.clone());
    let (Some(part), true) = (part, exam.sitting.current() == Some(step)) else {
        // Finished in another tab, or its time is up: what was kept until then counts.
        return if quiet { Err(Code::TimeUp.into()) } else { Ok(Redirect::to(&paths::booklet(&id)).into_response()) };
    };
    let booklet = file_of(&comptoir, &exam.stored).await?;
    let sent = booklet_form::read(&booklet, &part, &fields);
    let shown = |exam| Shown { comptoir: &comptoir, who: &who, exam, booklet: &booklet, step };
    let changed = changed(&exam, step, &sent.answers);
    if !changed.is_empty() && sent.seen < exam.sitting.seen(step) {
        return if quiet {
            Ok((StatusCode::CONFLICT, Json(json!({ "code": "stale" }))).into_response())
        } else {
            shown(&exam).page(Some(&sent), Vec::new(), true, StatusCode::CONFLICT).await
        };
    }
    // Another tab may be heard between looking and keeping: then it is looked at again.
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        if exam.sitting.current() != Some(step) {
            return Err(Code::TimeUp.into());
        }
        let answers = self::changed(exam, step, &sent.answers);
        Ok((!answers.is_empty()).then_some(Happening::Answered { step, answers }))
    })
    .await?;
    if !sent.refused.is_empty() {
        return shown(&exam).page(Some(&sent), Vec::new(), false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if quiet {
        let kept = clock(comptoir.now());
        return Ok(Json(json!({ "seen": exam.sitting.seen(step), "kept": kept })).into_response());
    }
    if !sent.finish {
        let moved = fields.iter().find_map(|(key, value)| (key == "move").then(|| value.split_once(':')).flatten());
        let place = moved.map_or_else(String::new, |(_, person)| format!("#p-{person}"));
        return Ok(Redirect::to(&format!("{}{place}", paths::booklet_step(&id, step))).into_response());
    }
    if part.kind == PartKind::Note
        && let Err(problems) = pass_on(&comptoir, &exam, step).await?
    {
        return shown(&exam).page(None, problems, false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if part.kind == PartKind::Conversation && !cannot_be_played(&comptoir, &exam, step).await? {
        return Err(Code::NotOver.into());
    }
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        Ok((exam.sitting.current() == Some(step)).then_some(Happening::Finished { step }))
    })
    .await?;
    let to = if exam.sitting.ended_at().is_some() { paths::booklet_report(&id) } else { paths::booklet(&id) };
    Ok(Redirect::to(&to).into_response())
}

/// The answers that are not those kept already. What was never answered and stays empty is no change.
fn changed(exam: &Exam, step: u16, sent: &Answers) -> Answers {
    let kept = exam.sitting.answers(step);
    let is_change = |(id, answer): &(&String, &Answer)| match kept.get(*id) {
        Some(before) => before != *answer,
        None => !answer.is_empty(),
    };
    sent.iter().filter(is_change).map(|(id, answer)| (id.clone(), answer.clone())).collect()
}

/// Hands the note of a part off to the conversation it is about, or tells what is missing.
async fn pass_on(comptoir: &Comptoir, exam: &Exam, step: u16) -> Result<Result<(), Vec<(String, String)>>, Failure> {
    let situation = exam.sitting.draw().step(step).map(|(situation, _, _)| situation);
    let conversation = situation.and_then(|situation| exam.sitting.conversation_of(situation));
    let Some(conversation) = conversation else { return Ok(Ok(())) };
    let Some(conversation) = comptoir.store.conversation(conversation).await? else { return Ok(Ok(())) };
    let (stage, live) = live(comptoir, &conversation).await?;
    match read(&note_of(exam, step), &stage) {
        Ok(handoff) => {
            hand_off(comptoir, conversation.id, &live, handoff).await?;
            Ok(Ok(()))
        }
        Err(problems) => {
            Ok(Err(problems.into_iter().map(|problem| (problem.field.to_owned(), problem.text)).collect()))
        }
    }
}

/// Whether the person of a part cannot be met any more: its situation cannot be read.
async fn cannot_be_played(comptoir: &Comptoir, exam: &Exam, step: u16) -> Result<bool, Failure> {
    let Some((situation, _, _)) = exam.sitting.draw().step(step) else { return Ok(true) };
    Ok(persona_of(comptoir, exam, situation).await?.is_none())
}

/// Opens the conversation of a part, or goes on with it.
pub(in crate::server) async fn meet(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
    form: Result<Form<Meet>, FormRejection>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let Form(form) = form.map_err(|_| Code::BadForm)?;
    let fresh = ConversationId::new(comptoir.ulid());
    // The event comes first: of two tabs that pick up, one opens the conversation and the other one joins it.
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        let kind = exam.sitting.draw().step(step).map(|(_, _, part)| part.kind);
        let here = exam.sitting.current() == Some(step) && kind == Some(PartKind::Conversation);
        let new = here && exam.sitting.conversation(step).is_none();
        Ok(new.then_some(Happening::Conversed { step, conversation: fresh }))
    })
    .await?;
    let Some(conversation) = exam.sitting.conversation(step).filter(|_| exam.sitting.current() == Some(step)) else {
        return Ok(Redirect::to(&paths::booklet(&id)).into_response());
    };
    open_conversation(&comptoir, &exam, step, conversation, form.aloud.is_some()).await?;
    Ok(Redirect::to(&paths::conversation(&conversation.to_string())).into_response())
}

/// Opens the conversation that an event names, unless it is there.
async fn open_conversation(
    comptoir: &Comptoir,
    exam: &Exam,
    step: u16,
    id: ConversationId,
    aloud: bool,
) -> Result<(), Failure> {
    let (situation, drawn, _) = exam.sitting.draw().step(step).ok_or(Code::UnknownBooklet)?;
    if comptoir.store.conversation(id).await?.is_none() {
        let rubric = file_of(comptoir, &exam.stored).await?.file().rubric.clone();
        let start = Start {
            persona: drawn.persona.clone(),
            persona_hash: drawn.persona_hash.clone(),
            rubric,
            channel: drawn.channel,
            seed: seed(comptoir.entropy.as_ref()),
            hints: false,
            aloud,
            branched_from: None,
        };
        let (visitor, at) = (exam.stored.visitor, comptoir.now());
        let new = NewConversation { id, visitor, start, at, shared: Vec::new() };
        comptoir.store.start_conversation(&new).await?;
    }
    Ok(comptoir.store.enlist(id, exam.stored.id, situation).await?)
}

/// The time that a conversation's page shows, where it belongs to a booklet under way.
pub(super) async fn bar_of(comptoir: &Comptoir, conversation: ConversationId) -> Result<Option<SittingBar>, Failure> {
    let Some(booklet) = comptoir.store.booklet_with(conversation).await? else { return Ok(None) };
    let exam = settle(comptoir, booklet.id, Sign::Page).await?;
    let step = exam.sitting.current().filter(|step| exam.sitting.conversation(*step) == Some(conversation));
    Ok(step.map(|step| bar(comptoir, &exam, step)))
}

/// Where a conversation's page sends back to.
pub(super) async fn back(comptoir: &Comptoir, conversation: ConversationId) -> Result<Option<Response>, Failure> {
    let to = booklets::sends_back(comptoir, conversation).await?;
    Ok(to.map(|to| Redirect::to(&to).into_response()))
}
