//! A double of a language model's endpoint: the real protocol over HTTP on this machine, answers by a script.
//!
//! Input: requests, and a script that says for each what to do. Output: the answers and faults of real servers. Invariant:
//! it does what the script says and records what was asked; it knows nothing of the program under test, so that test
//! binaries and benches share it with `#[path = "../double/mod.rs"] mod double;`.

#![allow(clippy::allow_attributes, reason = "each binary that includes this uses a part of it")]
#![allow(dead_code, unreachable_pub, reason = "each binary that includes this uses a part of it")]

mod does;
mod http;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub use does::Does;
use http::{Line, Request};

/// One request.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its number among those of its path, from 0.
    pub nth: usize,
    /// `/v1/chat/completions`.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Value,
    /// Role and words of each message.
    pub messages: Vec<(String, String)>,
}

impl Seen {
    fn new(nth: usize, request: Request) -> Seen {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let messages = body["messages"].as_array().into_iter().flatten();
        let messages = messages.map(|message| (text(&message["role"]), text(&message["content"]))).collect();
        Seen { nth, path: request.path, headers: request.headers, body, messages }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All messages of a role, joined.
    pub fn words_of(&self, role: &str) -> String {
        let words: Vec<&str> =
            self.messages.iter().filter(|(by, _)| by == role).map(|(_, text)| text.as_str()).collect();
        words.join("\n")
    }

    /// All instructions.
    pub fn system(&self) -> String {
        self.words_of("system")
    }

    /// The last words of the user.
    pub fn user(&self) -> &str {
        self.messages.iter().rfind(|(by, _)| by == "user").map_or("", |(_, text)| text)
    }

    /// All words that were sent.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.messages.iter().map(|(_, text)| text.as_str()).collect();
        words.join("\n")
    }

    /// The schema of `response_format`, where there is one.
    pub fn schema(&self) -> Option<&Value> {
        Some(&self.body["response_format"]["json_schema"]["schema"]).filter(|schema| !schema.is_null())
    }

    /// `json_schema`, `json_object`, or nothing.
    pub fn format(&self) -> Option<&str> {
        self.body["response_format"]["type"].as_str()
    }

    /// The name of the schema: which question this is.
    pub fn schema_name(&self) -> Option<&str> {
        self.body["response_format"]["json_schema"]["name"].as_str()
    }

    /// Whether it wants a stream.
    pub fn streams(&self) -> bool {
        self.body["stream"] == true
    }

    /// The longest answer asked for.
    pub fn max_tokens(&self) -> Option<u64> {
        ["max_tokens", "max_completion_tokens"].iter().find_map(|name| self.body[*name].as_u64())
    }
}

type Script = dyn Fn(&Seen) -> Does + Send + Sync;

struct Shared {
    script: Box<Script>,
    models: Box<Script>,
    seen: Mutex<Vec<Seen>>,
    asked_models: AtomicUsize,
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
    abandoned: AtomicUsize,
}

/// The double, until it is dropped.
pub struct Double {
    address: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Drop for Double {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Double {
    /// Does with each question as the script says. It knows one model, `double`.
    pub async fn start(script: impl Fn(&Seen) -> Does + Send + Sync + 'static) -> Double {
        let list = json!({ "object": "list", "data": [{ "id": "double", "object": "model" }] });
        Double::with_models(script, move |_| Does::Value(list.clone())).await
    }

    /// The same, with a script for `/models` too.
    pub async fn with_models(
        script: impl Fn(&Seen) -> Does + Send + Sync + 'static,
        models: impl Fn(&Seen) -> Does + Send + Sync + 'static,
    ) -> Double {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            script: Box::new(script),
            models: Box::new(models),
            seen: Mutex::default(),
            asked_models: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            abandoned: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        let server = tokio::spawn(async move {
            let mut lines = tokio::task::JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let shared = Arc::clone(&serving);
                lines.spawn(async move { shared.serve(stream).await });
                while lines.try_join_next().is_some() {}
            }
        });
        Double { address, shared, server }
    }

    /// `http://127.0.0.1:…/v1`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The questions that came, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen().clone()
    }

    /// How many questions came.
    pub fn calls(&self) -> usize {
        self.shared.seen().len()
    }

    /// Forgets the questions that came; their numbers go on from 0.
    pub fn forget(&self) {
        self.shared.seen().clear();
    }

    /// The most questions that were under way at the same time.
    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(Ordering::SeqCst)
    }

    /// Questions under way.
    pub fn under_way(&self) -> usize {
        self.shared.under_way.load(Ordering::SeqCst)
    }

    /// Questions whose asker left before the answer's end.
    pub fn abandoned(&self) -> usize {
        self.shared.abandoned.load(Ordering::SeqCst)
    }

    /// Stops it: where it was, nobody answers.
    pub async fn gone(mut self) -> String {
        self.server.abort();
        let _ = (&mut self.server).await;
        self.address.clone()
    }
}

impl Shared {
    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One connection, request after request.
    async fn serve(&self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut line = Line::new(stream);
        while let Some(request) = line.request().await {
            let (seen, does) = if request.path.ends_with("/chat/completions") && request.method == "POST" {
                let seen = {
                    let mut all = self.seen();
                    let seen = Seen::new(all.len(), request);
                    all.push(seen.clone());
                    seen
                };
                let does = (self.script)(&seen);
                (seen, does)
            } else if request.path.ends_with("/models") && request.method == "GET" {
                let seen = Seen::new(self.asked_models.fetch_add(1, Ordering::SeqCst), request);
                let does = (self.models)(&seen);
                (seen, does)
            } else {
                (Seen::new(0, request), Does::Html404)
            };
            let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            let under_way = UnderWay(&self.under_way);
            let done = does::answer(&mut line, &seen, does).await;
            drop(under_way);
            match done {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => {
                    self.abandoned.fetch_add(1, Ordering::SeqCst);
                    return;
                }
            }
        }
    }
}

struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
