//! Judges ended conversations with a model, one after the other, while the service runs.
//!
//! Input: the store's queue. Output: judgements, and a log line for each. Invariant: nobody waits for it; a page that
//! opens while it works shows the rules' marks.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::Comptoir;
use crate::chain::Chain;
use crate::metrics::Judged;
use crate::review::{Bench, Came, Judge, LEASE, Review, complete, give_up, take_up, want};
use crate::store::{Lease, StoreError};

/// How often the queue is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// How often conversations are looked for that have ended and that nobody has reviewed: every so many looks.
const LOOKS: u32 = 5;

/// A conversation has four axes: so many questions at once are enough for it, and more are for another one.
const AXES: usize = 4;

/// The most conversations judged at once here.
const MOST: usize = 4;

impl Comptoir {
    /// Judges what is due, until the service stops; without a judge, nothing ever is.
    pub async fn judge_what_is_due(self: &Arc<Self>) {
        let Some(judge) = &self.judge else { return };
        let at_once = (judge.model.at_once() / AXES).clamp(1, MOST);
        let mut under_way = JoinSet::new();
        for look in 0u32.. {
            if look % LOOKS == 0
                && let Err(error) = take_up(&self.store, self.now()).await
            {
                tracing::warn!(error = %Chain(&error), "ended conversations not looked for");
            }
            while under_way.len() < at_once && !self.is_stopping() {
                match self.store.claim_judging(self.now(), LEASE).await {
                    Ok(Some(lease)) => {
                        let (comptoir, judge) = (Arc::clone(self), judge.clone());
                        under_way.spawn(async move { comptoir.judge_one(&judge, lease).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(error = %Chain(&error), "queue of judgements not read");
                        break;
                    }
                }
            }
            tokio::select! {
                () = self.stopping() => break,
                Some(done) = under_way.join_next() => tell_panic(done),
                () = self.judging_wanted.notified() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
        while let Some(done) = under_way.join_next().await {
            tell_panic(done);
        }
    }

    async fn judge_one(&self, judge: &Judge, lease: Lease) {
        let (conversation, tries) = (lease.conversation, lease.tries);
        self.know_what_was_spent_on(conversation).await;
        let came = self.judge_leased(judge, lease).await;
        match &came {
            Ok(Came::Done) => self.metrics.judged(Judged::Done),
            Ok(Came::GivenUp(_)) => self.metrics.judged(Judged::GivenUp),
            Ok(Came::Postponed(..) | Came::HandedBack | Came::Lost) | Err(_) => {}
        }
        match came {
            Ok(Came::Done) => tracing::info!(%conversation, tries, "judged"),
            Ok(Came::Postponed(until, code)) => tracing::warn!(%conversation, tries, code, %until, "judged later"),
            Ok(Came::GivenUp(code)) => tracing::warn!(%conversation, tries, code, "not judged, the rules' marks stand"),
            Ok(Came::HandedBack) => tracing::info!(%conversation, "judged after the next start"),
            Ok(Came::Lost) => tracing::info!(%conversation, tries, "judged elsewhere"),
            // The lease runs out: it is due again then.
            Err(error) => tracing::warn!(%conversation, tries, error = %Chain(&error), "judgement not kept"),
        }
    }

    async fn judge_leased(&self, judge: &Judge, lease: Lease) -> Result<Came, StoreError> {
        let found = self.store.conversation(lease.conversation).await?;
        let Some(conversation) = found else { return Ok(Came::Lost) };
        let stage = self.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
        let Some(stage) = stage else {
            return give_up(&self.store, &lease, "situation_broken", self.now()).await;
        };
        self.know_what_was_spent_on(conversation.id).await;
        let content = self.library.content();
        let bench =
            Bench { store: &self.store, content: &content, judge, clock: self.clock.as_ref(), stopping: self.token() };
        complete(bench, (&stage.persona, &stage.ears, &stage.organisation), lease).await
    }

    /// Has a reviewed conversation judged, where there is a judge.
    pub(super) async fn want_judged(&self, reviewed: &mut Review) -> Result<(), StoreError> {
        if self.judge.is_some() && want(&self.store, reviewed, self.now()).await? {
            self.judging_wanted.notify_one();
        }
        Ok(())
    }
}

/// What a panic says may hold someone's words: only that it happened is told.
fn tell_panic(done: Result<(), tokio::task::JoinError>) {
    if done.is_err_and(|error| error.is_panic()) {
        tracing::error!("a judgement panicked");
    }
}
