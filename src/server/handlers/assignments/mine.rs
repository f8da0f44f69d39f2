//! What a trainee is set to do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{how, name_of, stands, tries_of};
use crate::assignment::{Mode, Progress, Work};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::{fresh_content, page, site};
use crate::server::pages::{self, Todo, TodoPiece, french, paths};
use crate::server::situations::{Repertoire, Titles};
use crate::server::who::Who;
use crate::store::{Assignment, Place, Tried};

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    who.signed()?;
    let content = fresh_content(&comptoir).await?;
    let repertoire = comptoir.repertoire(Arc::clone(&content), who.visitor()).await?;
    let (closed, open) = todos(&comptoir, &repertoire, &who).await?.into_iter().partition(|todo| todo.closed);
    Ok(page(&pages::MyAssignments { site: site(&content, who.viewer()), open, closed }))
}

/// Everything somebody is set to do, what is due first first.
pub(in crate::server::handlers) async fn todos(
    comptoir: &Comptoir,
    repertoire: &Repertoire,
    who: &Who,
) -> Result<Vec<Todo>, Failure> {
    let Ok(signed) = who.signed() else { return Ok(Vec::new()) };
    let assignments = comptoir.store.assignments_for(signed.id).await?;
    if assignments.is_empty() {
        return Ok(Vec::new());
    }
    let tried = comptoir.store.tried_by(signed.id).await?;
    let titles = comptoir.titles().await?;
    let todo = |assignment: &Assignment| {
        let pieces = assignment.terms.work.pieces().iter();
        let pieces = pieces.map(|piece| {
            let of_piece = tries_of(&tried, assignment, signed.id, piece);
            self::piece(comptoir, (repertoire, &titles), assignment, piece, &of_piece)
        });
        let pieces: Vec<TodoPiece> = pieces.collect();
        Todo {
            id: assignment.id.to_string(),
            title: assignment.title.clone(),
            how: how(assignment),
            overdue: assignment.terms.due_at.is_some_and(|due| due < comptoir.now()),
            closed: assignment.terms.closed_at.is_some(),
            done: pieces.iter().all(|piece| piece.progress == Progress::Done),
            pieces,
        }
    };
    Ok(assignments.iter().map(todo).collect())
}

fn piece(
    comptoir: &Comptoir,
    (repertoire, titles): (&Repertoire, &Titles),
    assignment: &Assignment,
    piece: &str,
    tried: &[&Tried],
) -> TodoPiece {
    let stands = stands(comptoir, assignment, tried);
    let (terms, id) = (&assignment.terms, assignment.id.to_string());
    let may = terms.closed_at.is_none() && stands.left != Some(0);
    let persona = repertoire.persona(piece);
    let place = |one: &&&Tried| match one.place {
        Place::Conversation(id) => paths::conversation(&id.to_string()),
        Place::Booklet(id) => paths::booklet(&id.to_string()),
    };
    let under_way = tried.iter().rev().find(|one| one.how.begun && !one.how.ended);
    let best = tried.iter().rev().find(|one| one.how.ended && one.how.result == stands.best);
    let (start, brief) = match terms.work {
        Work::Situations { .. } => (
            persona.filter(|_| may).map(|_| paths::start_assigned(&id, piece)),
            persona.map(|_| paths::situation_assigned(piece, &id)),
        ),
        Work::Booklet { .. } => (Some(paths::start_booklet(&id)).filter(|_| may), None),
    };
    TodoPiece {
        id: piece.to_owned(),
        name: name_of(titles, &terms.work, piece),
        channel: persona.map(|persona| persona.file().channel),
        progress: stands.progress,
        late: stands.late,
        best: stands.best,
        left: stands.left,
        resume: under_way.as_ref().map(place),
        report: best.filter(|_| stands.progress == Progress::Done).map(|one| match one.place {
            Place::Conversation(id) => paths::scorecard(&id.to_string()),
            Place::Booklet(id) => paths::booklet_report(&id.to_string()),
        }),
        start,
        brief,
        gone: matches!(terms.work, Work::Situations { .. }) && persona.is_none() && terms.closed_at.is_none(),
        hints: terms.hints && persona.is_some_and(|persona| persona.file().difficulty == 1),
        aloud: terms.mode == Mode::Voice,
        when: under_way.map(|one| french::moment(&french::paris(one.how.started_at))),
    }
}
