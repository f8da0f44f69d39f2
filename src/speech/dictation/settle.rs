//! Turns that are over: transcribed one after the other, told as words or as nothing.
//!
//! Input: the jobs, in the order in which things were said. Output: [`Noticed`]s in the same order. Invariant: a job leaves
//! the queue only when it is told what became of it.

use std::time::Duration;

use tokio::time::Instant;

use super::notice::{Noticed, Said, Trouble, Unheard};
use super::work::{Job, Work};
use super::{Dictation, RATE, Turn, length};
use crate::speech::{Segment, TranscribeError, Urgency, Words};

/// Sound after speech that still goes with it: 300 ms.
const LAST: u64 = RATE as u64 * 3 / 10;
/// Pauses before a clip that could not be transcribed is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(400);
const FAILED_PAUSE: Duration = Duration::from_secs(1);
/// How often one that failed (not: that found everybody busy) is tried.
const ATTEMPTS: u8 = 3;
/// Transcription is slow when a turn takes longer than itself and this.
const SLOW: Duration = Duration::from_secs(2);

impl Dictation {
    /// Takes the next job in hand.
    pub(super) fn begin_work(&mut self) {
        while self.work.is_none() && self.retry_at.is_none() {
            let Some(job) = self.jobs.front_mut() else { return };
            let (samples, ready) = match job {
                Job::Nothing { to, why } => {
                    let (to, why) = (*to, *why);
                    self.jobs.pop_front();
                    self.out.push_back(Noticed::Unheard { to, why });
                    continue;
                }
                Job::Part { segment, .. } => (segment.samples.clone(), None),
                Job::Turn { segment, ready, .. } => (spoken(segment).to_vec(), ready.take()),
            };
            let last = job.speech_to().filter(|_| self.turn.is_none());
            let ahead = self.ahead.take_if(|ahead| ahead.pause && Some(ahead.to) == last);
            self.work = Some(match (ready, ahead) {
                (Some(text), _) => Work::ready(text),
                (None, Some(ahead)) => Work::under_way(ahead),
                (None, None) => Work::new(self.asked(samples, Urgency::Final)),
            });
        }
    }

    pub(super) fn worked(&mut self, (work, result): (Work, Result<Words, TranscribeError>)) {
        let words = match result {
            Ok(words) => words,
            // What was transcribed ahead has no right to a place: now it has.
            Err(_) if work.ahead => return,
            Err(why) => return self.failed(&why),
        };
        let Some(job) = self.jobs.pop_front() else { return };
        self.told_busy = false;
        self.mind_the_pace(&job, work.begun.elapsed());
        match job {
            Job::Nothing { .. } => {}
            Job::Part { segment, .. } => self.add(&segment, &words.text),
            Job::Turn { segment, turn, .. } => {
                self.add(&segment, &words.text);
                self.close(&segment, turn);
            }
        }
    }

    fn add(&mut self, segment: &Segment, text: &str) {
        if !self.said.is_empty() && !text.is_empty() {
            self.said.push(' ');
        }
        self.said.push_str(text);
        if self.wishes.keep_sound {
            self.sound.extend_from_slice(&segment.samples);
        }
    }

    /// A turn's words are all there.
    fn close(&mut self, segment: &Segment, mut turn: Turn) {
        let (text, sound) = (std::mem::take(&mut self.said), std::mem::take(&mut self.sound));
        let to = segment.cut;
        let why = match &turn.over {
            Some(over) if !over.has_the_floor() => over.judge(&text).unheard(),
            _ => text.is_empty().then_some(Unheard::Noise),
        };
        if let Some(why) = why {
            if why == Unheard::Echo && self.turn.is_none() {
                self.listener.echoed();
            }
            self.out.push_back(Noticed::Unheard { to, why });
            return;
        }
        if let Some(over) = turn.over.take_if(|over| !over.has_the_floor())
            && self.voice.as_ref().is_some_and(|voice| voice.reply == over.voice.reply)
        {
            self.out.push_back(Noticed::Interrupts { reply: over.voice.reply });
        }
        let (began, ended) = (self.said_at(turn.from), self.said_at(segment.speech_to));
        self.out.push_back(Noticed::Said(Said {
            utterance: turn.utterance,
            text,
            to,
            began_at: self.on_the_clock(began),
            ended_at: self.on_the_clock(ended),
            took_ms: u32::try_from(ended.elapsed().as_millis()).unwrap_or(u32::MAX),
            sound,
        }));
    }

    /// The first job could not be done: later, or not at all.
    fn failed(&mut self, why: &TranscribeError) {
        let Some(job) = self.jobs.front_mut() else { return };
        match why {
            TranscribeError::Busy => {
                self.retry_at = Some(Instant::now() + BUSY_PAUSE);
                if !std::mem::replace(&mut self.told_busy, true) {
                    self.out.push_back(Noticed::Trouble(Trouble::Busy));
                }
            }
            TranscribeError::Failed(_) | TranscribeError::Late if job.try_again(ATTEMPTS) => {
                self.retry_at = Some(Instant::now() + FAILED_PAUSE);
            }
            _ => {
                tracing::warn!(error = %why, "speech not transcribed");
                let job = self.jobs.pop_front();
                self.out.push_back(Noticed::Trouble(Trouble::Failed));
                if let Some(Job::Turn { segment, turn, .. }) = job {
                    // What the turn's earlier parts said is not thrown away.
                    if self.said.is_empty() {
                        self.out.push_back(Noticed::Unheard { to: segment.cut, why: Unheard::Failed });
                    } else {
                        self.close(&segment, turn);
                    }
                }
            }
        }
    }

    /// Tells once, when two turns in a row took longer to transcribe than to say.
    fn mind_the_pace(&mut self, job: &Job, took: Duration) {
        let slow = took > length(job.samples()) + SLOW;
        self.slow_turns = if slow { self.slow_turns.saturating_add(1) } else { 0 };
        if self.slow_turns == 2 {
            self.out.push_back(Noticed::Trouble(Trouble::Slow));
        }
    }
}

/// A turn's sound without the silence after it, which a held button may keep open for long.
fn spoken(segment: &Segment) -> &[i16] {
    let end = usize::try_from((segment.speech_to + LAST).saturating_sub(segment.from)).unwrap_or(usize::MAX);
    &segment.samples[..end.min(segment.samples.len())]
}
