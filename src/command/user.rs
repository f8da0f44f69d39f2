//! `comptoir user`: accounts, from the machine that hosts the service.
//!
//! It works on the database of the settings, beside a service that runs. Links are told, never passwords.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::config::Storage;
use crate::entropy::{self, SystemEntropy};
use crate::id::VisitorId;
use crate::server::PublicUrl;
use crate::store::{Account, AuditLine, Link, LinkPurpose, NewAccount, Store, StoreError, TokenDigest};

/// How long an invitation works.
const INVITED_FOR: Duration = Duration::from_hours(168);

/// Arguments of `user`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,

    #[command(flatten)]
    storage: Storage,

    /// The address people type, for the links: `https://comptoir.example`.
    #[arg(long, env = "COMPTOIR_PUBLIC_URL", global = true)]
    public_url: Option<PublicUrl>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the accounts: id, roles, login, name.
    List,
    /// Make an account for a colleague, and print the link with which they choose login and password.
    Invite {
        /// Their name.
        name: String,
        /// They lead groups.
        #[arg(long)]
        trainer: bool,
        /// They run the service.
        #[arg(long)]
        administrator: bool,
    },
    /// Print a link with which someone chooses another password.
    Reset {
        /// Their login.
        login: String,
    },
    /// Close an account: nobody signs in with it any more, nothing is erased.
    Close {
        /// Its login.
        login: String,
    },
    /// Erase a person with all that is theirs; results stay without names.
    Erase {
        /// Their id, as `list` gives it.
        id: VisitorId,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Does what was asked.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let store = Store::open(arguments.storage.address()).await.context("open the store")?;
        let done = act(&store, arguments).await;
        store.close().await;
        done
    })
}

async fn act(store: &Store, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    match &arguments.act {
        Act::List => list(store).await,
        Act::Invite { name, trainer, administrator } => {
            let name = name.trim();
            if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
                return Ok(refused("un nom d'une ligne est attendu, de 80 caractères au plus"));
            }
            if !trainer && !administrator {
                return Ok(refused("choisissez au moins un rôle : --trainer, --administrator"));
            }
            let id = VisitorId::new(entropy::ulid(&SystemEntropy, now));
            let (trainer, administrator) = (*trainer, *administrator);
            let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer, administrator };
            store.add_account(&new, &TokenDigest::of(&entropy::token(&SystemEntropy)), now).await?;
            tell_link(store, arguments, id, now).await?;
            log(store, "account.invited", id, now).await
        }
        Act::Reset { login } => match of(store, login).await? {
            None => Ok(refused("aucun compte n'a cet identifiant")),
            Some(account) if account.closed_at.is_some() => Ok(refused("ce compte est fermé")),
            Some(account) => {
                tell_link(store, arguments, account.id, now).await?;
                log(store, "account.reset", account.id, now).await
            }
        },
        Act::Close { login } => match of(store, login).await? {
            None => Ok(refused("aucun compte n'a cet identifiant")),
            Some(account) if store.close_account(account.id, Some(now)).await? => {
                println!("Le compte de {} est fermé.", account.name);
                log(store, "account.closed", account.id, now).await
            }
            Some(_) => Ok(refused("c'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre")),
        },
        Act::Erase { id, yes } => {
            let Some(account) = store.account(*id).await? else { return Ok(refused("aucun compte n'a ce repère")) };
            if !yes && !confirmed(&account)? {
                return Ok(refused("rien n'est effacé"));
            }
            match store.erase_person(*id).await {
                Ok(erased) => {
                    println!("Effacé : le compte et {} échange(s).", erased.map_or(0, |erased| erased.len()));
                    log(store, "account.erased", *id, now).await
                }
                Err(StoreError::Conflict) => Ok(refused(
                    "c'est le dernier administrateur, ou le seul formateur d'un groupe : donnez d'abord ce rôle à \
                     quelqu'un d'autre",
                )),
                Err(error) => Err(error).context("erase a person"),
            }
        }
    }
}

async fn list(store: &Store) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for Account { id, name, login, trainer, administrator, closed_at, .. } in store.accounts().await? {
        let roles = match (trainer, administrator) {
            (true, true) => "formateur et administrateur",
            (true, false) => "formateur",
            (false, true) => "administrateur",
            (false, false) => "stagiaire",
        };
        let closed = if closed_at.is_some() { ", fermé" } else { "" };
        writeln!(out, "{id}\t{roles}{closed}\t{}\t{name}", login.as_deref().unwrap_or("-"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn of(store: &Store, login: &str) -> anyhow::Result<Option<Account>> {
    let login = login.trim().to_lowercase();
    let found = store.accounts().await?.into_iter().find(|account| account.login.as_deref() == Some(login.as_str()));
    Ok(found)
}

/// Makes and prints a link to choose login and password.
async fn tell_link(store: &Store, arguments: &Arguments, account: VisitorId, now: Timestamp) -> anyhow::Result<()> {
    let token = entropy::token(&SystemEntropy);
    let link = Link {
        purpose: LinkPurpose::Password,
        account: Some(account),
        made_by: None,
        made_at: now,
        until: Some(now + INVITED_FOR),
        used_at: None,
    };
    store.add_link(&TokenDigest::of(&token), &link).await?;
    let base = arguments.public_url.as_ref().map_or_else(|| "http://127.0.0.1:8080".to_owned(), ToString::to_string);
    println!("Lien valable sept jours, une seule fois : {base}/welcome/{token}");
    Ok(())
}

/// Asks on the terminal.
fn confirmed(account: &Account) -> anyhow::Result<bool> {
    eprint!("Effacer {} et tout ce qui est à cette personne ? Écrivez « effacer » : ", account.name);
    std::io::stderr().flush()?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed.trim().to_lowercase() == "effacer")
}

fn refused(why: &str) -> ExitCode {
    eprintln!("comptoir : {why}.");
    ExitCode::from(1)
}

/// A line of the log, without a name: whoever reaches the machine's console.
async fn log(store: &Store, action: &str, subject: VisitorId, at: Timestamp) -> anyhow::Result<ExitCode> {
    let line = AuditLine {
        at,
        actor: None,
        actor_name: None,
        action: action.to_owned(),
        subject: Some(subject.to_string()),
        detail: Some("depuis la ligne de commande".to_owned()),
    };
    store.add_audit(entropy::ulid(&SystemEntropy, at), &line).await?;
    Ok(ExitCode::SUCCESS)
}
