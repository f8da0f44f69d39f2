//! Addresses that let someone in.
//!
//! Invariant: a link is known by the digest of its token; one that sets a password or makes the first account works once.

use super::accounts::{Credentials, NewAccount, insert};
use super::database::{reading, writing};
use super::visitors::TokenDigest;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Makes the first account.
    First,
    /// Sets the login and password of an account, once.
    Password,
    /// Signs an account in, as often as its owner likes.
    Personal,
}

impl LinkPurpose {
    const fn name(self) -> &'static str {
        match self {
            LinkPurpose::First => "first",
            LinkPurpose::Password => "password",
            LinkPurpose::Personal => "personal",
        }
    }

    fn named(name: &str) -> Result<LinkPurpose, StoreError> {
        let all = [LinkPurpose::First, LinkPurpose::Password, LinkPurpose::Personal];
        let found = all.into_iter().find(|purpose| purpose.name() == name);
        found.ok_or_else(|| StoreError::unreadable("a link", name))
    }
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose; nobody's yet where it makes the first account.
    pub account: Option<VisitorId>,
    /// Who made it; `None`: the service itself.
    pub made_by: Option<VisitorId>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it works.
    pub until: Option<Timestamp>,
    /// When it was used, if it works once.
    pub used_at: Option<Timestamp>,
}

type Row = (String, Option<String>, Option<String>, i64, Option<i64>, Option<i64>);

impl Store {
    /// Makes a link; the account's earlier links of the same purpose work no more. Links to the first account stand
    /// beside each other: several nodes may each have told one.
    pub async fn add_link(&self, token: &TokenDigest, link: &Link) -> Result<(), StoreError> {
        let account = link.account.map(|id| id.to_string());
        writing!(self.database.as_ref(), |connection| {
            if let Some(account) = &account {
                sqlx::query("delete from link where visitor = $1 and purpose = $2")
                    .bind(account)
                    .bind(link.purpose.name())
                    .execute(&mut *connection)
                    .await?;
            }
            sqlx::query(
                "insert into link (token_digest, purpose, visitor, made_by, made_at_ms, until_ms) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(token.text())
            .bind(link.purpose.name())
            .bind(&account)
            .bind(link.made_by.map(|id| id.to_string()))
            .bind(to_ms(link.made_at))
            .bind(link.until.map(to_ms))
            .execute(&mut *connection)
            .await?;
        });
        Ok(())
    }

    /// The link of a token, whether it still works or not.
    pub async fn link(&self, token: &TokenDigest) -> Result<Option<Link>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select purpose, visitor, made_by, made_at_ms, until_ms, used_at_ms from link where token_digest = $1",
            )
            .bind(token.text())
            .fetch_optional(pool)
            .await?
        });
        row.map(link_of).transpose()
    }

    /// Makes the first account by a link, which then is used, as are the others of its kind. `false`, and nothing changed,
    /// if the link was used before or works no more. [`StoreError::Conflict`] if the login is taken.
    pub async fn make_first_account(
        &self,
        link: &TokenDigest,
        new: &NewAccount,
        replaced: &TokenDigest,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        writing!(self.database.as_ref(), |connection| {
            let used = sqlx::query(
                "update link set used_at_ms = $2 where token_digest = $1 and purpose = 'first' and used_at_ms is null \
                 and (until_ms is null or until_ms > $2)",
            )
            .bind(link.text())
            .bind(to_ms(at))
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if used == 0 {
                return Ok(false);
            }
            insert!(connection, new, replaced, at);
            sqlx::query("delete from link where purpose = 'first' and used_at_ms is null")
                .execute(&mut *connection)
                .await?;
        });
        Ok(true)
    }

    /// Sets the login and password of an account by a link, which then is used; whoever was signed in with it no longer
    /// is. `false`, and nothing changed, if the link was used before or works no more. [`StoreError::Conflict`] if
    /// another account has that login.
    pub async fn set_password_by_link(
        &self,
        link: &TokenDigest,
        account: VisitorId,
        credentials: &Credentials,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = account.to_string();
        writing!(self.database.as_ref(), |connection| {
            let used = sqlx::query(
                "update link set used_at_ms = $2 where token_digest = $1 and purpose = 'password' and visitor = $3 \
                 and used_at_ms is null and (until_ms is null or until_ms > $2)",
            )
            .bind(link.text())
            .bind(to_ms(at))
            .bind(&id)
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if used == 0 {
                return Ok(false);
            }
            sqlx::query("update account set login = $2, password = $3 where visitor = $1")
                .bind(&id)
                .bind(&credentials.login)
                .bind(&credentials.hash)
                .execute(&mut *connection)
                .await?;
            sqlx::query("delete from session where visitor = $1").bind(&id).execute(&mut *connection).await?;
        });
        Ok(true)
    }

    /// Deletes the links whose time ended before a moment; how many there were.
    pub async fn purge_links(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from link where until_ms < $1")
                .bind(to_ms(before))
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }

    /// Takes an account's links of one purpose back.
    pub async fn revoke_links(&self, account: VisitorId, purpose: LinkPurpose) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from link where visitor = $1 and purpose = $2")
                .bind(account.to_string())
                .bind(purpose.name())
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }
}

fn link_of(row: Row) -> Result<Link, StoreError> {
    let (purpose, account, made_by, made_at, until, used_at) = row;
    let id = |id: String| id.parse().map_err(|error| StoreError::unreadable("a link", error));
    Ok(Link {
        purpose: LinkPurpose::named(&purpose)?,
        account: account.map(id).transpose()?,
        made_by: made_by.map(id).transpose()?,
        made_at: from_ms(made_at)?,
        until: until.map(from_ms).transpose()?,
        used_at: used_at.map(from_ms).transpose()?,
    })
}
