//! Who rehearses.

use std::fmt;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::database::{reading, writing};
use super::{Store, StoreError, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

/// The SHA-256 of a cookie's token: all that is stored of it, so that who reads the database cannot pass for a visitor.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenDigest(String);

impl TokenDigest {
    /// Digests a token.
    pub fn of(token: &str) -> TokenDigest {
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(token.as_bytes()) {
            let _ = write!(text, "{byte:02x}");
        }
        TokenDigest(text)
    }

    /// In hexadecimal.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

impl Store {
    /// The visitor known by a token.
    pub async fn visitor(&self, token: &TokenDigest) -> Result<Option<VisitorId>, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select id from visitor where token_digest = $1").bind(&token.0).fetch_optional(pool).await?
        });
        row.map(|(id,)| id.parse().map_err(|error| StoreError::unreadable("a visitor", error))).transpose()
    }

    /// Takes a new visitor in.
    pub async fn add_visitor(&self, id: VisitorId, token: &TokenDigest, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query("insert into visitor (id, token_digest, created_at_ms) values ($1, $2, $3)")
                .bind(id.to_string())
                .bind(&token.0)
                .bind(to_ms(at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }
}
