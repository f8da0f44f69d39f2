//! The form that makes and changes an assignment.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::assignment::{Draw, MOST_SITUATIONS, Mode, Terms, Work, end_of_day, last_day};
use crate::content::Content;
use crate::entropy::seed;
use crate::id::AssignmentId;
use crate::persona::Persona;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{fresh_content, page, site};
use crate::server::pages::{AssignmentForm, Problem, SituationChoice, french, paths};
use crate::server::situations::{Repertoire, Titles};
use crate::server::who::Who;
use crate::store::{Assignment, Group};
use crate::utterance::clean;

/// The longest title, in characters.
const TITLE_CHARS: usize = 120;

/// The most tries that can be set: more is any number.
const MOST_TRIES: u32 = 50;

/// The form as sent.
#[derive(Clone, Debug, Default)]
struct Sent {
    title: String,
    work: String,
    situations: Vec<String>,
    booklet: String,
    draw: String,
    due: String,
    attempts: String,
    hints: bool,
    mode: String,
}

/// A form's fields; one of them comes as often as there are situations.
type Fields = Form<Vec<(String, String)>>;

impl Sent {
    fn read(fields: Vec<(String, String)>) -> Sent {
        let mut sent = Sent::default();
        for (name, value) in fields {
            match name.as_str() {
                "title" => sent.title = value,
                "work" => sent.work = value,
                "situation" => sent.situations.push(value),
                "booklet" => sent.booklet = value,
                "draw" => sent.draw = value,
                "due" => sent.due = value,
                "attempts" => sent.attempts = value,
                "hints" => sent.hints = value == "on",
                "mode" => sent.mode = value,
                _ => {}
            }
        }
        sent
    }

    fn of(assignment: &Assignment) -> Sent {
        let terms = &assignment.terms;
        let (situations, booklet, draw) = match &terms.work {
            Work::Situations { personas } => (personas.clone(), String::new(), Draw::Different),
            Work::Booklet { booklet, draw } => (Vec::new(), booklet.clone(), *draw),
        };
        Sent {
            title: assignment.title.clone(),
            work: terms.work.kind().to_owned(),
            situations,
            booklet,
            draw: if matches!(draw, Draw::Same { .. }) { "same" } else { "different" }.to_owned(),
            due: terms.due_at.map(|due| last_day(due).to_string()).unwrap_or_default(),
            attempts: terms.attempts.map(|attempts| attempts.to_string()).unwrap_or_default(),
            hints: terms.hints,
            mode: terms.mode.name().to_owned(),
        }
    }
}

/// What can be set.
struct Offer {
    /// To the group: what each of its members can open.
    group: Repertoire,
    /// What the trainer can open beside that, as a trainer of other groups too.
    own: Repertoire,
    titles: Titles,
}

impl Offer {
    async fn to(comptoir: &Arc<Comptoir>, who: &Who, group: &Group) -> Result<Offer, Failure> {
        let content = fresh_content(comptoir).await?;
        Ok(Offer {
            group: comptoir.repertoire_of(Arc::clone(&content), group.id).await?,
            own: comptoir.repertoire(content, who.visitor()).await?,
            titles: comptoir.titles().await?,
        })
    }

    /// Why a situation cannot be set. Of what the trainer cannot open either, nothing is told.
    fn refusal(&self, id: &str) -> String {
        match self.own.persona(id) {
            Some(persona) => format!(
                "« {} » n’est pas publiée pour ce groupe : ses stagiaires ne pourraient pas l’ouvrir. Publiez-la d’abord \
                 pour ce groupe, ou choisissez-en une autre.",
                persona.file().title
            ),
            None => "Une des situations choisies n’est pas proposée à ce groupe. Choisissez parmi celles de la liste."
                .to_owned(),
        }
    }
}

pub(in crate::server) async fn new(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let offer = Offer::to(&comptoir, &who, &group).await?;
    let sent = Sent {
        work: "situations".to_owned(),
        draw: "same".to_owned(),
        hints: true,
        mode: Mode::Either.name().to_owned(),
        ..Sent::default()
    };
    Ok(page(&shown(&comptoir, &offer, &who, &group, None, sent, Vec::new())))
}

