//! What one persona's listener must recognise, made ready once.
//!
//! Input: a persona and the directory. Output: [`Ears`]. Invariant: built once, shared by all conversations,
//! read-only.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::{Gists, GistsBuilder, Phrases, PhrasesBuilder, Text, quantities};
use crate::organisation::Organisation;
use crate::persona::{Answer, Persona, PersonaFile, Topic};

use super::topics;

/// What a question can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A fact of the persona.
    Fact(String),
    /// An identity topic.
    Topic(Topic),
    /// Nothing the character knows.
    Nothing,
}

/// What a statement can say of the situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Rule(String),
    WrongRule(String),
    Step(String),
    Trap(String),
    Avoided(String),
    Trigger(String),
    Need,
    Urgency,
    SmallTalk(usize),
    /// What any receptionist says anywhere: it competes with the rest.
    Anything,
}

/// Quantities: their unit, and how many hundredths of it.
type Figures = BTreeSet<(String, u64)>;

/// Everything a trainee's turn is compared with: this persona's facts, rules, steps, traps, triggers, and the
/// directory. Build once per persona; it is shared by all conversations.
#[derive(Debug)]
pub struct Ears {
    pub(super) wanted: Vec<Wanted>,
    pub(super) questions: Gists,
    pub(super) said: Vec<Said>,
    pub(super) statements: Gists,
    pub(super) services: Phrases<String>,
    pub(super) restated: Phrases<String>,
    /// Words by which a fact is recognised when the character tells it.
    marks: Phrases<String>,
    /// How this character breaks off.
    leaving: Gists,
    /// Every quantity of the situation: in hundredths, with its unit.
    pub(super) known: Figures,
    /// The facts that give a quantity in this unit.
    pub(super) measured: BTreeMap<String, Vec<String>>,
}

impl Ears {
    /// Makes ready.
    pub fn new(persona: &Persona, organisation: &Organisation) -> Ears {
        let file = persona.file();
        let (wanted, questions) = questions(file);
        let (said, statements) = statements(file);
        let mut services = PhrasesBuilder::new();
        for service in organisation.services() {
            for words in &service.mots {
                services.add_words(service.id.clone(), words);
            }
        }
        let mut restated = PhrasesBuilder::new();
        let mut marks = PhrasesBuilder::new();
        for fact in &file.fact {
            for words in &fact.restated_by {
                restated.add_words(fact.id.clone(), words);
            }
            for words in &fact.marks {
                restated.add_words(fact.id.clone(), words);
                marks.add_words(fact.id.clone(), words);
            }
        }
        let mut leaving = GistsBuilder::default();
        leaving.add(file.lines.breaks_off.iter().map(String::as_str), []);
        let (known, measured) = figures(file);
        Ears {
            wanted,
            questions,
            said,
            statements,
            services: services.build(),
            restated: restated.build(),
            marks: marks.build(),
            leaving: leaving.build(),
            known,
            measured,
        }
    }

    /// The facts that the character's words tell, in the order of the words.
    pub fn told_by(&self, words: &Text) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for found in self.marks.find(words) {
            if !told.contains(&found.label) {
                told.push(found.label);
            }
        }
        told
    }

    /// Whether the words are like this character's ways of breaking off.
    pub fn breaks_off(&self, words: &Text) -> bool {
        let like = |range: &std::ops::Range<usize>| {
            self.leaving
                .compare(words, range)
                .first()
                .is_some_and(|likeness| likeness.score > 0.6 && likeness.shared >= 3)
        };
        words.sentences().iter().any(|sentence| sentence.words.len() >= 3 && like(&sentence.words))
    }

    /// Whether the words hold a figure that the situation knows, with its unit.
    pub fn knows_a_figure(&self, words: &Text) -> bool {
        quantities(words)
            .into_iter()
            .any(|quantity| quantity.hundredths > 200 && self.known.contains(&(quantity.unit, quantity.hundredths)))
    }

    /// The facts that the words of a note recall.
    pub fn recalls(&self, words: &Text) -> BTreeSet<String> {
        self.restated.find(words).into_iter().map(|found| found.label).collect()
    }
}

