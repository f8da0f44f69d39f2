//! Claims about replies, over the sample persona: every line there is named after its list.

use std::time::Duration;

use super::{Hint, Intent, Reply, Turn, guard, hint, respond};
use crate::act::Act;
use crate::character::{EndedBy, Move, State};
use crate::hearing::{Heard, Recognised, Restated, Shown, TopicAsked};
use crate::persona::{Persona, Topic, sample};

const MOVES: &[(&str, &str)] = &[
    ("calm_order = { ", "calm_order = { tension = 2, trust = -1, limit = 0, why = \"Ordre.\", "),
    ("jargon = { ", "jargon = { tension = 1, limit = 0, why = \"Jargon.\", "),
    ("empathy = { ", "empathy = { tension = -1, trust = 1, why = \"Empathie.\", "),
];

fn did(acts: &[Act]) -> Heard {
    let acts = acts.iter().map(|act| Shown { act: *act, quote: act.name().to_owned() }).collect();
    Heard { acts, words: 5, ..Heard::default() }
}

fn asks(facts: &[&str], topics: &[Topic]) -> Heard {
    let count = facts.len() + topics.len();
    Heard {
        asked: facts.iter().map(|id| Recognised { id: (*id).to_owned(), quote: format!("{id} ?") }).collect(),
        topics: topics.iter().map(|topic| TopicAsked { topic: *topic, quote: "?".to_owned() }).collect(),
        questions: u8::try_from(count).unwrap(),
        ..did(&[Act::ClosedQuestion])
    }
}

/// Plays turns from the start; returns every reply and the last state.
fn play(persona: &Persona, turns: &[Heard], seed: u64) -> (Vec<Reply>, State) {
    let mut state = State::start(persona);
    let mut replies = Vec::new();
    for heard in turns {
        let reply = respond(persona, &state, Turn::Said(heard), seed);
        state = state.after(&reply.change);
        replies.push(reply);
    }
    (replies, state)
}

/// The last reply after a greeting and these turns.
fn last(turns: &[Heard]) -> Reply {
    let all: Vec<Heard> = std::iter::once(did(&[Act::Greeting])).chain(turns.iter().cloned()).collect();
    play(&sample::persona(MOVES), &all, 7).0.pop().expect("a reply")
}

fn check(turns: &[Heard], intents: &[Intent], text: &[&str]) {
    let reply = last(turns);
    assert_eq!(reply.intents, intents, "{}", reply.text);
    for part in text {
        assert!(reply.text.contains(part), "{:?} without {part:?}", reply.text);
    }
}

#[test]
fn the_first_reply_is_the_opening_and_answers_what_was_asked_with_it() {
    let persona = sample::persona(MOVES);
    let first = |heard: &Heard| respond(&persona, &State::start(&persona), Turn::Said(heard), 1);
    assert_eq!(first(&did(&[Act::Greeting])).text, "Bonjour, c'est pour une fuite.");
    assert_eq!(first(&asks(&[], &[Topic::Reason])).text, "Bonjour, c'est pour une fuite.");
    let named = first(&asks(&[], &[Topic::Name])).text;
    assert!(named.starts_with("Bonjour, c'est pour une fuite. name "), "{named}");
    for turn in [Turn::Received, Turn::Silence] {
        assert_eq!(respond(&persona, &State::start(&persona), turn, 1).text, "Bonjour, c'est pour une fuite.");
    }
}

#[test]
fn two_questions_get_two_answers_and_three_no_more() {
    check(&[asks(&["lieu"], &[Topic::Name])], &[Intent::Answer, Intent::Identify], &["ntr", "name "]);
    check(&[asks(&[], &[Topic::Name, Topic::Address, Topic::Phone])], &[Intent::Identify], &["name ", "address "]);
    assert!(!last(&[asks(&[], &[Topic::Name, Topic::Address, Topic::Phone])]).text.contains("phone "));
    // One question that resembles two facts is one question.
    let both = Heard { questions: 1, ..asks(&["lieu", "enfant"], &[]) };
    let same = both.asked.iter().map(|fact| Recognised { quote: "où ?".to_owned(), ..fact.clone() }).collect();
    check(&[Heard { asked: same, ..both }], &[Intent::Answer], &["ntr"]);
}

#[test]
fn a_fact_asked_again_is_said_in_other_words_and_a_third_time_it_weighs() {
    let ask = asks(&["lieu"], &[]);
    let first = last(std::slice::from_ref(&ask));
    let second = last(&[ask.clone(), ask.clone()]);
    assert_eq!((first.change.told, &second.change.told), (vec!["lieu".to_owned()], &vec!["lieu".to_owned()]));
    assert!(["Je l'ai dit.", "Toujours pareil."].iter().any(|line| second.text.starts_with(line)), "{}", second.text);
    assert_eq!(second.change.moods, []);
    let third = last(&[ask.clone(), ask.clone(), ask]);
    assert_eq!(third.change.moods[0].cause, "asked_again");
    assert!(third.text.starts_with("repeats "), "{}", third.text);
}

