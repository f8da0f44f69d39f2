//! Coming back: after a lost connection, in another tab, on another node, after a restart.

use std::time::Duration;

use comptoir::clock::Timestamp;
use comptoir::id::ConversationId;
use comptoir::transcript::Happening;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::talk::Talk;

const PHONE: &str = "fuite-colere";

/// What a client that saw nothing is told of the past.
async fn past(talk: &mut Talk) -> Vec<Value> {
    let welcome = talk.first("welcome").await;
    let last = welcome["last_seq"].as_u64().unwrap();
    let mut past = Vec::new();
    while past.last().is_none_or(|message: &Value| message["seq"].as_u64() < Some(last)) {
        past.push(talk.next().await.unwrap());
    }
    past
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_gets_exactly_what_was_missed() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.first("welcome").await;
    let mut seen = vec![talk.receive().await];
    for words in ["Bonjour, je vous écoute.", "Depuis quand ?", "Je comprends."] {
        let (said, replied) = talk.say(words).await;
        seen.extend([said, replied]);
    }
    talk.lose();
    for last_seq in 0..7_u32 {
        let mut talk = visitor.join(&id, last_seq).await;
        let mut missed = past_from(&mut talk, last_seq).await;
        for message in &mut missed {
            // Picking up is acknowledged by its number; the message's id is not kept with it.
            if message["type"] == "received" {
                message["id"] = seen[0]["id"].clone();
            }
        }
        assert_eq!(missed, seen[last_seq as usize..], "after {last_seq}");
        talk.lose();
    }
    let mut talk = visitor.join(&id, 7).await;
    assert_eq!(talk.first("welcome").await["last_seq"], 7);
    let (said, _) = talk.say("Reprenons.").await;
    assert_eq!(said["seq"], 8, "nothing was told twice");
    talk.lose();
    app.stop().await;
}

