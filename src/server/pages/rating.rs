//! The form in which a trainer rates an exchange: transcript and grid side by side, a word on any turn.
//!
//! Works without scripts as one form; with them it saves as one goes. Used for reviews and for prepared exchanges.

use super::{EvidenceLink, HandoffView, Sides, Turn, french};
use crate::scoring::{Decision, Level};

/// The form.
#[derive(Clone, Debug)]
pub struct RatingForm {
    /// Where it is posted.
    pub action: String,
    /// The version that is changed.
    pub version: u32,
    /// The last publication that was seen; 0 before the first.
    pub base: u32,
    /// The exchange.
    pub turns: Vec<RatedTurn>,
    /// The handoff note, if one was written.
    pub handoff: Option<HandoffView>,
    /// The grid.
    pub axes: Vec<RatedAxis>,
    /// The word on the whole exchange; `None` where none is asked for.
    pub general: Option<RatedText>,
    /// How many applicable marks wait for a decision.
    pub undecided: usize,
    /// Whether the automatic marks are hidden.
    pub blind: bool,
    /// What is wrong, in sentences, each with the place it leads to.
    pub objections: Vec<(String, String)>,
    /// What the last button does.
    pub last: LastStep,
}

/// What ends the rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastStep {
    /// The trainee reads it.
    Publish,
    /// The other trainer's marks are shown once both are done.
    Finish,
    /// The reference marks are shown.
    Compare,
}

/// Something that is written.
#[derive(Clone, Debug, Default)]
pub struct RatedText {
    /// The words.
    pub text: String,
    /// What is wrong with them.
    pub fault: Option<String>,
}

/// A turn, with what is said of it.
#[derive(Clone, Debug)]
pub struct RatedTurn {
    /// The turn.
    pub turn: Turn,
    /// What is said of it.
    pub comment: RatedText,
}

/// The marks of one axis.
#[derive(Clone, Debug)]
pub struct RatedAxis {
    /// Axis id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its indicators.
    pub marks: Vec<RatedMark>,
}

/// One indicator to decide on.
#[derive(Clone, Debug)]
pub struct RatedMark {
    /// Indicator id.
    pub id: String,
    /// Its wording in the référentiel.
    pub label: String,
    /// « C05 · CR 5.1 ».
    pub criterion: String,
    /// What observed, partial and missed look like.
    pub guide: [String; 3],
    /// How doubtful cases are settled.
    pub precision: Option<String>,
    /// The automatic mark; `None` where it is hidden.
    pub proposal: Option<Proposal>,
    /// What is decided.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: String,
    /// Words that show it, one quote a line.
    pub words: String,
    /// Whether words of the exchange can show it: the handoff note's own are not quoted.
    pub quotable: bool,
    /// What is wrong.
    pub faults: Vec<String>,
}

/// An automatic mark.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The level.
    pub level: Option<Level>,
    /// Why.
    pub reason: String,
    /// The words that show it.
    pub evidence: Vec<EvidenceLink>,
    /// Both sides, where the rules and a model do not agree.
    pub sides: Option<Sides>,
    /// Why it should be looked at first.
    pub doubt: Option<String>,
}

impl RatingForm {
    /// What the last button says.
    pub fn last_label(&self) -> &'static str {
        match self.last {
            LastStep::Publish => "Publier la relecture",
            LastStep::Finish => "Terminer ma relecture en aveugle",
            LastStep::Compare => "Comparer avec la référence",
        }
    }

    /// What has not been done, where something is missing.
    pub fn not_yet(&self) -> &'static str {
        match self.last {
            LastStep::Publish => "publié",
            LastStep::Finish => "remis",
            LastStep::Compare => "comparé",
        }
    }

    /// « 3 cotations restent à décider. »
    pub fn undecided_text(&self) -> String {
        match self.undecided {
            0 => "Toutes les cotations sont décidées.".to_owned(),
            1 => "Une cotation reste à décider.".to_owned(),
            n => format!("{n} cotations restent à décider."),
        }
    }

    /// « Accepter les 3 cotations restantes ».
    pub fn accept_label(&self) -> String {
        match self.undecided {
            1 => "Accepter la cotation restante".to_owned(),
            n => format!("Accepter les {n} cotations restantes"),
        }
    }
}

impl RatedTurn {
    /// Its number, as words given as proof name it.
    pub fn number(&self) -> usize {
        self.turn.index + 1
    }

    /// Whether its field stands open.
    pub fn is_open(&self) -> bool {
        !self.comment.text.is_empty() || self.comment.fault.is_some()
    }
}

impl RatedMark {
    /// The four decisions: code, name, whether it is the proposed one, whether it is chosen.
    pub fn choices(&self) -> Vec<(&'static str, &'static str, bool, bool)> {
        let proposed = self.proposal.as_ref().map(|proposal| Decision::of(proposal.level));
        let choice = |decision: Decision| {
            let name = french::level(decision.level());
            (decision.code(), name, proposed == Some(decision), self.decision == Some(decision))
        };
        Decision::ALL.into_iter().map(choice).collect()
    }

    /// Whether a decision is wanted: nothing decided, and it may apply.
    pub fn waits(&self) -> bool {
        self.decision.is_none() && self.proposal.as_ref().is_none_or(|proposal| proposal.level.is_some())
    }

    /// `decided`, `changed`, `open`, `aside`: for styles and scripts.
    pub fn state(&self) -> &'static str {
        let proposed = self.proposal.as_ref().map(|proposal| Decision::of(proposal.level));
        match self.decision {
            Some(decision) if proposed.is_some_and(|proposed| proposed != decision) => "changed",
            Some(_) => "decided",
            None if self.waits() => "open",
            None => "aside",
        }
    }

    /// Whether the reason and the words stand open.
    pub fn is_open(&self) -> bool {
        !self.faults.is_empty() || !self.reason.is_empty() || !self.words.is_empty() || self.state() == "changed"
    }
}

impl Proposal {
    /// « non observé ».
    pub fn level_name(&self) -> &'static str {
        french::level(self.level)
    }

    /// `observed`, `partial`, `missed`, `none`: for styles.
    pub fn level_code(&self) -> &'static str {
        Decision::of(self.level).code()
    }
}
