//! A thousand seeded conversations: every character with a courteous trainee and with a hostile one.
//!
//! Each conversation is checked turn by turn (`check.rs`): only written words, no fact before its condition, no line
//! again within eight turns. `script.rs` writes what the two trainees say.

mod check;
mod script;

use comptoir::character::{EndedBy, State};
use comptoir::content::Content;
use comptoir::hearing::{self, Context, Ears, Heard};
use comptoir::persona::{Access, Persona};
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
            hearing::hear(&utterance, &ears, &Context { trainee_turns, last_words, told: state.told() })
        };
        for seed in 0..SEEDS_HEARD {
            pair(persona, seed, &hear);
        }
    }
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
