//! One stream of sound: samples in, edges of turns out.
//!
//! Input: 16 kHz mono samples, in pieces of any length. Output: [`Edge`]s, with the samples of each turn. Invariant: how
//! the samples are cut into pieces changes nothing; at most [`MAX_CHUNK`] of sound is kept, whatever comes.

use super::activity::{Activity, HOP, level};
use super::endpoint::{Endpoint, Step};
use super::gate::Gate;
use super::hesitation;
use super::pcm::{RATE, samples};

/// The longest segment, in samples: 28 seconds, for whisper hears 30 at once.
pub const MAX_CHUNK: usize = 28 * RATE as usize;

/// Samples kept before speech: 500 ms, for a soft first consonant is no voice yet.
const BEFORE: u64 = samples(500);
/// Samples kept after speech: 200 ms, for a last consonant is none any more.
const AFTER: u64 = samples(200);
/// Samples at the end of a segment that is too long among which the quietest place is looked for: 6 s.
const CUT_AMONG: usize = 6 * RATE as usize;
/// Samples that must be quiet together there: 160 ms.
const CUT_QUIET: usize = RATE as usize * 160 / 1_000;
/// Hops of speech without which a turn was a knock: 112 ms.
const WORD: u32 = 7;
/// The ring while nobody speaks: what comes before speech, and the hops that begin it.
#[expect(clippy::cast_possible_truncation, reason = "less than a second")]
const RING: usize = (BEFORE + samples(200)) as usize + 2 * HOP;

/// Part of a turn, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Number of the first of `samples`, what comes before speech included.
    pub from: u64,
    /// First sample of speech.
    pub speech_from: u64,
    /// First sample after speech; equal to `speech_from` where there is none (the end of a held button).
    pub speech_to: u64,
    /// First sample after `samples`: everything before it is dealt with.
    pub cut: u64,
    /// The sound.
    pub samples: Vec<i16>,
}

/// What happened in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Speech has begun; told about a tenth of a second after `at`.
    Began {
        /// First sample of speech.
        at: u64,
    },
    /// A short silence inside speech: a good moment to transcribe ahead what [`Listener::so_far`] has.
    Paused,
    /// Speech again before the end was decided: what was transcribed ahead is stale.
    Resumed,
    /// The turn is over.
    Ended(Segment),
    /// Speech longer than [`MAX_CHUNK`], cut at the quietest place near its end; the turn goes on.
    Chunk(Segment),
    /// Sounded like speech, too short to be a word; ends what `Began` announced.
    Dropped {
        /// First sample of it.
        from: u64,
        /// First sample after it: everything before is dealt with.
        to: u64,
    },
}

/// How long to wait for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpointing {
    /// Silence that ends a turn, in milliseconds: 300 to 3,000.
    pub pause_ms: u32,
    /// Silence that ends it after a hesitation, in milliseconds; never less than `pause_ms`.
    pub hesitation_ms: u32,
    /// A button is held: silence never ends the turn, only [`Listener::finish`] does.
    pub held: bool,
}

impl Default for Endpointing {
    fn default() -> Endpointing {
        Endpointing { pause_ms: 600, hesitation_ms: 1_600, held: false }
    }
}

/// The open turn.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// First sample of speech in the open segment.
    speech_from: u64,
    /// First sample after the last hop of speech.
    speech_to: u64,
    /// Hops of speech, over all segments.
    hops: u32,
    /// The silence that is going on follows a hesitation.
    hesitates: bool,
}

/// Listens to one stream.
pub struct Listener {
    settings: Endpointing,
    activity: Activity,
    gate: Gate,
    endpoint: Endpoint,
    turn: Option<Turn>,
    /// Number of the first sample in `kept`.
    kept_from: u64,
    /// The open segment, or the ring; past `weighed` the beginning of the next hop.
    kept: Vec<i16>,
    /// First sample that was not weighed yet.
    weighed: u64,
    /// First sample that is not dealt with: no segment reaches back before it.
    floor: u64,
}

