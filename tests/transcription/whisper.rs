//! The true whisper.cpp: words, hints, silence, many speakers at once, memory, broken files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use comptoir::speech::{
    AudioContext, Clip, ModelError, Sha256, TranscribeError, Transcriber, Urgency, WhisperSettings,
};

/// The clips and the words spoken in them.
const CLIPS: &[(&str, &str)] = &[
    ("bonjour-agence", "Bonjour, agence de la Rive Claire, je vous écoute."),
    ("votre-nom", "Pouvez-vous me donner votre nom, s'il vous plaît ?"),
    ("numero-de-dossier", "Quel est votre numéro de dossier ?"),
    ("je-comprends", "Je comprends votre situation."),
    ("je-verifie", "Je vérifie tout de suite."),
    ("merci-de-patienter", "Merci de patienter un instant."),
    ("autres-questions", "Avez-vous d'autres questions ?"),
    ("un-technicien", "Un technicien passera demain matin."),
    ("au-revoir", "Merci de votre appel, bonne journée, au revoir."),
    ("oui-bien-sur", "Oui, bien sûr."),
    ("non-pas-du-tout", "Non, pas du tout."),
    ("d-accord", "D'accord."),
    ("votre-adresse", "Quelle est votre adresse ?"),
];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(name)
}

fn samples(clip: &str) -> Vec<i16> {
    let file = hound::WavReader::open(data(&format!("{clip}.wav"))).unwrap();
    file.into_samples().map(Result::unwrap).collect()
}

fn clip(samples: Vec<i16>, hint: &str) -> Clip {
    Clip { samples, hint: Arc::from(hint), urgency: Urgency::Final }
}

/// One worker, one thread: what is measured here is not the machine's number of cores.
fn settings() -> WhisperSettings {
    WhisperSettings { threads: 1, ..WhisperSettings::new(data("whisper-test-fr.bin")) }
}

async fn words(transcriber: &Transcriber, clip: Clip) -> String {
    transcriber.transcribe(clip).await.unwrap().text
}

#[tokio::test]
async fn known_clips_give_known_words_at_short_and_at_full_context() {
    for audio_ctx in [AudioContext::Auto, AudioContext::Full] {
        let transcriber = Transcriber::whisper(&WhisperSettings { audio_ctx, ..settings() }).unwrap();
        for (name, expected) in CLIPS {
            assert_eq!(words(&transcriber, clip(samples(name), "")).await, *expected, "{name} {audio_ctx:?}");
        }
        assert_eq!(transcriber.figures().done, CLIPS.len() as u64);
        transcriber.stop().await;
    }
}

#[tokio::test]
async fn a_hint_of_any_kind_does_no_harm() {
    let transcriber = Transcriber::whisper(&settings()).unwrap();
    let long = "Rive Claire Habitat, madame Lefort, monsieur Belkacem, ".repeat(60);
    for hint in ["Rive Claire Habitat, agence des Tilleuls.", "\0\n\u{7}", "字幕 🎵 ﷺ", long.as_str(), ""] {
        for (name, expected) in [CLIPS[2], CLIPS[11]] {
            assert_eq!(words(&transcriber, clip(samples(name), hint)).await, expected, "{name} {hint:.40}");
        }
    }
    transcriber.stop().await;
}

#[tokio::test]
async fn no_word_of_one_clip_reaches_the_next() {
    let transcriber = Transcriber::whisper(&settings()).unwrap();
    let alone = words(&transcriber, clip(samples("d-accord"), "")).await;
    words(&transcriber, clip(samples("bonjour-agence"), "Rive Claire Habitat")).await;
    assert_eq!(words(&transcriber, clip(samples("d-accord"), "")).await, alone);
    transcriber.stop().await;
}

#[tokio::test]
async fn silence_and_crumbs_are_no_words() {
    let transcriber = Transcriber::whisper(&settings()).unwrap();
    for length in [1, 160, 201, 1_599, 3_200, 16_000, 80_000, 30 * 16_000] {
        assert_eq!(words(&transcriber, clip(vec![0; length], "")).await, "", "{length} samples of silence");
    }
    let mut random = fastrand::Rng::with_seed(3);
    let hiss: Vec<i16> = (0..16_000).map(|_| random.i16(-40..40)).collect();
    assert_eq!(words(&transcriber, clip(hiss, "")).await, "", "faint hiss");
    for length in [1, 200, 201, 1_600] {
        let crumb = samples("bonjour-agence")[20_000..20_000 + length].to_vec();
        transcriber.transcribe(clip(crumb, "")).await.unwrap();
    }
    transcriber.stop().await;
}

#[tokio::test]
async fn speech_in_the_middle_of_silence_is_found() {
    let transcriber = Transcriber::whisper(&settings()).unwrap();
    let lead = vec![0; 4_800];
    let tail = vec![0; 9_600];
    let framed = [lead, samples("votre-adresse"), tail].concat();
    assert_eq!(words(&transcriber, clip(framed, "")).await, "Quelle est votre adresse ?");
    transcriber.stop().await;
}

