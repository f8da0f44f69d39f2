//! Appends of many conversations, committed together.
//!
//! Input: appends, from as many tasks as there are conversations. Output: an answer to each, once it is on the disk.
//! Invariant: an append is answered `Ok` after the commit that holds it, never before; one append that is refused
//! does not touch the others. Why: a commit waits for the disk whether it carries one turn or sixty.

use sqlx::types::Json;
use sqlx::{SqlSafeStr, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use super::events::write_append;
use crate::transcript::Happening;

/// How many appends wait at most: far more than there are people typing in the same millisecond.
const QUEUE: usize = 1024;

/// How many are committed together at most, so that none waits for a huge transaction.
const BATCH: usize = 64;

/// Events to append to one conversation.
#[derive(Debug)]
pub(super) struct Append {
    pub(super) conversation: String,
    /// The number of the first, which must be the next one.
    pub(super) first: i64,
    pub(super) at_ms: i64,
    pub(super) happenings: Vec<Json<Happening>>,
    /// Whether the conversation ends with them.
    pub(super) ends: bool,
    pub(super) done: oneshot::Sender<Result<(), StoreError>>,
}

/// Starts the task; it ends when nobody can append any more.
pub(super) fn spawn(pool: SqlitePool) -> mpsc::Sender<Append> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(run(receiver, pool));
    sender
}

async fn run(mut queue: mpsc::Receiver<Append>, pool: SqlitePool) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        match commit(&pool, &batch).await {
            Ok(results) => answer(batch.drain(..).zip(results)),
            // One bad append may have spoilt the others: each gets its own chance.
            Err(StoreError::Query(_)) if batch.len() > 1 => {
                for append in batch.drain(..) {
                    let result = match commit(&pool, std::slice::from_ref(&append)).await {
                        Ok(mut results) => results.pop().unwrap_or(Ok(())),
                        Err(error) => Err(error),
                    };
                    answer([(append, result)]);
                }
            }
            Err(error) => answer(batch.drain(..).map(|append| (append, Err(error.clone())))),
        }
    }
}

fn answer(results: impl IntoIterator<Item = (Append, Result<(), StoreError>)>) {
    for (append, result) in results {
        // Whoever asked may be gone; the events stay.
        let _ = append.done.send(result);
    }
}

async fn commit(pool: &SqlitePool, batch: &[Append]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut transaction = pool.begin_with("begin immediate".into_sql_str()).await?;
    let mut results = Vec::with_capacity(batch.len());
    for append in batch {
        results.push(match insert(&mut transaction, append).await {
            // Refused before anything of this append was written.
            Err(StoreError::Conflict) => Err(StoreError::Conflict),
            Err(error) => return Err(error),
            Ok(()) => Ok(()),
        });
    }
    transaction.commit().await?;
    Ok(results)
}

async fn insert(connection: &mut SqliteConnection, append: &Append) -> Result<(), StoreError> {
    write_append!(connection, append)
}
