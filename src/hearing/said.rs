//! What a turn says of the situation: rules, steps, traps, triggers, the need, the urgency, small talk.
//!
//! Input: the turn's text and the persona's [`Ears`]. Output: a [`Heard`] with these parts filled. Invariant: a
//! trap counts only where the words are more like falling into it than like avoiding it.

use std::sync::LazyLock;

use crate::language::{Phrases, PhrasesBuilder, Text};

use super::ears::{Ears, Said};
use super::heard::{Heard, Recognised};
use super::question::{Asks, Stretch};

/// How like an example words must be.
const fn threshold(said: &Said) -> f32 {
    match said {
        Said::Rule(_) | Said::Step(_) | Said::Avoided(_) | Said::Need | Said::Urgency => 0.36,
        Said::Trap(_) => 0.44,
        Said::WrongRule(_) | Said::SmallTalk(_) => 0.5,
        Said::Trigger(_) => 0.52,
        Said::Anything => f32::INFINITY,
    }
}

/// A question does, needs or hastens something only where it is plain: « L'eau est près d'une lampe ? » does nothing.
const fn doubt(said: &Said, asks: Asks) -> f32 {
    match (said, asks) {
        (Said::Step(_) | Said::Need | Said::Urgency, Asks::Yes) => 0.1,
        _ => 0.0,
    }
}

/// How many content words of one example must be there: a lone common word is no proof.
fn words_shared(said: &Said, score: f32) -> u8 {
    match said {
        Said::Trap(_) | Said::WrongRule(_) | Said::Trigger(_) if score < 0.62 => 3,
        _ if score > 0.8 => 1,
        _ => 2,
    }
}

/// Finds what the stretches say.
pub(super) fn find(text: &Text, stretches: &[Stretch], ears: &Ears) -> Heard {
    let mut best: Vec<Option<(f32, &Stretch)>> = vec![None; ears.said.len()];
    for stretch in stretches {
        let likenesses = ears.statements.compare(text, &stretch.words);
        let anything = ears.said.len() - 1;
        let commonplace = likenesses.iter().find(|likeness| likeness.label == anything).map_or(0.0, |l| l.score);
        for likeness in &likenesses {
            let said = &ears.said[likeness.label];
            if likeness.score < threshold(said) + doubt(said, stretch.asks)
                || likeness.score < commonplace
                || likeness.shared < words_shared(said, likeness.score)
                || (is_statement(said) && may_ask(stretch))
            {
                continue;
            }
            let rival = rival(said).and_then(|rival| ears.said.iter().position(|other| *other == rival));
            let lost = rival.is_some_and(|rival| {
                likenesses.iter().any(|other| other.label == rival && other.score >= likeness.score)
            });
            if !lost && best[likeness.label].is_none_or(|(score, _)| likeness.score > score) {
                best[likeness.label] = Some((likeness.score, stretch));
            }
        }
    }
    let mut heard = Heard::default();
    let mut small_talk = 0.0;
    for (said, best) in ears.said.iter().zip(&best) {
        let Some((score, stretch)) = best else { continue };
        let quote = text.quote(&stretch.words).to_owned();
        let recognised = |id: &String| Recognised { id: id.clone(), quote: quote.clone() };
        match said {
            Said::Rule(id) => heard.rules.push(recognised(id)),
            Said::WrongRule(id) => heard.wrong_rules.push(recognised(id)),
            Said::Step(id) => heard.steps.push(recognised(id)),
            Said::Trap(id) => heard.traps.push(recognised(id)),
            Said::Avoided(id) => heard.avoided.push(recognised(id)),
            Said::Trigger(id) => heard.triggers.push(recognised(id)),
            Said::Need => heard.need = Some(quote),
            Said::Urgency => heard.urgency = Some(quote),
            Said::SmallTalk(index) if *score > small_talk => {
                small_talk = *score;
                heard.small_talk = Some(*index);
            }
            Said::SmallTalk(_) | Said::Anything => {}
        }
    }
    // Fallen into in one sentence, avoided in the next: the fault was made all the same, so both stay.
    heard
}

/// A question, or a few words that may be one: « vous êtes dans l'immeuble là ».
fn may_ask(stretch: &Stretch) -> bool {
    const FEW: usize = 7;
    stretch.asks == Asks::Yes || (stretch.asks == Asks::Perhaps && stretch.words.len() < FEW)
}

/// Whether a question cannot be it: one does not state a rule by asking.
const fn is_statement(said: &Said) -> bool {
    matches!(said, Said::Rule(_) | Said::WrongRule(_))
}

/// What the same words could be instead.
fn rival(said: &Said) -> Option<Said> {
    match said {
        Said::Trap(id) => Some(Said::Avoided(id.clone())),
        Said::Avoided(id) => Some(Said::Trap(id.clone())),
        Said::WrongRule(id) => Some(Said::Rule(id.clone())),
        Said::Rule(id) => Some(Said::WrongRule(id.clone())),
        _ => None,
    }
}

/// « Pardon ? », « vous pouvez répéter ? ».
pub(super) fn asks_to_repeat(text: &Text) -> bool {
    static AGAIN: LazyLock<Phrases<()>> = LazyLock::new(|| {
        let mut builder = PhrasesBuilder::new();
        for pattern in [
            "^ pardon $",
            "^ comment $",
            "repeter",
            "repetez",
            "redites|redire",
            "vous disiez",
            "vous avez dit (quoi|comment)",
            "je n ai pas (bien) [entendu|compris|saisi]",
            "j ai pas (bien) [entendu|compris|saisi]",
            "je (ne) vous entends [pas|mal]",
        ] {
            builder.add((), pattern);
        }
        builder.build()
    });
    text.tokens().len() <= 14 && !AGAIN.find(text).is_empty()
}
