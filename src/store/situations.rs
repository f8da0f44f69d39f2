//! Situations that trainers write: drafts.
//!
//! Invariant: a save names the revision that its writer had before them, and a second one at the same revision changes
//! nothing.

use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

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

    /// The ids of all situations.
    pub async fn situation_ids(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select id from situation order by id").fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(|(id,)| id).collect())
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
        revision: number(revision)?,
        saved_at: from_ms(saved_at)?,
        saved_by,
        withdrawn_at: withdrawn_at.map(from_ms).transpose()?,
        version: version.map(number).transpose()?,
        draft,
    })
}
