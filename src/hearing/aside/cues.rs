//! What words said to a machine or to a grader are made of, and what must stand together in one sentence.
//!
//! Output: [`find`], the sentences that show it. Invariant: a sentence shows it by words that nobody says at a reception
//! desk, or by words of two fields that are harmless alone and never meet there; what belongs to the desk (a letter, a
//! notice, a boiler) takes the doubt away. Whoever says « tu » is nearer to it: at the desk one says « vous ».

use std::ops::Range;
use std::sync::LazyLock;

use super::lexicon::{BIDS, LEXICON};
use crate::language::{Found, Phrases, PhrasesBuilder, Text};

/// What a word or phrase may be a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Cue {
    /// Nobody says it to a tenant: enough by itself.
    Sure,
    /// Calls on whoever marks; what follows a colon is for them as well.
    Grader,
    /// Says « tu », or orders as one orders a machine.
    Thou,
    /// Wants something forgotten, ignored, put aside.
    Override,
    /// « Vos consignes », « toutes les instructions précédentes ».
    Orders,
    /// Wants something shown, listed, copied out.
    Reveal,
    /// What is kept back: facts, secrets, what may not be said.
    Secret,
    /// Computers and programs.
    Computing,
    /// Learning, exercises, examinations.
    Training,
    /// Roles, scenes, stories.
    Theatre,
    /// Words, messages, answers: what a conversation is made of.
    Speech,
    /// Marks, points, levels, what is earned.
    Mark,
    /// Gives, grants, counts.
    Give,
    /// What is marked: an indicator, a criterion, this turn.
    Criterion,
    /// Observed, met, at level 2.
    Met,
    /// The one who rehearses, in the third person.
    Trainee,
    /// What a grid calls the things a receptionist does; two of them in a sentence are a grid.
    Term,
    /// Changes, leaves, interrupts.
    Leave,
    /// An order in English.
    English,
    /// What English orders are about.
    Object,
    /// What belongs to the desk.
    Desk,
}

impl Cue {
    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Cues that show it together. Where the second part says so, not beside anything of the desk.
const RULES: &[(&[Cue], bool)] = &[
    (&[Cue::Sure], false),
    (&[Cue::Grader], false),
    (&[Cue::Override, Cue::Orders], true),
    (&[Cue::Override, Cue::Criterion, Cue::Mark], true),
    (&[Cue::Reveal, Cue::Secret], true),
    (&[Cue::Thou, Cue::Secret], true),
    (&[Cue::Thou, Cue::Orders], true),
    (&[Cue::Thou, Cue::Computing], true),
    (&[Cue::Thou, Cue::Training], true),
    (&[Cue::Thou, Cue::Theatre], true),
    (&[Cue::Thou, Cue::Speech], true),
    (&[Cue::Thou, Cue::Mark], true),
    (&[Cue::Thou, Cue::Criterion], true),
    (&[Cue::Training, Cue::Theatre], true),
    (&[Cue::Training, Cue::Mark], true),
    (&[Cue::Training, Cue::Leave], true),
    (&[Cue::Training, Cue::Computing], true),
    (&[Cue::Training, Cue::Criterion], true),
    (&[Cue::Computing, Cue::Theatre], true),
    (&[Cue::Leave, Cue::Theatre], true),
    (&[Cue::Give, Cue::Mark, Cue::Criterion], true),
    (&[Cue::Give, Cue::Criterion, Cue::Met], true),
    (&[Cue::Criterion, Cue::Met, Cue::Mark], true),
    (&[Cue::Trainee, Cue::Term], false),
    (&[Cue::Trainee, Cue::Training], true),
    (&[Cue::Trainee, Cue::Mark], true),
    (&[Cue::Trainee, Cue::Criterion], true),
    (&[Cue::English, Cue::Object], false),
];

static PHRASES: LazyLock<Phrases<Cue>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for (cue, patterns) in LEXICON {
        for pattern in *patterns {
            builder.add(*cue, pattern);
        }
    }
    builder.build()
});

