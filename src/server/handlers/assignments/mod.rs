//! What a trainer sets a group to do: the list, one of them, closing it. [`form`] makes and changes it, [`mine`] is the
//! trainee's side, [`booklet`] opens an exam.

pub(in crate::server) mod booklet;
pub(in crate::server) mod form;
pub(in crate::server) mod mine;

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{fresh_content, page, site};
use crate::assignment::{Progress, Standing, Try, Work, last_day, standing};
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, AssignmentCell, AssignmentPiece, AssignmentRow, How, SetLine, french, paths};
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::{Assignment, Member, Place, Tried};

pub(in crate::server) async fn list(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let content = fresh_content(&comptoir).await?;
    let titles = comptoir.titles().await?;
    let members = comptoir.store.members(group.id).await?;
    let tried = comptoir.store.tried_in(group.id).await?;
    let assignments = comptoir.store.assignments_of(group.id).await?;
    let line = |assignment: &Assignment| {
        let done = members.iter().filter(|member| has_done(&comptoir, assignment, &tried, member.id)).count();
        SetLine {
            id: assignment.id.to_string(),
            title: assignment.title.clone(),
            what: what(&titles, &assignment.terms.work),
            how: how(assignment),
            overdue: assignment.terms.due_at.is_some_and(|due| due < comptoir.now()),
            closed: assignment.terms.closed_at.is_some(),
            done: done as u64,
        }
    };
    Ok(page(&pages::Assignments {
        site: site(&content, who.viewer()),
        group_id: group.id.to_string(),
        group: group.name.clone(),
        members: members.len() as u64,
        lines: assignments.iter().map(line).collect(),
    }))
}

pub(in crate::server) async fn one(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((group, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (group, assignment) = who.assignment(&comptoir, &group, &id).await?;
    let content = fresh_content(&comptoir).await?;
    let titles = comptoir.titles().await?;
    let offered = comptoir.repertoire_of(Arc::clone(&content), group.id).await?;
    let members = comptoir.store.members(group.id).await?;
    let mut tried = comptoir.store.tried_in(group.id).await?;
    let withheld = comptoir.store.withheld_from(who.trainer()?.id).await?;
    let hidden = |one: &&mut Tried| matches!(one.place, Place::Conversation(id) if withheld.hides(id));
    let mut blind = 0;
    for one in tried.iter_mut().filter(|one| one.assignment == assignment.id).filter(hidden) {
        one.how.result = None;
        blind += 1;
    }
    let pieces = assignment.terms.work.pieces();
    let row = |member: &Member| {
        let cell = |piece: &String| {
            let of_piece = tries_of(&tried, &assignment, member.id, piece);
            cell(&assignment, &of_piece, stands(&comptoir, &assignment, &of_piece), member)
        };
        AssignmentRow { trainee: member.name.clone(), cells: pieces.iter().map(cell).collect() }
    };
    Ok(page(&pages::AssignmentPage {
        site: site(&content, who.viewer()),
        group_id: group.id.to_string(),
        group: group.name.clone(),
        id: assignment.id.to_string(),
        title: assignment.title.clone(),
        how: how(&assignment),
        closed: assignment.terms.closed_at.is_some(),
        pieces: pieces
            .iter()
            .map(|piece| AssignmentPiece {
                name: name_of(&titles, &assignment.terms.work, piece),
                gone: matches!(assignment.terms.work, Work::Situations { .. }) && offered.persona(piece).is_none(),
            })
            .collect(),
        rows: members.iter().map(row).collect(),
        blind,
    }))
}

/// The form that closes, or opens again.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Closing {
    closed: String,
}

pub(in crate::server) async fn close(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((group, id)): Path<(String, String)>,
    form: Result<Form<Closing>, FormRejection>,
) -> Result<Response, Failure> {
    let (group, mut assignment) = who.assignment(&comptoir, &group, &id).await?;
    let Form(Closing { closed }) = form.map_err(|_| Code::BadForm)?;
    let closes = closed == "on";
    if closes != assignment.terms.closed_at.is_some() {
        assignment.terms.closed_at = closes.then(|| comptoir.now());
        comptoir.store.change_assignment(&assignment).await?;
        let action = if closes { "assignment.closed" } else { "assignment.opened" };
        comptoir.audit(&who, action, Some(id.clone()), Some(assignment.title)).await?;
    }
    Ok(Redirect::to(&paths::assignment(&group.id.to_string(), &id)).into_response())
}

/// The tries of one piece by one person.
fn tries_of<'t>(tried: &'t [Tried], assignment: &Assignment, visitor: VisitorId, piece: &str) -> Vec<&'t Tried> {
    let of = |one: &&Tried| one.assignment == assignment.id && one.visitor == visitor && one.piece == piece;
    tried.iter().filter(of).collect()
}

fn stands(comptoir: &Comptoir, assignment: &Assignment, tried: &[&Tried]) -> Standing {
    let how: Vec<Try> = tried.iter().map(|one| one.how.clone()).collect();
    standing(&assignment.terms, &how, comptoir.now())
}

/// Whether somebody has done every piece.
fn has_done(comptoir: &Comptoir, assignment: &Assignment, tried: &[Tried], visitor: VisitorId) -> bool {
    assignment.terms.work.pieces().iter().all(|piece| {
        let of_piece = tries_of(tried, assignment, visitor, piece);
        stands(comptoir, assignment, &of_piece).progress == Progress::Done
    })
}

fn cell(assignment: &Assignment, tried: &[&Tried], stands: Standing, member: &Member) -> AssignmentCell {
    let best = tried.iter().rev().find(|one| one.how.ended && one.how.result == stands.best);
    let under_way = tried.iter().rev().find(|one| one.how.begun && !one.how.ended);
    let shown = if stands.progress == Progress::Done { best } else { under_way };
    // What was begun before the trainee joined for this trainer's eyes is not theirs to read.
    let shown = shown.filter(|one| one.how.started_at >= member.from);
    AssignmentCell {
        progress: stands.progress,
        best: stands.best,
        late: stands.late && (stands.progress != Progress::ToDo || assignment.terms.closed_at.is_none()),
        used: stands.used,
        left: stands.left,
        href: shown.map(|one| match (one.place, stands.progress) {
            (Place::Conversation(id), Progress::Done) => paths::scorecard(&id.to_string()),
            (Place::Conversation(id), _) => paths::follow(&id.to_string()),
            (Place::Booklet(id), _) => paths::booklet_report(&id.to_string()),
        }),
    }
}

/// What is to be done, in a line.
fn what(titles: &Titles, work: &Work) -> String {
    let names: Vec<String> = work.pieces().iter().map(|piece| name_of(titles, work, piece)).collect();
    match names.len() {
        0..=2 => french::list(&names),
        n => format!("{} et {} autres", names[0], n - 1),
    }
}

/// The name of a piece. A situation that was taken away since is called by its id.
fn name_of(titles: &Titles, work: &Work, piece: &str) -> String {
    match work {
        Work::Situations { .. } => titles.of(piece),
        Work::Booklet { .. } => form::booklets(titles.content())
            .into_iter()
            .find(|(id, _)| id == piece)
            .map_or_else(|| format!("Livret {piece}"), |(_, title)| title),
    }
}

fn how(assignment: &Assignment) -> How {
    let terms = &assignment.terms;
    How {
        due: terms.due_at.map(|due| french::date(last_day(due))),
        attempts: terms.attempts,
        hints: terms.hints,
        mode: terms.mode,
        booklet: matches!(terms.work, Work::Booklet { .. }),
    }
}
