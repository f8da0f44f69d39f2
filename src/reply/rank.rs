//! Which reaction matters most: a reply voices one only.
//!
//! Input: what was felt. Output: the same, most important first, and whether each fits beside an answer.
//! Invariant: what hurts comes before what helps, what helps before mere courtesy.

use crate::act::Act;
use crate::character::{Cause, Effect, Felt};
use crate::hearing::Heard;
use crate::persona::{Persona, Stimulus};

/// From most to least important. Questions that call for agreement are answers, not reactions: they are not here.
const ORDER: &[Stimulus] = &[
    Stimulus::Aggression,
    Stimulus::Threat,
    Stimulus::Discrimination,
    // Triggers that hurt come here.
    Stimulus::Judgement,
    Stimulus::Doubt,
    Stimulus::Dismissal,
    Stimulus::CalmOrder,
    Stimulus::Minimising,
    Stimulus::Irony,
    Stimulus::Familiarity,
    Stimulus::ReformulationWrong,
    Stimulus::Defensive,
    Stimulus::Impatience,
    Stimulus::Interrupted,
    Stimulus::Disclosure,
    Stimulus::VagueRule,
    Stimulus::QuestionBurst,
    Stimulus::Monologue,
    // Triggers that help come here.
    Stimulus::VagueFollowUp,
    Stimulus::Refusal,
    Stimulus::Jargon,
    Stimulus::Relay,
    Stimulus::Safety,
    Stimulus::ReformulationRight,
    Stimulus::FollowUp,
    Stimulus::Proposal,
    Stimulus::Promise,
    Stimulus::Discretion,
    Stimulus::Adaptation,
    Stimulus::AngerNamed,
    Stimulus::Apology,
    Stimulus::Belief,
    Stimulus::Empathy,
    Stimulus::Boundary,
    Stimulus::Hold,
    Stimulus::Explanation,
    Stimulus::Referral,
    Stimulus::Caution,
    Stimulus::Instruction,
    Stimulus::Welcome,
    Stimulus::Prompt,
    Stimulus::Acknowledgement,
    Stimulus::Thanks,
    Stimulus::Greeting,
];

/// What was felt, most important first.
pub(super) fn ranked(persona: &Persona, effect: &Effect, heard: &Heard) -> Vec<Felt> {
    let place = |stimulus| ORDER.iter().position(|one| *one == stimulus);
    let mut ranked: Vec<(usize, Felt)> = effect
        .felt
        .iter()
        .filter_map(|felt| {
            let rank = match &felt.cause {
                // « C'est bien cela ? » wants its yes before anything else is taken up.
                Cause::Stimulus(Stimulus::ReformulationRight) if heard.did(Act::Validation) => {
                    place(Stimulus::Monologue)
                }
                Cause::Stimulus(stimulus) => place(*stimulus),
                Cause::Trigger(_) if hurts(persona, &felt.cause) => place(Stimulus::Discrimination),
                Cause::Trigger(_) => place(Stimulus::Monologue),
                _ => None,
            };
            rank.map(|rank| (rank, felt.clone()))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, felt)| felt).collect()
}

/// Whether this person is hurt by it, as its file says.
pub(super) fn hurts(persona: &Persona, cause: &Cause) -> bool {
    let (tension, trust) = match cause {
        Cause::Stimulus(stimulus) => {
            persona.file().reactions.get(stimulus).map_or((0, 0), |written| (written.tension, written.trust))
        }
        Cause::Trigger(at) => (persona.file().trigger[*at].tension, persona.file().trigger[*at].trust),
        _ => (0, 0),
    };
    tension > 0 || trust < 0
}

/// Something that hurt is voiced, but a passing annoyance neither beside an answer nor once it has worn out.
pub(super) fn voiced_when_hurt(felt: &Felt, answering: bool) -> bool {
    const PASSING: &[Stimulus] =
        &[Stimulus::Jargon, Stimulus::Refusal, Stimulus::VagueFollowUp, Stimulus::Monologue, Stimulus::Hold];
    let passing = matches!(&felt.cause, Cause::Stimulus(stimulus) if PASSING.contains(stimulus));
    // Whoever was cut short says so for as long as it weighs, and answers all the same.
    (!passing || (felt.moved && !answering)) && (felt.moved || !felt.is(Stimulus::Interrupted))
}

/// Something kind is voiced if it touched, or if it was not voiced lately (`since` replies ago). Beside an answer
/// only what touched is.
pub(super) fn voiced_when_kind(felt: &Felt, answering: bool, since: Option<u32>) -> bool {
    const TOUCHING: &[Stimulus] = &[
        Stimulus::AngerNamed,
        Stimulus::Apology,
        Stimulus::Empathy,
        Stimulus::Belief,
        Stimulus::ReformulationRight,
        Stimulus::Discretion,
        Stimulus::Adaptation,
        Stimulus::Boundary,
    ];
    const COURTESIES: &[Stimulus] = &[
        Stimulus::Greeting,
        Stimulus::Thanks,
        Stimulus::Acknowledgement,
        Stimulus::Welcome,
        Stimulus::Prompt,
        Stimulus::Instruction,
        Stimulus::Caution,
    ];
    let one_of = |list: &[Stimulus]| matches!(&felt.cause, Cause::Stimulus(stimulus) if list.contains(stimulus));
    let lately = since.is_some_and(|since| since < 4);
    if answering {
        felt.moved && (matches!(felt.cause, Cause::Trigger(_)) || one_of(TOUCHING))
    } else if one_of(COURTESIES) {
        !lately
    } else {
        felt.moved || !lately || felt.is(Stimulus::ReformulationRight)
    }
}
