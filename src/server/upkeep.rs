//! What is erased when its time has come: when the service opens, then once a day, on any number of nodes.
//!
//! Input: the store, the clock, what the organisation set. Output: a log line with counts. Invariant: an erasure that
//! fails is tried again the next day; two nodes that erase at once erase once.

use std::time::Duration;

use super::Comptoir;
use crate::chain::Chain;
use crate::id::VisitorId;
use crate::store::{Erased, StoreError};

const EVERY: Duration = Duration::from_hours(24);

/// Links that ended are kept for so long, to be able to say that they did.
const LINKS_KEPT: Duration = Duration::from_hours(30 * 24);

impl Comptoir {
    /// Erases what is due, now and once a day, until the service stops.
    pub async fn erase_what_is_due(&self) {
        loop {
            match self.erase_due().await {
                Ok(erased) if erased == Erased::default() => {}
                Ok(Erased { conversations, booklets, people }) => {
                    tracing::info!(conversations, booklets, people, "erased, their time had come");
                }
                Err(error) => {
                    self.metrics.database_error(error.kind());
                    tracing::warn!(error = %Chain(&error), "what was due was not erased");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.stopping() => return,
            }
        }
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
