//! A voice for tests: pulses through three resonances, which is what a vowel is.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "seconds of sound"
)]

use std::f32::consts::TAU;

use super::pcm::RATE;

/// French vowels by their first three resonances, in Hz.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Vowel {
    A,
    E,
    Eu,
    I,
    Ou,
}

impl Vowel {
    const fn resonances(self) -> [f32; 3] {
        match self {
            Vowel::A => [700.0, 1_300.0, 2_500.0],
            Vowel::E => [380.0, 2_000.0, 2_600.0],
            Vowel::Eu => [390.0, 1_400.0, 2_300.0],
            Vowel::I => [280.0, 2_250.0, 3_000.0],
            Vowel::Ou => [310.0, 800.0, 2_250.0],
        }
    }
}

/// Vowels one after the other: pitch and vowel at the beginning and at the end, and how long, in milliseconds.
pub(crate) fn spoken(sounds: &[(f32, f32, Vowel, Vowel, u32)]) -> Vec<i16> {
    let rate = RATE as f32;
    let (mut phase, mut samples) = (0.0f32, Vec::new());
    let mut rings = [[0.0f32; 2]; 3];
    for (low, high, from, to, ms) in sounds {
        let length = (rate * *ms as f32 / 1_000.0) as usize;
        for n in 0..length {
            let along = n as f32 / length as f32;
            phase += (low + (high - low) * along) / rate;
            let mut pulse = 0.0;
            if phase >= 1.0 {
                phase -= 1.0;
                pulse = 1.0;
            }
            let mut sum = 0.0;
            for (k, ring) in rings.iter_mut().enumerate() {
                let at = from.resonances()[k] + (to.resonances()[k] - from.resonances()[k]) * along;
                let shrink = (-std::f32::consts::PI * (60.0 + 30.0 * k as f32) / rate).exp();
                let next = pulse + 2.0 * shrink * (TAU * at / rate).cos() * ring[0] - shrink * shrink * ring[1];
                *ring = [next, ring[0]];
                sum += next / (k + 1) as f32;
            }
            // Soft edges of 20 ms.
            let edge = (n.min(length - n) as f32 / 320.0).min(1.0);
            samples.push((sum * edge * 2_500.0).clamp(-32_000.0, 32_000.0) as i16);
        }
    }
    samples
}

/// Running speech of this length: syllables of changing vowels, with the dips between them.
pub(crate) fn talk(ms: u32) -> Vec<i16> {
    const VOWELS: [Vowel; 3] = [Vowel::A, Vowel::I, Vowel::Ou];
    let mut random = fastrand::Rng::with_seed(u64::from(ms));
    let (mut sounds, mut left) = (Vec::new(), ms);
    while left > 0 {
        let long = random.u32(110..190).min(left);
        let pitch = 110.0 + 40.0 * random.f32();
        // Far from each other, so that nothing is held.
        let vowel = |ahead: usize| VOWELS[(sounds.len() * 2 + ahead) % VOWELS.len()];
        let (from, to) = (vowel(0), vowel(1));
        sounds.push((pitch, pitch * (0.85 + 0.3 * random.f32()), from, to, long));
        left -= long;
    }
    spoken(&sounds)
}
