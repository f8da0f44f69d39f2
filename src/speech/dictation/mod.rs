//! One stream of a trainee's speech: from frames of sound to the words of each turn.
//!
//! Input: [`Frame`]s, and when the character's voice begins and ends. Output: [`Noticed`], in the order in which things
//! were said. Invariant: what has been told as dealt with was transcribed or was no speech; sound that is not dealt with
//! can be sent again from there, and its first turn then has the same id.

mod notice;
mod over;
#[cfg(test)]
mod tests;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub use notice::{Noticed, Said, TooFarBehind, Trouble, Unheard};

use self::over::{Over, Verdict, Voice};
use self::work::{Ahead, Job, Work, done, until};
use super::frame::Frame;
use super::pcm::RATE;
use super::words;
use super::{Clip, TranscribeError, Transcriber, Urgency, Words};
use super::{Edge, Endpointing, Listener, Segment};
use crate::clock::Timestamp;

/// A turn is taken as it is after this: its words still fit in one message.
const MONOLOGUE: u64 = 3 * 60 * RATE as u64;
/// Sound that may wait to be transcribed.
const WAITING: u64 = 90 * RATE as u64;
/// How far sound may run ahead of the clock: what a client kept while the line was down, and some more.
const AHEAD: u64 = 90 * RATE as u64;
/// A gap up to this is filled with silence; after a longer one the stream begins anew.
const GAP: u64 = 5 * RATE as u64;
/// Sound after speech that still goes with it: 300 ms.
const LAST: u64 = RATE as u64 * 3 / 10;
/// Words so far are looked for this often; while the character speaks, more often, for it waits to be stopped.
const PARTIAL: u64 = RATE as u64 * 6 / 5;
const PARTIAL_OVER: u64 = RATE as u64 / 2;
/// Pauses before a clip that could not be transcribed is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(400);
const FAILED_PAUSE: Duration = Duration::from_secs(1);
/// How often one that failed (not: that found everybody busy) is tried.
const ATTEMPTS: u8 = 3;
/// Transcription is slow when a turn takes longer than itself and this.
const SLOW: Duration = Duration::from_secs(2);

/// How a stream is heard.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// A button is held: its release ends the turn, silence does not.
    pub held: bool,
    /// Milliseconds of silence that end a turn otherwise, 300 to 3,000.
    pub pause_ms: u32,
    /// Whether each turn's sound is handed out with its words.
    pub keep_sound: bool,
    /// Proper names, see [`super::hint`].
    pub hint: Arc<str>,
}

/// A stream under way.
pub struct Dictation {
    stream: String,
    wishes: Wishes,
    listener: Listener,
    transcriber: Transcriber,
    /// When sample 0 was said, as far as the frames have told: the earliest moment that fits them all.
    origin: Instant,
    /// The same two moments on both clocks.
    opened: (Instant, Timestamp),
    /// Number of the next sample expected.
    next: u64,
    /// The first sample of the stream here.
    from: u64,
    /// Samples before this one belong to turns that are over.
    cut: u64,
    /// The open turn.
    turn: Option<Turn>,
    /// The character's voice, while it speaks.
    voice: Option<Voice>,
    /// It has just fallen silent: its tail may still be heard.
    last_voice: Option<(Voice, Instant)>,
    jobs: VecDeque<Job>,
    work: Option<Work>,
    ahead: Option<Ahead>,
    /// Words transcribed ahead, of speech up to this sample.
    ready: Option<(u64, String)>,
    /// Words of the first job's turn from segments before it.
    said: String,
    sound: Vec<i16>,
    retry_at: Option<Instant>,
    told_busy: bool,
    slow_turns: u8,
    finished: bool,
    out: VecDeque<Noticed>,
}

/// A turn that is being said, or waits to be transcribed.
#[derive(Clone, Debug)]
struct Turn {
    utterance: String,
    /// First sample of speech.
    from: u64,
    /// The character's voice over which it was said.
    over: Option<Over>,
    /// When words so far were last asked for, by sample.
    asked: u64,
}

