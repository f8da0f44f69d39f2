//! Whether the process runs, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::speech::{Figures, Spread};

/// A database slower than this is as good as none.
const PATIENCE: Duration = Duration::from_secs(3);

pub(in crate::server) async fn live() -> Json<Value> {
    Json(json!({"status": "live"}))
}

pub(in crate::server) async fn ready(State(comptoir): State<Arc<Comptoir>>) -> Result<Json<Value>, Failure> {
    if comptoir.is_stopping() {
        return Err(Code::GoingAway.into());
    }
    tokio::time::timeout(PATIENCE, comptoir.store.ping()).await.map_err(|_| Code::StoreUnreachable)??;
    let content = comptoir.library.content();
    Ok(Json(json!({
        "status": "ready",
        "situations": content.personas().count(),
        "faults": content.faults().len(),
        "version": env!("CARGO_PKG_VERSION"),
        "speech": comptoir.speech.transcriber.as_ref().ok().map(|transcriber| speech(&transcriber.figures())),
    })))
}

/// How the transcription fares: what an operator needs in order to know whether one machine is enough.
fn speech(figures: &Figures) -> Value {
    let ms = |spread: &Spread| {
        json!({
            "half_within": spread.within(50).as_millis(),
            "most_within": spread.within(95).as_millis(),
            "longest": spread.most().as_millis(),
        })
    };
    json!({
        "at_work": figures.at_work,
        "waiting": figures.waiting,
        "waiting_at_most": figures.waiting_at_most,
        "transcribed": figures.done,
        "refused": figures.refused,
        "late": figures.late,
        "failed": figures.failed,
        "waited_ms": ms(&figures.waits),
        "took_ms": ms(&figures.times),
    })
}
