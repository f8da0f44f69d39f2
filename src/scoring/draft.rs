//! What a trainer has put down so far on a conversation, as typed, and what it still lacks.
//!
//! Input: the fields of a form, or [`Rulings`] taken up again. Output: [`Rulings`], or every [`Objection`]. Invariant:
//! nothing that was typed is lost by saving it; nothing that lacks a decision, a reason or its words is published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::judge::stands_in;
use super::ruling::{Comment, Decision, Ruling, Rulings};
use super::scorecard::{Evidence, Mark, Scorecard};
use crate::transcript::Transcript;
use crate::utterance::clean;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// The longest comment on a turn, and the longest words given as proof, in characters.
pub const LONGEST_COMMENT: usize = 2_000;

/// The longest word on the whole exchange, in characters.
pub const LONGEST_GENERAL: usize = 4_000;

/// The most quotes given for one mark.
const MOST_QUOTES: usize = 3;

/// What is put down on one indicator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// What is decided; `None`: nothing yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The trainee's words that show it, one quote a line; `[5] ` before them names the fifth turn.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

impl Entry {
    /// Whether nothing is put down.
    pub fn is_empty(&self) -> bool {
        self.decision.is_none() && self.reason.is_empty() && self.words.is_empty()
    }
}

/// A review under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// By indicator.
    pub entries: BTreeMap<String, Entry>,
    /// By turn, from 0.
    pub comments: BTreeMap<usize, String>,
    /// A word on the whole exchange.
    pub general: String,
}

/// What a draft lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Where.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// A field of a review.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An indicator.
    Mark(String),
    /// A turn.
    Comment(usize),
    /// The word on the whole exchange.
    General,
}

/// What a field lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The mark applies, and nothing is decided.
    Undecided,
    /// Another level than the automatic one, without a reason.
    NoReason,
    /// These words do not stand in a turn of the trainee, or not in that one.
    NotSaid(String),
    /// More quotes than one mark takes.
    TooManyQuotes,
    /// More characters than this.
    TooLong(usize),
    /// There is no such turn or indicator any more.
    Unknown,
}

impl Draft {
    /// What was decided, taken up again.
    pub fn of(rulings: &Rulings) -> Draft {
        let entry = |ruling: &Ruling| {
            let quote = |shown: &Evidence| format!("[{}] {}", shown.turn + 1, shown.quote);
            let words: Vec<String> = ruling.evidence.iter().map(quote).collect();
            let entry =
                Entry { decision: Some(ruling.decision), reason: ruling.reason.clone(), words: words.join("\n") };
            (ruling.id.clone(), entry)
        };
        Draft {
            entries: rulings.rulings.iter().map(entry).collect(),
            comments: rulings.comments.iter().map(|comment| (comment.turn, comment.text.clone())).collect(),
            general: rulings.general.clone(),
        }
    }

    /// Whether nothing is put down.
    pub fn is_empty(&self) -> bool {
        self.entries.values().all(Entry::is_empty) && self.comments.is_empty() && self.general.is_empty()
    }

    /// What is decided on an indicator.
    pub fn decision(&self, id: &str) -> Option<Decision> {
        self.entries.get(id)?.decision
    }

