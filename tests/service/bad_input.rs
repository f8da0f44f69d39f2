//! Whatever a client sends: a clear code, and nothing lost.

use std::time::Duration;

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::talk::Talk;

const PHONE: &str = "fuite-colere";

/// Someone who bears twenty turns.
const PATIENT: &str = "charges-incomprises";

/// What a receptionist may say on and on.
const WORDS: [&str; 5] = [
    "Bonjour, je vous écoute.",
    "Je comprends, dites-m'en plus.",
    "Prenez votre temps, nous regardons cela ensemble.",
    "Quel montant lisez-vous sur la lettre ?",
    "Depuis quand habitez-vous ce logement ?",
];

async fn joined(app: &TestApp) -> Talk {
    joined_with(app, PHONE).await
}

async fn joined_with(app: &TestApp, persona: &str) -> Talk {
    let visitor = app.visitor();
    let id = visitor.open(persona).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.first("welcome").await;
    talk
}

/// Sends each text and expects its refusal, then goes on as if nothing had happened.
async fn check(app: &TestApp, talk: &mut Talk, cases: &[(String, &str, Option<&str>)]) {
    for (text, code, id) in cases {
        app.later(Duration::from_secs(10));
        talk.send_text(text).await;
        let shown: String = text.chars().take(80).collect();
        assert_eq!(talk.refused().await, ((*code).to_owned(), id.map(str::to_owned)), "{shown}");
    }
}

fn say(text: &str) -> String {
    json!({"type": "say", "id": "s", "text": text}).to_string()
}

