//! A model that plays, as a page meets it: words in parts, a discreet notice when it is away, and who worded what in the
//! transcript.

use std::time::Duration;

use comptoir::clock::SystemClock;
use comptoir::conversation::Player;
use comptoir::model::{Budget, Endpoint, Limits, Model};

use crate::app::TestApp;

/// A model that is not there.
fn nobody() -> Player {
    let (uses, _) = tokio::sync::mpsc::unbounded_channel();
    let address = "http://127.0.0.1:9/v1".parse().unwrap();
    let budget = Budget::new(None, None, std::sync::Arc::new(SystemClock));
    let model = Model::new(Endpoint::new(address, "personne"), Limits::default(), budget, uses).unwrap();
    Player { model, patience: Duration::from_millis(1_800), hear: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_is_away_costs_the_trainee_one_discreet_line() {
    let app = TestApp::builder().player(nobody()).start().await;
    let visitor = app.visitor();
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour, agence des Tilleuls, je vous écoute.").await;
    let mut notices = 0;
    for words in ["Où se trouve la fuite exactement ?", "Je comprends votre colère.", "Depuis quand ?"] {
        let id = talk.fresh_id();
        talk.send(&serde_json::json!({"type": "say", "id": id, "text": words})).await;
        let told = talk.until("replied").await;
        let lines: Vec<_> = told.iter().filter(|message| message["type"] == "notice").collect();
        for notice in &lines {
            assert_eq!(notice["code"], "model_away");
            assert!(notice["message"].as_str().unwrap().contains("ses propres répliques"), "{notice}");
        }
        notices += lines.len();
        assert!(!told.last().unwrap()["text"].as_str().unwrap().is_empty());
    }
    assert_eq!(notices, 1, "once, not at every turn");
    drop(talk);
    app.stop().await;
}
