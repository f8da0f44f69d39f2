//! What an endpoint says when it does not serve a request.
//!
//! Input: a status, headers and the beginning of a body, in the ways of several servers. Output: what the status means.
//! Invariant: its words are looked at and never told: they may repeat what was sent. Only a test of the endpoint, which
//! sends nobody's words, asks for them.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::ModelError;
use crate::clock::Timestamp;
use crate::outgoing::Secret;

/// The most that is read of an error's body.
pub(super) const LONGEST: usize = 16 * 1024;

/// An answer that is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    retry_after: Option<Duration>,
    /// Its own sentence.
    sentence: String,
    /// All that it says, in lower case.
    reason: String,
    /// The fields it complains of.
    fields: Vec<String>,
    /// Its code or type, in lower case.
    code: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Refusal {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        Refusal::read(status.as_u16(), retry_after(headers, now), &body)
    }

    /// From an error inside an answer.
    pub(super) fn inside(error: &Value) -> Refusal {
        let status = ["code", "status", "status_code"].iter().find_map(|name| number(&error[*name])).unwrap_or(0);
        Refusal::read(status, None, error)
    }

    fn read(status: u16, retry_after: Option<Duration>, body: &Value) -> Refusal {
        let error = if body["error"].is_null() { body } else { &body["error"] };
        let mut reason = String::new();
        gather(error, &mut reason, 0);
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_lowercase();
        let mut fields: Vec<String> = error["param"].as_str().map(str::to_owned).into_iter().collect();
        // One hosted service puts the JSON of its details into the message, as text.
        let inner: Value =
            error["message"].as_str().and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default();
        for detail in [&error["detail"], &error["message"]["detail"], &body["detail"], &inner["detail"]] {
            let places = detail.as_array().into_iter().flatten().filter_map(|one| one["loc"].as_array());
            fields.extend(places.flatten().filter_map(Value::as_str).map(str::to_owned));
        }
        let sentence = ["message", "detail", "msg"].iter().find_map(|name| error[*name].as_str()).or(error.as_str());
        let sentence = sentence.unwrap_or_default().to_owned();
        Refusal {
            status,
            retry_after,
            sentence,
            reason: reason.to_lowercase(),
            fields,
            code: text("code") + " " + &text("type"),
        }
    }

    /// Its own sentence, shortened, without the key should it repeat it.
    pub(super) fn sentence(&self, key: Option<&Secret>) -> String {
        let sentence = match key {
            Some(key) if !key.is_empty() => self.sentence.replace(key.reveal(), "…"),
            _ => self.sentence.clone(),
        };
        sentence.chars().filter(|c| !c.is_control()).take(200).collect()
    }

    /// Whether it complains of a field, or tells a word.
    pub(super) fn names(&self, name: &str) -> bool {
        let fields: Vec<&String> = self.fields.iter().filter(|field| *field != "body").collect();
        if fields.is_empty() { self.reason.contains(name) } else { fields.iter().any(|field| field.contains(name)) }
    }

    /// Whether it gives no reason.
    pub(super) fn says_nothing(&self) -> bool {
        self.reason.trim().is_empty()
    }

    /// What it means.
    pub(super) fn means(&self) -> ModelError {
        let status = self.status;
        let model_is_unknown = self.code.contains("model_not_found")
            || (matches!(status, 400 | 404 | 422)
                && self.reason.contains("model")
                && ["not found", "not exist", "invalid model", "unknown model", "no such model"]
                    .iter()
                    .any(|told| self.reason.contains(told)));
        let paid_up = self.code.contains("insufficient_quota") || self.reason.contains("insufficient_quota");
        match status {
            _ if model_is_unknown => ModelError::NoSuchModel,
            429 if paid_up => ModelError::Refused { status },
            400..500 if self.code.contains("content_filter") => ModelError::Declined,
            408 | 425 | 429 | 500.. => ModelError::Overloaded { status, retry_after: self.retry_after },
            0 if self.code.contains("overload") || self.code.contains("rate_limit") => {
                ModelError::Overloaded { status: 503, retry_after: None }
            }
            0 => ModelError::Cut,
            _ => ModelError::Refused { status },
        }
    }
}

/// Every text of an error, whatever its shape; bounded.
fn gather(value: &Value, into: &mut String, depth: usize) {
    if into.len() > LONGEST || depth > 6 {
        return;
    }
    match value {
        Value::String(text) => {
            into.push_str(text);
            into.push(' ');
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, into, depth + 1)),
        // What was sent is repeated in `input` by some.
        Value::Object(fields) => {
            let told = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "input" | "ctx" | "url"));
            told.for_each(|(_, value)| gather(value, into, depth + 1));
        }
        _ => {}
    }
}

fn number(value: &Value) -> Option<u16> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|number| u16::try_from(number).ok())
}

