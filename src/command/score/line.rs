//! A scorecard as one JSON object: what programs read.

use anyhow::Context as _;
use serde::Serialize;

use crate::scoring::{By, Evidence, Judge, Level, Mark, Report, Score, Second, Speech};

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    persona: &'a str,
    rubric: &'a str,
    criteria: Vec<CriterionLine<'a>>,
    axes: &'a [Score],
    competences: &'a [Score],
    #[serde(rename = "cr")]
    by_criterion: &'a [Score],
    engine: &'a str,
    /// The model that judged beside the rules; absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    judge: Option<&'a Judge>,
    speech: Option<&'a Speech>,
}

#[derive(Serialize)]
struct CriterionLine<'a> {
    id: &'a str,
    level: Option<Level>,
    evidence: &'a [Evidence],
    reason: &'a str,
    /// What a model adds; absent where it said nothing usable.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    sides: Option<Sides<'a>>,
}

/// Both judges of a mark.
#[derive(Serialize)]
struct Sides<'a> {
    /// Whose mark counts: `rules`, `model`.
    by: By,
    rules: Option<Level>,
    model: Option<Level>,
    /// Whether a trainer should look at it first.
    to_verify: bool,
    /// Why the other gives its level.
    other_reason: &'a str,
    better: Option<&'a str>,
    votes: &'a [Level],
}

/// The line, without its end.
pub(super) fn line<'a>(file: &'a str, report: &'a Report) -> anyhow::Result<String> {
    let card = &report.scorecard;
    let criterion = |mark: &'a Mark| {
        let Mark { id, level, evidence, reason, second, automatic: _ } = mark;
        CriterionLine {
            id,
            level: *level,
            evidence,
            reason,
            sides: second.as_deref().map(|second| sides(*level, second)),
        }
    };
    let line = Line {
        file,
        persona: &card.persona,
        rubric: &card.rubric,
        criteria: card.marks.iter().map(criterion).collect(),
        axes: &card.axes,
        competences: &card.competences,
        by_criterion: &card.criteria,
        engine: &card.engine,
        judge: card.model.as_deref(),
        speech: report.speech.as_ref(),
    };
    serde_json::to_string(&line).context("write a scorecard")
}

fn sides(counts: Option<Level>, second: &Second) -> Sides<'_> {
    let (rules, model) = match second.by {
        By::Rules | By::Trainer => (counts, Some(second.other)),
        By::Model => (Some(second.other), counts),
    };
    Sides {
        by: second.by,
        rules,
        model,
        to_verify: second.doubt.is_some(),
        other_reason: &second.other_reason,
        better: second.better.as_deref(),
        votes: &second.votes,
    }
}
