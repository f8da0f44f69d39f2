//! Situations that trainers write: drafts, published versions, and for whom.
//!
//! Invariants: a save names the revision that its writer had before them, and a second one at the same revision changes
//! nothing; a published version never changes, and its text stands in `content_version` as long as anything names it.

use super::conversations::{Conversation, NewConversation, Row as ConversationRow, conversation_of};
use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{GroupId, VisitorId};

/// How many drafts are kept to compare with.
const DRAFTS: i64 = 40;

/// A situation to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSituation<'a> {
    /// Its id, which is the persona's.
    pub id: &'a str,
    /// Who begins it.
    pub maker: VisitorId,
    /// The id that it is copied from.
    pub copied_from: Option<&'a str>,
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub draft: &'a str,
    /// When.
    pub at: Timestamp,
}

/// A situation being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Its id.
    pub id: String,
    /// Who began it; `None`: somebody whose account is erased.
    pub maker: Option<VisitorId>,
    /// Under which name.
    pub maker_name: Option<String>,
    /// The id that it was copied from.
    pub copied_from: Option<String>,
    /// The title of the draft.
    pub title: String,
    /// How many times it was saved.
    pub revision: u32,
    /// When it was last saved.
    pub saved_at: Timestamp,
    /// By whom.
    pub saved_by: Option<String>,
    /// Since when nobody is offered it any more.
    pub withdrawn_at: Option<Timestamp>,
    /// The number of its latest version.
    pub version: Option<u32>,
    /// The draft; empty in lists.
    pub draft: String,
}

/// A draft to save.
#[derive(Clone, Copy, Debug)]
pub struct Save<'a> {
    /// Of which situation.
    pub id: &'a str,
    /// The revision that its writer had before them.
    pub revision: u32,
    /// The title in it.
    pub title: &'a str,
    /// The text.
    pub draft: &'a str,
    /// Who.
    pub by: VisitorId,
    /// When.
    pub at: Timestamp,
}

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

type Row = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    i64,
    i64,
    Option<String>,
    Option<i64>,
    Option<i64>,
    String,
);

/// The columns of a [`Row`], of the situation `s`; the draft stands last.
macro_rules! columns {
    ($draft:literal) => {
        concat!(
            "s.id, s.maker, m.name, s.copied_from, s.title, s.revision, s.saved_at_ms, b.name, s.withdrawn_at_ms, \
             (select max(v.number) from situation_version v where v.situation = s.id), ",
            $draft,
            " from situation s left join account m on m.visitor = s.maker left join account b on b.visitor = s.saved_by "
        )
    };
}

