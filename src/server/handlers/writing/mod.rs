//! Where trainers write situations.
//!
//! Invariant: only trainers come here, and only to what they began or what a group of theirs is offered; everything
//! else is unknown.

pub(in crate::server) mod export;
pub(in crate::server) mod form;
pub(in crate::server) mod import;
pub(in crate::server) mod list;
pub(in crate::server) mod text;
pub(in crate::server) mod trial;
pub(in crate::server) mod versions;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;

use super::fresh_content;
use crate::content::Content;
use crate::persona::Known;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::writing::{Conflict, DifferenceView, Head, ProblemLine};
use crate::server::pages::{french, paths};
use crate::server::who::{Signed, Who};
use crate::store::Situation;
use crate::writing::{self, Checked, Difference, LARGEST, Names, Placed};

/// The longest form taken: a whole file with every character escaped.
pub(in crate::server) const BODY_BYTES: usize = 3 * LARGEST;

/// Refuses a body that says that it is too large, before anything of it is read.
#[derive(Debug)]
pub(in crate::server) struct Bounded;

impl FromRequestParts<Arc<Comptoir>> for Bounded {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Comptoir>) -> Result<Bounded, Failure> {
        let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        match length {
            Some(length) if length > BODY_BYTES => Err(Code::FileTooLarge.into()),
            _ => Ok(Bounded),
        }
    }
}

/// The pairs of a form.
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    pub(super) fn of(form: Result<axum::Form<Vec<(String, String)>>, FormRejection>) -> Result<Typed, Code> {
        match form {
            Ok(axum::Form(pairs)) => Ok(Typed(pairs)),
            Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Code::FileTooLarge),
            Err(_) => Err(Code::BadForm),
        }
    }

    /// The value of a field; empty if it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field.
    pub(super) fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.0.iter().filter(move |(sent, _)| sent == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Result<u32, Code> {
        self.get(name).parse().map_err(|_| Code::BadForm)
    }

    pub(super) fn sent(self) -> writing::Sent {
        writing::Sent::new(self.0)
    }
}

/// What stands around a situation being written.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) content: Arc<Content>,
    pub(super) known: Arc<Known>,
    pub(super) names: Arc<Names>,
}

impl Desk {
    pub(super) async fn open(comptoir: &Arc<Comptoir>) -> Result<Desk, Failure> {
        let content = fresh_content(comptoir).await?;
        let (known, names) = (Arc::new(content.known()), Arc::new(Names::of(&content)));
        Ok(Desk { content, known, names })
    }

    /// Checks a draft; away from the tasks, because it takes some milliseconds.
    pub(super) async fn check(&self, id: &str, text: &str) -> Result<Checked, Failure> {
        let (desk, id, text) = (self.clone(), id.to_owned(), text.to_owned());
        let checking = tokio::task::spawn_blocking(move || writing::check(&id, &text, &desk.known, &desk.names));
        checking.await.map_err(Failure::internal)
    }
}

/// A situation that this trainer may write on.
pub(super) async fn written<'w>(
    comptoir: &Comptoir,
    who: &'w Who,
    id: &str,
) -> Result<(&'w Signed, Situation), Failure> {
    let trainer = who.trainer()?;
    if !comptoir.store.may_write(trainer.id, id).await? {
        return Err(Code::UnknownSituation.into());
    }
    let situation = comptoir.store.situation(id).await?.ok_or(Code::UnknownSituation)?;
    Ok((trainer, situation))
}

/// What stands on top of the pages of one situation.
pub(super) async fn head(comptoir: &Comptoir, situation: &Situation, faults: usize) -> Result<Head, Failure> {
    let groups = comptoir.store.groups_of_situation(&situation.id).await?;
    let groups: Vec<String> = groups.into_iter().map(|(_, name)| name).collect();
    let state = state(situation);
    let state = match (situation.version, situation.withdrawn_at) {
        (Some(_), None) if groups.is_empty() => format!("{state}, pour aucun groupe"),
        (Some(_), None) => format!("{state}, pour {}", french::list(&groups)),
        _ => state,
    };
    Ok(Head {
        id: situation.id.clone(),
        title: situation.title.clone(),
        saved: format!("Enregistrée le {}", saved(situation)),
        state,
        faults,
    })
}

/// « Version 3 », « Jamais publiée », « Retirée ».
pub(super) fn state(situation: &Situation) -> String {
    match (situation.version, situation.withdrawn_at) {
        (None, _) => "Jamais publiée".to_owned(),
        (Some(number), Some(_)) => format!("Retirée (version {number})"),
        (Some(number), None) => format!("Version {number}"),
    }
}

/// « 22 novembre 2026 à 14 h 05 par Claire Martin ».
pub(super) fn saved(situation: &Situation) -> String {
    let when = french::moment(&french::paris(situation.saved_at));
    situation.saved_by.as_ref().map_or_else(|| when.clone(), |by| format!("{when} par {by}"))
}

/// The faults, with links to where they are shown.
pub(super) fn problems(id: &str, faults: &[Placed]) -> Vec<ProblemLine> {
    let line = |fault: &Placed| ProblemLine {
        href: match fault.section {
            Some(section) => format!("{}?part={}#{}", paths::situation_form(id), section.name(), fault.anchor()),
            None => format!("{}#{}", paths::situation_text(id), fault.anchor()),
        },
        way: fault.way.clone(),
        rule: fault.item.map_or_else(|| fault.fault.rule.clone(), |item| format!("ligne {item}, {}", fault.fault.rule)),
    };
    faults.iter().map(line).collect()
}

/// Somebody else saved meanwhile.
pub(super) fn conflict(
    situation: &Situation,
    theirs: &[Difference],
    mine: &[Difference],
    apart: Vec<(String, String)>,
) -> Conflict {
    let when = french::moment(&french::paris(situation.saved_at));
    let who = situation.saved_by.as_ref().map_or_else(|| format!("Le {when}"), |by| format!("{by}, le {when}"));
    let apart = apart.into_iter().enumerate().map(|(index, (label, text))| crate::server::pages::writing::Apart {
        id: format!("a-part-{index}"),
        label,
        text,
    });
    Conflict { who, theirs: DifferenceView::all(theirs), mine: DifferenceView::all(mine), apart: apart.collect() }
}

/// The title in a text, for lists; the id where it has none.
pub(super) fn title_of(id: &str, text: &str) -> String {
    let title = writing::title(text).map(|title| title.chars().take(80).collect::<String>());
    title.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| id.to_owned())
}
