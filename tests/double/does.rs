//! What the double does with a question: an answer, or one of the faults of real servers.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use super::Seen;
use super::http::Line;

/// What to do with one question.
#[derive(Clone, Debug)]
pub enum Does {
    /// Says these words, one after the other, and how many tokens they were.
    Words(String),
    /// The same, after a wait and with one between words.
    Slowly { text: String, first: Duration, each: Duration },
    /// Says a JSON value.
    Json(Value),
    /// Says these words and not how many tokens they were.
    Uncounted(String),
    /// Says these words and that they were so many tokens.
    Counted { text: String, prompt: u64, completion: u64 },
    /// Thinks aloud in a field of its own, then says these words.
    Thinks { thought: String, text: String },
    /// Says these words and ends for this reason: `length`, `content_filter`, `eos`.
    Ends { text: String, reason: &'static str },
    /// Answers with a value of its own, in one piece.
    Value(Value),
    /// Says these words in one piece, although a stream was asked for.
    Whole(String),
    /// Declines, in the field for it.
    Refusal(String),
    /// A status instead of an answer.
    Status { code: u16, headers: Vec<(&'static str, String)>, body: String },
    /// Too many requests, with a wait in seconds or until a date.
    RateLimited { retry_after: String },
    /// The page of a server that is something else.
    Html404,
    /// Never answers.
    Hang,
    /// Says some words, then ends the stream as if nothing was missing.
    CutAfter(String, usize),
    /// Says some words, then drops the line.
    BreaksAfter(String, usize),
    /// Says some words, then nothing more.
    StallsAfter(String, usize),
    /// Says some words, then sends an error among them.
    FailsAfter(String, usize, Value),
    /// A stream without a single event.
    EmptyStream,
    /// A stream that is complete and says nothing.
    NoContent,
    /// An event that is no JSON, with these words in it.
    Malformed(String),
    /// JSON that is nothing of the protocol.
    WrongShape,
    /// These words again and again.
    Endless(String),
    /// Bytes that are no events.
    Garbage,
    /// Takes the question and drops the line.
    DropsConnection,
    /// Exactly these bytes, then drops the line.
    Raw(Vec<u8>),
}

impl Does {
    /// Says these words.
    pub fn words(text: impl Into<String>) -> Does {
        Does::Words(text.into())
    }

    /// A status with an error object in OpenAI's shape.
    pub fn error(code: u16, message: &str) -> Does {
        let body = json!({ "error": { "message": message, "type": "error", "param": null, "code": null } });
        Does::Status { code, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }
}

const STREAM: (&str, &str) = ("content-type", "text/event-stream; charset=utf-8");
const JSON: (&str, &str) = ("content-type", "application/json");

/// Answers; `Ok(false)` drops the line, an error means that the asker left.
pub(super) async fn answer(line: &mut Line, seen: &Seen, does: Does) -> io::Result<bool> {
    let usual = |text: &str| Telling { usage: Some(usage(seen, text)), ..Telling::default() };
    match does {
        Does::Words(text) => tell(line, seen, &text, usual(&text)).await,
        Does::Slowly { text, first, each } => tell(line, seen, &text, Telling { first, each, ..usual(&text) }).await,
        Does::Json(value) => {
            let text = value.to_string();
            tell(line, seen, &text, usual(&text)).await
        }
        Does::Uncounted(text) => tell(line, seen, &text, Telling::default()).await,
        Does::Counted { text, prompt, completion } => {
            tell(line, seen, &text, Telling { usage: Some((prompt, completion)), ..Telling::default() }).await
        }
        Does::Thinks { thought, text } => {
            let thought = Some(thought);
            tell(line, seen, &text, Telling { thought, ..usual(&text) }).await
        }
        Does::Ends { text, reason } => tell(line, seen, &text, Telling { reason, ..usual(&text) }).await,
        Does::NoContent => tell(line, seen, "", usual("")).await,
        Does::Refusal(text) if seen.streams() => {
            line.open(&[STREAM]).await?;
            for piece in pieces(&text) {
                line.chunk(&event(&chunk(&json!({ "refusal": piece }), &Value::Null))).await?;
            }
            line.chunk(&event(&chunk(&json!({}), &json!("stop")))).await?;
            line.chunk(b"data: [DONE]\n\n").await?;
            line.close().await.map(|()| true)
        }
        Does::Refusal(text) => {
            let message = json!({ "role": "assistant", "content": null, "refusal": text });
            value(line, &json!({ "choices": [{ "message": message, "finish_reason": "stop" }] })).await
        }
        Does::Value(answer) => value(line, &answer).await,
        Does::Whole(text) => value(line, &whole(&text, "stop", Some(usage(seen, &text)))).await,
        Does::WrongShape => value(line, &json!({ "result": "Bonjour", "ok": true })).await,
        Does::Status { code, headers, body } => {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            line.whole(code, &headers, body.as_bytes()).await.map(|()| true)
        }
        Does::RateLimited { retry_after } => {
            let body =
                br#"{"error":{"message":"Rate limit reached","type":"rate_limit_error","param":null,"code":null}}"#;
            line.whole(429, &[JSON, ("retry-after", &retry_after)], body).await.map(|()| true)
        }
        Does::Html404 => {
            let page = b"<!doctype html><title>404</title><h1>Not Found</h1>";
            line.whole(404, &[("content-type", "text/html")], page).await.map(|()| true)
        }
        Does::Hang => line.wait(Duration::from_hours(1)).await.map(|()| false),
        Does::CutAfter(text, count) => {
            begin(line, &text, count).await?;
            line.close().await.map(|()| true)
        }
        Does::BreaksAfter(text, count) => begin(line, &text, count).await.map(|()| false),
        Does::StallsAfter(text, count) => {
            begin(line, &text, count).await?;
            line.wait(Duration::from_hours(1)).await.map(|()| false)
        }
        Does::FailsAfter(text, count, error) => {
            begin(line, &text, count).await?;
            line.chunk(&event(&json!({ "error": error }))).await?;
            line.chunk(b"data: [DONE]\n\n").await?;
            line.close().await.map(|()| true)
        }
        Does::EmptyStream => {
            line.open(&[STREAM]).await?;
            line.close().await.map(|()| true)
        }
        Does::Malformed(words) => {
            line.open(&[STREAM]).await?;
            line.chunk(format!("data: {{\"choices\": [{{\"delta\": {{\"content\": \"{words}\n\n").as_bytes()).await?;
            line.close().await.map(|()| true)
        }
        Does::Endless(text) => {
            line.open(&[STREAM]).await?;
            loop {
                line.chunk(&event(&chunk(&json!({ "content": text }), &Value::Null))).await?;
            }
        }
        Does::Garbage => {
            line.open(&[STREAM]).await?;
            line.chunk(b"\x00\xff\xfe\x01 what is this\n\n\x80\x81").await?;
            line.close().await.map(|()| true)
        }
        Does::DropsConnection => Ok(false),
        Does::Raw(bytes) => line.write(&bytes).await.map(|()| false),
    }
}

/// How words are said.
struct Telling {
    usage: Option<(u64, u64)>,
    first: Duration,
    each: Duration,
    thought: Option<String>,
    reason: &'static str,
}

impl Default for Telling {
    fn default() -> Telling {
        Telling { usage: None, first: Duration::ZERO, each: Duration::ZERO, thought: None, reason: "stop" }
    }
}

async fn tell(line: &mut Line, seen: &Seen, text: &str, how: Telling) -> io::Result<bool> {
    if !how.first.is_zero() {
        line.wait(how.first).await?;
    }
    if !seen.streams() {
        return value(line, &whole(text, how.reason, how.usage)).await;
    }
    line.open(&[STREAM]).await?;
    let mut out = event(&chunk(&json!({ "role": "assistant", "content": "" }), &Value::Null));
    out.extend_from_slice(b": waiting\n\n");
    if let Some(thought) = how.thought {
        for piece in pieces(&thought) {
            out.extend(event(&chunk(&json!({ "reasoning_content": piece }), &Value::Null)));
        }
    }
    for piece in pieces(text) {
        out.extend(event(&chunk(&json!({ "content": piece }), &Value::Null)));
        if !how.each.is_zero() {
            line.chunk(&std::mem::take(&mut out)).await?;
            line.wait(how.each).await?;
        }
    }
    out.extend(event(&chunk(&json!({}), &json!(how.reason))));
    if let Some(usage) = how.usage.filter(|_| seen.body["stream_options"]["include_usage"] == true) {
        out.extend(event(&json!({ "object": "chat.completion.chunk", "choices": [], "usage": told(usage) })));
    }
    out.extend_from_slice(b"data: [DONE]\n\n");
    line.chunk(&out).await?;
    line.close().await.map(|()| true)
}

/// The first words of an answer.
async fn begin(line: &mut Line, text: &str, count: usize) -> io::Result<()> {
    line.open(&[STREAM]).await?;
    for piece in pieces(text).into_iter().take(count) {
        line.chunk(&event(&chunk(&json!({ "content": piece }), &Value::Null))).await?;
    }
    Ok(())
}

async fn value(line: &mut Line, value: &Value) -> io::Result<bool> {
    line.whole(200, &[JSON], value.to_string().as_bytes()).await.map(|()| true)
}

fn whole(text: &str, reason: &str, usage: Option<(u64, u64)>) -> Value {
    let message = json!({ "role": "assistant", "content": text });
    let choice = json!({ "index": 0, "message": message, "finish_reason": reason });
    json!({ "object": "chat.completion", "model": "double", "choices": [choice], "usage": usage.map(told) })
}

fn chunk(delta: &Value, finish: &Value) -> Value {
    let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish });
    json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "double", "choices": [choice] })
}

fn event(value: &Value) -> Vec<u8> {
    format!("data: {value}\n\n").into_bytes()
}

/// Words, each with the blank after it: the double's tokens.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(' ').collect()
}

/// What the double says that a question and its answer were: four bytes a token.
fn usage(seen: &Seen, text: &str) -> (u64, u64) {
    let prompt: usize = seen.messages.iter().map(|(_, text)| text.len() / 4 + 4).sum();
    (prompt as u64, pieces(text).len() as u64)
}

fn told((prompt, completion): (u64, u64)) -> Value {
    json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion })
}
