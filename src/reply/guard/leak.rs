//! What must not be said: words that tell a fact before its condition.
//!
//! Input: a reply's words and the facts told so far, this reply's included. Output: [`Leak`]s, none in sound work.
//! Invariant: a leak is a mark of a fact that is neither volunteered nor told, found as whole words, case and
//! accents aside.

use std::collections::BTreeSet;

use crate::language::Plain;
use crate::persona::{Access, FactEntry, Persona};

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
    let text = Plain::of(text);
    let locked =
        persona.file().fact.iter().filter(|fact| fact.access != Access::Volunteered && !told.contains(&fact.id));
    marked(locked, &text).collect()
}

/// Looks for marks of any fact that is neither told nor to be told now, even one that would come out by itself later.
pub(in crate::reply) fn locked(persona: &Persona, facts: &BTreeSet<String>, text: &str) -> Vec<Leak> {
    marked(persona.file().fact.iter().filter(|fact| !facts.contains(&fact.id)), &Plain::of(text)).collect()
}

fn marked<'p>(facts: impl Iterator<Item = &'p FactEntry>, text: &Plain) -> impl Iterator<Item = Leak> {
    facts
        .flat_map(|fact| fact.marks.iter().map(|mark| Leak { fact: fact.id.clone(), mark: mark.clone() }))
        .filter(|leak| text.holds(&Plain::of(&leak.mark)))
}
