//! A trainer's word, published.
//!
//! Input: a trainer's review of an ended conversation. Output: the number of the publication, and from then on its
//! scorecard counts. Invariant: nothing is published on which a person has not decided, nor over a word that the trainer
//! has not seen.

use super::{Review, ReviewError, review};
use crate::clock::Timestamp;
use crate::content::Content;
use crate::hearing::Ears;
use crate::persona::Persona;
use crate::scoring::Objection;
use crate::store::{NewPublication, SavedReview, Store, StoreError};

/// Why a review cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It lacks something.
    #[error("publish a review that lacks {} things", .0.len())]
    Lacking(Vec<Objection>),
    /// Another version of it, or a later word of someone else, stands there.
    #[error("publish over something that was not seen")]
    Overtaken,
    /// The conversation cannot be reviewed.
    #[error("review the conversation")]
    Review(#[from] ReviewError),
}

/// Publishes a trainer's review; the review of the conversation as it stands then.
pub async fn publish(
    store: &Store,
    content: &Content,
    played: (&Persona, &Ears),
    saved: SavedReview<'_>,
    now: Timestamp,
) -> Result<Review, PublishError> {
    let before = review(store, content, played, saved.conversation, now).await?;
    let rulings = saved.draft.settle(&before.automatic, &before.live.transcript()).map_err(PublishError::Lacking)?;
    let new = NewPublication {
        review: saved,
        events: before.live.next_seq(),
        rulings: &rulings,
        automatic: &before.automatic,
    };
    match store.publish(new, now).await {
        Ok(_) => {}
        Err(StoreError::Conflict) => return Err(PublishError::Overtaken),
        Err(error) => return Err(ReviewError::Store(error).into()),
    }
    Ok(review(store, content, played, saved.conversation, now).await?)
}
