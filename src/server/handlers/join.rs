//! Joining a group by its code.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::groups::is_open;
use super::members::newcomer;
use super::sign_in::with_status;
use super::{page, site};
use crate::clock::Timestamp;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::address::Address;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::lockout::Guess;
use crate::server::pages::{self, JoinGroup, JoinPage, Joined, french, paths};
use crate::server::who::{self, Signed, Who};
use crate::server::{join_code, name};
use crate::store::{Group, StoreError};

/// A code as typed.
#[derive(Deserialize)]
pub(in crate::server) struct Typed {
    code: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Address(address): Address,
) -> Result<Response, Failure> {
    let locked = comptoir.locked(&Guess::code_from(address)).await?;
    Ok(page(&form(&comptoir, &who, pages::Form::default(), locked)))
}

pub(in crate::server) async fn find(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Address(address): Address,
    typed: Result<Form<Typed>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(Typed { code }) = typed.map_err(|_| Code::BadForm)?;
    match group_of(&comptoir, &who, address, &code).await? {
        Ok(group) => Ok(Redirect::to(&paths::join(&group.code)).into_response()),
        Err(refused) => Ok(*refused),
    }
}

/// The group of a code, or the page that says why there is none.
async fn group_of(
    comptoir: &Comptoir,
    who: &Who,
    address: std::net::IpAddr,
    code: &str,
) -> Result<Result<Group, Box<Response>>, Failure> {
    let guess = Guess::code_from(address);
    let typed = join_code::typed(code);
    if let Some(until) = comptoir.guess(&[&guess]).await? {
        let shown = form(comptoir, who, pages::Form::default().with("code", typed), Some(until));
        return Ok(Err(Box::new(with_status(StatusCode::TOO_MANY_REQUESTS, &shown))));
    }
    let group = comptoir.store.group_by_code(&typed).await?.filter(|group| is_open(group, comptoir.now()));
    if let Some(group) = group {
        comptoir.guessed_one(&guess).await?;
        return Ok(Ok(group));
    }
    let locked = comptoir.locked(&guess).await?;
    let status = if locked.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut again = pages::Form::default().with("code", typed);
    again.fault("code", JoinPage::WRONG);
    Ok(Err(Box::new(with_status(status, &form(comptoir, who, again, locked)))))
}

pub(in crate::server) async fn show_group(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Address(address): Address,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let group = match group_of(&comptoir, &who, address, &code).await? {
        Ok(group) => group,
        Err(refused) => return Ok(*refused),
    };
    let known = known(&comptoir, &who, &headers).await?;
    Ok(page(&group_page(&comptoir, &who, &group, known.mine, pages::Form::default()).await?))
}

/// Under which name, and whether what was done before comes along.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Coming {
    name: String,
    bring: String,
}

pub(in crate::server) async fn join(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Address(address): Address,
    Path(code): Path<String>,
    headers: HeaderMap,
    coming: Result<Form<Coming>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(coming) = coming.map_err(|_| Code::BadForm)?;
    let group = match group_of(&comptoir, &who, address, &code).await? {
        Ok(group) => group,
        Err(refused) => return Ok(*refused),
    };
    let known = known(&comptoir, &who, &headers).await?;
    let brings = coming.bring == "yes" && known.mine > 0;
    let from = if brings { Timestamp::UNIX_EPOCH } else { comptoir.now() };
    let mut form = pages::Form::default().with("name", coming.name.as_str());
    if let Ok(signed) = who.signed() {
        // Whoever leads groups would become a trainee whose link a colleague may renew.
        if signed.trainer || signed.administrator {
            return Err(Code::NotAllowed.into());
        }
        if comptoir.store.join(group.id, (signed.id, &signed.name), comptoir.now(), from, name::same).await? {
            let detail = Some(group.id.to_string());
            comptoir.audit(&who, "member.joined", Some(signed.id.to_string()), detail).await?;
            return Ok(Redirect::to(paths::ASSIGNMENTS).into_response());
        }
        form.fault("name", JoinGroup::TAKEN);
    }
    let name = if form.is_faulty() { None } else { form.take("name", name::name(&coming.name)) };
    if let Some(name) = name {
        let id = known.guest.filter(|_| brings).unwrap_or_else(|| VisitorId::new(comptoir.ulid()));
        let (newcomer, slip) = newcomer(&comptoir, &headers, id, name, from);
        match comptoir.store.take_in(group.id, &[newcomer], None, comptoir.now(), name::same).await {
            Ok(taken) if taken == [true] => {
                return joined(&comptoir, &group, id, slip, if brings { known.mine } else { 0 }).await;
            }
            // In conflict: the guest got an account in another tab, signing in there is all that is missing.
            Ok(_) | Err(StoreError::Conflict) => form.fault("name", JoinGroup::TAKEN),
            Err(error) => return Err(error.into()),
        }
    }
    let shown = group_page(&comptoir, &who, &group, known.mine, form).await?;
    Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

/// Signs the newcomer in, and shows the personal link, once.
async fn joined(
    comptoir: &Comptoir,
    group: &Group,
    id: VisitorId,
    slip: pages::Slip,
    brought: u64,
) -> Result<Response, Failure> {
    let account = comptoir.store.account(id).await?.ok_or_else(|| Failure::internal("an account just made"))?;
    let who = Who::Signed(Signed::of(&account));
    comptoir.audit(&who, "member.joined", Some(id.to_string()), Some(group.id.to_string())).await?;
    let mut response = page(&Joined {
        site: site(&comptoir.library.content(), who.viewer()),
        group: group.name.clone(),
        name: slip.name,
        address: slip.address,
        brought,
    });
    response.headers_mut().append(SET_COOKIE, who::sign_in(comptoir, &account).await?);
    if brought > 0 {
        response.headers_mut().append(SET_COOKIE, who::forget_guest(comptoir)?);
    }
    Ok(response)
}

/// Who comes: a guest, perhaps, and how many conversations they have had.
struct Known {
    guest: Option<VisitorId>,
    mine: u64,
}

async fn known(comptoir: &Comptoir, who: &Who, headers: &HeaderMap) -> Result<Known, Failure> {
    let guest = match who {
        Who::Signed(_) => None,
        Who::Guest(id) => Some(*id),
        // Guests may be welcome no more, and still bring what they did.
        Who::Nobody => who::guest_of(comptoir, headers).await?,
    };
    let visitor = who.visitor().or(guest);
    let mine = match visitor {
        Some(visitor) => comptoir.store.conversations_count(visitor).await?,
        None => 0,
    };
    Ok(Known { guest, mine })
}

fn form(comptoir: &Comptoir, who: &Who, form: pages::Form, locked: Option<Timestamp>) -> JoinPage {
    JoinPage {
        site: site(&comptoir.library.content(), who.viewer()),
        form,
        locked: locked.map(|until| comptoir.minutes_until(until)),
    }
}

async fn group_page(
    comptoir: &Comptoir,
    who: &Who,
    group: &Group,
    mine: u64,
    form: pages::Form,
) -> Result<JoinGroup, Failure> {
    let trainers: Vec<String> = comptoir.store.trainers(group.id).await?.into_iter().map(|(_, name)| name).collect();
    Ok(JoinGroup {
        site: site(&comptoir.library.content(), who.viewer()),
        code: group.code.clone(),
        group: group.name.clone(),
        trainers: french::list(&trainers),
        mine,
        form,
    })
}
