//! The log of who saw or changed what, and what the organisation has set from within.
//!
//! Invariant: lines are only added; erasing a person takes their name out of them, not the lines.

use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{Ulid, VisitorId};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who; `None`: the service itself, or somebody not signed in.
    pub actor: Option<VisitorId>,
    /// Under which name.
    pub actor_name: Option<String>,
    /// What was done: `review.published`.
    pub action: String,
    /// The id of what was seen or changed.
    pub subject: Option<String>,
    /// More, in French.
    pub detail: Option<String>,
}

type Row = (i64, Option<String>, Option<String>, String, Option<String>, Option<String>);

impl Store {
    /// Adds a line.
    pub async fn add_audit(&self, id: Ulid, line: &AuditLine) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into audit (id, at_ms, actor, actor_name, action, subject, detail) \
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id.to_string())
            .bind(to_ms(line.at))
            .bind(line.actor.map(|id| id.to_string()))
            .bind(&line.actor_name)
            .bind(&line.action)
            .bind(&line.subject)
            .bind(&line.detail)
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The latest lines before a moment, newest first; of one subject or actor, if given.
    pub async fn audit(
        &self,
        before: Timestamp,
        about: Option<&str>,
        limit: u32,
    ) -> Result<Vec<AuditLine>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select at_ms, actor, actor_name, action, subject, detail from audit \
                 where at_ms < $1 and ($2 = '' or subject = $2 or actor = $2) order by at_ms desc, id desc limit $3",
            )
            .bind(to_ms(before))
            .bind(about.unwrap_or_default())
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?
        });
        let line = |(at, actor, actor_name, action, subject, detail): Row| {
            let actor = actor.map(|id| id.parse().map_err(|error| StoreError::unreadable("a line of the log", error)));
            Ok(AuditLine { at: from_ms(at)?, actor: actor.transpose()?, actor_name, action, subject, detail })
        };
        rows.into_iter().map(line).collect()
    }

    /// What was set under a name.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select value from setting where name = $1").bind(name).fetch_optional(pool).await?
        });
        Ok(row.map(|(value,)| value))
    }

    /// Sets something.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = $2",
            )
            .bind(name)
            .bind(value)
            .execute(connection)
            .await?;
        });
        Ok(())
    }
}
