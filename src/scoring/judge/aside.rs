//! What of a transcript may be quoted: the trainee's words to the person, without those to the machine.
//!
//! Input: a transcript. Output: for each turn of the trainee its words and the places in them that are aside. Invariant:
//! words said to whatever plays or judges are neither shown to a model nor quoted from its answer.

use std::borrow::Cow;
use std::ops::Range;

use crate::hearing::aside::{asides, veiled};
use crate::transcript::Transcript;

/// Stands for words said to the machine.
const VEIL: &str = "(paroles hors de l'échange)";

/// The words that may be quoted, by turn.
pub(super) struct Quotable<'t> {
    turns: Vec<Option<Said<'t>>>,
}

/// A turn's words.
pub(super) struct Said<'t> {
    pub(super) text: &'t str,
    /// Bytes of what is not said to the person.
    pub(super) asides: Vec<Range<usize>>,
}

impl<'t> Quotable<'t> {
    pub(super) fn of(transcript: &'t Transcript) -> Quotable<'t> {
        let turns = transcript.turns.iter().map(|turn| {
            let quotable = turn.is_trainee() && !turn.text.is_empty();
            let asides = |text: &str| asides(text).into_iter().map(|aside| aside.bytes).collect();
            quotable.then(|| Said { text: &turn.text, asides: asides(&turn.text) })
        });
        Quotable { turns: turns.collect() }
    }

    /// The words of a turn; `None` unless the trainee speaks there.
    pub(super) fn turn(&self, at: usize) -> Option<&Said<'t>> {
        self.turns.get(at)?.as_ref()
    }

    /// Every turn in which the trainee speaks.
    pub(super) fn turns(&self) -> impl Iterator<Item = (usize, &Said<'t>)> {
        self.turns.iter().enumerate().filter_map(|(at, said)| Some((at, said.as_ref()?)))
    }
}

/// The words as a model may read them.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    veiled(text, VEIL)
}
