//! Who follows a conversation from a node on which it is not under way.
//!
//! Invariant: a row counts until its time only, and is renewed by the connection it stands for.

use super::database::{reading, writing, writing_one};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{ConversationId, Ulid, VisitorId};

/// One connection of somebody who follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedFrom {
    /// The connection.
    pub id: Ulid,
    /// What is followed.
    pub conversation: ConversationId,
    /// Who follows.
    pub trainer: VisitorId,
    /// The name the trainee is told.
    pub name: String,
    /// Until when this counts.
    pub until: Timestamp,
}

impl Store {
    /// Tells the other nodes that somebody follows, or still does; forgets those whose time is over at `now`.
    pub async fn follow_from(&self, following: &FollowedFrom, now: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from follower where until_ms <= $1").bind(to_ms(now)).execute(&mut *connection).await?;
            sqlx::query(
                "insert into follower (id, conversation, trainer, name, until_ms) values ($1, $2, $3, $4, $5) \
                 on conflict (id) do update set until_ms = excluded.until_ms",
            )
            .bind(following.id.to_string())
            .bind(following.conversation.to_string())
            .bind(following.trainer.to_string())
            .bind(&following.name)
            .bind(to_ms(following.until))
            .execute(&mut *connection)
            .await?;
        });
        Ok(())
    }

    /// The connection follows no more, or from the node where the conversation is.
    pub async fn unfollow_from(&self, id: Ulid) -> Result<(), StoreError> {
        writing_one!(self.database.as_ref(), |connection| {
            sqlx::query("delete from follower where id = $1").bind(id.to_string()).execute(connection).await?;
        });
        Ok(())
    }

    /// Everyone who follows from elsewhere at `now`, by conversation, in the order in which they came, with the number of
    /// the conversation's last event.
    pub async fn followed_from(&self, now: Timestamp) -> Result<Vec<(FollowedFrom, u32)>, StoreError> {
        let rows: Vec<(String, String, String, String, i64, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select f.id, f.conversation, f.trainer, f.name, f.until_ms, \
                 (select max(e.seq) from event e where e.conversation = f.conversation) \
                 from follower f where f.until_ms > $1 order by f.conversation, f.id",
            )
            .bind(to_ms(now))
            .fetch_all(pool)
            .await?
        });
        let unreadable = |error| StoreError::unreadable("an identifier", error);
        rows.into_iter()
            .map(|(id, conversation, trainer, name, until, last)| {
                let following = FollowedFrom {
                    id: Ulid::from_string(&id).map_err(|error| StoreError::unreadable("an identifier", error))?,
                    conversation: conversation.parse().map_err(unreadable)?,
                    trainer: trainer.parse().map_err(unreadable)?,
                    name,
                    until: from_ms(until)?,
                };
                let last = u32::try_from(last).map_err(|error| StoreError::unreadable("an event's number", error))?;
                Ok((following, last))
            })
            .collect()
    }
}
