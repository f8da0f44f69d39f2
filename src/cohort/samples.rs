//! Rows for the tests of this folder.

use super::Attempt;
use crate::clock::Timestamp;
use crate::id::{ConversationId, Ulid, VisitorId};
use crate::scoring::{Level, Score};

pub(super) fn trainee(n: u64) -> VisitorId {
    VisitorId::new(Ulid::from_parts(1_772_442_000_000, u128::from(n)))
}

/// A conversation of a trainee, so many minutes after the start of time.
pub(super) fn attempt(who: u64, situation: &str, minute: u32, overall: u8) -> Attempt {
    let at = Timestamp::from_second(1_772_442_000 + i64::from(minute) * 60).unwrap();
    let number = u128::from(who) * 100_000 + u128::from(minute);
    Attempt {
        conversation: ConversationId::new(Ulid::from_parts(1_772_442_000_000, number)),
        trainee: trainee(who),
        situation: situation.to_owned(),
        at,
        seconds: Some(300),
        overall: Some(overall),
        axes: vec![Score { id: "ecoute".to_owned(), score: Some(overall) }],
        marks: Vec::new(),
        number: 0,
    }
}

pub(super) fn with_marks(mut attempt: Attempt, marks: &[(&str, u8)]) -> Attempt {
    attempt.marks = marks.iter().map(|(id, level)| ((*id).to_owned(), Level::try_from(*level).unwrap())).collect();
    attempt
}

pub(super) fn with_axes(mut attempt: Attempt, axes: &[(&str, Option<u8>)]) -> Attempt {
    attempt.axes = axes.iter().map(|(id, score)| Score { id: (*id).to_owned(), score: *score }).collect();
    attempt
}
