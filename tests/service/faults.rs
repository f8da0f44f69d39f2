//! When something around the service breaks: a persona's file, the disk, the database.

use std::fs;
use std::time::Duration;

use comptoir::clock::Clock;
use comptoir::transcript::Happening;
use reqwest::StatusCode;
use serde_json::json;
use sqlx::{Connection, SqliteConnection};

use crate::app::{TestApp, database};

const PHONE: &str = "fuite-colere";
const TEXT: &str = include_str!("../../personas/fuite-colere.toml");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persona_that_breaks_while_the_server_runs_is_told_and_the_others_stay() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;

    let personas = app.folder.path().join("personas");
    fs::create_dir_all(&personas).unwrap();
    fs::write(personas.join("fuite-colere.toml"), TEXT.replace("difficulty = ", "difficulty = 9")).unwrap();
    fs::write(personas.join("essai.toml"), "id = \"essai\"\ntitle = ").unwrap();
    let gallery = visitor.page("/").await;
    assert_eq!(gallery.status, StatusCode::OK);
    for file in ["personas/fuite-colere.toml", "personas/essai.toml"] {
        assert!(gallery.text.contains(file), "the gallery names {file}");
    }
    assert!(gallery.text.contains("/situations/voisin-bruit"), "the good ones stay");
    let broken = visitor.get("/situations/essai").await;
    assert_eq!((broken.status, broken.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "situation_broken"));
    assert_eq!(visitor.post("/situations/essai/conversations", &[]).await.code(), "situation_broken");
    assert_eq!(visitor.page(&format!("/situations/{PHONE}")).await.status, StatusCode::OK, "its last good version");
    talk.say("Bonjour, je vous écoute.").await;
    talk.lose();

    fs::write(personas.join("fuite-colere.toml"), TEXT.replace("Troisième appel", "Quatrième appel")).unwrap();
    fs::remove_file(personas.join("essai.toml")).unwrap();
    let gallery = visitor.page("/").await;
    assert!(gallery.text.contains("Quatrième appel") && !gallery.text.contains("essai.toml"));

    // The conversation goes on with the version it was opened with.
    let mut talk = visitor.join(&id, 0).await;
    talk.first("replied").await;
    talk.say("Depuis quand ?").await;
    talk.lose();
    let page = visitor.page(&format!("/conversations/{id}")).await;
    assert!(page.text.contains("Troisième appel"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_gives_the_turn_back_and_keeps_all_that_was_acknowledged() {
    let app = TestApp::builder().quota(180).start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let words = "Je vous écoute, prenez votre temps. ".repeat(100);
    let mut acknowledged = Vec::new();
    let (code, refused) = loop {
        app.later(Duration::from_secs(30));
        let message_id = talk.fresh_id();
        talk.send(&json!({"type": "say", "id": message_id, "text": words})).await;
        let message = loop {
            let message = talk.next().await.unwrap();
            if message["type"] == "error" || message["type"] == "replied" || message["type"] == "ended" {
                break message;
            }
            if message["type"] == "said" {
                acknowledged.push(message["seq"].as_u64().unwrap());
            }
        };
        if message["type"] == "error" {
            break (message["code"].clone(), message["id"].as_str().map(|id| id == message_id));
        }
        assert!(acknowledged.len() < 200, "the disk never filled up");
    };
    assert_eq!(code, "store_full");
    // Either the turn itself was given back, or it is stored and its answer is still owed.
    assert!(refused.unwrap_or(true));
    talk.lose();
    assert_eq!(visitor.page("/").await.status, StatusCode::OK, "pages are still served");
    let opening = visitor.post(&format!("/situations/{PHONE}/conversations"), &[]).await;
    assert!(opening.status == StatusCode::SEE_OTHER || opening.code() == "store_full", "{opening:?}");
    let stored: Vec<u64> =
        app.store.events(id.parse().unwrap(), 0).await.unwrap().iter().map(|e| e.seq.into()).collect();
    assert!(acknowledged.iter().all(|seq| stored.contains(seq)), "{acknowledged:?} in {stored:?}");
    let bigger = TestApp::builder().beside(&app);
    app.stop().await;

    // Room was made: the conversation goes on.
    let app = bigger.start().await;
    let visitor = visitor.at(&app);
    let mut talk = visitor.join(&id, u32::try_from(stored.len()).unwrap()).await;
    talk.first("welcome").await;
    talk.make(json!({"kind": "hold"})).await;
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_could_not_be_stored_comes_by_itself_once_it_can() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let spoke = Happening::Spoke { text: "Bonjour, je vous écoute.".to_owned(), client_id: None, spoken: None };
    app.store.append(id.parse().unwrap(), 1, vec![Happening::Received, spoke], app.clock.now()).await.unwrap();
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", database(app.folder.path()))).await.unwrap();
    sqlx::raw_sql("begin exclusive").execute(&mut other).await.unwrap();
    let mut talk = visitor.join(&id, 2).await;
    talk.first("welcome").await;
    assert_eq!(talk.refused().await, ("store_busy".to_owned(), None));
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert_eq!(talk.first("replied").await["seq"], 3);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_gives_the_turn_back_and_takes_it_once_unlocked() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", database(app.folder.path()))).await.unwrap();
    sqlx::raw_sql("begin exclusive").execute(&mut other).await.unwrap();
    let message = json!({"type": "say", "id": "locked", "text": "Bonjour, je vous écoute."});
    talk.send(&message).await;
    assert_eq!(talk.refused().await, ("store_busy".to_owned(), Some("locked".to_owned())));
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    talk.send(&message).await;
    assert_eq!(talk.first("said").await["seq"], 2);
    talk.first("replied").await;
    talk.lose();
    app.stop().await;
}
