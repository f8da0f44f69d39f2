//! A trainer's groups: the list, a new one, and who is in one.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::sign_in::with_status;
use super::start::check_origin;
use super::{page, site};
use crate::clock::Timestamp;
use crate::entropy::token;
use crate::id::{GroupId, VisitorId};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::origin::base_address;
use crate::server::pages::{
    self, GroupCard, GroupsPage, JoinCode, MemberRow, MembersPage, NewGroup, Slip, SlipsPage, TrainerRow, french, paths,
};
use crate::server::who::Who;
use crate::server::{join_code, name};
use crate::store::{Group, Link, LinkPurpose, Member, NewAccount, Newcomer, StoreError, TokenDigest};

/// How long a code works before it must be renewed.
const CODE_FOR: std::time::Duration = std::time::Duration::from_hours(720);

/// How many names are taken at once.
const MOST_NAMES: usize = 100;

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
    headers: HeaderMap,
    typed: Result<Form<Named>, FormRejection>,
) -> Result<Response, Failure> {
    check_origin(&comptoir, &headers)?;
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

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Done {
    done: Option<String>,
}

pub(in crate::server) async fn members(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let mut shown = members_page(&comptoir, &who, group, &headers, pages::Form::default()).await?;
    shown.done = done.as_deref().and_then(told);
    Ok(page(&shown))
}

/// What was done, in French, by the word that the redirection carries.
fn told(done: &str) -> Option<&'static str> {
    Some(match done {
        "created" => "Le groupe est créé. Donnez son code à vos stagiaires, ou ajoutez-les par leurs noms.",
        "renamed" => "Le nom est changé.",
        "removed" => "La personne n’est plus dans le groupe.",
        "code" => "Le groupe a un nouveau code ; l’ancien n’ouvre plus rien.",
        "code_stopped" => "Le code n’ouvre plus le groupe.",
        "trainer" => "Votre collègue anime ce groupe avec vous.",
        "trainer_removed" => "Cette personne n’anime plus le groupe.",
        "archived" => "Le groupe est archivé.",
        "opened" => "Le groupe est rouvert.",
        _ => return None,
    })
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
    check_origin(&comptoir, &headers)?;
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

/// Where faults of the list of members are shown.
const MEMBERS: &str = "membres";

/// A member of a group; anyone else is unknown.
async fn member_of(comptoir: &Comptoir, group: GroupId, id: &str) -> Result<Member, Failure> {
    let id: VisitorId = id.parse().map_err(|_| Code::UnknownPerson)?;
    let member = comptoir.store.members(group).await?.into_iter().find(|member| member.id == id);
    Ok(member.ok_or(Code::UnknownPerson)?)
}

/// Takes in everyone of a list, and shows their links.
async fn add(
    comptoir: &Comptoir,
    who: &Who,
    group: Group,
    headers: &HeaderMap,
    names: String,
) -> Result<Response, Failure> {
    let read = read_names(&names);
    let read = if group.archived_at.is_some() {
        Err("Rouvrez le groupe avant d’y ajouter quelqu’un.".to_owned())
    } else {
        read
    };
    let read = match read {
        Ok(read) => read,
        Err(fault) => {
            let mut form = pages::Form::default().with("names", names);
            form.fault("names", fault);
            let shown = members_page(comptoir, who, group, headers, form).await?;
            return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
        }
    };
    let (mut newcomers, mut slips) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
    for name in read {
        let (newcomer, slip) = newcomer(comptoir, headers, VisitorId::new(comptoir.ulid()), name, comptoir.now());
        newcomers.push(newcomer);
        slips.push(slip);
    }
    let made_by = who.visitor();
    let taken = comptoir.store.take_in(group.id, &newcomers, made_by, comptoir.now(), name::same).await?;
    for (newcomer, _) in newcomers.iter().zip(&taken).filter(|(_, taken)| **taken) {
        let (id, group) = (newcomer.account.id.to_string(), group.id.to_string());
        comptoir.audit(who, "member.added", Some(id), Some(group)).await?;
    }
    let (slips, left): (Vec<_>, Vec<_>) = slips.into_iter().zip(taken).partition(|(_, taken)| *taken);
    Ok(page(&SlipsPage {
        site: site(&comptoir.library.content(), who.viewer()),
        id: group.id.to_string(),
        group: group.name,
        slips: slips.into_iter().map(|(slip, _)| slip).collect(),
        taken: left.into_iter().map(|(slip, _)| slip.name).collect(),
    }))
}

/// Somebody to take in with an account of their own, and the slip with their link.
pub(super) fn newcomer(
    comptoir: &Comptoir,
    headers: &HeaderMap,
    id: VisitorId,
    name: String,
    from: Timestamp,
) -> (Newcomer, Slip) {
    let link = token(comptoir.entropy.as_ref());
    let slip = Slip { name: name.clone(), address: address(comptoir, headers, &paths::personal_link(&link)) };
    let newcomer = Newcomer {
        account: NewAccount { id, name, credentials: None, trainer: false, administrator: false },
        replaced: TokenDigest::of(&token(comptoir.entropy.as_ref())),
        link: TokenDigest::of(&link),
        from,
    };
    (newcomer, slip)
}

/// A path as people outside type it.
pub(super) fn address(comptoir: &Comptoir, headers: &HeaderMap, path: &str) -> String {
    format!("{}{path}", base_address(headers, comptoir.settings.public_url.as_ref()))
}

/// The names of a list, one a line; blank lines do not count.
fn read_names(text: &str) -> Result<Vec<String>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let names: Vec<String> = lines
        .map(|(at, line)| {
            name::name(line).map_err(|fault| {
                let mut fault = fault.to_owned();
                if let Some(first) = fault.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                format!("Ligne {} : {fault}", at + 1)
            })
        })
        .collect::<Result<_, _>>()?;
    match names.len() {
        0 => Err("Écrivez au moins un nom.".to_owned()),
        n if n > MOST_NAMES => Err(format!("{n} noms, c’est trop à la fois : {MOST_NAMES} au plus.")),
        _ => Ok(names),
    }
}

