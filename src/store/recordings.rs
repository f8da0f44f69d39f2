//! The sound of what trainees said, where the organisation turned recording on.
//!
//! Invariant: a recording belongs to a conversation and goes with it; what is deleted is gone for everyone.

use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::ConversationId;

/// The sound of one turn.
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The client's id of the turn that it was transcribed for.
    pub utterance: String,
    /// When the voice began.
    pub at: Timestamp,
    /// How long it is, in milliseconds.
    pub duration_ms: u32,
    /// A whole WAV file.
    pub wav: Vec<u8>,
}

impl std::fmt::Debug for Recording {
    /// Someone's voice never goes to a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording")
            .field("conversation", &self.conversation)
            .field("utterance", &self.utterance)
            .field("duration_ms", &self.duration_ms)
            .finish_non_exhaustive()
    }
}

/// What is known of a recording without its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The client's id of the turn.
    pub utterance: String,
    /// When the voice began.
    pub at: Timestamp,
    /// How long it is, in milliseconds.
    pub duration_ms: u32,
}

/// What tells a recording that no turn of its conversation, which is over, was made of.
const ORPHANS: &str = "delete from recording where exists \
     (select 1 from conversation c where c.id = recording.conversation and c.ended_at_ms is not null) \
     and not exists (select 1 from event e where e.conversation = recording.conversation \
     and e.body ->> 'type' = 'spoke' and e.body ->> 'client_id' = recording.utterance)";

impl Store {
    /// Keeps a recording. The same utterance is kept once: the first stays.
    pub async fn keep_recording(&self, recording: Recording) -> Result<(), StoreError> {
        let Recording { conversation, utterance, at, duration_ms, wav } = recording;
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into recording (conversation, utterance, at_ms, duration_ms, body) \
                 values ($1, $2, $3, $4, $5) on conflict (conversation, utterance) do nothing",
            )
            .bind(conversation.to_string())
            .bind(&utterance)
            .bind(to_ms(at))
            .bind(i64::from(duration_ms))
            .bind(&wav)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The recordings of a conversation, in the order in which they were spoken, without their sound.
    pub async fn recordings(&self, conversation: ConversationId) -> Result<Vec<Recorded>, StoreError> {
        let rows: Vec<(String, i64, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select utterance, at_ms, duration_ms from recording where conversation = $1 order by at_ms, utterance",
            )
            .bind(conversation.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(utterance, at, duration)| {
                Ok(Recorded { utterance, at: from_ms(at)?, duration_ms: milliseconds(duration)? })
            })
            .collect()
    }

    /// One recording with its sound.
    pub async fn recording(
        &self,
        conversation: ConversationId,
        utterance: &str,
    ) -> Result<Option<Recording>, StoreError> {
        let row: Option<(i64, i64, Vec<u8>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select at_ms, duration_ms, body from recording where conversation = $1 and utterance = $2")
                .bind(conversation.to_string())
                .bind(utterance)
                .fetch_optional(pool)
                .await?
        });
        row.map(|(at, duration, wav)| {
            let (at, duration_ms) = (from_ms(at)?, milliseconds(duration)?);
            Ok(Recording { conversation, utterance: utterance.to_owned(), at, duration_ms, wav })
        })
        .transpose()
    }

    /// Deletes one recording; how many there were.
    pub async fn delete_recording(&self, conversation: ConversationId, utterance: &str) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from recording where conversation = $1 and utterance = $2")
                .bind(conversation.to_string())
                .bind(utterance)
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }

    /// Deletes every recording of a conversation; how many there were.
    pub async fn delete_recordings(&self, conversation: ConversationId) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from recording where conversation = $1")
                .bind(conversation.to_string())
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }

    /// Deletes the recordings made before a time, and those of conversations that are over which became no turn; how
    /// many there were.
    pub async fn purge_recordings(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            let old = sqlx::query("delete from recording where at_ms < $1").bind(to_ms(before));
            let old = old.execute(&mut *connection).await?.rows_affected();
            old + sqlx::query(ORPHANS).execute(&mut *connection).await?.rows_affected()
        }))
    }
}

fn milliseconds(stored: i64) -> Result<u32, StoreError> {
    stored.try_into().map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a length of time", error))
}
