//! The events of a conversation.

use sqlx::types::Json;
use tokio::sync::oneshot;

use super::database::{Database, reading};
use super::{Store, StoreError, from_ms, to_ms, writer};
use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::transcript::{Event, Happening};

/// Appends only where the number is the next one: otherwise no row is written.
pub(super) const FIRST: &str = "insert into event (conversation, seq, at_ms, body) \
     select $1, $2, $3, $4 where coalesce((select max(seq) from event where conversation = $1), -1) + 1 = $2";

/// Appends after [`FIRST`] in the same transaction.
pub(super) const NEXT: &str = "insert into event (conversation, seq, at_ms, body) values ($1, $2, $3, $4)";

/// The first end counts.
pub(super) const END: &str = "update conversation set ended_at_ms = $2 where id = $1 and ended_at_ms is null";

/// Nothing is under way any more.
pub(super) const NO_DRAFT: &str = "delete from draft where conversation = $1";

/// Writes an append on a connection that is in a transaction; the same for both databases.
macro_rules! write_append {
    ($connection:expr, $append:expr) => {{
        let (connection, append): (_, &$crate::store::writer::Append) = ($connection, $append);
        for (offset, happening) in (0..).zip(&append.happenings) {
            let text = if offset == 0 { $crate::store::events::FIRST } else { $crate::store::events::NEXT };
            let query = sqlx::query(text)
                .bind(&append.conversation)
                .bind(append.first + offset)
                .bind(append.at_ms)
                .bind(happening);
            if query.execute(&mut *connection).await?.rows_affected() == 0 {
                return Err(StoreError::Conflict);
            }
        }
        if append.ends {
            let query = sqlx::query($crate::store::events::END).bind(&append.conversation).bind(append.at_ms);
            query.execute(&mut *connection).await?;
            let query = sqlx::query($crate::store::events::NO_DRAFT).bind(&append.conversation);
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }};
}

pub(super) use write_append;

impl Store {
    /// Appends what happened, numbered from `next`, all or nothing.
    ///
    /// Answers with the events as stored (times are kept to the millisecond). [`StoreError::Conflict`] if `next` is not
    /// the next number: someone else appended, or the conversation is gone.
    pub async fn append(
        &self,
        conversation: ConversationId,
        next: u32,
        happenings: Vec<Happening>,
        at: Timestamp,
    ) -> Result<Vec<Event>, StoreError> {
        let at_ms = to_ms(at);
        let at = from_ms(at_ms)?;
        let events: Vec<Event> =
            (next..).zip(&happenings).map(|(seq, happening)| Event { seq, at, happening: happening.clone() }).collect();
        let ends = happenings.iter().any(|happening| matches!(happening, Happening::Ended { .. }));
        let happenings = happenings.into_iter().map(Json).collect();
        let (done, answer) = oneshot::channel();
        let append = writer::Append {
            conversation: conversation.to_string(),
            first: next.into(),
            at_ms,
            happenings,
            ends,
            done,
        };
        match (self.database.as_ref(), &self.appends) {
            (Database::Postgres(pool), _) => append_at_once(pool, &append).await?,
            (Database::Sqlite { .. }, Some(queue)) => {
                let closed = || StoreError::from(sqlx::Error::PoolClosed);
                queue.send(append).await.map_err(|_| closed())?;
                answer.await.map_err(|_| closed())??;
            }
            (Database::Sqlite { .. }, None) => return Err(sqlx::Error::PoolClosed.into()),
        }
        Ok(events)
    }

    /// The events from number `from` on, in order.
    pub async fn events(&self, conversation: ConversationId, from: u32) -> Result<Vec<Event>, StoreError> {
        let id = conversation.to_string();
        let rows: Vec<(i64, i64, Json<Happening>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select seq, at_ms, body from event where conversation = $1 and seq >= $2 order by seq")
                .bind(id)
                .bind(i64::from(from))
                .fetch_all(pool)
                .await
                .map_err(|error| unreadable("an event", error))?
        });
        rows.into_iter()
            .map(|(seq, at_ms, Json(happening))| {
                let seq = u32::try_from(seq).map_err(|error| StoreError::unreadable("an event's number", error))?;
                Ok(Event { seq, at: from_ms(at_ms)?, happening })
            })
            .collect()
    }
}

/// A column that does not decode is another version's; anything else is the database's own trouble.
pub(super) fn unreadable(what: &'static str, error: sqlx::Error) -> StoreError {
    match error {
        // What the decoder says may quote the words it could not read, and errors go to the log.
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::unreadable(what, format!("column {index} does not decode"))
        }
        other => other.into(),
    }
}

async fn append_at_once(pool: &sqlx::PgPool, append: &writer::Append) -> Result<(), StoreError> {
    async fn write(connection: &mut sqlx::PgConnection, append: &writer::Append) -> Result<(), StoreError> {
        write_append!(connection, append)
    }
    // One statement is a transaction of its own: two trips to the server less.
    if append.happenings.len() == 1 && !append.ends {
        return write(&mut *pool.acquire().await?, append).await;
    }
    let mut transaction = pool.begin().await?;
    write(&mut transaction, append).await?;
    transaction.commit().await?;
    Ok(())
}
