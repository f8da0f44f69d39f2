//! A model that judges: what these tests share.

mod adds;
mod faults;
mod files;
mod once;

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::SystemClock;
use comptoir::model::{Budget, Endpoint, Limits, Model};
use comptoir::review::Judge;
use comptoir::scoring::Scorecard;
use comptoir::store::{Judge as Stored, Judging, JudgingState};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::app::{TestApp, Visitor};
use crate::double::{Double, Seen};

/// The line that a page shows while a model reads.
pub(super) const WAITS: &str = "Le modèle relit l’échange\u{a0}; la grille sera complétée.";

/// The line of a completed page.
pub(super) const COMPLETED: &str = "Un modèle a relu l’échange";

/// Long enough for whatever answers, on a machine that has much to do.
pub(super) const PATIENT: Duration = Duration::from_secs(10);

/// Long enough to tell that nothing answers.
pub(super) const BRIEF: Duration = Duration::from_millis(500);

pub(super) fn judge_of(address: &str, budget: Arc<Budget>, patience: Duration) -> Judge {
    let limits = Limits {
        at_once: 4,
        tries: 2,
        silence: patience,
        longest_wait: Duration::from_millis(200),
        ..Limits::default()
    };
    let endpoint = Endpoint::new(address.parse().unwrap(), "double");
    let (told, _) = tokio::sync::mpsc::unbounded_channel();
    let model = Model::new(endpoint, limits, budget, told).unwrap();
    Judge { model, votes: 1, deadline: patience * 2 }
}

pub(super) fn judge(double: &Double) -> Judge {
    judge_of(double.address(), Budget::unlimited(Arc::new(SystemClock)), PATIENT)
}

/// The document of a question.
pub(super) fn document(seen: &Seen) -> Value {
    let question = seen.messages.iter().find(|(role, text)| role == "user" && text.starts_with('{')).unwrap();
    let (document, _) = question.1.split_once("\n\n").unwrap();
    serde_json::from_str(document).unwrap()
}

/// A mark for each indicator: all of this level, each shown by the trainee's first words, and the control missed.
pub(super) fn marks(seen: &Seen, score: u8) -> Value {
    let document = document(seen);
    let turns = document["echange"].as_array().unwrap();
    let mine = turns.iter().find(|turn| turn["qui"] == "accueil" && turn["mots"].is_string()).unwrap();
    let words: Vec<&str> = mine["mots"].as_str().unwrap().split(' ').take(4).collect();
    let mark = |indicator: &Value| {
        let control = indicator["intitule"].as_str().unwrap().contains("médaille");
        json!({
            "id": indicator["id"], "in_turn": mine["tour"], "quote": if control { String::new() } else { words.join(" ") },
            "reason": "Vous l'avez fait, selon le modèle.", "score": if control { 0 } else { score },
            "suggestion": "Je vous écoute, prenez votre temps.",
        })
    };
    json!({ "marks": document["indicateurs"].as_array().unwrap().iter().map(mark).collect::<Vec<_>>() })
}

/// Holds an exchange to its end.
pub(super) async fn held(visitor: &Visitor) -> String {
    held_with(visitor, &["Rive Claire Habitat bonjour, je vous écoute.", "Où est la fuite, s'il vous plaît ?"]).await
}

pub(super) async fn held_with(visitor: &Visitor, words: &[&str]) -> String {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    for words in words {
        talk.say(words).await;
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    id
}

pub(super) fn scorecard(id: &str) -> String {
    format!("/conversations/{id}/scorecard")
}

/// The review as a page, which never waits for a model.
pub(super) async fn page(visitor: &Visitor, id: &str) -> String {
    let began = Instant::now();
    let answer = visitor.page(&scorecard(id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "the page waited for the model");
    answer.text
}

pub(super) async fn judging(app: &TestApp, id: &str) -> Option<Judging> {
    app.store.judging(id.parse().unwrap()).await.unwrap()
}

pub(super) async fn marked(app: &TestApp, id: &str, by: Stored) -> Option<Scorecard> {
    app.store.scorecard(id.parse().unwrap(), by).await.unwrap().map(|stored| stored.scorecard)
}

/// Waits until the judging is as wanted.
pub(super) async fn until(app: &TestApp, id: &str, wanted: impl Fn(&Judging) -> bool) -> Judging {
    let until = Instant::now() + Duration::from_secs(45);
    loop {
        let now = judging(app, id).await;
        if let Some(judging) = now.clone().filter(&wanted) {
            return judging;
        }
        assert!(Instant::now() < until, "still {now:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

pub(super) async fn done(app: &TestApp, id: &str) -> Judging {
    until(app, id, |judging| judging.state == JudgingState::Done).await
}

/// The completed scorecard of what is judged: stored right after the judgement, where the rules' had been seen.
pub(super) async fn both(app: &TestApp, id: &str) -> Scorecard {
    done(app, id).await;
    let until = Instant::now() + Duration::from_secs(45);
    loop {
        let events = app.store.events(id.parse().unwrap(), 0).await.unwrap().len();
        let stored = app.store.scorecard(id.parse().unwrap(), Stored::Both).await.unwrap();
        if let Some(stored) = stored.filter(|stored| stored.events as usize == events) {
            return stored.scorecard;
        }
        assert!(Instant::now() < until, "no completed scorecard of {events} events");
        sleep(Duration::from_millis(50)).await;
    }
}