#[test]
fn a_confidence_takes_trust_and_then_comes_when_asked_or_approached() {
    let ask = asks(&["enfant"], &[]);
    let withheld = last(std::slice::from_ref(&ask));
    assert_eq!(withheld.intents, [Intent::Withhold]);
    assert_eq!((withheld.change.told.len(), withheld.change.withheld), (0, vec!["enfant".to_owned()]));
    let kind = did(&[Act::Empathy]);
    let asked = last(&[Heard { questions: 1, ..kind.clone() }, ask]);
    assert_eq!(asked.change.told, ["enfant"]);
    // Trust of 4 becomes 5 with the first kind word: once they have talked a little, it is confided unasked.
    let approached = last(&[asks(&["lieu"], &[]), kind.clone()]);
    assert_eq!(
        (approached.intents, approached.change.told),
        (vec![Intent::React, Intent::Volunteer], vec!["enfant".to_owned()])
    );
}

#[test]
fn harsh_words_are_taken_up_alone_and_before_the_answer() {
    check(&[did(&[Act::CalmOrder])], &[Intent::React], &["calm_order "]);
    let asked = Heard { acts: did(&[Act::CalmOrder, Act::Empathy]).acts, ..asks(&["lieu"], &[]) };
    check(&[asked], &[Intent::React, Intent::Answer], &["calm_order ", "ntr"]);
    // A passing annoyance is not voiced beside an answer, though it weighs.
    let jargon = Heard { acts: did(&[Act::Jargon]).acts, ..asks(&["lieu"], &[]) };
    let reply = last(&[jargon]);
    assert_eq!((reply.intents.as_slice(), reply.change.tension), (&[Intent::Answer][..], 5));
}

#[test]
fn saying_back_is_confirmed_or_set_right_with_what_was_told() {
    let back = |right| Heard {
        restated: vec![Restated { id: "lieu".to_owned(), right, quote: "l'entrée".to_owned() }],
        ..did(&[Act::Reformulation, Act::Validation])
    };
    let told = asks(&["lieu"], &[]);
    assert_eq!(last(&[told.clone(), back(true)]).intents[0], Intent::Confirm);
    check(&[told, back(false)], &[Intent::Correct, Intent::Repeat], &["reformulation_wrong "]);
    // What it has not told, it does not give away by setting right.
    let untold = Heard {
        restated: vec![Restated { id: "enfant".to_owned(), ..back(false).restated[0].clone() }],
        ..back(false)
    };
    let reply = last(&[untold]);
    assert_eq!((reply.intents[0], reply.change.told.contains(&"enfant".to_owned())), (Intent::Correct, false));
}

#[test]
fn repeating_says_the_last_answer_again() {
    let again = Heard { asks_to_repeat: true, ..did(&[]) };
    check(&[asks(&["lieu"], &[]), again.clone()], &[Intent::Repeat], &["repeats "]);
    check(&[asks(&[], &[Topic::Phone]), again.clone()], &[Intent::Repeat, Intent::Identify], &["repeats ", "phone "]);
    check(&[again], &[Intent::Repeat, Intent::Identify], &["repeats ", "reason "]);
}

#[test]
fn goodbyes_follow_the_mood_and_what_was_done() {
    let bye = did(&[Act::Farewell]);
    let helped = did(&[Act::Proposal]);
    let end = |turns: &[Heard]| {
        let reply = last(turns);
        assert_eq!(reply.change.ended, Some(EndedBy::Trainee));
        *reply.intents.last().expect("an intent")
    };
    // A service named is not yet help; a step done is.
    let step = Recognised { id: "appeler".to_owned(), quote: "J'appelle le technicien.".to_owned() };
    let done = Heard { steps: vec![step], ..helped.clone() };
    assert_eq!(end(&[helped.clone(), bye.clone()]), Intent::EndNeutral);
    assert_eq!(end(&[done, helped, bye.clone()]), Intent::EndContent);
    assert_eq!(end(std::slice::from_ref(&bye)), Intent::EndNeutral);
    assert_eq!(end(&[did(&[Act::CalmOrder]), bye]), Intent::EndTense);
    // A farewell with a question in it is a question first.
    let asked = Heard { acts: did(&[Act::Farewell]).acts, ..asks(&["lieu"], &[]) };
    assert_eq!(last(&[asked]).change.ended, None);
}