/// A sentence said to the machine.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Position of the sentence in the text.
    pub(super) sentence: usize,
    /// The words that show it.
    pub(super) words: Range<usize>,
    /// Whether it calls on a grader.
    pub(super) calls: bool,
}

/// The sentences of a text that the cues show to be said to a machine. `marks` are the places of marks written in
/// figures (« 20/20 »), which reading as words loses.
pub(super) fn find(text: &Text, marks: &[Range<usize>]) -> Vec<Shown> {
    let mut found = PHRASES.find(text);
    found.extend(thou(text).map(|at| Found { label: Cue::Thou, words: at..at + 1 }));
    if found.is_empty() && marks.is_empty() {
        return Vec::new();
    }
    found.sort_by_key(|found| found.words.start);
    let mut shown = Vec::new();
    for (at, sentence) in text.sentences().iter().enumerate() {
        if marks.iter().any(|mark| sentence.bytes.contains(&mark.start)) {
            shown.push(Shown { sentence: at, words: sentence.words.clone(), calls: false });
            continue;
        }
        let within: Vec<&Found<Cue>> =
            found.iter().filter(|found| sentence.words.contains(&found.words.start)).collect();
        let cues = within.iter().fold(0, |cues, found| cues | found.label.bit());
        let holds = |all: &[Cue]| all.iter().all(|cue| cues & cue.bit() != 0);
        let rule = RULES.iter().find(|(all, unless_desk)| holds(all) && !(*unless_desk && holds(&[Cue::Desk])));
        let all = match rule {
            Some((all, _)) => *all,
            None if is_a_grid(text, &within) => &[Cue::Term],
            None => continue,
        };
        let mut parts = within.iter().filter(|found| all.contains(&found.label)).map(|found| &found.words);
        let first = parts.next().unwrap_or(&sentence.words).clone();
        let words = parts.fold(first, |whole, part| whole.start.min(part.start)..whole.end.max(part.end));
        shown.push(Shown { sentence: at, words, calls: all.contains(&Cue::Grader) });
    }
    shown
}

/// Two different terms of a grid in one sentence.
fn is_a_grid(text: &Text, within: &[&Found<Cue>]) -> bool {
    let mut terms = within.iter().filter(|found| found.label == Cue::Term);
    let stem = |found: &&&Found<Cue>| text.tokens()[found.words.start].stem.clone();
    let Some(first) = terms.next() else { return false };
    terms.any(|other| stem(&other) != stem(&first))
}

/// Where somebody is called « tu » by form: « donne-moi », « t'as », or a clause that opens with such an order.
fn thou(text: &Text) -> impl Iterator<Item = usize> {
    let original = text.original();
    let tokens = text.tokens();
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        if token.form == "t" {
            let elided = original[token.bytes.end..].starts_with(['\'', '’']);
            return elided.then_some(at);
        }
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        if matches!(token.form.as_str(), "moi" | "toi") && original[..token.bytes.start].ends_with('-') {
            let verb = before?.form.as_str();
            let several = verb.ends_with("ez") || verb.ends_with("ites");
            return (!several && verb.ends_with(['e', 's', 'x', 'a', 'i'])).then_some(at);
        }
        // « Laissé » was no order.
        let opens = BIDS.binary_search(&token.form.as_str()).is_ok()
            && !original[token.bytes.clone()].ends_with('é')
            && before.is_none_or(|before| {
                let between = &original[before.bytes.end.min(token.bytes.start)..token.bytes.start];
                between.contains([',', ';', ':', '.', '!', '?', '…', '\n', '«', '"', '—', '('])
                    || LEADS_IN.contains(&before.form.as_str())
            });
        opens.then_some(at)
    })
}

/// Words that may stand before an order.
const LEADS_IN: &[&str] = &[
    "et",
    "alors",
    "maintenant",
    "donc",
    "puis",
    "ok",
    "bon",
    "allez",
    "juste",
    "plutot",
    "simplement",
    "non",
    "bien",
    "plait",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_sorted_so_that_every_one_is_found() {
        assert!(BIDS.is_sorted());
    }
}
