//! Trainers who follow a conversation beside its client: they hear what it tells, and may whisper to the trainee.
//!
//! Input: followers that come, go and whisper. Output: the same [`Told`]s that the client gets, `Whispered` events, and to
//! everyone who follows. Invariant: a follower never holds the conversation up, never keeps it going and never speaks to
//! the character; whoever follows is told to the trainee at once.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::task::Conversation;
use super::wake::{Happened, Refusal, Told};
use super::whisper::Whisper;
use crate::chain::Chain;
use crate::id::VisitorId;
use crate::store::StoreError;
use crate::transcript::{FoldError, Happening, Phase};

/// How many times another node may get in first before a whisper is given back.
const ATTEMPTS: usize = 5;

/// Whispers that wait for the reply under way: beyond, they are refused.
const WAITING: usize = 16;

/// A trainer who follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Who.
    pub id: VisitorId,
    /// The name the trainee is told.
    pub name: String,
}

/// A follower's end, as the conversation holds it.
#[derive(Debug)]
pub(super) struct Following {
    pub(super) number: u64,
    pub(super) who: Follower,
    pub(super) line: mpsc::Sender<Told>,
}

/// Everyone who follows one conversation.
#[derive(Debug, Default)]
pub(super) struct Followers {
    here: Vec<Following>,
    /// Those connected to another node.
    elsewhere: Vec<Follower>,
    /// Whispers that wait until the reply under way is stored, so that its number stays its own.
    waiting: VecDeque<(u64, Whisper)>,
    /// Whom the trainee was told of last.
    told: Vec<String>,
}

impl Followers {
    /// Tells everyone who is connected here. Who does not keep up is let go, and may come back.
    pub(super) fn tell(&mut self, told: &Told) {
        if told.is_overheard() {
            self.here.retain(|following| following.line.try_send(told.clone()).is_ok());
        }
    }

    fn tell_one(&mut self, number: u64, told: Told) {
        if let Some(following) = self.here.iter().find(|following| following.number == number) {
            // A full line is noticed by `tell`.
            let _ = following.line.try_send(told);
        }
    }

    /// Their names, each person once, in the order in which they came.
    fn names(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for who in self.here.iter().map(|following| &following.who).chain(&self.elsewhere) {
            if !seen.iter().any(|other: &&Follower| other.id == who.id) {
                seen.push(who);
            }
        }
        seen.into_iter().map(|who| who.name.clone()).collect()
    }
}

impl Conversation {
    /// Somebody follows from here on; what came before is in the store.
    pub(super) fn follow(&mut self, following: Following) {
        if self.live.is_none() || following.line.try_send(Told::Following(self.told_to)).is_err() {
            return;
        }
        let names = self.followers.told.clone();
        self.followers.here.push(following);
        // Whoever comes second is told at once of the first; `tell_who_follows` tells everyone of both.
        if let Some(last) = self.followers.here.last().filter(|_| !names.is_empty()) {
            let _ = last.line.try_send(Told::Followed(names));
        }
    }

    /// A follower is gone.
    pub(super) fn unfollow(&mut self, number: u64) {
        self.followers.here.retain(|following| following.number != number);
    }

    /// Who follows at other nodes, and the last event that they have stored.
    pub(super) async fn followed_elsewhere(&mut self, followers: Vec<Follower>, last_seq: u32) {
        self.followers.elsewhere = followers;
        let behind = self.live.as_ref().is_some_and(|live| live.pending().is_none() && last_seq >= live.next_seq());
        if behind
            && self.wording.is_none()
            && let Err(why) = self.catch_up().await
        {
            tracing::warn!(conversation = %self.id, error = %Chain(&why), "whisper not told");
        }
    }

    /// Tells who follows, when that has changed.
    pub(super) fn tell_who_follows(&mut self) {
        self.followers.here.retain(|following| !following.line.is_closed());
        let names = self.followers.names();
        if names != self.followers.told {
            self.followers.told.clone_from(&names);
            self.tell(Told::Followed(names));
        }
    }

