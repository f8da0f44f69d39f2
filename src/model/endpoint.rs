//! Where a model is, what it costs, and how patient one is with it.

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::ModelError;
use crate::outgoing::{self, Place, Secret};

/// A model behind an address that speaks OpenAI's chat completions.
#[derive(Clone)]
pub struct Endpoint {
    /// The address, with or without `/v1` and `/chat/completions`.
    pub address: Url,
    /// The key it wants, if any.
    pub key: Option<Secret>,
    /// The model's name there.
    pub model: String,
    /// Headers sent with every call.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// From 0, always the likeliest word, to 2; without it, the endpoint's own.
    pub temperature: Option<f32>,
    /// What tokens cost.
    pub price: Option<Price>,
    /// How answers are held to a schema; without it, the best way that the endpoint accepts.
    pub structure: Option<Structure>,
    /// Further fields of every request, for what only this server knows.
    pub extra: Map<String, Value>,
}

/// What a million tokens cost, in the organisation's currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Tokens sent.
    pub prompt_per_million: f64,
    /// Tokens received.
    pub completion_per_million: f64,
}

/// How an answer is held to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Structure {
    /// `response_format` with the schema: the server lets nothing else through.
    JsonSchema,
    /// `response_format` for any JSON; the schema stands in the instructions.
    JsonObject,
    /// Instructions alone.
    Plain,
}

impl Structure {
    /// The name in settings and results.
    pub const fn name(self) -> &'static str {
        match self {
            Structure::JsonSchema => "json_schema",
            Structure::JsonObject => "json_object",
            Structure::Plain => "plain",
        }
    }
}

/// How much is asked of an endpoint, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls at the same time; more wait in line, and their deadline runs.
    pub at_once: usize,
    /// How often a question is tried.
    pub tries: u32,
    /// The longest wait between two tries; an endpoint that wants more is not waited for.
    pub longest_wait: Duration,
    /// How long a connection may take.
    pub connect: Duration,
    /// The least time to answer in: lateness after less says nothing against the endpoint.
    pub fair: Duration,
    /// How long it may say nothing once it speaks.
    pub silence: Duration,
    /// How long a streamed answer may take from its first word.
    pub whole: Duration,
    /// Seed of the jitter between tries.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            at_once: 8,
            tries: 3,
            longest_wait: Duration::from_secs(5),
            connect: Duration::from_secs(2),
            fair: Duration::from_secs(1),
            silence: Duration::from_secs(8),
            whole: Duration::from_mins(2),
            seed: 0,
        }
    }
}

impl Endpoint {
    /// A model at an address, nothing else set.
    pub fn new(address: Url, model: impl Into<String>) -> Endpoint {
        Endpoint {
            address,
            key: None,
            model: model.into(),
            headers: Vec::new(),
            temperature: None,
            price: None,
            structure: None,
            extra: Map::new(),
        }
    }

    /// The address under which `/chat/completions` stands. One without any path means the usual `/v1`.
    pub fn base(&self) -> String {
        let mut url = self.address.clone();
        let given = url.path().trim_end_matches('/');
        let path = match given.strip_suffix("/chat/completions") {
            Some(path) => path.trim_end_matches('/').to_owned(),
            None if given.is_empty() => "/v1".to_owned(),
            None => given.to_owned(),
        };
        url.set_path(&path);
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// Refuses to send a key and words in clear to the rest of the world.
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let not = |why: &str| Err(ModelError::NotReady(why.to_owned()));
        match self.address.scheme() {
            "https" => Ok(()),
            "http" if outgoing::place(&self.address) != Place::Far => Ok(()),
            "http" => not("http is for this machine and private networks, use https"),
            _ => not("the address is neither http nor https"),
        }
    }

    pub(super) fn header_map(&self) -> Result<HeaderMap, ModelError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.as_ref().filter(|key| !key.is_empty()) {
            let value = HeaderValue::from_str(&format!("Bearer {}", key.reveal()));
            let mut value = value.map_err(|_| ModelError::NotReady("the key cannot stand in a header".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        for (name, value) in &self.headers {
            let mut value = value.clone();
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

/// Without key and headers.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.host_str().unwrap_or_default();
        f.debug_struct("Endpoint").field("host", &host).field("model", &self.model).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_may_end_anywhere() {
        fn check(address: &str, expect: &str) {
            assert_eq!(Endpoint::new(address.parse().unwrap(), "m").base(), expect, "{address}");
        }
        check("http://localhost:11434", "http://localhost:11434/v1");
        check("http://localhost:11434/", "http://localhost:11434/v1");
        check("http://localhost:11434/v1", "http://localhost:11434/v1");
        check("http://localhost:11434/v1/", "http://localhost:11434/v1");
        check("https://api.mistral.ai/v1/chat/completions", "https://api.mistral.ai/v1");
        check("https://api.mistral.ai/v1/chat/completions/", "https://api.mistral.ai/v1");
        check("https://example.org/chat/completions", "https://example.org");
        check("https://example.org/v1beta/openai/", "https://example.org/v1beta/openai");
    }

    #[test]
    fn words_leave_the_network_through_tls_only() {
        fn check(address: &str, expect: bool) {
            assert_eq!(Endpoint::new(address.parse().unwrap(), "m").check().is_ok(), expect, "{address}");
        }
        check("http://127.0.0.1:8000", true);
        check("http://192.168.0.4:8000", true);
        check("http://vllm:8000", true);
        check("https://api.example.org", true);
        check("http://api.example.org", false);
        check("ftp://127.0.0.1", false);
    }

    #[test]
    fn neither_key_nor_headers_are_shown() {
        let mut endpoint = Endpoint::new("https://api.example.org".parse().unwrap(), "m");
        endpoint.key = "sk-very-secret".parse().ok();
        endpoint.headers = vec![(HeaderName::from_static("x-key"), HeaderValue::from_static("also-secret"))];
        let shown = format!("{endpoint:?} {:?}", endpoint.header_map().unwrap());
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("api.example.org"));
    }
}
