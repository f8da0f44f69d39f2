//! The acts a turn does: one file per family of acts, each a lexicon of patterns under one signature.
//!
//! Input: a [`Text`]. Output: acts with the words that show them, in the order of the words. A lexicon proposes;
//! [`settle`] then weighs what stands together: a mechanical « d'accord », a term explained in the same breath,
//! a promise that is a reserve. Invariant: each act once per place; quotes are verbatim.

mod acting;
mod asking;
mod care;
mod conflict;
mod courtesy;
mod explaining;
mod listening;
mod settle;
mod understanding;

use std::ops::Range;
use std::sync::LazyLock;

use crate::act::Act;
use crate::language::{Found, Phrases, PhrasesBuilder, Text};

pub(super) use settle::settle;

/// The patterns of a family of acts.
type Family = &'static [(Act, &'static [&'static str])];

/// Every family. A new one is a file and a line here.
const FAMILIES: &[Family] = &[
    courtesy::FAMILY,
    listening::FAMILY,
    asking::FAMILY,
    understanding::FAMILY,
    explaining::FAMILY,
    conflict::FAMILY,
    care::FAMILY,
    acting::FAMILY,
];

static LEXICON: LazyLock<Phrases<Act>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for (act, patterns) in FAMILIES.iter().copied().flatten() {
        for pattern in *patterns {
            builder.add(*act, pattern);
        }
    }
    builder.build()
});

static TERMS: LazyLock<Phrases<&'static str>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for term in explaining::TERMS {
        if term.starts_with('=') {
            builder.add(*term, term);
        } else {
            builder.add_words(*term, term);
        }
    }
    builder.build()
});

/// An act proposed for some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doing {
    pub(super) act: Act,
    pub(super) words: Range<usize>,
}

/// What the lexicons propose.
pub(super) fn propose(text: &Text) -> Vec<Doing> {
    LEXICON.find(text).into_iter().map(|Found { label, words }| Doing { act: label, words }).collect()
}

/// The trade terms in a text.
pub(super) fn terms(text: &Text) -> Vec<Found<&'static str>> {
    TERMS.find(text)
}
