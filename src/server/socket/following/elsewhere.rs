//! Following a conversation that is under way at another node, or nowhere: the store is looked at.
//!
//! Input: ticks. Output: the events that the store has, whispers stored for the trainee's node to find. Invariant: the
//! other nodes know that somebody follows from here as long as that is so, and for one lease at most afterwards.

use std::ops::ControlFlow;
use std::time::Duration;

use super::Following;
use crate::clock::Timestamp;
use crate::conversation::Whisper;
use crate::id::ConversationId;
use crate::server::code::Code;
use crate::server::{Comptoir, told};
use crate::store::{FollowedFrom, StoreError};
use crate::transcript::{Event, Happening, Live};

/// How long the other nodes hold somebody for a follower without hearing of them again.
const LEASE: Duration = Duration::from_secs(10);
/// How often they hear of them: every so many looks.
const RENEW_LOOKS: u32 = 3;
/// How many times another node may get in first before a whisper is given back.
const ATTEMPTS: usize = 5;

impl Following<'_> {
    /// Follows from the task if it is here, from the store otherwise.
    pub(super) async fn look(&mut self) -> ControlFlow<u16> {
        if self.tap.is_some() {
            return ControlFlow::Continue(());
        }
        self.tap = self.comptoir.switchboard.follow(self.conversation.id, self.follower.clone());
        if self.tap.is_some() {
            self.unwrite().await;
            return self.whisper_again().await;
        }
        if self.looks.is_multiple_of(RENEW_LOOKS) {
            self.write().await;
        }
        self.looks = self.looks.wrapping_add(1);
        self.store_whispers().await?;
        self.catch_up().await
    }

    /// Tells what the store has that was not told yet.
    pub(super) async fn catch_up(&mut self) -> ControlFlow<u16> {
        let next = self.live.as_ref().map_or(0, Live::next_seq);
        let events = match self.comptoir.store.events(self.conversation.id, next).await {
            Ok(events) => events,
            Err(error) => return self.troubled(&error),
        };
        for event in &events {
            self.happened(event, None).await?;
        }
        self.client.flush().await?;
        self.over()
    }

    /// Stores what waits, where no task here can: the trainee's node finds it.
    async fn store_whispers(&mut self) -> ControlFlow<u16> {
        for whisper in self.waiting.clone() {
            match store_whisper(&self.comptoir, self.conversation.id, &whisper).await {
                Ok(Some(code)) => {
                    self.settle(Some(whisper.id()));
                    self.client.send(&told::error(code, Some(whisper.id().to_owned()))).await?;
                }
                // Told, and so settled, with what else the store has.
                Ok(None) => {}
                Err(error) => return self.troubled(&error),
            }
        }
        ControlFlow::Continue(())
    }

    /// Tells the other nodes that somebody follows from here.
    async fn write(&mut self) {
        let now = self.comptoir.now();
        let following = FollowedFrom {
            id: self.connection,
            conversation: self.conversation.id,
            trainer: self.follower.id,
            name: self.follower.name.clone(),
            until: now.checked_add(LEASE).unwrap_or(Timestamp::MAX),
        };
        match self.comptoir.store.follow_from(&following, now).await {
            Ok(()) => self.written = true,
            Err(error) => self.note(&error),
        }
    }

    pub(super) async fn unwrite(&mut self) {
        if std::mem::take(&mut self.written)
            && let Err(error) = self.comptoir.store.unfollow_from(self.connection).await
        {
            // It runs out by itself.
            self.note(&error);
        }
    }
}

/// Appends a whisper, unless it is there; or the code of why it cannot be.
async fn store_whisper(comptoir: &Comptoir, id: ConversationId, whisper: &Whisper) -> Result<Option<Code>, StoreError> {
    for _ in 0..ATTEMPTS {
        let events = comptoir.store.events(id, 0).await?;
        if whisper.taken(&events).is_some() {
            return Ok(None);
        }
        let over = |event: &Event| matches!(event.happening, Happening::Ended { .. });
        if events.iter().any(over) {
            return Ok(Some(Code::Over));
        }
        let next = events.last().map_or(0, |last| last.seq + 1);
        match comptoir.store.append(id, next, vec![whisper.happening()], comptoir.now()).await {
            Err(StoreError::Conflict) => {}
            other => return other.map(|_| None),
        }
    }
    Ok(Some(Code::StoreBusy))
}
