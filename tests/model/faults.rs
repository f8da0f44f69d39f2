//! What comes of each fault.

use comptoir::model::{Model, ModelError};
use serde_json::json;

use crate::double::{Does, Double};
use crate::given::{SOON, model, value, words};

/// The words, and how the stream ended.
async fn streamed(model: &Model) -> (String, Result<(), ModelError>) {
    let mut words = match model.stream(&words(), None, SOON).await {
        Ok(words) => words,
        Err(error) => return (String::new(), Err(error)),
    };
    let mut text = String::new();
    loop {
        match words.next().await {
            None => return (text, Ok(())),
            Some(Ok(more)) => text += &more,
            Some(Err(error)) => return (text, Err(error)),
        }
    }
}

#[tokio::test]
async fn words_stream_and_are_collected() {
    let double = Double::start(|_| Does::words("Bonjour, je vous écoute.")).await;
    let (model, mut used) = model(&double);
    assert_eq!(streamed(&model).await, ("Bonjour, je vous écoute.".to_owned(), Ok(())));
    let answer = model.ask(&words(), None, SOON).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.tokens.completion), ("Bonjour, je vous écoute.", 4));
    for _ in 0..2 {
        let told = used.recv().await.unwrap();
        assert_eq!((told.outcome, told.tokens, told.model.as_str()), ("ok", answer.tokens, "double"));
        assert!(!told.tokens.estimated && told.first.unwrap() <= told.took);
    }
    assert!(used.try_recv().is_err(), "each question leaves one use");
}

#[tokio::test]
async fn a_value_is_asked_for_by_its_schema_and_comes_back_as_json() {
    let double = Double::start(|_| Does::words("```json\n{\"a\": 1}\n```")).await;
    let (model, _used) = model(&double);
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap().text, "{\"a\": 1}");
    let seen = &double.seen()[0];
    assert_eq!((seen.format(), seen.schema_name(), seen.max_tokens()), (Some("json_schema"), Some("mark"), Some(50)));
    assert_eq!(seen.schema().unwrap()["required"], json!(["a"]));
}
