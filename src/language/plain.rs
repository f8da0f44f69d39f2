//! Whole words, found whatever their case, accents and punctuation.

use super::text::fold;

/// A text reduced to its words: lower case, no accents, nothing but one blank between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plain(String);

impl Plain {
    /// Reduces a text.
    pub fn of(text: &str) -> Plain {
        let folded = fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut plain = String::from(" ");
        words.for_each(|word| plain.extend([word, " "]));
        Plain(plain)
    }

    /// Its words, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace()
    }

    /// Whether the other's words stand in this text, whole and in their order. Nothing never does.
    pub fn holds(&self, words: &Plain) -> bool {
        words.0.len() > 1 && self.0.contains(&words.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_whatever_their_case_accents_and_punctuation() {
        let check = |text: &str, words: &str, expected| {
            assert_eq!(Plain::of(text).holds(&Plain::of(words)), expected, "{words} in {text}");
        };
        check("Il a HUIT  mois, là.", "huit mois", true);
        check("Ça fait 1 020 euros.", "1 020", true);
        check("L'entrée, oui.", "Entree", true);
        check("Ça fait dix-huit moissons.", "huit mois", false);
        check("10 200", "1 020", false);
        check("huit petits mois", "huit mois", false);
        check("Rien.", "…", false);
    }
}
