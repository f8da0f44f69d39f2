//! The figures that monitoring scrapes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::metrics::{self, Distribution, Endpoint, Moment, Transcription};
use crate::model::Model;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::speech::{Figures, Spread};

/// Whoever scrapes waits no longer for the database.
const PATIENCE: Duration = Duration::from_secs(1);

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>) -> Result<Response, Failure> {
    if !comptoir.settings.shows_figures {
        return Err(Code::NotFound.into());
    }
    let text = comptoir.metrics.text(&moment(&comptoir).await).map_err(Failure::internal)?;
    Ok(([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response())
}

/// What is true now.
async fn moment(comptoir: &Comptoir) -> Moment {
    let (conversations, sockets) = comptoir.open();
    let budget = comptoir.models.budget();
    Moment {
        sockets,
        conversations,
        endpoints: comptoir.models.all().map(|(role, model)| endpoint(role, model)).collect(),
        tokens_today: budget.map(|budget| budget.used_today()),
        tokens_a_day: budget.and_then(|budget| budget.per_day()),
        judgings_due: judgings_due(comptoir).await,
        transcription: comptoir.speech.transcriber.as_ref().ok().map(|speech| transcription(&speech.figures())),
    }
}

fn endpoint(role: &'static str, model: &Model) -> Endpoint {
    let health = model.health();
    Endpoint { role, resting: health.resting.is_some(), under_way: health.under_way, waiting: health.waiting }
}

/// Where a model judges. A store in trouble takes only this figure away, and is not waited for.
async fn judgings_due(comptoir: &Comptoir) -> Option<u64> {
    comptoir.models.judge.as_ref()?;
    match tokio::time::timeout(PATIENCE, comptoir.store.judgings_due()).await {
        Ok(Ok(due)) => Some(due),
        Ok(Err(error)) => {
            comptoir.metrics.database_error(error.kind());
            None
        }
        Err(_) => None,
    }
}

fn transcription(figures: &Figures) -> Transcription {
    Transcription {
        at_work: figures.at_work,
        waiting: figures.waiting,
        done: figures.done,
        refused: figures.refused,
        late: figures.late,
        failed: figures.failed,
        sound: figures.sound,
        waits: distribution(&figures.waits),
        times: distribution(&figures.times),
    }
}

fn distribution(spread: &Spread) -> Distribution {
    let seconds = |bound: Option<Duration>| bound.map_or(f64::INFINITY, |bound| bound.as_secs_f64());
    let buckets = spread.buckets().map(|(bound, count)| (seconds(bound), count)).collect();
    Distribution { buckets, sum: spread.sum() }
}
