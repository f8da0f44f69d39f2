//! A thousand seeded conversations: every character with a courteous trainee and with a hostile one.
//!
//! Each conversation is checked turn by turn (`check.rs`): only written words, no fact before its condition, no line
//! again within eight turns. `script.rs` writes what the two trainees say.

mod check;
mod script;

use std::fs;
use std::path::Path;

use comptoir::character::{EndedBy, State};
use comptoir::hearing::Heard;
use comptoir::persona::{self, Known, Persona};
use comptoir::reply::{Turn, respond};

use crate::check::Checker;
use crate::script::{Line, Trainee};

/// Seeds per character and trainee: twelve characters make more than a thousand conversations.
const SEEDS: u64 = 45;

fn personas() -> Vec<Persona> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("personas");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a readable file");
    let directory = comptoir::organisation::load("bailleur.toml", &read("bailleur.toml")).expect("a sound directory");
    let known = Known { services: directory.service_ids(), ..Known::default() };
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the personas' folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a UTF-8 name"))
        .filter(|name| {
            Path::new(name).extension().is_some_and(|extension| extension == "toml") && name != "bailleur.toml"
        })
        .collect();
    names.sort();
    let personas: Vec<Persona> = names
        .iter()
        .map(|name| {
            persona::load(name, &read(name), &known)
                .unwrap_or_else(|faults| panic!("{name}: {} fault(s), first: {:?}", faults.len(), faults.first()))
        })
        .collect();
    assert!(personas.len() >= 12, "the twelve situations are there");
    personas
}

/// Plays a script to its end, or until the character breaks off.
fn play(persona: &Persona, lines: &[Line], seed: u64, hear: impl Fn(&Line, &State) -> Heard) -> State {
    let mut state = State::start(persona);
    let mut checker = Checker::new(persona);
    for line in lines {
        let heard = hear(line, &state);
        let reply = respond(persona, &state, Turn::Said(&heard), seed);
        assert_eq!(reply, respond(persona, &state, Turn::Said(&heard), seed), "the same input gives the same reply");
        checker.check(&state, &heard, &reply, seed);
        state = state.after(&reply.change);
        if state.ended().is_some() {
            break;
        }
    }
    state
}

fn built(line: &Line, _: &State) -> Heard {
    line.heard.clone()
}

#[test]
fn a_thousand_conversations_keep_every_promise_and_the_hostile_one_always_ends_tenser() {
    let personas = personas();
    let mut played = 0;
    let mut broken_off = 0;
    for persona in &personas {
        for seed in 0..SEEDS {
            let courteous = play(persona, &script::write(persona, Trainee::Courteous, seed), seed, built);
            let hostile = play(persona, &script::write(persona, Trainee::Hostile, seed), seed, built);
            played += 2;
            broken_off += usize::from(hostile.ended() == Some(EndedBy::BrokeOff));
            assert!(
                hostile.tension() > courteous.tension(),
                "{} with seed {seed}: hostile {} against courteous {}",
                persona.id(),
                hostile.tension(),
                courteous.tension()
            );
            assert_eq!(
                courteous.ended(),
                Some(EndedBy::Trainee),
                "{}: nobody breaks off when received well",
                persona.id()
            );
        }
    }
    assert!(played >= 1_000, "{played} conversations");
    assert!(broken_off * 4 > played, "most characters break off when treated badly: {broken_off} of {}", played / 2);
}

#[test]
fn a_courteous_trainee_learns_every_fact_that_was_asked_for() {
    for persona in &personas() {
        for seed in 0..5 {
            let state = play(persona, &script::write(persona, Trainee::Courteous, seed), seed, built);
            let asked = persona.file().fact.iter().filter(|fact| fact.access != persona::Access::Trust);
            for fact in asked {
                assert!(state.told().contains(&fact.id), "{}: {} was asked for and not told", persona.id(), fact.id);
            }
        }
    }
}