/// Gives a member another personal link: the old one and its browsers are out.
async fn new_link(
    comptoir: &Comptoir,
    who: &Who,
    group: Group,
    headers: &HeaderMap,
    member: &str,
) -> Result<Response, Failure> {
    let member = member_of(comptoir, group.id, member).await?;
    let account = comptoir.store.account(member.id).await?.ok_or(Code::UnknownPerson)?;
    // Whoever sees the work of others comes in by a password only: a slip of paper would open it.
    if account.trainer || account.administrator || account.closed_at.is_some() {
        return Err(Code::NotAllowed.into());
    }
    let address = personal_link(comptoir, headers, member.id, who.visitor()).await?;
    comptoir.store.end_sessions(member.id, None).await?;
    comptoir.audit(who, "link.renewed", Some(member.id.to_string()), Some(group.id.to_string())).await?;
    Ok(page(&SlipsPage {
        site: site(&comptoir.library.content(), who.viewer()),
        id: group.id.to_string(),
        group: group.name,
        slips: vec![Slip { name: member.name, address }],
        taken: Vec::new(),
    }))
}

/// A personal link in the place of an earlier one: its address, which is told once.
pub(super) async fn personal_link(
    comptoir: &Comptoir,
    headers: &HeaderMap,
    account: VisitorId,
    made_by: Option<VisitorId>,
) -> Result<String, StoreError> {
    let token = token(comptoir.entropy.as_ref());
    let link = Link {
        purpose: LinkPurpose::Personal,
        account: Some(account),
        made_by,
        made_at: comptoir.now(),
        until: None,
        used_at: None,
    };
    comptoir.store.add_link(&TokenDigest::of(&token), &link).await?;
    Ok(address(comptoir, headers, &paths::personal_link(&token)))
}

/// Whether a group's code lets in.
pub(super) fn is_open(group: &Group, now: Timestamp) -> bool {
    group.archived_at.is_none() && group.code_until.is_none_or(|until| until > now)
}

async fn members_page(
    comptoir: &Comptoir,
    who: &Who,
    group: Group,
    headers: &HeaderMap,
    form: pages::Form,
) -> Result<MembersPage, Failure> {
    let id = group.id.to_string();
    let members = comptoir.store.members(group.id).await?;
    let trainers = comptoir.store.trainers(group.id).await?;
    let accounts = comptoir.store.accounts().await?;
    let colleagues = accounts.into_iter().filter(|account| {
        account.trainer && account.closed_at.is_none() && trainers.iter().all(|(id, _)| *id != account.id)
    });
    let (first, last) = group.code.split_at_checked(4).unwrap_or((&group.code, ""));
    let code = JoinCode {
        code: if last.is_empty() { first.to_owned() } else { format!("{first}-{last}") },
        address: address(comptoir, headers, &paths::join(&group.code)),
        until: group.code_until.map(day),
        works: is_open(&group, comptoir.now()),
    };
    let row = |member: Member| MemberRow {
        id: member.id.to_string(),
        all: member.from < member.joined_at,
        name: member.name,
        joined: day(member.joined_at),
        seen: member.seen_at.map(moment),
        has_password: member.has_password,
    };
    Ok(MembersPage {
        site: site(&comptoir.library.content(), who.viewer()),
        id,
        name: group.name,
        archived: group.archived_at.map(day),
        done: None,
        code,
        members: members.into_iter().map(row).collect(),
        colleagues: colleagues.map(|account| (account.id.to_string(), account.name)).collect(),
        trainers: trainers
            .into_iter()
            .map(|(id, name)| TrainerRow { me: who.visitor() == Some(id), id: id.to_string(), name })
            .collect(),
        form,
        most: MOST_NAMES,
    })
}

/// « 22 novembre 2026 ».
pub(super) fn day(at: Timestamp) -> String {
    french::date(french::paris(at).date())
}

/// « 22 novembre 2026 à 14 h 05 ».
pub(super) fn moment(at: Timestamp) -> String {
    french::moment(&french::paris(at))
}
