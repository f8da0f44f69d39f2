//! A drawn-out sound before a silence: « euh… », « hm… », « et… » held while the next word is looked for.
//!
//! Input: the samples before a silence, and those of the silence. Output: how long the last sound was held. Invariant:
//! pure; the same samples give the same answer.
//!
//! A held sound is voiced, its pitch hardly moves and its spectrum stands still, which the vowels of running speech do
//! for a tenth of a second at most. Both come from the autocorrelation: pitch as its highest peak, the spectrum by
//! linear prediction. What the silence holds (hum, a fan) adds its own autocorrelation, which is taken off again.

/// A sound held so long says « I go on », in milliseconds; the last vowel of a sentence in a hollow room comes to 240.
pub(crate) const HELD_MS: u32 = 264;

/// Samples before the silence that are looked at: 900 ms.
pub(crate) const LOOK_BACK: usize = 14_400;

/// Half of [`super::pcm::RATE`]: enough for pitch and the formants that tell vowels apart.
const RATE: f32 = 8_000.0;
/// Samples between frames at that rate: 16 ms.
const STEP: usize = 128;
/// Samples of one frame: 48 ms, three periods of a deep voice.
const FRAME: usize = 384;
/// Periods looked for: 400 to 70 Hz, and one more on each side to find peaks by.
const PERIODS: std::ops::RangeInclusive<usize> = 19..=115;
/// Order of the prediction, and numbers that describe a spectrum.
const ORDER: usize = 8;
/// How alike a voice is to itself one period later, at least.
const VOICED: f32 = 0.5;
/// Semitones in which a held pitch stays.
const FLAT: f32 = 2.5;
/// How far from the held spectrum one moment may lie.
const STILL: f32 = 0.6;
/// Decibels below its loudest moment at which a sound fades rather than is held.
const FADED: f32 = 6.0;
/// Frames before the silence in which a held sound ends: 256 ms.
const NEAR_END: usize = 16;
/// Frames in a row that a click may spoil.
const SPOILED: usize = 3;

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

/// How long the last sound in `speech` (16 kHz) was held, in milliseconds; 0 if it was not.
pub(crate) fn held_ms(speech: &[i16], silence: &[i16]) -> u32 {
    let window = window();
    let room = room(silence, &window);
    let speech = halved(&speech[speech.len().saturating_sub(LOOK_BACK)..]);
    let frames: Vec<Frame> = pieces(&speech).map(|piece| frame(piece, &window, &room)).collect();
    u32::try_from(held(&frames) * STEP * 1_000).unwrap_or(u32::MAX) / 8_000
}

/// Frames of the longest sound held until shortly before the end: a click or a gust may come after it.
fn held(frames: &[Frame]) -> usize {
    let loudest = frames.iter().map(|frame| frame.level).fold(f32::MIN, f32::max);
    let sounds = |frame: &Frame| frame.voiced >= VOICED && frame.level >= loudest - 25.0;
    let ends = (frames.len().saturating_sub(NEAR_END)..frames.len()).filter(|at| sounds(&frames[*at]));
    ends.map(|last| held_until(frames, last, sounds)).max().unwrap_or(0)
}

/// Frames of the sound held until `last`: those in which it is sustained, without the fading end of a word.
fn held_until(frames: &[Frame], last: usize, sounds: impl Fn(&Frame) -> bool) -> usize {
    let (mut low, mut high, mut mean) = (frames[last].pitch, frames[last].pitch, frames[last].shape);
    let (mut first, mut alike, mut spoiled) = (last, 1.0, 0);
    for (at, frame) in frames[..last].iter().enumerate().rev() {
        let (lower, higher) = (low.min(frame.pitch), high.max(frame.pitch));
        if !sounds(frame) || higher - lower > FLAT || distance(&mean, &frame.shape) > STILL {
            spoiled += 1;
            if spoiled > SPOILED {
                break;
            }
            continue;
        }
        (low, high, first, spoiled) = (lower, higher, at, 0);
        alike += 1.0;
        for (mean, value) in mean.iter_mut().zip(frame.shape) {
            *mean += (value - *mean) / alike;
        }
    }
    let stretch = &frames[first..=last];
    let peak = stretch.iter().map(|frame| frame.level).fold(f32::MIN, f32::max);
    stretch.iter().filter(|frame| frame.level >= peak - FADED).count()
}

