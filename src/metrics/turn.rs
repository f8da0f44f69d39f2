//! Replies of the characters: who worded them, and how long each stage took.

use std::time::Duration;

use prometheus_client::registry::{Registry, Unit};

use super::families::{Counters, Times, counters, times};
use super::label::Code;
use super::{Metrics, STAGE_SECONDS};
use crate::transcript::Made;

/// How long the stages of a reply took that are there with or without a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stages {
    /// To hear the turn and decide.
    pub hearing: Option<Duration>,
    /// To store the trainee's turn.
    pub stored: Option<Duration>,
    /// From the turn being stored to the first words told.
    pub first_words: Option<Duration>,
}

#[derive(Clone, Debug)]
pub(super) struct Turns {
    replies: Counters<2>,
    refusals: Counters<1>,
    stages: Times<1>,
}

impl Turns {
    pub(super) fn registered(registry: &mut Registry) -> Turns {
        let turns = Turns { replies: counters(), refusals: counters(), stages: times(&STAGE_SECONDS) };
        registry.register(
            "turns",
            "Replies of the characters, by who worded them (model, or the character's own lines) and by the fault that \
             made its own lines say it or its end (none where there was none)",
            turns.replies.clone(),
        );
        registry.register(
            "guard_refusals",
            "Sentences of a model that were not told, by the reason",
            turns.refusals.clone(),
        );
        registry.register_with_unit(
            "turn_stage",
            "How long the stages of a reply took: hearing, store and guard by themselves, first_token, last_token and \
             first_words from the moment the trainee's turn was stored",
            Unit::Seconds,
            turns.stages.clone(),
        );
        for words in ["lines", "model"] {
            turns.replies.get_or_create(&[("words", words.into()), ("fault", "none".into())]).inc_by(0);
        }
        turns
    }

    fn stage(&self, stage: &'static str, took: Option<Duration>) {
        if let Some(took) = took {
            self.stages.get_or_create(&[("stage", stage.into())]).observe(took.as_secs_f64());
        }
    }
}

impl Metrics {
    /// A character has replied. `made` is what its event tells, where a model was to word it; it goes before `stages`.
    pub fn replied(&self, made: Option<&Made>, stages: Stages) {
        let turns = &self.0.turns;
        let words = if made.is_some_and(|made| made.model.is_some()) { "model" } else { "lines" };
        let fault = made.and_then(|made| made.fell_back.as_deref()).map_or_else(|| "none".into(), Code::checked);
        turns.replies.get_or_create(&[("words", words.into()), ("fault", fault)]).inc();
        for why in made.iter().flat_map(|made| &made.refused) {
            turns.refusals.get_or_create(&[("why", Code::checked(why))]).inc();
        }
        let (us, ms) = (Duration::from_micros, Duration::from_millis);
        let first_words = made.and_then(|made| made.first_words_ms).map(ms);
        turns.stage("hearing", made.map(|made| us(made.hearing_us)).or(stages.hearing));
        turns.stage("store", stages.stored);
        turns.stage("first_token", made.and_then(|made| made.first_token_ms).map(ms));
        turns.stage("last_token", made.and_then(|made| made.last_token_ms).map(ms));
        turns.stage(
            "guard",
            made.filter(|made| made.model.is_some() || made.guard_us > 0).map(|made| us(made.guard_us)),
        );
        turns.stage("first_words", first_words.or(stages.first_words));
    }
}
