//! Prepared exchanges: listed, rated, compared with their reference marks.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde_json::json;

use super::fields::{Fields, Sent};
use super::view::{axes, rated_turns, summary};
use crate::content::Content;
use crate::id::CalibrationId;
use crate::rubric::{Indicator, Rubric};
use crate::scoring::agreement::{Agreement, Levels, agreement};
use crate::scoring::{Decision, Draft, Objection, Place, Prepared, Why};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::{
    CalibratedMark, CalibrationCompare, CalibrationPage, CalibrationRate, Exercise, LastStep, PastRating, RatingForm,
    Turn, french, paths,
};
use crate::server::who::Who;
use crate::store::{Calibration, LevelPairs, StoreError};

pub(in crate::server) async fn list(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let trainer = who.trainer()?.id;
    let content = comptoir.library.content();
    let rubric = rubric(&content)?;
    let ratings = comptoir.store.calibrations(trainer).await?;
    let prepared = all(&comptoir).await?;
    let past: Vec<PastRating> = ratings.iter().filter_map(|rating| past(&content, rubric, rating)).collect();
    let exercise = |one: &Prepared| {
        let of = |rating: &&Calibration| rating.exercise == one.name;
        let last = ratings.iter().rev().filter(of).find_map(|rating| measured(rubric, rating));
        Exercise {
            name: one.name.clone(),
            title: title(&content, one),
            about: format!(
                "{}, {}",
                french::channel(one.transcript.channel),
                french::count(one.transcript.turns.len() as u64, "tour")
            ),
            under_way: ratings.iter().filter(of).any(|rating| rating.finished.is_none()),
            last: last.and_then(|found| found.pooled.kappa).map(french::kappa),
        }
    };
    let exercises = prepared.iter().map(exercise).collect();
    Ok(page(&CalibrationPage { site: site(&content, who.viewer()), exercises, past }))
}

/// The form of one exchange.
pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?.id;
    let one = find(&comptoir, &name).await?;
    let ratings = comptoir.store.calibrations(trainer).await?;
    let open = ratings.iter().find(|rating| rating.exercise == name && rating.finished.is_none());
    let (draft, version) = open.map_or((Draft::default(), 0), |open| (open.draft.clone(), open.version));
    Ok(page(&rate(&comptoir, &who, &one, &draft, version, &[])?))
}

