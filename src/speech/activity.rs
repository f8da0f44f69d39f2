//! Is somebody speaking in these 16 milliseconds, and how loud.
//!
//! Input: hops of [`HOP`] samples, in order. Output: [`Hop`]. Invariant: any samples give a probability from 0 to 1
//! and a finite level.

use earshot::Detector;

/// Samples looked at together: 16 ms.
pub(crate) const HOP: usize = 256;

/// The level of perfect silence, in decibels below full scale.
pub(crate) const SILENCE: f32 = -100.0;

/// What was heard in one hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hop {
    /// How likely this is a voice, from 0 to 1.
    pub(crate) voice: f32,
    /// Loudness in decibels below full scale, [`SILENCE`] at least.
    pub(crate) level: f32,
}

/// The ear: remembers the last hops, because a voice is known by how it moves.
pub(crate) struct Activity(Box<Detector>);

impl Activity {
    pub(crate) fn new() -> Activity {
        Activity(Detector::default_boxed())
    }

    /// Hears the next hop.
    pub(crate) fn hear(&mut self, samples: &[i16; HOP]) -> Hop {
        let voice = self.0.predict_i16(samples);
        Hop { voice: if voice.is_finite() { voice.clamp(0.0, 1.0) } else { 0.0 }, level: level(samples) }
    }
}

/// Loudness in decibels below full scale, without what is constant in it.
pub(crate) fn level(samples: &[i16]) -> f32 {
    if samples.is_empty() {
        return SILENCE;
    }
    let sum: i64 = samples.iter().map(|sample| i64::from(*sample)).sum();
    let squares: i64 = samples.iter().map(|sample| i64::from(*sample).pow(2)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a loudness")]
    let (mean, square, count) = (sum as f32, squares as f32, samples.len() as f32);
    let power = (square / count - (mean / count).powi(2)) / 32_768f32.powi(2);
    (10.0 * power.max(1e-10).log10()).max(SILENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_is_told_below_full_scale_and_a_constant_offset_is_silence() {
        let square = |height: i16| [height, -height].repeat(HOP / 2);
        for (samples, expected) in [
            (square(32_767), 0.0),
            (square(3_277), -20.0),
            (square(33), -59.9),
            (vec![0; HOP], SILENCE),
            (vec![12_000; HOP], SILENCE),
            (vec![i16::MIN; HOP], SILENCE),
            (Vec::new(), SILENCE),
        ] {
            assert!((level(&samples) - expected).abs() < 0.1, "{}", level(&samples));
        }
    }

    #[test]
    fn silence_and_full_scale_squares_give_probabilities() {
        let mut ear = Activity::new();
        let mut square = [i16::MIN; HOP];
        square[..HOP / 2].fill(i16::MAX);
        for hop in [[0; HOP], square, [i16::MIN; HOP], [0; HOP]].iter().cycle().take(100) {
            let heard = ear.hear(hop);
            assert!((0.0..=1.0).contains(&heard.voice) && heard.level.is_finite(), "{heard:?}");
        }
    }
}
