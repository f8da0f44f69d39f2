//! How much one visitor may ask of the service at once.
//!
//! Input: a visitor and the time. Output: whether one more is taken. Invariant: what is refused is told, with the
//! message's id, so that nothing is lost.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Timestamp;
use crate::id::VisitorId;

/// How many messages a visitor may send at once, and how long it takes until one more is allowed: more than anyone types,
/// less than a script would like.
const MESSAGES: (u32, i64) = (20, 500);

/// The same of whispers: more than anyone can read.
const WHISPERS: (u32, i64) = (5, 4_000);

/// How many visitors are remembered before those who have their full allowance back are forgotten.
const REMEMBERED: usize = 10_000;

/// Allowances by visitor.
#[derive(Debug)]
pub(super) struct Limits {
    burst: u32,
    refill_ms: i64,
    /// When each visitor will have the full allowance back, in milliseconds since 1970.
    full_at: Mutex<HashMap<VisitorId, i64>>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::of(MESSAGES)
    }
}

impl Limits {
    /// Of those who whisper.
    pub(super) fn of_whispers() -> Limits {
        Limits::of(WHISPERS)
    }

    fn of((burst, refill_ms): (u32, i64)) -> Limits {
        Limits { burst, refill_ms, full_at: Mutex::default() }
    }

    /// Takes one from the visitor's allowance, if something is left.
    pub(super) fn take(&self, visitor: VisitorId, now: Timestamp) -> bool {
        let now = now.as_millisecond();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
        }
        let at = full_at.entry(visitor).or_insert(now);
        let after = (*at).max(now) + self.refill_ms;
        let allowed = after <= now + i64::from(self.burst) * self.refill_ms;
        if allowed {
            *at = after;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ulid;

    #[test]
    fn a_burst_is_taken_then_one_at_a_time_and_others_are_not_concerned() {
        let limits = Limits::default();
        let (one, two) = (VisitorId::new(Ulid::from_parts(1, 1)), VisitorId::new(Ulid::from_parts(1, 2)));
        let at = |ms: i64| Timestamp::from_millisecond(1_772_442_000_000 + ms).unwrap();
        assert!((0..20).all(|_| limits.take(one, at(0))));
        assert!(!limits.take(one, at(0)));
        assert!(limits.take(two, at(0)));
        assert!(!limits.take(one, at(499)));
        assert!(limits.take(one, at(500)));
        assert!(!limits.take(one, at(500)));
        assert!((0..20).all(|_| limits.take(one, at(60_000))));
    }
}