impl Listener {
    /// Listens to a stream whose next sample has the number `from`.
    pub fn new(settings: Endpointing, from: u64) -> Listener {
        let pause_ms = settings.pause_ms.clamp(300, 3_000);
        let hesitation_ms = settings.hesitation_ms.clamp(pause_ms, 10_000);
        Listener {
            settings: Endpointing { pause_ms, hesitation_ms, ..settings },
            activity: Activity::new(),
            gate: Gate::new(),
            endpoint: Endpoint::new(),
            turn: None,
            kept_from: from,
            kept: Vec::with_capacity(2 * RING),
            weighed: from,
            floor: from,
        }
    }

    /// Takes the next samples, any number of them.
    pub fn push(&mut self, mut samples: &[i16]) -> Vec<Edge> {
        let mut edges = Vec::new();
        while !samples.is_empty() {
            let missing = HOP - usize::try_from(self.heard_to() - self.weighed).expect("less than a hop waits");
            let (now, later) = samples.split_at(missing.min(samples.len()));
            self.kept.extend_from_slice(now);
            samples = later;
            if now.len() == missing {
                self.hop(&mut edges);
            }
        }
        edges
    }

    /// The button was released, or the microphone went: what is there is the turn.
    pub fn finish(&mut self) -> Option<Edge> {
        if self.turn.is_none() {
            // A word said in the last tenth of a second counts too.
            let ago = self.endpoint.hint()?;
            let speech_from = self.weighed.saturating_sub(ago * HOP as u64).max(self.floor);
            self.begin(speech_from);
        }
        let turn = self.turn.as_mut()?;
        if !self.endpoint.paused() {
            turn.speech_to = self.kept_from + self.kept.len() as u64;
        }
        self.endpoint = Endpoint::new();
        // The hop that was begun goes with the turn.
        self.weighed = self.heard_to();
        Some(Edge::Ended(self.close(self.weighed)))
    }

    /// The character's voice begins or ends in the room.
    pub fn playing(&mut self, on: bool) {
        self.gate.playing(on);
    }

    /// The turn that ended last was the character's own words: what is as loud is echo from now on.
    pub fn echoed(&mut self) {
        self.gate.echoed();
    }

    /// The words so far end in a hesitation: the silence that is going on may last longer.
    pub fn wait_longer(&mut self) {
        if let Some(turn) = &mut self.turn
            && self.endpoint.paused()
        {
            turn.hesitates = true;
        }
    }

    /// A copy of the open segment, up to what was heard last.
    pub fn so_far(&self) -> Option<Segment> {
        self.turn.map(|turn| self.segment(turn, self.heard_to().min(turn.speech_to + AFTER)))
    }

    /// Whether a turn is open.
    pub fn speaking(&self) -> bool {
        self.turn.is_some()
    }

    /// Number of the next sample: so many were taken since sample 0 of the stream.
    pub fn heard_to(&self) -> u64 {
        self.kept_from + self.kept.len() as u64
    }

    /// The oldest sample still needed: a stream taken up again from here loses nothing.
    pub fn kept_from(&self) -> u64 {
        match self.turn {
            Some(_) => self.kept_from,
            None => self.floor.max(self.weighed.saturating_sub(BEFORE + samples(200))),
        }
    }

