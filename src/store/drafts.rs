//! Words of a reply under way that were told before the whole of it was there.
//!
//! Invariant: one draft per conversation, the latest; it counts only while the turn that it answers is the last one.

use super::database::{reading, writing_one};
use super::events::unreadable;
use super::{Store, StoreError};
use crate::id::ConversationId;

impl Store {
    /// Keeps the sentences told so far of the reply that will be event `seq`, in place of any earlier draft.
    pub async fn keep_draft(
        &self,
        conversation: ConversationId,
        seq: u32,
        sentences: &[String],
    ) -> Result<(), StoreError> {
        let id = conversation.to_string();
        writing_one!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into draft (conversation, seq, body) values ($1, $2, $3) \
                 on conflict (conversation) do update set seq = excluded.seq, body = excluded.body",
            )
            .bind(&id)
            .bind(i64::from(seq))
            .bind(serde_json::Value::from(sentences).to_string())
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The sentences told of the reply to the turn that is event `turn`, the last one; none if none were.
    pub async fn draft(&self, conversation: ConversationId, turn: u32) -> Result<Vec<String>, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select body from draft where conversation = $1 and seq > $2")
                .bind(conversation.to_string())
                .bind(i64::from(turn))
                .fetch_optional(pool)
                .await
                .map_err(|error| unreadable("a draft", error))?
        });
        let Some((body,)) = row else { return Ok(Vec::new()) };
        serde_json::from_str(&body).map_err(|_| StoreError::unreadable("a draft", "it is not a list of sentences"))
    }
}
