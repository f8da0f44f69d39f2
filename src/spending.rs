//! What models are used for, written down apart from turns; and the day's budget, as all nodes have used it.
//!
//! Input: a [`Use`] for each question, through a channel that never makes anyone wait. Output: rows of the store, in
//! batches, and figures. Invariant: a record is kept until the store has taken it, through locks, full disks and lost
//! databases, and stored once; what still waits at the end is written before the store is closed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::chain::Chain;
use crate::clock::{Clock, Timestamp, paris};
use crate::entropy::{self, Entropy};
use crate::metrics::{Call, Metrics};
use crate::model::{Budget, Use};
use crate::store::{Store, StoreError, Used};

/// How long records gather before they are written: a batch costs one wait for the disk, which turns share.
const GATHER: Duration = Duration::from_secs(2);
/// How many are written together at most: the one writer of a SQLite file is not held for longer.
const BATCH: usize = 64;
/// How long a store in trouble is left alone at most.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How many wait at most, 20 MB of them: days of a full disk.
const MOST_WAITING: usize = 100_000;
/// How often the day's tokens are read again: those that other nodes have used.
const READ_AGAIN: Duration = Duration::from_mins(1);
/// Conversations that used a model so long ago are over.
const STILL_OPEN: Duration = Duration::from_hours(48);
/// How long the store may take for what waits at the end.
const FAREWELL: Duration = Duration::from_secs(5);

/// What the records are written with.
#[derive(Clone)]
pub struct Books {
    /// Where they go.
    pub store: Store,
    /// Where they are counted.
    pub metrics: Metrics,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// For their ids.
    pub entropy: Arc<dyn Entropy>,
    /// The budget that the models share, if they have one.
    pub budget: Option<Arc<Budget>>,
}

/// The task that writes. [`Spending::stop`] it before the store is closed.
#[derive(Debug)]
pub struct Spending {
    stop: CancellationToken,
    task: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Spending {
    /// Starts writing down what comes.
    pub fn begin(uses: UnboundedReceiver<Use>, books: Books) -> Spending {
        let stop = CancellationToken::new();
        let task = tokio::spawn(Writer::new(books).run(uses, stop.clone()));
        Spending { stop, task: std::sync::Mutex::new(Some(task)) }
    }

    /// Writes what still waits, once nobody asks models anything any more.
    pub async fn stop(&self) {
        self.stop.cancel();
        let task = self.task.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(task) = task {
            // A panic was logged where it happened.
            let _ = task.await;
        }
    }
}

/// Tells a budget what the store knows: the tokens of the day, and of the conversations that may go on.
pub async fn seed(store: &Store, budget: &Budget, now: Timestamp) -> Result<(), StoreError> {
    if budget.per_conversation().is_some() {
        let since = now.checked_sub(STILL_OPEN).unwrap_or(now);
        for (conversation, spent) in store.spent_by_conversation(since).await? {
            budget.seed_conversation(conversation, spent.tokens());
        }
    }
    let spent = store.spent_between(midnight(now), now).await?;
    budget.seed_day(spent.tokens());
    Ok(())
}

/// When the day began, by the calendar of Paris.
pub fn midnight(now: Timestamp) -> Timestamp {
    paris(now).start_of_day().map_or(now, |start| start.timestamp())
}

struct Writer {
    books: Books,
    waiting: VecDeque<Used>,
    /// When the next batch is written.
    due: Option<Instant>,
    /// How long the store is left alone after the next failure.
    pause: Duration,
}

impl Writer {
    fn new(books: Books) -> Writer {
        Writer { books, waiting: VecDeque::new(), due: None, pause: GATHER }
    }

    async fn run(mut self, mut uses: UnboundedReceiver<Use>, stop: CancellationToken) {
        let mut read_again = tokio::time::interval_at(Instant::now() + READ_AGAIN, READ_AGAIN);
        read_again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let due = self.due;
            tokio::select! {
                () = stop.cancelled() => break,
                told = uses.recv() => match told {
                    Some(told) => self.take(told),
                    // Every model is gone.
                    None => break,
                },
                () = until(due) => self.write().await,
                _ = read_again.tick() => self.read_again().await,
            }
        }
        uses.close();
        while let Some(used) = uses.recv().await {
            self.take(used);
        }
        self.finish().await;
    }

    fn take(&mut self, used: Use) {
        let record = self.record(used);
        self.books.metrics.model_call(Call {
            purpose: record.purpose,
            outcome: &record.outcome,
            prompt_tokens: record.prompt_tokens,
            completion_tokens: record.completion_tokens,
            took: record.took,
            cost_micros: record.cost_micros,
        });
        if self.waiting.len() >= MOST_WAITING {
            self.waiting.pop_front();
            self.books.metrics.uses_unkept(1);
        }
        self.waiting.push_back(record);
        self.due.get_or_insert_with(|| Instant::now() + GATHER);
    }

