//! The exact shape of a rubric file, `rubrics/<id>.toml`: the official criteria and the rules that mark them.
//!
//! Input: TOML. Output: [`RubricFile`]. Invariant: every field a file may hold is here; unknown fields are
//! refused. What may be *seen* in a transcript (acts, facts, services, expectations) is code, listed in
//! [`Kind`]; which of it makes which level is the trainer's, written here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::fault::SLUG;

/// A grid of indicators.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricFile {
    /// Lower-case letters, digits and hyphens; the same as the file's name.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// Title shown to people.
    pub title: String,
    /// Where the criteria come from.
    pub source: Source,
    /// The axes, in the order in which they are shown.
    #[schemars(length(min = 1))]
    pub axis: Vec<Axis>,
    /// The competences of the référentiel (C01…).
    #[schemars(length(min = 1))]
    pub competence: Vec<Competence>,
    /// The criteria of the référentiel (CR 5.1…).
    #[schemars(length(min = 1))]
    pub criterion: Vec<Criterion>,
    /// The indicators: each dash of a criterion.
    #[schemars(length(min = 1))]
    pub indicator: Vec<Indicator>,
}

/// Where the criteria come from, as the page must say.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `RNCP38052`.
    pub sheet: String,
    /// Title of the certification.
    pub certification: String,
    /// Who awards it.
    pub certifier: String,
    /// Last day of registration, `YYYY-MM-DD`.
    pub registered_until: String,
    /// Part of the certification.
    pub part: String,
}

/// One of the axes.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// `ecoute`.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// « Écoute active ».
    pub name: String,
    /// Its name within a sentence: « l'écoute active ».
    pub spoken: String,
    /// One sentence: what it looks at.
    pub about: String,
}

/// A competence of the référentiel.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Competence {
    /// `C05`.
    pub id: String,
    /// Its wording in the référentiel.
    pub label: String,
}

/// A criterion of the référentiel.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `5.1`.
    pub id: String,
    /// The competence it belongs to.
    pub competence: String,
    /// Its wording in the référentiel.
    pub label: String,
}

/// The finest grain: « CR 5.1, second dash » is `5.1.b`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `5.1.b`.
    pub id: String,
    /// The axis it counts in.
    pub axis: String,
    /// Its wording in the référentiel.
    pub label: String,
    /// How much it counts in its axis and criterion, 0.5 to 3.
    #[schemars(range(min = 0.5, max = 3.0))]
    pub weight: f32,
    /// What level 2 looks like.
    pub observed: String,
    /// What level 1 looks like.
    pub partial: String,
    /// What level 0 looks like.
    pub missed: String,
    /// How doubtful cases are settled.
    #[serde(default)]
    pub precision: Option<String>,
    /// Judged on the handoff note rather than on the conversation: not applicable without one, proved by the note's
    /// own words, and no persona refers to it.
    #[serde(default)]
    pub note: bool,
    /// Advice for a mark of 1.
    pub advice_partial: String,
    /// Advice for a mark of 0.
    pub advice_missed: String,
    /// The rules, tried in order: the first whose conditions all hold gives the mark.
    #[schemars(length(min = 1))]
    pub rule: Vec<Rule>,
}

/// One rule of an indicator.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The level it gives.
    pub level: Given,
    /// All of these must hold; an empty list always does (the last rule's).
    pub when: Vec<Condition>,
    /// The reason shown, in French; `{quote}` stands for the first words of evidence.
    pub reason: String,
    /// Which findings are quoted as evidence, best first.
    #[serde(default)]
    pub shows: Vec<Kind>,
    /// For a level 0 or 1 without words to quote: the turn where it was expected.
    #[serde(default)]
    pub expected: Option<Place>,
    /// Whether the rule holds even where the situation says that the indicator does not apply.
    #[serde(default)]
    pub even_if_not_applicable: bool,
}

/// The level a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// 2.
    Observed,
    /// 1.
    Partial,
    /// 0.
    Missed,
    /// Not applicable.
    NotApplicable,
}

/// One condition.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Condition {
    /// At least one of these holds.
    Any {
        /// The alternatives.
        #[schemars(length(min = 1))]
        any: Vec<Condition>,
    },
    /// All of these hold.
    All {
        /// The conditions.
        #[schemars(length(min = 1))]
        all: Vec<Condition>,
    },
    /// None of these holds.
    Not {
        /// The conditions.
        #[schemars(length(min = 1))]
        not: Vec<Condition>,
    },
    /// The situation is of a kind.
    Situation {
        /// Which field.
        situation: Field,
        /// The accepted values (`yes`/`no` for yes-or-no fields).
        #[schemars(length(min = 1))]
        is: Vec<String>,
    },
    /// So many findings of these kinds.
    Seen(Seen),
}

