//! What must not be said, whoever words it.
//!
//! Input: one sentence, and what may be said in this turn ([`Allowed`]). Output: `Ok`, or the [`Breach`]. Invariant:
//! pure; every line a persona's file holds passes in the turn it is written for.

mod bounds;
mod clean;
mod contradiction;
mod leak;
mod role;
mod tongue;

use std::collections::BTreeSet;

pub use bounds::Bounds;
pub use clean::clean;
pub(super) use leak::locked;
pub use leak::{Leak, leaks};
pub use tongue::is_foreign;

use crate::language::{Plain, Text};
use crate::persona::Persona;

/// The longest sentence, in characters.
pub const LONGEST_SENTENCE: usize = 260;
/// The longest reply, in characters: what a person says without being stopped.
pub const LONGEST_REPLY: usize = 520;
/// Sentences shorter than this may come back: « Oui. », « Je vous écoute. »
const MAY_REPEAT: usize = 20;

/// What is wrong with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Lists, tags, addresses of pages: nothing anyone says.
    Markup,
    /// Another language.
    Foreign,
    /// Speaks as an assistant, or about the exercise.
    OutOfRole,
    /// Tells the trainee how to do the job.
    Coaches,
    /// Says what only the trainee says.
    SpeaksForTrainee,
    /// Tells what the character does.
    StageDirection,
    /// Tells this fact too early.
    Locked(String),
    /// Gives a figure, a date or a name that nobody has given.
    Invents(String),
    /// Says the contrary of this fact.
    Contradicts(String),
    /// Runs on.
    TooLong,
    /// Says again word for word what was said lately.
    Repeats,
}

impl Breach {
    /// Stable name, for records and metrics.
    pub const fn code(&self) -> &'static str {
        match self {
            Breach::Markup => "markup",
            Breach::Foreign => "foreign",
            Breach::OutOfRole => "out_of_role",
            Breach::Coaches => "coaches",
            Breach::SpeaksForTrainee => "speaks_for_trainee",
            Breach::StageDirection => "stage_direction",
            Breach::Locked(_) => "locked",
            Breach::Invents(_) => "invents",
            Breach::Contradicts(_) => "contradicts",
            Breach::TooLong => "too_long",
            Breach::Repeats => "repeats",
        }
    }
}

/// What may be said in one turn, beside what is always free to say.
#[derive(Clone, Debug)]
pub struct Allowed<'a> {
    /// The persona.
    pub persona: &'a Persona,
    /// Its figures and names.
    pub bounds: &'a Bounds,
    /// Ids of the facts told before and of those to tell now.
    pub facts: &'a BTreeSet<String>,
    /// What was said in the conversation so far by either side: its figures and names may be taken up.
    pub heard: &'a [&'a str],
    /// The character's own last replies.
    pub said: &'a [&'a str],
}

impl Allowed<'_> {
    /// Whether a sentence may be said.
    pub fn check(&self, sentence: &str) -> Result<(), Breach> {
        if tongue::is_markup(sentence) {
            return Err(Breach::Markup);
        }
        let text = Text::read(sentence);
        if tongue::is_foreign(sentence) {
            return Err(Breach::Foreign);
        }
        if let Some(breach) = role::left(&text, self.persona) {
            return Err(breach);
        }
        if let Some(fact) = locked(self.persona, self.facts, sentence).into_iter().next() {
            return Err(Breach::Locked(fact.fact));
        }
        if let Some(fact) = contradiction::contradicted(self.persona, self.facts, sentence) {
            return Err(Breach::Contradicts(fact));
        }
        if let Some(words) = self.bounds.invented(sentence, &text, self.facts, self.heard) {
            return Err(Breach::Invents(words));
        }
        if sentence.chars().count() > LONGEST_SENTENCE {
            return Err(Breach::TooLong);
        }
        if sentence.chars().count() >= MAY_REPEAT {
            let sentence = Plain::of(sentence);
            if self.said.iter().any(|said| Plain::of(said).holds(&sentence)) {
                return Err(Breach::Repeats);
            }
        }
        Ok(())
    }
}
