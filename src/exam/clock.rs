//! How much time a part has taken, and has left.
//!
//! Invariant: beyond [`UNNOTICED_MS`], time without a sign of life does not count; a clock that goes back takes none
//! away.

use crate::clock::Timestamp;

/// Without a sign of life for longer than this, nobody is there.
pub const SILENCE_MS: u64 = 30_000;

/// How much of an absence counts all the same.
pub const UNNOTICED_MS: u64 = 30_000;

/// How long after its time a part still takes what was sent in time.
pub const GRACE_MS: u64 = 15_000;

/// The time of one part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// When it was entered.
    pub entered_at: Option<Timestamp>,
    /// When it was finished, or its time was up.
    pub left_at: Option<Timestamp>,
    /// How long nobody was there, less what counts all the same, in milliseconds.
    pub away_ms: u64,
}

impl Time {
    /// How much has been used at `now`, in milliseconds.
    pub fn spent_ms(&self, now: Timestamp) -> u64 {
        let Some(entered) = self.entered_at else { return 0 };
        millis(entered, self.left_at.unwrap_or(now)).saturating_sub(self.away_ms)
    }

    /// The time it should have: an absence is taken off.
    pub(super) fn absent(&mut self, from: Timestamp, until: Timestamp) {
        let Some(entered) = self.entered_at.filter(|_| self.left_at.is_none()) else { return };
        self.away_ms += millis(from.max(entered), until).saturating_sub(UNNOTICED_MS);
    }
}

/// A limit with extra time, up to the next whole minute.
pub(super) const fn extended(limit_ms: u64, percent: u16) -> u64 {
    let more = limit_ms.saturating_mul(100 + percent as u64).div_ceil(100);
    if percent == 0 { limit_ms } else { more.div_ceil(60_000) * 60_000 }
}

/// From one moment to another, in milliseconds; 0 if the clock went back.
pub(super) fn millis(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millisecond().saturating_sub(from.as_millisecond())).unwrap_or(0)
}
