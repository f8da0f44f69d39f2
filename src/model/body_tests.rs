use reqwest::header::HeaderMap;

use super::*;
use crate::ask::Purpose;

fn endpoint() -> Endpoint {
    let mut endpoint = Endpoint::new("http://localhost:1".parse().unwrap(), "m");
    endpoint.temperature = Some(0.5);
    endpoint
}

fn ask(shape: Shape) -> Ask {
    let messages = vec![Message::system("Tu es Jeanne."), Message::user("Bonjour")];
    Ask { purpose: Purpose::Play, messages, shape, max_tokens: 120, seed: Some(1 << 40 | 7) }
}

fn json_ask() -> Ask {
    ask(Shape::Json { name: "mark", schema: json!({ "type": "object" }) })
}

fn body(ask: &Ask, dialect: Dialect) -> Value {
    serde_json::to_value(Body::new(&endpoint(), ask, dialect)).unwrap()
}

fn refused(status: u16, body: &str) -> Refusal {
    Refusal::new(status.try_into().unwrap(), &HeaderMap::new(), body.as_bytes(), jiff::Timestamp::UNIX_EPOCH)
}

#[test]
fn a_question_for_words_is_a_stream_that_tells_its_tokens() {
    let expect = json!({
        "model": "m",
        "messages": [{ "role": "system", "content": "Tu es Jeanne." }, { "role": "user", "content": "Bonjour" }],
        "stream": true, "stream_options": { "include_usage": true },
        "max_tokens": 120, "temperature": 0.5, "seed": 7,
    });
    assert_eq!(body(&ask(Shape::Words), Dialect::whole(Structure::JsonSchema)), expect);
}

#[test]
fn a_schema_travels_apart_or_in_the_instructions() {
    let format = |structure| body(&json_ask(), Dialect::whole(structure));
    let strict = format(Structure::JsonSchema);
    assert_eq!(strict["response_format"]["json_schema"]["schema"], json!({ "type": "object" }));
    assert_eq!(strict["messages"][0]["content"], "Tu es Jeanne.");
    let object = format(Structure::JsonObject);
    assert_eq!(object["response_format"], json!({ "type": "json_object" }));
    let plain = format(Structure::Plain);
    assert_eq!(plain["response_format"], Value::Null);
    for told in [object, plain] {
        let system = told["messages"][0]["content"].as_str().unwrap();
        assert!(system.starts_with("Tu es Jeanne.") && system.ends_with(r#"{"type":"object"}"#), "{system}");
        assert_eq!(told["messages"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_is_refused_is_left_out_and_nothing_else() {
    fn check(ask: &Ask, told: &str, changed: &[(&str, Value)]) {
        let whole = Dialect::whole(Structure::JsonSchema);
        let simpler = whole.without(&refused(400, told), &endpoint(), ask);
        let (before, after) = (body(ask, whole), simpler.map(|dialect| body(ask, dialect)));
        let Some(after) = after else { return assert!(changed.is_empty(), "{told}") };
        let mut expect = before;
        for (name, value) in changed {
            match value {
                Value::Null => expect.as_object_mut().unwrap().remove(*name),
                value => expect.as_object_mut().unwrap().insert((*name).into(), value.clone()),
            };
        }
        assert_eq!(after, expect, "{told}");
    }
    let words = ask(Shape::Words);
    check(&words, r#"{"error":"stream_options is not supported"}"#, &[("stream_options", Value::Null)]);
    check(
        &words,
        r#"{"error":{"message":"use 'max_completion_tokens' instead","param":"max_tokens"}}"#,
        &[("max_tokens", Value::Null), ("max_completion_tokens", json!(120))],
    );
    check(&words, r#"{"error":{"message":"no","param":"temperature"}}"#, &[("temperature", Value::Null)]);
    check(&words, r#"{"detail":[{"loc":["body","seed"],"msg":"extra"}]}"#, &[("seed", Value::Null)]);
    check(&words, r#"{"error":"response_format is not supported"}"#, &[]);
    check(&words, r#"{"error":"maximum context length is 4096 tokens"}"#, &[]);
    check(&words, "", &[("stream_options", Value::Null)]);
    let merged = json!([{ "role": "user", "content": "Tu es Jeanne.\n\nBonjour" }]);
    check(&words, r#"{"error":"System role not supported"}"#, &[("messages", merged)]);
}

#[test]
fn a_schema_that_is_refused_steps_down_twice_and_a_setting_never() {
    let (ask, told) = (json_ask(), refused(400, r#"{"error":"json_schema is not supported"}"#));
    let object = Dialect::whole(Structure::JsonSchema).without(&told, &endpoint(), &ask).unwrap();
    assert_eq!(object.structure, Structure::JsonObject);
    let plain = object.without(&told, &endpoint(), &ask).unwrap();
    assert_eq!(plain.structure, Structure::Plain);
    assert_eq!(plain.without(&told, &endpoint(), &ask), None);
    let set = Endpoint { structure: Some(Structure::JsonSchema), ..endpoint() };
    assert_eq!(Dialect::whole(Structure::JsonSchema).without(&told, &set, &ask), None);
    for status in [401, 404, 429, 500] {
        let told = refused(status, r#"{"error":"json_schema"}"#);
        assert_eq!(Dialect::whole(Structure::JsonSchema).without(&told, &endpoint(), &ask), None);
    }
}
