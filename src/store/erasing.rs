//! What is erased: a person, in one action, and what is older than the organisation keeps it.
//!
//! Invariant: whatever is erased leaves its result in `kept_result`, without a name, an id or a day, and once, however
//! many nodes erase at the same time; lines of the log stay, and lose the name.

use serde_json::{Map, Value, json};
use sqlx::types::Json;

use super::conversations::latest;
use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::{Timestamp, paris};
use crate::id::{ConversationId, VisitorId};

/// How many conversations are erased in one transaction: others wait to write meanwhile.
const AT_ONCE: i64 = 100;

/// The name that lines of the log have in the place of an erased person's.
pub const NO_NAME: &str = "";

/// What an erasure came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Conversations, with their reviews and recordings.
    pub conversations: u64,
    /// Booklets.
    pub booklets: u64,
    /// People with an account, and guests.
    pub people: u64,
}

/// A result without a name.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptResult {
    /// Persona id.
    pub persona: String,
    /// `desk` or `phone`.
    pub channel: String,
    /// `2026-11`.
    pub month: String,
    /// 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
    /// Levels by indicator.
    pub levels: Map<String, Value>,
}

/// A conversation to erase: id, persona, channel, when, and its scorecard's result.
type Row = (String, String, String, i64, Option<i64>, Option<Json<Value>>, Option<Json<Value>>);

/// Conversations with the result that counts; what a trainer tried counts nowhere.
macro_rules! conversations {
    () => {
        concat!(
            "select c.id, c.persona, c.channel, c.started_at_ms, s.overall, s.axes, s.body from conversation c \
             left join scorecard s on not c.trial and s.id = ",
            latest!()
        )
    };
}

