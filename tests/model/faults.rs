//! What comes of each fault.

use std::time::Duration;

use comptoir::model::{Model, ModelError};
use futures_util::future::join_all;
use serde_json::json;

use crate::double::{Does, Double};
use crate::given::{SOON, endpoint, limits, model, model_with, unlimited, value, words};

/// The words, and how the stream ended.
async fn streamed(model: &Model, within: Duration) -> (String, &'static str) {
    let mut words = match model.stream(&words(), None, within).await {
        Ok(words) => words,
        Err(error) => return (String::new(), error.code()),
    };
    let mut text = String::new();
    let ended = loop {
        match words.next().await {
            None => break "ok",
            Some(Ok(more)) => text += &more,
            Some(Err(error)) => break error.code(),
        }
    };
    assert!(words.next().await.is_none(), "after its end a stream says nothing");
    (text, ended)
}

#[tokio::test]
async fn words_stream_and_are_collected() {
    let double = Double::start(|_| Does::words("Bonjour, je vous écoute.")).await;
    let (model, mut uses) = model(&double);
    assert_eq!(streamed(&model, SOON).await, ("Bonjour, je vous écoute.".to_owned(), "ok"));
    let answer = model.ask(&words(), None, SOON).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.tokens.completion), ("Bonjour, je vous écoute.", 4));
    for _ in 0..2 {
        let told = uses.recv().await.unwrap();
        assert_eq!((told.outcome, told.tokens, told.model.as_str()), ("ok", answer.tokens, "double"));
        assert!(!told.tokens.estimated && told.first.unwrap() <= told.took);
    }
    assert!(uses.try_recv().is_err(), "each question leaves one use");
    let asked = &double.seen()[0];
    assert!(asked.streams() && asked.header("authorization").unwrap().starts_with("Bearer sk-"));
}

#[tokio::test]
async fn a_value_is_asked_for_by_its_schema_and_comes_back_as_json() {
    let double = Double::start(|_| Does::words("```json\n{\"a\": 1}\n```")).await;
    let (model, _uses) = model(&double);
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap().text, "{\"a\": 1}");
    let seen = &double.seen()[0];
    assert_eq!((seen.format(), seen.schema_name(), seen.max_tokens()), (Some("json_schema"), Some("mark"), Some(50)));
    assert_eq!(seen.schema().unwrap()["required"], json!(["a"]));
}

#[tokio::test]
async fn words_come_as_they_are_made() {
    let slowly = Does::Slowly { text: "un deux trois".into(), first: Duration::ZERO, each: Duration::from_millis(80) };
    let double = Double::start(move |_| slowly.clone()).await;
    let (model, _uses) = model(&double);
    let mut words = model.stream(&words(), None, SOON).await.unwrap();
    let mut came = Vec::new();
    while let Some(more) = words.next().await {
        came.push(more.unwrap());
    }
    assert_eq!(came, ["un ", "deux ", "trois"]);
    assert!(words.streams());
}

/// What a script gives: to a stream the words, how it ended and how often it was asked for; to a question the same.
struct Case {
    does: Does,
    stream: (&'static str, &'static str, usize),
    ask: (&'static str, usize),
}

impl Case {
    /// Fails before any words, alike for both.
    fn fails(does: Does, code: &'static str, calls: usize) -> Case {
        Case { does, stream: ("", code, calls), ask: (code, calls) }
    }

    /// Fails after two words: a stream is not tried again, a question is.
    fn breaks(does: Does, code: &'static str, calls: usize) -> Case {
        Case { does, stream: ("un deux ", code, 1), ask: (code, calls) }
    }

