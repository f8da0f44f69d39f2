//! The exams of a person: those there are, one that begins, where it stands, its signs of life.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

use super::{fresh_content, page, site};
use crate::clock::Timestamp;
use crate::exam::{Draw, Happening, Progress, Sitting, Step};
use crate::rubric::booklet::{Booklet, Part, PartKind};
use crate::server::Comptoir;
use crate::server::booklets::{self, Exam, Opening, Sign, change, settle};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{BookletPage, Booklets, NextPart, Offer, PartLine, Sat, SituationLine, french, paths};
use crate::server::who::Who;
use crate::store::StoredBooklet;

/// An absence is told on the page for so long after it ended, in milliseconds.
const JUST_NOW_MS: i64 = 120_000;

/// The form that begins a booklet.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Begin {
    kind: String,
}

pub(in crate::server) async fn list(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let content = fresh_content(&comptoir).await?;
    let mut sat = Vec::new();
    if let Some(visitor) = who.visitor() {
        for stored in comptoir.store.booklets_of(visitor).await? {
            sat.push(sat_line(&comptoir, &stored).await?);
        }
    }
    let offers = content.booklets().map(|booklet| offer(booklet)).collect();
    Ok(page(&Booklets { site: site(&content, who.viewer()), offers, sat }))
}

fn offer(booklet: &Booklet) -> Offer {
    let parts = || booklet.file().situation.iter().flat_map(|slot| &slot.part);
    let minutes: u64 = parts().map(|part: &Part| u64::from(part.minutes)).sum();
    Offer {
        id: booklet.id().to_owned(),
        title: booklet.file().title.clone(),
        about: booklet.file().about.clone(),
        made_of: format!(
            "{}, {}",
            french::count(as_u64(booklet.file().situation.len()), "situation"),
            french::count(as_u64(parts().count()), "partie")
        ),
        lasts: long(minutes * 60_000),
    }
}

async fn sat_line(comptoir: &Comptoir, stored: &StoredBooklet) -> Result<Sat, Failure> {
    let events = comptoir.store.booklet_events(stored.id).await?;
    let sitting = Sitting::fold(&stored.draw, &events).map_err(Failure::internal)?;
    let over = |step: &u16| matches!(sitting.progress(*step), Progress::Finished | Progress::TimeUp);
    let done = (0..sitting.len()).filter(over).count();
    Ok(Sat {
        id: stored.id.to_string(),
        title: title_of(comptoir, &stored.draw),
        when: french::moment(&french::paris(stored.started_at)),
        done: format!("{} sur {}", french::count(as_u64(done), "partie"), sitting.len()),
        over: stored.ended_at.is_some(),
        open: None,
    })
}

/// The booklet's title, in force or as it was; its id once neither can be read.
fn title_of(comptoir: &Comptoir, draw: &Draw) -> String {
    let content = comptoir.library.content();
    content.booklet(&draw.booklet).map_or_else(|| draw.booklet.clone(), |booklet| booklet.file().title.clone())
}

