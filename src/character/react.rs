//! How mood moves: what a turn does to tension and trust, and why.
//!
//! Input: the persona, its [`State`], what was heard or done. Output: an [`Effect`]. Invariant: mood moves only by
//! a cause that the persona writes or [`Cause`] names, each at most once a turn, worn out after its `limit`; harsh
//! words outweigh the kind ones beside them; tension stays above the floor until enough was done.

use std::time::Duration;

use super::change::MoodMove;
use super::felt::{Cause, Felt, felt, leaves_alone, offers};
use super::moves::Move;
use super::state::{NEED, State};
use crate::hearing::Heard;
use crate::persona::{Persona, Sex, Stimulus};

/// One turn soothes and reassures by this much at most: nobody is won over in one breath.
const MOST_SOOTHED: i8 = 2;
/// One turn angers by this much at most.
const MOST_ANGERED: i8 = 4;
/// A wait on hold longer than this is felt.
pub const LONG_HOLD: Duration = Duration::from_mins(1);

/// Whether the character still bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It goes on.
    Holds,
    /// One step before its breaking point: it warns.
    Warns,
    /// It breaks off.
    Breaks,
}

/// What one turn does to a character, before it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Movements of mood, harsh ones first.
    pub moods: Vec<MoodMove>,
    /// Tension afterwards.
    pub tension: u8,
    /// Trust afterwards.
    pub trust: u8,
    /// What was felt, whether or not it moved the mood.
    pub felt: Vec<Felt>,
    /// Next steps heard for the first time, and [`NEED`].
    pub steps: Vec<String>,
    /// Whether the trainee offered something.
    pub helped: bool,
    /// Whether the character's demand was left alone.
    pub left_unanswered: bool,
    /// Whether it still bears it.
    pub bearing: Bearing,
}

impl Effect {
    /// Whether this was felt.
    pub fn feels(&self, stimulus: Stimulus) -> bool {
        self.felt.iter().any(|felt| felt.is(stimulus))
    }
}