fn distance(one: &[f32; ORDER], other: &[f32; ORDER]) -> f32 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

/// Autocorrelation: lags of the prediction, then those of [`PERIODS`].
struct Again {
    near: [f32; ORDER + 1],
    far: Vec<f32>,
}

/// Half the rate: two samples become one.
fn halved(samples: &[i16]) -> Vec<f32> {
    samples.chunks_exact(2).map(|two| (f32::from(two[0]) + f32::from(two[1])) / 65_536.0).collect()
}

/// Frames a step apart, oldest first; the last ends with the sound.
fn pieces(samples: &[f32]) -> impl Iterator<Item = &[f32]> {
    let first = samples.len() % STEP;
    samples[first.min(samples.len())..].windows(FRAME).step_by(STEP)
}

fn window() -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let at = |n: usize| (n as f32 + 0.5) / FRAME as f32;
    (0..FRAME).map(|n| 0.5 - 0.5 * (std::f32::consts::TAU * at(n)).cos()).collect()
}

fn again(samples: &[f32], window: &[f32]) -> Again {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let mean = samples.iter().sum::<f32>() / samples.len().max(1) as f32;
    let seen: Vec<f32> = samples.iter().zip(window).map(|(sample, weight)| (sample - mean) * weight).collect();
    let mut near = [0.0; ORDER + 1];
    for (lag, value) in near.iter_mut().enumerate() {
        *value = dot(&seen, &seen[lag..]);
    }
    Again { near, far: PERIODS.map(|lag| dot(&seen, &seen[lag..])).collect() }
}

/// What the room sounds like: the mean over the end of the silence, where no voice rings any more.
fn room(silence: &[i16], window: &[f32]) -> Again {
    const RINGS: usize = 1_024;
    let quiet = halved(silence.get(RINGS..).unwrap_or_default());
    let mut room = Again { near: [0.0; ORDER + 1], far: vec![0.0; PERIODS.count()] };
    let mut count = 0.0;
    for piece in pieces(&quiet) {
        let again = again(piece, window);
        count += 1.0;
        for (mean, value) in room.near.iter_mut().zip(again.near) {
            *mean += (value - *mean) / count;
        }
        for (mean, value) in room.far.iter_mut().zip(again.far) {
            *mean += (value - *mean) / count;
        }
    }
    room
}

fn frame(samples: &[f32], window: &[f32], room: &Again) -> Frame {
    let mut again = again(samples, window);
    let whole = again.near[0];
    for (value, room) in again.near.iter_mut().zip(&room.near).chain(again.far.iter_mut().zip(&room.far)) {
        *value -= room;
    }
    // Less than a third of it is voice: nothing can be said about it.
    let power = again.near[0];
    let enough = power > 1e-6 && power > whole / 3.0;
    let (voiced, period) = if enough { period(&again, power, window) } else { (0.0, 115.0) };
    Frame {
        voiced,
        pitch: 12.0 * (RATE / period).log2(),
        level: 10.0 * power.max(1e-10).log10(),
        shape: shape(&again.near, whole),
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// The period that repeats best, and how well; the shortest of those nearly as good, for twice a period repeats too.
fn period(again: &Again, power: f32, window: &[f32]) -> (f32, f32) {
    let whole = dot(window, window);
    let alike: Vec<f32> =
        again.far.iter().zip(PERIODS).map(|(value, lag)| value / power * whole / dot(window, &window[lag..])).collect();
    let peaks = 1..alike.len() - 1;
    let peaks = peaks.filter(|at| alike[*at] >= alike[at - 1] && alike[*at] >= alike[at + 1]);
    let best = peaks.clone().map(|at| alike[at]).fold(0.0, f32::max);
    let Some(at) = peaks.into_iter().find(|at| alike[*at] >= 0.85 * best) else { return (0.0, 115.0) };
    // Between samples: the top of the parabola through three points. A sample is half a semitone for a high voice.
    let (before, top, after) = (alike[at - 1], alike[at], alike[at + 1]);
    let bend = before - 2.0 * top + after;
    let shift = if bend < -1e-6 { 0.5 * (before - after) / bend } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "at most 115")]
    let period = (at + PERIODS.start()) as f32 + shift.clamp(-0.5, 0.5);
    (top.clamp(0.0, 1.0), period)
}

