//! What is sent: the request's body, in the dialect the endpoint accepts.
//!
//! Input: an [`Ask`]. Output: a body, and after a refusal a simpler dialect. Invariant: a dialect only ever loses what
//! the endpoint refused; the words asked are the same in all of them.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::{Endpoint, Structure};
use crate::ask::{Ask, Message, Role, Shape};

/// What an endpoint accepts, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a server may refuse")]
pub(super) struct Dialect {
    pub(super) structure: Structure,
    /// `stream_options`, for the count of tokens.
    usage: bool,
    /// `max_tokens`; otherwise `max_completion_tokens`.
    usual_limit: bool,
    temperature: bool,
    seed: bool,
    /// Messages of the system's role; otherwise they open the first of the user's.
    system: bool,
}

impl Dialect {
    /// Everything, until something is refused.
    pub(super) fn whole(structure: Structure) -> Dialect {
        Dialect { structure, usage: true, usual_limit: true, temperature: true, seed: true, system: true }
    }

    /// The same, held to a schema by instructions alone.
    pub(super) fn in_words(self) -> Dialect {
        Dialect { structure: Structure::Plain, ..self }
    }

    /// The next simpler dialect after a refusal, `None` where no simpler one would help.
    pub(super) fn without(self, refusal: &Refusal, endpoint: &Endpoint, ask: &Ask) -> Option<Dialect> {
        if !matches!(refusal.status, 400 | 422) {
            return None;
        }
        let json = matches!(ask.shape, Shape::Json { .. });
        let structured = json && endpoint.structure.is_none() && self.structure != Structure::Plain;
        let looser = Dialect {
            structure: if self.structure == Structure::JsonSchema { Structure::JsonObject } else { Structure::Plain },
            ..self
        };
        let options = [
            (self.usage, &["stream_options", "include_usage"][..], Dialect { usage: false, ..self }),
            (self.usual_limit, &["max_completion_tokens", "max_tokens"][..], Dialect { usual_limit: false, ..self }),
            (
                self.temperature && endpoint.temperature.is_some(),
                &["temperature"][..],
                Dialect { temperature: false, ..self },
            ),
            (self.seed && ask.seed.is_some(), &["seed"][..], Dialect { seed: false, ..self }),
            (
                structured,
                &["response_format", "json_schema", "json_object", "guided", "grammar", "structured output"][..],
                looser,
            ),
            (
                self.system,
                &["system role", "role system", "roles must alternate"][..],
                Dialect { system: false, ..self },
            ),
        ];
        let named = options.iter().find(|(now, names, _)| *now && names.iter().any(|name| refusal.names(name)));
        match named {
            Some((_, _, simpler)) => Some(*simpler),
            // A refusal without a reason: the parts that not every server knows, the least missed first.
            None if refusal.says_nothing() && self.usage => Some(Dialect { usage: false, ..self }),
            None if refusal.says_nothing() && structured => Some(looser),
            None => None,
        }
    }
}

/// The request's body.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Said<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
}

/// Fields that settings may not set, because they are the program's.
pub const OWN_FIELDS: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "seed",
    "response_format",
    "n",
];

#[derive(Serialize)]
struct Said<'a> {
    role: &'static str,
    content: std::borrow::Cow<'a, str>,
}

impl<'a> Body<'a> {
    pub(super) fn new(endpoint: &'a Endpoint, ask: &'a Ask, dialect: Dialect) -> Body<'a> {
        Body {
            model: &endpoint.model,
            messages: said(ask, dialect),
            stream: true,
            stream_options: dialect.usage.then(|| json!({ "include_usage": true })),
            max_tokens: dialect.usual_limit.then_some(ask.max_tokens),
            max_completion_tokens: (!dialect.usual_limit).then_some(ask.max_tokens),
            temperature: endpoint.temperature.filter(|_| dialect.temperature),
            // Some servers read it as a signed 32-bit number.
            seed: ask.seed.filter(|_| dialect.seed).map(|seed| seed & 0x7fff_ffff),
            response_format: format(&ask.shape, dialect.structure),
            extra: &endpoint.extra,
        }
    }
}

fn format(shape: &Shape, structure: Structure) -> Option<Value> {
    match (shape, structure) {
        (Shape::Words, _) | (_, Structure::Plain) => None,
        (Shape::Json { .. }, Structure::JsonObject) => Some(json!({ "type": "json_object" })),
        (Shape::Json { name, schema }, Structure::JsonSchema) => Some(json!({
            "type": "json_schema",
            "json_schema": { "name": name, "strict": true, "schema": schema },
        })),
    }
}

fn said(ask: &Ask, dialect: Dialect) -> Vec<Said<'_>> {
    let mut said: Vec<Said> = ask
        .messages
        .iter()
        .map(|Message { role, text }| {
            let role = match role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            Said { role, content: text.into() }
        })
        .collect();
    if let (Shape::Json { schema, .. }, Structure::JsonObject | Structure::Plain) = (&ask.shape, dialect.structure) {
        let told =
            format!("Réponds uniquement par une valeur JSON conforme à ce schéma, sans aucun texte autour :\n{schema}");
        match said.iter_mut().find(|said| said.role == "system") {
            Some(system) => system.content = format!("{}\n\n{told}", system.content).into(),
            None => said.insert(0, Said { role: "system", content: told.into() }),
        }
    }
    if !dialect.system {
        let (systems, mut others): (Vec<Said>, Vec<Said>) = said.into_iter().partition(|said| said.role == "system");
        let told: Vec<&str> = systems.iter().map(|said| &*said.content).collect();
        let told = told.join("\n\n");
        match others.first_mut().filter(|first| first.role == "user") {
            Some(first) => first.content = format!("{told}\n\n{}", first.content).into(),
            None => others.insert(0, Said { role: "user", content: told.into() }),
        }
        return others;
    }
    said
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
