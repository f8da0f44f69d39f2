//! Which facts and topics a turn asks for.
//!
//! Input: the turn's text and the persona's [`Ears`]. Output: fact ids and topics, best match first, each with
//! the words that ask. Invariant: one stretch of words asks for one thing, its best match.

use crate::language::Text;

use super::ears::{Ears, Wanted};
use super::heard::{Recognised, TopicAsked};
use super::question::{Asks, Stretch};

/// How like a known question words must be to count as asking it, by how surely they ask.
const fn threshold(asks: Asks) -> f32 {
    match asks {
        Asks::Yes => 0.24,
        Asks::Indirectly => 0.33,
        Asks::Perhaps => 0.5,
        Asks::No => f32::INFINITY,
    }
}

/// A plain question outranks a likeness found in a statement beside it.
const fn certainty(asks: Asks) -> f32 {
    match asks {
        Asks::Yes => 0.3,
        Asks::Indirectly => 0.2,
        Asks::Perhaps | Asks::No => 0.0,
    }
}

/// What a turn asks for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) facts: Vec<Recognised>,
    pub(super) topics: Vec<TopicAsked>,
    /// A question that nothing known answers.
    pub(super) unknown: bool,
}

/// Finds what the stretches ask for.
pub(super) fn find(text: &Text, stretches: &[Stretch], ears: &Ears) -> Asked {
    // Best score and words per wanted thing.
    let mut best: Vec<Option<(f32, &Stretch)>> = vec![None; ears.wanted.len()];
    let mut unknown = false;
    for stretch in stretches {
        let likenesses = ears.questions.compare(text, &stretch.words);
        // Between a fact and a general topic that fit alike, the question is about the matter in hand.
        let weight = |label: usize| if matches!(ears.wanted[label], Wanted::Fact(_)) { 1.0 } else { 0.82 };
        let first =
            likenesses.iter().max_by(|a, b| (a.score * weight(a.label)).total_cmp(&(b.score * weight(b.label))));
        let Some(first) = first else {
            unknown |= stretch.asks == Asks::Yes;
            continue;
        };
        if first.score < threshold(stretch.asks) {
            unknown |= stretch.asks == Asks::Yes;
            continue;
        }
        let score = first.score * weight(first.label) + certainty(stretch.asks);
        if best[first.label].is_none_or(|(best, _)| score > best) {
            best[first.label] = Some((score, stretch));
        }
    }
    let mut ranked: Vec<(f32, &Stretch, &Wanted)> = best
        .iter()
        .zip(&ears.wanted)
        .filter_map(|(best, wanted)| best.map(|(score, stretch)| (score, stretch, wanted)))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut asked = Asked::default();
    // Overlapping stretches (a clause and its sentence) ask once: the better match wins.
    let mut taken: Vec<&Stretch> = Vec::new();
    for (_, stretch, wanted) in ranked {
        let overlaps =
            |other: &&Stretch| stretch.words.start < other.words.end && other.words.start < stretch.words.end;
        if taken.iter().any(overlaps) {
            continue;
        }
        taken.push(stretch);
        let quote = text.quote(&stretch.words).to_owned();
        match wanted {
            Wanted::Fact(id) => asked.facts.push(Recognised { id: id.clone(), quote }),
            Wanted::Topic(topic) => asked.topics.push(TopicAsked { topic: *topic, quote }),
            Wanted::Nothing => {}
        }
    }
    asked.unknown = unknown && asked.facts.is_empty() && asked.topics.is_empty() && taken.is_empty();
    asked
}
