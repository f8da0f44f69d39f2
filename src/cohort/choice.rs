//! Which attempts count, where a trainee has tried a situation more than once.

use std::collections::BTreeMap;

use super::{Attempt, Cohort};
use crate::id::VisitorId;

/// Which of several attempts at the same situation count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// The first: where people come from.
    First,
    /// The last: where they are.
    Last,
    /// The one with the best result; of equals, the last.
    Best,
}

impl Which {
    /// Every choice, in the order in which it is offered.
    pub const ALL: [Which; 4] = [Which::All, Which::First, Which::Last, Which::Best];

    /// The attempts that count.
    pub fn of(self, cohort: &Cohort) -> Cohort {
        if self == Which::All {
            return cohort.clone();
        }
        let mut kept: BTreeMap<(VisitorId, &str), &Attempt> = BTreeMap::new();
        for attempt in cohort.attempts() {
            let key = (attempt.trainee, attempt.situation.as_str());
            let counts = match (self, kept.get(&key)) {
                (_, None) | (Which::All | Which::Last, Some(_)) => true,
                (Which::First, Some(_)) => false,
                (Which::Best, Some(other)) => attempt.overall >= other.overall,
            };
            if counts {
                kept.insert(key, attempt);
            }
        }
        let mut attempts: Vec<Attempt> = kept.into_values().cloned().collect();
        attempts.sort_by_key(|attempt| (attempt.trainee, attempt.number));
        Cohort::from_sorted(attempts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::attempt;
    use super::*;

    #[test]
    fn one_attempt_a_situation_counts_unless_all_do() {
        let cohort = Cohort::of(vec![
            attempt(1, "a", 1, 40),
            attempt(1, "a", 2, 70),
            attempt(1, "b", 3, 10),
            attempt(1, "a", 4, 55),
            attempt(2, "a", 5, 90),
        ]);
        let check = |which: Which, expect: &[u8]| {
            let results: Vec<u8> = which.of(&cohort).attempts().iter().filter_map(|attempt| attempt.overall).collect();
            assert_eq!(results, expect, "{which:?}");
        };
        check(Which::All, &[40, 70, 10, 55, 90]);
        check(Which::First, &[40, 10, 90]);
        check(Which::Last, &[10, 55, 90]);
        check(Which::Best, &[70, 10, 90]);
    }

    #[test]
    fn a_result_is_better_than_none_and_of_equals_the_last_counts() {
        let mut without = attempt(1, "a", 2, 0);
        without.overall = None;
        let cohort = Cohort::of(vec![attempt(1, "a", 1, 60), without, attempt(1, "a", 3, 60)]);
        assert_eq!(Which::Best.of(&cohort).attempts()[0].number, 3);
    }
}