/// Deletes conversations in a transaction under way, and keeps the results of those that were still there: how many.
macro_rules! erase {
    ($connection:ident, $rows:expr) => {{
        let mut erased = 0;
        for (id, persona, channel, at, overall, axes, body) in $rows {
            let gone = sqlx::query("delete from conversation where id = $1").bind(&id).execute(&mut *$connection).await?;
            if gone.rows_affected() == 0 {
                continue;
            }
            erased += 1;
            // Without a scorecard there is no result.
            let (Some(axes), Some(Json(body))) = (axes, body) else { continue };
            sqlx::query(
                "insert into kept_result (persona, channel, month, overall, axes, levels) values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(persona)
            .bind(channel)
            .bind(month(from_ms(at)?))
            .bind(overall)
            .bind(axes)
            .bind(Json(levels(&body)))
            .execute(&mut *$connection)
            .await?;
        }
        erased
    }};
}

/// Takes a person's name out of the log, in a transaction under way: `id` is theirs.
macro_rules! forget {
    ($connection:ident, $id:expr) => {
        for text in [
            "update audit set actor = null, actor_name = '' where actor = $1",
            "update audit set detail = null where subject = $1",
            "update audit set detail = null where detail = $1",
            "update audit set detail = null where subject in (select id from conversation where visitor = $1)",
        ] {
            sqlx::query(text).bind($id).execute(&mut *$connection).await?;
        }
    };
}

impl Store {
    /// Erases a person with all that is theirs; the conversations that were, if there was such a person. Whoever has one
    /// of them open must be told.
    ///
    /// [`StoreError::Conflict`], and nothing changed, if no open administrator would be left, or nobody would lead a group
    /// that has members.
    pub async fn erase_person(&self, person: VisitorId) -> Result<Option<Vec<ConversationId>>, StoreError> {
        let id = person.to_string();
        let ids: Option<Vec<String>> = writing!(self.database.as_ref(), |connection| {
            let needed: Vec<(String,)> = sqlx::query_as(
                "select a.visitor from account a where a.visitor = $1 and (\
                 (a.administrator and a.closed_at_ms is null and not exists (select 1 from account o \
                  where o.administrator and o.closed_at_ms is null and o.visitor <> $1)) \
                 or exists (select 1 from group_trainer t where t.trainer = $1 \
                  and exists (select 1 from group_member m where m.training_group = t.training_group) \
                  and not exists (select 1 from group_trainer o where o.training_group = t.training_group \
                   and o.trainer <> $1)))",
            )
            .bind(&id)
            .fetch_all(&mut *connection)
            .await?;
            if !needed.is_empty() {
                return Err(StoreError::Conflict);
            }
            forget!(connection, &id);
            let rows: Vec<Row> = sqlx::query_as(concat!(conversations!(), " where c.visitor = $1"))
                .bind(&id)
                .fetch_all(&mut *connection)
                .await?;
            let ids = rows.iter().map(|row| row.0.clone()).collect();
            let _: u64 = erase!(connection, rows);
            // Groups that only they led are empty: see above.
            sqlx::query(
                "delete from training_group where id in (select t.training_group from group_trainer t \
                 where t.trainer = $1) and not exists (select 1 from group_trainer o \
                 where o.training_group = training_group.id and o.trainer <> $1)",
            )
            .bind(&id)
            .execute(&mut *connection)
            .await?;
            let gone = sqlx::query("delete from visitor where id = $1").bind(&id).execute(&mut *connection).await?;
            (gone.rows_affected() > 0).then_some(ids)
        });
        ids.map(|ids| ids.iter().map(|id| conversation(id)).collect()).transpose()
    }

    /// Erases what is older than `before`: conversations with all that belongs to them, booklets, and people who have
    /// nothing left and were last here before (never those who run the service or lead groups).
    pub async fn erase_before(&self, before: Timestamp) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        loop {
            let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
                sqlx::query_as(concat!(
                    conversations!(),
                    " where c.started_at_ms < $1 order by c.started_at_ms limit $2"
                ))
                .bind(to_ms(before))
                .bind(AT_ONCE)
                .fetch_all(pool)
                .await?
            });
            if rows.is_empty() {
                break;
            }
            erased.conversations += writing!(self.database.as_ref(), |connection| erase!(connection, rows));
        }
        erased.booklets = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "delete from booklet where started_at_ms < $1 \
                 and not exists (select 1 from conversation c where c.booklet = booklet.id)",
            )
            .bind(to_ms(before))
            .execute(connection)
            .await?
            .rows_affected()
        });
        erased.people = self.erase_people_before(before).await?;
        Ok(erased)
    }

    /// Erases people who have nothing left and were last here before; how many.
    async fn erase_people_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let ids: Vec<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select v.id from visitor v left join account a on a.visitor = v.id \
                 where coalesce(a.seen_at_ms, a.created_at_ms, v.created_at_ms) < $1 \
                 and (a.visitor is null or not (a.trainer or a.administrator)) \
                 and not exists (select 1 from conversation c where c.visitor = v.id) \
                 and not exists (select 1 from booklet b where b.visitor = v.id)",
            )
            .bind(to_ms(before))
            .fetch_all(pool)
            .await?
        });
        let mut people = 0;
        for (id,) in ids {
            people += writing!(self.database.as_ref(), |connection| {
                forget!(connection, &id);
                // Asked again: they may have come back since.
                sqlx::query(
                    "delete from visitor where id = $1 \
                     and not exists (select 1 from conversation c where c.visitor = visitor.id) \
                     and not exists (select 1 from session s where s.visitor = visitor.id and s.seen_at_ms >= $2)",
                )
                .bind(&id)
                .bind(to_ms(before))
                .execute(connection)
                .await?
                .rows_affected()
            });
        }
        Ok(people)
    }

    /// Takes the names out of lines of the log that are older than `before`, and what was rated for practice; how many
    /// lines.
    pub async fn forget_names_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from calibration where begun_at_ms < $1")
                .bind(to_ms(before))
                .execute(&mut *connection)
                .await?;
            sqlx::query(
                "update audit set actor = null, actor_name = '', detail = null where at_ms < $1 and actor is not null",
            )
            .bind(to_ms(before))
            .execute(&mut *connection)
            .await?
            .rows_affected()
        }))
    }

    /// Deletes the sessions that have ended; how many.
    pub async fn purge_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from session where until_ms < $1")
                .bind(to_ms(now))
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }

    /// The results that stayed, by month and persona.
    pub async fn kept_results(&self) -> Result<Vec<KeptResult>, StoreError> {
        type Kept = (String, String, String, Option<i64>, Json<Map<String, Value>>);
        let rows: Vec<Kept> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select persona, channel, month, overall, levels from kept_result order by month, persona")
                .fetch_all(pool)
                .await?
        });
        let kept = |(persona, channel, month, overall, Json(levels)): Kept| {
            let overall = overall.map(u8::try_from).transpose();
            let overall = overall.map_err(|error| StoreError::unreadable("a percentage", error))?;
            Ok(KeptResult { persona, channel, month, overall, levels })
        };
        rows.into_iter().map(kept).collect()
    }
}

fn conversation(id: &str) -> Result<ConversationId, StoreError> {
    id.parse().map_err(|error| StoreError::unreadable("an identifier", error))
}

/// « 2026-11 », by the clocks of Paris.
fn month(at: Timestamp) -> String {
    let date = paris(at).date();
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The levels of a scorecard as it is stored, whichever version wrote it.
fn levels(scorecard: &Value) -> Value {
    let marks = scorecard["marks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let level = |mark: &Value| Some((mark["id"].as_str()?.to_owned(), mark["level"].clone()));
    json!(marks.iter().filter_map(level).collect::<Map<String, Value>>())
}
