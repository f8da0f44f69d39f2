//! How fast models are on this machine: seconds of work for one second of speech.
//!
//! Input: an installed model, or only its shape. Output: a [`Pace`], which says how it was found. Invariant: a model that
//! is not there is timed as a slice of it made in memory (its width, its way of storing numbers, a few of its layers, no
//! weights), through the real whisper.cpp, and scaled; that is an estimate and is called one.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters};

use super::catalogue::{Shape, Stored};
use super::pcm::RATE;
use super::{Clip, ModelError, TranscribeError, Transcriber, Urgency, WhisperSettings};

/// How long the speech is that models are timed with, in seconds.
const SECONDS: usize = 5;
/// Encoder positions for that much, as recognition uses them.
const POSITIONS: i32 = 320;

/// Seconds of work for one second of speech.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Measured with the model itself.
    Measured(f64),
    /// Scaled from a slice of it.
    Estimated(f64),
}

impl Pace {
    /// The seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Pace::Measured(seconds) | Pace::Estimated(seconds) => seconds,
        }
    }
}

/// Why a model could not be timed.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// It cannot be used.
    #[error("time the model")]
    Model(#[from] ModelError),
    /// It gave no words.
    #[error("time the model")]
    Transcribe(#[from] TranscribeError),
    /// The slice does not run.
    #[error("time a slice of the model: {0}")]
    Slice(String),
}

/// Times an installed model. Some seconds.
pub async fn measured(model: &Path, threads: usize) -> Result<Pace, MeasureError> {
    let settings = WhisperSettings { threads, deadline: Duration::from_mins(2), ..WhisperSettings::new(model) };
    let transcriber = tokio::task::spawn_blocking(move || Transcriber::whisper(&settings)).await;
    let transcriber = transcriber.map_err(|error| MeasureError::Slice(error.to_string()))??;
    let clip = || Clip { samples: babble(), hint: "".into(), urgency: Urgency::Final };
    let mut best = Duration::MAX;
    // The first run warms up; noise of other programs only ever adds.
    for _ in 0..3 {
        best = best.min(transcriber.transcribe(clip()).await?.took);
    }
    transcriber.stop().await;
    Ok(Pace::Measured(best.as_secs_f64() / seconds()))
}

fn seconds() -> f64 {
    Duration::from_secs(SECONDS as u64).as_secs_f64()
}

/// Estimates by shape; each slice is timed once, on one thread: with several, whisper.cpp waits for all of them, and any
/// other program at work just then would be taken for slowness of the machine.
#[derive(Debug)]
pub struct Estimates {
    /// How much faster the threads are together than one alone.
    speedup: f64,
    /// Seconds for a billion multiplications.
    rates: HashMap<(u32, Stored), f64>,
}

impl Estimates {
    /// With so many threads. Two are twice as fast as one; many wait for memory and for each other.
    pub fn new(threads: usize) -> Estimates {
        let threads = u32::try_from(threads).map_or(1.0, f64::from);
        Estimates { speedup: threads.max(1.0).powf(0.9), rates: HashMap::new() }
    }

    /// Estimates a shape. Blocks for a second or so.
    pub fn pace(&mut self, shape: Shape) -> Result<Pace, MeasureError> {
        let key = (shape.width, shape.stored);
        let rate = if let Some(rate) = self.rates.get(&key) {
            *rate
        } else {
            let slice = Shape { encoder: 2, decoder: 1, ..shape };
            let rate = time(slice)?.as_secs_f64() / slice.hearing();
            self.rates.insert(key, rate);
            rate
        };
        Ok(Pace::Estimated(rate * shape.work() / self.speedup / seconds()))
    }
}

/// The best time of a model without weights: its encoder does all of its work, its decoder has nothing to write.
fn time(shape: Shape) -> Result<Duration, MeasureError> {
    let slice = |error: whisper_rs::WhisperError| MeasureError::Slice(error.to_string());
    whisper_rs::install_logging_hooks();
    let context = WhisperContext::new_from_buffer_with_params(&file(shape), WhisperContextParameters::default());
    let context = context.map_err(slice)?;
    let mut state = context.create_state().map_err(slice)?;
    let sound: Vec<f32> = babble().iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let mut best = Duration::MAX;
    for _ in 0..2 {
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_n_threads(1);
        params.set_audio_ctx(POSITIONS);
        params.set_no_context(true);
        params.set_single_segment(true);
        params.set_no_timestamps(true);
        params.set_temperature_inc(0.0);
        params.set_max_tokens(1);
        params.set_print_progress(false);
        let begun = Instant::now();
        state.full(params, &sound).map_err(slice)?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}

/// A ggml file that holds all but weights, which whisper.cpp takes for a test and fills with zeros.
fn file(shape: Shape) -> Vec<u8> {
    const BANDS: i32 = 80;
    const HALF_WINDOW: i32 = 201;
    let side = |number: u32| i32::try_from(number).unwrap_or(0);
    let (width, heads) = (side(shape.width), side(shape.width / 64));
    let stored = match shape.stored {
        Stored::F16 => 1,
        Stored::Q8 => 7,
        Stored::Q5 => 8,
        Stored::Q51 => 9,
    };
    let header =
        [51_865, 1_500, width, heads, side(shape.encoder), 448, width, heads, side(shape.decoder), BANDS, stored];
    let mut file = 0x6767_6d6c_u32.to_le_bytes().to_vec();
    let mut put = |number: i32| file.extend_from_slice(&number.to_le_bytes());
    header.into_iter().for_each(&mut put);
    [BANDS, HALF_WINDOW].into_iter().for_each(&mut put);
    (0..BANDS * HALF_WINDOW).for_each(|_| put(0));
    // A vocabulary of one word: the blank, without which whisper.cpp ends the process.
    put(1);
    put(1);
    file.push(b' ');
    file
}

/// Something between speech and noise: a buzz that rises and falls four times a second.
fn babble() -> Vec<i16> {
    let mut rng = fastrand::Rng::with_seed(38_052);
    let samples = RATE as usize * SECONDS;
    let buzz = (0..samples).map(|n| {
        let seconds = f64::from(u32::try_from(n).unwrap_or(0)) / f64::from(RATE);
        let syllable = (seconds * std::f64::consts::TAU * 2.0).sin().abs();
        let phase = seconds * std::f64::consts::TAU * 140.0;
        let voice: f64 = (1..=20).map(|harmonic| (phase * f64::from(harmonic)).sin() / f64::from(harmonic)).sum();
        syllable * (voice * 0.8 + rng.f64() - 0.5) * 6_000.0
    });
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and so does a microphone")]
    buzz.map(|value| value as i16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::catalogue::named;

    #[test]
    fn a_model_that_is_not_there_is_estimated_from_a_slice_and_scaled_by_its_work() {
        let mut estimates = Estimates::new(1);
        let tiny = named("tiny").unwrap().shape;
        let deeper = Shape { encoder: 8, decoder: 8, ..tiny };
        let pace = estimates.pace(tiny).unwrap();
        assert!(matches!(pace, Pace::Estimated(seconds) if seconds > 0.0 && seconds < 60.0), "{pace:?}");
        // The same slice stands for both: timed once, so the ratio is that of their work.
        let ratio = estimates.pace(deeper).unwrap().seconds() / pace.seconds();
        assert!((ratio - deeper.work() / tiny.work()).abs() < 1e-9, "{ratio}");
    }

    #[tokio::test]
    async fn an_installed_model_is_measured() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/whisper-test-fr.bin");
        let pace = measured(&model, 1).await.unwrap();
        assert!(matches!(pace, Pace::Measured(seconds) if seconds > 0.0 && seconds < 60.0), "{pace:?}");
        let missing = measured(Path::new("no such file"), 1).await;
        assert!(matches!(missing, Err(MeasureError::Model(ModelError::File(_)))), "{missing:?}");
    }
}
