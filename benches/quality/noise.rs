//! What is in the room beside voices; loudness is told against speech at full level.

#![expect(clippy::cast_precision_loss, reason = "positions in a few minutes of sound")]

use std::f64::consts::TAU;

/// The loudness of speech, as root mean square.
const SPEECH: f64 = 0.07;

/// So many decibels below speech, as a factor on full scale.
fn below(decibels: f64) -> f64 {
    SPEECH * 10f64.powf(-decibels / 20.0)
}

/// Pink noise (Paul Kellet's filter), `snr` decibels below speech.
pub(crate) fn pink(length: usize, snr: f64, seed: u64) -> Vec<f64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut b = [0.0; 7];
    let noise: Vec<f64> = (0..length)
        .map(|_| {
            let white = random.f64() * 2.0 - 1.0;
            b[0] = 0.99886 * b[0] + white * 0.055_517_9;
            b[1] = 0.99332 * b[1] + white * 0.075_075_9;
            b[2] = 0.969 * b[2] + white * 0.153_852;
            b[3] = 0.8665 * b[3] + white * 0.310_485_6;
            b[4] = 0.55 * b[4] + white * 0.532_952_2;
            b[5] = -0.7616 * b[5] - white * 0.016_898;
            let pink = b.iter().sum::<f64>() + white * 0.5362;
            b[6] = white * 0.115_926;
            pink
        })
        .collect();
    let loudness = (noise.iter().map(|value| value * value).sum::<f64>() / noise.len().max(1) as f64).sqrt();
    let gain = below(snr) / loudness.max(1e-9);
    noise.into_iter().map(|value| value * gain).collect()
}

/// Mains hum: 100 Hz and what rings with it, 10 dB below speech.
pub(crate) fn hum(length: usize) -> Vec<f64> {
    let gain = below(10.0) * std::f64::consts::SQRT_2 / 1.12;
    let at = |n: usize| n as f64 / 16_000.0;
    (0..length)
        .map(|n| {
            gain * ((TAU * 100.0 * at(n)).sin() + 0.4 * (TAU * 200.0 * at(n)).sin() + 0.3 * (TAU * 300.0 * at(n)).sin())
        })
        .collect()
}

/// Keys: bursts of 8 to 20 ms, three to seven a second in runs, as loud at their peak as speech.
pub(crate) fn keys(length: usize, seed: u64) -> Vec<f64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut sound = vec![0.0; length];
    let mut at = 4_000;
    while at < length {
        for _ in 0..random.usize(3..15) {
            let long = random.usize(128..320);
            let loud = 0.2 * (0.4 + 0.6 * random.f64());
            for n in 0..long.min(length.saturating_sub(at)) {
                sound[at + n] += loud * (random.f64() * 2.0 - 1.0) * (-5.0 * n as f64 / long as f64).exp();
            }
            at += random.usize(2_300..5_300);
        }
        at += random.usize(8_000..48_000);
    }
    sound
}

/// What a loudspeaker and a room make of a voice: no bass, late, and with a tail.
pub(crate) fn through_the_room(voice: &[i16], gain: f64) -> Vec<f64> {
    const TAIL: usize = 3_200;
    let mut random = fastrand::Rng::with_seed(11);
    // Forty reflections over 200 ms, weaker with time; the first is the direct way, 5 ms.
    let mut ways = vec![(80, 1.0)];
    ways.extend((0..40).map(|_| {
        let late = random.usize(160..TAIL);
        (late, 0.35 * (random.f64() * 2.0 - 1.0) * (-4.0 * late as f64 / TAIL as f64).exp())
    }));
    let mut thin = Vec::with_capacity(voice.len());
    let (mut before, mut out) = (0.0, 0.0);
    for sample in voice {
        let now = f64::from(*sample) / 32_768.0;
        out = 0.92 * (out + now - before);
        before = now;
        thin.push(out);
    }
    let mut heard = vec![0.0; voice.len() + TAIL];
    for (late, weight) in ways {
        for (n, value) in thin.iter().enumerate() {
            heard[n + late] += weight * value * gain;
        }
    }
    heard
}