pub(in crate::server) async fn add(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    fields: Result<Fields, FormRejection>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let maker = who.trainer()?.id;
    let Form(fields) = fields.map_err(|_| Code::BadForm)?;
    let offer = Offer::to(&comptoir, &who, &group).await?;
    let sent = Sent::read(fields);
    match read(&comptoir, &offer, &sent, None) {
        Ok((title, terms)) => {
            let id = AssignmentId::new(comptoir.ulid());
            let (made_by, made_at) = (Some(maker), comptoir.now());
            let assignment = Assignment { id, group: group.id, title, terms, made_by, made_at };
            comptoir.store.add_assignment(&assignment).await?;
            comptoir.audit(&who, "assignment.made", Some(id.to_string()), Some(assignment.title)).await?;
            Ok(Redirect::to(&paths::assignment(&group.id.to_string(), &id.to_string())).into_response())
        }
        Err(problems) => Ok(faulty(&shown(&comptoir, &offer, &who, &group, None, sent, problems))),
    }
}

pub(in crate::server) async fn edit(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((group, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (group, assignment) = who.assignment(&comptoir, &group, &id).await?;
    let offer = Offer::to(&comptoir, &who, &group).await?;
    let sent = Sent::of(&assignment);
    Ok(page(&shown(&comptoir, &offer, &who, &group, Some(&assignment), sent, Vec::new())))
}

pub(in crate::server) async fn change(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((group, id)): Path<(String, String)>,
    fields: Result<Fields, FormRejection>,
) -> Result<Response, Failure> {
    let (group, assignment) = who.assignment(&comptoir, &group, &id).await?;
    let Form(fields) = fields.map_err(|_| Code::BadForm)?;
    let offer = Offer::to(&comptoir, &who, &group).await?;
    let sent = Sent::read(fields);
    match read(&comptoir, &offer, &sent, Some(&assignment)) {
        Ok((title, terms)) => {
            let changed = Assignment { title, terms, ..assignment };
            comptoir.store.change_assignment(&changed).await?;
            comptoir.audit(&who, "assignment.changed", Some(id.clone()), Some(changed.title)).await?;
            Ok(Redirect::to(&paths::assignment(&group.id.to_string(), &id)).into_response())
        }
        Err(problems) => Ok(faulty(&shown(&comptoir, &offer, &who, &group, Some(&assignment), sent, problems))),
    }
}

fn faulty(form: &AssignmentForm) -> Response {
    let mut page = page(form);
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    page
}

/// Title and terms, or everything that is wrong.
fn read(
    comptoir: &Comptoir,
    offer: &Offer,
    sent: &Sent,
    before: Option<&Assignment>,
) -> Result<(String, Terms), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut problem = |field, text: &str| problems.push(Problem { field, text: text.to_owned() });
    let title = clean(&sent.title).split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => problem("title", "Donnez un titre à ce travail."),
        1..=TITLE_CHARS => {}
        _ => problem("title", "Ce titre est trop long : 120 caractères au plus."),
    }
    let work = match work(comptoir, offer, sent, before) {
        Ok(work) => Some(work),
        Err((field, text)) => {
            problem(field, &text);
            None
        }
    };
    let due_at = match sent.due.trim() {
        "" => None,
        text => {
            if let Ok(day) = text.parse::<jiff::civil::Date>() {
                let due = end_of_day(day);
                let unchanged = before.is_some_and(|before| before.terms.due_at == Some(due));
                if due < comptoir.now() && !unchanged {
                    problem("due", "Cette date est passée. Choisissez-en une à venir, ou laissez ce champ vide.");
                }
                Some(due)
            } else {
                problem("due", "Écrivez une date, par exemple 2026-12-04, ou laissez ce champ vide.");
                None
            }
        }
    };
    let attempts = match sent.attempts.trim() {
        "" => None,
        text => {
            if let Ok(n @ 1..=MOST_TRIES) = text.parse::<u32>() {
                Some(n)
            } else {
                problem("attempts", "Indiquez un nombre d'essais de 1 à 50, ou laissez ce champ vide.");
                None
            }
        }
    };
    let mode = Mode::named(&sent.mode);
    if mode.is_none() {
        problem("mode", "Dites si ce travail se fait par écrit, à voix haute, ou au choix.");
    }
    if mode == Some(Mode::Voice) && comptoir.speech.transcriber.is_err() {
        problem("mode", "Ce service ne transcrit pas la parole : choisissez l'écrit, ou laissez le choix.");
    }
    match (work, mode) {
        (Some(work), Some(mode)) if problems.is_empty() => {
            let closed_at = before.and_then(|before| before.terms.closed_at);
            Ok((title, Terms { work, due_at, attempts, hints: sent.hints, mode, closed_at }))
        }
        _ => Err(problems),
    }
}

