//! A trainer follows a conversation over a real socket: from this node, from another one, until they may no more.

use std::time::Duration;

use comptoir::clock::Clock as _;
use comptoir::id::ConversationId;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::app::{Builder, Person, TestApp, postgres_address, tell_skipped};
use crate::talk::Talk;

const PHONE: &str = "fuite-colere";

/// A trainer, a trainee of theirs, and the trainee's conversation.
struct Lesson {
    app: TestApp,
    claire: Person,
    nadia: Person,
    group: comptoir::id::GroupId,
    id: String,
}

impl Lesson {
    async fn begin(builder: Builder) -> Lesson {
        let app = builder.start().await;
        let claire = app.trainer("Claire Martin").await;
        let group = app.group(&claire, "Promotion 2026").await;
        let nadia = app.trainee(group, "Nadia B.").await;
        let id = nadia.open(PHONE).await;
        Lesson { app, claire, nadia, group, id }
    }

    async fn talk(&self) -> Talk {
        let mut talk = self.nadia.join(&self.id, 0).await;
        talk.first("welcome").await;
        talk
    }

    fn conversation(&self) -> ConversationId {
        self.id.parse().unwrap()
    }
}

fn kinds(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainer_hears_the_exchange_and_the_mood_and_the_trainee_sees_who_follows() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    let (said, replied) = talk.say("Bonjour, agence des Tilleuls, je vous écoute.").await;

    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 0).await.unwrap();
    let told = ear.until("followed").await;
    assert_eq!(kinds(&told), ["welcome", "mood", "received", "said", "replied", "followed"]);
    assert_eq!((&told[3]["text"], &told[4]["text"]), (&said["text"], &replied["text"]));
    assert!(told[1]["tension"].as_u64().unwrap() <= 10 && !told[1]["word"].as_str().unwrap().is_empty());
    assert_eq!(talk.next().await.unwrap(), json!({"type": "followed", "names": ["Claire Martin"]}));

    let (said, replied) = talk.say("Calmez-vous, monsieur.").await;
    let heard = ear.first("said").await;
    assert_eq!((&heard["seq"], &heard["text"]), (&said["seq"], &said["text"]));
    assert!(heard["id"].is_null(), "a trainee's ids are not the trainer's concern");
    assert_eq!(ear.first("replied").await, replied);
    let mood = ear.first("mood").await;
    assert_eq!(mood["seq"], replied["seq"]);
    assert!(mood["tension"].as_u64() > told[1]["tension"].as_u64(), "told to calm down, he is tenser: {mood}");

    ear.lose();
    assert_eq!(talk.first("followed").await, json!({"type": "followed", "names": []}));
    let log =
        lesson.app.store.audit(lesson.app.clock.now() + Duration::from_secs(1), Some(&lesson.id), 9).await.unwrap();
    let followed = log.iter().find(|line| line.action == "conversation.followed").unwrap();
    assert_eq!(followed.actor_name.as_deref(), Some("Claire Martin"));
    talk.lose();
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whisper_reaches_the_trainee_and_the_record_and_no_one_else() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    talk.say("Bonjour, agence des Tilleuls, je vous écoute.").await;
    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 0).await.unwrap();
    talk.first("followed").await;
    let whisper = json!({"type": "whisper", "id": "w-1", "text": " Demandez\ndepuis quand. "});
    ear.send(&whisper).await;
    let heard = talk.first("whispered").await;
    assert_eq!((&heard["text"], &heard["by"]), (&json!("Demandez depuis quand."), &json!("Claire Martin")));
    assert!(heard.get("id").is_none(), "a trainer's ids are not the trainee's concern");
    let acknowledged = ear.first("whispered").await;
    assert_eq!((&acknowledged["id"], &acknowledged["seq"]), (&json!("w-1"), &heard["seq"]));
    ear.send(&whisper).await;
    assert_eq!(ear.first("whispered").await["seq"], heard["seq"], "taken once");

    let (_, replied) = talk.say("Depuis quand est-ce que cela dure ?").await;
    assert!(!replied["text"].as_str().unwrap().contains("Demandez"));
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    ear.first("ended").await;
    assert_eq!(ear.closed().await, 4003, "there is nothing more to follow");

    let transcript = lesson.nadia.get(&format!("/conversations/{}/transcript.json", lesson.id)).await;
    let transcript = comptoir::transcript::format::read_exchange(&transcript.text).unwrap();
    assert_eq!(transcript.turns.iter().filter(|turn| turn.text.contains("Demandez depuis")).count(), 0);
    assert_eq!((transcript.whispers.len(), transcript.whispers[0].after), (1, 2));
    let page = lesson.nadia.page(&format!("/conversations/{}/scorecard", lesson.id)).await;
    assert!(page.text.contains("Demandez depuis quand.") && page.text.contains("Claire Martin"), "help given is told");
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whispers_that_cannot_be_are_refused_by_their_id_and_nothing_else_is_taken() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 1).await.unwrap();
    ear.first("followed").await;
    let refused = |code: &str, id: &str| (code.to_owned(), Some(id.to_owned()));
    for (text, expect) in [("", "empty_turn"), (" \u{200b}\n", "empty_turn"), (&*"é".repeat(281), "whisper_too_long")]
    {
        ear.send(&json!({"type": "whisper", "id": "w", "text": text})).await;
        assert_eq!(ear.refused().await, refused(expect, "w"));
        lesson.app.later(Duration::from_secs(30));
    }
    for message in [
        json!({"type": "say", "id": "s", "text": "Bonjour"}),
        json!({"type": "receive", "id": "s"}),
        json!({"type": "move", "id": "s", "move": {"kind": "end"}}),
        json!({"type": "whisper", "id": "s"}),
    ] {
        ear.send(&message).await;
        assert_eq!(ear.refused().await, refused("malformed_message", "s"));
    }
    ear.send_bytes(vec![0; 64]).await;
    assert_eq!(ear.refused().await.0, "malformed_message");
    // Scripts are words.
    ear.send(&json!({"type": "whisper", "id": "x", "text": "<script>alert(1)</script>"})).await;
    assert_eq!(talk.first("whispered").await["text"], "<script>alert(1)</script>");
    ear.first("whispered").await;
    // One cannot read many at once.
    for n in 0..5 {
        ear.send(&json!({"type": "whisper", "id": format!("n-{n}"), "text": "Respirez."})).await;
    }
    assert_eq!(ear.first("error").await["code"], "too_many_messages");
    let events = lesson.app.store.events(lesson.conversation(), 0).await.unwrap();
    assert!(events.len() <= 7, "opening, picking up, five whispers at most: {events:?}");
    talk.lose();
    ear.lose();
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_trainer_of_the_trainee_follows_and_only_as_long_as_they_are() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let marc = lesson.app.trainer("Marc Petit").await;
    lesson.app.group(&marc, "Autre groupe").await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    let page = format!("/conversations/{}/live", lesson.id);
    for (who, expect) in [
        (&*marc, StatusCode::NOT_FOUND),
        (&*lesson.nadia, StatusCode::FORBIDDEN),
        (&lesson.app.visitor(), StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(who.get(&page).await.status, expect);
        let refused = Talk::follow(who, &lesson.id, 0).await;
        let Err(Error::Http(response)) = refused else { panic!("a socket was opened") };
        assert_eq!(response.status().as_u16(), expect.as_u16());
    }
    assert_eq!(lesson.claire.page(&page).await.status, StatusCode::OK);

    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 0).await.unwrap();
    talk.first("followed").await;
    assert!(lesson.app.store.remove_member(lesson.group, lesson.nadia.id).await.unwrap());
    assert_eq!(ear.first("error").await["code"], "unknown_conversation");
    assert_eq!(ear.closed().await, 4003);
    assert_eq!(talk.first("followed").await["names"], json!([]));
    talk.say("Bonjour, je vous écoute.").await;
    talk.lose();
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_comes_back_where_it_was_and_waits_for_a_trainee_who_is_away() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    talk.say("Bonjour, je vous écoute.").await;
    talk.lose();
    // Nobody is connected: the store tells what there is.
    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 2).await.unwrap();
    let told = ear.until("replied").await;
    assert_eq!(kinds(&told), ["welcome", "mood", "replied"]);
    ear.send(&json!({"type": "whisper", "id": "w", "text": "Je suis là."})).await;
    assert_eq!(ear.first("whispered").await["id"], "w");
    let mut talk = lesson.nadia.join(&lesson.id, 3).await;
    assert_eq!(talk.first("whispered").await["text"], "Je suis là.");
    assert_eq!(talk.first("followed").await["names"], json!(["Claire Martin"]));
    let (said, _) = talk.say("Depuis quand ?").await;
    assert_eq!(ear.first("said").await["seq"], said["seq"]);
    talk.lose();
    ear.lose();
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_says_goodbye_to_followers_too() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    let mut ear = Talk::follow(&lesson.claire, &lesson.id, 0).await.unwrap();
    talk.first("followed").await;
    let asleep = lesson.nadia.open("voisin-bruit").await;
    let mut other = Talk::follow(&lesson.claire, &asleep, 0).await.unwrap();
    other.first("mood").await;
    lesson.app.stop().await;
    for socket in [&mut ear, &mut other] {
        assert_eq!(socket.first("going_away").await["retry_ms"], 2000);
        assert_eq!(socket.closed().await, 1001);
    }
    talk.lose();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_another_node_one_is_told_and_tells_within_moments() {
    across_nodes(TestApp::builder()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_another_node_one_is_told_and_tells_within_moments_on_postgresql() {
    let Some(address) = postgres_address() else { return tell_skipped() };
    across_nodes(TestApp::builder().postgres(&address, "comptoir_live").await).await;
}

async fn across_nodes(builder: Builder) {
    let lesson = Lesson::begin(builder).await;
    let two = TestApp::builder().beside(&lesson.app).start().await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    let claire = lesson.claire.at(&two);
    let mut ear = Talk::follow(&claire, &lesson.id, 0).await.unwrap();
    assert_eq!(talk.first("followed").await["names"], json!(["Claire Martin"]));
    let (said, replied) = talk.say("Bonjour, je vous écoute.").await;
    assert_eq!(ear.first("said").await["text"], said["text"]);
    assert_eq!(ear.first("replied").await["text"], replied["text"]);
    ear.send(&json!({"type": "whisper", "id": "w", "text": "Reformulez."})).await;
    assert_eq!(ear.first("whispered").await["id"], "w");
    assert_eq!(talk.first("whispered").await["text"], "Reformulez.");
    let (said, _) = talk.say("Si je comprends bien, l'eau coule encore.").await;
    assert_eq!(said["seq"], 5, "the whisper has its number");
    ear.lose();
    assert_eq!(talk.first("followed").await["names"], json!([]));
    talk.lose();
    two.stop().await;
    lesson.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_shows_what_is_under_way_in_ones_own_groups() {
    let lesson = Lesson::begin(TestApp::builder()).await;
    let mut talk = lesson.talk().await;
    talk.receive().await;
    talk.say("Bonjour, je vous écoute.").await;
    lesson.app.later(Duration::from_mins(4));
    let link = format!("/conversations/{}/live", lesson.id);
    let page = lesson.claire.page("/live").await;
    for part in [&link, "Nadia B.", "Promotion 2026", "1\u{a0}tour", "depuis 4\u{a0}min", "silence depuis 4\u{a0}min"] {
        assert!(page.text.contains(part), "no {part}");
    }
    let marc = lesson.app.trainer("Marc Petit").await;
    assert!(!marc.page("/live").await.text.contains(&link));
    assert_eq!(lesson.nadia.get("/live").await.code(), "not_allowed");
    // Nobody has said a word for long: it is not under way any more.
    lesson.app.later(Duration::from_mins(30));
    assert!(!lesson.claire.page("/live").await.text.contains(&link));
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    assert!(!lesson.claire.page("/live").await.text.contains(&link));
    assert_eq!(
        lesson.claire.page(&link).await.location.as_deref(),
        Some(&*format!("/conversations/{}/scorecard", lesson.id))
    );
    talk.lose();
    lesson.app.stop().await;
}
