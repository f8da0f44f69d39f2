//! The contrary of what the character has told.
//!
//! Input: a sentence and the facts that may be told. Output: the fact it contradicts, if one is plain. Invariant: a
//! fact's own wordings never contradict it.

use std::collections::BTreeSet;

use crate::language::{Plain, fold};
use crate::persona::{FactEntry, Persona};

/// Words that deny. « Plus » denies after a verb only: « je peux plus », not « le plus dur ».
const DENIES: &[&str] = &["ne", "n", "pas", "jamais", "rien", "aucun", "aucune", "ni", "sans"];
const BEFORE_NO_MORE: &[&str] = &["peux", "peut", "peuvent", "ai", "a", "ont", "est", "sont", "suis", "veux", "reste"];

/// What says that something was done.
const HAVE_DONE: &[&str] = &["ai", "avons", "a", "suis", "deja"];

/// Words that exclude each other.
const OPPOSITES: &[(&str, &str)] = &[
    ("jour", "nuit"),
    ("matin", "soir"),
    ("matins", "soirs"),
    ("dessus", "dessous"),
    ("haut", "bas"),
    ("gauche", "droite"),
    ("avant", "apres"),
    ("chaud", "froid"),
    ("mari", "femme"),
    ("frere", "soeur"),
    ("pere", "mere"),
    ("fils", "fille"),
    ("ouvert", "ferme"),
    ("plein", "vide"),
];

/// The fact a sentence contradicts.
pub(super) fn contradicted(persona: &Persona, facts: &BTreeSet<String>, sentence: &str) -> Option<String> {
    let clauses: Vec<Plain> = clauses(sentence).map(Plain::of).collect();
    let known = persona.file().fact.iter().filter(|fact| facts.contains(&fact.id));
    known.filter(|fact| denies(fact, &clauses) || swaps(fact, &clauses)).map(|fact| fact.id.clone()).next()
}

/// Says « pas » where the fact never does, or claims to have done what the fact says was not, around the words that tell
/// it.
fn denies(fact: &FactEntry, clauses: &[Plain]) -> bool {
    let lines = || std::iter::once(&fact.text).chain(fact.says.all()).chain(&fact.again).map(String::as_str);
    fact.marks.iter().map(|mark| Plain::of(mark)).any(|mark| {
        let Some(clause) = clauses.iter().find(|clause| clause.holds(&mark)) else { return false };
        if is_negative(clause) {
            let own = |line| self::clauses(line).map(Plain::of).filter(|own| own.holds(&mark)).collect::<Vec<_>>();
            !lines().flat_map(own).any(|own| is_negative(&own))
        } else {
            let claims = clause.words().any(|word| HAVE_DONE.contains(&word));
            let whole = || lines().map(Plain::of).filter(|line| line.holds(&mark));
            let parts: Vec<bool> = lines()
                .flat_map(|line| self::clauses(line).map(Plain::of).collect::<Vec<_>>())
                .filter(|own| own.holds(&mark))
                .map(|own| is_negative(&own))
                .collect();
            let denied = parts.iter().filter(|negative| **negative).count();
            claims && denied * 2 >= parts.len() && whole().all(|line| is_negative(&line))
        }
    })
}

/// Says « de jour » where the fact says « de nuit ».
fn swaps(fact: &FactEntry, clauses: &[Plain]) -> bool {
    fact.marks.iter().any(|mark| {
        let words: Vec<String> = fold(mark).split_whitespace().map(str::to_owned).collect();
        // One word alone is no proof: « le soir » says nothing against « le matin ».
        words.len() > 1
            && words.iter().enumerate().any(|(at, word)| {
                opposite(word).is_some_and(|other| {
                    let swapped: Vec<&str> =
                        words.iter().enumerate().map(|(i, word)| if i == at { other } else { word }).collect();
                    let swapped = Plain::of(&swapped.join(" "));
                    let own = std::iter::once(&fact.text).chain(fact.says.all()).chain(&fact.again);
                    let mut own = own.map(|line| Plain::of(line));
                    clauses.iter().any(|clause| clause.holds(&swapped)) && !own.any(|line| line.holds(&swapped))
                })
            })
    })
}

fn opposite(word: &str) -> Option<&'static str> {
    OPPOSITES.iter().find_map(|(a, b)| match word {
        word if word == *a => Some(*b),
        word if word == *b => Some(*a),
        _ => None,
    })
}

fn is_negative(clause: &Plain) -> bool {
    let words: Vec<&str> = clause.words().collect();
    words.iter().any(|word| DENIES.contains(word))
        || words.windows(2).any(|pair| pair[1] == "plus" && BEFORE_NO_MORE.contains(&pair[0]))
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ':', '.', '!', '?', '…', '(', ')', '\n']).filter(|clause| !clause.trim().is_empty())
}