/// Eight people speak at once, each without waiting for the others: nothing is lost, and figures show the wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_speakers_at_once_lose_nothing() {
    const ROUNDS: usize = 6;
    let transcriber = Transcriber::whisper(&WhisperSettings { workers: 2, ..settings() }).unwrap();
    let speakers = (0..8).map(|speaker| {
        let transcriber = transcriber.clone();
        tokio::spawn(async move {
            let hint = format!("Rive Claire Habitat, poste {speaker}");
            for round in 0..ROUNDS {
                let (name, expected) = CLIPS[(speaker + round) % CLIPS.len()];
                assert_eq!(words(&transcriber, clip(samples(name), &hint)).await, expected, "speaker {speaker}");
            }
        })
    });
    for speaker in speakers.collect::<Vec<_>>() {
        speaker.await.unwrap();
    }
    let figures = transcriber.figures();
    println!(
        "8 speakers: {} clips, {} at once, at most {} waiting; wait p50 {:?} p99 {:?}, time p50 {:?} p99 {:?}, {:?} of sound",
        figures.done,
        figures.places,
        figures.waiting_at_most,
        figures.waits.within(50),
        figures.waits.within(99),
        figures.times.within(50),
        figures.times.within(99),
        figures.sound,
    );
    assert_eq!((figures.done, figures.refused, figures.late, figures.failed), (8 * ROUNDS as u64, 0, 0, 0));
    assert!(figures.waiting_at_most >= 8 - figures.places - 1, "they did wait for each other");
    assert!(figures.waits.most() > Duration::ZERO && figures.waits.count() == figures.done);
    transcriber.stop().await;
}

#[tokio::test]
async fn a_clip_that_was_begun_is_finished_although_nobody_waits_any_more() {
    let transcriber = Transcriber::whisper(&WhisperSettings { audio_ctx: AudioContext::Full, ..settings() }).unwrap();
    let asked = transcriber.transcribe(clip(samples("bonjour-agence"), ""));
    assert!(tokio::time::timeout(Duration::from_millis(1), asked).await.is_err(), "given up");
    assert_eq!(transcriber.figures().at_work, 1, "its place is kept while the worker is busy");
    assert_eq!(words(&transcriber, clip(samples("d-accord"), "")).await, "D'accord.");
    assert_eq!((transcriber.figures().at_work, transcriber.figures().done), (0, 1));
    transcriber.stop().await;
}

#[tokio::test]
async fn the_end_waits_for_the_threads() {
    let transcriber = Transcriber::whisper(&WhisperSettings { audio_ctx: AudioContext::Full, ..settings() }).unwrap();
    let under_way = transcriber.clone();
    let under_way = tokio::spawn(async move { under_way.transcribe(clip(samples("d-accord"), "")).await });
    while transcriber.figures().at_work == 0 {
        tokio::task::yield_now().await;
    }
    transcriber.stop().await;
    assert_eq!(transcriber.figures().at_work, 0, "the worker has given its place back");
    assert_eq!(under_way.await.unwrap().unwrap().text, "D'accord.", "what was under way is finished");
    assert_eq!(transcriber.transcribe(clip(samples("d-accord"), "")).await, Err(TranscribeError::Stopped));
    transcriber.stop().await;
}

#[test]
fn a_file_that_is_not_the_expected_one_is_refused() {
    let other = Sha256::from([7; 32]);
    let refused = Transcriber::whisper(&WhisperSettings { expected: Some(other), ..settings() });
    assert!(matches!(refused.err(), Some(ModelError::Checksum { expected, .. }) if expected == other));
    let expected = Some(Sha256::of_file(&data("whisper-test-fr.bin")).unwrap());
    assert!(Transcriber::whisper(&WhisperSettings { expected, ..settings() }).is_ok());
}

#[test]
fn a_file_that_is_no_model_never_reaches_whisper() {
    for wrong in ["absent.bin", "README.md", "d-accord.wav", "."] {
        let refused = Transcriber::whisper(&WhisperSettings { model: data(wrong), ..settings() });
        assert!(matches!(refused.err(), Some(ModelError::File(_))), "{wrong}");
    }
}

/// What passes the inspection must not end the process, whatever its weights: whisper.cpp gets it.
#[tokio::test]
async fn damage_that_passes_the_inspection_is_survived() {
    let model = std::fs::read(data("whisper-test-fr.bin")).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    let mut survived = 0;
    for round in 0..40 {
        let mut damaged = model.clone();
        for _ in 0..=round % 5 {
            // Half of it where the structure is: header, vocabulary, the first tensors' headers.
            let at = if random.bool() { random.usize(64_000..70_000) } else { random.usize(..damaged.len()) };
            damaged[at] = random.u8(..);
        }
        std::fs::write(file.path(), &damaged).unwrap();
        let opened = Transcriber::whisper(&WhisperSettings { model: file.path().to_owned(), ..settings() });
        match opened {
            Ok(transcriber) => {
                // Any words, or none: it answers.
                transcriber.transcribe(clip(samples("d-accord"), "Rive Claire")).await.unwrap();
                transcriber.stop().await;
                survived += 1;
            }
            Err(error) => assert!(matches!(error, ModelError::File(_)), "whisper.cpp refused: {error}"),
        }
    }
    assert!(survived >= 10, "{survived} of 40 passed the inspection");
}
