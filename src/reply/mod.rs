//! What the character says: what is meant is decided here by code, the words are the persona's own.
//!
//! Input: the persona, the [`State`] before the turn, the [`Turn`] and the conversation's seed. Output: a [`Reply`]
//! with its [`Change`]; `state.after(&reply.change)` is the next state. Invariant: pure; the same input gives the
//! same reply.
//!
//! How a conversation task uses it:
//! 1. the trainee received the person: at the desk, `respond(…, Turn::Received, …)` may be asked for at once (the
//!    person speaks first); on the phone, wait for the trainee's first words, or for [`Turn::Silence`];
//! 2. words came: store them, hear them (`hearing::hear`), `respond(…, Turn::Said(&heard), …)`;
//! 3. a move came: store it, `respond(…, Turn::Moved(&act, waited), …)`, `waited` being how long the person was on
//!    hold (for `Resume`, else zero);
//! 4. nothing came for a while: `respond(…, Turn::Silence, …)`;
//! 5. store the reply as `Replied { text, cue, intent: reply.intent(), change }`, go on from
//!    `state.after(&reply.change)`; if `reply.change.ended` is set, the conversation is over: store `Ended { by }`;
//! 6. where a model words the reply: [`guide`] asks it, [`telling`] holds its sentences against [`guard`] and falls back
//!    on the reply's own lines; [`listen`] lets it hear what the rules did not. The change stays the reply's;
//! 7. with coach hints on, [`hint`] (with the state *before* the reply) may give one line: store `Hinted`.

mod answers;
mod compose;
pub mod guard;
pub mod guide;
mod hint;
mod intent;
pub mod listen;
mod piece;
mod rank;
pub mod telling;
#[cfg(test)]
mod tests;
mod wording;

use std::time::Duration;

use fastrand::Rng;

pub use hint::{Hint, hint};
pub use intent::Intent;

use self::compose::Composer;
use self::piece::{Piece, TENSE};
use self::wording::{Worded, choose, hash};
use crate::character::{Change, Effect, Move, State, react};
use crate::hearing::Heard;
use crate::persona::{Access, Channel, Persona};

/// What the character has to answer.
#[derive(Clone, Copy, Debug)]
pub enum Turn<'a> {
    /// The trainee picked up or received the person and has not spoken yet.
    Received,
    /// The trainee spoke.
    Said(&'a Heard),
    /// The trainee did something; for [`Move::Resume`], how long the person waited.
    Moved(&'a Move, Duration),
    /// The trainee said nothing for a while.
    Silence,
}

/// What the character says and how it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The words; empty only where a cue alone says it.
    pub text: String,
    /// At the desk: what can be seen, in the third person.
    pub cue: Option<String>,
    /// What the reply is meant to do, in the order of its words.
    pub intents: Vec<Intent>,
    /// The same, piece by piece, each with the line that says it.
    pub steps: Vec<Step>,
    /// How the character changed.
    pub change: Change,
}

/// One piece of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is meant to do.
    pub intent: Intent,
    /// The fact it tells.
    pub tells: Option<String>,
    /// The persona's own line.
    pub line: String,
}

impl Reply {
    /// The names of the intents joined by `+`.
    pub fn intent(&self) -> String {
        self.intents.iter().map(|intent| intent.name()).collect::<Vec<_>>().join("+")
    }
}

/// Answers one turn. `seed` is the conversation's; each turn draws its own from it.
pub fn respond(persona: &Persona, state: &State, turn: Turn<'_>, seed: u64) -> Reply {
    let effect = match turn {
        Turn::Said(heard) => react::hear(persona, state, heard),
        Turn::Moved(act, waited) => react::see(persona, state, act, waited),
        Turn::Received | Turn::Silence => react::wait(persona, state),
    };
    let rng = Rng::with_seed(seed ^ u64::from(state.turns()).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut composer = Composer { persona, state, effect: &effect, rng, worded: Worded::default() };
    let ended = match turn {
        Turn::Received => composer.received(),
        Turn::Said(heard) => composer.said(heard),
        Turn::Moved(act, waited) => composer.moved(act, waited),
        Turn::Silence => composer.silence(),
    };
    let Composer { mut rng, worded, .. } = composer;
    let Worded { text, intents, mut lines, pieces, steps } = worded;

    let moved = effect.tension.cast_signed() - state.tension().cast_signed();
    let cue = cue(persona, state, effect.tension, moved, text.is_empty(), &mut rng);
    if let Some((key, _)) = &cue {
        lines.push(key.clone());
    }
    let ids = |of: fn(&Piece) -> Option<&String>| pieces.iter().filter_map(of).cloned().collect::<Vec<_>>();
    let told = ids(|piece| if let Piece::Fact(id, _) = piece { Some(id) } else { None });
    let withheld = ids(|piece| if let Piece::Withheld(id) = piece { Some(id) } else { None });
    debug_assert!(keeps_secrets(persona, state, &told, &effect, &text), "{} gives a fact away: {text}", persona.id());
    let change = Change {
        moods: effect.moods,
        tension: effect.tension,
        trust: effect.trust,
        told,
        withheld,
        steps: effect.steps,
        lines,
        left_unanswered: effect.left_unanswered,
        ended,
        on_hold: matches!(turn, Turn::Moved(Move::Hold, _)),
        helped: effect.helped,
        opened: pieces.contains(&Piece::Opening),
    };
    Reply { text, cue: cue.map(|(_, cue)| cue), intents, steps, change }
}

/// What can be seen at the desk: when the mood moves, every third turn, or where there are no words.
fn cue(
    persona: &Persona,
    state: &State,
    tension: u8,
    moved: i8,
    wordless: bool,
    rng: &mut Rng,
) -> Option<(String, String)> {
    let cues = persona.file().cues.as_ref().filter(|_| persona.file().channel == Channel::Desk)?;
    let (name, list) = match moved {
        1.. => ("cue.rising", &cues.rising),
        ..0 => ("cue.falling", &cues.falling),
        0 if !wordless && !(state.turns() + 1).is_multiple_of(3) => return None,
        0 if tension >= TENSE => ("cue.tense", &cues.tense),
        0 => ("cue.calm", &cues.calm),
    };
    let line = choose(state, &[], "", &[list], rng)?;
    Some((format!("{name}#{}", hash(line)), line.to_owned()))
}

/// Whether a reply keeps what must be kept: told facts were due, and no other fact's words slip out.
fn keeps_secrets(persona: &Persona, state: &State, told: &[String], effect: &Effect, text: &str) -> bool {
    let due = told
        .iter()
        .filter_map(|id| persona.fact(id))
        .all(|fact| fact.access != Access::Trust || compose::may_tell(fact, state, effect.trust));
    let known = state.told().iter().chain(told).cloned().collect();
    due && guard::leaks(persona, &known, text).is_empty()
}
