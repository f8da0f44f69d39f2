//! Exam booklets: what was drawn, what happened, the last sign of life.
//!
//! Invariant: events are numbered from 0 without gaps; of two that come with the same number one is refused.

use sqlx::types::Json;

use super::database::{reading, writing, writing_one};
use super::events::unreadable;
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::exam::{Draw, Event, Happening, Opened};
use crate::id::{AssignmentId, BookletId, ConversationId, VisitorId};

/// A booklet to open.
#[derive(Clone, Debug)]
pub struct NewBooklet<'a> {
    /// Its id.
    pub id: BookletId,
    /// Who sits it.
    pub visitor: VisitorId,
    /// Under which assignment, if any.
    pub assignment: Option<AssignmentId>,
    /// What was drawn; the versions it names must be kept already.
    pub draw: &'a Draw,
    /// Under which conditions.
    pub opened: Opened,
    /// When.
    pub at: Timestamp,
}

/// A booklet as stored, without its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBooklet {
    /// Its id.
    pub id: BookletId,
    /// Who sits it.
    pub visitor: VisitorId,
    /// Under which assignment, if any.
    pub assignment: Option<AssignmentId>,
    /// What was drawn.
    pub draw: Draw,
    /// When it was opened.
    pub started_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// The last sign of life.
    pub seen_at: Option<Timestamp>,
    /// Whether the pages of whoever sits it give signs of their own.
    pub pings: bool,
}

type Row = (String, String, Option<String>, Json<Draw>, i64, Option<i64>, Option<i64>, bool);

