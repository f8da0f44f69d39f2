//! What this is, and how accessible it is.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{page, site, voice_offer};
use crate::outgoing::{self, Place};
use crate::server::Comptoir;
use crate::server::pages::{About, Accessibility, ModelOffer};
use crate::server::who::Who;

pub(in crate::server) async fn about(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Response {
    page(&page_of(&comptoir, &who))
}

/// What the page says, which the one on rights says in part.
pub(super) fn page_of(comptoir: &Comptoir, who: &Who) -> About {
    let content = comptoir.library.content();
    let indicators = content.rubrics().next().map_or(0, |rubric| rubric.indicators().len());
    About {
        site: site(&content, who.viewer()),
        indicators: indicators as u64,
        voice: voice_offer(comptoir),
        model: model_offer(comptoir),
    }
}

/// What models do, as people are told.
fn model_offer(comptoir: &Comptoir) -> ModelOffer {
    let models = &comptoir.models;
    ModelOffer {
        plays: models.play.is_some(),
        judges: models.judge.is_some(),
        elsewhere: models.all().any(|(_, model)| outgoing::place(&model.endpoint().address) == Place::Far),
        page: comptoir.settings.shows_figures,
    }
}

pub(in crate::server) async fn accessibility(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Response {
    page(&Accessibility { site: site(&comptoir.library.content(), who.viewer()) })
}
