//! Whether the process runs, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;

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
    })))
}
