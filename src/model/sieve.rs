//! Lets only whole, readable events of a stream through to the library that reads it.
//!
//! Input: the bytes of an answer. Output: events of one line each. Invariant: what cannot be read ends the stream here,
//! with its reason told apart: further on it would be logged, words and all, and a cut would look like an end.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};

use super::ModelError;
use super::piece::Piece;

/// Why a stream ended before its end.
pub(super) type Ending = Arc<OnceLock<ModelError>>;

type Incoming = Pin<Box<dyn Stream<Item = Result<Bytes, reqwest::Error>> + Send>>;

/// The end of a stream, as the protocol tells it.
const DONE: &str = "data: [DONE]\n\n";

/// Passes the events of a stream, `most` bytes at the longest.
pub(super) fn events(
    incoming: impl Stream<Item = Result<Bytes, reqwest::Error>> + Send + 'static,
    most: usize,
    ending: Ending,
) -> impl Stream<Item = Result<Bytes, reqwest::Error>> + Send + 'static {
    let sieve = Sieve { incoming: Some(Box::pin(incoming)), left: most, ending, ..Sieve::default() };
    stream::unfold(sieve, |mut sieve| async move { sieve.next().await.map(|bytes| (Ok(bytes), sieve)) })
}

/// A whole answer as the one event of a stream.
pub(super) fn single(body: &[u8]) -> Result<Bytes, ModelError> {
    let text = std::str::from_utf8(body).map_err(|_| ModelError::Malformed)?;
    let event = readable(text).ok_or(ModelError::Malformed)?;
    Ok(Bytes::from(event + DONE))
}

/// An event's data on one line, if it can be read.
fn readable(data: &str) -> Option<String> {
    serde_json::from_str::<Piece>(data).ok()?;
    // Between the values of a JSON text, a line break is a blank; inside them there is none.
    Some(format!("data: {}\n\n", data.replace(['\n', '\r'], " ")))
}

#[derive(Default)]
struct Sieve {
    incoming: Option<Incoming>,
    left: usize,
    ending: Ending,
    line: Vec<u8>,
    data: String,
    named_error: bool,
    events: usize,
    junk: bool,
}

impl Sieve {
    /// Readable events, as soon as there are some; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let incoming = self.incoming.as_mut()?;
            let mut out = String::new();
            let ended = match incoming.next().await {
                Some(Ok(bytes)) if bytes.len() > self.left => Some(ModelError::Endless),
                Some(Ok(bytes)) => {
                    self.left -= bytes.len();
                    self.take(&bytes, &mut out).err()
                }
                Some(Err(_)) => Some(ModelError::Cut),
                None => self.finish(&mut out).err().or_else(|| {
                    self.incoming = None;
                    None
                }),
            };
            if let Some(error) = ended {
                let _ = self.ending.set(error);
                self.incoming = None;
            }
            if !out.is_empty() {
                return Some(Bytes::from(out));
            }
        }
    }

    fn take(&mut self, bytes: &[u8], out: &mut String) -> Result<(), ModelError> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.read_line(&line, out)?;
            }
        }
        Ok(())
    }

    fn read_line(&mut self, line: &[u8], out: &mut String) -> Result<(), ModelError> {
        let line = std::str::from_utf8(line).map_err(|_| ModelError::Malformed)?;
        let line = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" if line.is_empty() => self.dispatch(out)?,
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "event" => self.named_error = value == "error",
            "" | "id" | "retry" => {}
            _ => self.junk = true,
        }
        Ok(())
    }

    fn dispatch(&mut self, out: &mut String) -> Result<(), ModelError> {
        let (data, named_error) = (std::mem::take(&mut self.data), std::mem::take(&mut self.named_error));
        let data = data.trim();
        if data.is_empty() {
            return Ok(());
        }
        self.events += 1;
        if data == "[DONE]" {
            out.push_str(DONE);
        } else if named_error && !data.contains("\"error\"") {
            let error = serde_json::to_string(data).map_err(|_| ModelError::Malformed)?;
            let data = if readable(data).is_some() { data } else { &error };
            out.push_str(&readable(&format!("{{\"error\": {data}}}")).ok_or(ModelError::Malformed)?);
        } else {
            out.push_str(&readable(data).ok_or(ModelError::Malformed)?);
        }
        Ok(())
    }

    /// What stands there when the line closes: the last event may lack its empty line.
    fn finish(&mut self, out: &mut String) -> Result<(), ModelError> {
        let line = std::mem::take(&mut self.line);
        self.read_line(&line, out)?;
        let last = std::mem::take(&mut self.data);
        // A last event that cannot be read was cut.
        match last.trim() {
            "" => {}
            "[DONE]" => out.push_str(DONE),
            data => out.push_str(&readable(data).ok_or(ModelError::Cut)?),
        }
        if self.events == 0 && self.junk && out.is_empty() { Err(ModelError::Malformed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What passes, and why it ended, by pieces of each size.
    async fn check(text: &str, expect: &str, ended: Option<ModelError>) {
        for size in [1, 3, 1000] {
            let ending = Ending::default();
            let pieces: Vec<_> = text.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
            let passed = events(stream::iter(pieces), 300, Arc::clone(&ending));
            let passed: Vec<Bytes> = passed.map(Result::unwrap).collect().await;
            assert_eq!(String::from_utf8(passed.concat()).unwrap(), expect, "{text} by {size}");
            assert_eq!(ending.get(), ended.as_ref(), "{text} by {size}");
        }
    }

    #[tokio::test]
    async fn events_pass_in_one_shape_whatever_stands_around_them() {
        check("data: {\"a\":1}\n\ndata: [DONE]\n\n", "data: {\"a\":1}\n\ndata: [DONE]\n\n", None).await;
        check("\u{feff}data:{\"a\":\"é\"}\r\n\r\n", "data: {\"a\":\"é\"}\n\n", None).await;
        check(": waiting\n\nid: 3\nevent: x\nretry: 1\nx-y: z\ndata: {}\n\n", "data: {}\n\n", None).await;
        check("data: {\ndata: \"a\": 1}\n\n", "data: { \"a\": 1}\n\n", None).await;
        check("data: {\"a\":1}", "data: {\"a\":1}\n\n", None).await;
        check("data: {}\n\ndata: [DONE]", "data: {}\n\ndata: [DONE]\n\n", None).await;
        check("", "", None).await;
        check("event: error\ndata: {\"code\":429}\n\n", "data: {\"error\": {\"code\":429}}\n\n", None).await;
        check("event: error\ndata: oops\n\n", "data: {\"error\": \"oops\"}\n\n", None).await;
    }

    #[tokio::test]
    async fn what_cannot_be_read_ends_the_stream_with_its_reason() {
        check("data: {}\n\ndata: {\"secret\n\ndata: {}\n\n", "data: {}\n\n", Some(ModelError::Malformed)).await;
        check("data: {}\n\ndata: {\"secret", "data: {}\n\n", Some(ModelError::Cut)).await;
        check("hello\nworld\n\n", "", Some(ModelError::Malformed)).await;
        check("<html>", "", Some(ModelError::Malformed)).await;
        let long = format!("data: \"{}\"\n\n", "x".repeat(300));
        check(&long, "", Some(ModelError::Endless)).await;
    }

    #[test]
    fn a_whole_answer_is_one_event() {
        assert_eq!(single(b"{\n\"a\": 1\n}").unwrap(), "data: { \"a\": 1 }\n\ndata: [DONE]\n\n");
        assert_eq!(single(b"<html>").unwrap_err(), ModelError::Malformed);
    }
}
