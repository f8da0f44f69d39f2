//! One scored conversation of a trainee, and all of a group's together.

use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::scoring::{Level, Score};

/// One scored conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whose.
    pub trainee: VisitorId,
    /// The persona's id.
    pub situation: String,
    /// When it began.
    pub at: Timestamp,
    /// Time on task, in seconds; `None` where it is not known.
    pub seconds: Option<u64>,
    /// The result, 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
    /// Scores per axis.
    pub axes: Vec<Score>,
    /// The level of each indicator that applied.
    pub marks: Vec<(String, Level)>,
    /// The trainee's how-manieth conversation it is, from 1. [`Cohort::of`] counts; whatever stood here before is lost.
    pub number: u32,
}

/// The scored conversations of a group, by trainee and then by time, numbered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    attempts: Vec<Attempt>,
}

impl Cohort {
    /// Puts attempts in order and numbers them. Two rows of the same conversation count once.
    pub fn of(mut attempts: Vec<Attempt>) -> Cohort {
        attempts.sort_by_key(|attempt| (attempt.trainee, attempt.at, attempt.conversation));
        attempts.dedup_by_key(|attempt| attempt.conversation);
        let mut before: Option<(VisitorId, u32)> = None;
        for attempt in &mut attempts {
            let last = before.filter(|(trainee, _)| *trainee == attempt.trainee).map_or(0, |(_, number)| number);
            attempt.number = last + 1;
            before = Some((attempt.trainee, attempt.number));
        }
        Cohort { attempts }
    }

    /// Those for which this holds, with the numbers they have among all.
    pub fn only(&self, keep: impl Fn(&Attempt) -> bool) -> Cohort {
        Cohort { attempts: self.attempts.iter().filter(|attempt| keep(attempt)).cloned().collect() }
    }

    /// All of them, by trainee and then by time.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// One trainee's, oldest first.
    pub fn of_trainee(&self, trainee: VisitorId) -> &[Attempt] {
        let from = self.attempts.partition_point(|attempt| attempt.trainee < trainee);
        let to = self.attempts.partition_point(|attempt| attempt.trainee <= trainee);
        &self.attempts[from..to]
    }

    pub(super) fn from_sorted(attempts: Vec<Attempt>) -> Cohort {
        Cohort { attempts }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, trainee};
    use super::*;

    #[test]
    fn attempts_are_numbered_by_trainee_whatever_their_order() {
        let rows = vec![attempt(1, "b", 30, 50), attempt(2, "a", 20, 50), attempt(1, "a", 10, 50)];
        let mut reversed = rows.clone();
        reversed.reverse();
        let cohort = Cohort::of(rows);
        assert_eq!(cohort, Cohort::of(reversed));
        let numbers: Vec<(&str, u32)> =
            cohort.attempts().iter().map(|attempt| (attempt.situation.as_str(), attempt.number)).collect();
        assert_eq!(numbers, [("a", 1), ("b", 2), ("a", 1)]);
        assert_eq!(cohort.of_trainee(trainee(2)).len(), 1);
        assert!(cohort.of_trainee(trainee(3)).is_empty());
    }

    #[test]
    fn what_is_left_out_keeps_its_place_in_the_count() {
        let cohort = Cohort::of(vec![attempt(1, "a", 1, 50), attempt(1, "b", 2, 50), attempt(1, "a", 3, 50)]);
        let later = cohort.only(|attempt| attempt.situation == "b");
        assert_eq!(later.attempts()[0].number, 2);
    }

    #[test]
    fn a_conversation_that_comes_twice_counts_once() {
        let one = attempt(1, "a", 1, 50);
        assert_eq!(Cohort::of(vec![one.clone(), one]).attempts().len(), 1);
    }
}
