//! The figures that monitoring scrapes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::metrics::{self, Distribution, Moment, Transcription};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::speech::{Figures, Spread};

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>) -> Result<Response, Failure> {
    if !comptoir.settings.shows_figures {
        return Err(Code::NotFound.into());
    }
    let text = comptoir.metrics.text(&moment(&comptoir)).map_err(Failure::internal)?;
    Ok(([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response())
}

/// What is true now.
fn moment(comptoir: &Comptoir) -> Moment {
    let (conversations, sockets) = comptoir.open();
    Moment {
        sockets,
        conversations,
        transcription: comptoir.speech.transcriber.as_ref().ok().map(|speech| transcription(&speech.figures())),
        ..Moment::default()
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
    let seconds = |bound: Option<std::time::Duration>| bound.map_or(f64::INFINITY, |bound| bound.as_secs_f64());
    let buckets = spread.buckets().map(|(bound, count)| (seconds(bound), count)).collect();
    Distribution { buckets, sum: spread.sum() }
}
