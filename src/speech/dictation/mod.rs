//! One stream of a trainee's speech: from frames of sound to the words of each turn.
//!
//! Input: [`Frame`]s, and when the character's voice begins and ends. Output: [`Noticed`], in the order in which things
//! were said. Invariant: what has been told as dealt with was transcribed or was no speech; sound that is not dealt with
//! can be sent again from there, and its first turn then has the same id.

mod ahead;
mod notice;
mod over;
mod settle;
#[cfg(test)]
mod tests;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

pub use notice::{Noticed, Said, TooFarBehind, Trouble, Unheard};

use self::over::{Over, Voice};
use self::work::{Ahead, Job, Work, done, until};
use super::frame::Frame;
use super::pcm::RATE;
use super::{Edge, Endpointing, Listener, Transcriber};
use crate::clock::Timestamp;

/// A turn is taken as it is after this: its words still fit in one message.
const MONOLOGUE: u64 = 3 * 60 * RATE as u64;
/// Sound that may wait to be transcribed.
const WAITING: u64 = 90 * RATE as u64;
/// How far sound may run ahead of the clock: what a client kept while the line was down, and some more.
const AHEAD: u64 = 90 * RATE as u64;
/// A gap up to this is filled with silence; after a longer one the stream begins anew.
const GAP: u64 = 5 * RATE as u64;

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
        let opened = Instant::now();
        Dictation {
            stream,
            listener: listener(&wishes, from),
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
            self.listener = listener(&self.wishes, self.next + gap);
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

/// A listener for a stream whose next sample has the number `from`.
fn listener(wishes: &Wishes, from: u64) -> Listener {
    Listener::new(Endpointing { pause_ms: wishes.pause_ms, held: wishes.held, ..Endpointing::default() }, from)
}

/// How long so many samples last.
fn length(samples: u64) -> Duration {
    Duration::from_micros(samples * 1_000_000 / u64::from(RATE))
}

/// How many samples so long a time holds.
fn duration_samples(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX / u64::from(RATE)) / 1_000 * u64::from(RATE) / 1_000
}
