//! The exact shape of a persona file, `personas/<id>.toml`: what a trainer writes.
//!
//! Input: TOML. Output: [`PersonaFile`], shape checked, meaning not yet ([`super::load`] does that).
//! Invariant: every field a file may hold is here, with its meaning; unknown fields are refused. Ranges and
//! least counts stand in the `schemars` attributes: editors show them and loading checks them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{every_stimulus, every_topic, says};
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

/// How the person's mood moves. Tension and trust go from 0 to 10.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Temper {
    /// Tension at the first words, 0 to 10.
    #[schemars(range(min = 0, max = 10))]
    pub tension: u8,
    /// Trust at the first words, 0 to 10.
    #[schemars(range(min = 0, max = 10))]
    pub trust: u8,
    /// At this tension the person breaks off, 1 to 10.
    #[schemars(range(min = 1, max = 10))]
    pub breaking_point: u8,
    /// Tension does not go below this by kindness alone, 0 to 10; `lifted_by` lifts it.
    #[serde(default)]
    #[schemars(range(min = 0, max = 10))]
    pub floor: u8,
    /// Ids of `expects.next_step` (or `need`): once this many are done (`lift_after`), the floor is gone.
    #[serde(default = "one")]
    pub lift_after: u8,
    /// What happens at the breaking point, told in the third person.
    pub at_break: String,
    /// Described for people: what makes it worse.
    pub raises: Vec<String>,
    /// Described for people: what helps.
    pub lowers: Vec<String>,
    /// After this many trainee turns that neither ask, listen nor help, tension rises (1 to 6).
    #[serde(default = "two")]
    #[schemars(range(min = 1, max = 6))]
    pub patience: u8,
}

const fn one() -> u8 {
    1
}
const fn two() -> u8 {
    2
}
const fn five() -> u8 {
    5
}

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

macro_rules! stimuli {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// What a character can react to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Stimulus { $($(#[$doc])* $variant,)+ }

        impl Stimulus {
            /// Every stimulus: a persona reacts to them all.
            pub const ALL: &'static [Stimulus] = &[$(Stimulus::$variant,)+];

            /// The key in `[reactions]`.
            pub const fn name(self) -> &'static str { match self { $(Stimulus::$variant => $name,)+ } }
        }
    };
}

stimuli! {
    /// Greeted, or the receptionist introduces herself.
    Greeting = "greeting";
    /// A seat, time, attention offered.
    Welcome = "welcome";
    /// Thanked.
    Thanks = "thanks";
    /// « Tu », familiar.
    Familiarity = "familiarity";
    /// « Je vous entends ».
    Acknowledgement = "acknowledgement";
    /// Hardship recognised.
    Empathy = "empathy";
    /// Anger recognised.
    AngerNamed = "anger_named";
    /// Believed, told to have done well.
    Belief = "belief";
    /// Encouraged to go on.
    Prompt = "prompt";
    /// Request restated rightly: lines confirm.
    ReformulationRight = "reformulation_right";
    /// Request restated with an error: lines correct (without giving untold facts).
    ReformulationWrong = "reformulation_wrong";
    /// Asked whether it is clear.
    ComprehensionCheck = "comprehension_check";
    /// Asked whether there is anything else.
    AnythingElse = "anything_else";
    /// Something explained.
    Explanation = "explanation";
    /// A trade term unexplained: lines ask what it means or complain.
    Jargon = "jargon";
    /// « C'est la règle ».
    VagueRule = "vague_rule";
    /// An apology.
    Apology = "apology";
    /// A calm frame set.
    Boundary = "boundary";
    /// « Calmez-vous ».
    CalmOrder = "calm_order";
    /// « Ce n'est pas moi ».
    Defensive = "defensive";
    /// Judged, lectured.
    Judgement = "judgement";
    /// Doubted.
    Doubt = "doubt";
    /// Irony, a sigh.
    Irony = "irony";
    /// Insulted.
    Aggression = "aggression";
    /// Threatened.
    Threat = "threat";
    /// A discriminatory remark heard (approved or aimed at the person).
    Discrimination = "discrimination";
    /// Minimised.
    Minimising = "minimising";
    /// Sent away: later, the website, elsewhere.
    Dismissal = "dismissal";
    /// Hurried.
    Impatience = "impatience";
    /// Three questions or more at once.
    QuestionBurst = "question_burst";
    /// More than about 90 words without a break.
    Monologue = "monologue";
    /// Discretion offered.
    Discretion = "discretion";
    /// Adapted to: slower, louder, together.
    Adaptation = "adaptation";
    /// A safety instruction: lines say it is being done.
    Safety = "safety";
    /// A service named for this request.
    Referral = "referral";
    /// A third person called in.
    Relay = "relay";
    /// A solution proposed.
    Proposal = "proposal";
    /// Told to do something.
    Instruction = "instruction";
    /// Asked for agreement or preference: lines agree or choose.
    Involvement = "involvement";
    /// A dated follow-up.
    FollowUp = "follow_up";
    /// « On vous rappellera ».
    VagueFollowUp = "vague_follow_up";
    /// A guarantee given.
    Promise = "promise";
    /// Told what cannot be promised.
    Caution = "caution";
    /// Something refused.
    Refusal = "refusal";
    /// A disclosure about someone else.
    Disclosure = "disclosure";
    /// Asked to wait.
    Hold = "hold";
}