impl Store {
    /// Opens a booklet with its event 0.
    pub async fn open_booklet(&self, new: &NewBooklet<'_>) -> Result<(), StoreError> {
        let id = new.id.to_string();
        let seed = i64::try_from(new.opened.seed).map_err(|error| StoreError::unreadable("a seed", error))?;
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into booklet (id, visitor, assignment, kind, seed, body, started_at_ms, seen_at_ms) \
                 values ($1, $2, $3, $4, $5, $6, $7, $7)",
            )
            .bind(&id)
            .bind(new.visitor.to_string())
            .bind(new.assignment.map(|assignment| assignment.to_string()))
            .bind(&new.draw.booklet)
            .bind(seed)
            .bind(Json(new.draw))
            .bind(to_ms(new.at))
            .execute(&mut *connection)
            .await?;
            sqlx::query("insert into booklet_event (booklet, seq, at_ms, body) values ($1, 0, $2, $3)")
                .bind(&id)
                .bind(to_ms(new.at))
                .bind(Json(Happening::Begun(new.opened.clone())))
                .execute(&mut *connection)
                .await?;
        });
        Ok(())
    }

    /// A booklet by id, whoever sits it.
    pub async fn booklet(&self, id: BookletId) -> Result<Option<StoredBooklet>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, visitor, assignment, body, started_at_ms, ended_at_ms, seen_at_ms, pings \
                 from booklet where id = $1",
            )
            .bind(id.to_string())
            .fetch_optional(pool)
            .await
            .map_err(|error| unreadable("a booklet", error))?
        });
        row.map(booklet_of).transpose()
    }

    /// A person's booklets, newest first.
    pub async fn booklets_of(&self, visitor: VisitorId) -> Result<Vec<StoredBooklet>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, visitor, assignment, body, started_at_ms, ended_at_ms, seen_at_ms, pings \
                 from booklet where visitor = $1 order by started_at_ms desc, id desc",
            )
            .bind(visitor.to_string())
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a booklet", error))?
        });
        rows.into_iter().map(booklet_of).collect()
    }

    /// The events of a booklet, in order.
    pub async fn booklet_events(&self, id: BookletId) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<(i64, i64, Json<Happening>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select seq, at_ms, body from booklet_event where booklet = $1 order by seq")
                .bind(id.to_string())
                .fetch_all(pool)
                .await
                .map_err(|error| unreadable("an event of a booklet", error))?
        });
        rows.into_iter()
            .map(|(seq, at_ms, Json(happening))| Ok(Event { seq: number(seq)?, at: from_ms(at_ms)?, happening }))
            .collect()
    }

    /// Appends what happened, numbered from `next`, all or nothing; `ends` where the booklet is over with it.
    ///
    /// Answers with the events as stored. [`StoreError::Conflict`] if `next` is not the next number: another tab was
    /// heard first, or the booklet is gone.
    pub async fn append_to_booklet(
        &self,
        id: BookletId,
        next: u32,
        happenings: Vec<Happening>,
        at: Timestamp,
        ends: bool,
    ) -> Result<Vec<Event>, StoreError> {
        let at_ms = to_ms(at);
        let at = from_ms(at_ms)?;
        let numbered = || (next..).zip(&happenings);
        let id = id.to_string();
        writing!(self.database.as_ref(), |connection| {
            for (seq, happening) in numbered() {
                let written = sqlx::query(
                    "insert into booklet_event (booklet, seq, at_ms, body) select $1, $2, $3, $4 \
                     where coalesce((select max(seq) from booklet_event where booklet = $1), -1) + 1 = $2",
                )
                .bind(&id)
                .bind(i64::from(seq))
                .bind(at_ms)
                .bind(Json(happening))
                .execute(&mut *connection)
                .await?;
                if written.rows_affected() == 0 {
                    return Err(StoreError::Conflict);
                }
            }
            if ends {
                sqlx::query("update booklet set ended_at_ms = $2 where id = $1 and ended_at_ms is null")
                    .bind(&id)
                    .bind(at_ms)
                    .execute(&mut *connection)
                    .await?;
            }
        });
        Ok(numbered().map(|(seq, happening)| Event { seq, at, happening: happening.clone() }).collect())
    }

    /// Notes a sign of life; `ping` where it is one that a page gave by itself.
    pub async fn see_booklet(&self, id: BookletId, at: Timestamp, ping: bool) -> Result<(), StoreError> {
        writing_one!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update booklet set seen_at_ms = $2, pings = (pings or $3) \
                 where id = $1 and (seen_at_ms is null or seen_at_ms <= $2)",
            )
            .bind(id.to_string())
            .bind(to_ms(at))
            .bind(ping)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Says that a conversation belongs to a situation of a booklet.
    pub async fn enlist(
        &self,
        conversation: ConversationId,
        booklet: BookletId,
        situation: usize,
    ) -> Result<(), StoreError> {
        let situation = i64::try_from(situation).map_err(|error| StoreError::unreadable("a situation", error))?;
        writing_one!(self.database.as_ref(), |connection| {
            sqlx::query("update conversation set booklet = $2, step = $3 where id = $1")
                .bind(conversation.to_string())
                .bind(booklet.to_string())
                .bind(situation)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// The booklet that a conversation belongs to, if any.
    pub async fn booklet_with(&self, conversation: ConversationId) -> Result<Option<StoredBooklet>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select b.id, b.visitor, b.assignment, b.body, b.started_at_ms, b.ended_at_ms, b.seen_at_ms, b.pings \
                 from conversation c join booklet b on b.id = c.booklet where c.id = $1",
            )
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await
            .map_err(|error| unreadable("a booklet", error))?
        });
        row.map(booklet_of).transpose()
    }

    /// The conversations of a person's booklets, with whether the booklet is still under way.
    pub async fn conversations_in_booklets(
        &self,
        visitor: VisitorId,
    ) -> Result<Vec<(ConversationId, BookletId, bool)>, StoreError> {
        let rows: Vec<(String, String, Option<i64>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select c.id, b.id, b.ended_at_ms from booklet b join conversation c on c.booklet = b.id \
                 where b.visitor = $1 order by c.id",
            )
            .bind(visitor.to_string())
            .fetch_all(pool)
            .await?
        });
        let id_error = |error| StoreError::unreadable("an identifier", error);
        let one = |(conversation, booklet, ended): (String, String, Option<i64>)| {
            Ok((conversation.parse().map_err(id_error)?, booklet.parse().map_err(id_error)?, ended.is_none()))
        };
        rows.into_iter().map(one).collect()
    }

    /// Whether a trainer may read a booklet: whoever sits it is in one of their groups since before it was opened.
    pub async fn may_read_booklet(&self, trainer: VisitorId, booklet: &StoredBooklet) -> Result<bool, StoreError> {
        let from = self.trains_from(trainer, booklet.visitor).await?;
        Ok(from.is_some_and(|from| booklet.started_at >= from))
    }
}

fn booklet_of(row: Row) -> Result<StoredBooklet, StoreError> {
    let (id, visitor, assignment, Json(draw), started_at, ended_at, seen_at, pings) = row;
    let id_error = |error| StoreError::unreadable("an identifier", error);
    Ok(StoredBooklet {
        id: id.parse().map_err(id_error)?,
        visitor: visitor.parse().map_err(id_error)?,
        assignment: assignment.map(|assignment| assignment.parse()).transpose().map_err(id_error)?,
        draw,
        started_at: from_ms(started_at)?,
        ended_at: ended_at.map(from_ms).transpose()?,
        seen_at: seen_at.map(from_ms).transpose()?,
        pings,
    })
}
