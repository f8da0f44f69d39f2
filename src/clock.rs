//! Time, always handed in: the one clock of the program stands at the top, tests bring their own.
//!
//! Output: [`Timestamp`]s in UTC. Invariant: nothing below layer 4 holds a clock.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;

pub use jiff::Timestamp;

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// An instant by the clocks of Paris. The rule is written out: a small container may hold no time zone files.
pub fn paris(at: Timestamp) -> Zoned {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone)
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Stands at `start`.
    pub const fn at(start: Timestamp) -> FixedClock {
        FixedClock(Mutex::new(start))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
