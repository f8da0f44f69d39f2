//! The figures, dates and names a character may give: those of its file that may be told, and those already said.
//!
//! Input: a persona, once. Output: whether a sentence gives another. Invariant: whatever stands in a line that may be
//! said now is known; « deux minutes » and « dix fois » are ways of speaking.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::{Text, fold, quantities};
use crate::organisation::Organisation;
use crate::persona::{Answer, FactEntry, Persona, Says};

/// Words written with a capital anywhere, and days that pin nothing of the situation down.
const ALWAYS: &[&str] = &[
    "madame",
    "monsieur",
    "mademoiselle",
    "mesdames",
    "messieurs",
    "mme",
    "mlle",
    "mr",
    "dieu",
    "seigneur",
    "internet",
    "hlm",
    "caf",
    "sms",
    "ok",
    "noel",
    "france",
    "francais",
    "etat",
    "maman",
    "papa",
    "wifi",
    "tele",
    "ah",
    "oh",
    "eh",
];

/// Days and months: naming one dates something.
const CALENDAR: &[&str] = &[
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "janvier",
    "fevrier",
    "avril",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "hier",
];

/// Titles after which the point ends nothing and a name follows.
const TITLES: &[&str] = &["m", "mr", "mme", "mlle", "dr", "me"];

/// What is known: quantities with their unit, and words.
#[derive(Debug, Default)]
struct Known {
    figures: BTreeSet<(String, u64)>,
    words: BTreeSet<String>,
}

impl Known {
    fn add(&mut self, text: &str) {
        self.figures.extend(figures(&Text::read(text)));
        self.words.extend(words(text).map(|(_, word)| fold(word)));
    }
}

/// The figures and names of one persona. Build once per version; shared by all its conversations.
#[derive(Debug)]
pub struct Bounds {
    /// In lines that may come at any time.
    common: Known,
    /// In the words of each fact.
    facts: BTreeMap<String, Known>,
}

impl Bounds {
    /// Makes ready.
    pub fn new(persona: &Persona, organisation: &Organisation) -> Bounds {
        let file = persona.file();
        let mut common = Known::default();
        common.words.extend(ALWAYS.iter().map(|word| (*word).to_owned()));
        for text in [&file.opening, &file.scene, &file.caller.name, &file.caller.address_as, &file.caller.status] {
            common.add(text);
        }
        let reactions = file.reactions.values().map(|reaction| &reaction.says);
        let answers = file.identity.values().filter_map(|answer| match answer {
            Answer::Says(says) => Some(says),
            Answer::Fact { .. } => None,
        });
        let talk = file.small_talk.iter().map(|talk| &talk.says);
        let triggers = file.trigger.iter().map(|trigger| &trigger.says);
        reactions.chain(answers).chain(talk).chain(triggers).flat_map(Says::all).for_each(|line| common.add(line));
        let withheld = file.fact.iter().flat_map(|fact| &fact.withheld);
        file.lines.all().chain(&file.screen.lines).chain(withheld).for_each(|line| common.add(line));
        for service in organisation.services() {
            common.add(&service.nom);
            service.mots.iter().for_each(|words| common.add(words));
        }
        let facts = file.fact.iter().map(|fact| (fact.id.clone(), of_fact(fact))).collect();
        Bounds { common, facts }
    }

    /// Words of the sentence that give a figure, a date or a name which is not known.
    pub(super) fn invented(
        &self,
        sentence: &str,
        text: &Text,
        facts: &BTreeSet<String>,
        heard: &[&str],
    ) -> Option<String> {
        let open: Vec<&Known> =
            facts.iter().filter_map(|id| self.facts.get(id)).chain(std::iter::once(&self.common)).collect();
        let mut said: Option<Known> = None;
        let mut in_conversation = |known: &dyn Fn(&Known) -> bool| {
            known(said.get_or_insert_with(|| {
                let mut said = Known::default();
                for text in heard {
                    said.add(text);
                }
                said
            }))
        };
        for quantity in quantities(text) {
            let figure = (quantity.unit.clone(), quantity.hundredths);
            let is_known = |known: &Known| known.figures.contains(&figure);
            if !is_idiom(&figure) && !open.iter().any(|known| is_known(known)) && !in_conversation(&is_known) {
                let tokens = &text.tokens()[quantity.words.clone()];
                let bytes = tokens.first()?.bytes.start..tokens.last()?.bytes.end;
                return Some(sentence[bytes].to_owned());
            }
        }
        let unknown = names(sentence).into_iter().find(|name| {
            let folded = fold(name);
            let is_known = |known: &Known| known.words.contains(&folded);
            !open.iter().any(|known| is_known(known)) && !in_conversation(&is_known)
        });
        unknown.map(str::to_owned)
    }
}

fn of_fact(fact: &FactEntry) -> Known {
    let mut known = Known::default();
    let own = fact.again.iter().chain(&fact.marks).chain(&fact.restated_by);
    std::iter::once(&fact.text).chain(fact.says.all()).chain(own).for_each(|line| known.add(line));
    known
}

fn figures(text: &Text) -> impl Iterator<Item = (String, u64)> {
    quantities(text).into_iter().map(|quantity| (quantity.unit, quantity.hundredths))
}

/// « Deux minutes », « mille fois », « les deux » count nothing.
fn is_idiom((unit, hundredths): &(String, u64)) -> bool {
    match unit.as_str() {
        "" => *hundredths <= 200,
        "foi" => matches!(hundredths, 200 | 1_000 | 10_000 | 100_000 | 3_600),
        "minut" => matches!(hundredths, 200 | 500),
        _ => false,
    }
}

/// Words, with the byte where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        from += text[from..].find(char::is_alphanumeric)?;
        let length = text[from..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - from);
        let word = (from, &text[from..from + length]);
        from += length;
        Some(word)
    })
}

/// Words with a capital that no beginning of a sentence explains, and words of the calendar.
fn names(sentence: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut after_title = false;
    for (at, word) in words(sentence) {
        let before = sentence[..at].trim_end();
        let begins =
            before.is_empty() || before.ends_with(['.', '!', '?', '…', ':', '«', '"', '“', '(', '-', '–', '—']);
        let capital = word.starts_with(char::is_uppercase);
        let folded = fold(word);
        if (capital && (!begins || after_title)) || CALENDAR.contains(&folded.as_str()) {
            names.push(word);
        }
        after_title = TITLES.contains(&folded.as_str());
    }
    names
}
