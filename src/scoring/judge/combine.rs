//! The rules' marks completed by a model's.
//!
//! Input: the rules' scorecard, what a model [`Judged`], the transcript. Output: one [`Scorecard`] with both. Invariant:
//! a model's level counts only where words of the trainee prove it in the transcript as it stands now, and never moves
//! a mark by two levels; everything else is the rules', and told apart where in doubt.

use super::aside::Quotable;
use super::claim::still_holds;
use super::{Judged, Opinion};
use crate::rubric::Rubric;
use crate::scoring::{By, Evidence, InDoubt, Judge, Level, Mark, Scorecard, Second};
use crate::transcript::Transcript;

/// Completes the rules' scorecard; `rubric` is the one that made it.
pub fn combine(rules: &Scorecard, judged: &Judged, rubric: &Rubric, transcript: &Transcript) -> Scorecard {
    let quotable = Quotable::of(transcript);
    let mark = |mark: &Mark| match (mark.level, judged.opinion(&mark.id)) {
        (Some(level), Some(opinion)) => both(mark, level, opinion, &quotable),
        (None, _) | (_, None) => mark.clone(),
    };
    let judge = Judge {
        model: judged.model.clone(),
        prompt_version: judged.prompt_version,
        prompt_hash: judged.prompt_hash.clone(),
        votes: judged.votes,
        calls: judged.calls,
        prompt_tokens: judged.prompt_tokens,
        completion_tokens: judged.completion_tokens,
        took_ms: judged.took_ms,
        given_up: judged.given_up.clone(),
    };
    let combined = Scorecard {
        marks: rules.marks.iter().map(mark).collect(),
        engine: format!("{} + {} (prompt {})", rules.engine, judged.model, judged.prompt_version),
        model: Some(Box::new(judge)),
        ..rules.clone()
    };
    combined.summed_up(rubric)
}

fn both(rules: &Mark, level: Level, opinion: &Opinion, quotable: &Quotable<'_>) -> Mark {
    let held: Vec<Evidence> =
        opinion.evidence.iter().filter(|evidence| still_holds(quotable, evidence)).cloned().collect();
    let quoted = held.iter().any(|evidence| !evidence.quote.is_empty());
    let proven = opinion.proven
        && match opinion.level {
            // What was not done has no words; but words that proved it and are gone prove nothing any more.
            Level::Missed => held.len() == opinion.evidence.len(),
            Level::Partial | Level::Observed => quoted,
        };
    let doubt = if u8::from(level).abs_diff(u8::from(opinion.level)) > 1 {
        Some(InDoubt::FarApart)
    } else if proven {
        None
    } else {
        Some(InDoubt::Unproven)
    };
    let (better, votes) = (opinion.better.clone(), opinion.votes.clone());
    if doubt.is_some() {
        let second = Second {
            by: By::Rules,
            other: opinion.level,
            other_reason: opinion.reason.clone(),
            other_evidence: held,
            doubt,
            better,
            votes,
        };
        return Mark { second: Some(Box::new(second)), ..rules.clone() };
    }
    let second = Second {
        by: By::Model,
        other: level,
        other_reason: rules.reason.clone(),
        other_evidence: rules.evidence.clone(),
        doubt,
        better,
        votes,
    };
    // The same level without words of its own: the rules' say where.
    let evidence = if held.is_empty() && level == opinion.level { rules.evidence.clone() } else { held };
    Mark {
        id: rules.id.clone(),
        level: Some(opinion.level),
        evidence,
        reason: opinion.reason.clone(),
        second: Some(Box::new(second)),
        automatic: None,
    }
}
