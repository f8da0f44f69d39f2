//! The handoff note: its form, and what is written on it.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::conversation::live;
use super::{booklet_step, directory, page, site};
use crate::conversation::Stage;
use crate::id::ConversationId;
use crate::persona::{Channel, Urgency};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{HandoffPage, Line, Problem, ServiceChoice, UrgencyChoice, french, paths};
use crate::server::who::Who;
use crate::store::StoreError;
use crate::transcript::{EndedBy, Handoff, Happening, Live, Move, Phase};
use crate::utterance::{MAX_CHARS, Speaker, Utterance, UtteranceError};

/// How many times another node may get in first before the note is given back.
const ATTEMPTS: usize = 5;

/// The note as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Note {
    pub(in crate::server) service: String,
    pub(in crate::server) urgency: String,
    pub(in crate::server) summary: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let conversation = who.conversation(&comptoir, &id).await?;
    if let Some(back) = booklet_step::back(&comptoir, conversation.id).await? {
        return Ok(back);
    }
    let (stage, live) = over(live(&comptoir, &conversation).await?)?;
    let note = live.handoff().map_or_else(Note::default, |note| Note {
        service: note.service.clone(),
        urgency: urgency_value(note.urgency).to_owned(),
        summary: note.summary.clone(),
    });
    Ok(page(&form(&comptoir, &who, &id, (&stage, &live), note, Vec::new())))
}

pub(in crate::server) async fn write(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    note: Result<Form<Note>, FormRejection>,
) -> Result<Response, Failure> {
    let conversation = who.conversation(&comptoir, &id).await?;
    if let Some(back) = booklet_step::back(&comptoir, conversation.id).await? {
        return Ok(back);
    }
    let (stage, live) = over(live(&comptoir, &conversation).await?)?;
    let Form(note) = note.map_err(|_| Code::BadForm)?;
    match read(&note, &stage) {
        Ok(handoff) => {
            hand_off(&comptoir, conversation.id, &live, handoff).await?;
            Ok(Redirect::to(&paths::scorecard(&id)).into_response())
        }
        Err(problems) => {
            let mut page = page(&form(&comptoir, &who, &id, (&stage, &live), note, problems));
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// A conversation that has ended; the note of one that has not cannot be written.
fn over((stage, live): (Stage, Live)) -> Result<(Stage, Live), Code> {
    match live.phase() {
        Phase::Ended | Phase::HandedOff => Ok((stage, live)),
        Phase::Waiting | Phase::Talking | Phase::OnHold => Err(Code::NotOver),
    }
}

/// The note, or everything that is missing.
pub(in crate::server) fn read(note: &Note, stage: &Stage) -> Result<Handoff, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut problem = |field, text: &str| problems.push(Problem { field, text: text.to_owned() });
    if stage.organisation.service(&note.service).is_none() {
        problem("service", "Choisissez le service auquel vous transmettez la demande.");
    }
    let urgency = [Urgency::Immediate, Urgency::Day, Urgency::Week, Urgency::None]
        .into_iter()
        .find(|urgency| urgency_value(*urgency) == note.urgency);
    if urgency.is_none() {
        problem("urgency", "Indiquez sous quel délai il faut agir.");
    }
    let summary = Utterance::new(&note.summary);
    match &summary {
        Ok(_) => {}
        Err(UtteranceError::Empty) => problem("summary", "Écrivez en quelques phrases ce que vous transmettez."),
        Err(UtteranceError::TooLong { .. }) => {
            problem("summary", "Cette note est trop longue : 4 000 caractères au plus.");
        }
    }
    match (urgency, summary) {
        (Some(urgency), Ok(summary)) if problems.is_empty() => {
            Ok(Handoff { service: note.service.clone(), urgency, summary: summary.text().to_owned() })
        }
        _ => Err(problems),
    }
}

/// Stores the note; the same note again is not stored twice.
pub(in crate::server) async fn hand_off(
    comptoir: &Comptoir,
    id: ConversationId,
    live: &Live,
    note: Handoff,
) -> Result<(), Failure> {
    if live.handoff() == Some(&note) {
        return Ok(());
    }
    let mut next = live.next_seq();
    for _ in 0..ATTEMPTS {
        let happening = Happening::HandedOff(note.clone());
        match comptoir.store.append(id, next, vec![happening], comptoir.now()).await {
            Err(StoreError::Conflict) => {
                let last = comptoir.store.events(id, next).await?.last().map(|event| event.seq);
                next = last.map_or(next, |last| last + 1);
            }
            other => return Ok(other.map(drop)?),
        }
    }
    Err(Code::StoreBusy.into())
}

fn form(
    comptoir: &Comptoir,
    who: &Who,
    id: &str,
    (stage, live): (&Stage, &Live),
    note: Note,
    problems: Vec<Problem>,
) -> HandoffPage {
    let file = stage.persona.file();
    let service = |entry: crate::server::pages::Entry| ServiceChoice {
        chosen: entry.id == note.service,
        id: entry.id,
        name: entry.name,
        deals_with: entry.deals_with,
    };
    let mut urgencies = UrgencyChoice::all(None);
    for urgency in &mut urgencies {
        urgency.chosen = urgency.value == note.urgency;
    }
    HandoffPage {
        site: site(&comptoir.library.content(), who.viewer()),
        id: id.to_owned(),
        title: file.title.clone(),
        caller: file.caller.name.clone(),
        ending: ending(live, stage),
        services: directory(&stage.organisation).entries.into_iter().map(service).collect(),
        urgencies,
        summary: note.summary,
        longest: MAX_CHARS,
        problems,
        lines: lines(live, &file.caller.name),
    }
}

pub(super) fn lines(live: &Live, name: &str) -> Vec<Line> {
    let said = |turn: &crate::transcript::Turn| Line {
        speaker: turn.speaker,
        name: if turn.speaker == Speaker::Trainee { "Vous".to_owned() } else { name.to_owned() },
        text: turn.text.clone(),
    };
    live.turns().iter().filter(|turn| !turn.text.is_empty()).map(said).collect()
}

/// How it ended, in one sentence.
pub(super) fn ending(live: &Live, stage: &Stage) -> String {
    let caller = &stage.persona.file().caller;
    let last_move = live.turns().iter().rev().find_map(|turn| turn.moved.as_ref());
    let phone = live.start().channel == Channel::Phone;
    let what = match (live.ended(), last_move) {
        (Some(EndedBy::Trainee), Some(Move::Transfer { service })) => {
            let service = stage.organisation.service(service).map_or(service.as_str(), |service| &service.nom);
            let verb = if phone { "transféré l'appel" } else { "adressé la personne" };
            format!("Vous avez {verb} : {service}")
        }
        (Some(EndedBy::Trainee), _) if phone => "Vous avez raccroché".to_owned(),
        (Some(EndedBy::Trainee), _) => "Vous avez pris congé".to_owned(),
        (Some(EndedBy::Character), _) => format!("{} a pris congé de vous", caller.address_as),
        (Some(EndedBy::BrokeOff), _) => format!("{} a rompu l'échange", caller.address_as),
        (Some(EndedBy::Abandoned) | None, _) => "L'échange est resté en suspens".to_owned(),
    };
    let seconds = live.turns().last().and_then(|turn| turn.end_ms).unwrap_or(0) / 1000;
    format!("{what}, après {}.", french::duration(seconds))
}

/// The value of a form field.
const fn urgency_value(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Immediate => "immediate",
        Urgency::Day => "24h",
        Urgency::Week => "week",
        Urgency::None => "none",
    }
}
