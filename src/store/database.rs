//! The two databases behind the store.
//!
//! Input: an address. Output: [`Database`], opened and migrated. Invariant: on SQLite one connection writes and the
//! others only read, so that no writer ever waits for a lock that a reader turned into a write.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqlSafeStr as _, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::Mutex;

use super::StoreError;

/// How long a query waits for a lock or a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections read a SQLite file at once, and how many reach PostgreSQL.
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;

/// The one connection that writes to a SQLite file.
pub(super) type SqliteWriter = Arc<Mutex<Writing>>;

/// A connection that writes, and how to open it again.
#[derive(Debug)]
pub(super) struct Writing {
    options: SqliteConnectOptions,
    /// Gone once the store is closed.
    connection: Option<SqliteConnection>,
}

impl Writing {
    /// The connection, outside of any transaction.
    ///
    /// When a disk is full, SQLite undoes the transaction by itself, and sqlx cannot: it holds the connection for one in
    /// a transaction from then on. Such a connection never writes again and is opened anew.
    pub(super) async fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        if connection.is_in_transaction() {
            // The end of a transaction that was dropped may still be on its way: what was sent first is done first.
            connection.ping().await?;
            if connection.is_in_transaction() {
                tracing::warn!("the database is opened again for writing");
                *connection = SqliteConnection::connect_with(&self.options).await?;
            }
        }
        Ok(connection)
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_, Sqlite>, StoreError> {
        // Taking the write lock at once: a transaction that starts by reading could fail to become a writer.
        Ok(self.connection().await?.begin_with("begin immediate".into_sql_str()).await?)
    }
}

/// An open database.
#[derive(Debug)]
pub(super) enum Database {
    /// A file on this machine.
    Sqlite {
        /// Many, read-only.
        read: SqlitePool,
        /// One, the only one that writes. Not a pool: a pool tests its connections before and after each use, which is
        /// two more trips to SQLite's thread for every turn.
        write: SqliteWriter,
    },
    /// A server that many nodes may share.
    Postgres(PgPool),
}

/// Runs the same expression on the pool that reads, whichever database it is.
macro_rules! reading {
    ($database:expr, |$pool:ident| $body:expr) => {
        match $database {
            $crate::store::database::Database::Sqlite { read: $pool, .. } => $body,
            $crate::store::database::Database::Postgres($pool) => $body,
        }
    };
}

/// Runs the same expression in a transaction that is committed if it gives `Ok`.
macro_rules! writing {
    ($database:expr, |$connection:ident| $body:expr) => {
        match $database {
            $crate::store::database::Database::Sqlite { write, .. } => {
                let mut writer = write.lock().await;
                let mut transaction = writer.begin().await?;
                let $connection = &mut *transaction;
                let done = $body;
                transaction.commit().await?;
                done
            }
            $crate::store::database::Database::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let $connection = &mut *transaction;
                let done = $body;
                transaction.commit().await?;
                done
            }
        }
    };
}

/// Runs one statement, which is a transaction of its own: two trips less than [`writing`].
macro_rules! writing_one {
    ($database:expr, |$connection:ident| $body:expr) => {
        match $database {
            $crate::store::database::Database::Sqlite { write, .. } => {
                let mut writer = write.lock().await;
                let $connection = writer.connection().await?;
                $body
            }
            $crate::store::database::Database::Postgres($connection) => $body,
        }
    };
}

pub(super) use {reading, writing, writing_one};

impl Database {
    /// Opens `sqlite:<file>` (created if missing) or `postgres://…`, and brings its tables up to date.
    ///
    /// A SQLite file may be given a quota: `sqlite:<file>?max_page_count=<pages of 4,096 bytes>`.
    pub(super) async fn open(address: &str) -> Result<Database, StoreError> {
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(address)
                .map_err(|_| StoreError::Address(address_without_password(address)))?
                .application_name("comptoir");
            return Database::open_postgres(options).await;
        }
        match address.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => {
                let file = file.strip_prefix("//").unwrap_or(file);
                let (file, quota) = match file.split_once("?max_page_count=") {
                    None => (file, None),
                    Some((file, pages)) => {
                        let pages: u32 = pages.parse().map_err(|_| StoreError::Address(address.to_owned()))?;
                        (file, Some(pages))
                    }
                };
                Database::open_sqlite(Path::new(file), quota).await
            }
            _ => Err(StoreError::Address(address_without_password(address))),
        }
    }

    async fn open_sqlite(file: &Path, quota: Option<u32>) -> Result<Database, StoreError> {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(PATIENCE).foreign_keys(true);
        // FULL: in WAL mode, NORMAL may lose the last commits when the power fails.
        let mut writer = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        if let Some(pages) = quota {
            writer = writer.pragma("max_page_count", pages.to_string());
        }
        let mut connection = SqliteConnection::connect_with(&writer).await?;
        migrator(SQLITE).run(&mut connection).await?;
        // Readers are never recycled: their caches cost to fill.
        let pool = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let read = pool.max_connections(READERS).connect_with(options.read_only(true)).await?;
        let write = Writing { options: writer, connection: Some(connection) };
        Ok(Database::Sqlite { read, write: Arc::new(Mutex::new(write)) })
    }

    async fn open_postgres(options: PgConnectOptions) -> Result<Database, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        migrator(POSTGRES).run(&pool).await?;
        Ok(Database::Postgres(pool))
    }

    /// Waits for running queries and closes every connection.
    pub(super) async fn close(&self) {
        match self {
            Database::Sqlite { read, write } => {
                // Readers first: the last connection to close folds the log into the file.
                read.close().await;
                if let Some(writer) = write.lock().await.connection.take() {
                    // What is in the log is safe; a connection that does not close well changes nothing.
                    let _ = writer.close().await;
                }
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }
}

/// One migration of both databases: number, name, text.
type Step = (i64, &'static str, &'static str);

macro_rules! steps {
    ($($number:literal $name:literal),+) => {
        const SQLITE: &[Step] =
            &[$(($number, $name, include_str!(concat!("../../migrations/sqlite/", $name, ".sql")))),+];
        const POSTGRES: &[Step] =
            &[$(($number, $name, include_str!(concat!("../../migrations/postgres/", $name, ".sql")))),+];
    };
}

// One line each: several are added side by side.
steps!(
    1 "0001_conversations",
    2 "0002_recordings",
    3 "0003_model",
    4 "0004_people",
    5 "0005_reviews",
    6 "0006_booklets",
    7 "0007_assignments",
    8 "0008_situations",
    9 "0009_marks",
    10 "0010_rights",
    11 "0011_one_booklet",
    12 "0012_listed"
);

fn migrator(steps: &[Step]) -> Migrator {
    let migration = |(number, name, text): &Step| {
        Migration::new(*number, (*name).into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

/// The address as it may be shown: `postgres://user:secret@host` without the secret.
fn address_without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(start), Some(end)) if start + 3 < end => format!("{}…{}", &address[..start + 3], &address[end..]),
        _ => address.chars().take(200).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_migrations() {
        let names = |steps: &[Step]| steps.iter().map(|(number, name, _)| (*number, *name)).collect::<Vec<_>>();
        assert_eq!(names(SQLITE), names(POSTGRES));
        for database in ["sqlite", "postgres"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            files.sort();
            assert_eq!(files, SQLITE.iter().map(|step| step.1).collect::<Vec<_>>(), "{database}");
        }
    }

    #[test]
    fn a_shown_address_hides_its_password() {
        assert_eq!(address_without_password("postgres://u:secret@host/db"), "postgres://…@host/db");
        assert_eq!(address_without_password("mysql:x"), "mysql:x");
    }
}
