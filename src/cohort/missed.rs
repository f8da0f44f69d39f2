//! The indicators that a group misses most, and where to look for examples.

use std::collections::BTreeMap;

use super::heat::count;
use super::{Attempt, Cohort};
use crate::id::{ConversationId, VisitorId};
use crate::scoring::Level;

/// How many marks of how many trainees an indicator needs before it counts as missed.
const MARKS: u32 = 4;
const TRAINEES: usize = 2;

/// How many conversations are named where examples may be found.
const CANDIDATES: usize = 12;

/// One indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Its id.
    pub indicator: String,
    /// How many times it was observed.
    pub observed: u32,
    /// Partly.
    pub partial: u32,
    /// Missed.
    pub missed: u32,
    /// Of how many trainees.
    pub trainees: u32,
    /// Conversations where it was missed or partial, best examples first: missed before partial, as many trainees as
    /// there are, the latest of each.
    pub examples: Vec<ConversationId>,
}

impl Missed {
    /// How many times it applied.
    pub const fn marks(&self) -> u32 {
        self.observed + self.partial + self.missed
    }

    /// How often it was not fully there, as a share of 0 to 100.
    pub fn share(&self) -> u8 {
        let marks = u64::from(self.marks()).max(1);
        let short = u64::from(self.missed) + u64::from(self.partial);
        u8::try_from((short * 100 + marks / 2) / marks).unwrap_or(100)
    }

    /// What is lost, in half marks of all there were: the higher, the more it is missed.
    fn lost(&self) -> (u64, u64) {
        (u64::from(self.missed) * 2 + u64::from(self.partial), u64::from(self.marks()) * 2)
    }
}

impl Cohort {
    /// The indicators missed most, `most` at most; none that was always observed, none with too few marks.
    pub fn most_missed(&self, most: usize) -> Vec<Missed> {
        let mut by: BTreeMap<&str, Vec<(&Attempt, Level)>> = BTreeMap::new();
        for attempt in self.attempts() {
            for (id, level) in &attempt.marks {
                by.entry(id).or_default().push((attempt, *level));
            }
        }
        let mut all: Vec<(Missed, Vec<(&Attempt, Level)>)> = by
            .into_iter()
            .filter_map(|(id, marks)| {
                let of = |level| count(marks.iter().filter(|(_, other)| *other == level).count());
                let mut trainees: Vec<VisitorId> = marks.iter().map(|(attempt, _)| attempt.trainee).collect();
                trainees.dedup();
                let missed = Missed {
                    indicator: id.to_owned(),
                    observed: of(Level::Observed),
                    partial: of(Level::Partial),
                    missed: of(Level::Missed),
                    trainees: count(trainees.len()),
                    examples: Vec::new(),
                };
                let told = missed.marks() >= MARKS && trainees.len() >= TRAINEES && missed.lost().0 > 0;
                told.then_some((missed, marks))
            })
            .collect();
        all.sort_by(|(one, _), (two, _)| {
            let ((a, b), (c, d)) = (one.lost(), two.lost());
            (c * b).cmp(&(a * d)).then(two.marks().cmp(&one.marks())).then_with(|| one.indicator.cmp(&two.indicator))
        });
        all.truncate(most);
        all.into_iter().map(|(missed, marks)| Missed { examples: examples(marks), ..missed }).collect()
    }
}

/// One trainee after the other, and of each the worst and latest first.
fn examples(mut marks: Vec<(&Attempt, Level)>) -> Vec<ConversationId> {
    marks.retain(|(_, level)| *level != Level::Observed);
    marks.sort_by_key(|(attempt, level)| (*level, std::cmp::Reverse((attempt.at, attempt.conversation))));
    let mut taken: BTreeMap<VisitorId, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, ConversationId)> = marks
        .iter()
        .map(|(attempt, _)| {
            let rank = taken.entry(attempt.trainee).or_default();
            *rank += 1;
            (*rank, attempt.conversation)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(CANDIDATES).map(|(_, conversation)| conversation).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, with_marks};
    use super::*;

    #[test]
    fn what_is_lost_most_comes_first_and_what_is_always_there_never() {
        let rows = (1..=4).map(|who| {
            let marks = [("1.a", 0), ("2.a", 1), ("3.a", 2), ("4.a", if who == 1 { 0 } else { 2 })];
            with_marks(attempt(who, "a", u32::try_from(who).unwrap(), 0), &marks)
        });
        let found = Cohort::of(rows.collect()).most_missed(10);
        let told: Vec<(&str, u8, u32)> =
            found.iter().map(|one| (one.indicator.as_str(), one.share(), one.trainees)).collect();
        assert_eq!(told, [("1.a", 100, 4), ("2.a", 100, 4), ("4.a", 25, 4)]);
    }

    #[test]
    fn few_marks_or_one_trainee_say_nothing_of_a_group() {
        let one_trainee = (1..=9).map(|minute| with_marks(attempt(1, "a", minute, 0), &[("1.a", 0)]));
        assert_eq!(Cohort::of(one_trainee.collect()).most_missed(5), []);
        let three = (1..=3).map(|who| with_marks(attempt(who, "a", 1, 0), &[("1.a", 0)]));
        assert_eq!(Cohort::of(three.collect()).most_missed(5), []);
    }

    #[test]
    fn examples_come_from_as_many_trainees_as_there_are_missed_before_partial() {
        let rows = vec![
            with_marks(attempt(1, "a", 1, 0), &[("1.a", 0)]),
            with_marks(attempt(1, "a", 2, 0), &[("1.a", 0)]),
            with_marks(attempt(2, "a", 3, 0), &[("1.a", 1)]),
            with_marks(attempt(3, "a", 4, 0), &[("1.a", 2)]),
        ];
        let cohort = Cohort::of(rows);
        let minutes: Vec<i64> = cohort.most_missed(1)[0]
            .examples
            .iter()
            .filter_map(|id| cohort.attempts().iter().find(|attempt| attempt.conversation == *id))
            .map(|attempt| (attempt.at.as_second() - 1_772_442_000) / 60)
            .collect();
        assert_eq!(minutes, [2, 3, 1]);
    }
}
