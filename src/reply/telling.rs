//! A reply being told as a model words it: sentence by sentence, each held against the guard before it is said.
//!
//! Input: what comes of the model's words. Output: sentences to say, or why one may not be said. Invariant: whatever the
//! model does, [`Telling::reply`] gives a reply that says what was decided: its change is the plan's, and every fact the
//! plan tells stands in its words.

use std::collections::BTreeSet;

use super::guard::{Allowed, Bounds, Breach, LONGEST_REPLY, LONGEST_SENTENCE, clean};
use super::{Reply, Step};
use crate::hearing::Ears;
use crate::language::{Text, sentences};
use crate::persona::Persona;

/// More than this without the end of a sentence is no speech.
const LONGEST_BUFFER: usize = 3 * LONGEST_SENTENCE;
/// Sentences in one reply, beyond which people are stopped.
const MOST_SENTENCES: usize = 6;

/// What a reply is held against.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The persona.
    pub persona: &'a Persona,
    /// What it recognises when the character tells it.
    pub ears: &'a Ears,
    /// Its figures and names.
    pub bounds: &'a Bounds,
    /// Facts told before or by this reply.
    pub facts: &'a BTreeSet<String>,
    /// All that was said so far.
    pub heard: &'a [&'a str],
    /// The character's last replies.
    pub said: &'a [&'a str],
}

/// A reply being told.
#[derive(Debug)]
pub struct Telling<'a> {
    check: Check<'a>,
    plan: &'a Reply,
    /// What may be said, and was handed out.
    told: Vec<String>,
    /// What came and is not yet a sentence.
    buffer: String,
    /// Long enough: what still comes is let go.
    full: bool,
}

impl<'a> Telling<'a> {
    /// Nothing said yet, or what was said before a stop.
    pub fn new(check: Check<'a>, plan: &'a Reply, told: Vec<String>) -> Telling<'a> {
        Telling { check, plan, told, buffer: String::new(), full: false }
    }

    /// Takes words of the model; gives the sentences that may now be said. After a breach nothing of what waits is left.
    pub fn push(&mut self, words: &str) -> Taken {
        self.buffer.push_str(words);
        let last = sentences(&self.buffer).last().map_or(0, |last| last.len());
        if last > LONGEST_BUFFER {
            self.buffer.clear();
            return Taken { told: Vec::new(), breach: (!self.full).then_some(Breach::TooLong) };
        }
        let rest = self.buffer.split_off(self.buffer.len() - last);
        let ready = std::mem::replace(&mut self.buffer, rest);
        self.take(&ready)
    }

    /// The model has said all; gives what is left.
    pub fn end(&mut self) -> Taken {
        let rest = std::mem::take(&mut self.buffer);
        self.take(&rest)
    }

    /// Whether enough was said: what still comes would be let go.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Whether anything was said.
    pub fn has_begun(&self) -> bool {
        !self.told.is_empty()
    }

    /// What was said so far.
    pub fn said(&self) -> String {
        self.told.join(" ")
    }

    fn take(&mut self, ready: &str) -> Taken {
        let mut told = Vec::new();
        for sentence in sentences(ready) {
            let sentence = clean(sentence, &self.check.persona.file().caller.name);
            if self.full || !sentence.chars().any(char::is_alphanumeric) {
                continue;
            }
            let Check { persona, bounds, facts, heard, said, .. } = self.check;
            if let Err(breach) = (Allowed { persona, bounds, facts, heard, said }).check(&sentence) {
                // What was whole and good before the bad sentence began is said.
                self.buffer.clear();
                return Taken { told, breach: Some(breach) };
            }
            let length: usize = self.told.iter().map(|told| told.chars().count() + 1).sum();
            let too_much = length + sentence.chars().count() > LONGEST_REPLY || self.told.len() >= MOST_SENTENCES;
            if too_much && self.has_begun() {
                self.full = true;
                continue;
            }
            self.told.push(sentence.clone());
            told.push(sentence);
        }
        Taken { told, breach: None }
    }

    /// The reply: what was said, and what must still be.
    pub fn reply(&self) -> Reply {
        complete(self.check.ears, self.plan, &self.told, self.check.facts)
    }
}

/// A reply that begins with what was said already, and goes on with the persona's own lines: with all of them before the
/// first word, afterwards with those that tell facts which the words so far do not tell. A fact that the words tell and that
/// neither the plan nor the conversation (`before`) knows as told is told by them: the plan may be another one by now.
pub fn complete(ears: &Ears, plan: &Reply, said: &[String], before: &BTreeSet<String>) -> Reply {
    if said.is_empty() {
        return plan.clone();
    }
    let told = ears.told_by(&Text::read(&said.join(" ")));
    let missing = |step: &&Step| {
        // A line in which the fact cannot be recognised cannot be missed either.
        let recognised = |id: &String| ears.told_by(&Text::read(&step.line)).contains(id);
        step.tells.as_ref().is_some_and(|id| !told.contains(id) && recognised(id))
    };
    let rest = plan.steps.iter().filter(missing).map(|step| &step.line);
    let text = said.iter().chain(rest).map(String::as_str).collect::<Vec<_>>().join(" ");
    let mut reply = Reply { text, ..plan.clone() };
    let unknown = told.into_iter().filter(|id| !before.contains(id) && !plan.change.told.contains(id));
    reply.change.told.extend(unknown);
    reply.change.withheld.retain(|id| !reply.change.told.contains(id));
    reply
}

/// What became of some of the model's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Sentences that may be said.
    pub told: Vec<String>,
    /// Why the next one may not.
    pub breach: Option<Breach>,
}