#[test]
fn moves_are_answered_and_a_transfer_ends() {
    fn check(act: &Move, waited: u64, intent: Intent, cause: Option<&str>, ended: bool) {
        let persona = sample::persona(MOVES);
        let state = play(&persona, &[did(&[Act::Greeting])], 1).1;
        let reply = respond(&persona, &state, Turn::Moved(act, Duration::from_secs(waited)), 1);
        assert_eq!(reply.intents, [intent], "{act:?}: {}", reply.text);
        assert_eq!(reply.change.moods.first().map(|mood| mood.cause.as_str()), cause, "{act:?}");
        assert_eq!(reply.change.ended, ended.then_some(EndedBy::Trainee), "{act:?}");
        assert_eq!(reply.change.on_hold, *act == Move::Hold);
    }
    let to = |service: &str| Move::Transfer { service: service.to_owned() };
    check(&Move::Hold, 0, Intent::Wait, None, false);
    check(&Move::Resume, 20, Intent::Back, None, false);
    check(&Move::Resume, 61, Intent::Back, Some("long_hold"), false);
    check(&Move::CallColleague, 0, Intent::Colleague, None, false);
    check(&Move::CallManager, 0, Intent::Manager, None, false);
    check(&to("technique"), 0, Intent::Transferred, None, true);
    check(&to("gardien"), 0, Intent::Transferred, None, true);
    check(&to("caf"), 0, Intent::TransferredWrong, Some("wrong_transfer"), true);
    check(&Move::End, 0, Intent::EndTense, Some("cut_short"), true);
}

#[test]
fn whatever_is_said_twelve_times_no_line_comes_back_within_eight_replies() {
    let turns: [Heard; 7] = [
        did(&[]),
        did(&[Act::CalmOrder]),
        did(&[Act::MechanicalAck]),
        asks(&["lieu"], &[]),
        asks(&["enfant"], &[Topic::Name]),
        Heard { unknown_question: true, questions: 1, ..did(&[Act::ClosedQuestion]) },
        Heard { asks_to_repeat: true, ..did(&[]) },
    ];
    let persona = sample::persona(&[]);
    for heard in &turns {
        let script: Vec<Heard> = std::iter::repeat_n(heard.clone(), 13).collect();
        for seed in 0..20 {
            let (replies, _) = play(&persona, &script, seed);
            for (at, reply) in replies.iter().enumerate() {
                assert!(!reply.text.is_empty());
                let hashes = |reply: &Reply| -> Vec<String> {
                    reply
                        .change
                        .lines
                        .iter()
                        .filter_map(|line| line.split_once('#').map(|(_, hash)| hash.to_owned()))
                        .collect()
                };
                let before: Vec<String> = replies[at.saturating_sub(8)..at].iter().flat_map(hashes).collect();
                assert!(hashes(reply).iter().all(|hash| !before.contains(hash)), "{}", reply.text);
            }
        }
    }
}

#[test]
fn the_guard_finds_a_locked_fact_in_any_case_and_only_as_whole_words() {
    let persona = sample::persona(&[]);
    let leaks = |told: &[&str], text: &str| {
        let told = told.iter().map(|id| (*id).to_owned()).collect();
        guard::leaks(&persona, &told, text).into_iter().map(|leak| leak.mark).collect::<Vec<_>>()
    };
    assert_eq!(leaks(&[], "Elle a HUIT  mois, la petite."), ["huit mois"]);
    assert_eq!(leaks(&["enfant"], "Elle a huit mois."), Vec::<String>::new());
    assert_eq!(leaks(&[], "Ça fait dix-huit moissons. L'entrée, oui."), Vec::<String>::new());
}

#[test]
fn hints_are_discreet_agree_with_the_person_and_keep_secrets() {
    let persona = sample::persona(MOVES);
    let state = play(&persona, &[did(&[Act::Greeting])], 1).1;
    let coached = |heard: &Heard, shown: &[Hint]| {
        let reply = respond(&persona, &state, Turn::Said(heard), 1);
        hint(&persona, &state, heard, &reply, shown)
    };
    let order = did(&[Act::CalmOrder]);
    let rises = "La tension monte : reconnaissez ce qu'elle vit avant d'expliquer.".to_owned();
    assert_eq!(coached(&order, &[]), Some(rises.clone()));
    assert_eq!(coached(&order, &[Hint { turns: 1, text: "Autre chose.".to_owned() }]), None, "not at every turn");
    let withheld = coached(&asks(&["enfant"], &[]), &[]);
    assert_eq!(withheld.as_deref(), Some("Elle ne dit pas tout : un mot de compréhension, puis laissez venir."));
    assert_eq!(coached(&did(&[Act::Acknowledgement]), &[]), None);
}
