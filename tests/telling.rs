//! Replies worded by someone else than the persona's file: what is asked, what is let through, what is made of it.

#![expect(clippy::similar_names, reason = "a stage is where a persona is played, a state how it stands")]

use std::collections::BTreeSet;
use std::sync::Arc;

use comptoir::character::State;
use comptoir::content::{Content, shipped};
use comptoir::conversation::Stage;
use comptoir::hearing::{Context, Heard, hear};
use comptoir::language::Plain;
use comptoir::persona::Access;
use comptoir::reply::guard::Breach;
use comptoir::reply::guide::{Line, Setting};
use comptoir::reply::listen::listen;
use comptoir::reply::telling::{Check, Telling, complete};
use comptoir::reply::{Intent, Reply, Turn, respond};
use comptoir::utterance::{Speaker, Utterance};

fn stage(id: &str) -> Stage {
    let content = Content::read(&[&shipped()], Vec::new()).unwrap();
    Stage::new(Arc::clone(content.persona(id).unwrap()), Arc::clone(content.organisation()))
}

fn heard(stage: &Stage, state: &State, words: &str, turn: usize) -> Heard {
    let context = Context { trainee_turns: turn, last_words: None, told: state.told(), cuts_in: false };
    hear(&Utterance::new(words).unwrap(), &stage.ears, &context)
}

/// Plays words; the state before the last reply, and that reply.
fn play(stage: &Stage, turns: &[&str]) -> (State, Reply) {
    let mut state = State::start(&stage.persona);
    let mut last = None;
    for (at, words) in turns.iter().enumerate() {
        if let Some((_, reply)) = last.take() {
            let reply: Reply = reply;
            state = state.after(&reply.change);
        }
        let heard = heard(stage, &state, words, at);
        last = Some((state.clone(), respond(&stage.persona, &state, Turn::Said(&heard), 7)));
    }
    last.unwrap()
}

const GREETING: &str = "Bonjour, agence de la Rive, je vous écoute.";
const WHERE: &str = "Où se trouve la fuite exactement ?";

struct Worded<'a> {
    stage: &'a Stage,
    plan: &'a Reply,
    facts: BTreeSet<String>,
}

impl<'a> Worded<'a> {
    fn new(stage: &'a Stage, state: &State, plan: &'a Reply) -> Worded<'a> {
        let facts = Setting { persona: &stage.persona, state, reply: plan, exchange: &[] }.facts();
        Worded { stage, plan, facts }
    }

    fn telling(&'a self) -> Telling<'a> {
        let Stage { persona, ears, bounds, .. } = self.stage;
        Telling::new(Check { persona, ears, bounds, facts: &self.facts, heard: &[], said: &[] }, self.plan, Vec::new())
    }
}

#[test]
fn an_ask_holds_the_facts_told_and_to_tell_and_no_other() {
    let content = Content::read(&[&shipped()], Vec::new()).unwrap();
    for persona in content.personas() {
        let stage = Stage::new(Arc::clone(persona), Arc::clone(content.organisation()));
        for fact in &persona.file().fact {
            let (state, reply) = play(&stage, &[GREETING, &fact.asked_by[0]]);
            let exchange = [Line { speaker: Speaker::Trainee, words: &fact.asked_by[0] }];
            let setting = Setting { persona, state: &state, reply: &reply, exchange: &exchange };
            let allowed = setting.facts();
            let text: String = setting.ask().messages.into_iter().map(|message| message.text).collect();
            for other in persona.file().fact.iter().filter(|other| !allowed.contains(&other.id)) {
                let lines = std::iter::once(&other.text).chain(other.says.all()).chain(&other.again);
                for line in lines {
                    assert!(!text.contains(line.as_str()), "{}: {} in an ask: {line}", persona.id(), other.id);
                }
            }
            let bare = Setting { exchange: &[], ..setting }.ask();
            let bare: String = bare.messages.into_iter().map(|message| message.text).collect();
            // How someone talks may say « elle pleure »: the file's own description, the same for every turn.
            let bare = Plain::of(&bare.replace(&persona.file().caller.register, ""));
            for other in persona.file().fact.iter().filter(|other| !allowed.contains(&other.id)) {
                // What comes out by itself may be named before; the rest shows in no word of ours.
                let marks = other.marks.iter().filter(|_| other.access != Access::Volunteered);
                for mark in marks {
                    assert!(!bare.holds(&Plain::of(mark)), "{}: « {mark} » of {}", persona.id(), other.id);
                }
            }
            for id in &reply.change.told {
                let step = reply.steps.iter().find(|step| step.tells.as_ref() == Some(id)).unwrap();
                assert!(text.contains(&step.line), "{id} is to be told");
            }
        }
    }
}

#[test]
fn sentences_come_out_one_by_one_as_soon_as_they_are_whole() {
    let stage = stage("fuite-colere");
    let (state, plan) = play(&stage, &[GREETING, WHERE]);
    let worded = Worded::new(&stage, &state, &plan);
    let mut telling = worded.telling();
    let mut told = Vec::new();
    for piece in ["Au pla", "fond, au-dessus de la baignoire", ". Ça vient ", "du dessus", ", vous savez bien."] {
        told.extend(telling.push(piece).told);
    }
    assert_eq!(told, ["Au plafond, au-dessus de la baignoire."]);
    assert_eq!(telling.end().told, ["Ça vient du dessus, vous savez bien."]);
    let reply = telling.reply();
    let said = "Au plafond, au-dessus de la baignoire. Ça vient du dessus, vous savez bien.";
    assert!(reply.text.starts_with(said), "{}", reply.text);
    assert_eq!(reply.change, plan.change);
}

