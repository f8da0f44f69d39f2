//! What a turn sets off: words heard, a move seen, silence.
//!
//! Input: the persona, its [`State`], what was heard or done. Output: an [`Effect`]. Invariant: nothing is felt that
//! was not said or done in this turn, or left undone for as long as the persona has patience.

use std::time::Duration;

use super::felt::{Cause, Felt, felt, leaves_alone, offers};
use super::mood::{Effect, any_harsh, weigh};
use super::moves::Move;
use super::state::{NEED, State};
use crate::act::Act;
use crate::hearing::Heard;
use crate::persona::{Persona, Stimulus};

/// A wait on hold longer than this is felt.
pub const LONG_HOLD: Duration = Duration::from_mins(1);

/// What words do.
pub fn hear(persona: &Persona, state: &State, heard: &Heard) -> Effect {
    let mut felt = felt(persona, heard);
    // Words to a machine are no answer, and no refusal of one: they move nothing.
    let left_unanswered = state.opened() && leaves_alone(heard) && !heard.is_aside();
    let patience = persona.file().temper.patience.max(1);
    if left_unanswered && (state.unanswered() + 1).is_multiple_of(patience) && !any_harsh(persona, &felt) {
        felt.push(Felt { cause: Cause::Ignored, counts: true, moved: false });
    }
    if asked_again(state, heard, &felt) {
        felt.push(Felt { cause: Cause::AskedAgain, counts: true, moved: false });
    }
    let mut steps: Vec<String> = Vec::new();
    for id in heard.steps.iter().map(|step| step.id.as_str()).chain(heard.need.as_ref().map(|_| NEED)) {
        if !state.steps().contains(id) && !steps.iter().any(|step| step == id) {
            steps.push(id.to_owned());
        }
    }
    Effect { helped: offers(heard), left_unanswered, ..weigh(persona, state, felt, steps) }
}

/// What a move does; `waited` is how long the person was on hold.
pub fn see(persona: &Persona, state: &State, act: &Move, waited: Duration) -> Effect {
    let mut felt = Vec::new();
    let mut helped = false;
    match act {
        Move::Hold => {
            felt.push(Felt::of(Stimulus::Hold));
            if state.said_from("lines.hold_start") >= 2 {
                felt.push(Felt { cause: Cause::HeldAgain, counts: true, moved: false });
            }
        }
        Move::Resume if waited > LONG_HOLD => {
            felt.push(Felt { cause: Cause::LongHold, counts: true, moved: false });
        }
        Move::Transfer { service } if fits(persona, service) => helped = true,
        Move::Transfer { .. } => felt.push(Felt { cause: Cause::WrongTransfer, counts: true, moved: false }),
        Move::CallColleague | Move::CallManager => {
            let third = if *act == Move::CallManager { "responsable" } else { "collegue" };
            let right = persona.file().expects.escalate_to.iter().any(|id| id == third);
            felt.push(Felt { counts: right, ..Felt::of(Stimulus::Relay) });
            helped = right;
        }
        Move::End if state.helped() == 0 && state.steps().is_empty() => {
            felt.push(Felt { cause: Cause::CutShort, counts: true, moved: false });
        }
        Move::Resume | Move::End => {}
    }
    Effect { helped, ..weigh(persona, state, felt, Vec::new()) }
}

/// What silence does: the first one is only filled, those that follow weigh.
pub fn wait(persona: &Persona, state: &State) -> Effect {
    let lasts = state.opened() && state.since("lines.silence") == Some(1);
    let felt = if lasts { vec![Felt { cause: Cause::Silence, counts: true, moved: false }] } else { Vec::new() };
    Effect { left_unanswered: state.opened(), ..weigh(persona, state, felt, Vec::new()) }
}

/// Whether a service deals with the request, or may be called in for it.
pub fn fits(persona: &Persona, service: &str) -> bool {
    let expects = &persona.file().expects;
    expects.services.iter().chain(&expects.also_accept).chain(&expects.escalate_to).any(|id| id == service)
}

/// Everything asked for was already said twice: once told, once told again.
fn asked_again(state: &State, heard: &Heard, felt: &[Felt]) -> bool {
    let said_twice = |id: &str| state.said_from(&format!("fact.{id}")) >= 2 && !only_named(state, heard, felt, id);
    !heard.asks_to_repeat
        && heard.topics.is_empty()
        && !heard.asked.is_empty()
        && heard.asked.iter().all(|fact| said_twice(&fact.id))
}

/// Whether a fact already told is merely named in an explanation, an instruction, an offer or a summary, rather than
/// asked for again.
pub fn only_named(state: &State, heard: &Heard, felt: &[Felt], id: &str) -> bool {
    let open = heard.did(Act::OpenQuestion) && !heard.did(Act::Reformulation);
    state.told().contains(id) && (heard.questions == 0 || (acts(heard, felt) && !open))
}

/// Whether the trainee does something in this turn beside asking.
pub fn acts(heard: &Heard, felt: &[Felt]) -> bool {
    const ACTING: &[Stimulus] = &[
        Stimulus::ReformulationRight,
        Stimulus::ReformulationWrong,
        Stimulus::ComprehensionCheck,
        Stimulus::AnythingElse,
        Stimulus::Explanation,
        Stimulus::Safety,
        Stimulus::Referral,
        Stimulus::Relay,
        Stimulus::Proposal,
        Stimulus::FollowUp,
        Stimulus::Caution,
    ];
    !heard.steps.is_empty() || felt.iter().any(|felt| ACTING.iter().any(|stimulus| felt.is(*stimulus)))
}