async fn past_from(talk: &mut Talk, last_seq: u32) -> Vec<Value> {
    if last_seq < 7 { past(talk).await } else { Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_sent_twice_is_taken_once_even_after_coming_back() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.first("welcome").await;
    let receive = json!({"type": "receive", "id": "r"});
    talk.send(&receive).await;
    talk.send(&receive).await;
    assert_eq!(talk.next().await, talk.next().await);
    let message = json!({"type": "say", "id": "x", "text": "Bonjour, je vous écoute."});
    talk.send(&message).await;
    let said = talk.first("said").await;
    let replied = talk.first("replied").await;
    talk.send(&message).await;
    assert_eq!(talk.next().await.unwrap(), said);
    talk.lose();

    let last = u32::try_from(replied["seq"].as_u64().unwrap()).unwrap();
    let mut talk = visitor.join(&id, last).await;
    talk.first("welcome").await;
    talk.send(&message).await;
    assert_eq!(talk.next().await.unwrap(), said);
    talk.send(&json!({"type": "move", "id": "y", "move": {"kind": "hold"}})).await;
    let moved = talk.first("moved").await;
    assert_eq!(moved["seq"], last + 1);
    talk.first("replied").await;
    talk.send(&json!({"type": "move", "id": "y", "move": {"kind": "hold"}})).await;
    assert_eq!(talk.next().await.unwrap()["seq"], moved["seq"]);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_tab_takes_over_and_the_first_is_told() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut first = visitor.join(&id, 0).await;
    first.receive().await;
    let mut second = visitor.join(&id, 0).await;
    assert_eq!(second.first("welcome").await["phase"], "talking");
    assert_eq!(first.next().await.unwrap()["type"], "taken_over");
    assert_eq!(first.closed().await, 4001);
    second.say("Bonjour, je vous écoute.").await;
    second.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_goes_on_and_this_one_catches_up() {
    let one = TestApp::start().await;
    let two = TestApp::builder().beside(&one).start().await;
    let visitor = one.visitor();
    let id = visitor.open(PHONE).await;
    let mut here = visitor.join(&id, 0).await;
    here.receive().await;
    here.say("Bonjour, je vous écoute.").await;
    let mut there = visitor.at(&two).join(&id, 3).await;
    there.first("welcome").await;
    let (said, replied) = there.say("Depuis quand est-ce que cela dure ?").await;
    assert_eq!((&said["seq"], &replied["seq"]), (&json!(4), &json!(5)));

    // The first node still thinks that event 4 is to come: it catches up before it takes the message.
    here.send(&json!({"type": "say", "id": "late", "text": "Vous êtes toujours là ?"})).await;
    let told = here.until("replied").await;
    assert_eq!(told[1], replied, "{told:?}");
    let mine = here.until("replied").await;
    assert_eq!((&mine[0]["id"], &mine[0]["seq"]), (&json!("late"), &json!(6)));
    here.lose();
    there.lose();
    let events = one.store.events(id.parse().unwrap(), 0).await.unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
    two.stop().await;
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_left_without_its_answer_is_answered_on_coming_back() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    // As after a stop between the turn and its answer.
    let conversation: ConversationId = id.parse().unwrap();
    let spoke =
        Happening::Spoke {
            text: "Bonjour, je vous écoute.".to_owned(), client_id: Some("x".to_owned()), spoken: None
        };
    let at = Timestamp::from_second(1_772_442_010).unwrap();
    app.store.append(conversation, 1, vec![Happening::Received, spoke], at).await.unwrap();
    let mut talk = visitor.join(&id, 0).await;
    let told = talk.until("replied").await;
    assert_eq!(told.last().unwrap()["seq"], 3);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_says_goodbye_and_the_next_start_goes_on() {
    let one = TestApp::start().await;
    let visitor = one.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let (_, replied) = talk.say("Bonjour, je vous écoute.").await;
    let folder = TestApp::builder().beside(&one);
    one.stop().await;
    assert_eq!(talk.next().await.unwrap()["type"], "going_away");
    assert_eq!(talk.closed().await, 1001);
    drop(talk);

    let two = folder.start().await;
    let visitor = visitor.at(&two);
    let mut talk = visitor.join(&id, 2).await;
    assert_eq!(talk.first("replied").await, replied);
    talk.say("Depuis quand ?").await;
    talk.lose();
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_nobody_came_back_to_for_a_day_is_over() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.lose();
    app.later(Duration::from_hours(23));
    let mut talk = visitor.join(&id, 1).await;
    assert_eq!(talk.first("welcome").await["phase"], "talking");
    talk.lose();
    app.later(Duration::from_hours(2));
    let mut talk = visitor.join(&id, 1).await;
    assert_eq!(talk.first("welcome").await["phase"], "ended");
    assert_eq!(talk.first("ended").await["by"], "abandoned");
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_try_shares_what_came_before_the_chosen_turn() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let (first, reply) = talk.say("Bonjour, je vous écoute.").await;
    let (second, _) = talk.say("Calmez-vous, monsieur.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();

    let from = second["seq"].to_string();
    let answer = visitor.post(&format!("/conversations/{id}/again"), &[("from", &from)]).await;
    let again = answer.location.unwrap().strip_prefix("/conversations/").unwrap().to_owned();
    assert_ne!(again, id);
    let mut talk = visitor.join(&again, 0).await;
    let past = past(&mut talk).await;
    let words: Vec<&Value> = past.iter().map(|message| &message["text"]).collect();
    assert_eq!(words, [&Value::Null, &first["text"], &reply["text"]]);
    // The same ids may be chosen again: this is another conversation.
    talk.send(&json!({"type": "say", "id": "m-2", "text": "Je comprends votre colère."})).await;
    assert_eq!(talk.first("said").await["seq"], 4);
    talk.first("replied").await;
    talk.lose();

    let fresh = visitor.post(&format!("/conversations/{id}/again"), &[]).await.location.unwrap();
    let mut talk = visitor.join(fresh.strip_prefix("/conversations/").unwrap(), 0).await;
    assert_eq!(talk.first("welcome").await["phase"], "waiting");
    talk.lose();
    let bad = visitor.post(&format!("/conversations/{id}/again"), &[("from", "1")]).await;
    assert_eq!(bad.code(), "bad_form");
    app.stop().await;
}
