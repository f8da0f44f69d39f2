//! A voice that is kept: who hears it, how it is deleted, when it goes by itself.

use std::time::Duration;

use comptoir::clock::Clock;
use comptoir::id::ConversationId;
use comptoir::store::Recording;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::app::{TestApp, Visitor};

const DAY: Duration = Duration::from_hours(24);

/// A call with two turns said aloud, the second corrected, each recorded; it is over.
async fn spoken_call(app: &TestApp, visitor: &Visitor) -> String {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    for (utterance, recognised, text) in [
        ("s-1-0", "Agence des Tilleuls bonjour.", "Agence des Tilleuls bonjour."),
        ("s-1-1", "Où coule l'auto exactement ?", "Où coule l'eau exactement ?"),
    ] {
        app.later(Duration::from_secs(10));
        let spoken = json!({
            "recognised": recognised,
            "began_at": app.clock.now() - Duration::from_secs(4),
            "ended_at": app.clock.now() - Duration::from_secs(1),
        });
        talk.send(&json!({"type": "say", "id": utterance, "text": text, "spoken": spoken})).await;
        talk.first("replied").await;
        keep(app, &id, utterance).await;
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    id
}

async fn keep(app: &TestApp, id: &str, utterance: &str) {
    let conversation: ConversationId = id.parse().unwrap();
    let wav = format!("RIFF {utterance}").into_bytes();
    let recording =
        Recording { conversation, utterance: utterance.to_owned(), at: app.clock.now(), duration_ms: 3_000, wav };
    app.store.keep_recording(recording).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voice_is_heard_and_deleted_by_its_speaker_only() {
    let app = TestApp::builder().recordings(30).start().await;
    let (mine, theirs) = (app.visitor(), app.visitor());
    let id = spoken_call(&app, &mine).await;
    spoken_call(&app, &theirs).await;
    let (sound, delete) =
        (format!("/conversations/{id}/recordings/s-1-0"), format!("/conversations/{id}/recordings/delete"));

    let answer = mine.request(Method::GET, &sound).header("accept-encoding", "gzip").send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("audio/wav"));
    assert_eq!(header("cache-control").as_deref(), Some("no-store"));
    assert_eq!(header("accept-ranges").as_deref(), Some("none"));
    assert_eq!((header("content-encoding"), header("content-length").as_deref()), (None, Some("10")));
    assert_eq!(answer.bytes().await.unwrap().as_ref(), b"RIFF s-1-0");

    for stranger in [&theirs, &app.visitor()] {
        assert_eq!(stranger.get(&sound).await.code(), "unknown_conversation");
        assert_eq!(stranger.post(&delete, &[]).await.code(), "unknown_conversation");
    }
    assert_eq!(mine.get(&format!("/conversations/{id}/recordings/s-9-9")).await.code(), "not_found");

    let answer = mine.post(&delete, &[("utterance", "s-1-0")]).await;
    assert_eq!(answer.location.as_deref(), Some(format!("/conversations/{id}/scorecard#parole").as_str()));
    assert_eq!(mine.get(&sound).await.code(), "not_found");
    assert_eq!(mine.get(&format!("/conversations/{id}/recordings/s-1-1")).await.status, StatusCode::OK);
    assert_eq!(mine.post(&delete, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.store.recordings(id.parse().unwrap()).await.unwrap(), []);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scorecard_tells_how_it_was_spoken_and_until_when_the_voice_is_kept() {
    let app = TestApp::builder().recordings(30).start().await;
    let visitor = app.visitor();
    let id = spoken_call(&app, &visitor).await;
    let page = visitor.page(&format!("/conversations/{id}/scorecard")).await.text;
    for words in [
        "La parole, en chiffres",
        "<span class=\"figure-value\">2 sur 2</span>",
        "ne déduit aucune émotion d’une voix",
        "Compris d’abord",
        "Où coule l’auto exactement",
        "2\u{a0}enregistrements",
        // Recorded on 2 March 2026: 30 days, and the round of the day after.
        "2\u{a0}avril\u{a0}2026",
        "<audio controls preload=\"none\"",
    ] {
        assert!(page.contains(words), "« {words} » in {page}");
    }
    let about = visitor.page("/about").await.text;
    assert!(about.contains("au bout de 30\u{a0}jours"), "{about}");

    // In writing there is nothing to tell.
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    let page = visitor.page(&format!("/conversations/{id}/scorecard")).await.text;
    assert!(!page.contains("La parole, en chiffres") && !page.contains("<audio"), "{page}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voice_whose_time_has_come_or_that_became_no_turn_goes_when_the_service_opens() {
    let app = TestApp::builder().recordings(2).start().await;
    let visitor = app.visitor();
    let id = spoken_call(&app, &visitor).await;
    keep(&app, &id, "s-1-9").await;
    let conversation = id.parse().unwrap();
    let count = async || app.store.recordings(conversation).await.unwrap().len();

    // A day later only what became no turn goes.
    let node = TestApp::builder().recordings(2).beside(&app).at(app.clock.now() + DAY).start().await;
    let left = eventually(|| async { count().await == 2 }).await;
    assert!(left, "{} left", count().await);
    node.stop().await;

    // What was recorded goes in time even where recording is off by then.
    let node = TestApp::builder().beside(&app).at(app.clock.now() + 31 * DAY).start().await;
    let left = eventually(|| async { count().await == 0 }).await;
    assert!(left, "{} left", count().await);
    node.stop().await;
    app.stop().await;
}

/// Whether it comes to hold within a while.
async fn eventually<F: Future<Output = bool>>(holds: impl Fn() -> F) -> bool {
    for _ in 0..200 {
        if holds().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
