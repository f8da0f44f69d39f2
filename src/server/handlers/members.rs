//! Who is in a group: shown, taken in by their names, given another link.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::groups::{day, is_open, moment};
use super::links::{address, personal_link};
use super::sign_in::with_status;
use super::{page, site};
use crate::clock::Timestamp;
use crate::entropy::token;
use crate::id::{GroupId, VisitorId};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, JoinCode, MemberRow, MembersPage, Slip, SlipsPage, TrainerRow, paths};
use crate::server::who::Who;
use crate::server::{Comptoir, name};
use crate::store::{Group, Member, NewAccount, Newcomer, TokenDigest};

/// How many names are taken at once.
const MOST_NAMES: usize = 100;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Done {
    done: Option<String>,
}

pub(in crate::server) async fn show(
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

/// The page, with what was typed where something is wrong with it.
pub(super) async fn members_page(
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

/// Where faults of the list of members are shown.
pub(super) const MEMBERS: &str = "membres";

/// A member of a group; anyone else is unknown.
pub(super) async fn member_of(comptoir: &Comptoir, group: GroupId, id: &str) -> Result<Member, Failure> {
    let id: VisitorId = id.parse().map_err(|_| Code::UnknownPerson)?;
    let member = comptoir.store.members(group).await?.into_iter().find(|member| member.id == id);
    Ok(member.ok_or(Code::UnknownPerson)?)
}

/// Takes in everyone of a list, and shows their links.
pub(super) async fn add(
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
pub(super) async fn new_link(
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
