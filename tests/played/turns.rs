//! Turn by turn: what is streamed, stored, cut short, taken up again.

use std::sync::Mutex;
use std::time::Duration;

use comptoir::conversation::Told;
use comptoir::transcript::Happening;

use crate::double::{Does, Seen};
use crate::stage::{GREETING, Setting, Theatre, by_phone};

const WHERE: &str = "Où se trouve la fuite exactement ?";
const OWN: &str = "Au plafond, pile au-dessus de la baignoire, et ça vient de l'appartement du dessus.";

/// Answers wordings with these words; hears nothing.
fn saying(words: &'static str) -> impl Fn(&Seen) -> Does + Send + Sync {
    move |seen| {
        if seen.schema_name().is_some() { Does::Json(serde_json::json!({"demande": []})) } else { Does::words(words) }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_is_the_model_s_words_and_says_what_code_decided() {
    let theatre = Theatre::open(saying(OWN)).await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    let opening = talk.say(GREETING).await.unwrap();
    assert_eq!(opening.text, theatre.stage("fuite-colere").persona.file().opening, "the first words stand as written");
    let reply = talk.say(WHERE).await.unwrap();
    assert!(reply.text.starts_with(OWN), "{}", reply.text);
    assert_eq!(reply.parts, reply.text, "what was told is what is stored");
    assert!(reply.told.contains(&"lieu-fuite".to_owned()));
    let made = reply.made.unwrap();
    assert_eq!((made.model.as_deref(), made.fell_back), (Some("double"), None));
    assert!(made.first_token_ms.is_some() && made.prompt_tokens > 0 && made.completion_tokens > 0);
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentences_are_told_while_the_rest_is_still_being_made() {
    let text = format!("{OWN} Vous comptez venir ou pas ? Moi j'attends.");
    let theatre = Theatre::open(move |_| Does::Slowly {
        text: text.clone(),
        first: Duration::from_millis(50),
        each: Duration::from_millis(60),
    })
    .await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let reply = talk.say(WHERE).await.unwrap();
    let first = reply.first.unwrap();
    assert!(first + Duration::from_millis(300) < reply.whole, "{first:?} of {:?}", reply.whole);
    assert_eq!(reply.parts, reply.text);
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_sentence_is_asked_for_once_more_and_then_the_character_s_own_lines_come() {
    let asked = Mutex::new(0);
    let theatre = Theatre::open(move |seen| {
        if seen.schema_name().is_some() {
            return Does::Json(serde_json::json!({"demande": []}));
        }
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        match *asked {
            1 => Does::words("En tant que modèle de langage, je ne peux pas répondre."),
            2 => Does::words(OWN),
            _ => Does::words("Je suis un assistant virtuel."),
        }
    })
    .await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let mended = talk.say(WHERE).await.unwrap();
    let made = mended.made.unwrap();
    assert!(mended.text.starts_with(OWN), "{}", mended.text);
    assert_eq!((made.refused, made.fell_back), (vec!["out_of_role".to_owned()], None));
    let own = talk.say("Depuis quand cela dure-t-il ?").await.unwrap();
    let made = own.made.unwrap();
    assert_eq!((made.refused.len(), made.fell_back.as_deref(), made.model), (2, Some("guarded"), None));
    assert!(!own.text.contains("assistant") && own.text.chars().count() > 10, "{}", own.text);
    assert_eq!(talk.notices, [], "the model is there: nothing to notice");
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_the_rules_miss_is_heard_by_the_model_and_answered_by_code() {
    let theatre = Theatre::open(|seen| {
        if seen.schema_name() == Some("demande") {
            let subjects: serde_json::Value = serde_json::from_str(seen.user()).unwrap();
            let all = subjects["sujets"].as_array().unwrap();
            let insurance = all.iter().find(|subject| subject["sujet"].as_str().unwrap().contains("assurance"));
            return Does::Json(serde_json::json!({"demande": [insurance.unwrap()["numero"]]}));
        }
        Does::words("Non, ça, j'ai pas encore prévenu mon assurance.")
    })
    .await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let reply = talk.say("Est-ce que vous avez un chien ou un chat ?").await.unwrap();
    assert!(reply.told.contains(&"assurance".to_owned()), "{reply:?}");
    assert!(reply.text.contains("assurance"));
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cuts_in_gets_the_rest_at_once_and_nothing_is_said_twice() {
    let text = format!("{OWN} Je vous écoute. Et j'attends. Et j'attends encore. Vraiment, j'attends.");
    let theatre = Theatre::open(move |_| Does::Slowly {
        text: text.clone(),
        first: Duration::ZERO,
        each: Duration::from_millis(80),
    })
    .await;
    let mut talk = theatre.begin(theatre.stage("fuite-colere"), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    talk.send(WHERE).await;
    loop {
        if let Told::ReplyPart(_, words) = talk.line.told().await.unwrap() {
            assert_eq!(words, OWN);
            break;
        }
    }
    talk.send("Attendez, je note.").await;
    let cut = talk.replied().await.unwrap();
    assert!(cut.text.starts_with(OWN) && !cut.text.contains("Vraiment"), "{}", cut.text);
    assert_eq!(cut.made.unwrap().fell_back.as_deref(), Some("cut_in"));
    talk.replied().await.unwrap();
    let events = theatre.events(talk.id).await;
    let replies = events.iter().filter(|event| matches!(event.happening, Happening::Replied { .. })).count();
    let turns = events.iter().filter(|event| matches!(event.happening, Happening::Spoke { .. })).count();
    assert_eq!((turns, replies), (3, 3));
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_under_way_when_the_service_stops_is_whole_afterwards_and_begins_with_what_was_told() {
    let text = format!("{OWN} Je vous écoute. Et j'attends. Et j'attends encore. Vraiment, j'attends.");
    let theatre = Theatre::open(move |_| Does::Slowly {
        text: text.clone(),
        first: Duration::ZERO,
        each: Duration::from_millis(80),
    })
    .await;
    let stage = theatre.stage("fuite-colere");
    let mut talk = theatre.begin(stage, 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    talk.send(WHERE).await;
    while !matches!(talk.line.told().await.unwrap(), Told::ReplyPart(..)) {}
    theatre.board.stop().await;
    let events = theatre.events(talk.id).await;
    let Happening::Replied { text, made, .. } = &events.last().unwrap().happening else {
        panic!("no reply stored: {events:?}")
    };
    assert!(text.starts_with(OWN), "{text}");
    assert_eq!(made.as_ref().unwrap().fell_back.as_deref(), Some("stopped"));
    drop(talk);
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tab_that_takes_over_in_mid_reply_gets_the_whole_of_it() {
    let text = format!("{OWN} Je vous écoute. Et j'attends. Et j'attends encore.");
    let theatre = Theatre::open(move |_| Does::Slowly {
        text: text.clone(),
        first: Duration::ZERO,
        each: Duration::from_millis(50),
    })
    .await;
    let stage = theatre.stage("fuite-colere");
    let mut talk = theatre.begin(stage.clone(), 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    talk.send(WHERE).await;
    while !matches!(talk.line.told().await.unwrap(), Told::ReplyPart(..)) {}
    let mut other = theatre.join(talk.id, stage).await;
    let reply = other.replied().await.unwrap();
    assert_eq!(reply.parts, reply.text);
    assert!(reply.text.contains("j'attends encore."), "{}", reply.text);
    drop((talk, other));
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_counted_once_and_the_budget_ends_the_model_s_part() {
    let setting = Setting { tokens: Some(3_000), ..Setting::default() };
    let mut theatre = Theatre::open_with(setting, saying(OWN)).await;
    let stage = theatre.stages.iter().find(|stage| by_phone(stage)).unwrap().clone();
    let mut talk = theatre.begin(stage, 7).await;
    talk.receive().await;
    talk.say(GREETING).await.unwrap();
    let (mut counted, mut over) = (0, false);
    for _ in 0..8 {
        let Some(reply) = talk.say("Je vous écoute, continuez.").await else { break };
        let made = reply.made.unwrap();
        counted += made.prompt_tokens + made.completion_tokens;
        over |= made.fell_back.as_deref() == Some("over_budget");
        if reply.ended {
            break;
        }
    }
    let mut used = 0;
    while let Ok(one) = theatre.uses.try_recv() {
        used += one.tokens.prompt + one.tokens.completion;
    }
    assert!(over && counted <= 3_000, "{counted} tokens");
    assert_eq!(counted, used, "events and uses tell the same");
    assert!(talk.notices.contains(&comptoir::conversation::Notice::OverBudget));
    drop(talk);
    theatre.close().await;
}
