//! The rubric's conditions, tried on what was seen.
//!
//! Input: a [`Condition`] and the [`Findings`]. Output: whether it holds. Invariant: pure counting; what counts is
//! the rubric's, what is seen is [`super::findings`]'.

use std::collections::BTreeSet;

use super::findings::{Finding, Findings};
use crate::persona::{Channel, Escalation, Persona, Urgency};
use crate::rubric::{Condition, Field, Found, Kind, Place, Seen};

/// What a condition is tried on.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) persona: &'a Persona,
    pub(super) findings: &'a Findings,
    /// The indicator being marked: traps count against their own.
    pub(super) indicator: &'a str,
}

impl Case<'_> {
    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Any { any } => any.iter().any(|condition| self.holds(condition)),
            Condition::All { all } => all.iter().all(|condition| self.holds(condition)),
            Condition::Not { not } => !not.iter().any(|condition| self.holds(condition)),
            Condition::Situation { situation, is } => is.iter().any(|value| *value == self.field(*situation)),
            Condition::Seen(seen) => self.seen(seen),
        }
    }

    /// The findings of a kind that count for this indicator.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        let only_own = matches!(kind, Kind::Found(Found::Trap | Found::TrapAvoided));
        self.findings.all.iter().filter(move |finding| {
            finding.kind == kind && (!only_own || finding.against.as_deref() == Some(self.indicator))
        })
    }

    fn seen(&self, seen: &Seen) -> bool {
        let first = |kind: Option<Kind>| kind.and_then(|kind| self.of_kind(kind).map(|finding| finding.turn).min());
        let after = first(seen.after);
        let before = first(seen.before);
        if seen.after.is_some() && after.is_none() {
            return within(0, seen);
        }
        let kinds: BTreeSet<Kind> = seen.sees.iter().copied().collect();
        let counted: Vec<&Finding> = kinds
            .iter()
            .flat_map(|kind| self.of_kind(*kind))
            .filter(|finding| seen.place.is_none_or(|place| self.lies(finding.turn, place)))
            .filter(|finding| after.is_none_or(|turn| finding.turn > turn))
            .filter(|finding| before.is_none_or(|turn| finding.turn < turn))
            .filter(|finding| seen.with.iter().all(|kind| self.shows(finding.turn, *kind)))
            .filter(|finding| !seen.without.iter().any(|kind| self.shows(finding.turn, *kind)))
            .collect();
        let count = if seen.distinct {
            counted.iter().map(|finding| (finding.kind, finding.id.as_deref())).collect::<BTreeSet<_>>().len()
        } else if seen.turns {
            counted.iter().map(|finding| finding.turn).collect::<BTreeSet<_>>().len()
        } else {
            counted.len()
        };
        within(count, seen)
    }

    /// Whether a turn shows a kind.
    fn shows(&self, turn: usize, kind: Kind) -> bool {
        self.of_kind(kind).any(|finding| finding.turn == turn)
    }

    /// Whether a turn lies in a part of the conversation.
    pub(super) fn lies(&self, turn: usize, place: Place) -> bool {
        let spoken = &self.findings.spoken;
        let Some(at) = spoken.iter().position(|other| *other == turn) else { return false };
        let third = (spoken.len() / 3).max(2);
        match place {
            Place::First => at == 0,
            Place::Opening => at < 2,
            Place::Early => at < third,
            Place::Middle => at >= third && at + third < spoken.len(),
            Place::Late => at + third >= spoken.len(),
            Place::Closing => at + 2 >= spoken.len(),
        }
    }

    fn field(&self, field: Field) -> &'static str {
        let yes_no = |yes: bool| if yes { "yes" } else { "no" };
        let file = self.persona.file();
        match field {
            Field::Escalation => match file.expects.escalation {
                Escalation::Required => "required",
                Escalation::IfTension => "if_tension",
                Escalation::NotNeeded => "not_needed",
            },
            Field::Urgency => match file.expects.urgency {
                Urgency::Immediate => "immediate",
                Urgency::Day => "24h",
                Urgency::Week => "week",
                Urgency::None => "none",
            },
            Field::Channel => match file.channel {
                Channel::Desk => "desk",
                Channel::Phone => "phone",
            },
            Field::Vulnerable => yes_no(!file.caller.vulnerabilities.is_empty()),
            Field::Conflict => yes_no(file.temper.tension >= 6),
            Field::Trapped => yes_no(file.expects.traps.iter().any(|trap| trap.against == self.indicator)),
        }
    }
}

/// Whether a count lies between the bounds; without any bound, one is enough.
fn within(count: usize, seen: &Seen) -> bool {
    let at_least = seen.at_least.unwrap_or(u16::from(seen.at_most.is_none()));
    count >= usize::from(at_least) && seen.at_most.is_none_or(|most| count <= usize::from(most))
}
