//! The pieces a reply is made of, and the persona's lines that may word each.
//!
//! Input: the persona and the mood. Output: for a [`Piece`], its family and its candidate lines, those to be
//! preferred first. Invariant: a piece never offers a line written for anything else.

use super::intent::Intent;
use crate::character::{Cause, State};
use crate::persona::{Answer, Lines, Persona, Says, Stimulus, Topic};

/// From this tension on, the tense wordings are used.
pub(super) const TENSE: u8 = 6;

/// One piece of a reply: what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The first words, verbatim.
    Opening,
    /// The reaction to something felt.
    React(Cause),
    /// A fact, told for whatever reason the intent says.
    Fact(String, Intent),
    /// A fact that is not told yet.
    Withheld(String),
    /// An answer on identity and the like.
    Topic(Topic),
    /// Small talk: index in the file.
    SmallTalk(usize),
    /// One of the set lines.
    Set(Stock),
}

/// The set lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock {
    NotUnderstood,
    DoesNotKnow,
    Listens,
    Presses,
    Ignored,
    Silence,
    Repeats,
    HoldStart,
    HoldBack,
    HoldLong,
    Transferred,
    TransferredWrong,
    Colleague,
    Manager,
    Warns,
    BreaksOff,
    EndsContent,
    EndsNeutral,
    EndsTense,
}

impl Stock {
    /// Its family.
    pub(super) const fn family(self) -> &'static str {
        match self {
            Stock::NotUnderstood => "lines.not_understood",
            Stock::DoesNotKnow => "lines.does_not_know",
            Stock::Listens => "lines.listens",
            Stock::Presses => "lines.presses",
            Stock::Ignored => "lines.ignored",
            Stock::Silence => "lines.silence",
            Stock::Repeats => "lines.repeats",
            Stock::HoldStart => "lines.hold_start",
            Stock::HoldBack => "lines.hold_back",
            Stock::HoldLong => "lines.hold_long",
            Stock::Transferred => "lines.transferred",
            Stock::TransferredWrong => "lines.transferred_wrong",
            Stock::Colleague => "lines.colleague",
            Stock::Manager => "lines.manager",
            Stock::Warns => "lines.warns",
            Stock::BreaksOff => "lines.breaks_off",
            Stock::EndsContent => "lines.ends_content",
            Stock::EndsNeutral => "lines.ends_neutral",
            Stock::EndsTense => "lines.ends_tense",
        }
    }

    fn lines(self, lines: &Lines, tense: bool) -> &[String] {
        let says = match self {
            Stock::NotUnderstood => &lines.not_understood,
            Stock::DoesNotKnow => &lines.does_not_know,
            Stock::Listens => &lines.listens,
            Stock::Presses => &lines.presses,
            Stock::Ignored => &lines.ignored,
            Stock::Silence => &lines.silence,
            Stock::Repeats => &lines.repeats,
            Stock::HoldStart => &lines.hold_start,
            Stock::HoldBack => &lines.hold_back,
            Stock::HoldLong => &lines.hold_long,
            Stock::Transferred => &lines.transferred,
            Stock::TransferredWrong => &lines.transferred_wrong,
            Stock::Colleague => &lines.colleague,
            Stock::Manager => &lines.manager,
            Stock::Warns => &lines.warns,
            Stock::BreaksOff => return &lines.breaks_off,
            Stock::EndsContent => return &lines.ends_content,
            Stock::EndsNeutral => return &lines.ends_neutral,
            Stock::EndsTense => return &lines.ends_tense,
        };
        by_mood(says, tense)
    }

    const fn intent(self) -> Intent {
        match self {
            Stock::NotUnderstood => Intent::NotUnderstood,
            Stock::DoesNotKnow => Intent::DoesNotKnow,
            Stock::Listens => Intent::Listen,
            Stock::Presses => Intent::Press,
            Stock::Ignored => Intent::Protest,
            Stock::Silence => Intent::Silence,
            Stock::Repeats => Intent::Repeat,
            Stock::HoldStart => Intent::Wait,
            Stock::HoldBack | Stock::HoldLong => Intent::Back,
            Stock::Transferred => Intent::Transferred,
            Stock::TransferredWrong => Intent::TransferredWrong,
            Stock::Colleague => Intent::Colleague,
            Stock::Manager => Intent::Manager,
            Stock::Warns => Intent::Warn,
            Stock::BreaksOff => Intent::BreakOff,
            Stock::EndsContent => Intent::EndContent,
            Stock::EndsNeutral => Intent::EndNeutral,
            Stock::EndsTense => Intent::EndTense,
        }
    }
}

