//! One file per page or form: from a request to a page struct.
//!
//! Input: the visitor, the path, the form. Output: a page, or a redirection. Invariant: handlers read and map; what
//! counts is decided below.

pub(super) mod about;
pub(super) mod account;
pub(super) mod accounts;
pub(super) mod assignments;
mod booklet_form;
mod booklet_part;
pub(super) mod booklet_report;
pub(super) mod booklet_step;
pub(super) mod booklets;
pub(super) mod brief;
mod card;
pub(super) mod conversation;
pub(super) mod conversations;
pub(super) mod export;
pub(super) mod gallery;
pub(super) mod group;
pub(super) mod groups;
pub(super) mod handoff;
pub(super) mod health;
mod holding;
pub(super) mod join;
mod links;
pub(super) mod live;
pub(super) mod log;
pub(super) mod members;
pub(super) mod metrics;
pub(super) mod model;
pub(super) mod record;
pub(super) mod recordings;
pub(super) mod rereading;
pub(super) mod review;
pub(super) mod rights;
pub(super) mod scorecard;
pub(super) mod settings;
pub(super) mod sign_in;
mod spoken;
pub(super) mod start;
mod timing;
pub(super) mod transcript;
pub(super) mod voice;
pub(super) mod welcome;
pub(super) mod writing;

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;
use super::pages::{Directory, Entry, Site, Source, Viewer, VoiceOffer};
use super::who::Who;
use crate::content::Content;
use crate::organisation::Organisation;
use crate::speech::WhisperSettings;

/// A page as an answer.
pub(super) fn page(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => Failure::internal(error).into_response(),
    }
}

/// An address that is none.
pub(super) async fn nothing(_: Who) -> Failure {
    Code::NotFound.into()
}

/// What stands around every page.
pub(super) fn site(content: &Content, viewer: Viewer) -> Site {
    let landlord = content.organisation().landlord();
    let source = content.rubrics().next().map(|rubric| &rubric.file().source);
    let text = |of: fn(&crate::rubric::Source) -> &String| source.map(of).cloned().unwrap_or_default();
    Site {
        landlord: landlord.nom.clone(),
        agency: landlord.agence.clone(),
        viewer,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        source: Source {
            sheet: text(|source| &source.sheet),
            certification: text(|source| &source.certification),
            certifier: text(|source| &source.certifier),
            part: text(|source| &source.part),
            // A rubric without a date is refused when it is read.
            registered_until: text(|source| &source.registered_until).parse().unwrap_or_default(),
        },
    }
}

/// What there is of voice, as pages say it.
pub(super) fn voice_offer(comptoir: &Comptoir) -> VoiceOffer {
    let recorded = comptoir.settings.recordings;
    let why_not = if WhisperSettings::AVAILABLE { VoiceOffer::NOT_INSTALLED } else { VoiceOffer::NOT_BUILT };
    VoiceOffer {
        why_not: comptoir.speech.transcriber.is_err().then(|| why_not.to_owned()),
        recording_days: recorded.on.then_some(recorded.days),
        by_server: comptoir.speech.voices.are_here(),
        before: comptoir.speech.correct_before,
        elsewhere: comptoir.speech.transcribed_elsewhere,
    }
}

/// The directory, as pages show it.
pub(super) fn directory(organisation: &Organisation) -> Directory {
    let entry = |service: &crate::organisation::Service| Entry {
        id: service.id.clone(),
        name: service.nom.clone(),
        deals_with: service.pour.clone(),
    };
    Directory { entries: organisation.services().iter().map(entry).collect() }
}

/// The content in force, read again first if a file has changed.
pub(super) async fn fresh_content(comptoir: &Arc<Comptoir>) -> Result<Arc<Content>, Failure> {
    let library = Arc::clone(&comptoir.library);
    let refreshed = tokio::task::spawn_blocking(move || {
        library.refresh();
        library.content()
    });
    refreshed.await.map_err(Failure::internal)
}
