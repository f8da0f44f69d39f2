//! The connection against a real server of the protocol, which is not ours: llama.cpp's own (`peer.py`).
//!
//! It runs where `COMPTOIR_TEST_PEER` holds its address and `COMPTOIR_TEST_PEER_KEY` its key, as under `scripts/with-peer`;
//! elsewhere these tests say that they are skipped. Its model says one sentence, or anything a schema allows.

use std::time::Duration;

use comptoir::ask::{Ask, Message, Shape};
use comptoir::model::{Endpoint, Limits, Model, ModelError, Structure, Use};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::given::{SOON, model_with, unlimited, words};

/// All that its model says.
const SENTENCE: &str = "Oui, enfin j'attends depuis longtemps.";

/// Where it is, and its key.
#[expect(clippy::disallowed_methods, reason = "the address of the test server comes from the environment")]
fn peer() -> Option<(String, String)> {
    static TOLD: std::sync::Once = std::sync::Once::new();
    let found = std::env::var("COMPTOIR_TEST_PEER").ok().zip(std::env::var("COMPTOIR_TEST_PEER_KEY").ok());
    if found.is_none() {
        // Past the capture of the test harness.
        let told = b"SKIPPED against a real server: COMPTOIR_TEST_PEER is not set (scripts/with-peer)\n";
        TOLD.call_once(|| std::io::Write::write_all(&mut std::io::stderr(), told).unwrap());
    }
    found
}

fn endpoint((address, key): &(String, String)) -> Endpoint {
    let known = Endpoint::new(address.parse().unwrap(), "one-sentence");
    Endpoint { key: key.parse().ok(), temperature: Some(0.4), ..known }
}

fn connected(endpoint: Endpoint) -> (Model, UnboundedReceiver<Use>) {
    model_with(endpoint, Limits { at_once: 8, ..Limits::default() }, &unlimited())
}

fn level() -> Ask {
    let schema = json!({
        "type": "object",
        "properties": {
            "level": { "type": "integer", "enum": [0, 1, 2] },
            "sure": { "type": "boolean" },
        },
        "required": ["level", "sure"],
        "additionalProperties": false,
    });
    Ask { shape: Shape::Json { name: "level", schema }, max_tokens: 400, ..words() }
}

#[tokio::test]
async fn a_real_server_answers_whole_and_in_words_and_both_are_counted_by_it() {
    let Some(peer) = peer() else { return };
    let (model, mut uses) = connected(endpoint(&peer));
    assert_eq!(model.known(SOON).await.unwrap().models, ["one-sentence"]);
    let answer = model.ask(&words(), None, SOON).await.unwrap();
    assert_eq!(answer.text.trim(), SENTENCE);
    assert!(
        !answer.tokens.estimated && answer.tokens.prompt > 10 && answer.tokens.completion > 5,
        "{:?}",
        answer.tokens
    );
    let mut streamed = model.stream(&words(), None, SOON).await.unwrap();
    let mut parts = Vec::new();
    while let Some(part) = streamed.next().await {
        parts.push(part.unwrap());
    }
    assert_eq!(parts.concat().trim(), SENTENCE);
    assert!(parts.len() >= 5, "word by word: {parts:?}");
    assert_eq!(streamed.tokens(), answer.tokens, "the same words cost the same");
    drop(streamed);
    for _ in 0..2 {
        let told = uses.recv().await.unwrap();
        assert_eq!((told.outcome, told.tokens), ("ok", answer.tokens));
    }
}

#[tokio::test]
async fn a_real_server_holds_its_answer_to_a_schema_and_needs_no_lesser_way() {
    let Some(peer) = peer() else { return };
    let (model, _uses) = connected(endpoint(&peer));
    for seed in 0..8 {
        let answer = model.ask(&Ask { seed: Some(seed), ..level() }, None, SOON).await.unwrap();
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        assert!(value["level"].as_u64().is_some_and(|level| level <= 2) && value["sure"].is_boolean(), "{value}");
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(2), "{value}");
    }
    assert_eq!(model.structure(), Structure::JsonSchema);
    // Plain words are no JSON; a real server says its sentence, and the caller is told.
    let plain = model.held_by(Structure::Plain).unwrap();
    assert_eq!(plain.ask(&level(), None, SOON).await.unwrap_err(), ModelError::WrongShape);
}

