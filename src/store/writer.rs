//! Appends of many conversations, committed together.
//!
//! Input: appends, from as many tasks as there are conversations. Output: an answer to each, once it is on the disk.
//! Invariant: an append is answered `Ok` after the commit that holds it, never before; one append that is refused
//! does not touch the others. Why: a commit waits for the disk whether it carries one turn or sixty, and each
//! statement is a trip to SQLite's own thread and back.

use std::collections::{BTreeSet, VecDeque};

use sqlx::SqliteConnection;
use sqlx::types::Json;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use super::database::{SqliteWriter, Writing};
use super::events::write_append;
use crate::transcript::Happening;

/// How many appends wait at most: far more than there are people typing in the same millisecond.
const QUEUE: usize = 1024;

/// How many are committed together at most, so that none waits for a huge transaction.
const BATCH: usize = 128;

/// Appends of different conversations in one statement: those whose number is the next one, each all or nothing.
/// `$1` is a JSON list of rows: conversation, number, number of the append's first event, time, body.
const TOGETHER: &str = "insert into event (conversation, seq, at_ms, body) \
     select value ->> 0, value ->> 1, value ->> 3, value ->> 4 from json_each($1) \
     where coalesce((select max(seq) from event where conversation = value ->> 0), -1) + 1 = value ->> 2 \
     returning conversation";

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
pub(super) fn spawn(writer: SqliteWriter) -> mpsc::Sender<Append> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(run(receiver, writer));
    sender
}

async fn run(mut queue: mpsc::Receiver<Append>, writer: SqliteWriter) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut waiting: VecDeque<Append> = batch.drain(..).collect();
        let mut writer = writer.lock().await;
        while !waiting.is_empty() {
            let group = next_group(&mut waiting);
            commit(&mut writer, group).await;
        }
    }
}

/// The next appends that can go into one statement: no conversation twice; one that ends a conversation goes alone.
fn next_group(waiting: &mut VecDeque<Append>) -> Vec<Append> {
    let mut group: Vec<Append> = Vec::new();
    let mut conversations = BTreeSet::new();
    while let Some(next) = waiting.front() {
        if !conversations.insert(next.conversation.clone()) || (next.ends && !group.is_empty()) {
            break;
        }
        let ends = next.ends;
        group.extend(waiting.pop_front());
        if ends {
            break;
        }
    }
    group
}

async fn commit(writer: &mut Writing, group: Vec<Append>) {
    if !group.iter().any(|append| append.ends) {
        match together(writer, &group).await {
            Ok(stored) => {
                for append in group {
                    let result = if stored.contains(&append.conversation) { Ok(()) } else { Err(StoreError::Conflict) };
                    answer(append, result);
                }
                return;
            }
            // One bad append may have spoilt the others: each gets its own chance.
            Err(StoreError::Query(_) | StoreError::Conflict) => {}
            Err(error) => return answer_all(group, &error),
        }
    }
    for append in group {
        let result = alone(writer, &append).await;
        answer(append, result);
    }
}

/// Stores what can be stored, and tells which conversations it was.
async fn together(writer: &mut Writing, group: &[Append]) -> Result<BTreeSet<String>, StoreError> {
    let mut rows = Vec::with_capacity(group.len());
    for append in group {
        for (offset, Json(happening)) in (0_i64..).zip(&append.happenings) {
            let body = serde_json::to_string(happening).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
            rows.push((&append.conversation, append.first + offset, append.first, append.at_ms, body));
        }
    }
    let stored: Vec<(String,)> =
        sqlx::query_as(TOGETHER).bind(Json(rows)).fetch_all(writer.connection().await?).await?;
    Ok(stored.into_iter().map(|(conversation,)| conversation).collect())
}

async fn alone(writer: &mut Writing, append: &Append) -> Result<(), StoreError> {
    async fn write(connection: &mut SqliteConnection, append: &Append) -> Result<(), StoreError> {
        write_append!(connection, append)
    }
    let mut transaction = writer.begin().await?;
    write(&mut transaction, append).await?;
    transaction.commit().await?;
    Ok(())
}

fn answer_all(group: Vec<Append>, error: &StoreError) {
    for append in group {
        answer(append, Err(error.clone()));
    }
}

fn answer(append: Append, result: Result<(), StoreError>) {
    // Whoever asked may be gone; the events stay.
    let _ = append.done.send(result);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_conversation_stands_twice_in_a_statement_and_an_end_stands_alone() {
        let append = |conversation: &str, ends| Append {
            conversation: conversation.to_owned(),
            first: 1,
            at_ms: 0,
            happenings: Vec::new(),
            ends,
            done: oneshot::channel().0,
        };
        let mut waiting = VecDeque::from([
            append("a", false),
            append("b", false),
            append("a", false),
            append("c", true),
            append("d", true),
            append("e", false),
        ]);
        let mut groups = Vec::new();
        while !waiting.is_empty() {
            let group = next_group(&mut waiting);
            groups.push(group.iter().map(|append| append.conversation.as_str()).collect::<String>());
        }
        assert_eq!(groups, ["ab", "a", "c", "d", "e"]);
    }
}
