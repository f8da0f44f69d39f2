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
//!    `state.after(&reply.change)`; if `reply.change.ended` is set, the conversation is over: store `Ended { by }`.

mod intent;

use std::time::Duration;

pub use intent::Intent;

use crate::character::{Change, EndedBy, Move, State};
use crate::hearing::Heard;
use crate::persona::{Persona, Says};

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
    /// How the character changed.
    pub change: Change,
}

impl Reply {
    /// The names of the intents joined by `+`.
    pub fn intent(&self) -> String {
        self.intents.iter().map(|intent| intent.name()).collect::<Vec<_>>().join("+")
    }
}

/// Answers one turn. `seed` is the conversation's; each turn draws its own from it.
pub fn respond(persona: &Persona, state: &State, turn: Turn<'_>, seed: u64) -> Reply {
    let mut rng = fastrand::Rng::with_seed(seed ^ u64::from(state.turns()));
    let text = if state.opened() {
        let (Says::Any(lines) | Says::ByMood { calm: lines, .. }) = &persona.file().lines.listens;
        rng.choice(lines).cloned().unwrap_or_default()
    } else {
        persona.file().opening.clone()
    };
    let ended = matches!(turn, Turn::Moved(Move::End | Move::Transfer { .. }, _)).then_some(EndedBy::Trainee);
    let change = Change { tension: state.tension(), trust: state.trust(), opened: true, ended, ..Change::default() };
    Reply { text, cue: None, intents: vec![Intent::Open], change }
}
