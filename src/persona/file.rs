//! The exact shape of a persona file, `personas/<id>.toml`: what a trainer writes.
//!
//! Input: TOML. Output: [`PersonaFile`], shape checked, meaning not yet ([`super::load`] does that).
//! Invariant: every field a file may hold is here or in the parts named here, with its meaning; unknown fields are
//! refused. Ranges and least counts stand in the `schemars` attributes: editors show them and loading checks them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expects::Expects;
use super::fact::{Answer, FactEntry, Topic};
use super::lines::{Cues, Lines, SmallTalk};
use super::shape::{every_stimulus, every_topic};
use super::temper::{Reaction, Stimulus, Temper, Trigger};
use crate::fault::SLUG;

/// A written character and situation.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonaFile {
    /// Lower-case letters, digits and hyphens; the same as the file's name.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// Title on the card: « Troisième appel pour une fuite ».
    #[schemars(length(max = 80))]
    pub title: String,
    /// Family of complaint, for filters and exam draws.
    pub family: Family,
    /// Desk or phone.
    pub channel: Channel,
    /// 1 (accessible) to 3 (demanding).
    #[schemars(range(min = 1, max = 3))]
    pub difficulty: u8,
    /// Usual length of the exchange, in minutes (2 to 30).
    #[schemars(range(min = 2, max = 30))]
    pub minutes: u8,
    /// One sentence for the card, without giving the need away.
    #[schemars(length(max = 200))]
    pub summary: String,
    /// What it trains, in the trainee's words: two to four short phrases.
    #[schemars(length(min = 2, max = 4))]
    pub trains: Vec<String>,
    /// What the person really needs (never shown before the scorecard).
    pub need: String,
    /// What the trainee sees and hears before starting.
    pub scene: String,
    /// The first words of the character, verbatim.
    pub opening: String,
    /// Who it is.
    pub caller: Caller,
    /// The landlord's screen.
    pub screen: Screen,
    /// Mood at the start, where it breaks, what moves it.
    pub temper: Temper,
    /// What the character knows, in the order in which it comes out.
    #[schemars(length(min = 1))]
    pub fact: Vec<FactEntry>,
    /// Answers to what any caller can be asked.
    #[schemars(schema_with = "every_topic")]
    pub identity: BTreeMap<Topic, Answer>,
    /// How it takes each kind of thing a receptionist may do. Every [`Stimulus`] must be there.
    #[schemars(schema_with = "every_stimulus")]
    pub reactions: BTreeMap<Stimulus, Reaction>,
    /// Reactions of this person only, to things only said here.
    #[serde(default)]
    pub trigger: Vec<Trigger>,
    /// Small talk it can hold.
    pub small_talk: Vec<SmallTalk>,
    /// Everything else it says.
    pub lines: Lines,
    /// At the desk: short visible cues, in the third person, shown in italics. Empty on the phone.
    #[serde(default)]
    pub cues: Option<Cues>,
    /// What a good exchange contains.
    pub expects: Expects,
    /// Ids of the rubric's indicators that do not apply here.
    pub not_applicable: Vec<String>,
    /// For each indicator, a sentence that a good receptionist could say in this very situation.
    pub examples: BTreeMap<String, String>,
}

/// Where the conversation takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Face to face at the counter.
    Desk,
    /// On the telephone.
    Phone,
}

/// Family of situations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Breakdowns and repairs.
    Technique,
    /// Rent, charges, lease, papers, data.
    Administrative,
    /// Hardship, vulnerability, violence.
    Sociale,
    /// Applications and transfers.
    Demande,
    /// Neighbours and tranquillity.
    Voisinage,
}

/// The person who calls or comes.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// Full name.
    pub name: String,
    /// How a receptionist addresses the person: « Monsieur Belkacem ».
    pub address_as: String,
    /// Years, 18 to 110.
    #[schemars(range(min = 18, max = 110))]
    pub age: u8,
    /// `f` or `m`.
    pub sex: Sex,
    /// Tenant, applicant, third party, as the record puts it.
    pub status: String,
    /// How the person speaks.
    pub register: String,
    /// On the phone, what the handset shows (« 06 12 45 78 90 », « Numéro masqué »). Absent at the desk.
    #[serde(default)]
    pub handset: Option<String>,
    /// Vulnerabilities, as the grid's 6.1.b understands them.
    pub vulnerabilities: Vec<String>,
}

/// For agreement in French and, later, the choice of a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Feminine.
    F,
    /// Masculine.
    M,
}

/// The landlord's software as the trainee sees it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Lines, verbatim.
    #[schemars(length(min = 1))]
    pub lines: Vec<String>,
}