impl Dictation {
    /// Opens a stream whose next sample has the number `from`, at `now`.
    pub fn new(stream: String, from: u64, wishes: Wishes, transcriber: Transcriber, now: Timestamp) -> Dictation {
        let settings = Endpointing { pause_ms: wishes.pause_ms, held: wishes.held, ..Endpointing::default() };
        let opened = Instant::now();
        Dictation {
            stream,
            listener: Listener::new(settings, from),
            wishes,
            transcriber,
            origin: opened.checked_sub(length(from)).unwrap_or(opened),
            opened: (opened, now),
            next: from,
            from,
            cut: from,
            turn: None,
            voice: None,
            last_voice: None,
            jobs: VecDeque::new(),
            work: None,
            ahead: None,
            ready: None,
            said: String::new(),
            sound: Vec::new(),
            retry_at: None,
            told_busy: false,
            slow_turns: 0,
            finished: false,
            out: VecDeque::new(),
        }
    }

    /// The stream's name.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// Whether somebody is speaking.
    pub fn speaking(&self) -> bool {
        self.turn.is_some()
    }

    /// Whether no more sound is expected.
    pub fn is_stopped(&self) -> bool {
        self.finished
    }

    /// Whether the stream was stopped and everything in it was told.
    pub fn is_done(&self) -> bool {
        self.finished && self.jobs.is_empty() && self.work.is_none() && self.out.is_empty()
    }

    /// Takes a frame.
    pub fn hear(&mut self, frame: &Frame) -> Result<(), TooFarBehind> {
        let end = frame.first + frame.samples.len() as u64;
        let opened_for = duration_samples(self.opened.0.elapsed());
        let waiting: u64 = self.jobs.iter().map(Job::samples).sum();
        if waiting > WAITING || end.saturating_sub(self.from) > opened_for + AHEAD {
            return Err(TooFarBehind);
        }
        let samples = match frame.first.checked_sub(self.next) {
            Some(0) => &frame.samples[..],
            Some(gap) => {
                self.lost(gap);
                &frame.samples[..]
            }
            // Sent twice, in part or whole.
            None => match usize::try_from(self.next - frame.first).ok().and_then(|known| frame.samples.get(known..)) {
                Some(new) if !new.is_empty() => new,
                _ => return Ok(()),
            },
        };
        self.next = end;
        self.origin = Instant::now().checked_sub(length(end)).map_or(self.origin, |origin| origin.min(self.origin));
        for edge in self.listener.push(samples) {
            self.edge(edge);
        }
        self.look_ahead();
        if self.turn.as_ref().is_some_and(|turn| self.next.saturating_sub(turn.from) > MONOLOGUE) {
            self.out.push_back(Noticed::Trouble(Trouble::Monologue));
            self.finish();
        }
        Ok(())
    }

    /// The button was released or the microphone closed: what is there is the turn.
    pub fn stop(&mut self) {
        self.finish();
        self.finished = true;
    }

    /// The character begins to say a reply aloud.
    pub fn voicing(&mut self, reply: u32, words: &str) {
        self.voice = Some(Voice { reply, words: words.into() });
        // Whoever holds the button means to be heard, however loud the room.
        self.listener.playing(!self.wishes.held);
    }

    /// The character's voice has fallen silent.
    pub fn voiced(&mut self) {
        self.listener.playing(false);
        if let Some(over) = self.turn.as_mut().and_then(|turn| turn.over.as_mut()) {
            over.outlived = true;
        }
        self.last_voice = self.voice.take().map(|voice| (voice, Instant::now()));
    }

