//! espeak-ng speaks the script; where each word ends is known because each part is spoken alone.

use std::process::Command;

use comptoir::speech::pcm;
use comptoir::speech::words::trails_off;

use crate::script::{Half, Kind, Manner};

/// A turn as sound.
#[derive(Clone, Debug)]
pub(crate) struct Spoken {
    pub(crate) kind: Kind,
    pub(crate) samples: Vec<i16>,
    /// Each silence in it and after it.
    pub(crate) silences: Vec<Silence>,
}

/// A silence, as somebody who reads along with the transcription knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Silence {
    /// Where it begins, in samples.
    pub(crate) at: usize,
    /// The words before it leave the sentence open. « Euh » is none: engines leave it out.
    pub(crate) open: bool,
}

/// All a half holds.
pub(crate) struct Material {
    /// In the order they are heard: every manner of speaking takes every turn.
    pub(crate) turns: Vec<Spoken>,
    pub(crate) replies: Vec<Vec<i16>>,
}

/// Speaks a half.
pub(crate) fn speak(half: Half) -> Material {
    let turns =
        half.manners().iter().flat_map(|manner| half.turns().iter().map(move |(kind, text)| turn(*kind, text, manner)));
    Material {
        turns: turns.collect(),
        replies: half.replies().iter().map(|text| render(text, &half.character())).collect(),
    }
}

/// The loudness all speech is brought to, as mean square of its louder half: 23 dB below full scale.
const LOUDNESS: f64 = 0.07;

fn turn(kind: Kind, text: &str, manner: &Manner) -> Spoken {
    let mut spoken = Spoken { kind, samples: Vec::new(), silences: Vec::new() };
    let (mut rest, mut read) = (text, String::new());
    while !rest.is_empty() {
        let (words, after) = rest.split_once('(').unwrap_or((rest, ""));
        if !words.trim().is_empty() {
            spoken.samples.extend(render(words.trim(), manner));
            read = format!("{read} {}", words.trim());
        }
        let Some((pause, after)) = after.split_once(')') else { break };
        let (sound, ms) = pause.rsplit_once(' ').unwrap_or(("", pause));
        if !matches!(sound, "" | "…") {
            // A breath between the word and the hesitation.
            spoken.samples.extend([0; 480]);
            spoken.samples.extend(hold(sound, manner));
        }
        if !matches!(sound, "" | "…" | "euh") {
            read = format!("{read} {sound}");
        }
        spoken.silences.push(Silence { at: spoken.samples.len(), open: open(&read) });
        let silence: u64 = ms.parse().expect("milliseconds");
        spoken.samples.extend(vec![0; usize::try_from(pcm::samples(silence)).expect("short")]);
        rest = after;
    }
    spoken.silences.push(Silence { at: spoken.samples.len(), open: open(&read) });
    spoken
}

/// Whether these words leave a sentence open, with the full stop that engines write after everything.
fn open(read: &str) -> bool {
    let bare = read.trim_end_matches([',', '.', ':', ' ']);
    let question = bare.ends_with('?');
    trails_off(&if question { bare.to_owned() } else { format!("{bare}.") })
}

/// A held sound: slow, and flatter than words, as hesitations are.
fn hold(sound: &str, manner: &Manner) -> Vec<i16> {
    render(&format!("<prosody rate=\"50%\" range=\"30%\">{sound}</prosody>"), manner)
}

fn render(text: &str, manner: &Manner) -> Vec<i16> {
    let output = Command::new("espeak-ng")
        .args(["-m", "--stdout", "-v", manner.voice])
        .args(["-s", &manner.speed.to_string(), "-p", &manner.pitch.to_string(), text])
        .output()
        .expect("espeak-ng is installed");
    assert!(output.status.success(), "espeak-ng failed: {}", String::from_utf8_lossy(&output.stderr));
    let samples = pcm::read_wav(&output.stdout, 1).expect("espeak-ng writes WAV");
    levelled(trimmed(&samples))
}

/// Without the silence around: what lies 40 dB below the peak.
fn trimmed(samples: &[i16]) -> &[i16] {
    let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
    let sounds = |sample: &i16| sample.unsigned_abs() > peak / 100;
    match (samples.iter().position(sounds), samples.iter().rposition(sounds)) {
        (Some(first), Some(last)) => &samples[first..=last],
        _ => &[],
    }
}

fn levelled(samples: &[i16]) -> Vec<i16> {
    let mut power: Vec<f64> = samples.chunks(320).map(mean_square).collect();
    power.sort_by(f64::total_cmp);
    let louder = &power[power.len() / 2..];
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let loudness = (louder.iter().sum::<f64>() / louder.len().max(1) as f64).sqrt();
    let gain = LOUDNESS / loudness.max(1e-6);
    samples.iter().map(|sample| scaled(*sample, gain)).collect()
}

fn mean_square(samples: &[i16]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let count = samples.len().max(1) as f64;
    samples.iter().map(|sample| (f64::from(*sample) / 32_768.0).powi(2)).sum::<f64>() / count
}

/// A sample, louder or softer.
pub(crate) fn scaled(sample: i16, gain: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    let sample = (f64::from(sample) * gain).round().clamp(-32_768.0, 32_767.0) as i16;
    sample
}
