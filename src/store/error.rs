//! What can go wrong when storing, named for what the caller does next.

use std::sync::Arc;

/// Why the store could not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else appended first (or the conversation is gone): load it again.
    #[error("append to a conversation that has moved on")]
    Conflict,
    /// Locked or overloaded: try again shortly.
    #[error("reach a database that is locked or overloaded")]
    Busy(#[source] Arc<sqlx::Error>),
    /// No room left: nothing was stored, someone must make room.
    #[error("store where there is no room left")]
    Full(#[source] Arc<sqlx::Error>),
    /// The database is damaged or is not one: someone must restore it.
    #[error("read a damaged database")]
    Corrupt(#[source] Arc<sqlx::Error>),
    /// The server is down, or the file cannot be opened or written.
    #[error("reach the database")]
    Unreachable(#[source] Arc<sqlx::Error>),
    /// What is stored was written by another version of the program.
    #[error("understand {what} as stored by another version")]
    Unreadable {
        /// What it was.
        what: &'static str,
        /// Why it cannot be read.
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The database's address is not one of `sqlite:<file>` or `postgres://…`.
    #[error("understand the database address \"{0}\" (sqlite:<file> or postgres://… expected)")]
    Address(String),
    /// The tables could not be brought up to date.
    #[error("bring the tables of the database up to date")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// A query failed for a reason that is ours.
    #[error("run a query")]
    Query(#[source] Arc<sqlx::Error>),
}

impl StoreError {
    /// The kind of trouble, in a word, for figures.
    pub const fn kind(&self) -> &'static str {
        match self {
            StoreError::Conflict => "conflict",
            StoreError::Busy(_) => "busy",
            StoreError::Full(_) => "full",
            StoreError::Corrupt(_) => "corrupt",
            StoreError::Unreachable(_) => "unreachable",
            StoreError::Unreadable { .. } => "unreadable",
            StoreError::Address(_) | StoreError::Migration(_) | StoreError::Query(_) => "query",
        }
    }

    pub(super) fn unreadable(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> StoreError {
        StoreError::Unreadable { what, source: Arc::from(source.into()) }
    }
}

/// A variant, before its source.
type Make = fn(Arc<sqlx::Error>) -> StoreError;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        let kind: Make = match &error {
            sqlx::Error::Database(database) => match database.code() {
                Some(code) if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => of_sqlite(&code),
                Some(code) => of_postgres(&code),
                None => StoreError::Query,
            },
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                StoreError::Unreachable
            }
            _ => StoreError::Query,
        };
        if let sqlx::Error::Database(database) = &error
            && (database.is_unique_violation() || database.is_foreign_key_violation())
        {
            return StoreError::Conflict;
        }
        kind(Arc::new(error))
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> StoreError {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => match StoreError::from(error) {
                StoreError::Query(error) => {
                    StoreError::Migration(Arc::new(sqlx::migrate::MigrateError::Source(error.to_string().into())))
                }
                other => other,
            },
            other => StoreError::Migration(Arc::new(other)),
        }
    }
}

/// By the primary result code, <https://www.sqlite.org/rescode.html>.
fn of_sqlite(code: &str) -> Make {
    // A full disk can also show when the shared-memory file of the log cannot grow.
    const IOERR_SHMSIZE: i32 = 4874;
    let code: i32 = code.parse().unwrap_or_default();
    match code & 0xff {
        _ if code == IOERR_SHMSIZE => StoreError::Full,
        5 | 6 => StoreError::Busy,
        13 => StoreError::Full,
        11 | 26 => StoreError::Corrupt,
        8 | 10 | 14 => StoreError::Unreachable,
        _ => StoreError::Query,
    }
}

/// By class and code, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(code: &str) -> Make {
    match code {
        "53100" => StoreError::Full,
        "40001" | "40P01" | "55P03" => StoreError::Busy,
        _ if code.starts_with("53") => StoreError::Busy,
        _ if code.starts_with("08") || code.starts_with("57P") || code.starts_with("28") || code == "3D000" => {
            StoreError::Unreachable
        }
        _ if code.starts_with("XX0") => StoreError::Corrupt,
        _ => StoreError::Query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_codes_become_what_the_caller_does_next() {
        fn check(of: fn(&str) -> Make, code: &str, expect: &str) {
            let error = of(code)(Arc::new(sqlx::Error::RowNotFound));
            assert!(format!("{error:?}").starts_with(expect), "{code}: {error:?}");
        }
        check(of_sqlite, "5", "Busy");
        check(of_sqlite, "517", "Busy");
        check(of_sqlite, "13", "Full");
        check(of_sqlite, "4874", "Full");
        check(of_sqlite, "11", "Corrupt");
        check(of_sqlite, "26", "Corrupt");
        check(of_sqlite, "14", "Unreachable");
        check(of_sqlite, "1", "Query");
        check(of_postgres, "53100", "Full");
        check(of_postgres, "53300", "Busy");
        check(of_postgres, "40P01", "Busy");
        check(of_postgres, "57P01", "Unreachable");
        check(of_postgres, "XX001", "Corrupt");
        check(of_postgres, "42601", "Query");
    }
}