fn work(
    comptoir: &Comptoir,
    offer: &Offer,
    sent: &Sent,
    before: Option<&Assignment>,
) -> Result<Work, (&'static str, String)> {
    if sent.work == "booklet" {
        if !booklets(offer.group.content()).iter().any(|(id, _)| *id == sent.booklet) {
            return Err(("booklet", "Choisissez un livret.".to_owned()));
        }
        let draw = match (sent.draw.as_str(), before.map(|before| &before.terms.work)) {
            // The draw that some have sat already stays.
            ("same", Some(Work::Booklet { draw: draw @ Draw::Same { .. }, .. })) => *draw,
            ("same", _) => Draw::Same { seed: seed(comptoir.entropy.as_ref()) },
            _ => Draw::Different,
        };
        return Ok(Work::Booklet { booklet: sent.booklet.clone(), draw });
    }
    // What was set and is not offered any more may stay: what was begun of it counts.
    let set = |id: &String| before.is_some_and(|before| before.terms.work.pieces().contains(id));
    if let Some(id) = sent.situations.iter().find(|id| offer.group.persona(id).is_none() && !set(id)) {
        return Err(("situations", offer.refusal(id)));
    }
    let mut personas: Vec<String> = Vec::new();
    for id in &sent.situations {
        if !personas.contains(id) {
            personas.push(id.clone());
        }
    }
    match personas.len() {
        0 => Err(("situations", "Choisissez au moins une situation.".to_owned())),
        1..=MOST_SITUATIONS => Ok(Work::Situations { personas }),
        _ => Err(("situations", "Choisissez 24 situations au plus.".to_owned())),
    }
}

/// The exams that can be set: id and title.
pub(super) fn booklets(content: &Content) -> Vec<(String, String)> {
    content.booklets().map(|booklet| (booklet.id().to_owned(), booklet.file().title.clone())).collect()
}

fn shown(
    comptoir: &Comptoir,
    offer: &Offer,
    who: &Who,
    group: &Group,
    editing: Option<&Assignment>,
    sent: Sent,
    problems: Vec<Problem>,
) -> AssignmentForm {
    let chosen = |id: &str| sent.situations.iter().any(|one| one == id);
    let choice = |persona: &Arc<Persona>| SituationChoice {
        id: persona.id().to_owned(),
        title: persona.file().title.clone(),
        about: format!(
            "{}, {}",
            french::channel(persona.file().channel),
            french::difficulty(persona.file().difficulty).to_lowercase()
        ),
        chosen: chosen(persona.id()),
    };
    let mut personas: Vec<&Arc<Persona>> = offer.group.personas().collect();
    personas.sort_by_key(|persona| (french::channel(persona.file().channel), &persona.file().title));
    let mut situations: Vec<SituationChoice> = personas.into_iter().map(choice).collect();
    let set = editing.map(|assignment| &assignment.terms.work);
    let set = set.filter(|work| matches!(work, Work::Situations { .. })).map_or(&[][..], Work::pieces);
    situations.extend(set.iter().filter(|id| offer.group.persona(id).is_none()).map(|id| SituationChoice {
        id: id.clone(),
        title: offer.titles.of(id),
        about: "n’est plus proposée à ce groupe".to_owned(),
        chosen: chosen(id),
    }));
    AssignmentForm {
        site: site(offer.group.content(), who.viewer()),
        group_id: group.id.to_string(),
        group: group.name.clone(),
        editing: editing.map(|assignment| assignment.id.to_string()),
        title: sent.title,
        by_booklet: sent.work == "booklet",
        situations,
        booklets: booklets(offer.group.content()),
        booklet: sent.booklet,
        same_draw: sent.draw == "same",
        due: sent.due,
        attempts: sent.attempts,
        hints: sent.hints,
        mode: sent.mode,
        voice: comptoir.speech.transcriber.is_ok(),
        problems,
    }
}
