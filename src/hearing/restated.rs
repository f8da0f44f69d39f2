//! What the trainee says back: facts told, rightly or not, and the other's own words.
//!
//! Input: the turn's text, the persona's [`Ears`], what was told before. Output: [`Restated`] facts, echoes and
//! reformulations. Invariant: only a told fact can be said back; a figure of the situation's own units that the
//! situation does not hold is an error.

use std::collections::HashSet;

use crate::act::Act;
use crate::language::{Text, content, quantities};

use super::Context;
use super::acts::Doing;
use super::ears::Ears;
use super::heard::Restated;

/// Facts said back.
pub(super) fn find(text: &Text, ears: &Ears, context: &Context<'_>) -> Vec<Restated> {
    let mut restated: Vec<Restated> = Vec::new();
    let wrong: Vec<(String, std::ops::Range<usize>)> = quantities(text)
        .into_iter()
        .filter(|quantity| !quantity.unit.is_empty())
        .filter(|quantity| !ears.known.contains(&(quantity.unit.clone(), quantity.hundredths)))
        .filter(|quantity| is_past_or_size(&quantity.unit, text, &quantity.words))
        .filter_map(|quantity| {
            let facts = ears.measured.get(&quantity.unit).cloned().unwrap_or_default();
            let words = quantity.words;
            facts.into_iter().find(|fact| context.told.contains(fact)).map(|fact| (fact, words))
        })
        .collect();
    for (id, words) in wrong {
        if !restated.iter().any(|other| other.id == id) {
            restated.push(Restated { id, right: false, quote: text.quote(&words).to_owned() });
        }
    }
    for found in ears.restated.find(text) {
        let known = context.told.contains(&found.label);
        if known && !restated.iter().any(|other| other.id == found.label) {
            restated.push(Restated { id: found.label, right: true, quote: text.quote(&found.words).to_owned() });
        }
    }
    restated
}

/// A figure that can contradict: not the hour or the day of a follow-up (« d'ici deux jours »).
fn is_past_or_size(unit: &str, text: &Text, words: &std::ops::Range<usize>) -> bool {
    if !matches!(unit, "heur" | "jour" | "minut" | "semain" | "moi" | "an" | "anne" | "soir" | "nuit" | "foi") {
        return unit != "euro" || text.tokens().len() > 2;
    }
    let before = &text.tokens()[words.start.saturating_sub(3)..words.start];
    // « depuis quatre semaines », « pendant trois mois », « ça fait deux ans ».
    before
        .iter()
        .any(|token| matches!(token.form.as_str(), "depuis" | "pendant" | "fait" | "durent" | "dure" | "apres"))
        && !before.iter().any(|token| matches!(token.form.as_str(), "sous" | "dans" | "avant" | "ici" | "d"))
}

/// The other's own words taken up: two content words, or a quantity, of what was just said.
pub(super) fn echoes(text: &Text, context: &Context<'_>) -> Vec<Doing> {
    let Some(last) = context.last_words else { return Vec::new() };
    let last = Text::read(last);
    let said: HashSet<&str> = content(last.tokens()).map(|token| token.stem.as_str()).collect();
    let said_quantities: HashSet<(u64, String)> =
        quantities(&last).into_iter().map(|quantity| (quantity.hundredths, quantity.unit)).collect();
    let mine = quantities(text);
    text.sentences()
        .iter()
        .filter(|sentence| {
            let words = &text.tokens()[sentence.words.clone()];
            let shared: HashSet<&str> =
                content(words).map(|token| token.stem.as_str()).filter(|stem| said.contains(stem)).collect();
            let counted = mine.iter().any(|quantity| {
                sentence.words.contains(&quantity.words.start)
                    && said_quantities.contains(&(quantity.hundredths, quantity.unit.clone()))
            });
            shared.len() >= 2 || (counted && !shared.is_empty())
        })
        .map(|sentence| Doing { act: Act::Echo, words: sentence.words.clone() })
        .collect()
}

/// Facts said back reformulate, whatever the opening words: two with a request for confirmation, or one after
/// « donc », « alors ».
pub(super) fn reformulates(text: &Text, doings: &[Doing], restated: &[Restated]) -> Option<Doing> {
    let has = |act: Act| doings.iter().any(|doing| doing.act == act);
    if has(Act::Reformulation) || restated.is_empty() {
        return None;
    }
    let tokens = text.tokens();
    let concludes = text.sentences().iter().find(|sentence| {
        let opens = tokens[sentence.words.clone()].iter().take(3).any(|token| token.form == "donc");
        let quoted =
            restated.iter().filter(|fact| text.original()[sentence.bytes.clone()].contains(&fact.quote)).count();
        opens && (quoted >= 2 || (quoted >= 1 && (has(Act::Validation) || sentence.asks)))
    });
    let confirmed = restated.len() >= 2 && has(Act::Validation);
    let words = concludes.map(|sentence| sentence.words.clone()).or_else(|| confirmed.then_some(0..tokens.len()))?;
    Some(Doing { act: Act::Reformulation, words })
}
