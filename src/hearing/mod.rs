//! From an utterance to what it did: acts, facts asked for and said back, services, rules, steps, traps.
//!
//! Input: an [`Utterance`], the [`Ears`] of the persona and the [`Context`] of the turn. Output: [`Heard`].
//! Invariant: pure; every quote is a verbatim piece of the utterance.

mod acts;
pub mod aside;
mod asked;
mod ears;
mod heard;
mod question;
mod restated;
mod said;
mod topics;

use std::collections::BTreeSet;

pub use ears::Ears;
pub use heard::{Heard, Quote, Recognised, Restated, Shown, TopicAsked};

use acts::Doing;

use crate::act::Act;
use crate::language::Text;
use crate::utterance::Utterance;

/// What came before the turn.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// How many turns the trainee had before.
    pub trainee_turns: usize,
    /// The character's last words, if it has spoken.
    pub last_words: Option<&'a str>,
    /// Facts told so far.
    pub told: &'a BTreeSet<String>,
    /// Whether these words cut the character's short.
    pub cuts_in: bool,
}

/// Cutting in is told by when the words came, not by which they are: the first of them show it.
fn interrupts(text: &Text, context: &Context<'_>) -> Option<Doing> {
    const SHOWN: usize = 8;
    let first = text.sentences().first().map_or(0, |sentence| sentence.words.end);
    (context.cuts_in && first > 0).then(|| Doing { act: Act::Interruption, words: 0..first.min(SHOWN) })
}

/// Hears one utterance: what of it is said to the person.
pub fn hear(utterance: &Utterance, ears: &Ears, context: &Context<'_>) -> Heard {
    let (asides, text) = aside::read(utterance.text());
    let stretches = question::stretches(&text);
    let mut doings = acts::settle(&text, acts::propose(&text));
    // « Qu'est-ce que vous retenez ? » asks for what was said here, not for a fact of the situation.
    let checked: Vec<_> = doings.iter().filter(|doing| doing.act == Act::ComprehensionCheck).collect();
    let open: Vec<_> = stretches
        .iter()
        .filter(|stretch| !checked.iter().any(|check| stretch.words.contains(&check.words.start)))
        .cloned()
        .collect();
    let asked = asked::find(&text, &open, ears);
    let restated = restated::find(&text, ears, context);
    doings.extend(restated::echoes(&text, context));
    doings.extend(restated::reformulates(&text, &doings, &restated));
    doings.sort_by_key(|doing| doing.words.start);
    doings.extend(interrupts(&text, context));
    let said = said::find(&text, &stretches, ears);
    let services = ears
        .services
        .find(&text)
        .into_iter()
        .map(|found| Recognised { id: found.label, quote: text.quote(&found.words).to_owned() })
        .fold(Vec::new(), |mut services: Vec<Recognised>, service| {
            if !services.iter().any(|other| other.id == service.id) {
                services.push(service);
            }
            services
        });
    let shown =
        doings.iter().map(|doing| Shown { act: doing.act, quote: text.quote(&doing.words).to_owned() }).collect();
    Heard {
        asks_to_repeat: said::asks_to_repeat(&text),
        questions: u8::try_from(question::asked_at(&text).len()).unwrap_or(u8::MAX),
        words: u16::try_from(text.tokens().len()).unwrap_or(u16::MAX),
        acts: shown,
        asked: asked.facts,
        topics: asked.topics,
        unknown_question: asked.unknown,
        services,
        restated,
        asides: asides.into_iter().map(|aside| utterance.text()[aside.bytes].to_owned()).collect(),
        ..said
    }
}
