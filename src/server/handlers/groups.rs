//! A trainer's groups: the list, a new one, and what is changed in one.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::members::{MEMBERS, add, member_of, members_page, new_link};
use super::sign_in::with_status;
use super::{page, site};
use crate::clock::Timestamp;
use crate::id::{GroupId, VisitorId};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, GroupCard, GroupsPage, NewGroup, french, paths};
use crate::server::who::Who;
use crate::server::{join_code, name};
use crate::store::{Group, StoreError};

/// How long a code works before it must be renewed.
const CODE_FOR: std::time::Duration = std::time::Duration::from_hours(720);

/// How often a fresh code may be one that exists: there are 6.5 × 10¹¹.
const CODE_TRIES: usize = 5;

pub(in crate::server) async fn list(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let counts = comptoir.store.group_counts(trainer.id).await?;
    let card = |group: Group| {
        let count = counts.get(&group.id).copied().unwrap_or_default();
        let card = GroupCard {
            id: group.id.to_string(),
            name: group.name,
            members: count.members,
            assignments: count.assignments,
            seen: count.seen_at.map(moment),
        };
        (group.archived_at.is_some(), card)
    };
    let groups = comptoir.store.groups_of_trainer(trainer.id).await?;
    let (archived, groups): (Vec<_>, Vec<_>) = groups.into_iter().map(card).partition(|(archived, _)| *archived);
    Ok(page(&GroupsPage {
        site: site(&comptoir.library.content(), who.viewer()),
        groups: groups.into_iter().map(|(_, card)| card).collect(),
        archived: archived.into_iter().map(|(_, card)| card).collect(),
    }))
}

pub(in crate::server) async fn new(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    who.trainer()?;
    Ok(page(&NewGroup { site: site(&comptoir.library.content(), who.viewer()), form: pages::Form::default() }))
}

/// A group's name as sent.
#[derive(Deserialize)]
pub(in crate::server) struct Named {
    name: String,
}

pub(in crate::server) async fn make(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    typed: Result<Form<Named>, FormRejection>,
) -> Result<Response, Failure> {
    let trainer = who.trainer()?;
    let Form(Named { name: typed }) = typed.map_err(|_| Code::BadForm)?;
    let mut form = pages::Form::default().with("name", typed.as_str());
    let Some(name) = form.take("name", name::name(&typed)) else {
        let shown = NewGroup { site: site(&comptoir.library.content(), who.viewer()), form };
        return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    };
    let id = GroupId::new(comptoir.ulid());
    let group = Group {
        id,
        name,
        code: String::new(),
        code_until: Some(comptoir.now() + CODE_FOR),
        created_at: comptoir.now(),
        archived_at: None,
    };
    with_fresh_code(&comptoir, group, Some(trainer.id)).await?;
    comptoir.audit(&who, "group.created", Some(id.to_string()), None).await?;
    Ok(Redirect::to(&format!("{}?done=created", paths::group_members(&id.to_string()))).into_response())
}

/// Stores a group with a code that no other has: a new one led by `leader`, or changed.
async fn with_fresh_code(comptoir: &Comptoir, mut group: Group, leader: Option<VisitorId>) -> Result<(), Failure> {
    for _ in 0..CODE_TRIES {
        group.code = join_code::fresh(comptoir.entropy.as_ref());
        let stored = match leader {
            Some(leader) => comptoir.store.add_group(&group, leader).await,
            None => comptoir.store.change_group(&group).await,
        };
        match stored {
            Err(StoreError::Conflict) => {}
            other => return Ok(other?),
        }
    }
    Err(Code::StoreBusy.into())
}

/// What a trainer does to a group, as sent.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(in crate::server) enum Act {
    Add { names: String },
    Rename { member: String, name: String },
    Link { member: String },
    Remove { member: String },
    RenewCode,
    StopCode,
    AddTrainer { trainer: String },
    RemoveTrainer { trainer: String },
    Name { name: String },
    Archive,
    Open,
}

