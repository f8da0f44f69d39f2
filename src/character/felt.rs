//! What a trainee's turn sets off in the character: stimuli and triggers, before any mood is counted.
//!
//! Input: [`Heard`]. Output: [`Felt`]s, each at most once. Invariant: a stimulus stands for one act or one plain
//! fact of the turn; nothing here depends on mood.

use crate::act::Act;
use crate::hearing::{Heard, Shown};
use crate::persona::{Persona, Stimulus};

/// Words without a break beyond which listening gets hard.
const MONOLOGUE_WORDS: u16 = 90;

/// What moves a mood or calls for a reaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A kind of thing that the persona reacts to.
    Stimulus(Stimulus),
    /// Something only said in this situation: index of `trigger`.
    Trigger(usize),
    /// The character's demand was left without any answer for as long as it has patience.
    Ignored,
    /// Asked once more what it has already said twice.
    AskedAgain,
    /// Silence that lasts.
    Silence,
    /// More than a minute on hold.
    LongHold,
    /// On hold for the third time or more.
    HeldAgain,
    /// Transferred to a service that cannot help.
    WrongTransfer,
    /// The trainee ended it without having offered anything.
    CutShort,
}

impl Cause {
    /// The name under which [`super::MoodMove`] records it.
    pub fn key(&self, persona: &Persona) -> String {
        match self {
            Cause::Stimulus(stimulus) => stimulus.name().to_owned(),
            Cause::Trigger(at) => format!("trigger:{}", persona.file().trigger[*at].id),
            Cause::Ignored => "ignored".to_owned(),
            Cause::AskedAgain => "asked_again".to_owned(),
            Cause::Silence => "silence".to_owned(),
            Cause::LongHold => "long_hold".to_owned(),
            Cause::HeldAgain => "held_again".to_owned(),
            Cause::WrongTransfer => "wrong_transfer".to_owned(),
            Cause::CutShort => "cut_short".to_owned(),
        }
    }
}

/// One thing felt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Felt {
    /// What.
    pub cause: Cause,
    /// Whether it was plain enough to move the mood (a reformulation that names nothing is only confirmed).
    pub counts: bool,
    /// Whether it did move the mood in this turn.
    pub moved: bool,
}

impl Felt {
    pub(super) fn of(stimulus: Stimulus) -> Felt {
        Felt { cause: Cause::Stimulus(stimulus), counts: true, moved: false }
    }

    /// Whether it is this stimulus.
    pub fn is(&self, stimulus: Stimulus) -> bool {
        self.cause == Cause::Stimulus(stimulus)
    }
}

/// Everything a turn of speech sets off, in no order of importance.
pub(super) fn felt(persona: &Persona, heard: &Heard) -> Vec<Felt> {
    let mut all: Vec<Felt> = Vec::new();
    for trigger in &heard.triggers {
        if let Some(at) = persona.file().trigger.iter().position(|written| written.id == trigger.id) {
            push(&mut all, Felt { cause: Cause::Trigger(at), counts: true, moved: false });
        }
    }
    for shown in &heard.acts {
        if let Some(stimulus) = stimulus_of(shown.act).filter(|_| !belied(heard, shown)) {
            push(&mut all, Felt::of(stimulus));
        }
    }
    if let Some(restated) = restatement(heard) {
        push(&mut all, restated);
    }
    if heard.words > MONOLOGUE_WORDS {
        push(&mut all, Felt::of(Stimulus::Monologue));
    }
    if !heard.rules.is_empty() {
        push(&mut all, Felt::of(Stimulus::Explanation));
    }
    if !heard.steps.is_empty() && !ACTING.iter().any(|act| heard.did(*act)) {
        push(&mut all, Felt::of(Stimulus::Proposal));
    }
    // A date given makes up for « on vous rappellera », a reserve for a guarantee.
    if heard.did(Act::FollowUp) {
        all.retain(|felt| !felt.is(Stimulus::VagueFollowUp));
    }
    if heard.did(Act::Caution) {
        all.retain(|felt| !felt.is(Stimulus::Promise));
    }
    all
}

/// Whether the same words do something that goes against this act: what asks does not also tell, promise or hurry, a
/// date given does not send away, what listens does not refuse.
fn belied(heard: &Heard, shown: &Shown) -> bool {
    let asks = || {
        let facts = heard.asked.iter().map(|fact| &fact.quote);
        facts.chain(heard.topics.iter().map(|topic| &topic.quote)).any(|quote| *quote == shown.quote)
    };
    let also = |acts: &[Act]| heard.acts.iter().any(|other| acts.contains(&other.act) && other.quote == shown.quote);
    match shown.act {
        Act::Jargon | Act::VagueRule | Act::Promise | Act::Disclosure | Act::Impatience | Act::Judgement => asks(),
        Act::VagueFollowUp => asks() || also(&[Act::FollowUp]),
        Act::Refusal => asks() || also(&[Act::Acknowledgement, Act::Empathy]),
        Act::Dismissal => also(&[Act::FollowUp]),
        _ => false,
    }
}

fn push(all: &mut Vec<Felt>, one: Felt) {
    if !all.iter().any(|felt| felt.cause == one.cause) {
        all.push(one);
    }
}

