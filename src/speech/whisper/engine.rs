//! whisper.cpp itself: one model for all workers, one state for each.

use std::collections::HashMap;
use std::ffi::c_int;
use std::sync::{Arc, OnceLock};

use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

use super::pool::Recognise;
use super::{AudioContext, ModelError, WhisperSettings, cores};
use crate::speech::checksum::Sha256;
use crate::speech::model_file::{self, ModelFault};
use crate::speech::transcriber::Clip;

/// Shorter clips are padded: whisper.cpp hears nothing in less than 100 ms, and reads past the end of 12 ms.
const SHORTEST: usize = 3_200;
/// The longest hint, in bytes: about the 223 tokens that whisper.cpp keeps of a prompt.
const LONGEST_HINT: usize = 800;
/// Hints remembered as tokens, per worker.
const HINTS: usize = 64;

/// Workers and threads each, within the cores.
pub(super) fn cores_for(settings: &WhisperSettings) -> (usize, usize) {
    let (workers, threads) = fit(settings.workers, settings.threads, cores());
    if (workers, threads) != (settings.workers, settings.threads) {
        tracing::info!(workers, threads, "transcription fitted to the cores");
    }
    (workers, threads)
}

fn fit(workers: usize, threads: usize, cores: usize) -> (usize, usize) {
    let workers = workers.clamp(1, cores.max(1));
    (workers, threads.clamp(1, cores.max(1) / workers))
}

/// The weights, shared by all workers.
pub(super) struct Model {
    context: WhisperContext,
    audio_ctx: AudioContext,
    threads: c_int,
}

impl Model {
    /// Verifies the file, then has whisper.cpp read it.
    pub(super) fn open(settings: &WhisperSettings, threads: usize) -> Result<Model, ModelError> {
        processor()?;
        model_file::inspect(&settings.model)?;
        if let Some(expected) = settings.expected {
            let found = Sha256::of_file(&settings.model).map_err(ModelFault::Io)?;
            if found != expected {
                return Err(ModelError::Checksum { found, expected });
            }
        }
        // With none of its log features on, this silences whisper.cpp, which would print people's names with the prompt.
        whisper_rs::install_logging_hooks();
        let context = WhisperContext::new_with_params(&settings.model, WhisperContextParameters::default())
            .map_err(|error| ModelError::Load(error.to_string()))?;
        let threads = c_int::try_from(threads).unwrap_or(1);
        Ok(Model { context, audio_ctx: settings.audio_ctx, threads })
    }

    /// One worker's state; it makes tens to hundreds of megabytes.
    pub(super) fn worker(model: &Arc<Model>) -> Result<Worker, ModelError> {
        let state = model.context.create_state().map_err(|error| ModelError::Load(error.to_string()))?;
        Ok(Worker { model: Arc::clone(model), state, samples: Vec::new(), hints: HashMap::new() })
    }
}

/// What the portable build of whisper.cpp takes for granted on x86-64.
#[cfg(target_arch = "x86_64")]
fn processor() -> Result<(), ModelError> {
    let features = [
        ("AVX2", std::arch::is_x86_feature_detected!("avx2")),
        ("FMA", std::arch::is_x86_feature_detected!("fma")),
        ("F16C", std::arch::is_x86_feature_detected!("f16c")),
        ("BMI2", std::arch::is_x86_feature_detected!("bmi2")),
    ];
    features.iter().find(|(_, there)| !there).map_or(Ok(()), |(lacking, _)| Err(ModelError::Processor(lacking)))
}

#[cfg(not(target_arch = "x86_64"))]
fn processor() -> Result<(), ModelError> {
    Ok(())
}

/// What one thread owns.
pub(super) struct Worker {
    model: Arc<Model>,
    state: WhisperState,
    samples: Vec<f32>,
    hints: HashMap<Arc<str>, Vec<c_int>>,
}

