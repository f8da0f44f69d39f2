//! What must not be said: words that tell a fact before its condition.
//!
//! Input: a reply's words and the facts told so far, this reply's included. Output: [`Leak`]s, none in sound work.
//! Invariant: a leak is a mark of a fact that is neither volunteered nor told, found as whole words, case and
//! accents aside.

use std::collections::BTreeSet;

use crate::persona::{Access, Persona};

/// A fact given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Id of the fact.
    pub fact: String,
    /// The mark found.
    pub mark: String,
}

/// Looks for marks of facts that are still locked.
pub fn leaks(persona: &Persona, told: &BTreeSet<String>, text: &str) -> Vec<Leak> {
    let text = plain(text);
    let locked =
        persona.file().fact.iter().filter(|fact| fact.access != Access::Volunteered && !told.contains(&fact.id));
    locked
        .flat_map(|fact| fact.marks.iter().map(|mark| Leak { fact: fact.id.clone(), mark: mark.clone() }))
        .filter(|leak| {
            let mark = plain(&leak.mark);
            mark.len() > 2 && text.contains(&mark)
        })
        .collect()
}

/// Lower-case words without accents, each between blanks.
fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' => plain.push('i'),
            'ô' | 'ö' => plain.push('o'),
            'ù' | 'û' | 'ü' => plain.push('u'),
            'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            c if c.is_alphanumeric() => plain.push(c),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}
