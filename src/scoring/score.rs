//! From a transcript to its scorecard, by the rubric's rules.
//!
//! Input: transcript, persona, its ears, rubric. Output: [`Scorecard`]. Invariant: pure, so that deleting every
//! scorecard and scoring again gives the same marks; a mark of 1 or 2 shows words of
//! the trainee, unless it judges the handoff note.

use std::collections::BTreeSet;

use super::checks::Case;
use super::findings::{Findings, first_sentence, look};
use super::moments;
use super::scorecard::{Evidence, Level, Mark, Score, Scorecard};
use crate::hearing::Ears;
use crate::persona::Persona;
use crate::rubric::{Found, Given, Indicator, Kind, Rubric, Rule};
use crate::transcript::Transcript;

/// Marks a transcript.
pub fn score(transcript: &Transcript, persona: &Persona, ears: &Ears, rubric: &Rubric) -> Scorecard {
    mark(&look(transcript, persona, ears), transcript, persona, rubric)
}

/// Marks what was seen.
pub fn mark(findings: &Findings, transcript: &Transcript, persona: &Persona, rubric: &Rubric) -> Scorecard {
    let marks: Vec<Mark> = rubric
        .indicators()
        .iter()
        .map(|indicator| {
            let case = Case { persona, findings, indicator: &indicator.id };
            mark_one(indicator, &case, transcript)
        })
        .collect();
    Scorecard {
        persona: persona.id().to_owned(),
        persona_hash: persona.hash().to_owned(),
        rubric: rubric.id().to_owned(),
        rubric_hash: rubric.hash().to_owned(),
        engine: concat!("rules ", env!("CARGO_PKG_VERSION")).to_owned(),
        axes: Vec::new(),
        competences: Vec::new(),
        criteria: Vec::new(),
        model: None,
        marks,
    }
    .summed_up(rubric)
}

impl Scorecard {
    /// The same marks, and the scores that follow from them.
    pub(super) fn summed_up(mut self, rubric: &Rubric) -> Scorecard {
        let grouped =
            |ids: &mut dyn Iterator<Item = String>, of: &dyn Fn(&Indicator) -> Option<String>| -> Vec<Score> {
                ids.map(|id| {
                    let members: Vec<(&Indicator, &Mark)> = rubric
                        .indicators()
                        .iter()
                        .zip(&self.marks)
                        .filter(|(indicator, _)| of(indicator).as_ref() == Some(&id))
                        .collect();
                    Score { score: mean(&members), id }
                })
                .collect()
            };
        let file = rubric.file();
        let criterion = |indicator: &Indicator| rubric.criterion_of(indicator).map(|criterion| criterion.id.clone());
        let competence =
            |indicator: &Indicator| rubric.criterion_of(indicator).map(|criterion| criterion.competence.clone());
        let axes = grouped(&mut file.axis.iter().map(|axis| axis.id.clone()), &|one| Some(one.axis.clone()));
        let competences = grouped(&mut file.competence.iter().map(|one| one.id.clone()), &competence);
        let criteria = grouped(&mut file.criterion.iter().map(|one| one.id.clone()), &criterion);
        (self.axes, self.competences, self.criteria) = (axes, competences, criteria);
        self
    }
}

/// The weighted mean of levels, 0 to 100.
fn mean(members: &[(&Indicator, &Mark)]) -> Option<u8> {
    let (sum, weights) = members.iter().fold((0.0f32, 0.0f32), |(sum, weights), (indicator, mark)| match mark.level {
        Some(level) => (sum + indicator.weight * f32::from(u8::from(level)) / 2.0, weights + indicator.weight),
        None => (sum, weights),
    });
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of 0 to 1, times 100, rounded"
    )]
    (weights > 0.0).then(|| (sum / weights * 100.0).round() as u8)
}

