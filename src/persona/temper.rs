//! A character's mood: where it starts and breaks, and what moves it.
//!
//! Output: the parts `[temper]`, `[reactions]` and `[[trigger]]` of a persona file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::Says;
use super::shape::says;
use crate::fault::SLUG;

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
    /// Cut short while speaking: lines take the floor back.
    Interrupted = "interrupted";
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

const fn one() -> u8 {
    1
}

const fn two() -> u8 {
    2
}
