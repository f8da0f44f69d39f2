//! Two trainers who rate the same conversation blind.
//!
//! Invariant: what either has given is read by nobody's page before both have given theirs ([`Blind::is_open`]); it stays
//! as it was given, whatever is settled afterwards.

use sqlx::types::Json;

use super::database::{reading, writing};
use super::events::unreadable;
use super::reviews::{ReviewState, SavedReview, visitor, write_review};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::scoring::Draft;

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindReader {
    /// Who.
    pub reader: VisitorId,
    /// Under which name they are known.
    pub name: String,
    /// What they have given, once they have.
    pub given: Option<Draft>,
}

/// A double blind rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blind {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Who asked; `None` once their account is erased.
    pub first: Option<BlindReader>,
    /// Who was asked.
    pub second: Option<BlindReader>,
    /// When.
    pub asked_at: Timestamp,
    /// When the two were settled.
    pub settled_at: Option<Timestamp>,
}

impl Blind {
    /// Whether someone has still to give theirs. Where one of the two is gone, nobody waits.
    pub fn is_open(&self) -> bool {
        let waits = |reader: &Option<BlindReader>| reader.as_ref().is_some_and(|reader| reader.given.is_none());
        self.first.is_some() && self.second.is_some() && (waits(&self.first) || waits(&self.second))
    }

    /// Whether it hides the marks from someone: they are one of the two, and it is open.
    pub fn blinds(&self, who: VisitorId) -> bool {
        self.is_open() && self.reader(who).is_some()
    }

    /// One of the two.
    pub fn reader(&self, who: VisitorId) -> Option<&BlindReader> {
        [&self.first, &self.second].into_iter().flatten().find(|reader| reader.reader == who)
    }

    /// The other of the two.
    pub fn other(&self, who: VisitorId) -> Option<&BlindReader> {
        [&self.first, &self.second].into_iter().flatten().find(|reader| reader.reader != who)
    }

    /// What both have given, once they have.
    pub fn both(&self) -> Option<[(&BlindReader, &Draft); 2]> {
        fn given(reader: Option<&BlindReader>) -> Option<(&BlindReader, &Draft)> {
            let reader = reader?;
            Some((reader, reader.given.as_ref()?))
        }
        Some([given(self.first.as_ref())?, given(self.second.as_ref())?])
    }
}

type Row = (
    Option<String>,
    Option<String>,
    Option<Json<Draft>>,
    Option<String>,
    Option<String>,
    Option<Json<Draft>>,
    i64,
    Option<i64>,
);

impl Store {
    /// The double blind rating of a conversation, if there is one.
    pub async fn blind(&self, conversation: ConversationId) -> Result<Option<Blind>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select b.first, f.name, b.first_body, b.second, s.name, b.second_body, b.asked_at_ms, b.settled_at_ms \
                 from blind_reading b left join account f on f.visitor = b.first \
                 left join account s on s.visitor = b.second where b.conversation = $1",
            )
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await
            .map_err(|error| unreadable("a blind rating", error))?
        });
        let reader = |id: Option<String>, name: Option<String>, given: Option<Json<Draft>>| {
            let Some((id, name)) = id.zip(name) else { return Ok(None) };
            Ok::<_, StoreError>(Some(BlindReader {
                reader: visitor(&id)?,
                name,
                given: given.map(|Json(draft)| draft),
            }))
        };
        row.map(|(first, first_name, first_given, second, second_name, second_given, asked_at, settled_at)| {
            Ok(Blind {
                conversation,
                first: reader(first, first_name, first_given)?,
                second: reader(second, second_name, second_given)?,
                asked_at: from_ms(asked_at)?,
                settled_at: settled_at.map(from_ms).transpose()?,
            })
        })
        .transpose()
    }

    /// Asks two trainers to rate a conversation blind; whether nobody had asked before.
    pub async fn ask_blind(
        &self,
        conversation: ConversationId,
        first: VisitorId,
        second: VisitorId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let asked = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into blind_reading (conversation, first, second, asked_at_ms) values ($1, $2, $3, $4) \
                 on conflict (conversation) do nothing",
            )
            .bind(conversation.to_string())
            .bind(first.to_string())
            .bind(second.to_string())
            .bind(to_ms(at))
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(asked > 0)
    }

    /// Gives up a double blind rating that someone has still to give; whether there was one. What was put down stays, as
    /// an ordinary review under way.
    pub async fn give_up_blind(&self, conversation: ConversationId) -> Result<bool, StoreError> {
        let id = conversation.to_string();
        let given_up = writing!(self.database.as_ref(), |connection| {
            sqlx::query("update review set state = 'draft' where conversation = $1 and state = 'finished'")
                .bind(&id)
                .execute(&mut *connection)
                .await?;
            sqlx::query(
                "delete from blind_reading where conversation = $1 and (first_body is null or second_body is null)",
            )
            .bind(&id)
            .execute(&mut *connection)
            .await?
            .rows_affected()
        });
        Ok(given_up > 0)
    }

    /// One of the two gives theirs. [`StoreError::Conflict`] where another version of their review stands there, or
    /// where they were not asked.
    pub async fn finish_blind(&self, review: SavedReview<'_>, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            let saved = write_review!(connection, &review, ReviewState::Finished, at);
            let given = sqlx::query(
                "update blind_reading set \
                 first_body = case when first = $2 then $3 else first_body end, \
                 second_body = case when second = $2 then $3 else second_body end \
                 where conversation = $1 and (first = $2 or second = $2)",
            )
            .bind(review.conversation.to_string())
            .bind(review.reviewer.to_string())
            .bind(Json(review.draft))
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if saved == 0 || given == 0 {
                return Err(StoreError::Conflict);
            }
        });
        Ok(())
    }

    /// What the two gave was settled.
    pub async fn settle_blind(&self, conversation: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update blind_reading set settled_at_ms = $2 where conversation = $1 and settled_at_ms is null",
            )
            .bind(conversation.to_string())
            .bind(to_ms(at))
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}
