//! Questions the rules miss: two ways for a model to have them answered, side by side.
//!
//! Every question of the personas' files is taken out of its file in turn; those that the rules then no longer hear are
//! put to both ways. *Hearing*: a small ask names the subjects, code answers. *Choosing*: the ask that words the reply
//! holds the facts themselves, and the model tells at most two of them. The model is a stand-in of a given skill (it
//! finds the right subject so often) and looseness (it tells something nobody asked for so often, when it holds it).

use std::collections::BTreeSet;
use std::sync::Arc;

use comptoir::character::State;
use comptoir::content::{Content, Kind, shipped};
use comptoir::conversation::Stage;
use comptoir::hearing::{Context, Heard, hear};
use comptoir::persona::{Access, FactEntry, Persona};
use comptoir::reply::guide::Setting;
use comptoir::reply::listen::listen;
use comptoir::reply::telling::{Check, Telling};
use comptoir::reply::{Reply, Turn, respond};
use comptoir::utterance::Utterance;
use fastrand::Rng;

/// Skill and looseness of the stand-ins.
const MODELS: &[(f64, f64)] = &[(0.95, 0.0), (0.85, 0.05), (0.7, 0.15)];
/// What nobody asks anything with.
const NOTHING: &[&str] = &[
    "D'accord, je note.",
    "Je comprends que ce soit difficile.",
    "Je vous présente nos excuses pour l'attente.",
    "Prenez votre temps.",
];

/// A turn in a conversation that has just begun, and what it asks for.
struct Case {
    stage: Arc<Stage>,
    words: String,
    asks: Option<String>,
    state: State,
    heard: Heard,
    reply: Reply,
}

/// What came of a way.
#[derive(Default)]
struct Outcome {
    asked: u32,
    answered: u32,
    turns: u32,
    unasked: u32,
    calls: u32,
    exposed: usize,
}

pub(crate) fn measure() {
    let (missed, questions) = missed();
    let quiet = quiet();
    println!("\n{questions} questions, each taken out of its persona's file in turn: the rules miss {}", missed.len());
    println!("{:<46} {:>10} {:>16} {:>16} {:>18}", "", "answered", "told unasked", "calls a turn", "untold facts sent");
    for (skill, loose) in MODELS {
        for (name, way) in [("hearing", hearing as fn(&Case, f64, f64, &mut Rng) -> Outcome), ("choosing", choosing)] {
            let mut rng = Rng::with_seed(11);
            let mut all = Outcome::default();
            for case in missed.iter().chain(&quiet) {
                let one = way(case, *skill, *loose, &mut rng);
                all.asked += one.asked;
                all.answered += one.answered;
                all.turns += 1;
                all.unasked += one.unasked;
                all.calls += one.calls;
                all.exposed += one.exposed;
            }
            let share = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
            println!(
                "{:<46} {:>8.1} % {:>8.1} / 100 t {:>16.2} {:>18}",
                format!("{name}, skill {skill}, looseness {loose}"),
                share(all.answered, all.asked),
                share(all.unasked, all.turns),
                f64::from(all.calls) / f64::from(all.turns.max(1)),
                all.exposed
            );
        }
    }
}

/// Lets the stand-in hear, then plays what code makes of it.
fn hearing(case: &Case, skill: f64, _: f64, rng: &mut Rng) -> Outcome {
    let mut outcome = Outcome { asked: u32::from(case.asks.is_some()), calls: 1, ..Outcome::default() };
    let Case { stage, words, state, heard, reply, .. } = case;
    let told = listen(&stage.persona, state, heard, reply, words, None).map_or_else(
        || reply.change.told.clone(),
        |listening| {
            outcome.calls += 1;
            let facts: Vec<&FactEntry> = open(&stage.persona, state).collect();
            let number = picks(case, &facts, skill, rng).map_or(0, |at| at + 1);
            let answer = format!("{{\"demande\": [{number}]}}");
            let heard = listening.heard(&answer, heard, words);
            let reply = heard.map(|heard| respond(&stage.persona, state, Turn::Said(&heard), 7));
            reply.map_or_else(|| case.reply.change.told.clone(), |reply| reply.change.told)
        },
    );
    count(case, &told, outcome)
}

