//! What these tests start from.

use std::sync::Arc;
use std::time::Duration;

use comptoir::ask::{Ask, Message, Purpose, Shape};
use comptoir::clock::SystemClock;
use comptoir::model::{Budget, Endpoint, Limits, Model, Use};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::double::Double;

/// Long enough for anything that is not late.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// What a trainee said, as it would stand in a question: it must be found nowhere else.
pub(crate) const WORDS: &str = "je m'appelle Ghislaine Tartempion";

/// A key that must be found nowhere.
pub(crate) const KEY: &str = "sk-clef-tres-secrete";

pub(crate) fn words() -> Ask {
    let messages = vec![Message::system("Tu es Jeanne."), Message::user(WORDS)];
    Ask { purpose: Purpose::Play, messages, shape: Shape::Words, max_tokens: 50, seed: Some(1) }
}

pub(crate) fn value() -> Ask {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] });
    Ask { purpose: Purpose::Judge, shape: Shape::Json { name: "mark", schema }, ..words() }
}

/// Impatient limits: tests wait for nothing.
pub(crate) fn limits() -> Limits {
    Limits {
        fair: Duration::from_millis(250),
        silence: Duration::from_millis(400),
        longest_wait: Duration::from_secs(1),
        ..Limits::default()
    }
}

pub(crate) fn endpoint(address: &str) -> Endpoint {
    Endpoint { key: KEY.parse().ok(), temperature: Some(0.4), ..Endpoint::new(address.parse().unwrap(), "double") }
}

pub(crate) fn unlimited() -> Arc<Budget> {
    Budget::unlimited(Arc::new(SystemClock))
}

pub(crate) fn model(double: &Double) -> (Model, UnboundedReceiver<Use>) {
    model_with(endpoint(double.address()), limits(), &unlimited())
}

pub(crate) fn model_with(endpoint: Endpoint, limits: Limits, budget: &Arc<Budget>) -> (Model, UnboundedReceiver<Use>) {
    let (told, uses) = unbounded_channel();
    (Model::new(endpoint, limits, Arc::clone(budget), told).unwrap(), uses)
}