/// How the character takes one kind of thing.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// Change of tension, -3 to 3.
    #[serde(default)]
    #[schemars(range(min = -3, max = 3))]
    pub tension: i8,
    /// Change of trust, -3 to 3.
    #[serde(default)]
    #[schemars(range(min = -3, max = 3))]
    pub trust: i8,
    /// How many times in one conversation it moves the mood (0: always). Soothing acts wear out.
    #[serde(default = "two")]
    pub limit: u8,
    /// Why the mood moved, for the tension curve: « Vous avez reconnu sa colère. » Required if it moves.
    #[serde(default)]
    pub why: String,
    /// At least two wordings (may be empty for greeting, hold, acknowledgement and the like: then it just goes on).
    pub says: Says,
}

/// A reaction to something only said in this situation.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = SLUG))]
    pub id: String,
    /// At least six sentences of a receptionist that set it off.
    #[schemars(length(min = 6))]
    pub heard: Vec<String>,
    /// Change of tension, -3 to 3.
    #[serde(default)]
    #[schemars(range(min = -3, max = 3))]
    pub tension: i8,
    /// Change of trust, -3 to 3.
    #[serde(default)]
    #[schemars(range(min = -3, max = 3))]
    pub trust: i8,
    /// How many times it moves the mood (0: always).
    #[serde(default = "one")]
    pub limit: u8,
    /// Why the mood moved.
    pub why: String,
    /// At least two wordings.
    #[schemars(schema_with = "says::<2>")]
    pub says: Says,
}

/// A bit of small talk.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallTalk {
    /// At least three things a receptionist may say.
    #[schemars(length(min = 3))]
    pub heard: Vec<String>,
    /// At least two answers.
    #[schemars(schema_with = "says::<2>")]
    pub says: Says,
}

/// What the character says when nothing else answers.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// The question was not understood: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub not_understood: Says,
    /// « I don't know that »: a question about the situation it has no answer to; at least four.
    #[schemars(schema_with = "says::<4>")]
    pub does_not_know: Says,
    /// Something without a question was said: short acknowledgements; at least ten calm and ten tense.
    #[schemars(schema_with = "says::<10>")]
    pub listens: Says,
    /// Comes back to what it wants: at least ten calm and ten tense.
    #[schemars(schema_with = "says::<10>")]
    pub presses: Says,
    /// Its own question was left without an answer: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub ignored: Says,
    /// Nothing was said: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub silence: Says,
    /// Asked to say it again: at least three openings (« Je vous disais que… »), the answer follows.
    #[schemars(schema_with = "says::<3>")]
    pub repeats: Says,
    /// Put on hold: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_start: Says,
    /// Back from a short hold: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_back: Says,
    /// Back from a long hold (over a minute): at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_long: Says,
    /// Transferred to a service that fits: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub transferred: Says,
    /// Transferred to a service that does not: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub transferred_wrong: Says,
    /// A colleague is called in: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub colleague: Says,
    /// The manager is called in: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub manager: Says,
    /// Close to the breaking point: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub warns: Says,
    /// Breaks off: at least three.
    #[schemars(length(min = 3))]
    pub breaks_off: Vec<String>,
    /// Ends content (help received, calm): at least three.
    #[schemars(length(min = 3))]
    pub ends_content: Vec<String>,
    /// Ends without more: at least three.
    #[schemars(length(min = 3))]
    pub ends_neutral: Vec<String>,
    /// Ends unsatisfied: at least three.
    #[schemars(length(min = 3))]
    pub ends_tense: Vec<String>,
}

/// Visible cues at the desk.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cues {
    /// Tension of 5 or less: at least five.
    #[schemars(length(min = 5))]
    pub calm: Vec<String>,
    /// Tension of 6 or more: at least five.
    #[schemars(length(min = 5))]
    pub tense: Vec<String>,
    /// When tension rises: at least four.
    #[schemars(length(min = 4))]
    pub rising: Vec<String>,
    /// When tension falls: at least four.
    #[schemars(length(min = 4))]
    pub falling: Vec<String>,
}

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
