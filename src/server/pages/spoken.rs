//! The part of the scorecard on what was said aloud: figures, and recordings where there are any.

use super::{french, paths};

/// How the exchange was spoken.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Facts, without judgement; empty where only recordings are left to tell of.
    pub figures: Vec<SpokenFigure>,
    /// What is not inferred from a voice.
    pub caution: String,
    /// What is kept of the sound.
    pub kept: Option<KeptSound>,
}

/// One figure.
#[derive(Clone, Debug)]
pub struct SpokenFigure {
    /// « Mots par minute ».
    pub label: String,
    /// « 142 ».
    pub value: String,
    /// How it was counted; may be empty.
    pub note: String,
    /// 0 to 100, for what is a share of something: drawn as a bar.
    pub share: Option<u8>,
    /// The turns it is about, each with its time: « 2:41 ».
    pub turns: Vec<(usize, String)>,
}

/// The recordings of a conversation.
#[derive(Clone, Debug)]
pub struct KeptSound {
    /// How many.
    pub count: u64,
    /// Until when at the latest: « 22 décembre 2026 ».
    pub until: String,
}

/// The recording of one turn.
#[derive(Clone, Debug)]
pub struct Sound {
    /// The client's id of the turn.
    pub utterance: String,
    /// Its address.
    pub address: String,
    /// « 3 secondes ».
    pub length: String,
}

impl Sound {
    /// The recording of a turn of this conversation.
    pub fn of(conversation: &str, utterance: &str, duration_ms: u32) -> Sound {
        Sound {
            utterance: utterance.to_owned(),
            address: paths::recording(conversation, utterance),
            length: french::duration(u64::from(duration_ms).div_ceil(1_000)),
        }
    }
}

impl KeptSound {
    /// « 3 enregistrements ».
    pub fn count_text(&self) -> String {
        french::count(self.count, "enregistrement")
    }
}

impl Spoken {
    /// A call spoken aloud, cut once, recorded.
    pub fn sample() -> Spoken {
        let figure = |label: &str, value: &str, note: &str, share, turns: &[(usize, &str)]| SpokenFigure {
            label: label.into(),
            value: value.into(),
            note: note.into(),
            share,
            turns: turns.iter().map(|(turn, at)| (*turn, (*at).into())).collect(),
        };
        Spoken {
            figures: vec![
                figure(
                    "Tours dits à voix haute",
                    "5 sur 6",
                    "dont un que vous avez corrigé après transcription",
                    None,
                    &[],
                ),
                figure(
                    "Votre part du temps de parole",
                    "54\u{a0}%",
                    "vous 1\u{a0}min\u{a0}12\u{a0}s, Monsieur Belkacem 1\u{a0}min\u{a0}02\u{a0}s",
                    Some(54),
                    &[],
                ),
                figure("Mots par minute", "148", "votre débit, silences à l'intérieur d'un tour compris", None, &[]),
                figure(
                    "Silence avant de répondre",
                    "0,9\u{a0}seconde",
                    "valeur médiane de 4 réponses ; la plus longue attente : 3,4\u{a0}secondes",
                    None,
                    &[(9, "3:44")],
                ),
                figure("Paroles coupées", "1", "", None, &[(5, "1:58")]),
            ],
            caution: crate::scoring::NO_EMOTION.into(),
            kept: Some(KeptSound { count: 5, until: "22\u{a0}décembre\u{a0}2026".into() }),
        }
    }
}