    fn works(does: Does) -> Case {
        Case { does, stream: ("un deux trois", "ok", 1), ask: ("un deux trois", 1) }
    }
}

const TEXT: &str = "un deux trois";

fn cases() -> Vec<Case> {
    let text = || TEXT.to_owned();
    let page = Does::Status { code: 200, headers: vec![("content-type", "text/html".into())], body: "<html>".into() };
    let away =
        Does::Status { code: 307, headers: vec![("location", "http://127.0.0.1:9".into())], body: String::new() };
    let unknown = Does::error(404, "The model `double` does not exist");
    let quota = json!({ "error": { "message": "You exceeded your quota", "code": "insufficient_quota" } }).to_string();
    let quota = Does::Status { code: 429, headers: vec![], body: quota };
    let inside = |code: u16| json!({ "message": "no", "code": code });
    let mute = json!({ "choices": [{ "delta": { "role": "assistant" } }] });
    vec![
        Case::works(Does::words(TEXT)),
        Case::works(Does::Uncounted(text())),
        Case::works(Does::Whole(text())),
        Case::works(Does::words("<think>Elle crie.</think>\n\nun deux trois")),
        Case::works(Does::Thinks { thought: "Elle crie très fort.".into(), text: text() }),
        Case::works(Does::Ends { text: text(), reason: "eos" }),
        Case::fails(Does::Hang, "late", 1),
        Case::fails(Does::DropsConnection, "unreachable", 3),
        Case::fails(Does::error(500, "oops"), "overloaded", 3),
        Case::fails(Does::error(503, "loading model"), "overloaded", 3),
        Case::fails(Does::RateLimited { retry_after: "3600".into() }, "overloaded", 1),
        Case::fails(quota, "refused", 1),
        Case::fails(Does::error(401, "Incorrect API key"), "refused", 1),
        Case::fails(Does::error(400, "context length exceeded"), "refused", 1),
        Case::fails(Does::Html404, "refused", 1),
        Case::fails(away, "refused", 1),
        Case::fails(unknown, "no_such_model", 1),
        Case::fails(Does::EmptyStream, "empty", 3),
        Case::fails(Does::NoContent, "empty", 3),
        Case::fails(Does::words("   \n"), "empty", 3),
        Case::fails(Does::words("<think>Elle crie.</think>"), "empty", 3),
        Case::fails(Does::Value(mute), "empty", 3),
        Case::fails(Does::WrongShape, "malformed", 3),
        Case::fails(page, "malformed", 3),
        Case::fails(Does::Garbage, "malformed", 3),
        Case::fails(Does::Malformed(text()), "malformed", 3),
        Case::fails(Does::Value(json!({ "error": inside(503) })), "overloaded", 3),
        Case::fails(Does::Refusal("Je ne peux pas.".into()), "declined", 1),
        Case::breaks(Does::CutAfter(text(), 2), "cut", 3),
        Case::breaks(Does::BreaksAfter(text(), 2), "cut", 3),
        Case::breaks(Does::StallsAfter(text(), 2), "late", 3),
        Case::breaks(Does::FailsAfter(text(), 2, inside(502)), "overloaded", 3),
        Case::breaks(Does::FailsAfter(text(), 2, json!("gone")), "cut", 3),
        Case { does: Does::Ends { text: text(), reason: "length" }, stream: (TEXT, "endless", 1), ask: ("endless", 1) },
        Case {
            does: Does::Ends { text: text(), reason: "content_filter" },
            stream: (TEXT, "declined", 1),
            ask: ("declined", 1),
        },
    ]
}

#[tokio::test]
async fn every_fault_is_told_apart_and_tried_again_only_where_that_may_help() {
    let checks = cases().into_iter().map(async |Case { does, stream, ask }| {
        let told = format!("{does:?}");
        let within = if matches!(does, Does::Hang) { Duration::from_millis(400) } else { SOON };
        let again = does.clone();
        let double = Double::start(move |_| again.clone()).await;
        let (model, mut uses) = model(&double);
        let (text, code) = streamed(&model, within).await;
        assert_eq!((text.as_str(), code, double.calls()), stream, "streamed: {told}");
        assert_eq!(uses.recv().await.unwrap().outcome, code, "{told}");
        let double = Double::start(move |_| does.clone()).await;
        let (model, mut uses) = crate::given::model(&double);
        let answer = model.ask(&words(), None, within).await;
        let code = answer.as_ref().map_or_else(ModelError::code, |_| "ok");
        let given = answer.map_or_else(|error| error.code().to_owned(), |answer| answer.text);
        assert_eq!((given.as_str(), double.calls()), ask, "asked: {told}");
        assert_eq!(uses.recv().await.unwrap().outcome, code, "{told}");
        let health = model.health();
        assert_eq!((health.under_way, health.waiting), (0, 0), "{told}");
    });
    join_all(checks).await;
}

#[tokio::test]
async fn an_answer_without_end_is_left_before_it_costs_more() {
    let double = Double::start(|_| Does::Endless("encore ".into())).await;
    let (model, mut uses) = model(&double);
    let (text, code) = streamed(&model, SOON).await;
    assert_eq!((code, text.len() < 1000), ("endless", true), "{} bytes", text.len());
    let told = uses.recv().await.unwrap().tokens;
    assert!(told.estimated && (50..300).contains(&told.completion), "{told:?}");
    assert_eq!(model.ask(&words(), None, SOON).await.unwrap_err(), ModelError::Endless);
    assert_eq!(double.calls(), 2);
}

#[tokio::test]
async fn a_value_that_is_none_is_asked_for_again_in_words() {
    let double = Double::start(|seen| match seen.format() {
        Some(_) => Does::words("Je dirais : un."),
        None => Does::words("Voici : {\"a\": 1}."),
    })
    .await;
    let (model, _uses) = model(&double);
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap().text, "{\"a\": 1}");
    assert_eq!(double.calls(), 2);
    assert!(double.seen()[1].system().contains("\"required\":[\"a\"]"), "the schema is told in words");
    model.ask(&value(), None, SOON).await.unwrap();
    assert_eq!(double.calls(), 3, "what the server ignores is not asked for again");
    let double = Double::start(|_| Does::words("Je dirais : un.")).await;
    let (model, mut uses) = crate::given::model(&double);
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap_err(), ModelError::WrongShape);
    let told = uses.recv().await.unwrap();
    assert_eq!((double.calls(), told.outcome, told.tokens.completion), (3, "wrong_shape", 12), "all tries are counted");
    assert_eq!(model.health().failures, 0, "that is no fault of the line");
}

#[tokio::test]
async fn an_address_where_nobody_is_and_one_that_never_accepts_are_unreachable_or_late() {
    let gone = Double::start(|_| Does::words("x")).await.gone().await;
    let (model, _uses) = model_with(endpoint(&gone), limits(), &unlimited());
    assert!(matches!(model.ask(&words(), None, SOON).await, Err(ModelError::Unreachable(_))));
    // A name that no resolver knows.
    let (model, _uses) = model_with(endpoint("http://nobody.invalid.local:1/v1"), limits(), &unlimited());
    let error = model.ask(&words(), None, SOON).await.unwrap_err();
    assert!(matches!(error, ModelError::Unreachable(_)), "{error}");
}
