//! From an utterance to what it did: acts, facts asked for and said back, services, rules, steps, traps.
//!
//! Input: an [`Utterance`], the [`Ears`] of the persona and the [`Context`] of the turn. Output: [`Heard`].
//! Invariant: pure; every quote is a verbatim piece of the utterance.

mod asked;
mod ears;
mod heard;
mod question;
mod topics;

use std::collections::BTreeSet;

pub use ears::Ears;
pub use heard::{Heard, Quote, Recognised, Restated, Shown, TopicAsked};

use crate::language::Text;
use crate::utterance::Utterance;

/// What came before the turn.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// How many turns the trainee had before.
    pub trainee_turns: usize,
    /// The character's last words, if it has spoken.
    pub last_words: Option<&'a str>,
    /// Facts told so far.
    pub told: &'a BTreeSet<String>,
}

/// Hears one utterance.
pub fn hear(utterance: &Utterance, ears: &Ears, _context: &Context<'_>) -> Heard {
    let text = Text::read(utterance.text());
    let stretches = question::stretches(&text);
    let asked = asked::find(&text, &stretches, ears);
    Heard { asked: asked.facts, topics: asked.topics, unknown_question: asked.unknown, ..Heard::default() }
}