/// Counts findings.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The kinds that count.
    #[schemars(length(min = 1))]
    pub sees: Vec<Kind>,
    /// At least so many (1 if neither bound is given).
    #[serde(default)]
    pub at_least: Option<u16>,
    /// At most so many.
    #[serde(default)]
    pub at_most: Option<u16>,
    /// Only in this part of the conversation.
    #[serde(default, rename = "in")]
    pub place: Option<Place>,
    /// Count different kinds (or ids) rather than occurrences.
    #[serde(default)]
    pub distinct: bool,
    /// Count turns rather than occurrences.
    #[serde(default)]
    pub turns: bool,
    /// Only findings that come after the first finding of this kind.
    #[serde(default)]
    pub after: Option<Kind>,
    /// Only findings that come before the first finding of this kind (all, if there is none).
    #[serde(default)]
    pub before: Option<Kind>,
    /// Only findings in a turn that also shows each of these.
    #[serde(default)]
    pub with: Vec<Kind>,
    /// Only findings in a turn that shows none of these.
    #[serde(default)]
    pub without: Vec<Kind>,
}

/// A part of the conversation, counted in trainee turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The first turn.
    First,
    /// The first two turns.
    Opening,
    /// The first third (at least two turns).
    Early,
    /// The middle.
    Middle,
    /// The last third (at least two turns).
    Late,
    /// The last two turns.
    Closing,
}

/// A field of the situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `required`, `if_tension`, `not_needed`.
    Escalation,
    /// `immediate`, `24h`, `week`, `none`.
    Urgency,
    /// `desk`, `phone`.
    Channel,
    /// `yes`, `no`: whether the person has a vulnerability.
    Vulnerable,
    /// `yes`, `no`: whether tension starts at 6 or more.
    Conflict,
    /// `yes`, `no`: whether a trap counts against this indicator.
    Trapped,
}

impl Field {
    /// What it may be, in a file's words.
    pub const fn values(self) -> &'static [&'static str] {
        match self {
            Field::Escalation => &["required", "if_tension", "not_needed"],
            Field::Urgency => &["immediate", "24h", "week", "none"],
            Field::Channel => &["desk", "phone"],
            Field::Vulnerable | Field::Conflict | Field::Trapped => &["yes", "no"],
        }
    }
}

/// What can be seen in a transcript: an act, or what an act meant in this situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Kind {
    /// An act of the trainee.
    Act(Act),
    /// Something seen against the situation.
    Found(Found),
}

/// What is seen against the situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// A turn of the trainee (counts turns).
    Turn,
    /// A fact of the situation is asked for.
    FactAsked,
    /// A question on when, since when, how long.
    AsksWhen,
    /// A question on where.
    AsksWhere,
    /// A question on the nature: what, which, how.
    AsksWhat,
    /// A question on who is concerned.
    AsksWho,
    /// A question on quantity.
    AsksHowMuch,
    /// The name, address or file is checked, or was shown.
    IdentityChecked,
    /// The file is spoken of before the identity is checked.
    FileBeforeIdentity,
    /// A told fact is said back rightly.
    Restated,
    /// A fact is said back wrongly.
    RestatedWrong,
    /// A reformulation that the other confirmed.
    Confirmed,
    /// A reformulation that the other corrected.
    Corrected,
    /// A figure, date, place or name of the landlord's screen or of the exchange is used.
    FactUsed,
    /// A figure that stands neither on the screen nor in the exchange.
    Invented,
    /// A rule of the situation, rightly.
    RuleRight,
    /// A rule of the situation, wrongly.
    RuleWrong,
    /// A next step of the situation.
    Step,
    /// A safety-relevant or first next step.
    NeedMet,
    /// The right urgency.
    UrgencyRight,
    /// A trap against this indicator.
    Trap,
    /// A trap against this indicator, met and avoided.
    TrapAvoided,
    /// Any trap.
    AnyTrap,
    /// An expected service named.
    ServiceExpected,
    /// An acceptable service named.
    ServiceAccepted,
    /// Another service named as the one that deals with it.
    ServiceWrong,
    /// A service spoken of without a name: « le service concerné ».
    ServiceVague,
    /// A third person of `escalate_to` called in.
    RelayRight,
    /// Another third person called in.
    RelayOther,
    /// A third person left vague: « quelqu'un ».
    RelayVague,
    /// The character asks for an explanation of a word.
    WordAsked,
    /// The character shows satisfaction or relief.
    Appeased,
    /// The character shows irritation.
    Irritated,
    /// The character insults, threatens.
    CharacterThreatens,
    /// Words that came once the other, speaking aloud, had finished.
    LetFinish,
    /// The character broke off.
    BrokeOff,
    /// Tension, measured or estimated, fell by two or more from its highest.
    TensionFell,
    /// Tension, measured or estimated, ended above its start.
    TensionRose,
    /// The handoff note names an expected service.
    HandoffRight,
    /// The handoff note names an acceptable service.
    HandoffAccepted,
    /// The handoff note names another service.
    HandoffWrong,
    /// The handoff note states the right urgency.
    HandoffUrgencyRight,
    /// The handoff note states another urgency.
    HandoffUrgencyWrong,
    /// A fact of the situation stands in the handoff note.
    HandoffFact,
}
