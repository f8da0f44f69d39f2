//! A reply that a model words, as the conversation's task sees it: begun, told sentence by sentence, concluded.
//!
//! Invariant: a sentence is stored before it is told, and the reply that becomes an event begins with the sentences told.

use std::time::Duration;

use super::player::Player;
use super::task::Conversation;
use super::turn::Decided;
use super::wake::{Notice, Refusal, Told};
use super::wording::{CUT_IN, Job, Progress, REFUSED, STOPPED, Wording};
use crate::chain::Chain;
use crate::reply::Intent;
use crate::store::StoreError;
use crate::transcript::{Happening, Made};

impl Conversation {
    /// Lets the model word a reply, if there is one and the reply is for it; whether it does.
    ///
    /// The first words of a character stand as they are written, and what answers a move needs no other wording.
    pub(super) fn lets_model_word(&mut self, decided: &Decided) -> bool {
        let Some((player, live)) = self.player.as_ref().zip(self.live.as_ref()) else { return false };
        let reply = &decided.reply;
        if decided.words.is_none() || reply.text.is_empty() || reply.intents.contains(&Intent::Open) {
            return false;
        }
        let job = Job {
            conversation: self.id,
            stage: self.stage.clone(),
            player: Player::clone(player),
            state: live.state().clone(),
            turns: live.turns().to_vec(),
            seed: live.start().seed,
            decided: decided.clone(),
        };
        let (seq, tension) = (live.next_seq(), reply.change.tension);
        self.wording = Some(Box::new(Wording::begin(seq, job)));
        self.finish_speech();
        self.tell(Told::ReplyBegins(seq, tension));
        true
    }

    /// Takes what came of the reply being worded.
    pub(super) async fn worded(&mut self, progress: Progress) {
        match progress {
            Progress::Decided(decided) => {
                if let Some(wording) = &mut self.wording {
                    wording.decided = *decided;
                }
            }
            Progress::Said(sentence) => self.say_sentence(sentence).await,
            Progress::Done(done) => {
                let (reply, made) = *done;
                if let Some(wording) = self.wording.take() {
                    self.notice(&made);
                    let told = wording.told();
                    let happenings = self.happenings(Decided { reply, ..wording.decided }, Some(made));
                    self.reply_is_whole(happenings, &told).await;
                }
            }
            Progress::Lost => self.conclude(STOPPED).await,
        }
    }

    /// Keeps a sentence, then tells it. One that cannot be kept comes with the whole reply, if that can be.
    async fn say_sentence(&mut self, sentence: String) {
        let Some(wording) = &mut self.wording else { return };
        wording.said.push(sentence);
        if wording.silent.is_some() {
            return;
        }
        if let Err(error) = self.store.keep_draft(self.id, wording.seq, &wording.said).await {
            tracing::warn!(conversation = %self.id, error = %Chain(&error), "sentence not kept");
            wording.silent = Some(wording.said.len() - 1);
            return;
        }
        let (seq, first, waited) = (wording.seq, wording.said.len() == 1, wording.began.elapsed());
        let text = wording.said.last().map(|said| if first { said.clone() } else { format!(" {said}") });
        self.speak_on(seq, &text.unwrap_or_default(), waited);
    }

    /// Brings the reply being worded to its end at once, with the character's own lines where the model has not come yet.
    pub(super) async fn conclude(&mut self, why: &str) {
        let Some(wording) = self.wording.take() else { return };
        let told = wording.told();
        let Wording { decided, said, .. } = *wording;
        let happenings = self.happenings_with(decided, &said, why);
        self.reply_is_whole(happenings, &told).await;
    }

    /// Stores the reply and what comes with it, and tells what was not told of it yet.
    async fn reply_is_whole(&mut self, happenings: Vec<Happening>, told: &str) {
        match self.append(happenings.clone()).await {
            Ok(happened) if told.is_empty() => {
                self.count(&happened, None);
                self.speak(happened);
            }
            Ok(happened) => {
                self.count(&happened, None);
                let rest = happened.first().and_then(|first| match &first.event.happening {
                    Happening::Replied { text, .. } => Some((first.event.seq, text.strip_prefix(told)?.to_owned())),
                    _ => None,
                });
                if let Some((seq, rest)) = rest.filter(|(_, rest)| !rest.is_empty()) {
                    self.speak_on(seq, &rest, Duration::ZERO);
                }
                self.finish_with(happened);
            }
            Err(Refusal::Store(StoreError::Conflict)) => match self.catch_up().await {
                Ok(true) => Box::pin(self.reply_is_whole(happenings, told)).await,
                // If the other one has not answered, the reply is still owed, and goes on from the draft.
                Ok(false) => Box::pin(self.answer()).await,
                Err(why) => self.owe(why),
            },
            Err(why) => self.owe(why),
        }
    }

    /// The reply could not be stored: it goes on from what was told, later.
    fn owe(&mut self, why: Refusal) {
        self.resumed = true;
        self.try_again(why, super::turn::RETRY);
    }

    /// Tells that the model is away, once each time that it goes.
    fn notice(&mut self, made: &Made) {
        let failed = made.fell_back.as_deref().filter(|why| ![REFUSED, CUT_IN, STOPPED].contains(why));
        if failed.is_some() && !self.away {
            self.tell(Told::Notice(if failed == Some("over_budget") { Notice::OverBudget } else { Notice::ModelAway }));
        }
        self.away = failed.is_some();
    }

    /// What a client that joins in mid-reply has missed of it.
    pub(super) fn tell_reply_so_far(&mut self) {
        let Some(wording) = &self.wording else { return };
        let (seq, tension, told) = (wording.seq, wording.decided.reply.change.tension, wording.told());
        self.tell(Told::ReplyBegins(seq, tension));
        if !told.is_empty() {
            self.tell(Told::ReplyPart(seq, told));
        }
    }
}