/// How saying back is taken: an error is corrected whether or not the trainee meant to reformulate.
fn restatement(heard: &Heard) -> Option<Felt> {
    if heard.restated.iter().any(|fact| !fact.right) {
        return Some(Felt::of(Stimulus::ReformulationWrong));
    }
    let names_something = !heard.restated.is_empty() || heard.need.is_some();
    (heard.did(Act::Reformulation) || (heard.did(Act::Validation) && names_something))
        .then(|| Felt { counts: names_something, ..Felt::of(Stimulus::ReformulationRight) })
}

/// Acts by which the trainee already acts: a step recognised beside them is not one more proposal.
const ACTING: &[Act] = &[
    Act::Proposal,
    Act::Transmission,
    Act::Referral,
    Act::Relay,
    Act::FollowUp,
    Act::Instruction,
    Act::Safety,
    Act::Explanation,
    Act::Involvement,
];

fn stimulus_of(act: Act) -> Option<Stimulus> {
    Some(match act {
        Act::Greeting | Act::Introduction => Stimulus::Greeting,
        Act::Welcome => Stimulus::Welcome,
        Act::Thanks => Stimulus::Thanks,
        Act::Familiarity => Stimulus::Familiarity,
        Act::Acknowledgement | Act::Echo => Stimulus::Acknowledgement,
        Act::Empathy => Stimulus::Empathy,
        Act::AngerNamed => Stimulus::AngerNamed,
        Act::Belief => Stimulus::Belief,
        Act::Prompt => Stimulus::Prompt,
        Act::QuestionBurst => Stimulus::QuestionBurst,
        Act::ComprehensionCheck => Stimulus::ComprehensionCheck,
        Act::AnythingElse => Stimulus::AnythingElse,
        Act::Explanation | Act::Example => Stimulus::Explanation,
        Act::Jargon => Stimulus::Jargon,
        Act::VagueRule => Stimulus::VagueRule,
        Act::Apology => Stimulus::Apology,
        Act::Boundary => Stimulus::Boundary,
        Act::CalmOrder => Stimulus::CalmOrder,
        Act::Defensive => Stimulus::Defensive,
        Act::Judgement => Stimulus::Judgement,
        Act::Doubt => Stimulus::Doubt,
        Act::Irony => Stimulus::Irony,
        Act::Aggression => Stimulus::Aggression,
        Act::Threat => Stimulus::Threat,
        Act::Discrimination => Stimulus::Discrimination,
        Act::Minimising => Stimulus::Minimising,
        Act::Dismissal => Stimulus::Dismissal,
        Act::Impatience => Stimulus::Impatience,
        Act::Interruption => Stimulus::Interrupted,
        Act::Discretion => Stimulus::Discretion,
        Act::Adaptation => Stimulus::Adaptation,
        Act::Safety => Stimulus::Safety,
        Act::Referral => Stimulus::Referral,
        Act::Relay => Stimulus::Relay,
        Act::Proposal | Act::Transmission => Stimulus::Proposal,
        Act::Instruction => Stimulus::Instruction,
        Act::Involvement => Stimulus::Involvement,
        Act::FollowUp => Stimulus::FollowUp,
        Act::VagueFollowUp => Stimulus::VagueFollowUp,
        Act::Promise => Stimulus::Promise,
        Act::Caution => Stimulus::Caution,
        Act::Refusal => Stimulus::Refusal,
        Act::Hold => Stimulus::Hold,
        Act::Disclosure => Stimulus::Disclosure,
        Act::Farewell
        | Act::MechanicalAck
        | Act::OpenQuestion
        | Act::ClosedQuestion
        | Act::IdentityQuestion
        | Act::Reformulation
        | Act::Validation
        | Act::FormalCheck
        | Act::Urgency
        | Act::RelayReason
        | Act::SmallTalk => return None,
    })
}

/// Whether the turn neither asks, nor listens, nor helps: the character's demand stands as it stood.
pub(super) fn leaves_alone(heard: &Heard) -> bool {
    let nothing_found = heard.questions == 0
        && heard.asked.is_empty()
        && heard.topics.is_empty()
        && heard.restated.is_empty()
        && heard.rules.is_empty()
        && heard.steps.is_empty()
        && heard.need.is_none()
        && heard.urgency.is_none()
        && !heard.asks_to_repeat;
    // A long statement without a harsh word is an answer, even where no act was recognised in it.
    nothing_found && heard.words < 15 && heard.acts.iter().all(|shown| EMPTY.contains(&shown.act))
}

/// Acts that leave the other where it was.
const EMPTY: &[Act] = &[
    Act::Greeting,
    Act::Introduction,
    Act::MechanicalAck,
    Act::FormalCheck,
    Act::SmallTalk,
    Act::Thanks,
    Act::Familiarity,
    Act::Jargon,
    Act::VagueRule,
    Act::VagueFollowUp,
    Act::CalmOrder,
    Act::Defensive,
    Act::Judgement,
    Act::Doubt,
    Act::Irony,
    Act::Aggression,
    Act::Threat,
    Act::Discrimination,
    Act::Minimising,
    Act::Dismissal,
    Act::Impatience,
    Act::Interruption,
    Act::Refusal,
];

/// Whether the trainee offered something: a solution, a service, a date, a third person, a step.
pub(super) fn offers(heard: &Heard) -> bool {
    const OFFERS: &[Act] =
        &[Act::Proposal, Act::Transmission, Act::Referral, Act::Relay, Act::FollowUp, Act::Safety, Act::Discretion];
    !heard.steps.is_empty() || OFFERS.iter().any(|act| heard.did(*act))
}