/// The spectrum's shape, free of loudness: prediction by Levinson and Durbin, as a cepstrum.
fn shape(near: &[f32; ORDER + 1], whole: f32) -> [f32; ORDER] {
    let mut again = *near;
    // A little white noise: what was taken off may leave less than nothing in places.
    again[0] = again[0].max(whole * 0.1) * 1.001 + 1e-9;
    let mut predict = [0.0f32; ORDER + 1];
    let mut error = again[0];
    for order in 1..=ORDER {
        let sum: f32 = (1..order).map(|n| predict[n] * again[order - n]).sum();
        let reflected = ((again[order] - sum) / error).clamp(-0.98, 0.98);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::voice::{Vowel, spoken};

    /// `(pitch at the beginning, at the end, vowel at the beginning, at the end, milliseconds)`
    type Sound = (f32, f32, Vowel, Vowel, u32);

    const HELD: Sound = (120.0, 116.0, Vowel::Eu, Vowel::Eu, 400);

    #[track_caller]
    fn check(sounds: &[Sound], expected: std::ops::RangeInclusive<u32>) {
        let held = held_ms(&spoken(sounds), &[0; 3_200]);
        assert!(expected.contains(&held), "{sounds:?}: held {held} ms");
    }

    #[test]
    fn a_vowel_held_at_one_pitch_is_a_hesitation_and_one_that_moves_is_not() {
        let word: Sound = (130.0, 120.0, Vowel::A, Vowel::I, 180);
        check(&[HELD], HELD_MS..=420);
        check(&[word, word, HELD], HELD_MS..=480);
        check(&[(220.0, 214.0, Vowel::E, Vowel::E, 350)], HELD_MS..=370);
        check(&[word, word, word], 0..=HELD_MS - 1);
        // A question's rise, a statement's fall, a diphthong.
        check(&[(200.0, 290.0, Vowel::E, Vowel::E, 400)], 0..=HELD_MS - 1);
        check(&[(140.0, 85.0, Vowel::A, Vowel::A, 400)], 0..=HELD_MS - 1);
        check(&[(120.0, 118.0, Vowel::A, Vowel::I, 400)], 0..=HELD_MS - 1);
        check(&[(120.0, 116.0, Vowel::Eu, Vowel::Eu, 120)], 0..=130);
    }

    #[test]
    fn noise_and_silence_hold_nothing() {
        let mut random = fastrand::Rng::with_seed(5);
        let noise: Vec<i16> = (0..LOOK_BACK).map(|_| random.i16(-3_000..3_000)).collect();
        for (speech, silence) in
            [(&noise[..], &noise[..4_000]), (&vec![0; LOOK_BACK][..], &[0; 4_000]), (&[], &[]), (&[7; 300], &[])]
        {
            assert!(held_ms(speech, silence) < 60, "{}", held_ms(speech, silence));
        }
    }

    #[test]
    fn hum_that_the_silence_has_too_is_taken_off() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a test's hum")]
        let hum = |n: usize| (3_000.0 * (n as f32 * 100.0 * std::f32::consts::TAU / 16_000.0).sin()) as i16;
        let with_hum = |samples: &[i16]| {
            samples.iter().enumerate().map(|(n, sample)| sample.saturating_add(hum(n))).collect::<Vec<i16>>()
        };
        let silence = with_hum(&[0; 3_200]);
        assert!(held_ms(&with_hum(&spoken(&[HELD])), &silence) >= HELD_MS);
        assert!(held_ms(&with_hum(&vec![0; LOOK_BACK]), &silence) < 60);
    }
}
