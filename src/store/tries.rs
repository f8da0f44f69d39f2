//! Wrong passwords and codes, counted so that guessing locks itself out.
//!
//! Invariant: a try is counted before it is judged, so that many at once gain nothing; what was tried and from where is
//! stored as a digest only.

use super::database::{reading, writing};
use super::visitors::TokenDigest;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;

/// How a try was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// It may be judged; the `n`th since the last right one.
    Counted(u32),
    /// Not before then.
    Locked(Timestamp),
}

impl Store {
    /// Counts a try. What was counted before `forget` is forgotten. Where `lock` tells, from the number of the try, until
    /// when it locks, it does so at once: a right try takes that back ([`Store::forget_tries`], [`Store::take_try_back`]).
    pub async fn count_try(
        &self,
        about: &TokenDigest,
        now: Timestamp,
        forget: Timestamp,
        lock: impl Fn(u32) -> Option<Timestamp> + Send,
    ) -> Result<Try, StoreError> {
        writing!(self.database.as_ref(), |connection| {
            // One statement, so that of several at once each gets a number of its own.
            let (failures, locked_until): (i64, Option<i64>) = sqlx::query_as(
                "insert into failed_try (about, failures, last_at_ms, locked_until_ms) values ($1, 1, $2, null) \
                 on conflict (about) do update set \
                 failures = case when failed_try.locked_until_ms > $2 then failed_try.failures \
                     when failed_try.last_at_ms < $3 then 1 else failed_try.failures + 1 end, \
                 last_at_ms = case when failed_try.locked_until_ms > $2 then failed_try.last_at_ms else $2 end \
                 returning failures, locked_until_ms",
            )
            .bind(about.text())
            .bind(to_ms(now))
            .bind(to_ms(forget))
            .fetch_one(&mut *connection)
            .await?;
            match locked_until.map(from_ms).transpose()? {
                Some(until) if until > now => Ok(Try::Locked(until)),
                _ => {
                    let number = u32::try_from(failures).unwrap_or(u32::MAX);
                    sqlx::query("update failed_try set locked_until_ms = $2 where about = $1")
                        .bind(about.text())
                        .bind(lock(number).map(to_ms))
                        .execute(&mut *connection)
                        .await?;
                    Ok(Try::Counted(number))
                }
            }
        })
    }

    /// Until when something is locked.
    pub async fn locked_until(&self, about: &TokenDigest, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select locked_until_ms from failed_try where about = $1 and locked_until_ms > $2")
                .bind(about.text())
                .bind(to_ms(now))
                .fetch_optional(pool)
                .await?
        });
        row.map(|(until,)| from_ms(until)).transpose()
    }

    /// Starts counting afresh: the try was right.
    pub async fn forget_tries(&self, about: &TokenDigest) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("delete from failed_try where about = $1").bind(about.text()).execute(connection).await?;
        });
        Ok(())
    }

    /// Takes one try back: it was right, which says nothing about the others from there.
    pub async fn take_try_back(&self, about: &TokenDigest) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update failed_try set failures = failures - 1, locked_until_ms = null where about = $1 and failures > 0",
            )
            .bind(about.text())
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Deletes what was tried before a moment; how many there were.
    pub async fn purge_tries(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "delete from failed_try where last_at_ms < $1 and (locked_until_ms is null or locked_until_ms < $1)",
            )
            .bind(to_ms(before))
            .execute(connection)
            .await?
            .rows_affected()
        }))
    }
}
