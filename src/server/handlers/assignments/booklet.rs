//! Opens the exam that a group is set to sit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::assignment::{Draw, Refused, Try, Work, may_begin};
use crate::id::BookletId;
use crate::server::Comptoir;
use crate::server::booklets::{self, Opening};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::fresh_content;
use crate::server::pages::paths;
use crate::server::who::Who;
use crate::store::{Assignment, Place, Tried};

/// Opens one, or leads to the one that is under way: there is never a second.
pub(in crate::server) async fn open(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let assignment = who.assigned(&comptoir, &id).await?;
    let visitor = who.signed()?.id;
    let Work::Booklet { booklet, draw } = &assignment.terms.work else { return Err(Code::BadForm.into()) };
    if !comptoir.limits.take(visitor, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    let tried = tried(&comptoir, &who, &assignment).await?;
    if let Some(open) = under_way(&tried) {
        return Ok(Redirect::to(&paths::booklet(&open.to_string())).into_response());
    }
    let before: Vec<Try> = tried.into_iter().map(|one| one.how).collect();
    may_begin(&assignment.terms, &before, false).map_err(|refused| match refused {
        Refused::Closed => Code::AssignmentClosed,
        Refused::NoTryLeft => Code::NoTryLeft,
    })?;
    let content = fresh_content(&comptoir).await?;
    let seed = match draw {
        Draw::Same { seed } => Some(*seed),
        Draw::Different => None,
    };
    let opening = Opening { kind: booklet, assignment: Some(assignment.id), seed, extra_percent: 0 };
    let opened = match booklets::open(&comptoir, &content, visitor, opening).await {
        Ok(opened) => opened,
        // Another tab was faster: one is under way, and the store takes no second.
        Err(failure) => under_way(&self::tried(&comptoir, &who, &assignment).await?).ok_or(failure)?,
    };
    Ok(Redirect::to(&paths::booklet(&opened.to_string())).into_response())
}

async fn tried(comptoir: &Comptoir, who: &Who, assignment: &Assignment) -> Result<Vec<Tried>, Failure> {
    let mut tried = comptoir.store.tried_by(who.signed()?.id).await?;
    tried.retain(|one| one.assignment == assignment.id);
    Ok(tried)
}

fn under_way(tried: &[Tried]) -> Option<BookletId> {
    tried.iter().find(|one| !one.how.ended).and_then(|one| match one.place {
        Place::Booklet(id) => Some(id),
        Place::Conversation(_) => None,
    })
}
