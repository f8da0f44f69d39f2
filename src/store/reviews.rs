//! Trainers' reviews: under way, and published.
//!
//! Invariant: whoever saves names the version that they changed, and whoever publishes the last publication that they have
//! seen; otherwise nothing is written. A publication is never changed nor deleted but with its conversation.

use sqlx::types::Json;

use super::database::{reading, writing};
use super::events::unreadable;
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::scoring::{Draft, Level, Rulings, Scorecard};

/// Where a trainer's review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// Under way.
    Draft,
    /// Given blind, until the other has given theirs.
    Finished,
    /// Published as it stands.
    Published,
}

impl ReviewState {
    pub(super) const fn name(self) -> &'static str {
        match self {
            ReviewState::Draft => "draft",
            ReviewState::Finished => "finished",
            ReviewState::Published => "published",
        }
    }

    pub(super) fn named(name: &str) -> Result<ReviewState, StoreError> {
        match name {
            "draft" => Ok(ReviewState::Draft),
            "finished" => Ok(ReviewState::Finished),
            "published" => Ok(ReviewState::Published),
            other => Err(StoreError::unreadable("the state of a review", other)),
        }
    }
}

/// A trainer's review of one conversation, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReview {
    /// Whose.
    pub reviewer: VisitorId,
    /// Under which name they are known.
    pub reviewer_name: String,
    /// Where it stands.
    pub state: ReviewState,
    /// How many times it was saved.
    pub version: u32,
    /// The number of the last publication that it takes into account; 0 before the first.
    pub base: u32,
    /// What is put down.
    pub draft: Draft,
    /// When it was saved last.
    pub changed_at: Timestamp,
}

/// A review to save.
#[derive(Clone, Copy, Debug)]
pub struct SavedReview<'a> {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Whose.
    pub reviewer: VisitorId,
    /// The version that was changed; 0 for the first.
    pub version: u32,
    /// The last publication that was seen; 0 before the first.
    pub base: u32,
    /// What is put down.
    pub draft: &'a Draft,
}

/// A word to publish.
#[derive(Clone, Copy, Debug)]
pub struct NewPublication<'a> {
    /// The review it comes from, as it was before.
    pub review: SavedReview<'a>,
    /// How many events of the conversation were seen.
    pub events: u32,
    /// What was decided and said.
    pub rulings: &'a Rulings,
    /// The automatic scorecard as it stands.
    pub automatic: &'a Scorecard,
}

/// A trainer's word, published.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// From 1; the highest counts.
    pub number: u32,
    /// Whose, unless their account was erased.
    pub reviewer: Option<VisitorId>,
    /// Under which name they are known.
    pub reviewer_name: Option<String>,
    /// How many events of the conversation were seen.
    pub events: u32,
    /// When.
    pub published_at: Timestamp,
    /// What was decided and said.
    pub rulings: Rulings,
    /// The automatic scorecard as it stood then.
    pub automatic: Scorecard,
}

/// A publication in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationLine {
    /// From 1.
    pub number: u32,
    /// Who, unless their account was erased.
    pub reviewer_name: Option<String>,
    /// When.
    pub published_at: Timestamp,
}

/// Of each indicator: the automatic level and the trainer's.
pub type LevelPairs = Vec<(String, Option<Level>, Option<Level>)>;

type ReviewRow = (String, String, String, i64, i64, Json<Draft>, i64);
type PublicationRow = (i64, Option<String>, Option<String>, i64, i64, Json<Rulings>, Json<Scorecard>);

/// Writes a review of this version; how many rows that makes: none where another version stands there.
macro_rules! write_review {
    ($connection:expr, $review:expr, $state:expr, $at:expr) => {{
        let review: &SavedReview<'_> = $review;
        let query = if review.version == 0 {
            sqlx::query(
                "insert into review (conversation, reviewer, state, version, base, body, changed_at_ms) \
                 values ($1, $2, $3, $4 + 1, $5, $6, $7) on conflict (conversation, reviewer) do nothing",
            )
        } else {
            sqlx::query(
                "update review set state = $3, version = version + 1, base = $5, body = $6, changed_at_ms = $7 \
                 where conversation = $1 and reviewer = $2 and version = $4",
            )
        };
        query
            .bind(review.conversation.to_string())
            .bind(review.reviewer.to_string())
            .bind($state.name())
            .bind(i64::from(review.version))
            .bind(i64::from(review.base))
            .bind(Json(review.draft))
            .bind(to_ms($at))
            .execute(&mut *$connection)
            .await?
            .rows_affected()
    }};
}
pub(super) use write_review;

impl Store {
    /// A trainer's own review of a conversation.
    pub async fn review_of(
        &self,
        conversation: ConversationId,
        reviewer: VisitorId,
    ) -> Result<Option<StoredReview>, StoreError> {
        let reviews = self.reviews_of(conversation).await?;
        Ok(reviews.into_iter().find(|review| review.reviewer == reviewer))
    }