fn make(act: &Value) -> String {
    json!({"type": "move", "id": "s", "move": act}).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_a_message_is_refused_and_the_conversation_goes_on() {
    let app = TestApp::start().await;
    let mut talk = joined(&app).await;
    talk.receive().await;
    let malformed = |text: &str| (text.to_owned(), "malformed_message", None);
    let with_id = |text: &str, id| (text.to_owned(), "malformed_message", Some(id));
    let cases = [
        malformed(""),
        malformed("{"),
        malformed("null"),
        malformed("[]"),
        malformed(r#""say""#),
        malformed(r#"{"type": "say"}"#),
        malformed(r#"{"type": "join"}"#),
        malformed(r#"{"type": "say", "id": 3, "text": "a"}"#),
        malformed(r#"{"type": "typing", "text": "a"}"#),
        with_id(r#"{"type": "shout", "id": "a", "text": "a"}"#, "a"),
        with_id(r#"{"type": "say", "id": "a"}"#, "a"),
        with_id(r#"{"type": "say", "id": "a", "text": null}"#, "a"),
        with_id(r#"{"type": "say", "id": "a", "text": "a", "mood": 3}"#, "a"),
        with_id(r#"{"type": "say", "id": "", "text": "a"}"#, ""),
        with_id(r#"{"type": "say", "id": "a b", "text": "a"}"#, "a b"),
        with_id(r#"{"type": "move", "id": "a", "move": {"kind": "fly"}}"#, "a"),
        with_id(r#"{"type": "move", "id": "a", "move": {"kind": "transfer"}}"#, "a"),
        with_id(r#"{"type": "move", "id": "a", "move": {"kind": "hold", "service": "technique"}}"#, "a"),
        malformed(&format!("{}1{}", "[".repeat(200), "]".repeat(200))),
    ];
    check(&app, &mut talk, &cases).await;
    talk.send_bytes(vec![0, 159, 146, 150]).await;
    assert_eq!(talk.refused().await.0, "not_listening");
    let (said, _) = talk.say("Bonjour, je vous écoute.").await;
    assert_eq!(said["seq"], 2, "nothing of all that became an event");
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_the_state_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let mut talk = joined(&app).await;
    let receive = || json!({"type": "receive", "id": "s"}).to_string();
    let refusal = |text: String, code| (text, code, Some("s"));
    let hold = || make(&json!({"kind": "hold"}));
    let resume = || make(&json!({"kind": "resume"}));
    let nowhere = || make(&json!({"kind": "transfer", "service": "nulle-part"}));
    check(&app, &mut talk, &[refusal(say("Bonjour"), "not_received"), refusal(hold(), "not_received")]).await;
    talk.receive().await;
    talk.say("Bonjour.").await;
    let cases = [
        refusal(receive(), "already_received"),
        refusal(resume(), "not_on_hold"),
        refusal(nowhere(), "unknown_service"),
        refusal(say(""), "empty_turn"),
        refusal(say(" \t\n\u{200b}\u{0}"), "empty_turn"),
        refusal(say(&"a".repeat(4_001)), "too_long"),
        refusal(say(&"é".repeat(100_000)), "too_long"),
    ];
    check(&app, &mut talk, &cases).await;
    assert_eq!(talk.make(json!({"kind": "hold"})).await["seq"], 4);
    talk.first("replied").await;
    check(&app, &mut talk, &[refusal(say("Allô ?"), "on_hold"), refusal(hold(), "on_hold")]).await;
    talk.make(json!({"kind": "resume"})).await;
    talk.first("replied").await;
    talk.make(json!({"kind": "end"})).await;
    let ended = talk.first("ended").await;
    assert_eq!(ended["seq"], 10);
    let cases = [say("Encore un mot."), hold(), resume(), receive(), nowhere()].map(|text| refusal(text, "over"));
    check(&app, &mut talk, &cases).await;
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_characters_become_spaces_and_odd_letters_stay() {
    let app = TestApp::start().await;
    let mut talk = joined(&app).await;
    talk.receive().await;
    let (said, _) = talk.say("\u{1b}[31mBonjour\u{0}, \u{202e}ça va ?\n« œuf » 👩🏽‍🦱 \u{7}").await;
    assert_eq!(said["text"], "[31mBonjour , ça va ?\n« œuf » 👩🏽🦱");
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_messages_at_once_are_all_taken_in_order() {
    let app = TestApp::start().await;
    let mut talk = joined_with(&app, PATIENT).await;
    talk.receive().await;
    for n in 0..10 {
        talk.send(&json!({"type": "say", "id": format!("n-{n}"), "text": WORDS[n % 5]})).await;
    }
    for n in 0..10 {
        let said = talk.first("said").await;
        assert_eq!(said["id"], format!("n-{n}"));
        talk.first("replied").await;
    }
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_a_burst_messages_are_given_back_by_their_ids() {
    let app = TestApp::start().await;
    let mut talk = joined_with(&app, PATIENT).await;
    talk.receive().await;
    let ids: Vec<String> = (0..40).map(|n| format!("n-{n}")).collect();
    for (n, id) in ids.iter().enumerate() {
        talk.send(&json!({"type": "say", "id": id, "text": WORDS[n % 5]})).await;
    }
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    while taken.len() + refused.len() < ids.len() {
        let message = talk.next().await.unwrap();
        match message["type"].as_str().unwrap() {
            "said" => taken.push(message["id"].as_str().unwrap().to_owned()),
            "error" => {
                assert_eq!(message["code"], "too_many_messages");
                refused.push(message["id"].as_str().unwrap().to_owned());
            }
            _ => {}
        }
    }
    assert!(taken.len() >= 10 && !refused.is_empty(), "{} taken, {} given back", taken.len(), refused.len());
    let mut all: Vec<String> = taken.iter().chain(&refused).cloned().collect();
    all.sort_by_key(|id| id[2..].parse::<u32>().unwrap());
    assert_eq!(all, ids, "each is taken or given back, none is lost");

    // Given back, sent again a little later, taken.
    app.later(Duration::from_mins(1));
    talk.until("replied").await;
    talk.send(&json!({"type": "say", "id": refused[0], "text": WORDS[1]})).await;
    assert_eq!(talk.first("said").await["id"].as_str(), Some(refused[0].as_str()));
    talk.first("replied").await;
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_far_too_large_closes_the_socket_and_loses_nothing() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour.").await;
    talk.send_text(&say(&"a".repeat(600_000))).await;
    assert_eq!(talk.closed().await, 1009);
    drop(talk);
    let mut talk = visitor.join(&id, 0).await;
    assert_eq!(talk.first("welcome").await["last_seq"], 3);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_join_first_is_sent_away() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    for text in [say("Bonjour"), "x".to_owned(), r#"{"type": "join", "last_seq": -1}"#.to_owned()] {
        let mut talk = Talk::connect(&visitor, &id).await.unwrap();
        talk.send_text(&text).await;
        assert_eq!(talk.closed().await, 4002, "{text}");
    }
    app.stop().await;
}
