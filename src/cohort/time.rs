//! Time spent, by trainee and situation.

use std::collections::BTreeMap;

use super::Cohort;
use crate::id::VisitorId;

/// How long and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Time on task, in seconds.
    pub seconds: u64,
    /// Conversations.
    pub attempts: u32,
}

impl Spent {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Spent) -> Spent {
        Spent { seconds: self.seconds.saturating_add(other.seconds), attempts: self.attempts + other.attempts }
    }
}

/// Time spent by a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// By trainee and situation.
    pub cells: BTreeMap<(VisitorId, String), Spent>,
}

impl Times {
    /// A trainee, over all situations.
    pub fn of_trainee(&self, trainee: VisitorId) -> Spent {
        self.sum(|who, _| who == trainee)
    }

    /// A situation, over all trainees.
    pub fn of_situation(&self, situation: &str) -> Spent {
        self.sum(|_, what| what == situation)
    }

    /// All together.
    pub fn all(&self) -> Spent {
        self.sum(|_, _| true)
    }

    /// The situations, most time first.
    pub fn situations(&self) -> Vec<(&str, Spent)> {
        let mut by: BTreeMap<&str, Spent> = BTreeMap::new();
        for ((_, situation), spent) in &self.cells {
            let sum = by.entry(situation).or_default();
            *sum = sum.and(*spent);
        }
        let mut by: Vec<(&str, Spent)> = by.into_iter().collect();
        by.sort_by_key(|(_, spent)| std::cmp::Reverse(spent.seconds));
        by
    }

    fn sum(&self, of: impl Fn(VisitorId, &str) -> bool) -> Spent {
        let cells = self.cells.iter().filter(|((who, what), _)| of(*who, what));
        cells.fold(Spent::default(), |sum, (_, spent)| sum.and(*spent))
    }
}

impl Cohort {
    /// Time spent; a conversation whose time is not known counts as one without time.
    pub fn times(&self) -> Times {
        let mut times = Times::default();
        for attempt in self.attempts() {
            let cell = times.cells.entry((attempt.trainee, attempt.situation.clone())).or_default();
            *cell = cell.and(Spent { seconds: attempt.seconds.unwrap_or(0), attempts: 1 });
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, trainee};
    use super::*;

    #[test]
    fn time_is_summed_by_trainee_by_situation_and_over_all() {
        let mut unknown = attempt(2, "b", 4, 10);
        unknown.seconds = None;
        let rows = vec![attempt(1, "a", 1, 10), attempt(1, "a", 2, 10), attempt(1, "b", 3, 10), unknown];
        let times = Cohort::of(rows).times();
        let spent = |seconds, attempts| Spent { seconds, attempts };
        assert_eq!(times.of_trainee(trainee(1)), spent(900, 3));
        assert_eq!(times.of_trainee(trainee(2)), spent(0, 1));
        assert_eq!(times.of_trainee(trainee(3)), spent(0, 0));
        assert_eq!(times.of_situation("b"), spent(300, 2));
        assert_eq!(times.all(), spent(900, 4));
        assert_eq!(times.situations(), [("a", spent(600, 2)), ("b", spent(300, 2))]);
    }
}