    /// What is to be told next; waits for ever where nothing is under way. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Noticed {
        loop {
            self.begin_work();
            if let Some(noticed) = self.out.pop_front() {
                return noticed;
            }
            tokio::select! {
                result = done(&mut self.work) => self.worked(result),
                result = done(&mut self.ahead) => self.looked_ahead(result),
                () = until(self.retry_at) => self.retry_at = None,
            }
        }
    }

    /// Sound that did not arrive.
    fn lost(&mut self, gap: u64) {
        self.out.push_back(Noticed::Trouble(Trouble::FramesLost));
        if gap <= GAP {
            let silence = vec![0; usize::try_from(gap).unwrap_or(0)];
            for edge in self.listener.push(&silence) {
                self.edge(edge);
            }
        } else {
            self.finish();
            let settings =
                Endpointing { pause_ms: self.wishes.pause_ms, held: self.wishes.held, ..Endpointing::default() };
            self.listener = Listener::new(settings, self.next + gap);
            self.listener.playing(self.voice.is_some() && !self.wishes.held);
            self.cut = self.next + gap;
        }
    }

    fn finish(&mut self) {
        match self.listener.finish() {
            Some(edge) => self.edge(edge),
            None if self.wishes.held && !self.finished => {
                self.jobs.push_back(Job::Nothing { to: self.listener.heard_to(), why: Unheard::TooShort });
            }
            None => {}
        }
    }

    fn edge(&mut self, edge: Edge) {
        match edge {
            Edge::Began { at } => self.open(at),
            Edge::Paused => self.transcribe_ahead(true),
            Edge::Resumed => {
                self.ready = None;
                if let Some(ahead) = &mut self.ahead {
                    ahead.pause = false;
                }
            }
            Edge::Chunk(segment) => {
                self.ready = None;
                self.jobs.push_back(Job::Part { segment, attempts: 0 });
            }
            Edge::Ended(segment) => {
                if self.turn.is_none() {
                    // A turn whose beginning was not told: a single short word under a button.
                    self.open(segment.speech_from);
                }
                let Some(turn) = self.turn.take() else { return };
                self.ahead.take_if(|ahead| !ahead.pause);
                self.cut = segment.cut;
                if turn.is_in_the_open() {
                    self.out.push_back(Noticed::Speech(false));
                }
                if segment.speech_from == segment.speech_to {
                    self.jobs.push_back(Job::Nothing { to: segment.cut, why: Unheard::TooShort });
                    return;
                }
                let ready = self.ready.take().filter(|(to, _)| *to >= segment.speech_to).map(|(_, words)| words);
                self.jobs.push_back(Job::Turn { segment, turn, ready, attempts: 0 });
            }
            Edge::Dropped { to, .. } => {
                self.ready = None;
                self.ahead = None;
                self.cut = to;
                if self.turn.take().is_some_and(|turn| turn.is_in_the_open()) {
                    self.out.push_back(Noticed::Speech(false));
                }
                self.jobs.push_back(Job::Nothing { to, why: Unheard::TooShort });
            }
        }
    }

    /// Somebody begins to speak.
    fn open(&mut self, at: u64) {
        let tail = self.last_voice.as_ref().filter(|(_, fell_silent)| fell_silent.elapsed() < over::TAIL);
        let over = match (&self.voice, tail) {
            (Some(voice), _) => Some(Over::new(voice.clone())),
            (None, Some((voice, _))) => Some(Over { outlived: true, ..Over::new(voice.clone()) }),
            (None, None) => None,
        };
        if over.is_none() {
            self.out.push_back(Noticed::Speech(true));
        }
        self.turn = Some(Turn { utterance: format!("{}-{}", self.stream, self.cut), from: at, over, asked: at });
    }

    /// Words so far, from time to time; and a voice that goes on over the character's takes the floor, words or not.
    fn look_ahead(&mut self) {
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

    fn transcribe_ahead(&mut self, pause: bool) {
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

    fn asked(&self, samples: Vec<i16>, urgency: Urgency) -> work::Asked {
        let (transcriber, hint) = (self.transcriber.clone(), Arc::clone(&self.wishes.hint));
        Box::pin(async move { transcriber.transcribe(Clip { samples, hint, urgency }).await })
    }

    fn looked_ahead(&mut self, (ahead, result): (Ahead, Result<Words, TranscribeError>)) {
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

    /// Takes the next job in hand.
    fn begin_work(&mut self) {
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

    fn worked(&mut self, (work, result): (Work, Result<Words, TranscribeError>)) {
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

    /// When a sample was said.
    fn said_at(&self, sample: u64) -> Instant {
        self.origin + length(sample)
    }

    fn on_the_clock(&self, at: Instant) -> Timestamp {
        let (instant, timestamp) = self.opened;
        let moved = match at.checked_duration_since(instant) {
            Some(later) => timestamp.checked_add(later),
            None => timestamp.checked_sub(instant.duration_since(at)),
        };
        moved.unwrap_or(timestamp)
    }
}

impl Turn {
    /// Whether it was told that somebody speaks.
    fn is_in_the_open(&self) -> bool {
        self.over.as_ref().is_none_or(Over::has_the_floor)
    }
}

/// A turn's sound without the silence after it, which a held button may keep open for long.
fn spoken(segment: &Segment) -> &[i16] {
    let end = usize::try_from((segment.speech_to + LAST).saturating_sub(segment.from)).unwrap_or(usize::MAX);
    &segment.samples[..end.min(segment.samples.len())]
}

/// How long so many samples last.
fn length(samples: u64) -> Duration {
    Duration::from_micros(samples * 1_000_000 / u64::from(RATE))
}

/// How many samples so long a time holds.
fn duration_samples(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX / u64::from(RATE)) / 1_000 * u64::from(RATE) / 1_000
}
