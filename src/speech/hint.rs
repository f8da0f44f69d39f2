//! The proper names that may be said in a situation, for the recogniser to spell them.
//!
//! Input: the persona and the directory. Output: one line of text. Invariant: only what the trainee can read on the
//! screen, in the directory or on the handset; what the character hides is not in it.

use std::collections::BTreeSet;

use crate::organisation::Organisation;
use crate::persona::Persona;

/// Beyond, an engine reads more than it hears, and pays for every word.
const NAMES: usize = 24;

/// The names of a situation: « Rive Claire Habitat, Agence des Tilleuls. Monsieur Belkacem, Karim Belkacem, … ».
pub fn hint(persona: &Persona, organisation: &Organisation) -> String {
    let (landlord, caller) = (organisation.landlord(), &persona.file().caller);
    let mut seen = BTreeSet::new();
    let words = organisation.services().iter().flat_map(|service| &service.mots);
    let texts = persona.file().screen.lines.iter().chain(words);
    let names: Vec<String> = texts
        .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'))))
        .filter(|word| is_name(word))
        .map(as_written)
        .filter(|word| !caller.name.contains(word.as_str()) && seen.insert(word.clone()))
        .take(NAMES)
        .collect();
    format!("{}, {}. {}, {}. {}.", landlord.nom, landlord.agence, caller.address_as, caller.name, names.join(", "))
}

/// A word that begins with a capital and is no figure or abbreviation of one letter.
fn is_name(word: &str) -> bool {
    word.chars().count() > 2 && word.starts_with(char::is_uppercase) && !word.chars().any(|c| c.is_ascii_digit())
}

/// « BELKACEM » is said « Belkacem »; short capitals are abbreviations and stay.
fn as_written(word: &str) -> String {
    let shouted = word.chars().count() > 5 && !word.chars().any(char::is_lowercase);
    let mut chars = word.chars();
    match chars.next() {
        Some(first) if shouted => first.to_string() + &chars.as_str().to_lowercase(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Content, shipped};

    #[test]
    fn names_of_the_screen_and_the_directory_are_spelled_and_secrets_are_not() {
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        let persona = content.persona("fuite-colere").unwrap();
        let hint = hint(persona, content.organisation());
        for name in ["Rive Claire Habitat", "Monsieur Belkacem", "Tilleuls", "Thermélia", "ADIL"] {
            assert!(hint.contains(name), "{name} in {hint}");
        }
        assert!(!hint.contains("plafonnier") && hint.chars().count() < 900, "{hint}");
    }
}
