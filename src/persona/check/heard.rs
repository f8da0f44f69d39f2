//! What the trainee may say: the same words never mean two things.

use std::collections::BTreeMap;

use super::Known;
use crate::fault::{Path, Report};
use crate::language::Plain;
use crate::persona::file::PersonaFile;

pub(super) fn check(persona: &PersonaFile, _known: &Known, report: &mut Report<'_>) {
    let root = Path::root();
    let (mut asked_by, mut about, mut marks) = (Meanings::default(), Meanings::default(), Meanings::default());
    for (position, fact) in persona.fact.iter().enumerate() {
        let path = root.key("fact").at(position);
        let meaning = format!("le fait « {} »", fact.id);
        asked_by.add(&fact.asked_by, &meaning, &path.key("asked_by"), report);
        about.add(&fact.about, &meaning, &path.key("about"), report);
        marks.add(&fact.marks, &meaning, &path.key("marks"), report);
    }
    let mut triggers = Meanings::default();
    for (position, trigger) in persona.trigger.iter().enumerate() {
        let path = root.key("trigger").at(position).key("heard");
        triggers.add(&trigger.heard, &format!("la réaction « {} »", trigger.id), &path, report);
    }
    let expects = root.key("expects");
    let (mut rules, mut steps, mut traps) = (Meanings::default(), Meanings::default(), Meanings::default());
    for (position, rule) in persona.expects.rules.iter().enumerate() {
        let path = expects.key("rules").at(position);
        rules.add(&rule.heard, &format!("la règle « {} »", rule.id), &path.key("heard"), report);
        rules.add(&rule.wrong, &format!("la règle « {} » dite de travers", rule.id), &path.key("wrong"), report);
    }
    for (position, step) in persona.expects.next_step.iter().enumerate() {
        let path = expects.key("next_step").at(position).key("heard");
        steps.add(&step.heard, &format!("l'action « {} »", step.id), &path, report);
    }
    for (position, trap) in persona.expects.traps.iter().enumerate() {
        let path = expects.key("traps").at(position);
        traps.add(&trap.heard, &format!("le piège « {} »", trap.id), &path.key("heard"), report);
        traps.add(&trap.avoided, &format!("le piège « {} » évité", trap.id), &path.key("avoided"), report);
    }
}

/// What words already mean, within one family.
#[derive(Default)]
struct Meanings(BTreeMap<Plain, String>);

impl Meanings {
    fn add(&mut self, list: &[String], meaning: &str, path: &Path, report: &mut Report<'_>) {
        for (position, text) in list.iter().enumerate() {
            let before = self.0.entry(Plain::of(text)).or_insert_with(|| meaning.to_owned());
            if before != meaning {
                report.add(
                    &path.at(position),
                    format!("« {text} » désigne déjà {before}"),
                    "retirez-le d'un des deux, ou dites-le autrement",
                );
            }
        }
    }
}