    /// Every trainer's review of a conversation, the latest first.
    pub async fn reviews_of(&self, conversation: ConversationId) -> Result<Vec<StoredReview>, StoreError> {
        let rows: Vec<ReviewRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select r.reviewer, a.name, r.state, r.version, r.base, r.body, r.changed_at_ms from review r \
                 join account a on a.visitor = r.reviewer where r.conversation = $1 \
                 order by r.changed_at_ms desc, r.reviewer",
            )
            .bind(conversation.to_string())
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a review", error))?
        });
        rows.into_iter()
            .map(|(reviewer, reviewer_name, state, version, base, Json(draft), changed_at)| {
                Ok(StoredReview {
                    reviewer: visitor(&reviewer)?,
                    reviewer_name,
                    state: ReviewState::named(&state)?,
                    version: number(version)?,
                    base: number(base)?,
                    draft,
                    changed_at: from_ms(changed_at)?,
                })
            })
            .collect()
    }

    /// Saves a review under way: its new version. [`StoreError::Conflict`] where another version stands there.
    pub async fn save_review(&self, review: SavedReview<'_>, at: Timestamp) -> Result<u32, StoreError> {
        let saved = writing!(self.database.as_ref(), |connection| {
            write_review!(connection, &review, ReviewState::Draft, at)
        });
        if saved == 0 { Err(StoreError::Conflict) } else { Ok(review.version + 1) }
    }

    /// Publishes a review: the number of the publication. [`StoreError::Conflict`] where another version of the review, or
    /// a later publication, stands there: then nothing is written.
    pub async fn publish(&self, new: NewPublication<'_>, at: Timestamp) -> Result<u32, StoreError> {
        let review = new.review;
        let id = review.conversation.to_string();
        let next = review.base + 1;
        let level = |id: &str| new.rulings.of(id).and_then(|ruling| ruling.decision.level());
        let levels: LevelPairs =
            new.automatic.marks.iter().map(|mark| (mark.id.clone(), mark.level, level(&mark.id))).collect();
        let review = SavedReview { base: next, ..review };
        writing!(self.database.as_ref(), |connection| {
            let (last,): (i64,) =
                sqlx::query_as("select coalesce(max(number), 0) from publication where conversation = $1")
                    .bind(&id)
                    .fetch_one(&mut *connection)
                    .await?;
            let saved = write_review!(connection, &review, ReviewState::Published, at);
            if saved == 0 || last + 1 != i64::from(next) {
                return Err(StoreError::Conflict);
            }
            sqlx::query(
                "insert into publication \
                 (conversation, number, reviewer, events, rulings, automatic, levels, published_at_ms) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&id)
            .bind(i64::from(next))
            .bind(review.reviewer.to_string())
            .bind(i64::from(new.events))
            .bind(Json(new.rulings))
            .bind(Json(new.automatic))
            .bind(Json(&levels))
            .bind(to_ms(at))
            .execute(&mut *connection)
            .await?;
        });
        Ok(next)
    }

    /// The word that counts.
    pub async fn publication(&self, conversation: ConversationId) -> Result<Option<Publication>, StoreError> {
        let row: Option<PublicationRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select p.number, p.reviewer, a.name, p.events, p.published_at_ms, p.rulings, p.automatic \
                 from publication p left join account a on a.visitor = p.reviewer \
                 where p.conversation = $1 order by p.number desc limit 1",
            )
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await
            .map_err(|error| unreadable("a publication", error))?
        });
        row.map(|(count, reviewer, reviewer_name, events, published_at, Json(rulings), Json(automatic))| {
            Ok(Publication {
                number: number(count)?,
                reviewer: reviewer.as_deref().map(visitor).transpose()?,
                reviewer_name,
                events: number(events)?,
                published_at: from_ms(published_at)?,
                rulings,
                automatic,
            })
        })
        .transpose()
    }

    /// Every word that was published on a conversation, the latest first.
    pub async fn publications(&self, conversation: ConversationId) -> Result<Vec<PublicationLine>, StoreError> {
        let rows: Vec<(i64, Option<String>, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select p.number, a.name, p.published_at_ms from publication p \
                 left join account a on a.visitor = p.reviewer where p.conversation = $1 order by p.number desc",
            )
            .bind(conversation.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(count, reviewer_name, at)| {
                Ok(PublicationLine { number: number(count)?, reviewer_name, published_at: from_ms(at)? })
            })
            .collect()
    }

    /// A trainee asks for a person's marks; asking twice changes nothing while nobody has answered.
    pub async fn ask_for_review(&self, conversation: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into review_request (conversation, asked_at_ms) values ($1, $2) \
                 on conflict (conversation) do update set asked_at_ms = excluded.asked_at_ms where exists \
                 (select 1 from publication p where p.conversation = excluded.conversation \
                  and p.published_at_ms >= review_request.asked_at_ms)",
            )
            .bind(conversation.to_string())
            .bind(to_ms(at))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Since when a trainee waits for a person's marks; `None` where they do not.
    pub async fn asked_for_review(&self, conversation: ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select r.asked_at_ms from review_request r where r.conversation = $1 and not exists \
                 (select 1 from publication p where p.conversation = r.conversation \
                  and p.published_at_ms >= r.asked_at_ms)",
            )
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await?
        });
        row.map(|(at,)| from_ms(at)).transpose()
    }
}

pub(super) fn visitor(id: &str) -> Result<VisitorId, StoreError> {
    id.parse().map_err(|error| StoreError::unreadable("an identifier", error))
}
