//! What outlives the process: visitors, conversations with their events, scorecards, the texts they were made with,
//! recordings where the organisation keeps them, what models judge, and what was asked of them.
//!
//! Input: domain values. Output: the same, from SQLite or PostgreSQL. Invariant: SQL stands here only; what a call
//! has answered `Ok` to survives the death of the process.

mod accounts;
mod assignments;
mod audit;
mod blind;
mod booklets;
mod calibrations;
mod conversations;
mod database;
mod drafts;
mod erasing;
mod error;
mod events;
mod followers;
mod groups;
mod holding;
mod joining;
mod judgings;
mod links;
mod live;
mod marks;
mod offered;
mod recordings;
mod rehearsed;
mod rereadings;
mod reviews;
mod scorecards;
mod sessions;
mod situations;
mod trials;
mod tries;
mod uses;
mod versions;
mod visitors;
mod withheld;
mod writer;

use std::sync::Arc;

pub use accounts::{Account, Credentials, NewAccount};
pub use assignments::{Assignment, Begun, Place, Tried};
pub use audit::AuditLine;
pub use blind::{Blind, BlindReader};
pub use booklets::{NewBooklet, StoredBooklet};
pub use calibrations::Calibration;
pub use conversations::{Best, Conversation, Listed, NewConversation, Outcome};
pub use erasing::{Erased, KeptResult, NO_NAME};
pub use error::StoreError;
pub use followers::FollowedFrom;
pub use groups::{Group, Member};
pub use holding::{Document, LogFilter, LoggedLine};
pub use joining::{GroupCount, Newcomer};
pub use judgings::{Judging, JudgingState, Lease};
pub use links::{Link, LinkPurpose};
pub use live::Running;
pub use marks::StoredMark;
pub use offered::{Offered, PublishedVersion, SituationPublication};
pub use recordings::{Recorded, Recording};
pub use rehearsed::{After, BookletBegun, GroupOutcome, Rated, Rehearsed};
pub use rereadings::{BlindPair, Reviewable, UnderWay};
pub use reviews::{LevelPairs, NewPublication, Publication, PublicationLine, ReviewState, SavedReview, StoredReview};
pub use scorecards::{Judge, Judgement, StoredScorecard};
pub use sessions::Session;
pub use situations::{NewSituation, Save, Situation};
use tokio::sync::mpsc;
pub use tries::Try;
pub use uses::{ConversationUse, HourOfUse, Spent, UseOrder, Used};
pub use versions::{Version, VersionKind};
pub use visitors::TokenDigest;
pub use withheld::Withheld;

use crate::clock::Timestamp;
use database::{Database, reading};

/// The store. Cheap to clone: clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    database: Arc<Database>,
    /// Towards the task that commits events together; on SQLite only.
    appends: Option<mpsc::Sender<writer::Append>>,
}

impl Store {
    /// Opens `sqlite:<file>` (created if missing) or `postgres://…`, and brings its tables up to date.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        let database = Arc::new(Database::open(address).await?);
        let appends = match database.as_ref() {
            Database::Sqlite { write, .. } => Some(writer::spawn(write.clone())),
            Database::Postgres(_) => None,
        };
        Ok(Store { database, appends })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        reading!(self.database.as_ref(), |pool| sqlx::query("select 1").execute(pool).await.map(drop)?);
        Ok(())
    }

    /// Waits for what is under way and closes every connection; later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// Milliseconds since 1970, as both databases store time.
fn to_ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn from_ms(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms).map_err(|error| StoreError::unreadable("a time", error))
}

fn number(stored: i64) -> Result<u32, StoreError> {
    stored.try_into().map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a number", error))
}
