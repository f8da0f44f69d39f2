//! Every account, for administrators: invite, change, close, erase. No conversation is shown here.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account::NEEDED;
use super::groups::{day, moment};
use super::links::password_link;
use super::sign_in::with_status;
use super::{holding, page, site};
use crate::entropy::token;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::name;
use crate::server::pages::{self, AccountRow, AccountsPage, paths};
use crate::server::who::{Signed, Who};
use crate::store::{Account, LinkPurpose, NewAccount, StoreError, TokenDigest};

/// How many accounts are shown at once.
const SHOWN: usize = 200;

/// What is looked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Asked {
    q: String,
    done: Option<String>,
}

/// Somebody to invite, as sent.
#[derive(Deserialize)]
pub(in crate::server) struct Invited {
    #[serde(default)]
    name: String,
    trainer: Option<String>,
    administrator: Option<String>,
}

/// What is changed, as sent.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(in crate::server) enum Act {
    Roles { trainer: Option<String>, administrator: Option<String> },
    Reset,
    Close,
    Open,
    Erase { confirm: String },
}

pub(in crate::server) async fn list(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let administrator = who.administrator()?;
    let mut shown = accounts_page(&comptoir, &who, administrator, &asked.q, pages::Form::default()).await?;
    shown.done = match asked.done.as_deref() {
        Some("roles") => Some("Les rôles sont changés."),
        Some("closed") => Some("Le compte est fermé."),
        Some("opened") => Some("Le compte est rouvert."),
        Some("erased") => Some("La personne est effacée, avec tout ce qui était à elle."),
        _ => None,
    };
    Ok(page(&shown))
}

pub(in crate::server) async fn invite(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    headers: HeaderMap,
    invited: Result<Form<Invited>, FormRejection>,
) -> Result<Response, Failure> {
    let administrator = who.administrator()?;
    let Form(invited) = invited.map_err(|_| Code::BadForm)?;
    let mut form = pages::Form::default().with("name", invited.name.as_str());
    let name = form.take("name", name::name(&invited.name));
    let (trainer, runs) = (invited.trainer.is_some(), invited.administrator.is_some());
    if !trainer && !runs {
        form.fault("name", "Choisissez au moins un rôle.");
    }
    let Some(name) = name.filter(|_| !form.is_faulty()) else {
        let shown = accounts_page(&comptoir, &who, administrator, "", form).await?;
        return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    };
    let id = VisitorId::new(comptoir.ulid());
    let new = NewAccount { id, name: name.clone(), credentials: None, trainer, administrator: runs };
    let replaced = TokenDigest::of(&token(comptoir.entropy.as_ref()));
    comptoir.store.add_account(&new, &replaced, comptoir.now()).await?;
    let address = password_link(&comptoir, &headers, id, Some(administrator.id)).await?;
    comptoir.audit(&who, "account.invited", Some(id.to_string()), None).await?;
    let mut shown = accounts_page(&comptoir, &who, administrator, "", pages::Form::default()).await?;
    shown.link = Some((name, address));
    Ok(page(&shown))
}

