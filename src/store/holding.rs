//! Everything that is held on a person, for them to read.
//!
//! Invariant: whatever is tied to a person is here, also what another version of the program has written: bodies are
//! handed on as they are stored.

use serde_json::Value;
use sqlx::types::Json;

use super::conversations::{self, Conversation, conversation_of};
use super::database::reading;
use super::{Store, StoreError, from_ms};
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};

/// Something stored as a document, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is: who judged, which exam, which exercise.
    pub kind: String,
    /// When it was made.
    pub at: Timestamp,
    /// As it is stored.
    pub body: Value,
}

/// A line of the log about somebody, or written by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedLine {
    /// Where the next page of the log goes on.
    pub cursor: String,
    /// When.
    pub at: Timestamp,
    /// Who; `None`: the service itself, somebody not signed in, or somebody erased.
    pub actor: Option<VisitorId>,
    /// Under which name; empty: that of somebody erased.
    pub actor_name: Option<String>,
    /// What was done.
    pub action: String,
    /// The id of what was seen or changed.
    pub subject: Option<String>,
    /// More.
    pub detail: Option<String>,
}

/// What is asked of the log.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Lines with this id as actor, subject or detail; of a person, also those about their conversations.
    pub about: Option<String>,
    /// Lines whose action starts like this: `account.`.
    pub action: Option<String>,
    /// Lines before this one.
    pub before: Option<String>,
}

type Line = (String, i64, Option<String>, Option<String>, String, Option<String>, Option<String>);

impl Store {
    /// Every conversation of somebody, oldest first, those that a trainer tried too.
    pub async fn every_conversation(&self, person: VisitorId) -> Result<Vec<Conversation>, StoreError> {
        let rows: Vec<conversations::Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, visitor, persona, persona_digest, channel, started_at_ms, ended_at_ms, \
                 branched_from, branched_events from conversation where visitor = $1 order by started_at_ms, id",
            )
            .bind(person.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(conversation_of).collect()
    }

    /// Every scorecard of a conversation, oldest first.
    pub async fn every_scorecard(&self, conversation: ConversationId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select judge, made_at_ms, body from scorecard where conversation = $1 order by made_at_ms, id",
            &conversation.to_string(),
        )
        .await
    }

    /// Every word that trainers have published on a conversation, oldest first.
    pub async fn every_publication(&self, conversation: ConversationId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select 'publication', published_at_ms, rulings from publication where conversation = $1 order by number",
            &conversation.to_string(),
        )
        .await
    }

    /// Every booklet somebody has sat, oldest first.
    pub async fn every_booklet(&self, person: VisitorId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select kind, started_at_ms, body from booklet where visitor = $1 order by started_at_ms, id",
            &person.to_string(),
        )
        .await
    }

    /// Everything that happened while somebody sat their booklets, answers and trainers' marks among it; the kind is the
    /// booklet's id.
    pub async fn every_booklet_event(&self, person: VisitorId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select e.booklet, e.at_ms, e.body from booklet_event e join booklet b on b.id = e.booklet \
             where b.visitor = $1 order by b.started_at_ms, e.booklet, e.seq",
            &person.to_string(),
        )
        .await
    }

    /// Every review that a trainer has under way or has published, oldest first.
    pub async fn every_review_by(&self, person: VisitorId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select state, changed_at_ms, body from review where reviewer = $1 order by changed_at_ms, conversation",
            &person.to_string(),
        )
        .await
    }

    /// Every blind rating that a trainer has given.
    pub async fn every_blind_reading_by(&self, person: VisitorId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select conversation, asked_at_ms, first_body from blind_reading \
             where first = $1 and first_body is not null \
             union all select conversation, asked_at_ms, second_body from blind_reading \
             where second = $1 and second_body is not null",
            &person.to_string(),
        )
        .await
    }

    /// Everything that a trainer has rated for practice, oldest first.
    pub async fn every_calibration_by(&self, person: VisitorId) -> Result<Vec<Document>, StoreError> {
        self.documents(
            "select exercise, begun_at_ms, body from calibration where reviewer = $1 order by begun_at_ms, id",
            &person.to_string(),
        )
        .await
    }

    async fn documents(&self, text: &'static str, id: &str) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<(String, i64, Json<Value>)> =
            reading!(self.database.as_ref(), |pool| { sqlx::query_as(text).bind(id).fetch_all(pool).await? });
        let document =
            |(kind, at, Json(body)): (String, i64, Json<Value>)| Ok(Document { kind, at: from_ms(at)?, body });
        rows.into_iter().map(document).collect()
    }

    /// Lines of the log, newest first.
    pub async fn log(&self, filter: &LogFilter, limit: u32) -> Result<Vec<LoggedLine>, StoreError> {
        let rows: Vec<Line> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, at_ms, actor, actor_name, action, subject, detail from audit \
                 where ($1 = '' or actor = $1 or subject = $1 or detail = $1 \
                  or subject in (select c.id from conversation c where c.visitor = $1)) \
                 and ($2 = '' or substr(action, 1, length($2)) = $2) and ($3 = '' or id < $3) \
                 order by id desc limit $4",
            )
            .bind(filter.about.as_deref().unwrap_or_default())
            .bind(filter.action.as_deref().unwrap_or_default())
            .bind(filter.before.as_deref().unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?
        });
        let line = |(cursor, at, actor, actor_name, action, subject, detail): Line| {
            let actor = actor.map(|id| id.parse().map_err(|error| StoreError::unreadable("a line of the log", error)));
            let actor = actor.transpose()?;
            Ok(LoggedLine { cursor, at: from_ms(at)?, actor, actor_name, action, subject, detail })
        };
        rows.into_iter().map(line).collect()
    }
}