/// The wait asked for: in milliseconds, in seconds, or until a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<u64>().ok()) {
        return Some(Duration::from_millis(ms));
    }
    let told = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = told.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = jiff::fmt::rfc2822::parse(told).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, headers: &[(&'static str, &str)], body: &str) -> Refusal {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        Refusal::new(status.try_into().unwrap(), &headers, body.as_bytes(), now)
    }

    #[test]
    fn statuses_and_bodies_of_several_servers_are_told_apart() {
        fn check(status: u16, body: &str, expect: &str) {
            assert_eq!(refusal(status, &[], body).means().code(), expect, "{status} {body}");
        }
        check(401, r#"{"error":{"message":"Incorrect API key"}}"#, "refused");
        check(403, "", "refused");
        check(307, "", "refused");
        check(404, "<html>not found</html>", "refused");
        check(404, r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, "no_such_model");
        check(404, r#"{"error":{"message":"model 'x' not found, try pulling it first"}}"#, "no_such_model");
        check(404, r#"{"object":"error","message":"The model `x` does not exist.","code":404}"#, "no_such_model");
        check(
            400,
            r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#,
            "no_such_model",
        );
        check(400, r#"{"error":{"message":"This model's maximum context length is 4096"}}"#, "refused");
        check(429, "", "overloaded");
        check(429, r#"{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}"#, "refused");
        check(500, "oops", "overloaded");
        check(503, r#"{"error":"loading model"}"#, "overloaded");
        check(400, r#"{"error":{"message":"filtered","code":"content_filter"}}"#, "declined");
    }

    #[test]
    fn its_sentence_is_told_without_the_key() {
        fn check(body: &str, expect: &str) {
            let key = "sk-1".parse().unwrap();
            assert_eq!(refusal(401, &[], body).sentence(Some(&key)), expect, "{body}");
        }
        check(r#"{"error":{"message":"Incorrect key sk-1 for you"}}"#, "Incorrect key … for you");
        check(r#"{"error":"no\nsuch thing"}"#, "nosuch thing");
        check(r#"{"detail":"Not authenticated"}"#, "Not authenticated");
        check("<html>", "");
    }

    #[test]
    fn an_error_inside_a_stream_is_read_like_a_status() {
        fn check(error: &str, expect: &str) {
            assert_eq!(Refusal::inside(&serde_json::from_str(error).unwrap()).means().code(), expect, "{error}");
        }
        check(r#"{"message":"overloaded","code":503}"#, "overloaded");
        check(r#"{"message":"slow down","code":"429"}"#, "overloaded");
        check(r#"{"type":"overloaded_error"}"#, "overloaded");
        check(r#"{"message":"the request exceeds the available context size","code":400}"#, "refused");
        check(r#""something""#, "cut");
        check("{}", "cut");
    }

    #[test]
    fn the_wait_is_read_in_each_of_its_ways() {
        fn check(headers: &[(&'static str, &str)], expect: Option<u64>) {
            let told = refusal(429, headers, "").retry_after;
            assert_eq!(told, expect.map(Duration::from_millis), "{headers:?}");
        }
        check(&[], None);
        check(&[("retry-after", "2")], Some(2000));
        check(&[("retry-after", "0.5")], Some(500));
        check(&[("retry-after", "-1")], None);
        check(&[("retry-after", "1e300")], None);
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after-ms", "150"), ("retry-after", "1")], Some(150));
        check(&[("retry-after", "Mon, 02 Mar 2026 08:00:20 GMT")], Some(20_000));
        check(&[("retry-after", "Mon, 02 Mar 2026 07:00:00 GMT")], Some(0));
    }

    #[test]
    fn the_field_complained_of_is_found_and_what_was_sent_is_not_searched() {
        fn check(body: &str, name: &str, expect: bool) {
            assert_eq!(refusal(422, &[], body).names(name), expect, "{name} in {body}");
        }
        let openai = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.","param":"max_tokens"}}"#;
        let mistral = r#"{"object":"error","message":{"detail":[{"loc":["body","stream_options"],
            "msg":"Extra inputs are not permitted","input":{"include_usage":true}}]}}"#;
        let nested =
            r#"{"object":"error","message":"{\"detail\":[{\"loc\":[\"body\",\"seed\"],\"input\":\"temperature\"}]}"}"#;
        let fastapi = r#"{"detail":[{"loc":["body","seed"],"msg":"Extra inputs","input":"response_format"}]}"#;
        let words = r#"{"error":"response_format is not supported"}"#;
        check(openai, "max_tokens", true);
        check(openai, "stream_options", false);
        check(mistral, "stream_options", true);
        check(mistral, "response_format", false);
        check(nested, "seed", true);
        check(nested, "temperature", false);
        check(fastapi, "seed", true);
        check(fastapi, "response_format", false);
        check(words, "response_format", true);
        assert!(refusal(400, &[], "<html>").says_nothing() && !refusal(400, &[], words).says_nothing());
    }
}
