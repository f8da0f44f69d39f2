//! Versions of a situation: published, compared, withdrawn; a draft that never was, taken away.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Desk, Typed, head, problems, title_of, written};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::writing::{DifferenceView, GroupChoice, VersionLine, WritingVersions};
use crate::server::pages::{french, paths};
use crate::server::who::Who;
use crate::store::{Group, PublishedVersion, Situation, SituationPublication, Version, VersionKind};
use crate::writing::{self, Checked};

/// The longest note, in characters.
const LONGEST: usize = 200;

/// What is looked at, and what just happened.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Shown {
    compare: Option<u32>,
    #[serde(default)]
    done: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let desk = Desk::open(&comptoir).await?;
    let checked = desk.check(&id, &situation.draft).await?;
    let mut view = view(&comptoir, &who, &situation, &desk, &checked).await?;
    view.notice = match (shown.done.as_str(), situation.version) {
        ("published", Some(number)) => Some(format!("La version {number} est publiée.")),
        ("withdrawn", _) => Some("La situation est retirée : elle n'est plus proposée à personne.".to_owned()),
        _ => None,
    };
    if let Some(number) = shown.compare {
        view.compared = compare(&comptoir, &id, number, &desk).await?;
    }
    Ok(page(&view))
}

pub(in crate::server) async fn publish(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Failure> {
    let (trainer, situation) = written(&comptoir, &who, &id).await?;
    let typed = Typed::of(form)?;
    let revision = typed.number("revision")?;
    let desk = Desk::open(&comptoir).await?;
    let checked = desk.check(&id, &situation.draft).await?;
    let own = open_groups(&comptoir, &who).await?;
    let (to, from): (Vec<&Group>, Vec<&Group>) =
        own.iter().partition(|group| typed.all("group").any(|id| id == group.id.to_string()));
    let others = others(&comptoir, &situation, &own).await?;
    let note: String = typed.get("note").trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let refused = if revision != situation.revision {
        Some((StatusCode::CONFLICT, "La fiche a été enregistrée entre-temps : relisez ce qui change, puis publiez."))
    } else if checked.persona.is_none() {
        Some((StatusCode::UNPROCESSABLE_ENTITY, "Corrigez d'abord les fautes de la fiche."))
    } else if to.is_empty() && others.is_empty() {
        Some((StatusCode::UNPROCESSABLE_ENTITY, "Choisissez au moins un groupe."))
    } else {
        None
    };
    if let Some((status, fault)) = refused {
        let mut view = view(&comptoir, &who, &situation, &desk, &checked).await?;
        view.fault = Some(fault.to_owned());
        view.note = note;
        let mut page = page(&view);
        *page.status_mut() = status;
        return Ok(page);
    }
    let Some(persona) = checked.persona else { return Err(Code::SituationBroken.into()) };
    let (now, digest) = (comptoir.now(), persona.hash());
    let version = Version { kind: VersionKind::Persona, name: &id, digest, text: &situation.draft };
    comptoir.store.keep_version(version, now).await?;
    let title = title_of(&id, &situation.draft);
    let ids = |groups: &[&Group]| groups.iter().map(|group| group.id).collect::<Vec<_>>();
    let publication = SituationPublication {
        id: &id,
        digest,
        title: &title,
        note: &note,
        by: trainer.id,
        at: now,
        to: &ids(&to),
        from: &ids(&from),
    };
    let number = comptoir.store.publish_situation(&publication).await?;
    let names: Vec<&str> = to.iter().map(|group| group.name.as_str()).collect();
    let detail = format!(
        "version {number}, pour {}",
        if names.is_empty() { "les autres groupes".to_owned() } else { french::list(&names) }
    );
    comptoir.audit(&who, "situation.published", Some(id.clone()), Some(detail)).await?;
    Ok(Redirect::to(&format!("{}?done=published", paths::situation_versions(&id))).into_response())
}

pub(in crate::server) async fn withdraw(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    if situation.version.is_some() && situation.withdrawn_at.is_none() {
        comptoir.store.withdraw_situation(&id, comptoir.now()).await?;
        comptoir.audit(&who, "situation.withdrawn", Some(id.clone()), None).await?;
    }
    Ok(Redirect::to(&format!("{}?done=withdrawn", paths::situation_versions(&id))).into_response())
}

pub(in crate::server) async fn remove(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    if !comptoir.store.remove_situation(&id).await? {
        // Published meanwhile: what was played with it stays readable.
        return Ok(Redirect::to(&paths::situation_versions(&id)).into_response());
    }
    comptoir.audit(&who, "situation.removed", Some(id), Some(situation.title)).await?;
    Ok(Redirect::to(&format!("{}?removed=1", paths::WRITING)).into_response())
}

/// The groups in use that one leads.
async fn open_groups(comptoir: &Comptoir, who: &Who) -> Result<Vec<Group>, Failure> {
    let groups = comptoir.store.groups_of_trainer(who.trainer()?.id).await?;
    Ok(groups.into_iter().filter(|group| group.archived_at.is_none()).collect())
}

/// Groups of colleagues that are offered it too.
async fn others(comptoir: &Comptoir, situation: &Situation, own: &[Group]) -> Result<Vec<String>, Failure> {
    let groups = comptoir.store.groups_of_situation(&situation.id).await?;
    let others = groups.into_iter().filter(|(id, _)| !own.iter().any(|group| group.id == *id));
    Ok(others.map(|(_, name)| name).collect())
}

async fn view(
    comptoir: &Arc<Comptoir>,
    who: &Who,
    situation: &Situation,
    desk: &Desk,
    checked: &Checked,
) -> Result<WritingVersions, Failure> {
    let own = open_groups(comptoir, who).await?;
    let offered = comptoir.store.groups_of_situation(&situation.id).await?;
    let versions = comptoir.store.versions_of(&situation.id).await?;
    let last = match versions.first() {
        Some(last) => comptoir.store.version(&last.digest).await?,
        None => None,
    };
    let changes = last.map(|last| writing::differences(&last, &situation.draft, &desk.names));
    let group = |group: &Group| GroupChoice {
        id: group.id.to_string(),
        name: group.name.clone(),
        chosen: offered.iter().any(|(id, _)| *id == group.id),
    };
    let version = |version: &PublishedVersion| VersionLine {
        number: version.number,
        when: french::moment(&french::paris(version.at)),
        by: version.by.clone().unwrap_or_else(|| "Compte fermé".to_owned()),
        note: version.note.clone(),
    };
    Ok(WritingVersions {
        site: site(&desk.content, who.viewer()),
        head: head(comptoir, situation, checked.faults.len()).await?,
        revision: situation.revision,
        groups: own.iter().map(group).collect(),
        others: others(comptoir, situation, &own).await?,
        problems: problems(&situation.id, &checked.faults),
        fault: None,
        note: String::new(),
        changes: changes.map(|changes| DifferenceView::all(&changes)),
        versions: versions.iter().map(version).collect(),
        compared: None,
        offered: situation.version.is_some() && situation.withdrawn_at.is_none(),
        removable: situation.version.is_none(),
        notice: None,
        shadowed: desk.content.persona(&situation.id).is_some(),
    })
}

/// What a version changed, against the one before it.
async fn compare(
    comptoir: &Comptoir,
    id: &str,
    number: u32,
    desk: &Desk,
) -> Result<Option<(String, Vec<DifferenceView>)>, Failure> {
    let versions = comptoir.store.versions_of(id).await?;
    let text = async |number: u32| match versions.iter().find(|version| version.number == number) {
        Some(version) => comptoir.store.version(&version.digest).await,
        None => Ok(None),
    };
    let Some(before) = number.checked_sub(1) else { return Ok(None) };
    let (Some(old), Some(new)) = (text(before).await?, text(number).await?) else { return Ok(None) };
    let found = writing::differences(&old, &new, &desk.names);
    Ok(Some((format!("De la version {before} à la version {number}"), DifferenceView::all(&found))))
}
