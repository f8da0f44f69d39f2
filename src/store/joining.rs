//! People coming into groups: new accounts with their personal links, and people who have one.
//!
//! Invariant: in a group no two people have names that read alike; whoever comes second is told, not merged.

use std::collections::BTreeMap;

use super::accounts::{NewAccount, insert};
use super::database::{reading, writing};
use super::visitors::TokenDigest;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{GroupId, VisitorId};

/// Somebody to take into a group with a new account and a personal link.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The account.
    pub account: NewAccount,
    /// What takes the place of a guest's cookie.
    pub replaced: TokenDigest,
    /// The token of the personal link.
    pub link: TokenDigest,
    /// The group's trainers read what was begun since then.
    pub from: Timestamp,
}

/// What a group comes to at a glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupCount {
    /// How many trainees are in it.
    pub members: u64,
    /// How many assignments are open.
    pub assignments: u64,
    /// When one of its members was last here.
    pub seen_at: Option<Timestamp>,
}

/// Locks the group `id` until the transaction ends, and reads its members' names: whoever joins at the same moment
/// waits, and sees the name.
macro_rules! names {
    ($connection:ident, $id:expr) => {{
        sqlx::query("update training_group set name = name where id = $1").bind($id).execute(&mut *$connection).await?;
        let names: Vec<(String, String)> = sqlx::query_as(
            "select m.member, a.name from group_member m join account a on a.visitor = m.member \
             where m.training_group = $1",
        )
        .bind($id)
        .fetch_all(&mut *$connection)
        .await?;
        names
    }};
}

/// Puts a member into a group, in a transaction under way.
macro_rules! put {
    ($connection:ident, $group:expr, $member:expr, $at:expr, $from:expr) => {
        sqlx::query(
            "insert into group_member (training_group, member, joined_at_ms, from_ms) values ($1, $2, $3, $4) \
             on conflict (training_group, member) do nothing",
        )
        .bind($group)
        .bind($member)
        .bind(to_ms($at))
        .bind(to_ms($from))
        .execute(&mut *$connection)
        .await?
    };
}

impl Store {
    /// Takes people in, each with an account and a personal link; which of them were: not those whose name is that of
    /// somebody in the group, or of an earlier one here. [`StoreError::Conflict`] if one has an account already.
    pub async fn take_in(
        &self,
        group: GroupId,
        newcomers: &[Newcomer],
        made_by: Option<VisitorId>,
        at: Timestamp,
        same: impl Fn(&str, &str) -> bool + Send,
    ) -> Result<Vec<bool>, StoreError> {
        let group = group.to_string();
        Ok(writing!(self.database.as_ref(), |connection| {
            let mut names: Vec<String> = names!(connection, &group).into_iter().map(|(_, name)| name).collect();
            let mut taken = Vec::with_capacity(newcomers.len());
            for newcomer in newcomers {
                let name = &newcomer.account.name;
                let free = !names.iter().any(|other| same(other, name));
                taken.push(free);
                if !free {
                    continue;
                }
                names.push(name.clone());
                let id = newcomer.account.id.to_string();
                insert!(connection, &newcomer.account, newcomer.replaced, at);
                put!(connection, &group, &id, at, newcomer.from);
                sqlx::query(
                    "insert into link (token_digest, purpose, visitor, made_by, made_at_ms) \
                     values ($1, 'personal', $2, $3, $4)",
                )
                .bind(newcomer.link.text())
                .bind(&id)
                .bind(made_by.map(|id| id.to_string()))
                .bind(to_ms(at))
                .execute(&mut *connection)
                .await?;
            }
            taken
        }))
    }

    /// Takes somebody with an account into a group. `false` if somebody else there has that name.
    pub async fn join(
        &self,
        group: GroupId,
        (member, name): (VisitorId, &str),
        at: Timestamp,
        from: Timestamp,
        same: impl Fn(&str, &str) -> bool + Send,
    ) -> Result<bool, StoreError> {
        let (group, member) = (group.to_string(), member.to_string());
        Ok(writing!(self.database.as_ref(), |connection| {
            let names = names!(connection, &group);
            let free = !names.iter().any(|(id, other)| *id != member && same(other, name));
            if free {
                put!(connection, &group, &member, at, from);
            }
            free
        }))
    }

    /// Renames a member of a group. `false`, and nothing changed, if somebody else there has that name, or they are not
    /// in the group.
    pub async fn rename_member(
        &self,
        group: GroupId,
        (member, name): (VisitorId, &str),
        same: impl Fn(&str, &str) -> bool + Send,
    ) -> Result<bool, StoreError> {
        let (group, member) = (group.to_string(), member.to_string());
        Ok(writing!(self.database.as_ref(), |connection| {
            let names = names!(connection, &group);
            let free = names.iter().any(|(id, _)| *id == member)
                && !names.iter().any(|(id, other)| *id != member && same(other, name));
            if free {
                sqlx::query("update account set name = $2 where visitor = $1")
                    .bind(&member)
                    .bind(name)
                    .execute(&mut *connection)
                    .await?;
            }
            free
        }))
    }

    /// What the groups of a trainer come to.
    pub async fn group_counts(&self, trainer: VisitorId) -> Result<BTreeMap<GroupId, GroupCount>, StoreError> {
        let rows: Vec<(String, i64, i64, Option<i64>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select t.training_group, \
                 (select count(*) from group_member m where m.training_group = t.training_group), \
                 (select count(*) from assignment a where a.training_group = t.training_group \
                  and a.closed_at_ms is null), \
                 (select max(p.seen_at_ms) from group_member m join account p on p.visitor = m.member \
                  where m.training_group = t.training_group) \
                 from group_trainer t where t.trainer = $1",
            )
            .bind(trainer.to_string())
            .fetch_all(pool)
            .await?
        });
        let count = |(group, members, assignments, seen_at): (String, i64, i64, Option<i64>)| {
            let group: GroupId = group.parse().map_err(|error| StoreError::unreadable("a group", error))?;
            let count = GroupCount {
                members: members.unsigned_abs(),
                assignments: assignments.unsigned_abs(),
                seen_at: seen_at.map(from_ms).transpose()?,
            };
            Ok((group, count))
        };
        rows.into_iter().map(count).collect()
    }

    /// How many conversations somebody has had.
    pub async fn conversations_count(&self, visitor: VisitorId) -> Result<u64, StoreError> {
        let (count,): (i64,) = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select count(*) from conversation where visitor = $1")
                .bind(visitor.to_string())
                .fetch_one(pool)
                .await?
        });
        Ok(count.unsigned_abs())
    }
}
