//! A drawn-out sound before a silence: « euh… », « hm… », « et… » held while the next word is looked for.
//!
//! Input: the samples before a silence. Output: how long the last sound was held. Invariant: pure; the same samples
//! give the same answer.
//!
//! A held sound is voiced, its pitch hardly moves and its spectrum stands still, which the vowels of running speech do
//! for a tenth of a second at most. Pitch is found by autocorrelation, the spectrum by linear prediction.

/// Samples before the silence that are looked at: 900 ms.
pub(crate) const LOOK_BACK: usize = 14_400;

/// Half of [`super::pcm::RATE`]: enough for pitch and the formants that tell vowels apart.
const RATE: f32 = 8_000.0;
/// Samples between frames at that rate: 16 ms.
const STEP: usize = 128;
/// Samples compared with their copy one period later: 20 ms.
const COMPARED: usize = 160;
/// Periods looked for: 400 to 70 Hz.
const PERIODS: std::ops::RangeInclusive<usize> = 20..=114;
/// One frame: what is compared and its latest copy.
const FRAME: usize = COMPARED + 114;
/// Order of the prediction, and numbers that describe a spectrum.
const ORDER: usize = 8;

/// One moment of the sound.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// How alike the sound is to itself one period later, from 0 to 1.
    voiced: f32,
    /// Pitch in semitones above 1 Hz.
    pitch: f32,
    /// Loudness in decibels.
    level: f32,
    /// The shape of the spectrum: cepstrum of the prediction.
    shape: [f32; ORDER],
}

/// How long the last sound in `samples` (16 kHz) was held, in milliseconds; 0 if it was not.
pub(crate) fn held_ms(samples: &[i16]) -> u32 {
    let frames = frames(samples);
    u32::try_from(held(&frames) * STEP * 1_000).unwrap_or(u32::MAX) / 8_000
}

/// Frames of the last held sound.
fn held(frames: &[Frame]) -> usize {
    let loudest = frames.iter().map(|frame| frame.level).fold(f32::MIN, f32::max);
    let sounds = |frame: &Frame| frame.voiced >= 0.6 && frame.level >= loudest - 25.0;
    let Some(last) = frames.iter().rposition(sounds) else { return 0 };
    let (mut low, mut high) = (frames[last].pitch, frames[last].pitch);
    let mut mean = frames[last].shape;
    let mut count = 1;
    for frame in frames[..last].iter().rev() {
        (low, high) = (low.min(frame.pitch), high.max(frame.pitch));
        if !sounds(frame) || high - low > 2.5 || distance(&mean, &frame.shape) > 0.6 {
            break;
        }
        count += 1;
        for (mean, value) in mean.iter_mut().zip(frame.shape) {
            *mean += (value - *mean) / 4.0;
        }
    }
    count
}

fn distance(one: &[f32; ORDER], other: &[f32; ORDER]) -> f32 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

/// The sound as frames at 8 kHz, oldest first.
fn frames(samples: &[i16]) -> Vec<Frame> {
    let samples = &samples[samples.len().saturating_sub(LOOK_BACK)..];
    let half: Vec<f32> =
        samples.chunks_exact(2).map(|two| (f32::from(two[0]) + f32::from(two[1])) / 65_536.0).collect();
    let mut ends: Vec<usize> =
        (0..).map(|n| half.len().saturating_sub(n * STEP)).take_while(|end| *end >= FRAME).collect();
    ends.reverse();
    ends.into_iter().map(|end| frame(&half[end - FRAME..end])).collect()
}

fn frame(samples: &[f32]) -> Frame {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let mean = samples.iter().sum::<f32>() / samples.len() as f32;
    let centred: Vec<f32> = samples.iter().map(|sample| sample - mean).collect();
    let (voiced, period) = period(&centred);
    let power = dot(&centred, &centred) / 274.0;
    Frame {
        voiced,
        pitch: 12.0 * (RATE / period).log2(),
        level: 10.0 * power.max(1e-10).log10(),
        shape: shape(&centred),
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The period that repeats best, and how well; the shortest of those nearly as good, for twice a period repeats too.
fn period(samples: &[f32]) -> (f32, f32) {
    let first = &samples[..COMPARED];
    let energy = dot(first, first);
    let alike: Vec<f32> = PERIODS
        .map(|lag| {
            let later = &samples[lag..lag + COMPARED];
            dot(first, later) / (energy * dot(later, later)).sqrt().max(1e-9)
        })
        .collect();
    let best = alike.iter().copied().fold(0.0, f32::max);
    let peak = |at: usize| at > 0 && at + 1 < alike.len() && alike[at] >= alike[at - 1] && alike[at] >= alike[at + 1];
    let at = (0..alike.len()).find(|at| alike[*at] >= 0.9 * best && peak(*at));
    let Some(at) = at else { return (0.0, 114.0) };
    // Between samples: the top of the parabola through three points. A sample is half a semitone for a high voice.
    let (before, top, after) = (alike[at - 1], alike[at], alike[at + 1]);
    let bend = before - 2.0 * top + after;
    let shift = if bend < -1e-6 { 0.5 * (before - after) / bend } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "at most 114")]
    let period = (at + PERIODS.start()) as f32 + shift;
    (top.clamp(0.0, 1.0), period)
}

/// The spectrum's shape, free of loudness: prediction by Levinson and Durbin, as a cepstrum.
fn shape(samples: &[f32]) -> [f32; ORDER] {
    let window: Vec<f32> = samples
        .iter()
        .enumerate()
        .map(|(n, sample)| {
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let place = n as f32 / (FRAME - 1) as f32;
            sample * (0.54 - 0.46 * (std::f32::consts::TAU * place).cos())
        })
        .collect();
    let mut again = [0.0; ORDER + 1];
    for (lag, value) in again.iter_mut().enumerate() {
        *value = dot(&window, &window[lag..]);
    }
    again[0] = again[0] * 1.001 + 1e-9;
    let mut predict = [0.0f32; ORDER + 1];
    let mut error = again[0];
    for order in 1..=ORDER {
        let sum: f32 = (1..order).map(|n| predict[n] * again[order - n]).sum();
        let reflected = (again[order] - sum) / error;
        let before = predict;
        predict[order] = reflected;
        for n in 1..order {
            predict[n] = before[n] - reflected * before[order - n];
        }
        error = (error * (1.0 - reflected * reflected)).max(1e-12);
    }
    let mut shape = [0.0; ORDER];
    for n in 1..=ORDER {
        #[expect(clippy::cast_precision_loss, reason = "at most 8")]
        let sum: f32 = (1..n).map(|k| k as f32 / n as f32 * shape[k - 1] * predict[n - k]).sum();
        shape[n - 1] = predict[n] + sum;
    }
    shape
}
