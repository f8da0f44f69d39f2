//! Which conversations trainers have just read, so that the log has a line per reading and not per request.
//!
//! Input: who, what, when. Output: whether it is new. Invariant: forgetting only means one line more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};

/// What is read again within this time is the same reading.
const SAME_FOR: Duration = Duration::from_hours(1);

/// How many are remembered.
const REMEMBERED: usize = 4_096;

/// Readings of late.
#[derive(Debug, Default)]
pub(super) struct Readings {
    latest: Mutex<HashMap<(VisitorId, ConversationId), Timestamp>>,
}

impl Readings {
    /// Whether it is a new reading; it is remembered.
    pub(super) fn is_new(&self, reading: (VisitorId, ConversationId), now: Timestamp) -> bool {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.len() >= REMEMBERED {
            latest.retain(|_, at| now.duration_since(*at).unsigned_abs() < SAME_FOR);
        }
        let before = latest.get(&reading);
        let new = before.is_none_or(|at| now.duration_since(*at).unsigned_abs() >= SAME_FOR);
        if new {
            latest.insert(reading, now);
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ulid;

    #[test]
    fn the_same_reading_is_new_again_after_an_hour() {
        let readings = Readings::default();
        let who = VisitorId::new(Ulid::from_parts(1, 1));
        let what = |n| ConversationId::new(Ulid::from_parts(1, n));
        let at = |s: i64| Timestamp::from_second(1_772_442_000 + s).unwrap();
        assert!(readings.is_new((who, what(1)), at(0)));
        assert!(!readings.is_new((who, what(1)), at(3_599)));
        assert!(readings.is_new((who, what(2)), at(10)));
        assert!(readings.is_new((who, what(1)), at(3_600)));
    }
}
