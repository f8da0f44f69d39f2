//! Links that let someone in: to choose login and password once, and personal ones.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::sign_in::{entered, with_status};
use super::{page, site};
use crate::entropy::token;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{self, LinkGone, PersonalLink, WelcomePage, Welcoming};
use crate::server::who::{self, Signed, Who};
use crate::server::{name, password};
use crate::store::{Account, Credentials, Link, LinkPurpose, NewAccount, StoreError, TokenDigest};

/// The form as sent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Typed {
    name: String,
    login: String,
    password: String,
    again: String,
}

/// A link that works, and whose it is; nobody's yet where it makes the first account.
enum Works {
    First,
    Of(Account),
}

/// Why a link lets nobody in.
#[derive(Clone, Copy)]
enum Gone {
    Unknown,
    Used,
    Expired,
    Closed,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    match works(&comptoir, &token, &[LinkPurpose::First, LinkPurpose::Password]).await? {
        Ok(works) => Ok(page(&welcome(&comptoir, &who, token, &works, pages::Form::default()))),
        Err(gone) => Ok(no_entry(&comptoir, &who, gone)),
    }
}

pub(in crate::server) async fn enter(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(token): Path<String>,
    typed: Result<Form<Typed>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(typed) = typed.map_err(|_| Code::BadForm)?;
    let works = match works(&comptoir, &token, &[LinkPurpose::First, LinkPurpose::Password]).await? {
        Ok(works) => works,
        Err(gone) => return Ok(no_entry(&comptoir, &who, gone)),
    };
    let mut form = pages::Form::default().with("name", typed.name.as_str()).with("login", typed.login.as_str());
    let name = match &works {
        Works::First => form.take("name", name::name(&typed.name)),
        Works::Of(account) => Some(account.name.clone()),
    };
    let login =
        chosen(&comptoir, &mut form, &typed.login, (&typed.password, &typed.again), name.as_deref(), &works).await?;
    let (Some(name), Some(login)) = (name, login) else {
        return Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &welcome(&comptoir, &who, token, &works, form)));
    };
    let hash = comptoir.passwords.hash(&typed.password, comptoir.entropy.as_ref()).await.map_err(Failure::internal)?;
    let credentials = Credentials { login, hash };
    let entered_as = match &works {
        Works::First => first(&comptoir, &token, name, credentials).await,
        Works::Of(account) => again(&comptoir, &token, account, credentials).await,
    };
    match entered_as {
        Ok(Some((account, action))) => {
            let cookie = who::sign_in(&comptoir, &account).await?;
            let actor = Who::Signed(Signed::of(&account));
            comptoir.audit(&actor, action, Some(account.id.to_string()), None).await?;
            Ok(entered(&account, None, cookie))
        }
        Ok(None) => Ok(no_entry(&comptoir, &who, Gone::Used)),
        Err(StoreError::Conflict) => {
            form.fault("login", LOGIN_TAKEN);
            Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &welcome(&comptoir, &who, token, &works, form)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a login that another account has is told.
pub(super) const LOGIN_TAKEN: &str = "Cet identifiant est déjà pris : choisissez-en un autre.";

/// The login, if it and the password can be taken; otherwise what is wrong is noted.
async fn chosen(
    comptoir: &Comptoir,
    form: &mut pages::Form,
    login: &str,
    (password, again): (&str, &str),
    name: Option<&str>,
    works: &Works,
) -> Result<Option<String>, StoreError> {
    let login = form.take("login", name::login(login));
    if let Some(login) = &login
        && let Some((other, _)) = comptoir.store.credentials(login).await?
        && !matches!(works, Works::Of(account) if account.id == other.id)
    {
        form.fault("login", LOGIN_TAKEN);
    }
    check_password(form, (password, again), login.as_deref(), name);
    Ok(login.filter(|_| !form.is_faulty()))
}

/// Notes what is wrong with a password that someone chooses.
pub(super) fn check_password(
    form: &mut pages::Form,
    (password, again): (&str, &str),
    login: Option<&str>,
    name: Option<&str>,
) {
    if let Some(fault) = password::fault(password, login.unwrap_or_default(), name.unwrap_or_default()) {
        form.fault("password", fault);
    } else if password != again {
        form.fault("again", "Les deux mots de passe ne sont pas les mêmes.");
    }
}

type Entered = Result<Option<(Account, &'static str)>, StoreError>;

/// Makes the first account: trainer and administrator.
async fn first(comptoir: &Comptoir, link: &str, name: String, credentials: Credentials) -> Entered {
    let id = VisitorId::new(comptoir.ulid());
    let new = NewAccount { id, name, credentials: Some(credentials), trainer: true, administrator: true };
    let replaced = TokenDigest::of(&token(comptoir.entropy.as_ref()));
    if !comptoir.store.make_first_account(&TokenDigest::of(link), &new, &replaced, comptoir.now()).await? {
        return Ok(None);
    }
    Ok(comptoir.store.account(id).await?.map(|account| (account, "account.first")))
}

/// Sets an account's login and password.
async fn again(comptoir: &Comptoir, link: &str, account: &Account, credentials: Credentials) -> Entered {
    let digest = TokenDigest::of(link);
    if !comptoir.store.set_password_by_link(&digest, account.id, &credentials, comptoir.now()).await? {
        return Ok(None);
    }
    Ok(comptoir.store.account(account.id).await?.map(|account| (account, "password.set")))
}

/// The button of a personal link: looking at a link must not sign anyone in, or a preview would.
pub(in crate::server) async fn personal(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    match works(&comptoir, &token, &[LinkPurpose::Personal]).await? {
        Ok(Works::Of(Account { name, .. })) => {
            Ok(page(&PersonalLink { site: site(&comptoir.library.content(), who.viewer()), token, name }))
        }
        Ok(Works::First) => Ok(no_entry(&comptoir, &who, Gone::Unknown)),
        Err(gone) => Ok(no_entry(&comptoir, &who, gone)),
    }
}

pub(in crate::server) async fn enter_personal(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    match works(&comptoir, &token, &[LinkPurpose::Personal]).await? {
        Ok(Works::Of(account)) => {
            let cookie = who::sign_in(&comptoir, &account).await?;
            Ok(entered(&account, None, cookie))
        }
        Ok(Works::First) => Ok(no_entry(&comptoir, &who, Gone::Unknown)),
        Err(gone) => Ok(no_entry(&comptoir, &who, gone)),
    }
}

/// The link of a token, if it is of one of these purposes and still works.
async fn works(comptoir: &Comptoir, token: &str, purposes: &[LinkPurpose]) -> Result<Result<Works, Gone>, Failure> {
    let link = comptoir.store.link(&TokenDigest::of(token)).await?;
    let Some(Link { purpose, account, until, used_at, .. }) = link.filter(|link| purposes.contains(&link.purpose))
    else {
        return Ok(Err(Gone::Unknown));
    };
    if used_at.is_some() {
        return Ok(Err(Gone::Used));
    }
    if until.is_some_and(|until| until <= comptoir.now()) {
        return Ok(Err(Gone::Expired));
    }
    let Some(account) = account else {
        return Ok(if purpose == LinkPurpose::First { Ok(Works::First) } else { Err(Gone::Unknown) });
    };
    Ok(match comptoir.store.account(account).await? {
        Some(account) if account.closed_at.is_some() => Err(Gone::Closed),
        // What a personal link opens, others have seen: never the work of others.
        Some(account) if purpose == LinkPurpose::Personal && (account.trainer || account.administrator) => {
            Err(Gone::Unknown)
        }
        Some(account) => Ok(Works::Of(account)),
        None => Err(Gone::Unknown),
    })
}

fn welcome(comptoir: &Comptoir, who: &Who, token: String, works: &Works, form: pages::Form) -> WelcomePage {
    let welcoming = match works {
        Works::First => Welcoming::First,
        Works::Of(account) if account.login.is_none() => Welcoming::Invited(account.name.clone()),
        Works::Of(account) => Welcoming::Again(account.name.clone()),
    };
    let form = match works {
        Works::Of(Account { login: Some(login), .. }) if form.value("login").is_empty() => {
            form.with("login", login.as_str())
        }
        _ => form,
    };
    WelcomePage { site: site(&comptoir.library.content(), who.viewer()), token, welcoming, form }
}

fn no_entry(comptoir: &Comptoir, who: &Who, gone: Gone) -> Response {
    let ask = "demandez un nouveau lien à la personne qui vous l’a donné : votre formateur, ou celle qui administre le service";
    let (status, title, advice) = match gone {
        Gone::Unknown => (
            StatusCode::NOT_FOUND,
            "Ce lien n’ouvre rien",
            format!(
                "Il a peut-être été remplacé, ou coupé en chemin. Recopiez-le en entier ; s’il n’ouvre toujours rien, {ask}."
            ),
        ),
        Gone::Used => (
            StatusCode::GONE,
            "Ce lien a déjà servi",
            format!(
                "Il ne sert qu’une fois. Connectez-vous avec l’identifiant et le mot de passe que vous avez choisis ; si vous \
                 ne les avez plus, {ask}."
            ),
        ),
        Gone::Expired => (
            StatusCode::GONE,
            "Ce lien n’est plus valable",
            format!(
                "Il avait une durée limitée : {ask}. Pour le premier compte, relancez le service, qui en donne un nouveau."
            ),
        ),
        Gone::Closed => (
            StatusCode::GONE,
            "Ce compte est fermé",
            "Si vous devez y entrer, demandez à la personne qui administre le service de le rouvrir.".to_owned(),
        ),
    };
    with_status(status, &LinkGone { site: site(&comptoir.library.content(), who.viewer()), title, advice })
}
