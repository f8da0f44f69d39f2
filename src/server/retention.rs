//! Recordings whose time has come are deleted: when the service opens, then once a day, after a failure once an hour.
//!
//! Input: the store, the clock, the organisation's setting. Output: a log line with a count. Invariant: runs whether or
//! not recording is on now: what was kept when it was on leaves in time all the same.

use std::time::Duration;

use super::Comptoir;
use super::upkeep::{EVERY, rounds};
use crate::chain::Chain;

const DAY: Duration = Duration::from_hours(24);

/// For how long recordings are kept, if any are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Whether recordings are made.
    pub on: bool,
    /// Days after which one is deleted.
    pub days: u16,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention { on: false, days: 30 }
    }
}

impl Retention {
    /// How long a recording is kept before it is due.
    pub fn kept(self) -> Duration {
        DAY * u32::from(self.days)
    }

    /// How long it may be there: what is due goes at the next round, a day later at most.
    pub fn kept_at_most(self) -> Duration {
        self.kept() + EVERY
    }
}

impl Comptoir {
    /// Deletes what is due, now and once a day, until the service stops.
    pub async fn keep_no_recording_too_long(&self) {
        rounds(|| self.purge_recordings(), self.stopping()).await;
    }

    /// Deletes what is due; whether that could be done. A store in trouble is asked again an hour later: a purge is never
    /// worth a failed start.
    async fn purge_recordings(&self) -> bool {
        let Ok(before) = self.now().checked_sub(self.settings.recordings.kept()) else { return true };
        match self.store.purge_recordings(before).await {
            Ok(0) => true,
            Ok(count) => {
                tracing::info!(count, "recordings deleted, their time had come");
                true
            }
            Err(error) => {
                self.metrics.database_error(error.kind());
                tracing::warn!(error = %Chain(&error), "recordings not deleted");
                false
            }
        }
    }
}
