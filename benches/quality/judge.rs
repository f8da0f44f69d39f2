//! Plays a scene to the listener as a page would, and compares what it told with what is true.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use comptoir::speech::{Edge, Endpointing, Listener};

use crate::scene::{Reply, Scene};
use crate::script::Kind;

/// Samples a page sends at once: 64 ms.
const FRAME: usize = 1_024;
/// After a pause is told, words are there: 300 ms.
const WORDS_AFTER: usize = 4_800;
/// After the listener noticed a person, the voice is silent: 300 ms.
const STOPS_AFTER: usize = 4_800;
/// Waiting longer than this after the last word is late: 1 s.
const LATE: usize = 16_000;

/// What listening cost.
#[derive(Default)]
pub(crate) struct Cost {
    pub(crate) spent: Duration,
    pub(crate) samples: usize,
    /// For each frame.
    pub(crate) frames: Vec<Duration>,
}

/// A turn as it was heard.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// When it was told that speech began.
    told: usize,
    /// First sample kept.
    from: usize,
    speech_to: usize,
    /// First sample not kept.
    cut: usize,
    /// When the end was told.
    decided: usize,
}

/// How one true turn fared.
#[derive(Clone, Copy, Debug)]
struct Fate {
    kind: Kind,
    missed: bool,
    cut_early: bool,
    /// Some of its sound is in no segment.
    clipped: bool,
    /// Samples from the last word to the decision, where it was heard whole.
    wait: Option<usize>,
    /// Samples from the first word to `Began`.
    begin: Option<usize>,
}

/// What is told of a condition.
pub(crate) struct Verdict {
    fates: Vec<Fate>,
    pub(crate) false_turns: usize,
}

impl Verdict {
    pub(crate) fn turns(&self) -> usize {
        self.fates.len()
    }

    pub(crate) fn missed(&self) -> usize {
        self.fates.iter().filter(|fate| fate.missed).count()
    }

    pub(crate) fn cut_early(&self) -> usize {
        self.fates.iter().filter(|fate| fate.cut_early).count()
    }

    pub(crate) fn clipped(&self) -> usize {
        self.fates.iter().filter(|fate| fate.clipped).count()
    }

    pub(crate) fn late(&self) -> usize {
        self.fates.iter().filter(|fate| fate.wait.is_some_and(|wait| wait > LATE)).count()
    }

    /// Milliseconds, sorted.
    pub(crate) fn waits(&self) -> Vec<usize> {
        sorted_ms(self.fates.iter().filter_map(|fate| fate.wait))
    }

    /// Milliseconds, sorted.
    pub(crate) fn begins(&self) -> Vec<usize> {
        sorted_ms(self.fates.iter().filter_map(|fate| fate.begin))
    }

    /// The same for each kind of turn.
    pub(crate) fn kinds(&self) -> Vec<(&'static str, Verdict)> {
        let mut kinds: BTreeMap<Kind, Vec<Fate>> = BTreeMap::new();
        for fate in &self.fates {
            kinds.entry(fate.kind).or_default().push(*fate);
        }
        kinds.into_iter().map(|(kind, fates)| (kind.name(), Verdict { fates, false_turns: 0 })).collect()
    }
}

fn sorted_ms(samples: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut all: Vec<usize> = samples.map(|samples| samples / 16).collect();
    all.sort_unstable();
    all
}

