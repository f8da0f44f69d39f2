//! The moments that counted: the few turns that moved the exchange most, for better or worse.
//!
//! Input: what was seen, the transcript, the marks' rubric. Output: at most three [`Moment`]s in the order of the
//! turns. Invariant: a moment quotes the trainee's own words, from the turn it names.

use super::findings::{Finding, Findings};
use super::{Level, Scorecard};
use crate::act::Act;
use crate::persona::Persona;
use crate::rubric::{Found, Given, Indicator, Kind, Rubric};
use crate::transcript::Transcript;

/// A turn that counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Position in the transcript's list of turns.
    pub turn: usize,
    /// Whether it helped.
    pub helped: bool,
    /// The trainee's words, verbatim.
    pub quote: String,
    /// What they did to the other person, in one or two sentences.
    pub effect: String,
    /// The indicator they speak to.
    pub indicator: String,
    /// Why it worked, or what would have helped.
    pub lesson: String,
    /// For what did not help: a sentence for this very situation.
    pub example: Option<String>,
}

/// What a finding weighs; negative weights harm.
pub(super) const fn weigh(kind: Kind) -> Option<i32> {
    Some(match kind {
        Kind::Act(Act::Aggression | Act::Threat) | Kind::Found(Found::Trap) => -6,
        Kind::Act(Act::Discrimination) => -5,
        Kind::Act(Act::CalmOrder | Act::Irony | Act::Judgement | Act::Doubt) => -4,
        Kind::Act(Act::Defensive | Act::Impatience | Act::Minimising | Act::Dismissal | Act::Familiarity) => -3,
        Kind::Act(Act::Interruption) | Kind::Found(Found::RestatedWrong) => -2,
        Kind::Act(Act::Jargon | Act::VagueFollowUp) => -1,
        Kind::Act(Act::Involvement) => 1,
        Kind::Found(Found::Step | Found::RuleRight) | Kind::Act(Act::Apology | Act::Example) => 2,
        Kind::Found(Found::UrgencyRight | Found::RelayRight)
        | Kind::Act(
            Act::Empathy
            | Act::Belief
            | Act::Discretion
            | Act::Adaptation
            | Act::Safety
            | Act::FollowUp
            | Act::ComprehensionCheck,
        ) => 3,
        Kind::Found(Found::NeedMet | Found::TrapAvoided) | Kind::Act(Act::AngerNamed | Act::Reformulation) => 4,
        _ => return None,
    })
}

/// The applicable indicator that a finding speaks to: a trap's own, else the first whose rules show this kind
/// first, for a good level where it helps, for a lower one where it harms; else the first that shows it at all.
fn speaks_to<'a>(finding: &Finding, helps: bool, rubric: &'a Rubric, card: &Scorecard) -> Option<&'a Indicator> {
    let applies = |id: &str| card.marks.iter().any(|mark| mark.id == id && mark.level.is_some());
    if let Some(against) = &finding.against {
        return rubric.indicator(against).filter(|indicator| applies(&indicator.id));
    }
    let shows = |indicator: &Indicator, among: usize| {
        indicator.rule.iter().any(|rule| {
            let good = rule.level == Given::Observed;
            good == helps && rule.shows.iter().take(among).any(|kind| *kind == finding.kind)
        })
    };
    let applicable = || rubric.indicators().iter().filter(|indicator| applies(&indicator.id));
    applicable()
        .find(|indicator| shows(indicator, 1))
        .or_else(|| applicable().find(|indicator| shows(indicator, usize::MAX)))
}

/// The moments that counted.
pub(super) fn choose(
    findings: &Findings,
    transcript: &Transcript,
    persona: &Persona,
    rubric: &Rubric,
    card: &Scorecard,
) -> Vec<Moment> {
    const MOST: usize = 3;
    let mut turns: Vec<Candidate<'_>> =
        findings.spoken.iter().filter_map(|turn| Candidate::of(*turn, findings, transcript, rubric, card)).collect();
    turns.sort_by_key(|candidate| (std::cmp::Reverse(candidate.weight.abs()), candidate.turn));
    let mut chosen: Vec<&Candidate<'_>> = Vec::new();
    // The worst and the best first, then whatever counted most, each on an indicator of its own.
    let worst = turns.iter().find(|candidate| candidate.weight < 0);
    let best = turns.iter().find(|candidate| candidate.weight > 0);
    for candidate in worst.into_iter().chain(best).chain(&turns) {
        let told =
            chosen.iter().any(|other| other.turn == candidate.turn || other.indicator.id == candidate.indicator.id);
        if !told && chosen.len() < MOST {
            chosen.push(candidate);
        }
    }
    chosen.sort_by_key(|candidate| candidate.turn);
    chosen.into_iter().map(|candidate| candidate.tell(transcript, persona)).collect()
}

struct Candidate<'a> {
    turn: usize,
    weight: i32,
    quote: &'a str,
    indicator: &'a Indicator,
}

