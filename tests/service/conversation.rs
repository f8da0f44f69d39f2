//! A whole conversation, from the gallery to the scorecard.

use std::time::Duration;

use comptoir::conversation::{Manners, Pacing};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{TestApp, postgres_address, tell_skipped};

const PHONE: &str = "fuite-colere";
const DESK: &str = "voisin-bruit";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_leads_from_the_gallery_to_a_scorecard_that_quotes_it() {
    let app = TestApp::start().await;
    rehearse(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsal_works_the_same_on_postgresql() {
    let Some(address) = postgres_address() else { return tell_skipped() };
    let app = TestApp::builder().postgres(&address, "comptoir_service").await.start().await;
    rehearse(&app).await;
    app.stop().await;
}

async fn rehearse(app: &TestApp) {
    for persona in [PHONE, DESK] {
        let visitor = app.visitor();
        let gallery = visitor.page("/").await;
        assert!(gallery.text.contains(&format!("/situations/{persona}")), "the gallery leads to {persona}");
        assert_eq!(visitor.page(&format!("/situations/{persona}")).await.status, StatusCode::OK);
        assert_eq!(visitor.cookie(), None, "looking leaves no trace");

        let id = visitor.open(persona).await;
        let page = visitor.page(&format!("/conversations/{id}")).await;
        assert!(page.text.contains(&format!("/conversations/{id}/socket")));

        let mut talk = visitor.join(&id, 0).await;
        let welcome = talk.first("welcome").await;
        assert_eq!((&welcome["phase"], &welcome["last_seq"]), (&json!("waiting"), &json!(0)));
        talk.receive().await;
        let words = "Agence des Tilleuls bonjour, je vous écoute, dites-moi ce qui vous amène.";
        let (said, replied) = talk.say(words).await;
        assert_eq!((&said["text"], &said["seq"]), (&json!(words), &json!(2)));
        assert!(!replied["text"].as_str().unwrap().is_empty());
        assert_eq!(replied["posture"].is_string(), persona == DESK, "nothing is seen on the telephone");
        for words in ["Depuis quand est-ce que cela dure ?", "Je comprends, ce n'est pas acceptable."] {
            app.later(Duration::from_secs(20));
            talk.say(words).await;
        }
        assert_eq!(talk.make(json!({"kind": "hold"})).await["phase"], "on_hold");
        talk.first("replied").await;
        app.later(Duration::from_secs(30));
        assert_eq!(talk.make(json!({"kind": "resume"})).await["phase"], "talking");
        talk.first("replied").await;
        talk.make(json!({"kind": "end"})).await;
        let ended = talk.first("ended").await;
        assert_eq!(ended["by"], "trainee");
        assert_eq!(ended["next"], format!("/conversations/{id}/handoff"));
        talk.lose();

        let note = visitor.page(&format!("/conversations/{id}/handoff")).await;
        assert!(note.text.contains("name=\"summary\""));
        let form = [("service", "technique"), ("urgency", "24h"), ("summary", "À rappeler demain matin.")];
        let answer = visitor.post(&format!("/conversations/{id}/handoff"), &form).await;
        let scorecard = format!("/conversations/{id}/scorecard");
        assert_eq!((answer.status, answer.location.as_ref()), (StatusCode::SEE_OTHER, Some(&scorecard)));

        let page = visitor.page(&scorecard).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("À rappeler demain matin."));
        assert!(page.text.contains("Agence des Tilleuls bonjour"), "the trainee's own words are there");
        let back = visitor.page(&format!("/conversations/{id}")).await;
        assert_eq!(back.location, Some(scorecard), "an ended conversation leads to its scorecard");
        let list = visitor.page("/conversations").await;
        assert!(list.text.contains(&id) && list.text.contains("Lire le bilan"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parts_of_a_reply_are_its_words_and_come_one_by_one() {
    let manners = Manners { pacing: Pacing { slowness: 0.05 }, ..Manners::PATIENT };
    let app = TestApp::builder().manners(manners).start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.send(&json!({"type": "say", "id": "a", "text": "Bonjour, que se passe-t-il ?"})).await;
    let messages = talk.until("replied").await;
    let parts: Vec<&Value> = messages.iter().filter(|message| message["type"] == "reply_part").collect();
    assert!(parts.len() > 3, "{messages:?}");
    let replied = messages.last().unwrap();
    let whole: String = parts.iter().map(|part| part["text"].as_str().unwrap()).collect();
    assert_eq!(replied["text"], whole);
    assert!(parts.iter().all(|part| part["seq"] == replied["seq"]));
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_speaks_while_the_character_does_gets_its_words_whole_first() {
    let manners = Manners { pacing: Pacing { slowness: 5.0 }, ..Manners::PATIENT };
    let app = TestApp::builder().manners(manners).start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.send(&json!({"type": "say", "id": "a", "text": "Bonjour."})).await;
    talk.first("reply_begins").await;
    talk.send(&json!({"type": "say", "id": "b", "text": "Je vous écoute."})).await;
    let kinds: Vec<(Value, Value)> =
        talk.until("said").await.into_iter().map(|message| (message["type"].clone(), message["seq"].clone())).collect();
    assert_eq!(kinds, [(json!("replied"), json!(3)), (json!("said"), json!(4))]);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_nobody_speaks_to_speaks_first() {
    let manners = Manners { opens_after: Some(Duration::from_millis(60)), ..Manners::PATIENT };
    let app = TestApp::builder().manners(manners).start().await;
    for persona in [PHONE, DESK] {
        let visitor = app.visitor();
        let id = visitor.open(persona).await;
        let mut talk = visitor.join(&id, 0).await;
        talk.receive().await;
        let replied = talk.first("replied").await;
        assert_eq!(replied["seq"], 2);
        assert!(!replied["text"].as_str().unwrap().is_empty(), "{replied}");
        talk.say("Bonjour, je vous écoute.").await;
        talk.lose();
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_is_broken_twice_and_not_for_ever() {
    let manners = Manners { silence_after: Some(Duration::from_millis(60)), ..Manners::PATIENT };
    let app = TestApp::builder().manners(manners).start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let (_, replied) = talk.say("Bonjour, je vous écoute.").await;
    let last = replied["seq"].as_u64().unwrap();
    assert_eq!(talk.first("replied").await["seq"], last + 1);
    assert_eq!(talk.first("replied").await["seq"], last + 2);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (said, _) = talk.say("Pardon, je cherchais votre dossier.").await;
    assert_eq!(said["seq"], last + 3, "nothing more was said in between");
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_transcript_is_exported_in_the_shape_that_score_reads() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let (_, replied) = talk.say("Bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "transfer", "service": "technique"})).await;
    talk.first("ended").await;
    talk.lose();
    let answer = visitor.get(&format!("/conversations/{id}/transcript.json")).await;
    let transcript = comptoir::transcript::format::read_exchange(&answer.text).unwrap();
    assert_eq!((transcript.persona.as_str(), transcript.turns[0].text.as_str()), (PHONE, "Bonjour, je vous écoute."));
    assert_eq!(transcript.turns[1].text, replied["text"].as_str().unwrap());
    app.stop().await;
}