impl Store {
    /// Begins a situation. [`StoreError::Conflict`] if its id is taken.
    pub async fn add_situation(&self, new: &NewSituation<'_>) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into situation (id, maker, copied_from, title, draft, revision, made_at_ms, saved_at_ms, saved_by) \
                 values ($1, $2, $3, $4, $5, 1, $6, $6, $2)",
            )
            .bind(new.id)
            .bind(new.maker.to_string())
            .bind(new.copied_from)
            .bind(new.title)
            .bind(new.draft)
            .bind(to_ms(new.at))
            .execute(&mut *connection)
            .await?;
            sqlx::query("insert into situation_draft (situation, revision, body) values ($1, 1, $2)")
                .bind(new.id)
                .bind(new.draft)
                .execute(&mut *connection)
                .await?;
        });
        Ok(())
    }

    /// A situation by id, with its draft.
    pub async fn situation(&self, id: &str) -> Result<Option<Situation>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!("s.draft"), "where s.id = $1"))
                .bind(id)
                .fetch_optional(pool)
                .await?
        });
        row.map(situation_of).transpose()
    }

    /// The situations that a trainer began, or that a group of theirs is offered: the latest saved first, without drafts.
    pub async fn situations_of(&self, trainer: VisitorId) -> Result<Vec<Situation>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!("''"),
                "where s.maker = $1 or exists (select 1 from situation_group g join group_trainer t \
                 on t.training_group = g.training_group where g.situation = s.id and t.trainer = $1) \
                 order by s.saved_at_ms desc, s.id"
            ))
            .bind(trainer.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(situation_of).collect()
    }

    /// Whether a trainer may write on a situation: they began it, or lead a group that it is published to.
    pub async fn may_write(&self, trainer: VisitorId, id: &str) -> Result<bool, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select s.id from situation s where s.id = $2 and (s.maker = $1 or exists \
                 (select 1 from situation_group g join group_trainer t on t.training_group = g.training_group \
                  where g.situation = s.id and t.trainer = $1))",
            )
            .bind(trainer.to_string())
            .bind(id)
            .fetch_optional(pool)
            .await?
        });
        Ok(row.is_some())
    }

    /// Saves a draft: its new revision, or `None`, and nothing changed, if somebody saved since.
    pub async fn save_draft(&self, save: &Save<'_>) -> Result<Option<u32>, StoreError> {
        let next = i64::from(save.revision) + 1;
        let saved = writing!(self.database.as_ref(), |connection| {
            let saved = sqlx::query(
                "update situation set title = $3, draft = $4, revision = $5, saved_at_ms = $6, saved_by = $7 \
                 where id = $1 and revision = $2",
            )
            .bind(save.id)
            .bind(i64::from(save.revision))
            .bind(save.title)
            .bind(save.draft)
            .bind(next)
            .bind(to_ms(save.at))
            .bind(save.by.to_string())
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if saved > 0 {
                sqlx::query("insert into situation_draft (situation, revision, body) values ($1, $2, $3)")
                    .bind(save.id)
                    .bind(next)
                    .bind(save.draft)
                    .execute(&mut *connection)
                    .await?;
                sqlx::query("delete from situation_draft where situation = $1 and revision <= $2")
                    .bind(save.id)
                    .bind(next - DRAFTS)
                    .execute(&mut *connection)
                    .await?;
            }
            saved
        });
        Ok((saved > 0).then(|| save.revision.saturating_add(1)))
    }

    /// The draft as it was at a revision, if it is still kept.
    pub async fn draft_at(&self, id: &str, revision: u32) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select body from situation_draft where situation = $1 and revision = $2")
                .bind(id)
                .bind(i64::from(revision))
                .fetch_optional(pool)
                .await?
        });
        Ok(row.map(|(body,)| body))
    }

    /// Takes away a situation that was never published; whether it was there.
    pub async fn remove_situation(&self, id: &str) -> Result<bool, StoreError> {
        let removed = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "delete from situation where id = $1 \
                 and not exists (select 1 from situation_version v where v.situation = $1)",
            )
            .bind(id)
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(removed > 0)
    }

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
        count(number)
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
            Ok(PublishedVersion { number: count(number)?, digest, title, note, by, at: from_ms(at)? })
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
        row.map(|(number, at)| Ok((count(number)?, from_ms(at)?))).transpose()
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
        let offered = |(id, number, digest)| Ok(Offered { id, number: count(number)?, digest });
        rows.into_iter().map(offered).collect()
    }

    /// The ids of all situations.
    pub async fn situation_ids(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select id from situation order by id").fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(|(id,)| id).collect())
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
        let rows: Vec<ConversationRow> = reading!(self.database.as_ref(), |pool| {
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

fn situation_of(row: Row) -> Result<Situation, StoreError> {
    let (id, maker, maker_name, copied_from, title, revision, saved_at, saved_by, withdrawn_at, version, draft) = row;
    let person = |id: String| id.parse().map_err(|error| StoreError::unreadable("a person", error));
    Ok(Situation {
        id,
        maker: maker.map(person).transpose()?,
        maker_name,
        copied_from,
        title,
        revision: count(revision)?,
        saved_at: from_ms(saved_at)?,
        saved_by,
        withdrawn_at: withdrawn_at.map(from_ms).transpose()?,
        version: version.map(count).transpose()?,
        draft,
    })
}

fn count(stored: i64) -> Result<u32, StoreError> {
    stored.try_into().map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a number", error))
}
