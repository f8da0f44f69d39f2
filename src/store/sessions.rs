//! Browsers that are signed in.
//!
//! Invariant: a session is known by the digest of its token; a closed account has none.

use super::accounts::{Account, Row, account_of, columns};
use super::database::{reading, writing};
use super::visitors::TokenDigest;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

/// A session as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: Account,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// Until when it lasts.
    pub until: Timestamp,
}

impl Store {
    /// Signs a browser in.
    pub async fn open_session(
        &self,
        token: &TokenDigest,
        account: VisitorId,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let id = account.to_string();
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into session (token_digest, visitor, created_at_ms, seen_at_ms, until_ms) \
                 values ($1, $2, $3, $3, $4)",
            )
            .bind(token.text())
            .bind(&id)
            .bind(to_ms(at))
            .bind(to_ms(until))
            .execute(&mut *connection)
            .await?;
            sqlx::query("update account set seen_at_ms = $2 where visitor = $1")
                .bind(&id)
                .bind(to_ms(at))
                .execute(&mut *connection)
                .await?;
            sqlx::query("delete from session where until_ms < $1").bind(to_ms(at)).execute(&mut *connection).await?;
        });
        Ok(())
    }

    /// The session of a token that still lasts, of an account that is open.
    pub async fn session(&self, token: &TokenDigest, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row: Option<(i64, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select seen_at_ms, until_ms from session where token_digest = $1 and until_ms > $2")
                .bind(token.text())
                .bind(to_ms(now))
                .fetch_optional(pool)
                .await?
        });
        let Some((seen_at, until)) = row else { return Ok(None) };
        let account: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from session s join account a on a.visitor = s.visitor \
                 where s.token_digest = $1 and a.closed_at_ms is null"
            ))
            .bind(token.text())
            .fetch_optional(pool)
            .await?
        });
        let Some(account) = account.map(account_of).transpose()? else { return Ok(None) };
        Ok(Some(Session { account, seen_at: from_ms(seen_at)?, until: from_ms(until)? }))
    }

    /// Notes that a session was used, and until when it lasts from now on.
    pub async fn keep_session(&self, token: &TokenDigest, at: Timestamp, until: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("update session set seen_at_ms = $2, until_ms = $3 where token_digest = $1")
                .bind(token.text())
                .bind(to_ms(at))
                .bind(to_ms(until))
                .execute(&mut *connection)
                .await?;
            sqlx::query(
                "update account set seen_at_ms = $2 where visitor = (select visitor from session where token_digest = $1)",
            )
            .bind(token.text())
            .bind(to_ms(at))
            .execute(&mut *connection)
            .await?;
        });
        Ok(())
    }

    /// Signs a browser out.
    pub async fn end_session(&self, token: &TokenDigest) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from session where token_digest = $1").bind(token.text()).execute(connection).await?;
        });
        Ok(())
    }

    /// Signs an account out everywhere, except in the browser with that token.
    pub async fn end_sessions(&self, account: VisitorId, except: Option<&TokenDigest>) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from session where visitor = $1 and token_digest <> $2")
                .bind(account.to_string())
                .bind(except.map_or("", TokenDigest::text))
                .execute(connection)
                .await?
                .rows_affected()
        }))
    }

    /// How many browsers an account is signed in with.
    pub async fn sessions_of(&self, account: VisitorId, now: Timestamp) -> Result<u64, StoreError> {
        let (count,): (i64,) = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select count(*) from session where visitor = $1 and until_ms > $2")
                .bind(account.to_string())
                .bind(to_ms(now))
                .fetch_one(pool)
                .await?
        });
        u64::try_from(count).map_err(|error| StoreError::unreadable("a number of sessions", error))
    }
}
