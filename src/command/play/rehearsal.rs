//! One conversation in memory.

use std::sync::Arc;
use std::time::Duration;

use crate::character::{EndedBy, Move, State};
use crate::hearing::{Context, Ears, Heard, hear};
use crate::persona::Persona;
use crate::reply::{Hint, Reply, Turn, hint, respond};
use crate::transcript::{self, Transcript};
use crate::utterance::{Speaker, Utterance};

/// A conversation under way.
pub(super) struct Rehearsal {
    persona: Arc<Persona>,
    ears: Arc<Ears>,
    seed: u64,
    state: State,
    turns: Vec<transcript::Turn>,
    hints: Vec<Hint>,
}

/// One turn of the trainee, answered.
pub(super) struct Played {
    /// Its place in the transcript.
    pub(super) turn: usize,
    /// What was heard; nothing in a move.
    pub(super) heard: Heard,
    /// The answer.
    pub(super) reply: Reply,
    /// The hint that would help.
    pub(super) hint: Option<String>,
}

impl Rehearsal {
    pub(super) fn new(persona: Arc<Persona>, ears: Arc<Ears>, seed: u64) -> Rehearsal {
        let state = State::start(&persona);
        Rehearsal { persona, ears, seed, state, turns: Vec::new(), hints: Vec::new() }
    }

    /// The trainee speaks.
    pub(super) fn say(&mut self, utterance: &Utterance) -> Played {
        let spoken = self.turns.iter().filter(|turn| turn.is_trainee() && turn.moved.is_none()).count();
        let last = self.turns.iter().rev().find(|turn| !turn.is_trainee() && !turn.text.is_empty());
        let context = Context {
            trainee_turns: spoken,
            last_words: last.map(|turn| turn.text.as_str()),
            told: self.state.told(),
            cuts_in: false,
        };
        let heard = hear(utterance, &self.ears, &context);
        self.turns.push(transcript::Turn::said(Speaker::Trainee, utterance.text()));
        let reply = respond(&self.persona, &self.state, Turn::Said(&heard), self.seed);
        let hint = hint(&self.persona, &self.state, &heard, &reply, &self.hints);
        if let Some(text) = &hint {
            self.hints.push(Hint { turns: self.state.turns() + 1, text: text.clone() });
        }
        self.played(heard, reply, hint)
    }

    /// The trainee acts; `waited` is how long the person was on hold.
    pub(super) fn act(&mut self, act: &Move, waited: Duration) -> Played {
        self.turns.push(transcript::Turn::moved(act.clone()));
        let reply = respond(&self.persona, &self.state, Turn::Moved(act, waited), self.seed);
        self.played(Heard::default(), reply, None)
    }

    fn played(&mut self, heard: Heard, reply: Reply, hint: Option<String>) -> Played {
        let turn = self.turns.len() - 1;
        self.turns.push(transcript::Turn {
            cue: reply.cue.clone(),
            change: Some(reply.change.clone()),
            ..transcript::Turn::said(Speaker::Persona, reply.text.clone())
        });
        self.state = self.state.clone().after(&reply.change);
        Played { turn, heard, reply, hint }
    }

    /// Who ended it, if it is over.
    pub(super) fn ended(&self) -> Option<EndedBy> {
        self.state.ended()
    }

    /// Whether the person waits on hold.
    pub(super) fn on_hold(&self) -> bool {
        self.state.on_hold()
    }

    pub(super) fn persona(&self) -> &Persona {
        &self.persona
    }

    pub(super) fn ears(&self) -> &Ears {
        &self.ears
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// What was said and done.
    pub(super) fn transcript(&self) -> Transcript {
        Transcript {
            persona: self.persona.id().to_owned(),
            channel: self.persona.file().channel,
            turns: self.turns.clone(),
            ended: self.ended(),
            handoff: None,
            whispers: Vec::new(),
        }
    }
}
