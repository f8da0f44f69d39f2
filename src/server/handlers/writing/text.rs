//! The text of a situation: shown with its faults at their lines, and saved as a whole.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Bounded, Desk, Typed, conflict, head, title_of, written};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::paths;
use crate::server::pages::writing::{Conflict, TextFault, WritingText};
use crate::server::who::Who;
use crate::store::{Save, Situation};
use crate::writing::{self, LARGEST, Placed};

/// What just happened.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Shown {
    #[serde(default)]
    saved: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let desk = Desk::open(&comptoir).await?;
    let text = situation.draft.clone();
    view(&comptoir, &who, &situation, &desk, text, !shown.saved.is_empty(), None).await
}

pub(in crate::server) async fn save(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    _: Bounded,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Failure> {
    let (trainer, situation) = written(&comptoir, &who, &id).await?;
    let typed = Typed::of(form)?;
    let revision = typed.number("revision")?;
    let text = typed.get("text").replace("\r\n", "\n");
    if text.len() > LARGEST {
        return Err(Code::FileTooLarge.into());
    }
    let desk = Desk::open(&comptoir).await?;
    let there = paths::situation_text(&id);
    if text == situation.draft {
        return Ok(Redirect::to(&format!("{there}?saved=1")).into_response());
    }
    let title = title_of(&id, &text);
    let save = Save { id: &id, revision, title: &title, draft: &text, by: trainer.id, at: comptoir.now() };
    if comptoir.store.save_draft(&save).await?.is_some() {
        return Ok(Redirect::to(&format!("{there}?saved=1")).into_response());
    }
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let base = comptoir.store.draft_at(&id, revision).await?.unwrap_or_else(|| situation.draft.clone());
    let theirs = writing::differences(&base, &situation.draft, &desk.names);
    let mine = writing::differences(&situation.draft, &text, &desk.names);
    let conflict = conflict(&situation, &theirs, &mine, Vec::new());
    outrun(&comptoir, &who, &situation, &desk, &text, conflict).await
}

/// Somebody saved since the text was shown.
pub(super) async fn outrun(
    comptoir: &Arc<Comptoir>,
    who: &Who,
    situation: &Situation,
    desk: &Desk,
    text: &str,
    conflict: Conflict,
) -> Result<Response, Failure> {
    let mut page = view(comptoir, who, situation, desk, text.to_owned(), false, Some(conflict)).await?;
    *page.status_mut() = StatusCode::CONFLICT;
    Ok(page)
}

async fn view(
    comptoir: &Arc<Comptoir>,
    who: &Who,
    situation: &Situation,
    desk: &Desk,
    text: String,
    saved: bool,
    conflict: Option<Conflict>,
) -> Result<Response, Failure> {
    let checked = desk.check(&situation.id, &text).await?;
    let fault = |placed: &Placed| TextFault {
        line: placed.fault.line,
        way: placed.way.clone(),
        excerpt: placed.fault.excerpt.chars().take(160).collect(),
        rule: placed.fault.rule.clone(),
        fix: placed.fault.fix.clone(),
    };
    Ok(page(&WritingText {
        site: site(&desk.content, who.viewer()),
        head: head(comptoir, situation, checked.faults.len()).await?,
        revision: situation.revision,
        faults: checked.faults.iter().map(fault).collect(),
        text,
        saved,
        conflict,
    }))
}
