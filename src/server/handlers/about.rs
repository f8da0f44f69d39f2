//! What this is, and how accessible it is.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{page, site};
use crate::server::Comptoir;
use crate::server::pages::{About, Accessibility, VoiceUse, french};

pub(in crate::server) async fn about(State(comptoir): State<Arc<Comptoir>>) -> Response {
    let content = comptoir.library.content();
    let indicators = content.rubrics().next().map_or(0, |rubric| rubric.indicators().len());
    let settings = &comptoir.settings;
    let recordings = settings.recordings;
    let voice = VoiceUse {
        heard_here: comptoir.speech.transcriber.is_ok() && !comptoir.speech.transcribed_elsewhere,
        heard_elsewhere: comptoir.speech.transcriber.is_ok() && comptoir.speech.transcribed_elsewhere,
        spoken_here: comptoir.speech.voices.are_here(),
        recorded_days: recordings.on.then(|| french::count(recordings.days.into(), "jour")),
    };
    page(&About { site: site(&content), indicators: indicators as u64, voice })
}

pub(in crate::server) async fn accessibility(State(comptoir): State<Arc<Comptoir>>) -> Response {
    page(&Accessibility { site: site(&comptoir.library.content()) })
}
