//! Tells conversations under way here who follows them from other nodes.
//!
//! Input: the store's list of followers. Output: the same, to each conversation's task. Invariant: a trainee is told of
//! every follower within two looks, wherever that one is connected; without conversations nothing is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::Comptoir;
use crate::chain::Chain;
use crate::conversation::Follower;
use crate::id::ConversationId;
use crate::store::StoreError;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(1);

impl Comptoir {
    /// Looks for those who follow from elsewhere, until the service stops.
    pub async fn tell_who_follows_from_elsewhere(self: &Arc<Self>) {
        let mut told = BTreeSet::new();
        loop {
            tokio::select! {
                () = self.stopping() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if told.is_empty() && self.switchboard.under_way() == 0 {
                continue;
            }
            match self.look_for_followers(&told).await {
                Ok(now) => told = now,
                Err(error) => {
                    self.metrics.database_error(error.kind());
                    tracing::warn!(error = %Chain(&error), "followers at other nodes not looked for");
                }
            }
        }
    }

    /// Tells every conversation that is followed from elsewhere, or was: which are.
    async fn look_for_followers(
        &self,
        told: &BTreeSet<ConversationId>,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let mut followed: BTreeMap<ConversationId, (Vec<Follower>, u32)> = BTreeMap::new();
        for (from, last_seq) in self.store.followed_from(self.now()).await? {
            let (followers, last) = followed.entry(from.conversation).or_default();
            followers.push(Follower { id: from.trainer, name: from.name });
            *last = last_seq;
        }
        let now: BTreeSet<ConversationId> = followed.keys().copied().collect();
        for gone in told.difference(&now) {
            self.switchboard.followed_elsewhere(*gone, Vec::new(), 0);
        }
        for (conversation, (followers, last_seq)) in followed {
            self.switchboard.followed_elsewhere(conversation, followers, last_seq);
        }
        Ok(now)
    }
}
