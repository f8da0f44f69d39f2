//! Neither words nor keys are logged, at any level, by anybody.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use comptoir::model::Endpoint;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry;

use crate::double::{Does, Double};
use crate::given::{KEY, WORDS, endpoint, limits, model_with, unlimited, words};

/// Keeps all that anybody logs, in spans and events, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<Vec<String>>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.lock().unwrap().push(format!("{field}={value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Everything {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.lock().unwrap().push(event.metadata().target().to_owned());
        event.record(&mut self.clone());
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        attributes.record(&mut self.clone());
    }

    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut self.clone());
    }
}

/// What a model said, as it would stand in an answer.
const SAID: &str = "Madame Quenelle habite au douze";

#[tokio::test]
async fn neither_words_nor_keys_are_logged_whatever_happens() {
    let logged = Everything::default();
    tracing::subscriber::set_global_default(registry().with(logged.clone())).unwrap();
    let said = || SAID.to_owned();
    let echo = || json!({ "error": { "message": format!("{WORDS} {KEY} {SAID}"), "code": "x" } }).to_string();
    let refused = move |code| Does::Status { code, headers: vec![("retry-after", "9".into())], body: echo() };
    let header = |name: &str| (name.parse().unwrap(), KEY.parse().unwrap());
    let faults = [
        Does::Words(said()),
        Does::Whole(said()),
        Does::CutAfter(said(), 3),
        Does::BreaksAfter(said(), 3),
        Does::FailsAfter(said(), 3, json!({ "message": SAID, "code": 500 })),
        Does::Malformed(said()),
        Does::Refusal(said()),
        Does::Endless(said()),
        Does::Value(json!({ "choices": SAID, "usage": SAID })),
        Does::Value(json!(SAID)),
        Does::Raw(format!("HTTP/1.1 200 .\r\ncontent-type: text/event-stream\r\n\r\n{SAID}\n\n").into_bytes()),
        Does::Raw(format!("{SAID}\r\n\r\n").into_bytes()),
        Does::Status { code: 200, headers: vec![], body: said() },
        refused(400),
        refused(401),
        refused(404),
        refused(422),
        refused(429),
        refused(500),
        refused(307),
    ];
    for does in faults {
        let double = Double::start(move |_| does.clone()).await;
        let mut endpoint: Endpoint = endpoint(double.address());
        endpoint.headers = vec![header("x-key")];
        let (model, _uses) = model_with(endpoint, limits(), &unlimited());
        let within = Duration::from_secs(2);
        let answer = model.ask(&words(), None, within).await;
        if let Err(error) = answer {
            tracing::error!(%error, ?error, "as a caller logs it");
        }
        let words = model.stream(&words(), None, within).await;
        tracing::info!(?words, ?model, health = ?model.health(), "as a caller logs it");
        if let Ok(mut words) = words {
            while let Some(Ok(_)) = words.next().await {}
        }
        let _ = model.known(within).await;
    }
    let lines = logged.0.lock().unwrap().clone();
    assert!(lines.iter().any(|line| line.starts_with("hyper")), "libraries are listened to at every level");
    assert!(lines.iter().any(|line| line.contains("as a caller logs it")));
    for secret in [WORDS, KEY, SAID, "Tartempion", "Quenelle"] {
        let told: Vec<_> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{secret} is in the log: {told:?}");
    }
}
