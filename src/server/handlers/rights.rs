//! What is recorded, who sees it, how long, and what one may ask for.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{about, page};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::RightsPage;
use crate::server::who::Who;

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let rules = comptoir.rules().await?;
    let about = about::page_of(&comptoir, &who);
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(page(&RightsPage {
        site: about.site.clone(),
        about,
        organisation: said(rules.organisation),
        contact: said(rules.contact),
        months: rules.months,
    }))
}
