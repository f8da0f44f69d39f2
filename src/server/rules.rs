//! What the organisation sets from within: how long things are kept, whether guests may come, whom to write to.
//!
//! Input: the store. Output: [`Rules`]. Invariant: what is stored there and makes no sense counts as not set.

use super::Comptoir;
use super::who::{self, GUESTS};
use crate::clock::{Timestamp, paris};
use crate::store::StoreError;

/// How many months conversations are kept.
pub(super) const MONTHS: std::ops::RangeInclusive<u16> = 1..=60;
const MONTHS_BY_DEFAULT: u16 = 12;

const RETENTION: &str = "retention_months";
const ORGANISATION: &str = "organisation";
const CONTACT: &str = "contact";

/// What is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// Months after which conversations are erased.
    pub(super) months: u16,
    /// Whether people without an account may rehearse, where the start allows it.
    pub(super) guests: bool,
    /// The name of the organisation; may be empty.
    pub(super) organisation: String,
    /// Whom to write to about one's rights; may be empty.
    pub(super) contact: String,
}

impl Rules {
    /// The moment before which everything is due to be erased.
    pub(super) fn before(&self, now: Timestamp) -> Option<Timestamp> {
        ago(now, self.months)
    }

    /// The moment before which the log loses its names: a year at least, so that who saw what can be answered.
    pub(super) fn log_before(&self, now: Timestamp) -> Option<Timestamp> {
        ago(now, self.months.max(MONTHS_BY_DEFAULT))
    }
}

/// So many months ago: the same day of the month, or its last.
fn ago(now: Timestamp, months: u16) -> Option<Timestamp> {
    let span = jiff::Span::new().try_months(months).ok()?;
    Some(paris(now).checked_sub(span).ok()?.timestamp())
}

impl Comptoir {
    /// What is set now.
    pub(super) async fn rules(&self) -> Result<Rules, StoreError> {
        let months = self.store.setting(RETENTION).await?.and_then(|text| text.parse().ok());
        Ok(Rules {
            months: months.filter(|months| MONTHS.contains(months)).unwrap_or(MONTHS_BY_DEFAULT),
            guests: self.store.setting(who::GUESTS).await?.as_deref() != Some("off"),
            organisation: self.store.setting(ORGANISATION).await?.unwrap_or_default(),
            contact: self.store.setting(CONTACT).await?.unwrap_or_default(),
        })
    }

    /// Sets them.
    pub(super) async fn set_rules(&self, rules: &Rules) -> Result<(), StoreError> {
        self.store.set_setting(RETENTION, &rules.months.to_string()).await?;
        self.store.set_setting(GUESTS, if rules.guests { "on" } else { "off" }).await?;
        self.store.set_setting(ORGANISATION, &rules.organisation).await?;
        self.store.set_setting(CONTACT, &rules.contact).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_on_the_calendar_and_the_log_keeps_names_for_a_year() {
        let now: Timestamp = "2026-03-31T10:00:00Z".parse().unwrap();
        let rules = |months| Rules { months, guests: true, organisation: String::new(), contact: String::new() };
        assert_eq!(rules(1).before(now), "2026-02-28T11:00:00Z".parse().ok());
        assert_eq!(rules(12).before(now), "2025-03-31T10:00:00Z".parse().ok());
        assert_eq!(rules(1).log_before(now), rules(12).before(now));
        assert_eq!(rules(24).log_before(now), rules(24).before(now));
    }
}
