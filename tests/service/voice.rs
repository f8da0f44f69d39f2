//! Replies as audio.

use comptoir::speech::voices::{CommandVoice, Voices};
use reqwest::StatusCode;
use serde_json::json;

use crate::app::{TestApp, Visitor};

/// A command that « speaks »: a WAV of some samples, whatever the words.
fn speaking(folder: &std::path::Path) -> Voices {
    let wav = comptoir::speech::pcm::write_wav(&[1, 2, 3, 4]);
    let path = folder.join("voice.wav");
    std::fs::write(&path, wav).unwrap();
    Voices::Command(CommandVoice::new(&format!("cat '{}'", path.display()), None).unwrap())
}

/// A conversation with one reply: its id and the number of the reply.
async fn replied(visitor: &Visitor) -> (String, u64) {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.until("welcome").await;
    talk.send(&json!({"type": "receive", "id": "m-1"})).await;
    talk.send(&json!({"type": "say", "id": "m-2", "text": "Bonjour, je vous écoute."})).await;
    let reply = talk.until("replied").await.pop().unwrap();
    assert!(!reply["text"].as_str().unwrap().is_empty(), "{reply}");
    (id, reply["seq"].as_u64().unwrap())
}

#[cfg(unix)]
#[tokio::test]
async fn a_reply_is_heard_sentence_by_sentence_by_its_own_visitor_only() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::builder().voices(speaking(folder.path())).start().await;
    let visitor = app.visitor();
    let (id, seq) = replied(&visitor).await;
    let address = |seq: u64, n: &str| format!("/conversations/{id}/voice/{seq}/{n}");
    let response = visitor.request(reqwest::Method::GET, &address(seq, "0")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "audio/wav");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(&response.bytes().await.unwrap()[..4], b"RIFF");
    for (seq, n) in [(seq, "99"), (seq, "x"), (seq, "-1"), (seq - 1, "0"), (seq + 50, "0")] {
        assert_eq!(visitor.get(&address(seq, n)).await.code(), "not_found", "{seq}/{n}");
    }
    assert_eq!(app.visitor().get(&address(seq, "0")).await.code(), "unknown_conversation");
    app.stop().await;
}

#[tokio::test]
async fn where_the_browser_speaks_there_is_nothing_to_fetch() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let (id, seq) = replied(&visitor).await;
    assert_eq!(visitor.get(&format!("/conversations/{id}/voice/{seq}/0")).await.code(), "not_found");
    app.stop().await;
}

#[tokio::test]
async fn a_voice_that_fails_is_told_and_the_conversation_goes_on() {
    let broken = CommandVoice::new("no-such-program-that-speaks", None).unwrap();
    let app = TestApp::builder().voices(Voices::Command(broken)).start().await;
    let visitor = app.visitor();
    let (id, seq) = replied(&visitor).await;
    assert_eq!(visitor.get(&format!("/conversations/{id}/voice/{seq}/0")).await.code(), "reply_unspoken");
    let mut talk = visitor.join(&id, u32::try_from(seq).unwrap()).await;
    talk.until("welcome").await;
    talk.send(&json!({"type": "say", "id": "m-3", "text": "Depuis quand ?"})).await;
    talk.until("replied").await;
    app.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn sentences_have_an_allowance_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::builder().voices(speaking(folder.path())).start().await;
    let visitor = app.visitor();
    let (id, seq) = replied(&visitor).await;
    let path = format!("/conversations/{id}/voice/{seq}/99");
    let mut codes = Vec::new();
    for _ in 0..21 {
        codes.push(visitor.get(&path).await.code());
    }
    assert_eq!(codes.pop().unwrap(), "too_many_messages");
    assert!(codes.iter().all(|code| code == "not_found"), "{codes:?}");
    let mut talk = visitor.join(&id, u32::try_from(seq).unwrap()).await;
    talk.until("welcome").await;
    talk.send(&json!({"type": "say", "id": "m-3", "text": "Depuis quand ?"})).await;
    talk.until("replied").await;
    app.stop().await;
}
