//! Results that whoever asks may not see yet: of an exam that they still sit, of conversations that they rate blind.
//!
//! Invariant: a conversation whose result is withheld stands in a list as one that nobody has marked, so that no figure
//! made from that list holds any of it.

use std::collections::BTreeSet;

use super::database::reading;
use super::{BookletBegun, Rehearsed, Store, StoreError};
use crate::id::{BookletId, ConversationId, VisitorId};

/// Whose results are withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    booklets: BTreeSet<BookletId>,
    conversations: BTreeSet<ConversationId>,
}

impl Withheld {
    /// From whoever sits these exams: what goes on is told once it is over.
    pub fn under_way(begun: &[BookletBegun]) -> Withheld {
        let open = begun.iter().filter(|booklet| booklet.ended_at.is_none()).map(|booklet| booklet.id);
        Withheld { booklets: open.collect(), conversations: BTreeSet::new() }
    }

    /// Whether it holds a conversation's own marks back.
    pub fn hides(&self, conversation: ConversationId) -> bool {
        self.conversations.contains(&conversation)
    }

    /// Whether it holds the result of a conversation back, by itself or with its exam.
    pub fn covers(&self, conversation: ConversationId, booklet: Option<BookletId>) -> bool {
        self.hides(conversation) || booklet.is_some_and(|id| self.booklets.contains(&id))
    }

    /// Takes the results of what is withheld out of a list; of how many conversations.
    pub fn take_from(&self, rehearsed: &mut [Rehearsed]) -> u32 {
        let mut taken = 0;
        for one in rehearsed {
            if self.covers(one.conversation, one.booklet) {
                one.rated = None;
                taken += 1;
            }
        }
        taken
    }
}

impl Store {
    /// From a trainer: what they rate blind, until both readings are given. Where one of the two is gone, nobody waits.
    pub async fn withheld_from(&self, trainer: VisitorId) -> Result<Withheld, StoreError> {
        let rows: Vec<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select conversation from blind_reading \
                 where ($1 = first and second is not null or $1 = second and first is not null) \
                 and (first_body is null or second_body is null)",
            )
            .bind(trainer.to_string())
            .fetch_all(pool)
            .await?
        });
        let id = |(id,): (String,)| id.parse().map_err(|error| StoreError::unreadable("an identifier", error));
        let conversations = rows.into_iter().map(id).collect::<Result<_, StoreError>>()?;
        Ok(Withheld { booklets: BTreeSet::new(), conversations })
    }
}