    /// Weighs the hop that is complete.
    fn hop(&mut self, edges: &mut Vec<Edge>) {
        let at = usize::try_from(self.weighed - self.kept_from).expect("kept in memory");
        let hop: &[i16; HOP] = self.kept[at..].try_into().expect("exactly one hop waits");
        let heard = self.activity.hear(hop);
        let pass = self.gate.hear(heard, self.turn.is_some());
        self.weighed += HOP as u64;
        if let Some(turn) = &mut self.turn
            && pass.carries
        {
            turn.speech_to = self.weighed;
            turn.hops = turn.hops.saturating_add(1);
        }
        match self.endpoint.hop(pass.begins, pass.carries, self.patience()) {
            Some(Step::Began(ago)) => {
                let speech_from = self.weighed.saturating_sub(ago * HOP as u64).max(self.floor);
                self.begin(speech_from);
                edges.push(Edge::Began { at: speech_from });
            }
            Some(Step::Paused) => {
                if let Some(turn) = &mut self.turn {
                    let to = usize::try_from(turn.speech_to - self.kept_from).expect("kept in memory");
                    turn.hesitates = hesitation::held_ms(&self.kept[..to], &self.kept[to..]) >= hesitation::HELD_MS;
                }
                edges.push(Edge::Paused);
            }
            Some(Step::Resumed) => {
                if let Some(turn) = &mut self.turn {
                    turn.hesitates = false;
                }
                edges.push(Edge::Resumed);
            }
            Some(Step::Ended) => edges.extend(self.ended()),
            None => {}
        }
        if self.turn.is_none() {
            self.forget();
        } else if self.kept.len() >= MAX_CHUNK {
            edges.push(Edge::Chunk(self.chunk()));
        }
    }

    /// Hops of silence that end the turn now.
    fn patience(&self) -> u32 {
        let ms = match self.turn {
            _ if self.settings.held => return u32::MAX,
            Some(turn) if turn.hesitates => self.settings.hesitation_ms,
            _ => self.settings.pause_ms,
        };
        ms.div_ceil(16)
    }

    fn begin(&mut self, speech_from: u64) {
        let from = speech_from.saturating_sub(BEFORE).max(self.floor).max(self.kept_from);
        self.kept.drain(..usize::try_from(from - self.kept_from).expect("kept in memory"));
        self.kept_from = from;
        let hops = u32::try_from((self.weighed - speech_from) / HOP as u64).unwrap_or(u32::MAX);
        self.turn = Some(Turn { speech_from, speech_to: self.weighed, hops, hesitates: false });
    }

    fn ended(&mut self) -> Option<Edge> {
        let turn = self.turn?;
        let segment = self.close((turn.speech_to + AFTER).min(self.weighed));
        Some(if turn.hops < WORD {
            Edge::Dropped { from: turn.speech_from, to: segment.cut }
        } else {
            Edge::Ended(segment)
        })
    }

    /// Takes the open segment, up to `cut`, and closes the turn.
    fn close(&mut self, cut: u64) -> Segment {
        let turn = self.turn.take().expect("a turn is open");
        let segment = self.segment(turn, cut);
        self.floor = cut;
        self.kept.drain(..segment.samples.len());
        self.kept.shrink_to(2 * RING);
        self.kept_from = cut;
        segment
    }

    /// Takes the open segment up to its quietest place; the turn goes on.
    fn chunk(&mut self) -> Segment {
        let last = self.kept.len() - CUT_AMONG;
        let quietest = (last..=self.kept.len() - CUT_QUIET)
            .step_by(HOP)
            .map(|at| (at + CUT_QUIET / 2, level(&self.kept[at..at + CUT_QUIET])))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        let cut = self.kept_from + quietest.map_or(last, |(at, _)| at) as u64;
        let turn = self.turn.as_mut().expect("a turn is open");
        let before = *turn;
        turn.speech_from = cut;
        turn.speech_to = turn.speech_to.max(cut);
        let segment = self.segment(before, cut);
        self.floor = cut;
        self.kept.drain(..segment.samples.len());
        self.kept_from = cut;
        segment
    }

    fn segment(&self, turn: Turn, cut: u64) -> Segment {
        let length = usize::try_from(cut - self.kept_from).expect("kept in memory");
        Segment {
            from: self.kept_from,
            speech_from: turn.speech_from,
            speech_to: turn.speech_to.min(cut),
            cut,
            samples: self.kept[..length].to_vec(),
        }
    }

    /// Lets go of what no turn can reach any more; in large steps, for each moves the rest.
    fn forget(&mut self) {
        if self.kept.len() > 2 * RING - HOP {
            let gone = self.kept.len() - RING;
            self.kept.drain(..gone);
            self.kept_from += gone as u64;
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "positions in seconds of sound")]
#[path = "listener_tests.rs"]
mod tests;
