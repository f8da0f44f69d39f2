//! What an endpoint does not accept is found out once.

use comptoir::model::{Endpoint, ModelError, Structure};
use serde_json::json;

use crate::double::{Does, Double, Seen};
use crate::given::{SOON, endpoint, limits, model, model_with, unlimited, value, words};

/// Refuses one field, as several servers do.
fn refusing(field: &'static str) -> impl Fn(&Seen) -> Does + Send + Sync {
    move |seen| {
        if seen.body[field].is_null() {
            return Does::words("{\"a\": 1}");
        }
        let detail = json!({ "detail": [{ "loc": ["body", field], "msg": "Extra inputs are not permitted" }] });
        Does::Status { code: 422, headers: vec![("content-type", "application/json".into())], body: detail.to_string() }
    }
}

#[tokio::test]
async fn a_refused_field_is_left_out_once_and_for_all() {
    for field in ["stream_options", "temperature", "seed", "max_tokens"] {
        let double = Double::start(refusing(field)).await;
        let (model, mut uses) = model(&double);
        assert!(model.ask(&words(), None, SOON).await.is_ok(), "{field}");
        assert!(model.stream(&words(), None, SOON).await.is_ok(), "{field}");
        let refused = double.seen().iter().filter(|seen| !seen.body[field].is_null()).count();
        assert_eq!((double.calls(), refused), (3, 1), "{field}");
        assert_eq!(double.seen()[2].max_tokens(), Some(50), "{field}");
        assert_eq!((model.health().failures, uses.recv().await.unwrap().outcome), (0, "ok"));
    }
}

#[tokio::test]
async fn a_schema_steps_down_to_what_is_accepted_and_stays_there() {
    let script = |seen: &Seen| match seen.format() {
        Some("json_schema") => Does::error(400, "This response_format type is unavailable now"),
        _ => Does::words("{\"a\": 1}"),
    };
    let double = Double::start(script).await;
    let (model, _uses) = model(&double);
    for _ in 0..3 {
        assert_eq!(model.ask(&value(), None, SOON).await.unwrap().text, "{\"a\": 1}");
    }
    let formats: Vec<_> = double.seen().iter().map(|seen| seen.format().map(str::to_owned)).collect();
    let object = || Some("json_object".to_owned());
    assert_eq!(formats, [Some("json_schema".to_owned()), object(), object(), object()]);
    assert!(double.seen()[1].system().contains("JSON"), "servers want the word in the instructions");
    assert_eq!(model.structure(), Structure::JsonObject);
}

#[tokio::test]
async fn nothing_is_left_out_for_good_when_that_did_not_help() {
    let double = Double::start(|seen| match seen.nth {
        0..6 => Does::error(400, "response_format and stream_options are wrong today"),
        _ => Does::words("{\"a\": 1}"),
    })
    .await;
    let (model, _uses) = model(&double);
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap_err(), ModelError::Refused { status: 400 });
    assert!(double.calls() <= 6, "{}", double.calls());
    while double.calls() < 6 {
        let _ = model.ask(&words(), None, SOON).await;
    }
    model.ask(&value(), None, SOON).await.unwrap();
    let last = double.seen().pop().unwrap();
    assert_eq!((last.format(), last.body["stream_options"].is_null()), (Some("json_schema"), false));
}

#[tokio::test]
async fn what_is_set_is_not_stepped_down_from() {
    let double = Double::start(|_| Does::error(400, "response_format is not supported")).await;
    let set = Endpoint { structure: Some(Structure::JsonObject), ..endpoint(double.address()) };
    let (model, _uses) = model_with(set, limits(), &unlimited());
    assert_eq!(model.ask(&value(), None, SOON).await.unwrap_err(), ModelError::Refused { status: 400 });
    assert_eq!((double.calls(), double.seen()[0].format()), (1, Some("json_object")));
}

#[tokio::test]
async fn further_fields_and_headers_are_sent_and_no_header_of_ours_is_without_a_key() {
    let double = Double::start(|_| Does::words("Oui.")).await;
    let mut set = Endpoint { key: None, ..endpoint(double.address()) };
    set.headers = vec![("x-project".parse().unwrap(), "accueil".parse().unwrap())];
    set.extra = json!({ "reasoning_effort": "low" }).as_object().unwrap().clone();
    let (model, _uses) = model_with(set, limits(), &unlimited());
    model.ask(&words(), None, SOON).await.unwrap();
    let seen = &double.seen()[0];
    assert_eq!((seen.header("x-project"), &seen.body["reasoning_effort"]), (Some("accueil"), &json!("low")));
    assert_eq!((seen.header("authorization"), seen.header("openai-organization")), (None, None));
    assert_eq!(seen.path, "/v1/chat/completions");
}

#[tokio::test]
async fn the_models_of_an_endpoint_are_listed() {
    let list = json!({ "data": [{ "id": "mistral-small" }, { "id": "ministral-8b" }] });
    let double = Double::with_models(|_| Does::words("x"), move |_| Does::Value(list.clone())).await;
    let (model, _uses) = model(&double);
    assert_eq!(model.known(SOON).await.unwrap().models, ["ministral-8b", "mistral-small"]);
    for (does, code) in [
        (Does::error(401, "no"), "refused"),
        (Does::Html404, "refused"),
        (Does::Value(json!({})), "malformed"),
        (Does::DropsConnection, "unreachable"),
    ] {
        let double = Double::with_models(|_| Does::words("x"), move |_| does.clone()).await;
        let (model, _uses) = crate::given::model(&double);
        assert_eq!(model.known(SOON).await.unwrap_err().code(), code);
    }
}
