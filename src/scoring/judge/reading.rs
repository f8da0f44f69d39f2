//! What of an answer can be used.
//!
//! Input: the answer's text and the ask it answers. Output: a [`Reading`], or the [`Fault`] for which the whole answer
//! counts for nothing. Invariant: only what was asked is read, each thing once; a mark that says two different things
//! says nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::aside::Quotable;
use super::asks::AxisAsk;
use super::claim::{Claim, prove};
use crate::scoring::Level;
use crate::transcript::Transcript;

/// The longest reason and the longest sentence kept, in characters.
const LONGEST_REASON: usize = 400;
const LONGEST_SENTENCE: usize = 300;

/// An answer, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// In the order of the ask.
    pub claims: Vec<Claim>,
    /// Ids on which the answer says nothing usable.
    pub missing: Vec<String>,
}

/// Why an answer counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not JSON.
    #[error("read an answer that is not JSON")]
    Malformed,
    /// It is JSON of another shape.
    #[error("read an answer of another shape")]
    WrongShape,
    /// It marks nothing that was asked.
    #[error("read an answer without a mark")]
    Empty,
    /// It says nothing usable on the control.
    #[error("use an answer without its control")]
    Unguarded,
    /// It grants what nothing can show: its marks do not come from the exchange.
    #[error("use an answer that grants what nothing can show")]
    Granted,
}

impl Fault {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Fault::Malformed => "malformed",
            Fault::WrongShape => "wrong_shape",
            Fault::Empty => "empty",
            Fault::Unguarded => "unguarded",
            Fault::Granted => "granted",
        }
    }
}

impl AxisAsk {
    /// Reads an answer.
    pub fn read(&self, answer: &str, transcript: &Transcript) -> Result<Reading, Fault> {
        let value: Value = serde_json::from_str(answer).map_err(|_| Fault::Malformed)?;
        let marks = marks(&value)?;
        // `None` for an id that is marked twice, differently.
        let mut found: BTreeMap<&str, Option<Raw<'_>>> = BTreeMap::new();
        for mark in marks.into_iter().filter_map(Raw::read) {
            let known = self.control == mark.id || self.indicators.iter().any(|id| id == mark.id);
            if known {
                let twice = |one: &mut Option<Raw<'_>>| *one = one.take().filter(|one| one.level == mark.level);
                found.entry(mark.id).and_modify(twice).or_insert(Some(mark));
            }
        }
        if found.is_empty() {
            return Err(Fault::Empty);
        }
        match found.get(self.control.as_str()) {
            Some(Some(control)) if control.level == Level::Missed => {}
            Some(Some(_)) => return Err(Fault::Granted),
            Some(None) | None => return Err(Fault::Unguarded),
        }
        let quotable = Quotable::of(transcript);
        let mut reading = Reading::default();
        for id in &self.indicators {
            match found.remove(id.as_str()).flatten().and_then(|mark| mark.claim(&quotable)) {
                Some(claim) => reading.claims.push(claim),
                None => reading.missing.push(id.clone()),
            }
        }
        Ok(reading)
    }

    /// Reads the answer to [`AxisAsk::again`]: what it proves takes the place of what was not proven before. An answer
    /// that counts for nothing changes nothing.
    pub fn reread(&self, before: Reading, answer: &str, transcript: &Transcript) -> Result<Reading, (Fault, Reading)> {
        let again = match self.read(answer, transcript) {
            Ok(again) => again,
            Err(fault) => return Err((fault, before)),
        };
        let mut reading = Reading::default();
        for id in &self.indicators {
            let of = |claims: &[Claim]| claims.iter().find(|claim| claim.id == *id).cloned();
            let (first, second) = (of(&before.claims), of(&again.claims));
            let first_holds = first.as_ref().is_some_and(|claim| claim.proof.is_ok());
            let second_holds = second.as_ref().is_some_and(|claim| claim.proof.is_ok());
            let claim = if !first_holds && second_holds { second } else { first.or(second) };
            match claim {
                Some(claim) => reading.claims.push(claim),
                None => reading.missing.push(id.clone()),
            }
        }
        Ok(reading)
    }
}

/// The list of marks: under its name, or all there is.
fn marks(value: &Value) -> Result<Vec<&Map<String, Value>>, Fault> {
    let list = value.get("marks").unwrap_or(value).as_array().ok_or(Fault::WrongShape)?;
    Ok(list.iter().filter_map(Value::as_object).collect())
}

/// One mark as an answer gives it.
struct Raw<'a> {
    id: &'a str,
    level: Level,
    turn: Option<usize>,
    quote: &'a str,
    reason: String,
    better: Option<String>,
}

impl<'a> Raw<'a> {
    /// `None` for what is no mark at all.
    fn read(mark: &'a Map<String, Value>) -> Option<Raw<'a>> {
        let text = |name: &str| mark.get(name).and_then(Value::as_str).unwrap_or_default();
        let level = mark.get("score").and_then(number).and_then(|level| u8::try_from(level).ok())?;
        Some(Raw {
            id: mark.get("id")?.as_str()?.trim(),
            level: Level::try_from(level).ok()?,
            turn: mark.get("in_turn").and_then(number),
            quote: text("quote"),
            reason: clean(text("reason"), LONGEST_REASON),
            better: Some(unquoted(&clean(text("suggestion"), LONGEST_SENTENCE))).filter(|text| !text.is_empty()),
        })
    }

    /// A level without a reason is no judgement.
    fn claim(self, quotable: &Quotable<'_>) -> Option<Claim> {
        if self.reason.is_empty() {
            return None;
        }
        Some(Claim {
            id: self.id.to_owned(),
            level: self.level,
            proof: prove(quotable, self.level, self.turn, self.quote),
            reason: self.reason,
            better: self.better.filter(|_| self.level != Level::Observed),
        })
    }
}

/// A whole number, which some servers write as a text or with a point.
fn number(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => {
            let whole = number.as_u64().or_else(|| {
                let float = number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..1e6).contains(float))?;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, 0 to a million")]
                Some(float as u64)
            });
            whole.and_then(|whole| usize::try_from(whole).ok())
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// One paragraph without control characters, hidden marks or markup, at most so long.
fn clean(text: &str, longest: usize) -> String {
    let unwanted = |c: char| {
        c.is_control()
            || matches!(c, '*' | '`' | '#' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let visible: String = text.chars().map(|c| if unwanted(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    let clean = words.join(" ");
    match clean.char_indices().nth(longest) {
        None => clean,
        Some((limit, _)) => {
            let cut = clean[..limit].rfind(' ').unwrap_or(limit);
            format!("{}…", clean[..cut].trim_end_matches([',', ';', ':', ' ']))
        }
    }
}

/// A sentence without the quotation marks around it.
fn unquoted(text: &str) -> String {
    let marks = ['«', '»', '“', '”', '"'];
    let inner = text.trim_matches(|c: char| c.is_whitespace() || marks.contains(&c));
    // Marks within stay: « dites “bonjour” » is cut on one side only.
    if inner.contains(marks) { text.to_owned() } else { inner.to_owned() }
}
