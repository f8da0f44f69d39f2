//! One's own account: name, login and password, personal link, other browsers, one's data.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::links::personal_link;
use super::sign_in::with_status;
use super::welcome::{LOGIN_TAKEN, check_password};
use super::{holding, page, site};
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::lockout::Guess;
use crate::server::name;
use crate::server::pages::{self, AccountPage, LinkGone, paths};
use crate::server::who::{self, Signed, Who};
use crate::store::{Account, Credentials, StoreError};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Done {
    done: Option<String>,
}

/// What is changed, as sent.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(in crate::server) enum Act {
    Name {
        name: String,
    },
    Password {
        login: String,
        #[serde(default)]
        current: String,
        password: String,
        again: String,
    },
    Link,
    SignOutOthers,
    Erase {
        confirm: String,
    },
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    let mut shown = account_page(&comptoir, &who, pages::Form::default()).await?;
    shown.done = match done.as_deref() {
        Some("name") => Some("Votre nom est changé."),
        Some("password") => {
            Some("Votre identifiant et votre mot de passe sont enregistrés ; les autres navigateurs sont déconnectés.")
        }
        Some("signed_out") => Some("Les autres navigateurs sont déconnectés."),
        _ => None,
    };
    Ok(page(&shown))
}

pub(in crate::server) async fn change(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    headers: HeaderMap,
    act: Result<Form<Act>, FormRejection>,
) -> Result<Response, Failure> {
    // Guests have rights, too: they may erase what is theirs.
    let person = who.visitor().ok_or(Code::SignInNeeded)?;
    let act = act.map_err(|_| Code::BadForm);
    let mut form = pages::Form::default();
    if let Ok(Form(Act::Erase { confirm })) = &act {
        if confirm.trim().to_lowercase() == pages::ERASE_WORD {
            match comptoir.erase_person(person).await {
                Ok(_) => return gone(&comptoir, &who, person).await,
                Err(StoreError::Conflict) => form.fault("confirm", NEEDED),
                Err(error) => return Err(error.into()),
            }
        } else {
            form.fault("confirm", "Écrivez le mot « effacer » pour confirmer.");
        }
        let shown = account_page(&comptoir, &who, form).await?;
        return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    }
    let signed = who.signed()?;
    let Form(act) = act?;
    let done = match act {
        Act::Name { name: typed } => rename(&comptoir, &who, signed, &mut form, &typed).await?,
        Act::Password { login, current, password, again } => {
            set_password(&comptoir, &who, signed, &mut form, (&login, &current), (&password, &again)).await?
        }
        Act::Link => {
            if signed.trainer || signed.administrator {
                return Err(Code::NotAllowed.into());
            }
            let address = personal_link(&comptoir, &headers, signed.id, Some(signed.id)).await?;
            comptoir.audit(&who, "link.renewed", Some(signed.id.to_string()), None).await?;
            let mut shown = account_page(&comptoir, &who, form).await?;
            shown.link = Some(address);
            return Ok(page(&shown));
        }
        Act::SignOutOthers => {
            comptoir.store.end_sessions(signed.id, Some(&signed.session)).await?;
            Some("signed_out")
        }
        // Taken above.
        Act::Erase { .. } => None,
    };
    if let Some(done) = done {
        Ok(Redirect::to(&format!("{}?done={done}", paths::ACCOUNT)).into_response())
    } else {
        let shown = account_page(&comptoir, &who, form).await?;
        Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
    }
}

/// What is told where somebody cannot be erased yet.
pub(super) const NEEDED: &str = "Ce compte ne peut pas encore être effacé : c’est le dernier administrateur, ou le seul \
                                 formateur d’un groupe. Donnez d’abord ce rôle à quelqu’un d’autre.";

async fn rename(
    comptoir: &Comptoir,
    who: &Who,
    signed: &Signed,
    form: &mut pages::Form,
    typed: &str,
) -> Result<Option<&'static str>, Failure> {
    if !comptoir.store.groups_of_member(signed.id).await?.is_empty() {
        return Err(Code::NotAllowed.into());
    }
    let Some(name) = form.take("name", name::name(typed)) else { return Ok(None) };
    comptoir.store.rename_account(signed.id, &name).await?;
    comptoir.audit(who, "account.renamed", Some(signed.id.to_string()), None).await?;
    Ok(Some("name"))
}

