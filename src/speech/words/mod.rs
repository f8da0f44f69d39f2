//! What an engine returned, against what a person can have said: pure text, no sound.
//!
//! Input: the words of an engine, and what was known when it heard them. Output: the words somebody said, or what
//! kind of words they are. Invariant: nothing is added; what is kept stands in the text as it came, in its order.

mod annotation;
mod backchannel;
mod echo;
mod hesitation;
mod phantom;
mod repetition;

use std::ops::Range;
use std::time::Duration;

pub use backchannel::is_backchannel;
pub use echo::{echo, is_echo};
pub use hesitation::trails_off;

use crate::language::fold;

/// The words that somebody said in a clip of this length: annotations, what engines invent on silence, and loops
/// removed; empty where nothing is left. `hint` is what the engine was told to expect.
pub fn cleaned(raw: &str, length: Duration, hint: &str) -> String {
    let text = annotation::without_annotations(raw);
    let text = phantom::without_phantoms(&text);
    let text = repetition::without_loops(&text);
    if too_long(&text, length) || phantom::repeats_the_hint(&text, hint) || !text.contains(char::is_alphanumeric) {
        return String::new();
    }
    text
}

/// Whether nobody can say so much in so short a time: the fastest French has about 25 letters a second.
fn too_long(text: &str, length: Duration) -> bool {
    const AT_ONCE: f32 = 12.0;
    const A_SECOND: f32 = 32.0;
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    #[expect(clippy::cast_precision_loss, reason = "hundreds of letters")]
    let letters = letters as f32;
    letters > AT_ONCE + A_SECOND * length.as_secs_f32()
}

/// One word: lower case, without accents, and where it stands.
struct Word {
    form: String,
    bytes: Range<usize>,
}

/// The words of a text, cut at everything that is neither letter nor digit.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Word { form: fold(&text[from..at]), bytes: from..at });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The words of a text, one blank between them.
fn plain(text: &str) -> String {
    words(text).into_iter().map(|word| word.form).collect::<Vec<_>>().join(" ")
}

/// One blank between words, none around.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, ms: u64, hint: &str, expected: &str) {
        assert_eq!(cleaned(raw, Duration::from_millis(ms), hint), expected, "{raw:?} in {ms} ms");
    }

    #[test]
    fn what_nobody_said_leaves_nothing() {
        for raw in [
            "",
            "   ",
            " ...",
            " [BLANK_AUDIO]",
            " Sous-titres réalisés par la communauté d'Amara.org",
            " (Musique) Sous-titrage ST' 501",
            "♪ ♪ ♪",
            " - [Silence] -",
            " [Musique] Merci d'avoir regardé cette vidéo !",
        ] {
            check(raw, 4_000, "", "");
        }
    }

    #[test]
    fn what_somebody_said_stays_as_it_came() {
        for said in [
            "Oui.",
            "Bonjour, agence de la Rive Claire, je vous écoute.",
            "Merci d'avoir patienté.",
            "Non, non, non, ce n'est pas à vous de payer.",
            "Le 3ᵉ étage, porte B, c'est bien ça ?",
        ] {
            check(&format!(" {said}"), 4_000, "", said);
        }
        check(" [Soupir] Bon. (Rires) Je vous écoute. Sous-titrage ST' 501", 4_000, "", "Bon. Je vous écoute.");
    }

    #[test]
    fn nobody_says_so_much_in_so_short_a_time() {
        let sentence = "Je vous propose de passer à l'agence demain matin avec votre bail et une pièce d'identité.";
        check(sentence, 4_500, "", sentence);
        check(sentence, 2_600, "", sentence);
        check(sentence, 700, "", "");
        check("Oui, bonjour madame.", 500, "", "Oui, bonjour madame.");
    }

    #[test]
    fn a_hint_said_back_is_nobody_speaking() {
        let hint = "Rive Claire Habitat, agence des Tilleuls. Madame Lefort, monsieur Belkacem, madame Nguyen, la commission \
                    d'attribution, le service technique.";
        check(hint, 8_000, hint, "");
        check("Madame Lefort, monsieur Belkacem, madame Nguyen, la commission d'attribution,", 8_000, hint, "");
        check("Rive Claire Habitat, agence des Tilleuls.", 3_000, hint, "Rive Claire Habitat, agence des Tilleuls.");
        check("Madame Lefort, monsieur Belkacem.", 3_000, hint, "Madame Lefort, monsieur Belkacem.");
        let passed = "Je vous passe madame Lefort, du service technique.";
        check(passed, 3_000, hint, passed);
    }
}