/// What words do.
pub fn hear(persona: &Persona, state: &State, heard: &Heard) -> Effect {
    let mut felt = felt(persona, heard);
    let left_unanswered = state.opened() && leaves_alone(heard);
    let patience = persona.file().temper.patience.max(1);
    if left_unanswered && (state.unanswered() + 1).is_multiple_of(patience) {
        felt.push(Felt { cause: Cause::Ignored, counts: true, moved: false });
    }
    if asked_again(state, heard) {
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
fn asked_again(state: &State, heard: &Heard) -> bool {
    !heard.asks_to_repeat
        && heard.topics.is_empty()
        && !heard.asked.is_empty()
        && heard.asked.iter().all(|fact| state.said_from(&format!("fact.{}", fact.id)) >= 2)
}

/// What one cause may do, as written.
struct Pull {
    tension: i8,
    trust: i8,
    limit: u8,
    why: String,
}

fn pull(persona: &Persona, cause: &Cause) -> Pull {
    let file = persona.file();
    let (he, him) = match file.caller.sex {
        Sex::F => ("elle", "elle"),
        Sex::M => ("il", "lui"),
    };
    let e = if file.caller.sex == Sex::F { "e" } else { "" };
    let own = |tension, trust, limit, why: String| Pull { tension, trust, limit, why };
    match cause {
        Cause::Stimulus(stimulus) => file.reactions.get(stimulus).map_or_else(
            || own(0, 0, 1, String::new()),
            |written| own(written.tension, written.trust, written.limit, written.why.clone()),
        ),
        Cause::Trigger(at) => {
            let written = &file.trigger[*at];
            own(written.tension, written.trust, written.limit, written.why.clone())
        }
        Cause::Ignored => own(1, 0, 0, format!("Ce qu'{he} demandait est resté sans réponse.")),
        Cause::AskedAgain => own(1, 0, 2, format!("Vous avez redemandé ce qu'{he} avait déjà dit deux fois.")),
        Cause::Silence => own(1, 0, 0, "Le silence s'est prolongé.".to_owned()),
        Cause::LongHold => own(1, 0, 0, format!("Vous l'avez laissé{e} en attente plus d'une minute.")),
        Cause::HeldAgain => own(1, 0, 0, format!("Vous l'avez mis{e} en attente une fois de plus.")),
        Cause::WrongTransfer => {
            own(2, -1, 0, format!("Vous l'avez transféré{e} vers un service qui ne peut rien pour {him}."))
        }
        Cause::CutShort => own(1, -1, 0, "Vous avez mis fin à l'échange sans rien avoir proposé.".to_owned()),
    }
}

/// Whether it outweighs kind words said in the same breath.
fn is_harsh(cause: &Cause, pull: &Pull) -> bool {
    match cause {
        Cause::Stimulus(stimulus) => HARSH.contains(stimulus) && pull.tension > 0,
        Cause::Trigger(_) => pull.tension >= 2,
        _ => false,
    }
}

/// Stimuli that no kind word beside them makes good.
const HARSH: &[Stimulus] = &[
    Stimulus::Aggression,
    Stimulus::Threat,
    Stimulus::Discrimination,
    Stimulus::Judgement,
    Stimulus::Doubt,
    Stimulus::CalmOrder,
    Stimulus::Dismissal,
    Stimulus::Irony,
    Stimulus::Minimising,
    Stimulus::Familiarity,
    Stimulus::Defensive,
    Stimulus::Impatience,
];

/// Counts what was felt against mood, limits, floor and breaking point.
fn weigh(persona: &Persona, state: &State, mut felt: Vec<Felt>, steps: Vec<String>) -> Effect {
    let temper = &persona.file().temper;
    let mut pulls: Vec<(usize, Pull)> = felt
        .iter()
        .enumerate()
        .filter(|(_, one)| one.counts)
        .map(|(at, one)| (at, pull(persona, &one.cause)))
        .filter(|(at, pull)| {
            (pull.tension, pull.trust) != (0, 0)
                && (pull.limit == 0 || state.moved_by(&felt[*at].cause.key(persona)) < pull.limit)
        })
        .collect();
    if pulls.iter().any(|(at, pull)| is_harsh(&felt[*at].cause, pull)) {
        pulls.retain(|(_, pull)| pull.tension > 0 || pull.trust < 0);
    }
    // Harsh first: what soothes is then counted from where the harsh words have led.
    pulls.sort_by_key(|(_, pull)| std::cmp::Reverse(pull.tension));

    let extreme = felt.iter().any(|one| one.is(Stimulus::Aggression) || one.is(Stimulus::Threat));
    let anger: i8 = pulls.iter().map(|(_, pull)| pull.tension.max(0)).sum::<i8>().min(MOST_ANGERED);
    let breaking = i16::from(temper.breaking_point);
    let reached = i16::from(state.tension()) + i16::from(anger);
    let warned = state.said_from("lines.warns") > 0;
    let bearing = if anger == 0 || reached + 1 < breaking || !state.opened() {
        Bearing::Holds
    } else if reached >= breaking && (warned || (extreme && reached > breaking)) {
        Bearing::Breaks
    } else if warned {
        Bearing::Holds
    } else {
        Bearing::Warns
    };
    let ceiling =
        if bearing == Bearing::Breaks { 10 } else { temper.breaking_point.saturating_sub(1).max(state.tension()) };
    let done = state.steps().len() + steps.len();
    let floor = if done >= usize::from(temper.lift_after) { 0 } else { temper.floor };

    let mut mood = Mood { tension: state.tension(), trust: state.trust(), soothed: 0, angered: 0, won: 0 };
    let mut moods = Vec::new();
    for (at, pull) in pulls {
        let (tension, trust) = mood.take(&pull, floor, ceiling);
        if (tension, trust) != (0, 0) {
            felt[at].moved = true;
            moods.push(MoodMove { cause: felt[at].cause.key(persona), tension, trust, why: pull.why });
        }
    }
    Effect {
        moods,
        tension: mood.tension,
        trust: mood.trust,
        felt,
        steps,
        helped: false,
        left_unanswered: false,
        bearing,
    }
}

struct Mood {
    tension: u8,
    trust: u8,
    soothed: i8,
    angered: i8,
    won: i8,
}

impl Mood {
    /// Moves by one pull within the bounds; returns what was really moved.
    fn take(&mut self, pull: &Pull, floor: u8, ceiling: u8) -> (i8, i8) {
        let before = (self.tension, self.trust);
        if pull.tension > 0 {
            let rise = pull.tension.min(MOST_ANGERED - self.angered).max(0);
            self.tension = self.tension.saturating_add_signed(rise).min(ceiling);
            self.angered += rise;
        } else if pull.tension < 0 && self.tension > floor {
            let fall = pull.tension.max(-MOST_SOOTHED - self.soothed).min(0);
            self.tension = self.tension.saturating_add_signed(fall).max(floor);
            self.soothed += fall;
        }
        let trust = if pull.trust > 0 { pull.trust.min(MOST_SOOTHED - self.won).max(0) } else { pull.trust };
        self.trust = self.trust.saturating_add_signed(trust).min(10);
        self.won += trust.max(0);
        (self.tension.cast_signed() - before.0.cast_signed(), self.trust.cast_signed() - before.1.cast_signed())
    }
}