impl<'a> Candidate<'a> {
    /// What a turn weighs, all findings and the mood it moved together; its sign is its heaviest finding's.
    fn of(
        turn: usize,
        findings: &'a Findings,
        transcript: &Transcript,
        rubric: &'a Rubric,
        card: &Scorecard,
    ) -> Option<Candidate<'a>> {
        let weighed: Vec<(i32, &Indicator, &str)> = findings
            .all
            .iter()
            .filter(|finding| finding.turn == turn && !finding.quote.is_empty())
            .filter(|finding| transcript.turns.get(turn).is_some_and(|turn| turn.text.contains(&finding.quote)))
            .filter_map(|finding| {
                let weight = weigh(finding.kind)?;
                Some((weight, speaks_to(finding, weight > 0, rubric, card)?, finding.quote.as_str()))
            })
            .collect();
        let (heaviest, indicator, quote) =
            weighed.iter().copied().max_by_key(|(weight, _, _)| (weight.abs(), *weight < 0))?;
        let same_sign: i32 =
            weighed.iter().map(|(weight, ..)| *weight).filter(|w| w.signum() == heaviest.signum()).sum();
        let moved: i32 = moods(transcript, turn).map(|mood| i32::from(mood.trust) - i32::from(mood.tension)).sum();
        let weight = heaviest * 2 + same_sign + if moved.signum() == heaviest.signum() { moved * 2 } else { 0 };
        Some(Candidate { turn, weight, quote, indicator })
    }

    fn tell(&self, transcript: &Transcript, persona: &Persona) -> Moment {
        let helped = self.weight > 0;
        let lesson = if helped {
            format!("Attendu par le référentiel : « {} ».", self.indicator.label)
        } else {
            self.indicator.advice_partial.clone()
        };
        let example = (!helped).then(|| persona.file().examples.get(&self.indicator.id).cloned()).flatten();
        Moment {
            turn: self.turn,
            helped,
            quote: self.quote.to_owned(),
            effect: effect(transcript, self.turn, persona, helped),
            indicator: self.indicator.id.clone(),
            lesson,
            example,
        }
    }
}

/// The movements of mood that a trainee's turn caused, where the conversation was played here.
fn moods(transcript: &Transcript, turn: usize) -> impl Iterator<Item = &crate::character::MoodMove> {
    let reply = transcript.turns[turn + 1..].iter().find(|next| !next.is_trainee());
    reply.and_then(|reply| reply.change.as_ref()).into_iter().flat_map(|change| &change.moods)
}

/// What the words did to the other person.
fn effect(transcript: &Transcript, turn: usize, persona: &Persona, helped: bool) -> String {
    let why: Vec<&str> = moods(transcript, turn)
        .filter(|mood| if helped { mood.tension <= 0 && mood.trust >= 0 } else { mood.tension > 0 || mood.trust < 0 })
        .map(|mood| mood.why.as_str())
        .filter(|why| !why.is_empty())
        .take(2)
        .collect();
    if !why.is_empty() {
        return why.join(" ");
    }
    let who = &persona.file().caller.address_as;
    if helped { format!("{who} a pu avancer avec vous.") } else { format!("{who} en attendait davantage.") }
}

/// The marks below 2 that would change the result most, at most three, from different criteria.
pub(super) fn advice(card: &Scorecard, rubric: &Rubric, persona: &Persona) -> Vec<Advice> {
    const MOST: usize = 3;
    let mut low: Vec<(f32, Advice)> = rubric
        .indicators()
        .iter()
        .zip(&card.marks)
        .filter_map(|(indicator, mark)| {
            let (lost, text) = match mark.level? {
                Level::Observed => return None,
                Level::Partial => (1.0, &indicator.advice_partial),
                Level::Missed => (2.0, &indicator.advice_missed),
            };
            let advice = Advice {
                indicator: indicator.id.clone(),
                turn: mark.evidence.first().map(|evidence| evidence.turn),
                text: text.clone(),
                example: mark
                    .better()
                    .or(persona.file().examples.get(&indicator.id).map(String::as_str))
                    .map(str::to_owned),
            };
            Some((lost * indicator.weight, advice))
        })
        .collect();
    low.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<Advice> = Vec::new();
    for (_, advice) in low {
        let criterion = |id: &str| id.rsplit_once('.').map(|(criterion, _)| criterion.to_owned());
        if chosen.len() < MOST
            && !chosen.iter().any(|other| criterion(&other.indicator) == criterion(&advice.indicator))
        {
            chosen.push(advice);
        }
    }
    chosen
}

/// Something that would have helped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The indicator it is about.
    pub indicator: String,
    /// The turn where it shows, where one can be named.
    pub turn: Option<usize>,
    /// What to do.
    pub text: String,
    /// A sentence for this very situation.
    pub example: Option<String>,
}