#[test]
fn what_the_model_left_out_is_said_in_the_persona_s_own_words() {
    let stage = stage("fuite-colere");
    let (state, plan) = play(&stage, &[GREETING, WHERE]);
    assert!(plan.change.told.contains(&"lieu-fuite".to_owned()), "{plan:?}");
    let worded = Worded::new(&stage, &state, &plan);
    let mut telling = worded.telling();
    telling.push("Vous me demandez encore ça.");
    telling.end();
    let own = plan.steps.iter().filter(|step| step.tells.is_some()).map(|step| step.line.as_str());
    let expect: Vec<&str> = std::iter::once("Vous me demandez encore ça.").chain(own).collect();
    assert_eq!(telling.reply().text, expect.join(" "));
    // Nothing said at all: all of them.
    assert_eq!(worded.telling().reply().text, plan.text);
    assert_eq!(complete(&stage.ears, &plan, &[], &BTreeSet::new()).text, plan.text);
}

#[test]
fn a_fact_that_was_told_before_a_stop_stays_told_under_another_plan() {
    let stage = stage("fuite-colere");
    let (_, told) = play(&stage, &[GREETING, WHERE]);
    let (state, plan) = play(&stage, &[GREETING, "D'accord, je vois."]);
    let id = "lieu-fuite".to_owned();
    assert!(told.change.told.contains(&id) && !plan.change.told.contains(&id));
    let said = told.steps.iter().find(|step| step.tells.as_ref() == Some(&id)).unwrap().line.clone();
    let went_on = |before| complete(&stage.ears, &plan, std::slice::from_ref(&said), before).change.told.contains(&id);
    assert!(went_on(state.told()));
    // Told long ago, it is not told anew.
    assert!(!went_on(&BTreeSet::from([id.clone()])));
}

#[test]
fn a_bad_sentence_stops_the_reply_and_the_good_ones_before_it_stand() {
    let stage = stage("fuite-colere");
    let (state, plan) = play(&stage, &[GREETING, WHERE]);
    let worded = Worded::new(&stage, &state, &plan);
    let mut telling = worded.telling();
    let taken = telling.push("C'est au-dessus de la baignoire. Je suis un modèle de langage. Et j'attends. ");
    assert_eq!(taken.told, ["C'est au-dessus de la baignoire."]);
    assert_eq!(taken.breach, Some(Breach::OutOfRole));
    assert_eq!(telling.end().told, [] as [&str; 0]);
    // The second try goes on from there.
    assert_eq!(telling.push("Je vous l'ai dit, ça vient du dessus. ").told.len(), 0);
    assert_eq!(telling.end().told, ["Je vous l'ai dit, ça vient du dessus."]);
    assert!(telling.reply().text.starts_with("C'est au-dessus de la baignoire. Je vous l'ai dit"));
}

#[test]
fn whoever_runs_on_is_stopped() {
    let stage = stage("fuite-colere");
    let (state, plan) = play(&stage, &[GREETING, WHERE]);
    let worded = Worded::new(&stage, &state, &plan);
    let mut telling = worded.telling();
    for n in 0..40 {
        let taken = telling.push(&format!("J'attends, et {} j'attends encore. ", "vraiment ".repeat(n % 5)));
        assert_eq!(taken.breach, None);
    }
    assert!(telling.is_full());
    assert!(telling.reply().text.chars().count() < 700, "{}", telling.reply().text);
    let mut endless = worded.telling();
    let breach = (0..500).find_map(|_| endless.push("et encore et encore ").breach);
    assert_eq!(breach, Some(Breach::TooLong));
    assert_eq!(endless.reply().text, plan.text);
}

#[test]
fn a_model_hears_subjects_never_what_the_character_would_say_and_nothing_that_takes_trust() {
    let content = Content::read(&[&shipped()], Vec::new()).unwrap();
    // Nobody would take this for a question that the file foresees.
    let words = "Est-ce que vous avez un chien ou un chat ?";
    let mut asked = 0;
    for persona in content.personas() {
        let stage = Stage::new(Arc::clone(persona), Arc::clone(content.organisation()));
        let (state, reply) = play(&stage, &[GREETING, "D'accord.", words]);
        let heard = heard(&stage, &state, words, 2);
        let Some(listening) = listen(persona, &state, &heard, &reply, words, None) else { continue };
        asked += 1;
        let text: String = listening.ask.messages.iter().map(|message| message.text.as_str()).collect();
        for fact in &persona.file().fact {
            assert!(
                !text.contains(&fact.text) && fact.says.all().all(|line| !text.contains(line.as_str())),
                "{}",
                fact.id
            );
            let locked = fact.access == Access::Trust && state.trust() < fact.trust;
            assert_eq!(text.contains(&fact.label), !locked, "{} {}", persona.id(), fact.id);
        }
        let found = listening.heard("{\"demande\": [1]}", &heard, words).unwrap();
        let reply = respond(persona, &state, Turn::Said(&found), 7);
        assert!(reply.intents.contains(&Intent::Answer), "{}: {}", persona.id(), reply.text);
        for nothing in ["{\"demande\": []}", "{\"demande\": [0, 99, -3]}", "{}", "non", "{\"demande\": \"1\"}"] {
            assert_eq!(listening.heard(nothing, &heard, words), None, "{nothing}");
        }
        let many = listening.heard("{\"demande\": [2, 2, 1, 3]}", &heard, words).unwrap();
        assert_eq!(many.asked.len(), 2);
    }
    assert!(asked >= 6, "{asked} of the personas were asked something the rules do not catch");
}

#[test]
fn a_question_the_rules_answer_is_not_asked_again() {
    let stage = stage("fuite-colere");
    let (state, reply) = play(&stage, &[GREETING, WHERE]);
    assert_eq!(listen(&stage.persona, &state, &heard(&stage, &state, WHERE, 1), &reply, WHERE, None), None);
}