impl Recognise for Worker {
    fn recognise(&mut self, clip: &Clip) -> Result<String, String> {
        self.samples.clear();
        self.samples.extend(clip.samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
        if self.samples.len() < SHORTEST {
            self.samples.resize(SHORTEST, 0.0);
        }
        let length = self.samples.len();
        self.remember(&clip.hint)?;
        let context = &self.model.context;
        let mut params = usual().clone();
        params.set_n_threads(self.model.threads);
        params.set_max_tokens(most_tokens(length, context.n_text_ctx()));
        params.set_audio_ctx(match self.model.audio_ctx {
            AudioContext::Auto => audio_context(length, context.model_n_audio_ctx()),
            AudioContext::Full => 0,
        });
        params.set_tokens(self.hints.get(&clip.hint).map_or(&[], Vec::as_slice));
        let result = self.state.full(params, &self.samples);
        // What was said does not stay longer than it must.
        self.samples.clear();
        result.map_err(|error| error.to_string())?;
        let mut text = String::new();
        for segment in self.state.as_iter() {
            text.push_str(&segment.to_str_lossy().map_err(|error| error.to_string())?);
        }
        Ok(text)
    }
}

impl Worker {
    /// Has the hint's tokens at hand.
    fn remember(&mut self, hint: &Arc<str>) -> Result<(), String> {
        if self.hints.contains_key(hint) {
            return Ok(());
        }
        if self.hints.len() >= HINTS {
            self.hints.clear();
        }
        let text = hint_text(hint);
        // A token has at least one byte. Fewer places than tokens would be undefined behaviour in the crate.
        let tokens = self.model.context.tokenize(&text, text.len() + 1).map_err(|error| error.to_string())?;
        self.hints.insert(Arc::clone(hint), tokens);
        Ok(())
    }
}

/// A hint as whisper.cpp takes it: without control characters, a blank before it, its end where it is too long.
fn hint_text(hint: &str) -> String {
    let clean: String = hint.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return String::new();
    }
    let cut = clean.len().saturating_sub(LONGEST_HINT);
    let from = (cut..=clean.len()).find(|at| clean.is_char_boundary(*at)).unwrap_or_default();
    format!(" {}", &clean[from..])
}

/// What is the same for every clip. Made once in the process: `set_language` leaks its few bytes at every call.
fn usual() -> &'static FullParams<'static, 'static> {
    static USUAL: OnceLock<FullParams<'static, 'static>> = OnceLock::new();
    USUAL.get_or_init(|| {
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_language(Some("fr"));
        // One window, one pass, nothing from the clip before: the time of a clip is bounded, and no one's words
        // reach anyone else's.
        params.set_no_context(true);
        params.set_single_segment(true);
        params.set_no_timestamps(true);
        params.set_temperature_inc(0.0);
        params.set_suppress_blank(true);
        params.set_suppress_nst(true);
        params.set_print_progress(false);
        params.set_print_special(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        params
    })
}

/// Encoder positions of 20 ms that a clip fills, with 1.3 s to spare, in steps of 64.
fn audio_context(samples: usize, most: c_int) -> c_int {
    let positions = samples.div_ceil(320) + 64;
    c_int::try_from(positions.next_multiple_of(64).max(256)).map_or(most, |positions| positions.min(most))
}

/// Tokens that a clip of this length can hold: twice the pace of the fastest speaker, within what the decoder has.
fn most_tokens(samples: usize, text_context: c_int) -> c_int {
    let by_length = 24 + samples * 16 / 16_000;
    c_int::try_from(by_length).unwrap_or(c_int::MAX).min(text_context / 2 - 6).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_times_threads_stay_within_the_cores() {
        for (workers, threads, cores, expected) in [
            (1, 2, 2, (1, 2)),
            (2, 2, 2, (2, 1)),
            (8, 1, 2, (2, 1)),
            (1, 8, 2, (1, 2)),
            (3, 3, 8, (3, 2)),
            (0, 0, 4, (1, 1)),
            (4, 4, 0, (1, 1)),
        ] {
            assert_eq!(fit(workers, threads, cores), expected, "{workers} × {threads} on {cores}");
        }
    }

    #[test]
    fn the_encoder_looks_at_what_the_clip_fills() {
        for (seconds, most, expected) in
            [(0, 1_500, 256), (3, 1_500, 256), (5, 1_500, 320), (28, 1_500, 1_472), (30, 1_500, 1_500), (3, 100, 100)]
        {
            assert_eq!(audio_context(seconds * 16_000, most), expected, "{seconds} s");
        }
    }

    #[test]
    fn the_length_of_an_answer_is_bounded() {
        assert_eq!(most_tokens(3_200, 448), 27);
        assert_eq!(most_tokens(30 * 16_000, 448), 218);
        assert_eq!(most_tokens(3_200, 8), 1);
    }

    #[test]
    fn a_hint_is_cut_at_its_beginning_and_holds_no_control_characters() {
        assert_eq!(hint_text("  "), "");
        assert_eq!(hint_text("Rive\0 Claire\n"), " Rive  Claire");
        let long = "é".repeat(LONGEST_HINT);
        assert_eq!(hint_text(&long).len(), LONGEST_HINT + 1);
        assert!(hint_text(&format!("{long} fin")).ends_with("é fin"));
    }
}
