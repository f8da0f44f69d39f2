//! People known by name, and what lets them in.
//!
//! Invariant: an account belongs to a visitor of the same id, so that whatever a guest may own an account may own too; of
//! passwords only their hash is stored.

use super::database::{reading, writing};
use super::visitors::TokenDigest;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

/// A person known by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The visitor's id.
    pub id: VisitorId,
    /// As the trainer knows them.
    pub name: String,
    /// What they sign in with, in lower case; without one they come back by a personal link.
    pub login: Option<String>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they lead groups.
    pub trainer: bool,
    /// Whether they see accounts, settings and the log.
    pub administrator: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
    /// Since when nobody signs in with it any more.
    pub closed_at: Option<Timestamp>,
}

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its id. A guest's own id turns the guest into a person with an account, conversations and all.
    pub id: VisitorId,
    /// As the trainer knows them.
    pub name: String,
    /// What they sign in with, and the hash of their password.
    pub credentials: Option<Credentials>,
    /// Whether they lead groups.
    pub trainer: bool,
    /// Whether they see accounts, settings and the log.
    pub administrator: bool,
}

/// What someone signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// In lower case.
    pub login: String,
    /// argon2id, as a PHC string.
    pub hash: String,
}

impl std::fmt::Debug for Credentials {
    /// A hash never goes to a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("login", &self.login).finish_non_exhaustive()
    }
}

pub(super) type Row = (String, String, Option<String>, Option<String>, bool, bool, i64, Option<i64>, Option<i64>);

/// The columns of a [`Row`], of the account `a`.
macro_rules! columns {
    () => {
        "a.visitor, a.name, a.login, a.password, a.trainer, a.administrator, a.created_at_ms, a.seen_at_ms, a.closed_at_ms"
    };
}

/// Inserts a [`NewAccount`], whose guest's cookie is `replaced`, in a transaction under way.
macro_rules! insert {
    ($connection:ident, $new:expr, $replaced:expr, $at:expr) => {{
        let new: &$crate::store::NewAccount = $new;
        let id = new.id.to_string();
        sqlx::query(
            "insert into visitor (id, token_digest, created_at_ms) values ($1, $2, $3) \
             on conflict (id) do update set token_digest = $2",
        )
        .bind(&id)
        .bind($replaced.text())
        .bind($crate::store::to_ms($at))
        .execute(&mut *$connection)
        .await?;
        let credentials = new.credentials.as_ref();
        let added = sqlx::query(
            "insert into account (visitor, name, login, password, trainer, administrator, created_at_ms) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(&id)
        .bind(&new.name)
        .bind(credentials.map(|credentials| credentials.login.as_str()))
        .bind(credentials.map(|credentials| credentials.hash.as_str()))
        .bind(new.trainer)
        .bind(new.administrator)
        .bind($crate::store::to_ms($at))
        .execute(&mut *$connection)
        .await?;
        if added.rows_affected() == 0 {
            return Err($crate::store::StoreError::Conflict);
        }
    }};
}

pub(super) use {columns, insert};

impl Store {
    /// Makes an account; `replaced` takes the place of a guest's cookie, so that it lets nobody in any more.
    ///
    /// [`StoreError::Conflict`] if the login is taken or the visitor has an account already.
    pub async fn add_account(&self, new: &NewAccount, replaced: &TokenDigest, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| insert!(connection, new, replaced, at));
        Ok(())
    }

    /// An account by id.
    pub async fn account(&self, id: VisitorId) -> Result<Option<Account>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from account a where a.visitor = $1"))
                .bind(id.to_string())
                .fetch_optional(pool)
                .await?
        });
        row.map(account_of).transpose()
    }

    /// Every account, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from account a order by a.name, a.visitor"))
                .fetch_all(pool)
                .await?
        });
        rows.into_iter().map(account_of).collect()
    }

    /// The account that signs in with a login, and the hash of its password.
    pub async fn credentials(&self, login: &str) -> Result<Option<(Account, String)>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from account a where a.login = $1"))
                .bind(login)
                .fetch_optional(pool)
                .await?
        });
        let Some(row) = row else { return Ok(None) };
        let hash = row.3.clone();
        let account = account_of(row)?;
        Ok(hash.map(|hash| (account, hash)))
    }

    /// Gives an account a login and a password. [`StoreError::Conflict`] if another has that login.
    pub async fn set_credentials(&self, id: VisitorId, credentials: &Credentials) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("update account set login = $2, password = $3 where visitor = $1")
                .bind(id.to_string())
                .bind(&credentials.login)
                .bind(&credentials.hash)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Renames a person.
    pub async fn rename_account(&self, id: VisitorId, name: &str) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("update account set name = $2 where visitor = $1")
                .bind(id.to_string())
                .bind(name)
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Gives an account its roles. `false`, and nothing changed, if no open administrator would be left.
    pub async fn set_roles(&self, id: VisitorId, trainer: bool, administrator: bool) -> Result<bool, StoreError> {
        let changed = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update account set trainer = $2, administrator = $3 where visitor = $1 and ($3 or exists \
                 (select 1 from account o where o.administrator and o.closed_at_ms is null and o.visitor <> $1))",
            )
            .bind(id.to_string())
            .bind(trainer)
            .bind(administrator)
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(changed > 0)
    }

    /// Closes an account, or opens it again with `None`; closing ends its sessions and links. `false`, and nothing
    /// changed, if no open administrator would be left.
    pub async fn close_account(&self, id: VisitorId, closed_at: Option<Timestamp>) -> Result<bool, StoreError> {
        let id = id.to_string();
        let changed = writing!(self.database.as_ref(), |connection| {
            let changed = sqlx::query(
                "update account set closed_at_ms = $2 where visitor = $1 and ($3 or not administrator or exists \
                 (select 1 from account o where o.administrator and o.closed_at_ms is null and o.visitor <> $1))",
            )
            .bind(&id)
            .bind(closed_at.map(to_ms))
            .bind(closed_at.is_none())
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if changed > 0 && closed_at.is_some() {
                for text in ["delete from session where visitor = $1", "delete from link where visitor = $1"] {
                    sqlx::query(text).bind(&id).execute(&mut *connection).await?;
                }
            }
            changed
        });
        Ok(changed > 0)
    }

    /// Whether anyone can let others in: an open account of an administrator or a trainer.
    pub async fn has_keeper(&self) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select cast(1 as bigint) from account where (administrator or trainer) and closed_at_ms is null limit 1",
            )
            .fetch_optional(pool)
            .await?
        });
        Ok(row.is_some())
    }
}

pub(super) fn account_of(row: Row) -> Result<Account, StoreError> {
    let (id, name, login, password, trainer, administrator, created_at, seen_at, closed_at) = row;
    Ok(Account {
        id: id.parse().map_err(|error| StoreError::unreadable("an account", error))?,
        name,
        login,
        has_password: password.is_some(),
        trainer,
        administrator,
        created_at: from_ms(created_at)?,
        seen_at: seen_at.map(from_ms).transpose()?,
        closed_at: closed_at.map(from_ms).transpose()?,
    })
}
