//! Due dates are days of Paris, to their end.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time};

use crate::clock::{Timestamp, paris};

/// The last millisecond of a day in Paris.
pub fn end_of_day(day: Date) -> Timestamp {
    let midnight = day.tomorrow().map(|next| DateTime::from_parts(next, Time::midnight()));
    // The zone of a moment of that day is the zone of Paris; the end of time has no tomorrow.
    let zone = paris(Timestamp::UNIX_EPOCH).time_zone().clone();
    let next = midnight.and_then(|midnight| zone.to_timestamp(midnight)).unwrap_or(Timestamp::MAX);
    next.checked_sub(Duration::from_millis(1)).unwrap_or(next)
}

/// The day in Paris that a due date ends.
pub fn last_day(due_at: Timestamp) -> Date {
    paris(due_at).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_ends_when_it_does_in_paris_in_summer_and_in_winter() {
        for (day, expect) in [
            (date(2026, 11, 22), "2026-11-22T22:59:59.999Z"),
            (date(2026, 7, 14), "2026-07-14T21:59:59.999Z"),
            // The nights on which the clocks change.
            (date(2026, 3, 29), "2026-03-29T21:59:59.999Z"),
            (date(2026, 10, 25), "2026-10-25T22:59:59.999Z"),
        ] {
            let end = end_of_day(day);
            assert_eq!(end, expect.parse().unwrap(), "{day}");
            assert_eq!(last_day(end), day);
        }
    }
}