    /// The applicable marks on which nothing is decided.
    pub fn undecided<'m>(&self, automatic: &'m Scorecard) -> Vec<&'m Mark> {
        let undecided = |mark: &&Mark| mark.level.is_some() && self.decision(&mark.id).is_none();
        automatic.marks.iter().filter(undecided).collect()
    }

    /// Accepts every applicable mark on which nothing is decided.
    pub fn accept_the_rest(&mut self, automatic: &Scorecard) {
        let rest: Vec<(String, Decision)> =
            self.undecided(automatic).into_iter().map(|mark| (mark.id.clone(), Decision::of(mark.level))).collect();
        for (id, decision) in rest {
            self.entries.entry(id).or_default().decision = Some(decision);
        }
    }

    /// The same with every text cleaned, and without what is empty.
    #[must_use]
    pub fn cleaned(self) -> Draft {
        let entry = |(id, entry): (String, Entry)| {
            let entry = Entry { reason: clean(&entry.reason), words: clean(&entry.words), ..entry };
            (!entry.is_empty()).then_some((id, entry))
        };
        let comment = |(turn, text): (usize, String)| Some((turn, clean(&text))).filter(|(_, text)| !text.is_empty());
        Draft {
            entries: self.entries.into_iter().filter_map(entry).collect(),
            comments: self.comments.into_iter().filter_map(comment).collect(),
            general: clean(&self.general),
        }
    }

    /// What is wrong with what is put down, whether or not all is decided. `automatic` is missing where marks are given
    /// blind: then no level is another one's, and none needs a reason.
    pub fn objections(&self, automatic: Option<&Scorecard>, transcript: &Transcript) -> Vec<Objection> {
        let mut objections = Vec::new();
        let mut object = |place: Place, why: Why| objections.push(Objection { place, why });
        for (id, entry) in &self.entries {
            let place = || Place::Mark(id.clone());
            let mark = automatic.map(|card| card.marks.iter().find(|mark| mark.id == *id));
            if mark == Some(None) {
                object(place(), Why::Unknown);
                continue;
            }
            let changed = mark.flatten().is_some_and(|mark| entry.decision.is_some_and(|to| to.level() != mark.level));
            if changed && entry.reason.is_empty() {
                object(place(), Why::NoReason);
            }
            if entry.reason.chars().count() > LONGEST_REASON {
                object(place(), Why::TooLong(LONGEST_REASON));
            }
            if let Err(why) = quotes(&entry.words, transcript) {
                object(place(), why);
            }
        }
        for (turn, text) in &self.comments {
            if *turn >= transcript.turns.len() {
                object(Place::Comment(*turn), Why::Unknown);
            } else if text.chars().count() > LONGEST_COMMENT {
                object(Place::Comment(*turn), Why::TooLong(LONGEST_COMMENT));
            }
        }
        if self.general.chars().count() > LONGEST_GENERAL {
            object(Place::General, Why::TooLong(LONGEST_GENERAL));
        }
        objections
    }

    /// What is decided, once every applicable mark is; otherwise everything that is missing.
    pub fn settle(&self, automatic: &Scorecard, transcript: &Transcript) -> Result<Rulings, Vec<Objection>> {
        let undecided = self.undecided(automatic).into_iter();
        let mut objections: Vec<Objection> =
            undecided.map(|mark| Objection { place: Place::Mark(mark.id.clone()), why: Why::Undecided }).collect();
        objections.extend(self.objections(Some(automatic), transcript));
        if !objections.is_empty() {
            return Err(objections);
        }
        let ruling = |mark: &Mark| {
            let entry = self.entries.get(&mark.id)?;
            Some(Ruling {
                id: mark.id.clone(),
                decision: entry.decision?,
                reason: entry.reason.clone(),
                evidence: quotes(&entry.words, transcript).unwrap_or_default(),
            })
        };
        let comments = self.comments.iter().map(|(turn, text)| Comment { turn: *turn, text: text.clone() });
        Ok(Rulings {
            rulings: automatic.marks.iter().filter_map(ruling).collect(),
            comments: comments.collect(),
            general: self.general.clone(),
        })
    }
}

/// The quotes in a field, each in the turn's own words.
fn quotes(words: &str, transcript: &Transcript) -> Result<Vec<Evidence>, Why> {
    if words.chars().count() > LONGEST_COMMENT {
        return Err(Why::TooLong(LONGEST_COMMENT));
    }
    let mut found: Vec<Evidence> = Vec::new();
    for line in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        for evidence in quote(line, transcript).ok_or_else(|| Why::NotSaid(line.to_owned()))? {
            if !found.contains(&evidence) {
                found.push(evidence);
            }
        }
    }
    if found.len() > MOST_QUOTES { Err(Why::TooManyQuotes) } else { Ok(found) }
}

