//! Words of the character under way: told in parts, at the pace at which they would be said.
//!
//! Invariant: what is told is stored; the parts put together are the reply's words, and what came with the reply is told
//! after its last part.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::Pacing;
use super::pacing::{Part, parts};
use super::task::Conversation;
use super::wake::{Happened, Told};
use crate::transcript::{Event, Happening};

/// Words under way.
pub(super) struct Speech {
    seq: u32,
    pub(super) due: Instant,
    pub(super) parts: VecDeque<Part>,
    /// How long the last part told or waiting takes to say.
    lasts: Duration,
    /// What is told once the words are out: the reply itself, then what came with it. `None` while more words come.
    pub(super) then: Option<Vec<Happened>>,
}

impl Conversation {
    /// Tells a reply as it would be said, then what came with it.
    pub(super) fn speak(&mut self, happened: Vec<Happened>) {
        self.finish_speech();
        let Some(Happened { event: Event { seq, happening: Happening::Replied { text, change, .. }, .. }, .. }) =
            happened.first()
        else {
            return happened.into_iter().for_each(|happened| self.tell_happened(happened));
        };
        let (seq, tension, text) = (*seq, change.tension, text.clone());
        self.tell(Told::ReplyBegins(seq, tension));
        self.speak_on(seq, &text, Duration::ZERO);
        self.finish_with(happened);
    }

    /// Words to say after those under way. `waited` is how long the first of a reply were waited for.
    pub(super) fn speak_on(&mut self, seq: u32, text: &str, waited: Duration) {
        let pacing = if self.aloud { Pacing::AT_ONCE } else { self.manners.pacing };
        let (parts, lasts) = parts(text, pacing);
        let now = Instant::now();
        if let Some(speech) = &mut self.speech {
            // The pause before the first of these is what the words before them take.
            let mut parts = VecDeque::from(parts);
            if let Some(first) = parts.front_mut() {
                first.after = speech.lasts;
            }
            if speech.parts.is_empty() {
                speech.due = (speech.due + speech.lasts).max(now);
            }
            speech.parts.append(&mut parts);
            speech.lasts = lasts;
        } else {
            let parts = VecDeque::from(parts);
            let first = parts.front().map_or(Duration::ZERO, |part| part.after).saturating_sub(waited);
            self.speech = Some(Speech { seq, due: now + first, parts, lasts, then: None });
        }
        self.say_what_is_due();
    }

    /// What is told once the words under way are out, and the rest of them if some of the reply's were not told yet.
    pub(super) fn finish_with(&mut self, happened: Vec<Happened>) {
        match &mut self.speech {
            Some(speech) => speech.then = Some(happened),
            None => happened.into_iter().for_each(|happened| self.tell_happened(happened)),
        }
        self.say_what_is_due();
    }

    /// Says the parts whose time has come, and the end once all are said.
    pub(super) fn say_what_is_due(&mut self) {
        while let Some(speech) = &mut self.speech {
            if speech.due > Instant::now() {
                return;
            }
            if let Some(part) = speech.parts.pop_front() {
                let pause = speech.parts.front().map_or(Duration::ZERO, |next| next.after);
                speech.due += pause;
                let told = Told::ReplyPart(speech.seq, part.text);
                self.tell(told);
            } else if speech.then.is_some() {
                self.finish_speech();
            } else {
                return;
            }
        }
    }

    /// Tells the rest of the words under way at once.
    pub(super) fn finish_speech(&mut self) {
        if let Some(speech) = self.speech.take() {
            speech.then.into_iter().flatten().for_each(|happened| self.tell_happened(happened));
        }
    }
}
