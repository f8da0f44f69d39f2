//! Written situations as they are offered: published versions, and for whom.
//!
//! Invariant: a published version never changes, and its text stands in `content_version` as long as anything names it.

use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{GroupId, VisitorId};

/// A version to publish.
#[derive(Clone, Copy, Debug)]
pub struct SituationPublication<'a> {
    /// Of which situation.
    pub id: &'a str,
    /// The digest of its text, which must be kept already.
    pub digest: &'a str,
    /// The title in it.
    pub title: &'a str,
    /// What changed, in the trainer's words.
    pub note: &'a str,
    /// Who.
    pub by: VisitorId,
    /// When.
    pub at: Timestamp,
    /// Groups that are offered it from now on.
    pub to: &'a [GroupId],
    /// Groups that are not any more.
    pub from: &'a [GroupId],
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedVersion {
    /// From 1.
    pub number: u32,
    /// The digest of its text.
    pub digest: String,
    /// The title in it.
    pub title: String,
    /// What changed, in the trainer's words.
    pub note: String,
    /// Under which name it was published.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A situation that somebody is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its id.
    pub id: String,
    /// The number of the version.
    pub number: u32,
    /// The digest of its text.
    pub digest: String,
}

impl Store {
    /// Publishes a version, or the latest one again where its text is the same, and says to whom; its number.
    pub async fn publish_situation(&self, new: &SituationPublication<'_>) -> Result<u32, StoreError> {
        let number = writing!(self.database.as_ref(), |connection| {
            let last: Option<(i64, String)> = sqlx::query_as(
                "select number, digest from situation_version where situation = $1 order by number desc limit 1",
            )
            .bind(new.id)
            .fetch_optional(&mut *connection)
            .await?;
            let number = match last {
                Some((number, digest)) if digest == new.digest => number,
                last => {
                    let number = last.map_or(1, |(number, _)| number + 1);
                    sqlx::query(
                        "insert into situation_version \
                         (situation, number, digest, title, note, published_by, published_at_ms) \
                         values ($1, $2, $3, $4, $5, $6, $7)",
                    )
                    .bind(new.id)
                    .bind(number)
                    .bind(new.digest)
                    .bind(new.title)
                    .bind(new.note)
                    .bind(new.by.to_string())
                    .bind(to_ms(new.at))
                    .execute(&mut *connection)
                    .await?;
                    number
                }
            };
            for group in new.to {
                sqlx::query(
                    "insert into situation_group (situation, training_group) values ($1, $2) \
                     on conflict (situation, training_group) do nothing",
                )
                .bind(new.id)
                .bind(group.to_string())
                .execute(&mut *connection)
                .await?;
            }
            for group in new.from {
                sqlx::query("delete from situation_group where situation = $1 and training_group = $2")
                    .bind(new.id)
                    .bind(group.to_string())
                    .execute(&mut *connection)
                    .await?;
            }
            sqlx::query("update situation set withdrawn_at_ms = null where id = $1")
                .bind(new.id)
                .execute(&mut *connection)
                .await?;
            number
        });
        super::number(number)
    }

    /// Offers it to nobody any more. What was played with it stays readable.
    pub async fn withdraw_situation(&self, id: &str, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("update situation set withdrawn_at_ms = $2 where id = $1")
                .bind(id)
                .bind(to_ms(at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Its published versions, the latest first.
    pub async fn versions_of(&self, id: &str) -> Result<Vec<PublishedVersion>, StoreError> {
        let rows: Vec<(i64, String, String, String, Option<String>, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select v.number, v.digest, v.title, v.note, a.name, v.published_at_ms from situation_version v \
                 left join account a on a.visitor = v.published_by where v.situation = $1 order by v.number desc",
            )
            .bind(id)
            .fetch_all(pool)
            .await?
        });
        let version = |(number, digest, title, note, by, at): (i64, _, _, _, _, i64)| {
            Ok(PublishedVersion { number: super::number(number)?, digest, title, note, by, at: from_ms(at)? })
        };
        rows.into_iter().map(version).collect()
    }

    /// The number of the version with this text, and when it was published; `None` if none of that situation has it.
    pub async fn published_version(&self, id: &str, digest: &str) -> Result<Option<(u32, Timestamp)>, StoreError> {
        let row: Option<(i64, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select number, published_at_ms from situation_version where situation = $1 and digest = $2 \
                 order by number desc limit 1",
            )
            .bind(id)
            .bind(digest)
            .fetch_optional(pool)
            .await?
        });
        row.map(|(number, at)| Ok((super::number(number)?, from_ms(at)?))).transpose()
    }

    /// The groups that are offered it: id and name, by name.
    pub async fn groups_of_situation(&self, id: &str) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select t.id, t.name from situation_group g join training_group t on t.id = g.training_group \
                 where g.situation = $1 order by t.name, t.id",
            )
            .bind(id)
            .fetch_all(pool)
            .await?
        });
        let group = |(id, name): (String, String)| {
            Ok((id.parse().map_err(|error| StoreError::unreadable("a group", error))?, name))
        };
        rows.into_iter().map(group).collect()
    }

    /// What somebody is offered as a member or a trainer of groups in use: the latest version of each, by id.
    pub async fn situations_offered(&self, person: VisitorId) -> Result<Vec<Offered>, StoreError> {
        let rows: Vec<(String, i64, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select v.situation, v.number, v.digest from situation_version v \
                 join situation s on s.id = v.situation \
                 where s.withdrawn_at_ms is null \
                 and v.number = (select max(l.number) from situation_version l where l.situation = v.situation) \
                 and exists (select 1 from situation_group g join training_group t on t.id = g.training_group \
                     where g.situation = v.situation and t.archived_at_ms is null and ( \
                         exists (select 1 from group_member m where m.training_group = t.id and m.member = $1) \
                         or exists (select 1 from group_trainer r where r.training_group = t.id and r.trainer = $1))) \
                 order by v.situation",
            )
            .bind(person.to_string())
            .fetch_all(pool)
            .await?
        });
        let offered = |(id, number, digest)| Ok(Offered { id, number: super::number(number)?, digest });
        rows.into_iter().map(offered).collect()
    }

    /// The titles of all situations that were ever published, by id, each with the digest of its latest version.
    pub async fn situation_titles(&self) -> Result<Vec<(String, String, String)>, StoreError> {
        Ok(reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select v.situation, v.title, v.digest from situation_version v where v.number = \
                 (select max(l.number) from situation_version l where l.situation = v.situation) order by v.situation",
            )
            .fetch_all(pool)
            .await?
        }))
    }
}
