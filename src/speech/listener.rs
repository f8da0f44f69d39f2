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
/// A held sound that says « I go on », in milliseconds.
const HELD_MS: u32 = 250;
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
                    turn.hesitates = hesitation::held_ms(&self.kept[..to], &self.kept[to..]) >= HELD_MS;
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::speech::voice::{Vowel, spoken, talk};

    fn quiet(ms: u64) -> Vec<i16> {
        // A microphone is never perfectly silent.
        let mut random = fastrand::Rng::with_seed(ms);
        (0..samples(ms)).map(|_| random.i16(-8..=8)).collect()
    }

    fn listened(listener: &mut Listener, sound: &[i16]) -> Vec<Edge> {
        sound.chunks(1_024).flat_map(|frame| listener.push(frame)).collect()
    }

    fn edges(parts: &[Vec<i16>]) -> Vec<Edge> {
        listened(&mut Listener::new(Endpointing::default(), 0), &parts.concat())
    }

    /// What happened, without samples.
    fn names(edges: &[Edge]) -> Vec<&'static str> {
        edges
            .iter()
            .map(|edge| match edge {
                Edge::Began { .. } => "began",
                Edge::Paused => "paused",
                Edge::Resumed => "resumed",
                Edge::Ended(_) => "ended",
                Edge::Chunk(_) => "chunk",
                Edge::Dropped { .. } => "dropped",
            })
            .collect()
    }

    fn segments(edges: Vec<Edge>) -> Vec<Segment> {
        edges
            .into_iter()
            .filter_map(|edge| match edge {
                Edge::Ended(segment) | Edge::Chunk(segment) => Some(segment),
                _ => None,
            })
            .collect()
    }

    /// A click: a few milliseconds of noise.
    fn click() -> Vec<i16> {
        let mut random = fastrand::Rng::with_seed(9);
        (0..200).map(|n| random.i16(-9_000..9_000) / (1 + n / 40)).collect()
    }

    #[test]
    fn a_sentence_is_a_turn_with_all_its_sound_and_what_was_just_before() {
        let told = edges(&[quiet(1_000), talk(1_500), quiet(1_500)]);
        assert_eq!(names(&told), ["began", "paused", "ended"]);
        let [segment] = &segments(told)[..] else { panic!() };
        assert!(segment.speech_from.abs_diff(samples(1_000)) < samples(80), "{}", segment.speech_from);
        assert!(segment.speech_to.abs_diff(samples(2_500)) < samples(120), "{}", segment.speech_to);
        assert_eq!(segment.from, segment.speech_from - BEFORE);
        assert_eq!(segment.cut, segment.speech_to + AFTER);
        assert_eq!(segment.cut - segment.from, segment.samples.len() as u64);
        let sound = [quiet(1_000), talk(1_500), quiet(1_500)].concat();
        assert_eq!(segment.samples, sound[segment.from as usize..segment.cut as usize]);
    }

    #[test]
    fn what_ends_a_turn_and_what_does_not() {
        let held = || spoken(&[(120.0, 117.0, Vowel::Eu, Vowel::Eu, 450)]);
        let yes = || spoken(&[(130.0, 140.0, Vowel::Ou, Vowel::I, 200)]);
        let check = |parts: &[Vec<i16>], expected: &[&str]| assert_eq!(names(&edges(parts)), expected);
        check(&[quiet(600), yes(), quiet(900)], &["began", "paused", "ended"]);
        check(
            &[quiet(600), talk(900), quiet(450), talk(900), quiet(900)],
            &["began", "paused", "resumed", "paused", "ended"],
        );
        check(
            &[quiet(600), talk(900), quiet(900), talk(900), quiet(900)],
            &["began", "paused", "ended", "began", "paused", "ended"],
        );
        check(
            &[quiet(600), talk(900), held(), quiet(1_200), talk(900), quiet(900)],
            &["began", "paused", "resumed", "paused", "ended"],
        );
        check(&[quiet(600), click(), quiet(200), click(), quiet(1_000)], &[]);
        check(&[quiet(3_000)], &[]);
        check(&[vec![0; 48_000]], &[]);
    }

    #[test]
    fn a_knock_that_began_like_speech_is_dropped() {
        let told = edges(&[quiet(600), spoken(&[(110.0, 100.0, Vowel::Ou, Vowel::Ou, 70)]), quiet(1_000)]);
        match &told[..] {
            [] => {}
            [Edge::Began { at }, .., Edge::Dropped { from, to }] => assert!(from == at && to > from),
            other => panic!("{:?}", names(other)),
        }
    }

    #[test]
    fn words_that_stay_open_earn_a_longer_silence_and_only_that_one() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        listener.wait_longer();
        assert_eq!(names(&listened(&mut listener, &[quiet(600), talk(900)].concat())), ["began"]);
        listener.wait_longer();
        assert_eq!(names(&listened(&mut listener, &quiet(400))), ["paused"]);
        listener.wait_longer();
        assert_eq!(
            names(&listened(&mut listener, &[quiet(800), talk(600), quiet(900)].concat())),
            ["resumed", "paused", "ended"]
        );
    }

    #[test]
    fn settings_out_of_range_are_brought_into_it() {
        for (pause_ms, sooner, later) in [(0, 200, 600), (60_000, 2_800, 3_400)] {
            let settings = Endpointing { pause_ms, hesitation_ms: 0, held: false };
            let mut listener = Listener::new(settings, 0);
            listened(&mut listener, &[quiet(600), talk(900), quiet(sooner)].concat());
            assert!(listener.speaking(), "{pause_ms}");
            listened(&mut listener, &quiet(later - sooner));
            assert!(!listener.speaking(), "{pause_ms}");
        }
    }

    #[test]
    fn a_held_button_ends_the_turn_only_when_released_and_silence_after_it_is_no_speech() {
        let mut listener = Listener::new(Endpointing { held: true, ..Endpointing::default() }, 0);
        let told = listened(&mut listener, &[quiet(300), talk(1_000), quiet(5_000), talk(500)].concat());
        assert_eq!(names(&told), ["began", "paused", "resumed"]);
        let heard_to = listener.heard_to();
        let Some(Edge::Ended(segment)) = listener.finish() else { panic!() };
        assert_eq!((segment.cut, segment.speech_to), (heard_to, heard_to));
        assert_eq!((listener.finish(), listener.speaking()), (None, false));
        let told = listened(&mut listener, &[talk(1_000), quiet(40_000)].concat());
        assert_eq!(names(&told), ["began", "paused", "chunk"]);
        let Some(Edge::Ended(rest)) = listener.finish() else { panic!() };
        assert_eq!(rest.speech_from, rest.speech_to);
    }

    #[test]
    fn a_word_in_the_last_moment_before_release_is_a_turn_and_silence_is_none() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        listened(&mut listener, &[quiet(500), talk(110)].concat());
        assert!(matches!(listener.finish(), Some(Edge::Ended(_))));
        listened(&mut listener, &quiet(2_000));
        assert_eq!(listener.finish(), None);
    }

    #[test]
    fn so_far_is_what_the_end_will_bring() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        assert_eq!(listener.so_far(), None);
        listened(&mut listener, &[quiet(600), talk(900), quiet(450)].concat());
        let ahead = listener.so_far().unwrap();
        let ended = segments(listened(&mut listener, &quiet(600)));
        assert_eq!(ended, [ahead]);
    }

    #[test]
    fn a_monologue_comes_in_pieces_cut_where_it_is_quiet_that_lose_nothing() {
        let sentence = || [talk(7_700), quiet(300)].concat();
        let sound: Vec<i16> =
            [quiet(700)].into_iter().chain((0..10).map(|_| sentence())).chain([quiet(900)]).flatten().collect();
        let told = listened(&mut Listener::new(Endpointing::default(), 0), &sound);
        assert_eq!(names(&told).iter().filter(|name| **name == "began").count(), 1);
        let parts = segments(told);
        assert!(parts.len() >= 3);
        for part in &parts {
            assert!(part.samples.len() <= MAX_CHUNK);
            assert_eq!(part.samples, sound[part.from as usize..part.cut as usize]);
        }
        for two in parts.windows(2) {
            assert_eq!((two[0].cut, two[0].cut), (two[1].from, two[1].speech_from));
            let around = &sound[two[0].cut as usize - 800..two[0].cut as usize + 800];
            assert!(level(around) < -60.0, "cut in a word: {} dB", level(around));
        }
    }

    #[test]
    fn hours_of_silence_and_half_an_hour_of_words_keep_memory_bounded() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        let minute = quiet(10_000);
        for _ in 0..12 {
            assert!(listener.push(&minute).is_empty());
            assert!(listener.kept.capacity() <= 2 * RING, "{}", listener.kept.capacity());
        }
        let words = talk(20_000);
        for _ in 0..12 {
            listener.push(&words);
            assert!(listener.kept.capacity() <= 2 * MAX_CHUNK, "{}", listener.kept.capacity());
        }
        listener.finish();
        listener.push(&minute);
        assert!(listener.kept.capacity() <= 2 * RING, "{}", listener.kept.capacity());
    }

    #[test]
    fn a_stream_taken_up_again_numbers_on_and_loses_nothing() {
        let sound = [quiet(700), talk(1_000), quiet(900), quiet(300), talk(1_200), quiet(900)].concat();
        let mut first = Listener::new(Endpointing::default(), 0);
        // The connection is lost in the middle of the second turn.
        let told = listened(&mut first, &sound[..samples(3_600) as usize]);
        assert_eq!(names(&told), ["began", "paused", "ended", "began"]);
        let [before] = &segments(told)[..] else { panic!() };
        for from in [before.cut, first.kept_from()] {
            let mut again = Listener::new(Endpointing::default(), from);
            assert_eq!((again.heard_to(), again.kept_from()), (from, from));
            let told = listened(&mut again, &sound[from as usize..]);
            assert_eq!(names(&told), ["began", "paused", "ended"]);
            let [after] = &segments(told)[..] else { panic!() };
            assert!(after.from >= before.cut && after.from < samples(2_900));
            assert!(after.speech_from.abs_diff(samples(2_900)) < samples(80));
            assert_eq!(after.samples, sound[after.from as usize..after.cut as usize]);
        }
    }

    #[test]
    fn a_stream_taken_up_in_mid_word_begins_there() {
        let sound = [talk(1_200), quiet(900)].concat();
        let mut listener = Listener::new(Endpointing::default(), 77_777);
        let [segment] = &segments(listened(&mut listener, &sound))[..] else { panic!() };
        assert_eq!(segment.from, 77_777);
        assert_eq!(segment.samples, sound[..segment.samples.len()]);
    }

    /// The same sound, so many decibels softer.
    fn softer(sound: &[i16], decibels: f32) -> Vec<i16> {
        sound.iter().map(|sample| (f32::from(*sample) * 10f32.powf(-decibels / 20.0)) as i16).collect()
    }

    #[test]
    fn echo_alone_is_no_turn_and_a_person_over_it_is() {
        for down in [30.0, 20.0, 12.0] {
            let mut listener = Listener::new(Endpointing::default(), 0);
            let echo = softer(&talk(4_000), down);
            // The same sound without telling is a turn, so that this test can fail.
            assert_eq!(
                names(&listened(&mut Listener::new(Endpointing::default(), 0), &echo))[..1],
                ["began"],
                "{down}"
            );
            listener.playing(true);
            assert_eq!(names(&listened(&mut listener, &echo)), [""; 0], "{down}");
            let mut both = softer(&talk(3_000), down);
            for (sample, word) in both[16_000..].iter_mut().zip(talk(2_000)) {
                *sample = sample.saturating_add(word);
            }
            let told = listened(&mut listener, &both);
            let Some(Edge::Began { at }) = told.first() else { panic!("{down}: {:?}", names(&told)) };
            assert!(at.abs_diff(samples(5_000)) < samples(200), "{down}: began at {at}");
        }
    }

    #[test]
    fn soon_after_the_voice_ended_a_softer_person_is_heard() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        listener.playing(true);
        assert_eq!(names(&listened(&mut listener, &softer(&talk(4_000), 10.0))), [""; 0]);
        listener.playing(false);
        let told = listened(&mut listener, &[quiet(300), softer(&talk(1_000), 12.0), quiet(900)].concat());
        assert_eq!(names(&told), ["began", "paused", "ended"]);
    }

    #[test]
    fn a_person_who_was_speaking_goes_on_when_the_voice_begins() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        assert_eq!(names(&listened(&mut listener, &[quiet(600), talk(1_000)].concat())), ["began"]);
        listener.playing(true);
        let told = listened(&mut listener, &talk(4_000));
        assert!(names(&told).iter().all(|name| matches!(*name, "paused" | "resumed")) && listener.speaking());
    }

    #[test]
    fn a_turn_that_was_echo_after_all_raises_the_gate() {
        let mut listener = Listener::new(Endpointing::default(), 0);
        listener.playing(true);
        // A headset at first: nothing comes back. Then loudspeakers.
        assert!(listened(&mut listener, &quiet(2_000)).is_empty());
        let echo = softer(&talk(2_000), 12.0);
        assert_eq!(names(&listened(&mut listener, &[echo.clone(), quiet(900)].concat()))[..1], ["began"]);
        listener.echoed();
        assert_eq!(names(&listened(&mut listener, &[echo, quiet(900)].concat())), [""; 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn how_the_sound_is_cut_into_pieces_changes_nothing(cuts in proptest::collection::vec(1usize..9_000, 1..40)) {
            let sound = [quiet(500), talk(800), quiet(1_000), click(), talk(300), quiet(700)].concat();
            let whole = Listener::new(Endpointing::default(), 5).push(&sound);
            prop_assert!(whole.len() >= 4);
            let mut listener = Listener::new(Endpointing::default(), 5);
            let (mut told, mut rest) = (Vec::new(), &sound[..]);
            for length in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*length).min(rest.len()));
                told.extend(listener.push(now));
                rest = later;
                if rest.is_empty() { break }
            }
            prop_assert_eq!(told, whole);
        }

        #[test]
        fn no_samples_make_it_panic_and_segments_are_what_was_heard(
            bursts in proptest::collection::vec((any::<i16>(), 1usize..4_000, any::<bool>(), any::<u8>()), 1..60),
        ) {
            let mut listener = Listener::new(Endpointing { pause_ms: 300, ..Endpointing::default() }, 0);
            let (mut sound, mut told) = (Vec::new(), Vec::new());
            for (value, length, noise, act) in bursts {
                let mut random = fastrand::Rng::with_seed(length as u64);
                let burst: Vec<i16> = (0..length).map(|n| match (noise, n % 2) {
                    (true, _) => random.i16(..),
                    (false, 0) => value,
                    (false, _) => value.wrapping_neg(),
                }).chain(talk(u32::from(act % 3) * 100)).collect();
                match act % 7 {
                    0 => listener.playing(true),
                    1 => listener.playing(false),
                    2 => listener.wait_longer(),
                    3 => told.extend(listener.finish()),
                    4 => listener.echoed(),
                    _ => {}
                }
                told.extend(listener.push(&burst));
                sound.extend(burst);
                prop_assert_eq!(listener.heard_to(), sound.len() as u64);
            }
            told.extend(listener.finish());
            let mut dealt_with = 0;
            for segment in segments(told) {
                prop_assert!(segment.from >= dealt_with && segment.from <= segment.speech_from);
                prop_assert!(segment.speech_from <= segment.speech_to && segment.speech_to <= segment.cut);
                prop_assert_eq!(&segment.samples[..], &sound[segment.from as usize..segment.cut as usize]);
                dealt_with = segment.cut;
            }
        }
    }
}
