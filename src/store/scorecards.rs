//! Scorecards. A conversation may have several: by another version of the rules, completed by a model, after its note
//! was written again, by a trainer, whose word counts.

use sqlx::types::Json;

use super::database::{reading, writing};
use super::events::unreadable;
use super::{Store, StoreError, from_ms, marks, to_ms};
use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::scoring::Scorecard;

/// Who or what gave the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// The rubric's rules.
    Rules,
    /// The rules and a language model.
    Both,
    /// A trainer: what was published prevails over the others.
    Trainer,
}

impl Judge {
    const fn name(self) -> &'static str {
        match self {
            Judge::Rules => "rules",
            Judge::Both => "both",
            Judge::Trainer => "trainer",
        }
    }
}

/// A scorecard to keep.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Who judged.
    pub judge: Judge,
    /// How many of its events were judged.
    pub events: u32,
    /// 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
    /// The marks. The versions they name must be kept already.
    pub scorecard: &'a Scorecard,
}

/// A scorecard as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredScorecard {
    /// How many events of the conversation it judges.
    pub events: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// The marks.
    pub scorecard: Scorecard,
}

impl Store {
    /// Keeps a scorecard. The same judgement (same judge, events and versions) is kept once: the first stays.
    /// Its marks are written one by one too, and the time on task is counted.
    pub async fn keep_scorecard(&self, judgement: Judgement<'_>, at: Timestamp) -> Result<(), StoreError> {
        let scorecard = judgement.scorecard;
        let doubts = scorecard.marks.iter().filter(|mark| mark.in_doubt().is_some()).count();
        let doubts = i64::try_from(doubts).unwrap_or(i64::MAX);
        let conversation = judgement.conversation.to_string();
        let fill = marks::fill(self.database.as_ref());
        writing!(self.database.as_ref(), |connection| {
            let kept: Option<(i64,)> = sqlx::query_as(
                "insert into scorecard (conversation, judge, events, persona_digest, rubric_digest, engine, \
                 overall, axes, body, made_at_ms, doubts) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 on conflict (conversation, judge, events, persona_digest, rubric_digest, engine) do nothing \
                 returning id",
            )
            .bind(&conversation)
            .bind(judgement.judge.name())
            .bind(i64::from(judgement.events))
            .bind(&scorecard.persona_hash)
            .bind(&scorecard.rubric_hash)
            .bind(&scorecard.engine)
            .bind(judgement.overall.map(i64::from))
            .bind(Json(&scorecard.axes))
            .bind(Json(scorecard))
            .bind(to_ms(at))
            .bind(doubts)
            .fetch_optional(&mut *connection)
            .await?;
            if let Some((id,)) = kept {
                sqlx::query(fill).bind(id).execute(&mut *connection).await?;
                sqlx::query(marks::SPENT).bind(&conversation).execute(&mut *connection).await?;
            }
        });
        Ok(())
    }

    /// The latest scorecard of a judge: the one that saw most events, then the newest.
    pub async fn scorecard(
        &self,
        conversation: ConversationId,
        judge: Judge,
    ) -> Result<Option<StoredScorecard>, StoreError> {
        let row: Option<(i64, i64, Json<Scorecard>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select events, made_at_ms, body from scorecard where conversation = $1 and judge = $2 \
                 order by events desc, made_at_ms desc, id desc limit 1",
            )
            .bind(conversation.to_string())
            .bind(judge.name())
            .fetch_optional(pool)
            .await
            .map_err(|error| unreadable("a scorecard", error))?
        });
        row.map(|(events, made_at, Json(scorecard))| {
            let events = events
                .try_into()
                .map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a number of events", error))?;
            Ok(StoredScorecard { events, made_at: from_ms(made_at)?, scorecard })
        })
        .transpose()
    }

    /// Deletes every scorecard of a conversation; how many there were.
    pub async fn delete_scorecards(&self, conversation: ConversationId) -> Result<u64, StoreError> {
        let id = conversation.to_string();
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from scorecard where conversation = $1")
                .bind(&id)
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }
}
