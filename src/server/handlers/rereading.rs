//! What a model made of the exchange: from the review to the scorecard's parts on it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::card::evidence;
use crate::review::Review;
use crate::scoring::{By, InDoubt, Judge, Mark, Second};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::{Rereading, Sides, faults, french};
use crate::server::who::Who;
use crate::store::JudgingState;

/// How much of a prompt's hash is shown.
const HASH_CHARS: usize = 8;

/// Where it stands, for the page that waits.
pub(in crate::server) async fn state(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let (conversation, _) = who.readable(&comptoir, &id).await?;
    let judging = comptoir.store.judging(conversation.id).await?;
    let state = judging.filter(|_| comptoir.judge.is_some()).map_or("none", |judging| match judging.state {
        JudgingState::Due => "due",
        JudgingState::Done => "done",
        JudgingState::GivenUp => "given_up",
    });
    Ok(Json(json!({ "state": state })))
}

/// What the page says of it; `judged_here`: whether a model judges in this service now.
pub(super) fn rereading(review: &Review, judged_here: bool) -> Option<Rereading> {
    let judging = review.judging.as_ref()?;
    match judging.state {
        JudgingState::Due if judged_here => Some(Rereading::UnderWay),
        JudgingState::GivenUp => {
            let why = judging.failure.as_deref().map(faults::told).unwrap_or_default();
            Some(Rereading::GivenUp(why))
        }
        JudgingState::Due | JudgingState::Done => {
            let judge = review.report.scorecard.model.as_ref()?;
            let to_check = review.report.scorecard.marks.iter().filter(|mark| mark.in_doubt().is_some()).count();
            Some(Rereading::Done { to_check, left_out: left_out(review, judge) })
        }
    }
}

fn left_out(review: &Review, judge: &Judge) -> Vec<String> {
    let told = |(axis, code): &(String, String)| {
        let name = review.rubric.axis(axis).map_or(axis.as_str(), |axis| axis.name.as_str());
        format!("Axe {name} : cotation des règles seules ({}).", faults::told(code))
    };
    judge.given_up.iter().map(told).collect()
}

/// Both sides of a mark on which the rules and the model do not agree.
pub(super) fn sides(mark: &Mark) -> Option<Sides> {
    let Second { by, other, other_reason, other_evidence, .. } = mark.differs()?;
    let (rules, model) = ("Les règles".to_owned(), "Le modèle".to_owned());
    let (by, other_by) = match by {
        By::Rules | By::Trainer => (rules, model),
        By::Model => (model, rules),
    };
    Some(Sides {
        by,
        other_by,
        other: *other,
        other_reason: other_reason.clone(),
        other_evidence: evidence(other_evidence),
    })
}

/// Why a trainer should look at a mark first.
pub(super) fn doubt(mark: &Mark) -> Option<String> {
    let doubt = mark.in_doubt()?;
    let why = match doubt {
        InDoubt::FarApart => {
            "Les règles et le modèle sont à deux niveaux l'un de l'autre : celui des règles est gardé."
        }
        InDoubt::Unproven if mark.differs().is_some() => {
            "Le modèle ne cite aucun mot qui prouve son niveau : celui des règles est gardé."
        }
        InDoubt::Unproven => "Le modèle donne le même niveau, sans mot qui le prouve.",
    };
    Some(why.to_owned())
}

/// Under which conditions it judged: « relu par un-modele (consigne 1, 9f2c41ab), … ».
pub(super) fn provenance(judge: &Judge) -> String {
    let hash: String = judge.prompt_hash.chars().take(HASH_CHARS).collect();
    let votes = match judge.votes {
        1 => "une cotation par indicateur".to_owned(),
        n => format!("médiane de {n} cotations par indicateur"),
    };
    format!(
        "relu par {} (consigne {}, {hash}), {votes}, {}, {}\u{a0}jetons lus et {} écrits en {}",
        judge.model,
        judge.prompt_version,
        french::count(judge.calls.into(), "question"),
        french::number(judge.prompt_tokens),
        french::number(judge.completion_tokens),
        french::short_time(judge.took_ms * 1_000),
    )
}
