//! Signing in with login and password, and signing out.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{page, site};
use crate::clock::Timestamp;
use crate::server::Comptoir;
use crate::server::address::Address;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::lockout::Guess;
use crate::server::pages::{self, SignIn, paths};
use crate::server::who::{self, Who};
use crate::store::Account;

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Then {
    next: Option<String>,
}

/// The form as sent.
#[derive(Deserialize)]
pub(in crate::server) struct Typed {
    login: String,
    password: String,
    next: Option<String>,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(then): Query<Then>,
) -> Result<Response, Failure> {
    let next = then.next.as_deref().and_then(paths::inside).map(str::to_owned);
    if let Ok(signed) = who.signed() {
        return Ok(Redirect::to(&next.unwrap_or_else(|| home(signed.trainer, signed.administrator))).into_response());
    }
    Ok(page(&form(&comptoir, &who, pages::Form::default(), next, None).await?))
}

pub(in crate::server) async fn sign_in(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Address(address): Address,
    typed: Result<Form<Typed>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(Typed { login, password, next }) = typed.map_err(|_| Code::BadForm)?;
    let next = next.as_deref().and_then(paths::inside).map(str::to_owned);
    let login: String = login.trim().to_lowercase().chars().take(64).collect();
    let (of_login, of_address) = (Guess::login(&login), Guess::password_from(address));
    let again = pages::Form::default().with("login", login.as_str());
    if let Some(until) = comptoir.guess(&[&of_address, &of_login]).await? {
        let form = form(&comptoir, &who, again, next, Some(until)).await?;
        return Ok(with_status(StatusCode::TOO_MANY_REQUESTS, &form));
    }
    let (account, hash) = comptoir.store.credentials(&login).await?.unzip();
    let right = comptoir.passwords.verify(&password, hash).await.map_err(Failure::internal)?;
    let account = account.filter(|account| right && account.closed_at.is_none());
    let Some(account) = account else {
        let locked = comptoir.locked(&of_login).await?;
        if locked.is_some() {
            comptoir.audit(&Who::Nobody, "sign_in.locked", None, None).await?;
        }
        let status = if locked.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
        let mut again = again;
        again.fault("password", SignIn::WRONG);
        return Ok(with_status(status, &form(&comptoir, &who, again, next, locked).await?));
    };
    comptoir.guessed(&of_login).await?;
    comptoir.guessed_one(&of_address).await?;
    let cookie = who::sign_in(&comptoir, &account).await?;
    Ok(entered(&account, next, cookie))
}

pub(in crate::server) async fn sign_out(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let mut response = Redirect::to(&paths::sign_in(None)).into_response();
    if let Ok(signed) = who.signed() {
        response.headers_mut().append(SET_COOKIE, who::sign_out(&comptoir, signed).await?);
    }
    Ok(response)
}

/// Somebody is in: where they meant to go, or where their work is.
pub(super) fn entered(account: &Account, next: Option<String>, cookie: HeaderValue) -> Response {
    let next = next.unwrap_or_else(|| home(account.trainer, account.administrator));
    let mut response = Redirect::to(&next).into_response();
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// Where somebody's work is.
fn home(trainer: bool, administrator: bool) -> String {
    match (trainer, administrator) {
        (true, _) => paths::GROUPS,
        (false, true) => paths::ACCOUNTS,
        (false, false) => paths::GALLERY,
    }
    .to_owned()
}

/// A page with another status than 200.
pub(super) fn with_status(status: StatusCode, shown: &impl askama::Template) -> Response {
    let mut response = page(shown);
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

async fn form(
    comptoir: &Comptoir,
    who: &Who,
    form: pages::Form,
    next: Option<String>,
    locked: Option<Timestamp>,
) -> Result<SignIn, Failure> {
    Ok(SignIn {
        site: site(&comptoir.library.content(), who.viewer()),
        form,
        next,
        locked: locked.map(|until| comptoir.minutes_until(until)),
        guests: who::takes_guests(comptoir).await?,
    })
}
