//! One piece of an answer, in the ways of several servers.
//!
//! Input: any JSON value. Output: what it says. Invariant: reading never fails; what is not understood says nothing.

use serde::Deserialize;
use serde_json::Value;

/// What a chunk of a stream says, or a whole answer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Value")]
pub(super) struct Piece {
    pub(super) words: String,
    /// Bytes thought aloud in a field of their own.
    pub(super) thought: usize,
    /// Why it ended.
    pub(super) finish: Option<Finish>,
    /// Tokens sent and received.
    pub(super) usage: Option<(u64, u64)>,
    /// An error, instead of words.
    pub(super) error: Option<Value>,
    /// Whether it is one of many, not the whole answer at once.
    pub(super) streamed: bool,
    /// Whether it is anything at all of the protocol.
    pub(super) known: bool,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    /// It was complete. Servers have many names for it: `stop`, `eos`, `end_turn`.
    Whole,
    /// The longest answer was reached.
    Length,
    /// It was declined, or filtered.
    Declined,
    /// The server failed.
    Failed,
}

impl From<Value> for Piece {
    fn from(value: Value) -> Piece {
        let choice = &value["choices"][0];
        let (said, streamed) = match (&choice["delta"], &choice["message"]) {
            (Value::Object(_), _) => (&choice["delta"], true),
            (_, message) => (message, false),
        };
        let (words, thought) = match &said["content"] {
            Value::Null => (choice["text"].as_str().unwrap_or_default().to_owned(), 0),
            content => content_of(content),
        };
        let aside = ["reasoning_content", "reasoning", "thinking"].iter().filter_map(|name| said[*name].as_str());
        let refused = said["refusal"].as_str().is_some_and(|told| !told.is_empty());
        Piece {
            words,
            thought: thought + aside.map(str::len).max().unwrap_or(0),
            finish: if refused { Some(Finish::Declined) } else { finish(&choice["finish_reason"]) },
            usage: usage(&value["usage"]),
            error: error(&value),
            streamed,
            known: value["choices"].is_array() || value["usage"].is_object(),
        }
    }
}

/// A text, or a list of parts of which some are text.
fn content_of(content: &Value) -> (String, usize) {
    match content {
        Value::String(text) => (text.clone(), 0),
        Value::Array(parts) => {
            let text = parts.iter().filter(|part| part["type"] == "text").filter_map(|part| part["text"].as_str());
            let thought = parts.iter().filter(|part| part["type"] != "text").map(|part| part.to_string().len());
            (text.collect(), thought.sum())
        }
        _ => (String::new(), 0),
    }
}

fn finish(reason: &Value) -> Option<Finish> {
    let reason = reason.as_str().filter(|reason| !reason.is_empty())?;
    Some(match reason.to_ascii_lowercase().as_str() {
        "length" | "max_tokens" | "model_length" => Finish::Length,
        "content_filter" | "safety" | "refusal" | "guardrail_intervened" | "recitation" => Finish::Declined,
        "error" | "abort" | "cancelled" | "insufficient_system_resource" => Finish::Failed,
        _ => Finish::Whole,
    })
}

/// Both counts; a server that says nothing was sent does not count.
fn usage(usage: &Value) -> Option<(u64, u64)> {
    let prompt = usage["prompt_tokens"].as_u64().filter(|tokens| *tokens > 0)?;
    let told = usage["completion_tokens"].as_u64();
    let rest = || usage["total_tokens"].as_u64().map(|total| total.saturating_sub(prompt));
    Some((prompt, told.or_else(rest)?))
}

fn error(value: &Value) -> Option<Value> {
    let error = &value["error"];
    let told = match error {
        Value::Null | Value::Bool(false) => value["object"] == "error",
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    told.then(|| if error.is_null() { value.clone() } else { error.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Piece {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn pieces_of_several_servers_say_the_same() {
        fn check(text: &str, words: &str, finish: Option<Finish>, streamed: bool) {
            let piece = read(text);
            assert_eq!((piece.words.as_str(), piece.finish, piece.streamed), (words, finish, streamed), "{text}");
            assert_eq!((piece.error, piece.known), (None, true), "{text}");
        }
        check(r#"{"choices":[{"delta":{"role":"assistant","content":null}}]}"#, "", None, true);
        check(r#"{"choices":[{"delta":{"content":"Bon"},"finish_reason":null}]}"#, "Bon", None, true);
        check(r#"{"choices":[{"delta":{},"finish_reason":"eos"}]}"#, "", Some(Finish::Whole), true);
        check(r#"{"choices":[{"delta":{"content":""},"finish_reason":""}]}"#, "", None, true);
        check(r#"{"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}"#, "a", Some(Finish::Length), true);
        check(r#"{"choices":[{"delta":{"refusal":"Non."}}]}"#, "", Some(Finish::Declined), true);
        check(
            r#"{"choices":[{"message":{"content":"Oui."},"finish_reason":"stop"}]}"#,
            "Oui.",
            Some(Finish::Whole),
            false,
        );
        check(r#"{"choices":[],"usage":{}}"#, "", None, false);
        let parts =
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":"x"},{"type":"text","text":"Oui"}]}}]}"#;
        check(parts, "Oui", None, true);
        assert!(read(parts).thought > 0);
        let aside = read(r#"{"choices":[{"delta":{"content":"","reasoning_content":"Elle crie"}}]}"#);
        assert_eq!((aside.words.as_str(), aside.thought), ("", 9));
    }

    #[test]
    fn tokens_are_taken_where_they_are_told() {
        fn check(usage: &str, expect: Option<(u64, u64)>) {
            assert_eq!(read(&format!(r#"{{"choices":[],"usage":{usage}}}"#)).usage, expect, "{usage}");
        }
        check(r#"{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}"#, Some((10, 3)));
        check(r#"{"prompt_tokens":10,"total_tokens":13}"#, Some((10, 3)));
        check(r#"{"prompt_tokens":0,"completion_tokens":0}"#, None);
        check(r#"{"prompt_tokens":"many"}"#, None);
        check("null", None);
    }

    #[test]
    fn an_error_is_one_and_anything_else_is_nothing() {
        assert_eq!(read(r#"{"error":{"code":503}}"#).error.unwrap()["code"], 503);
        assert!(read(r#"{"object":"error","message":"x"}"#).error.is_some());
        assert!(read(r#"{"error":null,"choices":[]}"#).error.is_none());
        for text in ["1", "[]", "{}", r#"{"choices":"x"}"#, r#"{"choices":[[1]]}"#, r#""x""#, "null"] {
            let piece = read(text);
            assert_eq!((piece.words.as_str(), piece.finish, &piece.error), ("", None, &None), "{text}");
        }
        assert!(!read("{}").known && !read(r#"{"result":"Oui"}"#).known);
    }
}
