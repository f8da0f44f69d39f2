//! What trainers have just read of others, so that the log has a line per reading and not per request.
//!
//! Input: who, what, when. Output: whether it is new. Invariant: forgetting only means one line more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::id::{BookletId, ConversationId, VisitorId};

/// What is read again within this time is the same reading.
const SAME_FOR: Duration = Duration::from_hours(1);

/// How many are remembered.
const REMEMBERED: usize = 4_096;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Read {
    Conversation(ConversationId),
    /// Somebody's record.
    Record(VisitorId),
    /// The report of an exam.
    Booklet(BookletId),
}

impl Read {
    /// What the log calls it, and on what.
    pub(super) fn line(self) -> (&'static str, String) {
        match self {
            Read::Conversation(id) => ("conversation.read", id.to_string()),
            Read::Record(id) => ("record.read", id.to_string()),
            Read::Booklet(id) => ("booklet.read", id.to_string()),
        }
    }
}

/// Readings of late.
#[derive(Debug, Default)]
pub(super) struct Readings {
    latest: Mutex<HashMap<(VisitorId, Read), Timestamp>>,
}

impl Readings {
    /// Whether it is a new reading; it is remembered.
    pub(super) fn is_new(&self, reading: (VisitorId, Read), now: Timestamp) -> bool {
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

    /// It could not be written down: the next one is new.
    pub(super) fn forget(&self, reading: (VisitorId, Read)) {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).remove(&reading);
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
        let what = |n| Read::Conversation(ConversationId::new(Ulid::from_parts(1, n)));
        let at = |s: i64| Timestamp::from_second(1_772_442_000 + s).unwrap();
        assert!(readings.is_new((who, what(1)), at(0)));
        assert!(!readings.is_new((who, what(1)), at(3_599)));
        assert!(readings.is_new((who, what(2)), at(10)));
        assert!(readings.is_new((who, Read::Record(who)), at(10)));
        assert!(readings.is_new((who, what(1)), at(3_600)));
        readings.forget((who, what(1)));
        assert!(readings.is_new((who, what(1)), at(3_601)), "what was not written down is new");
    }
}