    /// From a call as the model tells it to a row.
    fn record(&self, used: Use) -> Used {
        let Use { conversation, at, purpose, model, tokens, took, cost_micros, outcome, .. } = used;
        Used {
            id: entropy::ulid(self.books.entropy.as_ref(), at),
            conversation,
            at,
            purpose,
            model,
            prompt_tokens: tokens.prompt,
            completion_tokens: tokens.completion,
            estimated: tokens.estimated,
            took,
            cost_micros,
            outcome: outcome.to_owned(),
        }
    }

    /// Writes one batch. What the store does not take now waits.
    async fn write(&mut self) {
        let batch: Vec<Used> = self.waiting.iter().take(BATCH).cloned().collect();
        match self.books.store.keep_uses(&batch).await {
            Ok(()) => self.written(batch.len()),
            Err(error) if passes(&error) => self.leave_alone(&error),
            // One of them cannot be stored, ever: the others shall not wait for it.
            Err(_) => self.write_one_by_one(&batch).await,
        }
    }

    async fn write_one_by_one(&mut self, batch: &[Used]) {
        for used in batch {
            match self.books.store.keep_uses(std::slice::from_ref(used)).await {
                Ok(()) => {}
                Err(error) if passes(&error) => return self.leave_alone(&error),
                Err(error) => {
                    self.books.metrics.database_error(error.kind());
                    self.books.metrics.uses_unkept(1);
                    tracing::error!(error = %Chain(&error), "what a model was used for cannot be stored");
                }
            }
            self.written(1);
        }
    }

    fn written(&mut self, count: usize) {
        self.waiting.drain(..count.min(self.waiting.len()));
        self.pause = GATHER;
        // Those that came while the store was away do not wait again.
        self.due = (!self.waiting.is_empty()).then(Instant::now);
    }

    fn leave_alone(&mut self, error: &StoreError) {
        self.books.metrics.database_error(error.kind());
        if self.pause == GATHER {
            tracing::warn!(error = %Chain(error), "what models were used for is not stored yet");
        }
        self.due = Some(Instant::now() + self.pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }

    async fn read_again(&self) {
        let Some(budget) = self.books.budget.as_ref().filter(|budget| budget.per_day().is_some()) else { return };
        let began = self.books.clock.now();
        match self.books.store.spent_between(midnight(began), began).await {
            // A sum of yesterday would be too much for today.
            Ok(spent) if midnight(self.books.clock.now()) == midnight(began) => budget.seed_day(spent.tokens()),
            Ok(_) => {}
            Err(error) => {
                self.books.metrics.database_error(error.kind());
                tracing::warn!(error = %Chain(&error), "the day's tokens could not be read");
            }
        }
    }

    async fn finish(mut self) {
        let until = Instant::now() + FAREWELL;
        while !self.waiting.is_empty() && Instant::now() < until {
            let before = self.waiting.len();
            if tokio::time::timeout_at(until, self.write()).await.is_err() || self.waiting.len() == before {
                tokio::time::sleep_until(until.min(Instant::now() + GATHER / 4)).await;
            }
        }
        if !self.waiting.is_empty() {
            tracing::warn!(count = self.waiting.len(), "what models were used for could not be stored before the end");
        }
    }
}

/// Whether the store may take later what it does not take now.
fn passes(error: &StoreError) -> bool {
    match error {
        StoreError::Conflict
        | StoreError::Busy(_)
        | StoreError::Full(_)
        | StoreError::Corrupt(_)
        | StoreError::Unreachable(_) => true,
        StoreError::Unreadable { .. } | StoreError::Address(_) | StoreError::Migration(_) | StoreError::Query(_) => {
            false
        }
    }
}

/// Sleeps until then; without a time, for ever.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_paris_in_winter_and_in_summer() {
        fn check(now: &str, expect: &str) {
            assert_eq!(midnight(now.parse().unwrap()), expect.parse().unwrap(), "{now}");
        }
        check("2026-03-02T22:59:59Z", "2026-03-01T23:00:00Z");
        check("2026-03-02T23:00:00Z", "2026-03-02T23:00:00Z");
        check("2026-07-14T21:59:00Z", "2026-07-13T22:00:00Z");
        // The night in which the clocks change.
        check("2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z");
        check("2026-10-25T23:30:00Z", "2026-10-25T23:00:00Z");
    }
}