/// One quote: in the turn that it names, else in the first in which the trainee says so.
fn quote(line: &str, transcript: &Transcript) -> Option<Vec<Evidence>> {
    let within = |at: usize, words: &str| {
        let turn = transcript.turns.get(at).filter(|turn| turn.is_trainee())?;
        let parts = stands_in(&turn.text, words)?;
        Some(parts.into_iter().map(|part| Evidence { turn: at, quote: part.to_owned() }).collect())
    };
    let named = line.strip_prefix('[').and_then(|rest| rest.split_once(']')).and_then(|(number, words)| {
        let number: usize = number.trim().parse().ok()?;
        Some((number.checked_sub(1)?, words.trim()))
    });
    match named {
        Some((at, words)) => within(at, words),
        None => (0..transcript.turns.len()).find_map(|at| within(at, line)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ruling::tests::{automatic, rubric};
    use super::*;
    use crate::persona::Channel;
    use crate::scoring::{Level, rule};
    use crate::transcript::Turn;
    use crate::utterance::Speaker;

    fn transcript() -> Transcript {
        let turns = [
            (Speaker::Trainee, "Bonjour, je vous écoute."),
            (Speaker::Persona, "C'est pour ma fuite, je vous écoute aussi."),
            (Speaker::Trainee, "Où est la fuite exactement ? Je vous écoute."),
        ];
        let turns = turns.into_iter().map(|(speaker, text)| Turn::said(speaker, text)).collect();
        Transcript {
            persona: "fuite-colere".to_owned(),
            channel: Channel::Phone,
            turns,
            ended: None,
            handoff: None,
            whispers: Vec::new(),
        }
    }

    fn entry(decision: Decision, reason: &str, words: &str) -> Entry {
        Entry { decision: Some(decision), reason: reason.to_owned(), words: words.to_owned() }
    }

    fn check(entry: Entry, expect: &[Why]) {
        let card = automatic(&rubric(), &[Some(Level::Partial)]);
        let told = format!("{entry:?}");
        let draft = Draft { entries: [("5.1.a".to_owned(), entry)].into(), ..Draft::default() };
        let whys: Vec<Why> =
            draft.objections(Some(&card), &transcript()).into_iter().map(|objection| objection.why).collect();
        assert_eq!(whys, expect, "{told}");
    }

    #[test]
    fn another_level_needs_a_reason_and_words_must_have_been_said_by_the_trainee() {
        check(entry(Decision::Partial, "", ""), &[]);
        check(entry(Decision::Observed, "", ""), &[Why::NoReason]);
        check(entry(Decision::NotApplicable, "", ""), &[Why::NoReason]);
        check(entry(Decision::Observed, "Une question ouverte.", ""), &[]);
        check(entry(Decision::Partial, "", "où est la fuite exactement"), &[]);
        check(entry(Decision::Partial, "", "[3] où est la fuite exactement"), &[]);
        let not_said = |words: &str| [Why::NotSaid(words.to_owned())];
        check(entry(Decision::Partial, "", "C'est pour ma fuite"), &not_said("C'est pour ma fuite"));
        check(entry(Decision::Partial, "", "[2] je vous écoute"), &not_said("[2] je vous écoute"));
        check(entry(Decision::Partial, "", "[0] je vous écoute"), &not_said("[0] je vous écoute"));
        check(entry(Decision::Partial, "", "[9] je vous écoute"), &not_said("[9] je vous écoute"));
        check(entry(Decision::Partial, &"é".repeat(LONGEST_REASON + 1), ""), &[Why::TooLong(LONGEST_REASON)]);
    }

    #[test]
    fn nothing_is_published_before_every_applicable_mark_is_decided() {
        let rubric = rubric();
        let card = automatic(&rubric, &[Some(Level::Partial), None, Some(Level::Observed)]);
        let applicable = card.marks.iter().filter(|mark| mark.level.is_some()).count();
        let mut draft = Draft::default();
        let missing = draft.settle(&card, &transcript()).unwrap_err();
        assert_eq!(missing.len(), applicable);
        assert!(missing.iter().all(|objection| objection.why == Why::Undecided));
        draft.entries.insert(card.marks[0].id.clone(), entry(Decision::Observed, "Deux questions.", "je vous écoute"));
        draft.comments.insert(2, "Très bonne question.".to_owned());
        draft.general = "Un bon début.".to_owned();
        draft.accept_the_rest(&card);
        let rulings = draft.settle(&card, &transcript()).unwrap();
        assert_eq!(rulings.rulings.len(), applicable, "what does not apply asks for no word");
        assert_eq!(rulings.rulings[0].evidence, [Evidence { turn: 0, quote: "je vous écoute".to_owned() }]);
        assert_eq!((rulings.changed(&card), rulings.comments[0].turn), (1, 2));
        let taken_up = Draft::of(&rulings);
        assert_eq!(taken_up.entries[&card.marks[0].id].words, "[1] je vous écoute");
        assert_eq!(taken_up.settle(&card, &transcript()).unwrap(), rulings, "taken up again, it says the same");
        assert!(rule(&card, &rulings, &rubric, 1).marks[0].level == Some(Level::Observed));
    }

    #[test]
    fn a_mark_that_has_changed_since_it_was_accepted_is_not_published_in_silence() {
        let rubric = rubric();
        let before = automatic(&rubric, &[Some(Level::Partial)]);
        let mut draft = Draft::default();
        draft.accept_the_rest(&before);
        let now = automatic(&rubric, &[Some(Level::Observed)]);
        let objections = draft.settle(&now, &transcript()).unwrap_err();
        assert_eq!(objections.len(), now.marks.len());
        assert!(objections.iter().all(|objection| objection.why == Why::NoReason));
    }

    #[test]
    fn what_is_typed_is_cleaned_and_what_is_empty_is_dropped() {
        let draft = Draft {
            entries: [("1.2.a".to_owned(), Entry { reason: " \u{200b} ".to_owned(), ..Entry::default() })].into(),
            comments: [(0, " ".to_owned()), (2, " Bien.\u{0} ".to_owned())].into(),
            general: "\u{202e}Bravo ".to_owned(),
        };
        let cleaned = draft.cleaned();
        assert!(cleaned.entries.is_empty());
        assert_eq!((cleaned.comments, cleaned.general), ([(2, "Bien.".to_owned())].into(), "Bravo".to_owned()));
    }

    #[test]
    fn too_many_quotes_and_turns_that_are_not_there_are_told() {
        let mut draft = Draft { comments: [(3, "Ici.".to_owned())].into(), ..Draft::default() };
        draft.entries.insert(
            "1.2.a".to_owned(),
            entry(Decision::Observed, "", "bonjour\n[1] je vous écoute\n[3] je vous écoute\noù est la fuite"),
        );
        let whys: Vec<Why> = draft.objections(None, &transcript()).into_iter().map(|found| found.why).collect();
        assert_eq!(whys, [Why::TooManyQuotes, Why::Unknown]);
    }
}