pub(in crate::server) async fn change(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    act: Result<Form<Act>, FormRejection>,
) -> Result<Response, Failure> {
    let administrator = who.administrator()?;
    let account = account(&comptoir, &id).await?;
    let Form(act) = act.map_err(|_| Code::BadForm)?;
    let subject = Some(id.clone());
    let done = match act {
        Act::Roles { trainer, administrator: runs } => {
            let (trainer, runs) = (trainer.is_some(), runs.is_some());
            let changed = comptoir.store.set_roles(account.id, trainer, runs).await?;
            if changed {
                if trainer || runs {
                    // What a slip of paper opens must not show the work of others.
                    comptoir.store.revoke_links(account.id, LinkPurpose::Personal).await?;
                }
                let roles = [(trainer, "formateur"), (runs, "administrateur")];
                let roles: Vec<&str> = roles.into_iter().filter_map(|(on, name)| on.then_some(name)).collect();
                let detail = if roles.is_empty() { "stagiaire".to_owned() } else { roles.join(", ") };
                comptoir.audit(&who, "account.roles", subject, Some(detail)).await?;
            }
            changed.then_some("roles")
        }
        Act::Reset => {
            if account.closed_at.is_some() {
                return Err(Code::BadForm.into());
            }
            let address = password_link(&comptoir, &headers, account.id, Some(administrator.id)).await?;
            comptoir.audit(&who, "account.reset", subject, None).await?;
            let mut shown = accounts_page(&comptoir, &who, administrator, "", pages::Form::default()).await?;
            shown.link = Some((account.name, address));
            return Ok(page(&shown));
        }
        Act::Close => {
            let closed = comptoir.store.close_account(account.id, Some(comptoir.now())).await?;
            if closed {
                comptoir.audit(&who, "account.closed", subject, None).await?;
            }
            closed.then_some("closed")
        }
        Act::Open => {
            comptoir.store.close_account(account.id, None).await?;
            comptoir.audit(&who, "account.opened", subject, None).await?;
            Some("opened")
        }
        Act::Erase { confirm } if confirm.trim().to_lowercase() == pages::ERASE_WORD => {
            match comptoir.erase_person(account.id).await {
                Ok(_) => {
                    let by = if account.id == administrator.id { &Who::Nobody } else { &who };
                    comptoir.audit(by, "account.erased", subject, None).await?;
                    Some("erased")
                }
                Err(StoreError::Conflict) => None,
                Err(error) => return Err(error.into()),
            }
        }
        Act::Erase { .. } => {
            let mut form = pages::Form::default();
            form.fault("comptes", "Écrivez le mot « effacer » pour confirmer.");
            let shown = accounts_page(&comptoir, &who, administrator, "", form).await?;
            return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
        }
    };
    if let Some(done) = done {
        Ok(Redirect::to(&format!("{}?done={done}", paths::ACCOUNTS)).into_response())
    } else {
        let mut form = pages::Form::default();
        form.fault("comptes", NEEDED);
        let shown = accounts_page(&comptoir, &who, administrator, "", form).await?;
        Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
    }
}

/// Everything held on somebody, to be handed to them.
pub(in crate::server) async fn export(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    who.administrator()?;
    let account = account(&comptoir, &id).await?;
    // Before: what it says is in the file, too.
    comptoir.audit(&who, "account.exported", Some(id), None).await?;
    holding::file(&comptoir, account.id).await
}

async fn account(comptoir: &Comptoir, id: &str) -> Result<Account, Failure> {
    let id: VisitorId = id.parse().map_err(|_| Code::UnknownPerson)?;
    Ok(comptoir.store.account(id).await?.ok_or(Code::UnknownPerson)?)
}

async fn accounts_page(
    comptoir: &Comptoir,
    who: &Who,
    administrator: &Signed,
    search: &str,
    form: pages::Form,
) -> Result<AccountsPage, Failure> {
    let accounts = comptoir.store.accounts().await?;
    let count = accounts.len();
    let wanted = search.trim().to_lowercase();
    let fits = |account: &Account| {
        let login = account.login.as_deref().unwrap_or_default();
        account.name.to_lowercase().contains(&wanted)
            || login.contains(&wanted)
            || account.id.to_string() == search.trim()
    };
    let mut found: Vec<Account> = accounts.into_iter().filter(fits).collect();
    // Whoever runs the service or leads groups first: trainees are many.
    found.sort_by_key(|account| !(account.trainer || account.administrator));
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    let row = |account: Account| AccountRow {
        me: account.id == administrator.id,
        id: account.id.to_string(),
        name: account.name,
        login: account.login,
        trainer: account.trainer,
        administrator: account.administrator,
        created: day(account.created_at),
        seen: account.seen_at.map(moment),
        closed: account.closed_at.map(day),
    };
    Ok(AccountsPage {
        site: site(&comptoir.library.content(), who.viewer()),
        search: search.trim().chars().take(80).collect(),
        count,
        accounts: found.into_iter().map(row).collect(),
        more,
        link: None,
        done: None,
        form,
    })
}
