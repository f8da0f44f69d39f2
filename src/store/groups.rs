//! Groups of trainees, who leads them and who is in them.
//!
//! Invariant: a trainer reads a conversation only through a group of theirs that its owner is in, and only if it was
//! begun at or after the moment from which that owner shares.

use super::conversations::Conversation;
use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{GroupId, VisitorId};

/// A group of trainees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What trainees type to join.
    pub code: String,
    /// Until when the code works; `None`: as long as the group is open.
    pub code_until: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
    /// Since when it is put away.
    pub archived_at: Option<Timestamp>,
}

/// A trainee in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: VisitorId,
    /// As the trainer knows them.
    pub name: String,
    /// Whether they have a password.
    pub has_password: bool,
    /// Since when they are in the group.
    pub joined_at: Timestamp,
    /// The trainers read what was begun since then.
    pub from: Timestamp,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
}

type GroupRow = (String, String, String, Option<i64>, i64, Option<i64>);
type MemberRow = (String, String, Option<String>, i64, i64, Option<i64>);

/// The columns of a [`GroupRow`], of the group `g`.
macro_rules! columns {
    () => {
        "g.id, g.name, g.code, g.code_until_ms, g.created_at_ms, g.archived_at_ms"
    };
}

impl Store {
    /// Makes a group led by a trainer. [`StoreError::Conflict`] if its code is taken.
    pub async fn add_group(&self, group: &Group, trainer: VisitorId) -> Result<(), StoreError> {
        let id = group.id.to_string();
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into training_group (id, name, code, code_until_ms, created_at_ms, archived_at_ms) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&id)
            .bind(&group.name)
            .bind(&group.code)
            .bind(group.code_until.map(to_ms))
            .bind(to_ms(group.created_at))
            .bind(group.archived_at.map(to_ms))
            .execute(&mut *connection)
            .await?;
            sqlx::query("insert into group_trainer (training_group, trainer) values ($1, $2)")
                .bind(&id)
                .bind(trainer.to_string())
                .execute(&mut *connection)
                .await?;
        });
        Ok(())
    }

    /// Changes a group's name, code, its end, or puts it away. [`StoreError::Conflict`] if the code is taken.
    pub async fn change_group(&self, group: &Group) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update training_group set name = $2, code = $3, code_until_ms = $4, archived_at_ms = $5 where id = $1",
            )
            .bind(group.id.to_string())
            .bind(&group.name)
            .bind(&group.code)
            .bind(group.code_until.map(to_ms))
            .bind(group.archived_at.map(to_ms))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// A group by id.
    pub async fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let row: Option<GroupRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from training_group g where g.id = $1"))
                .bind(id.to_string())
                .fetch_optional(pool)
                .await?
        });
        row.map(group_of).transpose()
    }

    /// The group that a code lets in, whether it still works or not.
    pub async fn group_by_code(&self, code: &str) -> Result<Option<Group>, StoreError> {
        let row: Option<GroupRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from training_group g where g.code = $1"))
                .bind(code)
                .fetch_optional(pool)
                .await?
        });
        row.map(group_of).transpose()
    }

    /// The groups a trainer leads: those in use first, then by name.
    pub async fn groups_of_trainer(&self, trainer: VisitorId) -> Result<Vec<Group>, StoreError> {
        let rows: Vec<GroupRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from training_group g join group_trainer t on t.training_group = g.id where t.trainer = $1 \
                 order by g.archived_at_ms is not null, g.name, g.id"
            ))
            .bind(trainer.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(group_of).collect()
    }

    /// The groups a trainee is in, that are in use.
    pub async fn groups_of_member(&self, member: VisitorId) -> Result<Vec<Group>, StoreError> {
        let rows: Vec<GroupRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from training_group g join group_member m on m.training_group = g.id \
                 where m.member = $1 and g.archived_at_ms is null order by g.name, g.id"
            ))
            .bind(member.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(group_of).collect()
    }

    /// Who is in a group, by name.
    pub async fn members(&self, group: GroupId) -> Result<Vec<Member>, StoreError> {
        let rows: Vec<MemberRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select m.member, a.name, a.password, m.joined_at_ms, m.from_ms, a.seen_at_ms from group_member m \
                 join account a on a.visitor = m.member where m.training_group = $1 order by a.name, m.member",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        let member = |(id, name, password, joined_at, from, seen_at): MemberRow| {
            Ok(Member {
                id: visitor(&id)?,
                name,
                has_password: password.is_some(),
                joined_at: from_ms(joined_at)?,
                from: from_ms(from)?,
                seen_at: seen_at.map(from_ms).transpose()?,
            })
        };
        rows.into_iter().map(member).collect()
    }

    /// Who leads a group: id and name, by name.
    pub async fn trainers(&self, group: GroupId) -> Result<Vec<(VisitorId, String)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select t.trainer, a.name from group_trainer t join account a on a.visitor = t.trainer \
                 where t.training_group = $1 order by a.name, t.trainer",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(|(id, name)| Ok((visitor(&id)?, name))).collect()
    }

    /// Takes a trainee into a group; one who is in it stays as they are.
    pub async fn add_member(
        &self,
        group: GroupId,
        member: VisitorId,
        at: Timestamp,
        from: Timestamp,
    ) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into group_member (training_group, member, joined_at_ms, from_ms) values ($1, $2, $3, $4) \
                 on conflict (training_group, member) do nothing",
            )
            .bind(group.to_string())
            .bind(member.to_string())
            .bind(to_ms(at))
            .bind(to_ms(from))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Takes a trainee out of a group; whether they were in it. What they did stays theirs.
    pub async fn remove_member(&self, group: GroupId, member: VisitorId) -> Result<bool, StoreError> {
        let removed = writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from group_member where training_group = $1 and member = $2")
                .bind(group.to_string())
                .bind(member.to_string())
                .execute(connection)
                .await?
                .rows_affected()
        });
        Ok(removed > 0)
    }

    /// Has a trainer lead a group too.
    pub async fn add_trainer(&self, group: GroupId, trainer: VisitorId) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into group_trainer (training_group, trainer) values ($1, $2) \
                 on conflict (training_group, trainer) do nothing",
            )
            .bind(group.to_string())
            .bind(trainer.to_string())
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Has a trainer lead a group no more. `false`, and nothing changed, if nobody would lead it.
    pub async fn remove_trainer(&self, group: GroupId, trainer: VisitorId) -> Result<bool, StoreError> {
        let removed = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "delete from group_trainer where training_group = $1 and trainer = $2 and exists \
                 (select 1 from group_trainer o where o.training_group = $1 and o.trainer <> $2)",
            )
            .bind(group.to_string())
            .bind(trainer.to_string())
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(removed > 0)
    }

    /// Whether a trainer leads a group.
    pub async fn is_trainer_of(&self, trainer: VisitorId, group: GroupId) -> Result<bool, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select trainer from group_trainer where training_group = $1 and trainer = $2")
                .bind(group.to_string())
                .bind(trainer.to_string())
                .fetch_optional(pool)
                .await?
        });
        Ok(row.is_some())
    }

    /// Whether a trainer leads a group that a person is in.
    pub async fn trains(&self, trainer: VisitorId, person: VisitorId) -> Result<bool, StoreError> {
        Ok(self.trains_from(trainer, person).await?.is_some())
    }

    /// Since when a trainer reads what a person begins, through any group of theirs; `None`: not at all.
    pub async fn trains_from(&self, trainer: VisitorId, person: VisitorId) -> Result<Option<Timestamp>, StoreError> {
        let (from,): (Option<i64>,) = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select min(m.from_ms) from group_member m join group_trainer t on t.training_group = m.training_group \
                 where t.trainer = $1 and m.member = $2",
            )
            .bind(trainer.to_string())
            .bind(person.to_string())
            .fetch_one(pool)
            .await?
        });
        from.map(from_ms).transpose()
    }

    /// Whether a trainer may read a conversation of someone else.
    pub async fn may_read(&self, trainer: VisitorId, conversation: &Conversation) -> Result<bool, StoreError> {
        let from = self.trains_from(trainer, conversation.visitor).await?;
        Ok(from.is_some_and(|from| conversation.started_at >= from))
    }
}

fn visitor(id: &str) -> Result<VisitorId, StoreError> {
    id.parse().map_err(|error| StoreError::unreadable("a person", error))
}

fn group_of(row: GroupRow) -> Result<Group, StoreError> {
    let (id, name, code, code_until, created_at, archived_at) = row;
    Ok(Group {
        id: id.parse().map_err(|error| StoreError::unreadable("a group", error))?,
        name,
        code,
        code_until: code_until.map(from_ms).transpose()?,
        created_at: from_ms(created_at)?,
        archived_at: archived_at.map(from_ms).transpose()?,
    })
}
