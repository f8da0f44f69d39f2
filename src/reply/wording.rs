//! From pieces to words: which of the persona's lines say them.
//!
//! Input: pieces in order, the state, a seeded generator. Output: words and the keys of the lines used. Invariant: no
//! line that was said within the last [`APART`] replies is said again; a piece without a fresh line falls away.

use fastrand::Rng;

use super::Step;
use super::intent::Intent;
use super::piece::Piece;
use crate::character::{APART, State};
use crate::persona::Persona;

/// Pieces put into words.
#[derive(Clone, Debug, Default)]
pub(super) struct Worded {
    /// The words.
    pub(super) text: String,
    /// What was meant, in the order of the words.
    pub(super) intents: Vec<Intent>,
    /// Keys of the lines used.
    pub(super) lines: Vec<String>,
    /// The pieces that found their words.
    pub(super) pieces: Vec<Piece>,
    /// The same, each with its line.
    pub(super) steps: Vec<Step>,
}

impl Worded {
    /// Adds a piece, if one of its lines is fresh; tells whether it did.
    pub(super) fn add(&mut self, persona: &Persona, state: &State, tense: bool, piece: Piece, rng: &mut Rng) -> bool {
        let lists = piece.lists(persona, state, tense);
        let Some(line) = choose(state, &self.lines, &self.text, &lists, rng) else { return false };
        self.lines.push(format!("{}#{}", piece.family(persona), hash(line)));
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line);
        let intent = piece.intent();
        if !self.intents.contains(&intent) {
            self.intents.push(intent);
        }
        let tells = if let Piece::Fact(id, _) = &piece { Some(id.clone()) } else { None };
        self.steps.push(Step { intent, tells, line: line.to_owned() });
        self.pieces.push(piece);
        true
    }
}

/// A fresh line of the first list that has one: never said before rather than long ago, and not beginning with
/// the word that the reply began with.
pub(super) fn choose<'p>(
    state: &State,
    used_now: &[String],
    said_now: &str,
    lists: &[&'p [String]],
    rng: &mut Rng,
) -> Option<&'p str> {
    lists.iter().find_map(|list| {
        let fresh: Vec<(&str, u32)> = list
            .iter()
            .map(String::as_str)
            .filter_map(|line| {
                let key = hash(line);
                let here = used_now.iter().any(|used| used.ends_with(&key));
                let since = state.words_since(&key).unwrap_or(u32::MAX);
                (!here && since > APART).then_some((line, since))
            })
            .collect();
        let oldest = fresh.iter().map(|(_, since)| *since).max()?;
        let best: Vec<&str> = fresh.iter().filter(|(_, since)| *since == oldest).map(|(line, _)| *line).collect();
        let varied: Vec<&str> = best.iter().copied().filter(|line| first_word(line) != first_word(said_now)).collect();
        rng.choice(if varied.is_empty() { best } else { varied })
    })
}

fn first_word(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default().to_lowercase()
}

/// Eight hexadecimal digits that stand for a line (FNV-1a over its letters and digits, case aside): the same words
/// are the same line, whichever list holds them and whatever is edited around them.
pub(super) fn hash(line: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for c in line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    format!("{hash:08x}")
}
