//! From clips to words, through the true whisper.cpp and a very small model of ours (`tests/data/voice/README.md`).
#![cfg(feature = "voice")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comptoir::speech::{Clip, Transcriber, Urgency, WhisperSettings};

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

#[tokio::test]
async fn known_clips_give_known_words() {
    let transcriber = Transcriber::whisper(&settings()).unwrap();
    for (name, words) in CLIPS {
        let heard = transcriber.transcribe(clip(samples(name), "")).await.unwrap();
        assert_eq!(heard.text, *words, "{name}");
    }
    assert_eq!(transcriber.figures().done, CLIPS.len() as u64);
    transcriber.stop().await;
}
