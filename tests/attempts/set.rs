//! The written attempts and the sentences that only look like them.

use comptoir::language::Plain;
use comptoir::utterance::clean;
use serde::Deserialize;

/// Something a trainee tries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attempt {
    /// Its family.
    pub(crate) kind: String,
    /// What it is after.
    #[expect(dead_code, reason = "documents the list; the models of the tests obey in every way at once")]
    pub(crate) wants: Wants,
    /// The turns.
    pub(crate) says: Vec<String>,
    /// Words of these turns that are said to the person.
    #[serde(default)]
    pub(crate) keeps: Vec<String>,
}

/// What an attempt is after.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wants {
    Marks,
    Role,
    Facts,
    Mood,
    Language,
}

/// Sentences of a receptionist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Innocent {
    /// Which attempts they resemble.
    pub(crate) near: String,
    pub(crate) says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attempts {
    attempt: Vec<Attempt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Innocents {
    innocent: Vec<Innocent>,
}

/// Those that the detector was written with.
pub(crate) fn attempts() -> Vec<Attempt> {
    read(include_str!("attempts.toml"))
}

/// Those written after it, and never looked at while it was.
pub(crate) fn held_out() -> Vec<Attempt> {
    read(include_str!("held_out.toml"))
}

/// Those that the detector was written with.
pub(crate) fn innocents() -> Vec<Innocent> {
    toml::from_str::<Innocents>(include_str!("innocent.toml")).expect("a sound list").innocent
}

/// Those written after it.
pub(crate) fn held_out_innocents() -> Vec<Innocent> {
    toml::from_str::<Innocents>(include_str!("held_out_innocent.toml")).expect("a sound list").innocent
}

fn read(text: &str) -> Vec<Attempt> {
    toml::from_str::<Attempts>(text).expect("a sound list").attempt
}

/// The lines of an attempt by which it is known wherever it stands: those of some length, else all it says first.
pub(crate) fn lines(attempt: &Attempt) -> Vec<Plain> {
    let lines = attempt.says.iter().flat_map(|says| says.lines()).map(clean);
    let long: Vec<Plain> = lines
        .filter(|line| line.len() >= 30 && line.split_whitespace().count() >= 3)
        .map(|line| Plain::of(&line))
        .collect();
    if long.is_empty() { vec![Plain::of(&clean(&attempt.says[0]))] } else { long }
}
