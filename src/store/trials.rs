//! Conversations in which a trainer tries a draft: they count nowhere, and stand in no list of conversations.

use super::conversations::{Conversation, NewConversation, Row, conversation_of};
use super::database::{reading, writing};
use super::{Store, StoreError};
use crate::id::VisitorId;

impl Store {
    /// Opens a conversation that tries a draft: it counts nowhere, and stands in no list of conversations.
    pub async fn start_trial(&self, new: &NewConversation) -> Result<(), StoreError> {
        // Between the two, it is a conversation that nobody has picked up yet.
        self.start_conversation(new).await?;
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("update conversation set trial = $2 where id = $1")
                .bind(new.id.to_string())
                .bind(true)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// The latest conversations in which somebody tried a draft of a situation, newest first.
    pub async fn trials_of(&self, person: VisitorId, id: &str, limit: u32) -> Result<Vec<Conversation>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, visitor, persona, persona_digest, channel, started_at_ms, ended_at_ms, \
                 branched_from, branched_events from conversation \
                 where visitor = $1 and persona = $2 and trial order by started_at_ms desc, id desc limit $3",
            )
            .bind(person.to_string())
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(conversation_of).collect()
    }
}