#[tokio::test]
async fn the_faults_of_a_real_server_are_told_apart() {
    let Some(peer) = peer() else { return };
    for key in [None, "sk-une-autre".parse().ok()] {
        let (model, _uses) = connected(Endpoint { key, ..endpoint(&peer) });
        assert_eq!(model.ask(&words(), None, SOON).await.unwrap_err(), ModelError::Refused { status: 401 });
        assert_eq!(model.stream(&words(), None, SOON).await.err(), Some(ModelError::Refused { status: 401 }));
    }
    let wrong_path = peer.0.replace("/v1", "/autre/v1");
    let (model, _uses) = connected(endpoint(&(wrong_path, peer.1.clone())));
    assert_eq!(model.ask(&words(), None, SOON).await.unwrap_err().code(), "refused");
    let (model, _uses) = connected(endpoint(&peer));
    let long = Ask { messages: vec![Message::user("je répète ".repeat(4_000))], ..words() };
    assert_eq!(model.ask(&long, None, SOON).await.unwrap_err(), ModelError::Refused { status: 400 });
    // An answer that it had to break off is no answer.
    let short = Ask { max_tokens: 3, ..words() };
    assert_eq!(model.ask(&short, None, SOON).await.unwrap_err(), ModelError::Endless);
    // Nobody listens where it was not.
    let (model, _uses) = model_with(
        endpoint(&("http://127.0.0.1:9/v1".to_owned(), peer.1)),
        Limits { tries: 1, ..Limits::default() },
        &unlimited(),
    );
    assert_eq!(model.ask(&words(), None, SOON).await.unwrap_err().code(), "unreachable");
}

#[tokio::test]
async fn a_real_server_serves_more_calls_than_it_has_places_and_forgives_who_leaves() {
    let Some(peer) = peer() else { return };
    let (model, _uses) = connected(endpoint(&peer));
    let calls = (0..40).map(|nth| {
        let model = model.clone();
        async move {
            let mut streamed = model.stream(&words(), None, SOON).await?;
            let first = streamed.next().await.transpose()?;
            if nth % 4 == 0 {
                // Leaves in the middle of the sentence.
                return Ok(SENTENCE.to_owned());
            }
            let mut text = first.unwrap_or_default();
            while let Some(part) = streamed.next().await {
                text += &part?;
            }
            Ok::<_, ModelError>(text)
        }
    });
    for text in join_all(calls).await {
        assert_eq!(text.unwrap().trim(), SENTENCE);
    }
    assert_eq!(model.health().failures, 0);
}

#[tokio::test]
async fn the_command_finds_out_what_a_real_server_does() {
    let Some((address, key)) = peer() else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
    command.args(["model", "test", "--json", "--model-url", &address, "--model-key", &key]);
    command.args(["--model-name", "one-sentence"]).env_clear();
    let output = tokio::time::timeout(Duration::from_mins(2), command.output()).await.unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(report["plays"], true, "{told}");
    assert!(report["first_words_ms"].is_u64() && report["tokens_per_second"].is_number(), "{told}");
    let checks = report["checks"].as_array().unwrap();
    for id in ["reached", "name", "key", "answers", "streams", "french", "counts"] {
        assert!(checks.iter().any(|check| check["id"] == id && check["found"] == "good"), "{id}: {told}");
    }
    assert_eq!(report["structures"]["json_schema"], "follows", "{told}");
    assert_eq!(report["structures"]["plain"], "refuses", "{told}");
    assert!(!told.contains(&key), "the key is told to nobody");
}