    /// Tells a client that joins who follows already.
    pub(super) fn tell_who_follows_again(&mut self) {
        if !self.followers.told.is_empty() {
            self.tell(Told::Followed(self.followers.told.clone()));
        }
    }

    /// A follower whispers: taken now, or once the reply under way is stored.
    pub(super) async fn whisper(&mut self, number: u64, whisper: Whisper) {
        if self.followers.waiting.len() >= WAITING {
            let id = Some(whisper.id().to_owned());
            self.followers.tell_one(number, Told::Refused { id, why: Refusal::TooManyWhispers });
            return;
        }
        self.followers.waiting.push_back((number, whisper));
        self.whisper_what_waits().await;
    }

    /// Stores the whispers that wait, unless a reply is owed: its number has been told.
    pub(super) async fn whisper_what_waits(&mut self) {
        while self.wording.is_none() && self.live.as_ref().is_some_and(|live| live.pending().is_none()) {
            let Some((number, whisper)) = self.followers.waiting.pop_front() else { return };
            if let Err(why) = self.take_whisper(&whisper).await {
                if let Refusal::Store(_) | Refusal::Unreadable(_) = &why {
                    tracing::warn!(conversation = %self.id, error = %Chain(&why), "whisper not stored");
                }
                let id = Some(whisper.id().to_owned());
                self.followers.tell_one(number, Told::Refused { id, why });
            }
        }
    }

    async fn take_whisper(&mut self, whisper: &Whisper) -> Result<(), Refusal> {
        for _ in 0..ATTEMPTS {
            if let Some(seq) = self.taken.get(&whisper.key()).copied() {
                return self.tell_whisper_again(seq, whisper).await;
            }
            let phase = self.live.as_ref().ok_or(FoldError::NotStarted)?.phase();
            if matches!(phase, Phase::Ended | Phase::HandedOff) {
                return Err(Refusal::Over);
            }
            match self.append(vec![whisper.happening()]).await {
                Ok(happened) => {
                    self.tell_after_words(happened);
                    return Ok(());
                }
                Err(Refusal::Store(StoreError::Conflict)) => drop(self.catch_up().await?),
                Err(why) => return Err(why),
            }
        }
        Err(Refusal::Store(StoreError::Conflict))
    }

    /// The whisper came twice: its followers are told its event again, and nothing else happens.
    async fn tell_whisper_again(&mut self, seq: u32, whisper: &Whisper) -> Result<(), Refusal> {
        let phase = self.live.as_ref().ok_or(FoldError::NotStarted)?.phase();
        if let Some(event) = self.store.events(self.id, seq).await?.into_iter().next() {
            let message = Some(whisper.id().to_owned());
            self.followers.tell(&Told::Happened(Box::new(Happened { event, phase, message })));
        }
        Ok(())
    }

    /// Events come in their order: what happens while the character speaks is told after its words.
    fn tell_after_words(&mut self, happened: Vec<Happened>) {
        match self.speech.as_mut().and_then(|speech| speech.then.as_mut()) {
            Some(then) => then.extend(happened),
            None => happened.into_iter().for_each(|happened| self.tell_happened(happened)),
        }
    }

    /// What another node, or a speech cut short by a new client, kept from those who follow.
    pub(super) fn tell_followers_missed(&mut self, happened: &[Happened]) {
        let told_to = self.told_to;
        for missed in happened.iter().filter(|happened| happened.event.seq >= told_to) {
            self.followers.tell(&Told::Happened(Box::new(missed.clone())));
        }
    }
}

/// Whether all of it only whispers: then a reply that was decided before still stands.
pub(super) fn only_whispers(happened: &[Happened]) -> bool {
    happened.iter().all(|happened| matches!(happened.event.happening, Happening::Whispered { .. }))
}