pub(in crate::server) async fn begin(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    form: Result<Form<Begin>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(form) = form.map_err(|_| Code::BadForm)?;
    let content = fresh_content(&comptoir).await?;
    let (visitor, cookie) = who.welcome(&comptoir).await?;
    if !comptoir.limits.take(visitor, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    // A button pressed twice opens one booklet.
    for stored in comptoir.store.booklets_of(visitor).await? {
        let fresh = comptoir.now().duration_since(stored.started_at).as_secs() < 10;
        if fresh && stored.ended_at.is_none() && stored.draw.booklet == form.kind {
            return Ok(Redirect::to(&paths::booklet(&stored.id.to_string())).into_response());
        }
    }
    let opening = Opening { kind: &form.kind, assignment: None, seed: None, extra_percent: 0 };
    let id = booklets::open(&comptoir, &content, visitor, opening).await?;
    let mut response = Redirect::to(&paths::booklet(&id.to_string())).into_response();
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = settle(&comptoir, stored.id, Sign::Page).await?;
    let sitting = &exam.sitting;
    let now = comptoir.now();
    let number = sitting.current().or(sitting.next_step());
    let next = number.and_then(|step| {
        let (_, _, part) = sitting.draw().step(step)?;
        Some(NextPart {
            step,
            name: part_name(part.kind).to_owned(),
            about: part_about(part.kind),
            limit: long(sitting.limit_ms(step)),
            running: sitting.current() == Some(step),
            left: long(sitting.left_ms(step, now)),
        })
    });
    let told = told(&exam, now.as_millisecond());
    Ok(page(&BookletPage {
        site: site(&comptoir.library.content(), who.viewer()),
        id,
        title: title_of(&comptoir, sitting.draw()),
        situations: situations(sitting),
        next,
        told,
        extra_percent: sitting.extra_percent(),
        over: sitting.ended_at().is_some(),
    }))
}

/// What has just happened: an absence that was given back, a part whose time ran out.
fn told(exam: &Exam, now_ms: i64) -> Option<String> {
    let sitting = &exam.sitting;
    if sitting.ended_at().is_some() {
        return None;
    }
    let absence = sitting.absences().last().filter(|(_, _, until)| now_ms - until.as_millisecond() < JUST_NOW_MS);
    if let Some((step, from, until)) = absence
        && sitting.current() == Some(*step)
    {
        let (from, until) = (clock(*from), clock(*until));
        return Some(format!("Aucun signe de vie de {from} à {until} : ce temps vous est rendu."));
    }
    let last = sitting.next_step().filter(|_| sitting.current().is_none())?.checked_sub(1)?;
    let up = sitting.progress(last) == Progress::TimeUp;
    up.then(|| "Le temps de la partie précédente est écoulé. Ce que vous aviez fait est gardé.".to_owned())
}

fn situations(sitting: &Sitting) -> Vec<SituationLine> {
    let mut number = 0u16;
    let mut line = |step: &Step| {
        let (state, state_name) = state_of(sitting, number);
        let limit = long(sitting.limit_ms(number));
        number += 1;
        PartLine { name: part_name(step.kind).to_owned(), limit, state, state_name }
    };
    let drawn = sitting.draw().situations.iter();
    drawn
        .map(|drawn| SituationLine {
            title: drawn.title.clone(),
            channel: french::channel(drawn.channel).to_owned(),
            parts: drawn.steps.iter().map(&mut line).collect(),
        })
        .collect()
}

/// Where a part stands: for styles, and in words.
pub(super) fn state_of(sitting: &Sitting, step: u16) -> (&'static str, &'static str) {
    match sitting.progress(step) {
        Progress::Finished => ("done", "terminée"),
        Progress::TimeUp => ("up", "temps écoulé"),
        Progress::UnderWay => ("now", "en cours"),
        Progress::LeftOut => ("left-out", "non passée"),
        Progress::ToCome => ("later", "à venir"),
    }
}

pub(in crate::server) async fn stop(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    change(&comptoir, stored.id, Sign::Page, |exam| {
        Ok(exam.sitting.ended_at().is_none().then_some(Happening::Stopped))
    })
    .await?;
    settle(&comptoir, stored.id, Sign::None).await?;
    Ok(Redirect::to(&paths::booklet_report(&id)).into_response())
}

/// A sign of life: how much time is left.
pub(in crate::server) async fn ping(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = settle(&comptoir, stored.id, Sign::Ping).await?;
    let step = exam.sitting.current();
    let left_ms = step.map(|step| exam.sitting.left_ms(step, comptoir.now()));
    Ok(Json(json!({ "step": step, "left_ms": left_ms })).into_response())
}

/// The name of a part.
pub(super) const fn part_name(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Scene => "Lire l'accueil",
        PartKind::Queue => "Ordonner la file d'attente",
        PartKind::Conversation => "Mener l'échange",
        PartKind::Note => "Écrire la note de transmission",
        PartKind::Questions => "Répondre aux questions",
    }
}

/// What is to be done in a part.
const fn part_about(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Scene => "Un dessin de l'accueil avant l'ouverture : ce qui gêne, ce qui va, qui est prioritaire.",
        PartKind::Queue => {
            "Plusieurs personnes en même temps, au comptoir et au téléphone : dans quel ordre, sous quel délai."
        }
        PartKind::Conversation => "Une personne vous attend. Pas de conseils pendant l'échange.",
        PartKind::Note => "Ce que vous transmettez, à quel service, avec quelle urgence.",
        PartKind::Questions => "Quelques questions sur l'échange et sur ce qui le suit.",
    }
}

/// « 10 h 12 », by the clocks of Paris.
pub(super) fn clock(at: Timestamp) -> String {
    let at = french::paris(at);
    format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute())
}

/// « 10 min », « 3 h 07 », « 45 s ».
pub(super) fn long(ms: u64) -> String {
    let seconds = ms / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}\u{a0}s"),
        (0, minutes, 0) => format!("{minutes}\u{a0}min"),
        (0, minutes, seconds) => format!("{minutes}\u{a0}min {seconds:02}\u{a0}s"),
        (hours, minutes, _) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
