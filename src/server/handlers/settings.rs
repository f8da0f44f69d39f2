//! What the organisation sets from within, for administrators.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::sign_in::with_status;
use super::{page, site};
use crate::chain::Chain;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, SettingsPage, paths};
use crate::server::rules::{MONTHS, Rules};
use crate::server::who::Who;
use crate::utterance::clean;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Done {
    done: Option<String>,
}

/// The form as sent.
#[derive(Deserialize)]
pub(in crate::server) struct Typed {
    months: String,
    guests: Option<String>,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    contact: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    who.administrator()?;
    let rules = comptoir.rules().await?;
    let form = pages::Form::default()
        .with("months", rules.months.to_string())
        .with("organisation", rules.organisation)
        .with("contact", rules.contact);
    let mut shown = settings_page(&comptoir, &who, form, rules.guests);
    shown.done = done.filter(|done| done == "saved").map(|_| "Les réglages sont enregistrés.");
    Ok(page(&shown))
}

pub(in crate::server) async fn change(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    typed: Result<Form<Typed>, FormRejection>,
) -> Result<Response, Failure> {
    who.administrator()?;
    let Form(typed) = typed.map_err(|_| Code::BadForm)?;
    let mut form = pages::Form::default()
        .with("months", typed.months.as_str())
        .with("organisation", typed.organisation.as_str())
        .with("contact", typed.contact.as_str());
    let months = typed.months.trim().parse().ok().filter(|months| MONTHS.contains(months));
    if months.is_none() {
        form.fault("months", "Entre 1 et 60 mois.");
    }
    let organisation = form.take("organisation", line(&typed.organisation, 120));
    let contact = form.take("contact", line(&typed.contact, 200));
    let before = comptoir.rules().await?;
    // Where the start closes the door, the box is not there to be ticked.
    let guests = if comptoir.settings.guests { typed.guests.is_some() } else { before.guests };
    let (Some(months), Some(organisation), Some(contact)) = (months, organisation, contact) else {
        return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &settings_page(&comptoir, &who, form, guests)));
    };
    let rules = Rules { months, guests, organisation, contact };
    comptoir.set_rules(&rules).await?;
    let detail = format!(
        "conservation : {} mois, avant {} ; invités : {}",
        rules.months,
        before.months,
        if rules.guests { "oui" } else { "non" }
    );
    comptoir.audit(&who, "settings.changed", None, Some(detail)).await?;
    if rules.months < before.months {
        // Nobody waits for it: what is due goes in the background, and every day.
        let comptoir = Arc::clone(&comptoir);
        tokio::spawn(async move {
            if let Err(error) = comptoir.erase_due().await {
                tracing::warn!(error = %Chain(&error), "what was due was not erased");
            }
        });
    }
    Ok(Redirect::to(&format!("{}?done=saved", paths::SETTINGS)).into_response())
}

/// One line of so many characters at most; it may be empty.
fn line(text: &str, longest: usize) -> Result<String, &'static str> {
    let line = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > longest { Err("Ce texte est trop long.") } else { Ok(line) }
}

fn settings_page(comptoir: &Comptoir, who: &Who, form: pages::Form, guests: bool) -> SettingsPage {
    SettingsPage {
        site: site(&comptoir.library.content(), who.viewer()),
        form,
        guests,
        guests_allowed: comptoir.settings.guests,
        done: None,
    }
}
