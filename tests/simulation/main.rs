//! A thousand seeded conversations: every character with a courteous trainee and with a hostile one.
//!
//! Each conversation is checked turn by turn (`check.rs`): only written words, no fact before its condition, no line
//! again within eight turns. `script.rs` writes what the two trainees say.

mod check;
mod script;

use std::cell::Cell;

use comptoir::act::Act;
use comptoir::character::{Change, EndedBy, State, react};
use comptoir::content::Content;
use comptoir::hearing::{self, Context, Ears, Heard, Shown};
use comptoir::persona::{Access, Persona, Says, Stimulus};
use comptoir::reply::{Turn, respond};
use comptoir::utterance::Utterance;

use crate::check::Checker;
use crate::script::{Line, Trainee};

/// Seeds per character and trainee: twelve characters make more than a thousand conversations.
const SEEDS: u64 = 45;
/// The same where the words themselves are heard, which takes longer.
const SEEDS_HEARD: u64 = 12;

fn content() -> Content {
    let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).expect("a sound directory");
    assert_eq!(content.faults(), [], "every file is sound");
    assert!(content.personas().count() >= 12, "the twelve situations are there");
    content
}

/// How a line is heard where the conversation stands: the state, turns before, the character's last words.
type Hear<'a> = dyn Fn(&Line, &State, usize, Option<&str>) -> Heard + 'a;

/// Plays a script to its end, or until the character breaks off.
fn play(persona: &Persona, lines: &[Line], seed: u64, hear: &Hear<'_>) -> State {
    let mut state = State::start(persona);
    let mut checker = Checker::new(persona);
    let mut last_words = None;
    for (before, line) in lines.iter().enumerate() {
        let heard = hear(line, &state, before, last_words.as_deref());
        let reply = respond(persona, &state, Turn::Said(&heard), seed);
        assert_eq!(reply, respond(persona, &state, Turn::Said(&heard), seed), "the same input gives the same reply");
        checker.check(&state, &heard, &reply, seed);
        state = state.after(&reply.change);
        last_words = Some(reply.text);
        if state.ended().is_some() {
            break;
        }
    }
    state
}

/// As a careful listener hears.
fn built(line: &Line, _: &State, _: usize, _: Option<&str>) -> Heard {
    line.heard.clone()
}

/// Plays both trainees and holds them against each other; tells whether the hostile one was left standing.
fn pair(persona: &Persona, seed: u64, hear: &Hear<'_>) -> bool {
    let courteous = play(persona, &script::write(persona, Trainee::Courteous, seed), seed, hear);
    let hostile = play(persona, &script::write(persona, Trainee::Hostile, seed), seed, hear);
    assert!(
        hostile.tension() > courteous.tension(),
        "{} with seed {seed}: hostile {} against courteous {}",
        persona.id(),
        hostile.tension(),
        courteous.tension()
    );
    let ended = courteous.ended();
    assert_eq!(ended, Some(EndedBy::Trainee), "{}, seed {seed}: nobody breaks off when received well", persona.id());
    hostile.ended() == Some(EndedBy::BrokeOff)
}

#[test]
fn a_thousand_conversations_keep_every_promise_and_the_hostile_one_always_ends_tenser() {
    let content = content();
    let pairs: Vec<_> = content.personas().flat_map(|persona| (0..SEEDS).map(move |seed| (persona, seed))).collect();
    let broken_off = pairs.iter().filter(|(persona, seed)| pair(persona, *seed, &built)).count();
    assert!(pairs.len() * 2 >= 1_000, "{} conversations", pairs.len() * 2);
    assert!(broken_off * 2 > pairs.len(), "most break off when treated badly: {broken_off} of {}", pairs.len());
}

#[test]
fn the_same_holds_when_the_words_themselves_are_heard() {
    let content = content();
    for persona in content.personas() {
        let ears = Ears::new(persona, content.organisation());
        let hear = |line: &Line, state: &State, trainee_turns: usize, last_words: Option<&str>| {
            let utterance = Utterance::new(&line.text).expect("words");
            hearing::hear(&utterance, &ears, &Context { trainee_turns, last_words, told: state.told(), cuts_in: false })
        };
        for seed in 0..SEEDS_HEARD {
            pair(persona, seed, &hear);
        }
    }
}

#[test]
fn being_cut_short_costs_the_same_each_time_up_to_its_written_limit() {
    // A mood with room on both sides, put back after each turn.
    const MOOD: (u8, u8) = (3, 5);
    let content = content();
    for persona in content.personas() {
        let written = &persona.file().reactions[&Stimulus::Interrupted];
        assert!(written.tension > 0, "{}: being cut short weighs", persona.id());
        let mood = Change { tension: MOOD.0, trust: MOOD.1, opened: true, ..Change::default() };
        let mut state = State::start(persona).after(&mood);
        for time in 0..6 {
            let effect = react::hear(persona, &state, &cutting_in(&Heard { questions: 1, ..Heard::default() }));
            let moved: Vec<(i8, i8)> = effect.moods.iter().map(|mood| (mood.tension, mood.trust)).collect();
            let counts = written.limit == 0 || time < written.limit;
            let expected = if counts { vec![(written.tension, written.trust)] } else { Vec::new() };
            assert_eq!(moved, expected, "{}, time {time}", persona.id());
            state = state.after(&Change { moods: effect.moods, ..mood.clone() });
        }
    }
}

#[test]
fn who_is_cut_short_at_every_turn_says_so_in_written_words_and_is_no_calmer_for_it() {
    let content = content();
    for persona in content.personas() {
        let lines: Vec<&str> = match &persona.file().reactions[&Stimulus::Interrupted].says {
            Says::Any(list) => list.iter().map(String::as_str).collect(),
            Says::ByMood { calm, tense } => calm.iter().chain(tense).map(String::as_str).collect(),
        };
        for seed in 0..5 {
            let script = script::write(persona, Trainee::Courteous, seed);
            let complained = Cell::new(false);
            let cut = |line: &Line, _: &State, before: usize, last_words: Option<&str>| {
                let words = last_words.unwrap_or_default();
                complained.set(complained.get() || lines.iter().any(|line| words.starts_with(line)));
                if before == 0 { line.heard.clone() } else { cutting_in(&line.heard) }
            };
            let interrupted = play(persona, &script, seed, &cut);
            let heard_out = play(persona, &script, seed, &built);
            let place = format!("{}, seed {seed}", persona.id());
            assert!(complained.get(), "{place}: never said a word of it");
            assert!(interrupted.tension() >= heard_out.tension(), "{place}: calmer for being cut short");
        }
    }
}

/// The same words, said before the other had finished.
fn cutting_in(heard: &Heard) -> Heard {
    let mut heard = heard.clone();
    heard.acts.push(Shown { act: Act::Interruption, quote: "Attendez.".to_owned() });
    heard
}

#[test]
fn a_courteous_trainee_learns_every_fact_that_was_asked_for() {
    for persona in content().personas() {
        for seed in 0..5 {
            let state = play(persona, &script::write(persona, Trainee::Courteous, seed), seed, &built);
            let asked = persona.file().fact.iter().filter(|fact| fact.access != Access::Trust);
            for fact in asked {
                assert!(state.told().contains(&fact.id), "{}: {} was asked for and not told", persona.id(), fact.id);
            }
        }
    }
}