/// Lets the stand-in choose among the facts that may be told, two at most, and keeps what the guard lets through.
fn choosing(case: &Case, skill: f64, loose: f64, rng: &mut Rng) -> Outcome {
    let Case { stage, state, reply, .. } = case;
    let facts: Vec<&FactEntry> = open(&stage.persona, state).collect();
    let mut told: Vec<&FactEntry> = Vec::new();
    if case.asks.is_some() {
        told.extend(picks(case, &facts, skill, rng).map(|at| facts[at]));
    }
    if rng.f64() < loose && !facts.is_empty() {
        told.push(facts[rng.usize(..facts.len())]);
    }
    told.truncate(2);
    let own = Setting { persona: &stage.persona, state, reply, exchange: &[] }.facts();
    let may: BTreeSet<String> = own.iter().cloned().chain(facts.iter().map(|fact| fact.id.clone())).collect();
    let Stage { persona, ears, bounds, .. } = stage.as_ref();
    let mut telling =
        Telling::new(Check { persona, ears, bounds, facts: &may, heard: &[], said: &[] }, reply, Vec::new());
    for fact in &told {
        if let Some(line) = fact.says.all().next() {
            let _ = telling.push(&format!("{line} "));
        }
    }
    let _ = telling.end();
    let found = ears.told_by(&comptoir::language::Text::read(&telling.reply().text));
    let found: Vec<String> = found.into_iter().filter(|id| !state.told().contains(id)).collect();
    let exposed = facts.iter().filter(|fact| !state.told().contains(&fact.id)).count();
    count(case, &found, Outcome { asked: u32::from(case.asks.is_some()), calls: 1, exposed, ..Outcome::default() })
}

/// Which of the facts the stand-in takes the words to ask for.
fn picks(case: &Case, facts: &[&FactEntry], skill: f64, rng: &mut Rng) -> Option<usize> {
    let right = case.asks.as_ref().and_then(|id| facts.iter().position(|fact| fact.id == *id));
    if rng.f64() < skill { right } else { (!facts.is_empty()).then(|| rng.usize(..facts.len())) }
}

/// What volunteers comes out in either way and counts for nothing.
fn count(case: &Case, told: &[String], mut outcome: Outcome) -> Outcome {
    let right = |id: &&String| case.asks.as_ref() == Some(*id);
    let volunteered = |id: &&String| {
        case.reply.change.told.contains(id)
            || case.stage.persona.fact(id).is_some_and(|fact| fact.access == Access::Volunteered)
    };
    outcome.answered += u32::from(told.iter().any(|id| right(&id)));
    outcome.unasked += u32::from(told.iter().any(|id| !right(&id) && !volunteered(&id)));
    outcome
}

/// The facts that may be told when asked.
fn open<'p>(persona: &'p Persona, state: &'p State) -> impl Iterator<Item = &'p FactEntry> {
    persona.file().fact.iter().filter(|fact| fact.access != Access::Trust || state.trust() >= fact.trust)
}

/// The questions that the rules miss once they are not in the file, and how many there are in all.
fn missed() -> (Vec<Case>, usize) {
    let files = shipped();
    let content = content();
    let (mut missed, mut questions) = (Vec::new(), 0);
    for persona in content.personas() {
        let text = &files.get(Kind::Persona, persona.id()).expect("it ships").text;
        for fact in persona.file().fact.iter().filter(|fact| fact.access != Access::Trust) {
            for question in &fact.asked_by {
                let without = text.replacen(&format!("  \"{question}\",\n"), "", 1);
                let Ok(persona) = comptoir::persona::restore(&without) else { continue };
                questions += 1;
                let stage = Stage::new(Arc::new(persona), Arc::clone(content.organisation()));
                let case = case(Arc::new(stage), question, Some(fact.id.clone()));
                let takes_up = case.heard.asked.iter().any(|asked| asked.id == fact.id);
                // What the rules take for another question is answered wrongly in either way.
                let open = listen(&case.stage.persona, &case.state, &case.heard, &case.reply, question, None).is_some();
                if !takes_up && open {
                    missed.push(case);
                }
            }
        }
    }
    (missed, questions)
}

/// Turns that ask for nothing.
fn quiet() -> Vec<Case> {
    let content = content();
    let stages = content.personas().map(|persona| Stage::new(Arc::clone(persona), Arc::clone(content.organisation())));
    let stages: Vec<Arc<Stage>> = stages.map(Arc::new).collect();
    let cases = stages.iter().flat_map(|stage| NOTHING.iter().map(|words| case(Arc::clone(stage), words, None)));
    cases.collect()
}

fn content() -> Content {
    Content::read(&[&shipped()], Vec::new()).expect("a sound directory")
}

/// The words, said after the greeting and the opening.
#[expect(clippy::similar_names, reason = "a stage is where a persona is played, a state how it stands")]
fn case(stage: Arc<Stage>, words: &str, asks: Option<String>) -> Case {
    let mut state = State::start(&stage.persona);
    let hears = |state: &State, words: &str, turn| {
        let context = Context { trainee_turns: turn, last_words: None, told: state.told(), cuts_in: false };
        hear(&Utterance::new(words).expect("words"), &stage.ears, &context)
    };
    let greeting = hears(&state, "Rive Claire Habitat, bonjour.", 0);
    let opening = respond(&stage.persona, &state, Turn::Said(&greeting), 7);
    state = state.after(&opening.change);
    let heard = hears(&state, words, 1);
    let reply = respond(&stage.persona, &state, Turn::Said(&heard), 7);
    Case { words: words.to_owned(), asks, heard, reply, state, stage }
}