/// The list for a mood.
pub(super) fn by_mood(says: &Says, tense: bool) -> &[String] {
    match says {
        Says::Any(list) => list,
        Says::ByMood { calm, tense: wound_up } => {
            if tense {
                wound_up
            } else {
                calm
            }
        }
    }
}

impl Piece {
    /// What it is meant to do.
    pub(super) fn intent(&self) -> Intent {
        match self {
            Piece::Opening => Intent::Open,
            Piece::React(Cause::Stimulus(stimulus)) => match stimulus {
                Stimulus::ReformulationRight => Intent::Confirm,
                Stimulus::ReformulationWrong => Intent::Correct,
                Stimulus::Involvement | Stimulus::ComprehensionCheck | Stimulus::AnythingElse => Intent::Agree,
                _ => Intent::React,
            },
            Piece::React(_) => Intent::React,
            Piece::Fact(_, intent) => *intent,
            Piece::Withheld(_) => Intent::Withhold,
            Piece::Topic(_) => Intent::Identify,
            Piece::SmallTalk(_) => Intent::SmallTalk,
            Piece::Set(stock) => stock.intent(),
        }
    }

    /// The family under which its lines are remembered.
    pub(super) fn family(&self, persona: &Persona) -> String {
        match self {
            Piece::Opening => "opening".to_owned(),
            Piece::React(cause) => format!("reaction.{}", cause.key(persona)),
            Piece::Fact(id, _) => format!("fact.{id}"),
            Piece::Withheld(id) => format!("withheld.{id}"),
            Piece::Topic(topic) => format!("identity.{}", topic.name()),
            Piece::SmallTalk(at) => format!("small_talk.{at}"),
            Piece::Set(stock) => stock.family().to_owned(),
        }
    }

    /// Its candidate lines, list by list: the first list is preferred to those after it.
    pub(super) fn lists<'p>(&self, persona: &'p Persona, state: &State, tense: bool) -> Vec<&'p [String]> {
        let file = persona.file();
        match self {
            Piece::Opening => vec![std::slice::from_ref(&file.opening)],
            Piece::React(Cause::Stimulus(stimulus)) => {
                file.reactions.get(stimulus).map(|reaction| by_mood(&reaction.says, tense)).into_iter().collect()
            }
            Piece::React(Cause::Trigger(at)) => vec![by_mood(&file.trigger[*at].says, tense)],
            Piece::React(_) => Vec::new(),
            Piece::Fact(id, _) => persona.fact(id).map_or_else(Vec::new, |fact| {
                let wordings = [by_mood(&fact.says, tense), by_mood(&fact.says, !tense)];
                if state.told().contains(id) { vec![&fact.again, wordings[0], wordings[1]] } else { wordings.to_vec() }
            }),
            Piece::Withheld(id) => persona.fact(id).map(|fact| fact.withheld.as_slice()).into_iter().collect(),
            Piece::Topic(topic) => match file.identity.get(topic) {
                Some(Answer::Says(says)) => vec![by_mood(says, tense), by_mood(says, !tense)],
                Some(Answer::Fact { .. }) | None => Vec::new(),
            },
            Piece::SmallTalk(at) => vec![by_mood(&file.small_talk[*at].says, tense)],
            Piece::Set(stock) => vec![stock.lines(&file.lines, tense)],
        }
    }
}