/// What can be asked, and the questions that ask it.
fn questions(file: &PersonaFile) -> (Vec<Wanted>, Gists) {
    let mut wanted = Vec::new();
    let mut questions = GistsBuilder::default();
    let answers_by_fact = |topic: &Topic| match file.identity.get(topic) {
        Some(Answer::Fact { fact }) => Some(fact.as_str()),
        _ => None,
    };
    for fact in &file.fact {
        // A topic that this fact answers lends it its questions.
        let lent = Topic::ALL.iter().filter(|topic| answers_by_fact(topic) == Some(fact.id.as_str()));
        let lent = lent.flat_map(|topic| topics::questions(*topic).0.iter().copied());
        questions.add(fact.asked_by.iter().map(String::as_str).chain(lent), fact.about.iter().map(String::as_str));
        wanted.push(Wanted::Fact(fact.id.clone()));
    }
    for topic in Topic::ALL.iter().filter(|topic| answers_by_fact(topic).is_none()) {
        let (asked, about) = topics::questions(*topic);
        questions.add(asked.iter().copied(), about.iter().copied());
        wanted.push(Wanted::Topic(*topic));
    }
    questions.add(topics::NOTHING.iter().copied(), []);
    wanted.push(Wanted::Nothing);
    (wanted, questions.build())
}

/// What can be said of the situation; the last label is what any receptionist says.
fn statements(file: &PersonaFile) -> (Vec<Said>, Gists) {
    let mut said = Vec::new();
    let mut statements = GistsBuilder::default();
    let mut add = |what: Said, examples: &[String]| {
        if !examples.is_empty() {
            statements.add(examples.iter().map(String::as_str), []);
            said.push(what);
        }
    };
    let expects = &file.expects;
    for rule in &expects.rules {
        add(Said::Rule(rule.id.clone()), &rule.heard);
        add(Said::WrongRule(rule.id.clone()), &rule.wrong);
    }
    for step in &expects.next_step {
        add(Said::Step(step.id.clone()), &step.heard);
    }
    for trap in &expects.traps {
        add(Said::Trap(trap.id.clone()), &trap.heard);
        add(Said::Avoided(trap.id.clone()), &trap.avoided);
    }
    for trigger in &file.trigger {
        add(Said::Trigger(trigger.id.clone()), &trigger.heard);
    }
    add(Said::Need, &expects.need_heard);
    add(Said::Urgency, &expects.urgency_heard);
    for (index, small_talk) in file.small_talk.iter().enumerate() {
        add(Said::SmallTalk(index), &small_talk.heard);
    }
    statements.add(topics::ANYTHING.iter().copied(), []);
    said.push(Said::Anything);
    (said, statements.build())
}

/// Every quantity of the situation, and the facts that give one in each unit.
fn figures(file: &PersonaFile) -> (Figures, BTreeMap<String, Vec<String>>) {
    let mut known = BTreeSet::new();
    let mut measured: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fact in &file.fact {
        for text in std::iter::once(&fact.text).chain(&fact.restated_by).chain(&fact.marks) {
            for quantity in quantities(&Text::read(text)) {
                if !quantity.unit.is_empty() {
                    let facts = measured.entry(quantity.unit.clone()).or_default();
                    if !facts.contains(&fact.id) {
                        facts.push(fact.id.clone());
                    }
                }
                known.insert((quantity.unit, quantity.hundredths));
            }
        }
    }
    for text in file.screen.lines.iter().chain([&file.opening, &file.scene, &file.need]) {
        known.extend(quantities(&Text::read(text)).into_iter().map(|quantity| (quantity.unit, quantity.hundredths)));
    }
    (known, measured)
}
