//! What a character knows, and how it is asked for and said.
//!
//! Output: the parts `[[fact]]` and `[identity]` of a persona file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::says;
use crate::fault::SLUG;

/// Several wordings of one thing: one list for any mood, or one for each.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Says {
    /// For any mood.
    Any(Vec<String>),
    /// By mood.
    ByMood {
        /// Tension of 5 or less.
        calm: Vec<String>,
        /// Tension of 6 or more.
        tense: Vec<String>,
    },
}

impl Says {
    /// Every wording, whatever the mood.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let (first, second): (&[String], &[String]) = match self {
            Says::Any(list) => (list, &[]),
            Says::ByMood { calm, tense } => (calm, tense),
        };
        first.iter().chain(second)
    }
}

/// One thing the character knows.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactEntry {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// The fact, told in the third person: what the trainer reads.
    pub text: String,
    /// A short noun phrase for lists: « où se trouve la fuite ».
    #[schemars(length(max = 80))]
    pub label: String,
    /// When it may be told.
    pub access: Access,
    /// For `access = "trust"`: told when asked or approached, once trust reaches this (1 to 10).
    #[serde(default = "five")]
    #[schemars(range(min = 1, max = 10))]
    pub trust: u8,
    /// At least fifteen questions that ask for it, as varied as people are: formal, colloquial, indirect
    /// (« j'aurais besoin de savoir… »), hurried (« c ou svp »), dictated without punctuation.
    #[schemars(length(min = 15))]
    pub asked_by: Vec<String>,
    /// Words or short phrases which, in any question, point to this fact rather than to another.
    #[schemars(length(min = 1))]
    pub about: Vec<String>,
    /// Words or short phrases that are said only when this fact is told (figures in words and digits, names,
    /// rare nouns). They recognise the fact in a transcript and may stand in no line that can come earlier.
    #[schemars(length(min = 1))]
    pub marks: Vec<String>,
    /// Words or short phrases by which a receptionist restates it.
    #[schemars(length(min = 1))]
    pub restated_by: Vec<String>,
    /// How it is said: three wordings calm, three tense.
    #[schemars(schema_with = "says::<3>")]
    pub says: Says,
    /// When asked again: at least two shorter wordings.
    #[schemars(length(min = 2))]
    pub again: Vec<String>,
    /// For `access = "trust"`: at least three ways of not telling it yet.
    #[serde(default)]
    pub withheld: Vec<String>,
}

/// When a fact may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Comes out by itself (and when asked).
    Volunteered,
    /// Only when asked.
    Asked,
    /// When asked or approached, and only if trust is high enough.
    Trust,
}

/// What any caller can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Name.
    Name,
    /// Its spelling.
    Spelling,
    /// Address, building, floor, flat.
    Address,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// Date of birth.
    BirthDate,
    /// Since when a tenant, or since when the application.
    TenantSince,
    /// When the person can be met or called.
    Availability,
    /// Tenant or application number, identity paper.
    FileNumber,
    /// Who lives there.
    Household,
    /// Trade or working hours.
    Job,
    /// Why the person calls or comes (the request again, otherwise said).
    Reason,
    /// What the person would like, hopes for.
    Wish,
    /// How the person is, right now.
    Feeling,
}

impl Topic {
    /// Every topic: a persona answers them all.
    pub const ALL: &'static [Topic] = &[
        Topic::Name,
        Topic::Spelling,
        Topic::Address,
        Topic::Phone,
        Topic::Email,
        Topic::BirthDate,
        Topic::TenantSince,
        Topic::Availability,
        Topic::FileNumber,
        Topic::Household,
        Topic::Job,
        Topic::Reason,
        Topic::Wish,
        Topic::Feeling,
    ];

    /// The key in `[identity]`.
    pub const fn name(self) -> &'static str {
        match self {
            Topic::Name => "name",
            Topic::Spelling => "spelling",
            Topic::Address => "address",
            Topic::Phone => "phone",
            Topic::Email => "email",
            Topic::BirthDate => "birth_date",
            Topic::TenantSince => "tenant_since",
            Topic::Availability => "availability",
            Topic::FileNumber => "file_number",
            Topic::Household => "household",
            Topic::Job => "job",
            Topic::Reason => "reason",
            Topic::Wish => "wish",
            Topic::Feeling => "feeling",
        }
    }
}

/// An answer of one's own, or the fact that answers.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    /// At least three wordings of the same answer, that never contradict each other.
    Says(#[schemars(schema_with = "says::<3>")] Says),
    /// This fact answers (and is told or withheld by its own access).
    Fact {
        /// Id of the fact.
        fact: String,
    },
}

const fn five() -> u8 {
    5
}
