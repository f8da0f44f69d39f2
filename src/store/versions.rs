//! The texts of the files that conversations were played and scored with.
//!
//! Invariant: a conversation or a scorecard names a digest whose text is stored, so that it can be read again as it was
//! after the file has changed.

use super::database::{reading, writing};
use super::{Store, StoreError, to_ms};
use crate::clock::Timestamp;

/// What kind of file a version is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionKind {
    /// A persona.
    Persona,
    /// A rubric.
    Rubric,
    /// An exam booklet.
    Booklet,
}

impl VersionKind {
    const fn name(self) -> &'static str {
        match self {
            VersionKind::Persona => "persona",
            VersionKind::Rubric => "rubric",
            VersionKind::Booklet => "booklet",
        }
    }
}

/// One version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version<'a> {
    /// Of what.
    pub kind: VersionKind,
    /// The file's id.
    pub name: &'a str,
    /// SHA-256 of the text, hexadecimal.
    pub digest: &'a str,
    /// The whole text.
    pub text: &'a str,
}

impl Store {
    /// Keeps a version; known ones are left alone.
    pub async fn keep_version(&self, version: Version<'_>, at: Timestamp) -> Result<(), StoreError> {
        if self.version(version.digest).await?.is_some() {
            return Ok(());
        }
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into content_version (digest, kind, name, body, first_used_at_ms) \
                 values ($1, $2, $3, $4, $5) on conflict (digest) do nothing",
            )
            .bind(version.digest)
            .bind(version.kind.name())
            .bind(version.name)
            .bind(version.text)
            .bind(to_ms(at))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// The text with this digest.
    pub async fn version(&self, digest: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select body from content_version where digest = $1")
                .bind(digest)
                .fetch_optional(pool)
                .await?
        });
        Ok(row.map(|(body,)| body))
    }
}