pub(in crate::server) async fn write(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(name): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?.id;
    let one = find(&comptoir, &name).await?;
    let Form(sent) = form.map_err(|_| Code::BadForm)?;
    let fields = Fields::of(sent);
    let (draft, version) = (fields.draft(), fields.number("version"));
    let here = || Redirect::to(&paths::calibration_exercise(&name)).into_response();
    if fields.get("action") == Some("again") {
        return Ok(here());
    }
    if version == 0 {
        comptoir.store.begin_calibration(CalibrationId::new(comptoir.ulid()), trainer, &name, comptoir.now()).await?;
    }
    let ratings = comptoir.store.calibrations(trainer).await?;
    let open = ratings.into_iter().find(|rating| rating.exercise == name && rating.finished.is_none());
    let open = open.ok_or(Code::ReviewOvertaken)?;
    let version = comptoir.store.save_calibration(open.id, version, &draft, None, comptoir.now()).await;
    let version = version.map_err(overtaken)?;
    if headers.get(ACCEPT).is_some_and(|accept| accept == "application/json") {
        return Ok(Json(json!({ "version": version })).into_response());
    }
    if fields.get("action") != Some("publish") {
        return Ok(here());
    }
    let missing = one.marks.keys().filter(|id| draft.decision(id).is_none());
    let mut objections: Vec<Objection> =
        missing.map(|id| Objection { place: Place::Mark(id.clone()), why: Why::Undecided }).collect();
    objections.extend(draft.objections(None, &one.transcript));
    if !objections.is_empty() {
        let mut page = page(&rate(&comptoir, &who, &one, &draft, version, &objections)?);
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let level = |id: &String| draft.decision(id).and_then(Decision::level);
    let levels: LevelPairs = one.marks.iter().map(|(id, mark)| (id.clone(), mark.level, level(id))).collect();
    let finished = comptoir.store.save_calibration(open.id, version, &draft, Some(&levels), comptoir.now()).await;
    finished.map_err(overtaken)?;
    Ok(Redirect::to(&paths::calibration_rating(&name, &open.id.to_string())).into_response())
}

/// A finished rating beside the reference.
pub(in crate::server) async fn compare(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?.id;
    let one = find(&comptoir, &name).await?;
    let content = comptoir.library.content();
    let rubric = rubric(&content)?;
    let ratings = comptoir.store.calibrations(trainer).await?;
    let own = |rating: &Calibration| rating.exercise == name && rating.id.to_string() == id;
    let rating = ratings.into_iter().find(own).ok_or(Code::NotFound)?;
    let (Some((at, levels)), Some(found)) = (&rating.finished, measured(rubric, &rating)) else {
        return Ok(Redirect::to(&paths::calibration_exercise(&name)).into_response());
    };
    let given: std::collections::BTreeMap<&String, _> =
        levels.iter().map(|(id, reference, mine)| (id, (*reference, *mine))).collect();
    let marks = rubric.indicators().iter().filter_map(|indicator| {
        let (reference, mine) = *given.get(&indicator.id)?;
        let apart = u8::from(reference.is_some() != mine.is_some()) * 2
            + reference.zip(mine).map_or(0, |(a, b)| u8::from(a).abs_diff(u8::from(b)));
        Some((apart, calibrated(&one, &rating.draft, indicator, (reference, mine))))
    });
    let (mut differing, agreed): (Vec<_>, Vec<_>) = marks.partition(|(apart, _)| *apart > 0);
    differing.sort_by_key(|(apart, _)| std::cmp::Reverse(*apart));
    let without = |marks: Vec<(u8, CalibratedMark)>| marks.into_iter().map(|(_, mark)| mark).collect();
    let kappa = found.pooled.kappa.map(french::kappa).unwrap_or_default();
    Ok(page(&CalibrationCompare {
        site: site(&content, who.viewer()),
        title: title(&content, &one),
        name,
        finished_on: french::moment(&french::paris(*at)),
        summary: format!(
            "{} sur {} sont celles de la référence ; kappa pondéré : {kappa}.",
            french::count(agreed.len() as u64, "cotation"),
            agreed.len() + differing.len()
        ),
        differing: without(differing),
        agreed: without(agreed),
    }))
}

fn calibrated(
    one: &Prepared,
    draft: &Draft,
    indicator: &Indicator,
    (reference, mine): (Option<crate::scoring::Level>, Option<crate::scoring::Level>),
) -> CalibratedMark {
    use crate::scoring::Level;
    let entry = draft.entries.get(&indicator.id).cloned().unwrap_or_default();
    let words = one.marks.get(&indicator.id).and_then(|mark| mark.evidence.as_ref());
    CalibratedMark {
        id: indicator.id.clone(),
        label: indicator.label.clone(),
        mine: french::level(mine),
        because: [entry.reason, entry.words].into_iter().filter(|text| !text.is_empty()).collect(),
        reference: french::level(reference),
        words: words.filter(|shown| !shown.quote.is_empty()).map(|shown| (shown.turn + 1, shown.quote.clone())),
        guide: match reference {
            Some(Level::Observed) => indicator.observed.clone(),
            Some(Level::Partial) => indicator.partial.clone(),
            Some(Level::Missed) => indicator.missed.clone(),
            None => indicator.precision.clone().unwrap_or_default(),
        },
    }
}

fn rate(
    comptoir: &Comptoir,
    who: &Who,
    one: &Prepared,
    draft: &Draft,
    version: u32,
    objections: &[Objection],
) -> Result<CalibrationRate, Failure> {
    let content = comptoir.library.content();
    let rubric = rubric(&content)?;
    let persona = content.persona(&one.transcript.persona);
    let caller = persona.map_or("La personne", |persona| persona.file().caller.name.as_str());
    let turns = one.transcript.turns.iter().enumerate().map(|(index, turn)| Turn {
        index,
        speaker: turn.speaker,
        name: if turn.is_trainee() { "Le stagiaire".to_owned() } else { caller.to_owned() },
        at: turn.start_ms.map(|ms| french::timer(ms / 1_000)).unwrap_or_default(),
        text: turn.text.clone(),
        cue: turn.cue.clone(),
        action: turn.moved.as_ref().map(|_| "Fait un geste professionnel (attente, transfert ou appel).".to_owned()),
        quotes: Vec::new(),
        asides: Vec::new(),
        recognised: None,
        cut: turn.interrupted,
        unsaid: None,
        comment: None,
        sound: None,
        from: None,
    });
    let asked = |indicator: &Indicator| one.marks.contains_key(&indicator.id);
    Ok(CalibrationRate {
        site: site(&content, who.viewer()),
        title: title(&content, one),
        channel: french::channel(one.transcript.channel),
        about: persona.map(|persona| persona.file().need.clone()).unwrap_or_default(),
        form: RatingForm {
            action: paths::calibration_exercise(&one.name),
            version,
            base: 0,
            turns: rated_turns(turns.collect(), draft, objections),
            handoff: None,
            axes: axes(rubric, draft, objections, &asked, &|_| None),
            general: None,
            undecided: one.marks.keys().filter(|id| draft.decision(id).is_none()).count(),
            blind: true,
            objections: summary(objections),
            last: LastStep::Compare,
        },
    })
}

fn past(content: &Content, rubric: &Rubric, rating: &Calibration) -> Option<PastRating> {
    let (at, _) = rating.finished.as_ref()?;
    let found = measured(rubric, rating)?;
    let kappa = found.pooled.kappa?;
    let title = content.persona(rating.exercise.rsplit_once('-').map_or("", |(persona, _)| persona));
    Some(PastRating {
        day: french::date(french::paris(*at).date()),
        title: title.map_or(&rating.exercise, |persona| &persona.file().title).clone(),
        kappa,
        kappa_text: french::kappa(kappa),
        exact: format!("{} sur {}", found.pooled.exact, found.pooled.items),
        href: paths::calibration_rating(&rating.exercise, &rating.id.to_string()),
    })
}

/// A finished rating against the reference it was given for.
fn measured(rubric: &Rubric, rating: &Calibration) -> Option<Agreement> {
    let (_, levels) = rating.finished.as_ref()?;
    let (reference, mine): (Levels, Levels) =
        levels.iter().map(|(id, reference, mine)| ((id.clone(), *reference), (id.clone(), *mine))).unzip();
    Some(agreement(rubric, [(&reference, &mine)]))
}

fn title(content: &Content, one: &Prepared) -> String {
    let persona = content.persona(&one.transcript.persona);
    persona.map_or(&one.name, |persona| &persona.file().title).clone()
}

fn rubric(content: &Content) -> Result<&Rubric, Failure> {
    let rubric = content.rubrics().next().ok_or_else(|| Failure::internal("no rubric in force"))?;
    Ok(rubric)
}

async fn all(comptoir: &Arc<Comptoir>) -> Result<Vec<Prepared>, Failure> {
    let library = Arc::clone(&comptoir.library);
    tokio::task::spawn_blocking(move || library.prepared()).await.map_err(Failure::internal)
}

async fn find(comptoir: &Arc<Comptoir>, name: &str) -> Result<Prepared, Failure> {
    Ok(all(comptoir).await?.into_iter().find(|one| one.name == name).ok_or(Code::NotFound)?)
}

fn overtaken(error: StoreError) -> Failure {
    match error {
        StoreError::Conflict => Code::ReviewOvertaken.into(),
        error => error.into(),
    }
}
