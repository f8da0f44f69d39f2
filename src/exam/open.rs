//! What an open answer holds of what is expected: a proposal, never a mark.
//!
//! Input: an open question and the words of the answer. Output: for each expected element, the words that may tell it.
//! Invariant: quotes stand word for word in the answer.

use crate::language::{PhrasesBuilder, Text};
use crate::rubric::booklet::Question;

/// An expected element, and the sentence that may tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// What is expected, in French.
    pub expected: String,
    /// The sentence of the answer in which words of it stand; `None`: not found.
    pub quote: Option<String>,
}

/// What makes a pattern of words.
const OPERATORS: [char; 9] = ['|', '*', '[', ']', '(', ')', '=', '!', '^'];

/// Looks for every expected element.
pub fn proposal(question: &Question, words: &str) -> Vec<Sign> {
    let text = Text::read(words);
    let mut phrases = PhrasesBuilder::new();
    for (label, element) in question.expects.iter().enumerate() {
        for pattern in &element.words {
            // Plain words are split as the answer is; a pattern is read as it stands.
            if pattern.contains(OPERATORS) {
                phrases.add(label, pattern);
            } else {
                phrases.add_words(label, pattern);
            }
        }
    }
    let found = phrases.build().find(&text);
    let quote = |label: usize| {
        let words = &found.iter().find(|found| found.label == label)?.words;
        let sentence = text.sentence_of(words.start).map_or(words, |sentence| &sentence.words);
        Some(text.quote(sentence).to_owned())
    };
    let elements = question.expects.iter().enumerate();
    elements.map(|(label, element)| Sign { expected: element.text.clone(), quote: quote(label) }).collect()
}
