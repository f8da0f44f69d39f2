//! Where a trainee stands with one piece of an assignment.

use super::Terms;
use crate::clock::Timestamp;

/// One try of a piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// When it was opened.
    pub started_at: Timestamp,
    /// Whether the telephone was picked up, or the person received: from then on it counts.
    pub begun: bool,
    /// Whether it has ended.
    pub ended: bool,
    /// What it was worth, 0 to 100, where it was scored and something applied.
    pub result: Option<u8>,
}

/// How far someone is with a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not begun.
    ToDo,
    /// Begun, and never finished.
    UnderWay,
    /// Finished at least once.
    Done,
}

/// Where a trainee stands with one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far.
    pub progress: Progress,
    /// The best result.
    pub best: Option<u8>,
    /// Whether it was begun after the due date, or is not begun and the due date is over.
    pub late: bool,
    /// Tries that count.
    pub used: u32,
    /// Tries that are left; `None`: any number.
    pub left: Option<u32>,
}

/// What happens when a trainee wants to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The try that was opened before and does not count yet is taken up: its place among the tries.
    TakeUp(usize),
    /// A new one is opened.
    Open,
}

/// Why nothing may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The assignment is closed.
    #[error("begin under an assignment that is closed")]
    Closed,
    /// Every try was used.
    #[error("begin without a try left")]
    NoTryLeft,
}

/// Whether a trainee may begin a piece, with these tries of it. A try that is `counted` from its opening (one that repeats
/// the beginning of another) is never taken up from one that does not count yet, which then holds a place.
pub fn may_begin(terms: &Terms, tries: &[Try], counted: bool) -> Result<Begin, Refused> {
    if terms.closed_at.is_some() {
        return Err(Refused::Closed);
    }
    let waiting = tries.iter().position(|one| !one.begun && !one.ended);
    if let Some(waiting) = waiting.filter(|_| !counted) {
        return Ok(Begin::TakeUp(waiting));
    }
    let taken = used(tries) + u32::from(waiting.is_some());
    match terms.attempts {
        Some(most) if taken >= most => Err(Refused::NoTryLeft),
        _ => Ok(Begin::Open),
    }
}

/// Where a trainee stands with a piece at `now`.
pub fn standing(terms: &Terms, tries: &[Try], now: Timestamp) -> Standing {
    let begun = || tries.iter().filter(|one| one.begun);
    let progress = match (begun().any(|one| one.ended), begun().next()) {
        (true, _) => Progress::Done,
        (false, Some(_)) => Progress::UnderWay,
        (false, None) => Progress::ToDo,
    };
    let first = begun().map(|one| one.started_at).min();
    let used = used(tries);
    Standing {
        progress,
        best: tries.iter().filter_map(|one| one.result).max(),
        late: terms.due_at.is_some_and(|due| first.unwrap_or(now) > due),
        used,
        left: terms.attempts.map(|most| most.saturating_sub(used)),
    }
}

fn used(tries: &[Try]) -> u32 {
    u32::try_from(tries.iter().filter(|one| one.begun).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Work};
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_442_000 + second).unwrap()
    }

    fn terms(attempts: Option<u32>) -> Terms {
        Terms {
            work: Work::Situations { personas: vec!["fuite-colere".to_owned()] },
            due_at: Some(at(1_000)),
            attempts,
            hints: false,
            mode: Mode::Either,
            closed_at: None,
        }
    }

    fn one(second: i64, begun: bool, ended: bool, result: Option<u8>) -> Try {
        Try { started_at: at(second), begun, ended, result }
    }

    #[test]
    fn a_try_counts_once_the_person_was_received_and_one_that_waits_is_taken_up() {
        fn check(attempts: Option<u32>, tries: &[Try], expect: Result<Begin, Refused>) {
            assert_eq!(may_begin(&terms(attempts), tries, false), expect, "{attempts:?} {tries:?}");
        }
        let (waiting, done) = (one(1, false, false, None), one(2, true, true, Some(60)));
        let open = one(3, true, false, None);
        check(None, &[], Ok(Begin::Open));
        check(Some(1), &[], Ok(Begin::Open));
        check(Some(1), std::slice::from_ref(&waiting), Ok(Begin::TakeUp(0)));
        check(Some(1), std::slice::from_ref(&done), Err(Refused::NoTryLeft));
        check(Some(1), std::slice::from_ref(&open), Err(Refused::NoTryLeft));
        check(Some(2), &[done.clone(), waiting.clone()], Ok(Begin::TakeUp(1)));
        check(Some(3), &[done.clone(), open.clone()], Ok(Begin::Open));
        check(None, &vec![done.clone(); 40], Ok(Begin::Open));
        // Closed as abandoned before anybody was received: it neither counts nor waits.
        check(Some(1), &[one(1, false, true, None)], Ok(Begin::Open));
        let closed = Terms { closed_at: Some(at(5)), ..terms(None) };
        assert_eq!(may_begin(&closed, &[], false), Err(Refused::Closed));
        assert_eq!(may_begin(&closed, &[waiting], false), Err(Refused::Closed));
    }

    #[test]
    fn a_try_that_counts_at_once_leaves_the_waiting_one_its_place() {
        let (waiting, done) = (one(1, false, false, None), one(2, true, true, Some(60)));
        assert_eq!(may_begin(&terms(Some(2)), &[done.clone(), waiting.clone()], true), Err(Refused::NoTryLeft));
        assert_eq!(may_begin(&terms(Some(3)), &[done, waiting], true), Ok(Begin::Open));
    }

    #[test]
    fn the_standing_is_the_best_result_and_late_only_by_its_first_try() {
        fn check(tries: &[Try], now: i64, progress: Progress, late: bool, left: u32, best: Option<u8>) {
            let standing = standing(&terms(Some(3)), tries, at(now));
            let found = (standing.progress, standing.late, standing.left, standing.best);
            assert_eq!(found, (progress, late, Some(left), best), "{tries:?}");
        }
        check(&[], 0, Progress::ToDo, false, 3, None);
        check(&[], 1_001, Progress::ToDo, true, 3, None);
        check(&[one(1, false, false, None)], 10, Progress::ToDo, false, 3, None);
        check(&[one(1, true, false, None)], 2_000, Progress::UnderWay, false, 2, None);
        let (first, second) = (one(1, true, true, Some(55)), one(1_500, true, true, Some(80)));
        check(&[first, second.clone()], 2_000, Progress::Done, false, 1, Some(80));
        check(&[second], 2_000, Progress::Done, true, 2, Some(80));
        assert_eq!(standing(&terms(None), &[], at(0)).left, None);
    }
}
