//! Words before the end: what has been said so far, and what may turn out to be all of it.
//!
//! Input: the open turn. Output: partial words, and the floor for whoever speaks over the character. Invariant: nothing
//! here ends a turn or deals with its sound; a speculative clip that finds everybody busy is dropped.

use std::sync::Arc;

use tokio::time::Instant;

use super::notice::Noticed;
use super::over::{self, Verdict};
use super::work::{Ahead, Asked};
use super::{Dictation, RATE, Turn};
use crate::speech::{Clip, TranscribeError, Urgency, Words, words};

/// Words so far are looked for this often; while the character speaks, more often, for it waits to be stopped.
const PARTIAL: u64 = RATE as u64 * 6 / 5;
const PARTIAL_OVER: u64 = RATE as u64 / 2;

impl Dictation {
    /// Words so far, from time to time; and a voice that goes on over the character's takes the floor, words or not.
    pub(super) fn look_ahead(&mut self) {
        let Some(turn) = &mut self.turn else { return };
        let every = if turn.over.is_some() { PARTIAL_OVER } else { PARTIAL };
        if self.next.saturating_sub(turn.asked) >= every {
            self.transcribe_ahead(false);
        }
        let insists = |turn: &Turn| self.next.saturating_sub(turn.from) > over::INSISTS;
        let Some(turn) = &mut self.turn else { return };
        if insists(turn) && turn.over.as_ref().is_some_and(|over| over.verdict.is_none()) {
            self.take_the_floor();
        }
    }

    pub(super) fn transcribe_ahead(&mut self, pause: bool) {
        let busy = self.work.is_some() || !self.jobs.is_empty() || !self.transcriber.is_idle();
        let Some(turn) = &mut self.turn else { return };
        if pause {
            // What is under way is of an earlier moment.
            self.ahead = None;
        }
        if busy || self.ahead.is_some() {
            return;
        }
        let Some(segment) = self.listener.so_far() else { return };
        turn.asked = self.next;
        let turn_from = turn.from;
        let to = segment.speech_to;
        let asked = self.asked(segment.samples, Urgency::Ahead);
        self.ahead = Some(Ahead { pause, turn: turn_from, to, begun: Instant::now(), asked });
    }

    pub(super) fn asked(&self, samples: Vec<i16>, urgency: Urgency) -> Asked {
        let (transcriber, hint) = (self.transcriber.clone(), Arc::clone(&self.wishes.hint));
        Box::pin(async move { transcriber.transcribe(Clip { samples, hint, urgency }).await })
    }

    pub(super) fn looked_ahead(&mut self, (ahead, result): (Ahead, Result<Words, TranscribeError>)) {
        // Everybody busy, or a failure: the final words will tell.
        let Ok(Words { text, .. }) = result else { return };
        let Some(turn) = self.turn.as_mut().filter(|turn| turn.from == ahead.turn) else { return };
        if ahead.pause {
            if words::trails_off(&text) {
                self.listener.wait_longer();
            }
            self.ready = Some((ahead.to, text.clone()));
        }
        match &mut turn.over {
            Some(over) if !over.has_the_floor() => {
                over.verdict = Some(over.judge(&text));
                if over.verdict == Some(Verdict::Words) {
                    self.take_the_floor();
                } else {
                    return;
                }
            }
            _ => {}
        }
        if !text.is_empty() {
            let before = if self.said.is_empty() { String::new() } else { format!("{} ", self.said) };
            self.out.push_back(Noticed::Partial(before + &text));
        }
    }

    /// The trainee speaks over the character, and means it.
    fn take_the_floor(&mut self) {
        let Some(over) = self.turn.as_mut().and_then(|turn| turn.over.as_mut()) else { return };
        over.verdict = Some(Verdict::Words);
        self.out.push_back(Noticed::Speech(true));
        if self.voice.is_some() {
            self.out.push_back(Noticed::Interrupts { reply: over.voice.reply });
        }
    }
}
