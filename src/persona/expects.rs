//! What a good exchange contains in this situation, and what must not happen.
//!
//! Output: the part `[expects]` of a persona file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::SLUG;

/// What a good exchange contains, and what must not happen.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expects {
    /// Services of the directory that deal with the request.
    #[schemars(length(min = 1))]
    pub services: Vec<String>,
    /// Services that are acceptable.
    pub also_accept: Vec<String>,
    /// How soon someone must act.
    pub urgency: Urgency,
    /// Whether a third person must be called in.
    pub escalation: Escalation,
    /// Who may be called in.
    pub escalate_to: Vec<String>,
    /// At least eight receptionist sentences showing that the real need was understood.
    #[schemars(length(min = 8))]
    pub need_heard: Vec<String>,
    /// At least eight receptionist sentences that state or act on the right degree of urgency.
    #[schemars(length(min = 8))]
    pub urgency_heard: Vec<String>,
    /// Rules of law that apply.
    pub rules: Vec<Rule>,
    /// What to do next.
    #[schemars(length(min = 1))]
    pub next_step: Vec<NextStep>,
    /// Faults that this situation invites.
    pub traps: Vec<Trap>,
}

/// How soon someone must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// At once.
    Immediate,
    /// Within a day.
    #[serde(rename = "24h")]
    Day,
    /// Within the week.
    Week,
    /// No hurry.
    None,
}

/// Whether a third person must be called in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// Always.
    Required,
    /// If tension does not fall.
    IfTension,
    /// No.
    NotNeeded,
}

/// A rule of law or procedure.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// The rule in plain words.
    pub text: String,
    /// Its source.
    pub source: String,
    /// At least eight receptionist sentences that state it rightly.
    #[schemars(length(min = 8))]
    pub heard: Vec<String>,
    /// At least three sentences that state it wrongly.
    #[serde(default)]
    pub wrong: Vec<String>,
}

/// Something to do about it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// The step, in plain words.
    pub text: String,
    /// At least eight receptionist sentences that do or announce it.
    #[schemars(length(min = 8))]
    pub heard: Vec<String>,
}

/// A fault that this situation invites.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trap {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// The fault, in plain words.
    pub text: String,
    /// The indicator it counts against.
    pub against: String,
    /// At least eight receptionist sentences that fall into it.
    #[schemars(length(min = 8))]
    pub heard: Vec<String>,
    /// At least five sentences that come near it and do not fall (a tactful refusal, an honest reserve).
    #[schemars(length(min = 5))]
    pub avoided: Vec<String>,
}