fn mark_one(indicator: &Indicator, case: &Case<'_>, transcript: &Transcript) -> Mark {
    let beside_the_point = |reason: &str| Mark {
        id: indicator.id.clone(),
        level: None,
        evidence: Vec::new(),
        reason: reason.to_owned(),
        second: None,
        automatic: None,
    };
    if indicator.note && transcript.handoff.is_none() {
        return beside_the_point("Sans objet : aucune note de transmission n'a été écrite.");
    }
    let not_applicable = case.persona.file().not_applicable.contains(&indicator.id);
    let rule = indicator
        .rule
        .iter()
        .filter(|rule| !not_applicable || rule.even_if_not_applicable)
        .find(|rule| rule.when.iter().all(|condition| case.holds(condition)));
    let Some(rule) = rule else {
        return beside_the_point("Sans objet dans cette situation.");
    };
    let level = match rule.level {
        Given::Observed => Some(Level::Observed),
        Given::Partial => Some(Level::Partial),
        Given::Missed => Some(Level::Missed),
        Given::NotApplicable => None,
    };
    let quotes = level.is_some() && !indicator.note;
    let mut evidence = if quotes { evidence(rule, case, transcript) } else { Vec::new() };
    if evidence.is_empty()
        && quotes
        && let Some(level) = level
    {
        evidence.extend(elsewhere(rule, case, transcript, level));
    }
    let quote = evidence.first().map(|evidence| evidence.quote.trim_end_matches(['.', ' '])).unwrap_or_default();
    Mark {
        id: indicator.id.clone(),
        level,
        reason: rule.reason.replace("{quote}", quote),
        evidence,
        second: None,
        automatic: None,
    }
}

/// Up to three verified quotes of the kinds that the rule shows, from different turns.
fn evidence(rule: &Rule, case: &Case<'_>, transcript: &Transcript) -> Vec<Evidence> {
    const MOST: usize = 3;
    let mut turns = BTreeSet::new();
    rule.shows
        .iter()
        .flat_map(|kind| case.of_kind(*kind))
        .filter(|finding| !finding.quote.is_empty())
        .filter(|finding| transcript.turns.get(finding.turn).is_some_and(|turn| turn.text.contains(&finding.quote)))
        .filter(|finding| turns.insert(finding.turn))
        .take(MOST)
        .map(|finding| Evidence { turn: finding.turn, quote: finding.quote.clone() })
        .collect()
}

/// Without words of its own: for a 0 or 1 the turn where it was expected; for a level that nothing contradicts,
/// the words that stand for the whole exchange.
fn elsewhere(rule: &Rule, case: &Case<'_>, transcript: &Transcript, level: Level) -> Option<Evidence> {
    let spoken = &case.findings.spoken;
    let turn = match rule.expected {
        // A short exchange has no middle: then the turn that stands for it.
        Some(place) => {
            spoken.iter().copied().rfind(|turn| case.lies(*turn, place)).or_else(|| representative(case, spoken))?
        }
        None if level == Level::Missed => return None,
        None => representative(case, spoken)?,
    };
    let quote = match level {
        Level::Missed => String::new(),
        _ => first_sentence(&transcript.turns[turn].text),
    };
    Some(Evidence { turn, quote })
}

/// The turn that stands for the whole: where the conversation was hardest and nothing was said amiss, else the middle
/// of the turns without a fault, else the middle.
fn representative(case: &Case<'_>, spoken: &[usize]) -> Option<usize> {
    let amiss = |turn: &usize| {
        case.findings
            .all
            .iter()
            .any(|finding| finding.turn == *turn && moments::weigh(finding.kind).is_some_and(|weight| weight < 0))
    };
    let clean: Vec<usize> = spoken.iter().copied().filter(|turn| !amiss(turn)).collect();
    let hardest =
        case.of_kind(Kind::Found(Found::Irritated)).map(|finding| finding.turn).find(|turn| clean.contains(turn));
    hardest.or_else(|| clean.get(clean.len() / 2).copied()).or_else(|| spoken.get(spoken.len() / 2).copied())
}