/// Listens to a scene; `words_known`: open words are noticed while a pause lasts, as transcription ahead does.
pub(crate) fn judge(scene: &Scene, words_known: bool, cost: &mut Cost) -> Verdict {
    let heard = listen(scene, words_known, cost);
    let touches = |heard: &Heard, begins: usize, ends: usize| heard.from < ends && heard.speech_to + 1_600 > begins;
    let fates = scene.truth.iter().map(|truth| {
        let mine: Vec<&Heard> = heard.iter().filter(|heard| touches(heard, truth.begins, truth.ends)).collect();
        let (Some(first), Some(last)) = (mine.first(), mine.last()) else {
            return Fate { kind: truth.kind, missed: true, cut_early: false, clipped: false, wait: None, begin: None };
        };
        let cut_early = mine.iter().any(|heard| heard.decided < truth.ends);
        let whole = first.from <= truth.begins && last.cut >= truth.ends.saturating_sub(320);
        Fate {
            kind: truth.kind,
            missed: false,
            cut_early,
            clipped: !whole && !cut_early,
            wait: (!cut_early).then(|| last.decided - truth.ends),
            begin: Some(first.told.saturating_sub(truth.begins)),
        }
    });
    let fates: Vec<Fate> = fates.collect();
    let invented = |heard: &&Heard| !scene.truth.iter().any(|truth| touches(heard, truth.begins, truth.ends));
    Verdict { fates, false_turns: heard.iter().filter(invented).count() }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock")]
fn listen(scene: &Scene, words_known: bool, cost: &mut Cost) -> Vec<Heard> {
    let mut listener = Listener::new(Endpointing::default(), 0);
    let mut heard: Vec<Heard> = Vec::new();
    let (mut began, mut paused): (Option<usize>, Option<usize>) = (None, None);
    let mut first_kept = None;
    let mut replies = scene.replies.iter().peekable();
    let mut playing: Option<Playing> = None;
    for at in (0..scene.sound.len()).step_by(FRAME) {
        let now = (at + FRAME).min(scene.sound.len());
        if let Some(reply) = replies.next_if(|reply| reply.begins < now) {
            playing = Some(Playing { reply, until: reply.ends, over: false });
            listener.playing(true);
        }
        let heard_now: Vec<i16> = (at..now)
            .map(|n| sample(scene.sound[n] + playing.as_ref().map_or(0.0, |playing| playing.echo(n))))
            .collect();
        let clock = Instant::now();
        let edges = listener.push(&heard_now);
        let took = clock.elapsed();
        cost.spent += took;
        cost.samples += heard_now.len();
        cost.frames.push(took);
        if let Some(playing) = playing.as_mut().filter(|playing| !playing.over && now >= playing.until) {
            listener.playing(false);
            playing.over = true;
        }
        for edge in edges {
            match edge {
                Edge::Began { .. } => {
                    began = Some(now);
                    first_kept = listener.so_far().map(|segment| position(segment.from));
                    if let Some(playing) = playing.as_mut().filter(|playing| !playing.over) {
                        playing.until = playing.until.min(now + STOPS_AFTER);
                    }
                }
                Edge::Paused => paused = Some(now),
                Edge::Resumed => paused = None,
                Edge::Chunk(_) => {}
                Edge::Ended(segment) => {
                    let from = first_kept.take().unwrap_or_else(|| position(segment.from));
                    let told = began.take().expect("Began comes before Ended");
                    let (speech_to, cut) = (position(segment.speech_to), position(segment.cut));
                    heard.push(Heard { told, from, speech_to, cut, decided: now });
                    paused = None;
                }
                Edge::Dropped { .. } => (began, paused) = (None, None),
            }
        }
        if words_known
            && let Some(since) = paused
            && now >= since + WORDS_AFTER
        {
            let last = scene.truth.iter().flat_map(|truth| &truth.silences).rfind(|silence| silence.at <= since);
            if last.is_some_and(|silence| silence.open) {
                listener.wait_longer();
            }
            paused = None;
        }
    }
    heard
}

/// The reply that is spoken, or was last.
struct Playing<'a> {
    reply: &'a Reply,
    /// When the page ends it: at its end, or soon after the listener noticed a person.
    until: usize,
    /// The page said that it ended.
    over: bool,
}

impl Playing<'_> {
    /// What comes back at this moment; of a reply that was stopped, nothing after that.
    fn echo(&self, n: usize) -> f64 {
        if self.until < self.reply.ends && n >= self.until {
            return 0.0;
        }
        n.checked_sub(self.reply.begins).and_then(|n| self.reply.echo.get(n)).copied().unwrap_or(0.0)
    }
}

fn position(sample: u64) -> usize {
    usize::try_from(sample).expect("a stream of minutes")
}

fn sample(value: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let sample = (value * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
    sample
}
