//! From a clip to its words: our path beside whisper.cpp called directly, on the same clips and model, in turns: what
//! else the machine does then strikes both.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use comptoir::speech::{Clip, Transcriber, Urgency, WhisperSettings};
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

use crate::pure::now;
use crate::table;

const CLIPS: [&str; 4] = ["d-accord", "je-verifie", "votre-nom", "bonjour-agence"];
const ROUNDS: usize = 100;

/// Every clip by both, one after the other, the first one changing.
pub(crate) fn transcribing() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice");
    let model = data.join("whisper-test-fr.bin");
    let ours =
        Transcriber::whisper(&WhisperSettings { threads: 1, ..WhisperSettings::new(&model) }).expect("our model");
    let context = WhisperContext::new_with_params(&model, WhisperContextParameters::default()).expect("our model");
    let mut state = context.create_state().expect("memory for it");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let (mut direct_times, mut our_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for name in CLIPS {
        let wav = hound::WavReader::open(data.join(format!("{name}.wav"))).expect("our clip");
        let samples: Vec<i16> = wav.into_samples().map(|sample| sample.expect("our clip")).collect();
        let floats: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        for round in 0..ROUNDS {
            let mut by_whisper = || directly(&mut state, &floats);
            let by_us = || {
                let clip = Clip { samples: samples.clone(), hint: Arc::from(""), urgency: Urgency::Final };
                let begun = now();
                let words = runtime.block_on(ours.transcribe(clip)).expect("words");
                (begun.elapsed(), words.text)
            };
            let ((whisper, heard), (us, said)) = if round % 2 == 0 {
                (by_whisper(), by_us())
            } else {
                let us = by_us();
                (by_whisper(), us)
            };
            assert_eq!(heard.trim(), said, "both hear the same");
            // The first rounds warm the caches.
            if round >= 4 {
                ratios.push(us.as_secs_f64() / whisper.as_secs_f64());
                direct_times.push(whisper);
                our_times.push(us);
            }
        }
    }
    runtime.block_on(ours.stop());
    table::times("transcribing a short clip: whisper.cpp directly", &mut direct_times, "");
    table::times("transcribing a short clip: through our queue", &mut our_times, "");
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    table::figure("transcribing: ours beside whisper.cpp, round by round", &format!("× {ratio:.3}"), "× 1.05");
}

/// The same parameters as ours, by hand.
fn directly(state: &mut WhisperState, samples: &[f32]) -> (Duration, String) {
    let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    params.set_language(Some("fr"));
    params.set_n_threads(1);
    params.set_no_context(true);
    params.set_single_segment(true);
    params.set_no_timestamps(true);
    params.set_temperature_inc(0.0);
    params.set_suppress_blank(true);
    params.set_suppress_nst(true);
    params.set_print_progress(false);
    // These clips are shorter than 3.8 s: the least that ours has the encoder look at.
    params.set_audio_ctx(256);
    params.set_max_tokens(80);
    let begun = now();
    state.full(params, samples).expect("words");
    let text = state.as_iter().map(|segment| segment.to_str_lossy().expect("text").into_owned()).collect();
    (begun.elapsed(), text)
}
