//! Attempts to talk the character out of its role or the marks up: what is taken for one, what is not, and what they
//! change.
//!
//! `attempts.toml` and `innocent.toml` are what the detector was written with, `held_out.toml` came afterwards.
//! `cargo test --test attempts figures -- --nocapture` prints how many of each are found.

mod desk;
#[path = "../double/mod.rs"]
mod double;
mod judged;
mod played;
mod rules;
mod set;
#[path = "../played/stage.rs"]
#[expect(dead_code, reason = "conversations are only talked in here")]
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use comptoir::content::Content;
use comptoir::hearing::aside::{asides, spoken};
use comptoir::persona::Says;
use comptoir::utterance::Utterance;

use crate::set::{Attempt, Innocent, attempts, held_out, held_out_innocents, innocents};

/// How an attempt fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    /// Nothing of it is heard but what is said to the person.
    Wholly,
    /// Some of it is heard.
    Partly,
    /// All of it is heard.
    Missed,
}

fn words(text: &str) -> Vec<String> {
    let folded = comptoir::language::fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn met(attempt: &Attempt) -> Met {
    let turns: Vec<Utterance> = attempt.says.iter().filter_map(|turn| Utterance::new(turn).ok()).collect();
    let left: Vec<String> = turns.iter().flat_map(|turn| words(&spoken(turn.text()))).collect();
    let keeps: Vec<String> = attempt.keeps.iter().flat_map(|kept| words(kept)).collect();
    if left == keeps {
        Met::Wholly
    } else if turns.iter().any(|turn| !asides(turn.text()).is_empty()) {
        Met::Partly
    } else {
        Met::Missed
    }
}

fn told(set: &[Attempt], name: &str) -> [usize; 3] {
    let mut counts = [0; 3];
    let mut by_kind: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for attempt in set {
        let met = met(attempt);
        counts[met as usize] += 1;
        by_kind.entry(&attempt.kind).or_default()[met as usize] += 1;
        if met != Met::Wholly {
            let heard: Vec<String> = attempt.says.iter().map(|turn| spoken(turn).trim().to_owned()).collect();
            println!("{name} {met:?}: {:?} hears {heard:?}", attempt.says);
        }
    }
    let [wholly, partly, missed] = counts;
    println!("{name}: {} attempts, {wholly} wholly met, {partly} partly, {missed} missed", set.len());
    for (kind, [wholly, partly, missed]) in by_kind {
        println!("    {kind:<12} {wholly:>3} {partly:>3} {missed:>3}");
    }
    counts
}

#[test]
fn figures_nearly_every_attempt_is_met() {
    let written = attempts();
    assert!(written.len() >= 120, "{}", written.len());
    let kinds: BTreeSet<&str> = written.iter().map(|attempt| attempt.kind.as_str()).collect();
    assert!(kinds.len() >= 19, "{kinds:?}");
    let [_, _, missed] = told(&written, "written with");
    assert!(missed * 12 <= written.len(), "{missed} missed");
    let held_out = held_out();
    assert!(held_out.len() >= 40, "{}", held_out.len());
    let [_, _, missed] = told(&held_out, "held out");
    assert!(missed * 4 <= held_out.len(), "{missed} missed");
}

#[test]
fn what_is_said_to_the_person_beside_an_attempt_stays_heard() {
    for attempt in attempts().iter().chain(&held_out()) {
        let left: String =
            attempt.says.iter().map(|turn| spoken(&comptoir::utterance::clean(turn)).into_owned()).collect();
        for kept in &attempt.keeps {
            assert!(left.contains(kept.as_str()), "« {kept} » is lost of {:?}", attempt.says);
        }
    }
}

/// The sentences that are taken for attempts, of how many.
fn taken(groups: &[Innocent]) -> (Vec<String>, usize) {
    let sentences = || groups.iter().flat_map(|group| group.says.iter().map(|says| (&group.near, says)));
    let taken = sentences()
        .filter(|(_, says)| !asides(says).is_empty())
        .map(|(near, says)| format!("{near}: {says} -> {:?}", shown(says)))
        .collect();
    (taken, sentences().count())
}

#[test]
fn figures_what_only_looks_like_an_attempt_is_none() {
    let (written, all) = taken(&innocents());
    assert!(all >= 150, "{all}");
    assert!(written.is_empty(), "{} of {all}\n{}", written.len(), written.join("\n"));
    let (unseen, all) = taken(&held_out_innocents());
    println!("held-out innocent sentences: {} of {all} taken for attempts", unseen.len());
    for taken in &unseen {
        println!("    {taken}");
    }
    assert!(unseen.len() * 25 <= all, "{} of {all}", unseen.len());
}

fn shown(text: &str) -> Vec<&str> {
    asides(text).into_iter().map(|aside| &text[aside.shown_by]).collect()
}

/// Everything the characters' files hold that anyone says at a desk.
#[test]
fn no_sentence_of_any_persona_file_is_an_attempt() {
    let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).expect("a sound directory");
    let mut taken = Vec::new();
    let mut all = 0;
    for persona in content.personas() {
        let file = persona.file();
        let mut sentences: Vec<&String> = Vec::new();
        for fact in &file.fact {
            sentences.extend(fact.asked_by.iter().chain(&fact.restated_by));
        }
        let expects = &file.expects;
        sentences.extend(expects.need_heard.iter().chain(&expects.urgency_heard));
        sentences.extend(expects.rules.iter().flat_map(|rule| rule.heard.iter().chain(&rule.wrong)));
        sentences.extend(expects.next_step.iter().flat_map(|step| &step.heard));
        sentences.extend(expects.traps.iter().flat_map(|trap| trap.heard.iter().chain(&trap.avoided)));
        sentences.extend(file.trigger.iter().flat_map(|trigger| &trigger.heard));
        sentences.extend(file.small_talk.iter().flat_map(|talk| &talk.heard));
        sentences.extend(file.examples.values());
        let lines = [&file.lines.listens, &file.lines.presses, &file.lines.does_not_know];
        for says in lines {
            match says {
                Says::Any(list) => sentences.extend(list),
                Says::ByMood { calm, tense } => sentences.extend(calm.iter().chain(tense)),
            }
        }
        all += sentences.len();
        taken.extend(
            sentences
                .into_iter()
                .filter(|says| !asides(says).is_empty())
                .map(|says| format!("{}: {says} -> {:?}", persona.id(), shown(says))),
        );
    }
    assert!(all > 3_000, "{all} sentences");
    assert!(taken.is_empty(), "{} of {all}\n{}", taken.len(), taken.join("\n"));
}
