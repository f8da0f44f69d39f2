//! Five hundred transcriptions keep nothing: alone in its process, so that its memory is all that is measured.
#![cfg(all(feature = "voice", target_os = "linux"))]

use std::path::Path;
use std::sync::Arc;

use comptoir::speech::{Clip, Transcriber, Urgency, WhisperSettings};

/// What may come and go beside: the allocator's own pages, a thread's stack.
const ALLOWED_KIB: u64 = 4 * 1024;

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Eight speakers, so many clips each, every speaker with hints of its own.
async fn speak(transcriber: &Transcriber, samples: &Arc<Vec<i16>>, round: &str, clips: usize) {
    let speakers = (0..8).map(|speaker| {
        let (transcriber, samples, round) = (transcriber.clone(), Arc::clone(samples), round.to_owned());
        tokio::spawn(async move {
            for number in 0..clips {
                let hint = Arc::from(format!("Rive Claire Habitat, {round}, poste {speaker}, dossier {number}"));
                let clip = Clip { samples: samples.to_vec(), hint, urgency: Urgency::Final };
                assert_eq!(transcriber.transcribe(clip).await.unwrap().text, "D'accord.");
            }
        })
    });
    for speaker in speakers.collect::<Vec<_>>() {
        speaker.await.unwrap();
    }
}

#[tokio::test]
async fn five_hundred_transcriptions_leak_nothing_measurable() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice");
    let settings = WhisperSettings { workers: 2, threads: 1, ..WhisperSettings::new(data.join("whisper-test-fr.bin")) };
    let wav = hound::WavReader::open(data.join("d-accord.wav")).unwrap();
    let samples = Arc::new(wav.into_samples().map(Result::unwrap).collect::<Vec<i16>>());
    let before = resident_kib();
    let transcriber = Transcriber::whisper(&settings).unwrap();
    // As many hints as a worker remembers, so that its memory of them is full.
    speak(&transcriber, &samples, "essai", 20).await;
    let warm = resident_kib();
    speak(&transcriber, &samples, "mesure", 63).await;
    let after = resident_kib();
    println!("resident: {before} KiB before, {warm} KiB after 160 clips, {after} KiB after {} more", 8 * 63);
    assert!(after.saturating_sub(warm) < ALLOWED_KIB, "{warm} KiB grew to {after} KiB");
    transcriber.stop().await;
}
