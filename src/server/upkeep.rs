//! What is erased when its time has come: when the service opens, then once a day, on any number of nodes.
//!
//! Input: the store, the clock, what the organisation set. Output: a log line with counts. Invariant: an erasure that
//! fails is tried again each hour until it succeeds; two nodes that erase at once erase once.

use std::future::Future;
use std::time::Duration;

use super::Comptoir;
use crate::chain::Chain;
use crate::id::VisitorId;
use crate::store::{Erased, StoreError};

/// From one round to the next.
pub(super) const EVERY: Duration = Duration::from_hours(24);

/// From a round that failed to the next: what is due must not wait for another day.
const AGAIN: Duration = Duration::from_hours(1);

/// Links that ended are kept for so long, to be able to say that they did.
const LINKS_KEPT: Duration = Duration::from_hours(30 * 24);

/// One round after the other until the service stops. A round tells whether it did what it had to.
pub(super) async fn rounds<R: Future<Output = bool>>(mut round: impl FnMut() -> R, stopping: impl Future<Output = ()>) {
    let mut stopping = std::pin::pin!(stopping);
    loop {
        let rest = if round().await { EVERY } else { AGAIN };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = &mut stopping => return,
        }
    }
}

impl Comptoir {
    /// Erases what is due, now and once a day, until the service stops.
    pub async fn erase_what_is_due(&self) {
        let round = || async {
            match self.erase_due().await {
                Ok(erased) if erased == Erased::default() => true,
                Ok(Erased { conversations, booklets, people }) => {
                    tracing::info!(conversations, booklets, people, "erased, their time had come");
                    true
                }
                Err(error) => {
                    self.metrics.database_error(error.kind());
                    tracing::warn!(error = %Chain(&error), "what was due was not erased");
                    false
                }
            }
        };
        rounds(round, self.stopping()).await;
    }

    /// Erases what is due; how much that was.
    pub async fn erase_due(&self) -> Result<Erased, StoreError> {
        let (rules, now) = (self.rules().await?, self.now());
        let mut erased = Erased::default();
        if let Some(before) = rules.before(now) {
            erased = self.store.erase_before(before).await?;
        }
        if let Some(before) = rules.log_before(now) {
            self.store.forget_names_before(before).await?;
        }
        self.store.purge_sessions(now).await?;
        self.store.purge_links(now - LINKS_KEPT).await?;
        self.purge_tries().await?;
        Ok(erased)
    }

    /// Erases a person, and tells whoever has one of their conversations open here; whether there was such a person.
    pub(super) async fn erase_person(&self, person: VisitorId) -> Result<bool, StoreError> {
        let Some(conversations) = self.store.erase_person(person).await? else { return Ok(false) };
        tracing::info!(conversations = conversations.len(), "a person erased");
        for conversation in conversations {
            self.switchboard.erased(conversation);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_round_that_failed_is_tried_again_each_hour_until_it_succeeds() {
        let begun = Instant::now();
        let mut hours = Vec::new();
        let round = || {
            hours.push(begun.elapsed().as_secs() / 3_600);
            // The first goes well, the next two do not.
            let well = !matches!(hours.len(), 2 | 3);
            async move { well }
        };
        rounds(round, tokio::time::sleep(Duration::from_hours(60))).await;
        assert_eq!(hours, [0, 24, 25, 26, 50], "and it ends when the service stops");
    }
}