async fn set_password(
    comptoir: &Comptoir,
    who: &Who,
    signed: &Signed,
    form: &mut pages::Form,
    (login, current): (&str, &str),
    (password, again): (&str, &str),
) -> Result<Option<&'static str>, Failure> {
    *form = std::mem::take(form).with("login", login);
    let account = own(comptoir, signed).await?;
    if let Some(known) = &account.login {
        let guess = Guess::login(known);
        if let Some(until) = comptoir.guess(&[&guess]).await? {
            let minutes = comptoir.minutes_until(until);
            form.fault("current", format!("Trop d’essais se sont suivis. Réessayez dans {minutes} min."));
            return Ok(None);
        }
        let hash = comptoir.store.credentials(known).await?.map(|(_, hash)| hash);
        if !comptoir.passwords.verify(current, hash).await.map_err(Failure::internal)? {
            form.fault("current", "Ce n’est pas votre mot de passe actuel.");
            return Ok(None);
        }
        comptoir.guessed(&guess).await?;
    }
    let login = form.take("login", name::login(login));
    check_password(form, (password, again), login.as_deref(), Some(&account.name));
    let Some(login) = login.filter(|_| !form.is_faulty()) else { return Ok(None) };
    let hash = comptoir.passwords.hash(password, comptoir.entropy.as_ref()).await.map_err(Failure::internal)?;
    match comptoir.store.set_credentials(signed.id, &Credentials { login, hash }).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => {
            form.fault("login", LOGIN_TAKEN);
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    }
    comptoir.store.end_sessions(signed.id, Some(&signed.session)).await?;
    comptoir.audit(who, "password.set", Some(signed.id.to_string()), None).await?;
    Ok(Some("password"))
}

async fn own(comptoir: &Comptoir, signed: &Signed) -> Result<Account, Failure> {
    Ok(comptoir.store.account(signed.id).await?.ok_or(Code::SignInNeeded)?)
}

/// One has erased oneself.
async fn gone(comptoir: &Comptoir, who: &Who, person: VisitorId) -> Result<Response, Failure> {
    // Without a name: it was just erased.
    comptoir.audit(&Who::Nobody, "account.erased", Some(person.to_string()), None).await?;
    let advice = "Vos échanges et leurs bilans n’existent plus, ni votre compte si vous en aviez un. Il en reste des \
                  statistiques sans nom, et des lignes du journal sans votre nom."
        .to_owned();
    let shown = LinkGone {
        site: site(&comptoir.library.content(), Who::Nobody.viewer()),
        title: "Vos données sont effacées",
        advice,
    };
    let mut response = page(&shown);
    let cookie = match who {
        Who::Signed(signed) => who::sign_out(comptoir, signed).await?,
        Who::Guest(_) | Who::Nobody => who::forget_guest(comptoir)?,
    };
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Everything held on oneself, as one file.
pub(in crate::server) async fn export(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    // Guests have rights, too.
    let person = who.visitor().ok_or(Code::SignInNeeded)?;
    holding::file(&comptoir, person).await
}

async fn account_page(comptoir: &Comptoir, who: &Who, form: pages::Form) -> Result<AccountPage, Failure> {
    let mut shown = AccountPage {
        site: site(&comptoir.library.content(), who.viewer()),
        name: None,
        login: None,
        groups: Vec::new(),
        staff: false,
        others: 0,
        link: None,
        done: None,
        form,
    };
    match who {
        Who::Nobody => return Err(Code::SignInNeeded.into()),
        Who::Guest(_) => {}
        Who::Signed(signed) => {
            let account = own(comptoir, signed).await?;
            let groups = comptoir.store.groups_of_member(signed.id).await?;
            shown.others = comptoir.store.sessions_of(signed.id, comptoir.now()).await?.saturating_sub(1);
            shown.groups = groups.into_iter().map(|group| group.name).collect();
            shown.staff = signed.trainer || signed.administrator;
            (shown.name, shown.login) = (Some(account.name), account.login);
        }
    }
    Ok(shown)
}