pub(in crate::server) async fn change(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    act: Result<Form<Act>, FormRejection>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let Form(act) = act.map_err(|_| Code::BadForm)?;
    let subject = Some(id.clone());
    let done = match act {
        Act::Add { names } => return add(&comptoir, &who, group, &headers, names).await,
        Act::Link { member } => return new_link(&comptoir, &who, group, &headers, &member).await,
        Act::Rename { member, name } => {
            let member = member_of(&comptoir, group.id, &member).await?;
            let renamed = match name::name(&name) {
                Err(fault) => Err(fault),
                Ok(name) if comptoir.store.rename_member(group.id, (member.id, &name), name::same).await? => Ok(()),
                Ok(_) => Err("Quelqu’un porte déjà ce nom dans ce groupe. Ajoutez une initiale."),
            };
            if let Err(fault) = renamed {
                let mut form = pages::Form::default();
                form.fault(MEMBERS, fault);
                let shown = members_page(&comptoir, &who, group, &headers, form).await?;
                return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
            }
            comptoir.audit(&who, "member.renamed", Some(member.id.to_string()), None).await?;
            "renamed"
        }
        Act::Remove { member } => {
            let member = member_of(&comptoir, group.id, &member).await?;
            comptoir.store.remove_member(group.id, member.id).await?;
            comptoir.audit(&who, "member.removed", Some(member.id.to_string()), Some(id.clone())).await?;
            "removed"
        }
        Act::RenewCode => {
            let renewed = Group { code_until: Some(comptoir.now() + CODE_FOR), ..group };
            with_fresh_code(&comptoir, renewed, None).await?;
            comptoir.audit(&who, "group.code_renewed", subject, None).await?;
            "code"
        }
        Act::StopCode => {
            comptoir.store.change_group(&Group { code_until: Some(comptoir.now()), ..group }).await?;
            comptoir.audit(&who, "group.code_stopped", subject, None).await?;
            "code_stopped"
        }
        Act::AddTrainer { trainer } => {
            let trainer: VisitorId = trainer.parse().map_err(|_| Code::UnknownPerson)?;
            let account = comptoir.store.account(trainer).await?;
            if !account.is_some_and(|account| account.trainer && account.closed_at.is_none()) {
                return Err(Code::UnknownPerson.into());
            }
            comptoir.store.add_trainer(group.id, trainer).await?;
            comptoir.audit(&who, "group.trainer_added", subject, Some(trainer.to_string())).await?;
            "trainer"
        }
        Act::RemoveTrainer { trainer } => {
            let trainer: VisitorId = trainer.parse().map_err(|_| Code::UnknownPerson)?;
            if !comptoir.store.remove_trainer(group.id, trainer).await? {
                return Err(Code::UnknownPerson.into());
            }
            comptoir.audit(&who, "group.trainer_removed", subject, Some(trainer.to_string())).await?;
            if who.visitor() == Some(trainer) {
                return Ok(Redirect::to(paths::GROUPS).into_response());
            }
            "trainer_removed"
        }
        Act::Name { name: typed } => {
            let mut form = pages::Form::default();
            let Some(name) = form.take("name", name::name(&typed)) else {
                let shown = members_page(&comptoir, &who, group, &headers, form).await?;
                return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
            };
            comptoir.store.change_group(&Group { name, ..group }).await?;
            comptoir.audit(&who, "group.renamed", subject, None).await?;
            "renamed"
        }
        Act::Archive => {
            comptoir.store.change_group(&Group { archived_at: Some(comptoir.now()), ..group }).await?;
            comptoir.audit(&who, "group.archived", subject, None).await?;
            "archived"
        }
        Act::Open => {
            comptoir.store.change_group(&Group { archived_at: None, ..group }).await?;
            comptoir.audit(&who, "group.opened", subject, None).await?;
            "opened"
        }
    };
    Ok(Redirect::to(&format!("{}?done={done}", paths::group_members(&id))).into_response())
}

/// Whether a group's code lets in.
pub(super) fn is_open(group: &Group, now: Timestamp) -> bool {
    group.archived_at.is_none() && group.code_until.is_none_or(|until| until > now)
}

/// « 22 novembre 2026 ».
pub(super) fn day(at: Timestamp) -> String {
    french::date(french::paris(at).date())
}

/// « 22 novembre 2026 à 14 h 05 ».
pub(super) fn moment(at: Timestamp) -> String {
    french::moment(&french::paris(at))
}
