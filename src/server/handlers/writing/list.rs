//! The situations that a trainer writes on, and new ones: copies, and the model.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Desk, Typed, saved, state};
use crate::content::{Content, Kind};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::{fresh_content, page, site};
use crate::server::pages::paths;
use crate::server::pages::writing::{Line, Origin, WritingList, WritingNew};
use crate::server::who::{Signed, Who};
use crate::store::{NewSituation, Situation, StoreError};
use crate::writing;

/// Ids that addresses of the service already mean something by.
const RESERVED: &[&str] = &["new", "import", "bailleur"];

/// What just happened.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Shown {
    #[serde(default)]
    removed: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let content = fresh_content(&comptoir).await?;
    let line = |situation: &Situation| Line {
        id: situation.id.clone(),
        title: situation.title.clone(),
        maker: situation.maker_name.clone().unwrap_or_else(|| "Compte fermé".to_owned()),
        saved: saved(situation),
        state: state(situation),
    };
    let all = comptoir.store.situations_of(trainer.id).await?;
    let (own, shared): (Vec<_>, Vec<_>) = all.iter().partition(|situation| situation.maker == Some(trainer.id));
    Ok(page(&WritingList {
        site: site(&content, who.viewer()),
        own: own.into_iter().map(line).collect(),
        shared: shared.into_iter().map(line).collect(),
        notice: (!shown.removed.is_empty()).then(|| "La fiche est supprimée.".to_owned()),
    }))
}

/// What can be copied.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Wanted {
    #[serde(default)]
    from: String,
}

pub(in crate::server) async fn new(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let content = fresh_content(&comptoir).await?;
    Ok(page(&blank(&comptoir, &who, trainer, &content, &wanted.from).await?))
}

/// The page with nothing typed.
pub(super) async fn blank(
    comptoir: &Comptoir,
    who: &Who,
    trainer: &Signed,
    content: &Content,
    chosen: &str,
) -> Result<WritingNew, Failure> {
    let mut origins = vec![("model".to_owned(), "Un modèle vide qui passe les vérifications".to_owned())];
    origins.extend(content.personas().map(|one| (format!("file:{}", one.id()), one.file().title.clone())));
    for situation in comptoir.store.situations_of(trainer.id).await? {
        let maker = match situation.maker_name.filter(|_| situation.maker != Some(trainer.id)) {
            Some(name) => name,
            None => "votre fiche".to_owned(),
        };
        origins.push((format!("written:{}", situation.id), format!("{} ({maker})", situation.title)));
    }
    let origin = |(value, title): (String, String)| Origin { chosen: value == chosen, value, title };
    Ok(WritingNew::blank(site(content, who.viewer()), origins.into_iter().map(origin).collect()))
}

/// A copy, or the model under a name.
pub(in crate::server) async fn create(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let typed = Typed::of(form)?;
    let desk = Desk::open(&comptoir).await?;
    let (from, title) = (typed.get("from").to_owned(), typed.get("title").trim().to_owned());
    let taken = taken(&comptoir, &desk.content).await?;
    let typed_id = typed.get("id").trim().to_owned();
    let id = if typed_id.is_empty() { writing::slug(&title, |id| taken.contains(id)) } else { typed_id.clone() };
    let fault = if title.is_empty() {
        Some(("title", "Donnez un titre à la situation.".to_owned()))
    } else if title.chars().count() > 80 || title.chars().any(char::is_control) {
        Some(("title", "80 caractères au plus, sur une ligne.".to_owned()))
    } else {
        id_fault(&id, &taken)
    };
    let origin = origin(&comptoir, trainer, &desk, &from, &id, &title).await?;
    let fault = match (&fault, &origin) {
        (None, None) => Some(("from", "Cette situation ne peut pas être copiée : choisissez-en une autre.".to_owned())),
        _ => fault,
    };
    if let (None, Some((copied_from, text))) = (&fault, origin) {
        let new = NewSituation {
            id: &id,
            maker: trainer.id,
            copied_from: copied_from.as_deref(),
            title: &title,
            draft: &text,
            at: comptoir.now(),
        };
        match comptoir.store.add_situation(&new).await {
            Ok(()) => {
                comptoir.audit(&who, "situation.created", Some(id.clone()), copied_from).await?;
                return Ok(Redirect::to(&paths::situation_form(&id)).into_response());
            }
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let fault = fault.unwrap_or_else(|| ("id", format!("L'identifiant « {id} » est déjà pris.")));
    let blank = blank(&comptoir, &who, trainer, &desk.content, &from).await?;
    let mut page = page(&WritingNew { title, id: typed_id, copy_fault: Some(fault), ..blank });
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// The id copied from, and the text under its new id and title; `None` if there is nothing of that name to copy.
async fn origin(
    comptoir: &Comptoir,
    trainer: &Signed,
    desk: &Desk,
    from: &str,
    id: &str,
    title: &str,
) -> Result<Option<(Option<String>, String)>, Failure> {
    if from == "model" {
        return Ok(Some((None, writing::blank(id, title, &desk.names))));
    }
    let text = if let Some(file) = from.strip_prefix("file:") {
        desk.content.good_files().get(Kind::Persona, file).map(|file| file.text.clone())
    } else if let Some(written) = from.strip_prefix("written:") {
        if comptoir.store.may_write(trainer.id, written).await? {
            comptoir.store.situation(written).await?.map(|situation| situation.draft)
        } else {
            None
        }
    } else {
        None
    };
    let copied_from = from.split_once(':').map(|(_, id)| id.to_owned());
    Ok(text.and_then(|text| writing::copy(&text, id, title)).map(|text| (copied_from, text)))
}

/// Ids that no new situation can have.
pub(super) async fn taken(comptoir: &Comptoir, content: &Content) -> Result<BTreeSet<String>, Failure> {
    let mut taken: BTreeSet<String> = comptoir.store.situation_ids().await?.into_iter().collect();
    taken.extend(content.personas().map(|persona| persona.id().to_owned()));
    // A broken file counts as soon as it is mended.
    let broken =
        content.faults().iter().filter_map(|fault| fault.file.strip_prefix("personas/")?.strip_suffix(".toml"));
    taken.extend(broken.map(str::to_owned));
    taken.extend(RESERVED.iter().map(|id| (*id).to_owned()));
    Ok(taken)
}

/// What is wrong with an id.
pub(super) fn id_fault(id: &str, taken: &BTreeSet<String>) -> Option<(&'static str, String)> {
    if !writing::is_slug(id) {
        let rule =
            "Écrivez des minuscules sans accent et des chiffres, séparés par des traits d'union, 60 signes au plus.";
        return Some(("id", rule.to_owned()));
    }
    taken.contains(id).then(|| ("id", format!("L'identifiant « {id} » est déjà pris : choisissez-en un autre.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked_before_anything_is_made() {
        let taken: BTreeSet<String> = ["odeur-gaz".to_owned()].into();
        assert_eq!(id_fault("le-froid", &taken), None);
        for id in ["odeur-gaz", "Le froid", "", "a--b", "../x"] {
            assert!(id_fault(id, &taken).is_some(), "{id}");
        }
    }
}
