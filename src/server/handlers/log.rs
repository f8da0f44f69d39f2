//! The log of who saw or changed what, for administrators.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::groups::moment;
use super::{page, site};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::name;
use crate::server::pages::{LogLine, LogPage, kinds, log_label, paths};
use crate::server::who::Who;
use crate::store::{LogFilter, LoggedLine, NO_NAME};

/// How many lines a page has.
const SHOWN: u32 = 100;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Asked {
    about: String,
    kind: String,
    before: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    who.administrator()?;
    let accounts = comptoir.store.accounts().await?;
    let about = asked.about.trim();
    let named = accounts.iter().find(|account| !about.is_empty() && name::same(&account.name, about));
    let people: BTreeMap<String, &str> =
        accounts.iter().map(|account| (account.id.to_string(), account.name.as_str())).collect();
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = LogFilter {
        about: named.map(|account| account.id.to_string()).or_else(|| said(about)),
        action: said(&asked.kind),
        before: said(&asked.before),
    };
    let lines = comptoir.store.log(&filter, SHOWN).await?;
    let older = lines.last().filter(|_| lines.len() == SHOWN as usize);
    let older = older.map(|last| paths::log(filter.about.as_deref().unwrap_or_default(), &asked.kind, &last.cursor));
    let kinds = kinds(&asked.kind);
    Ok(page(&LogPage {
        site: site(&comptoir.library.content(), who.viewer()),
        about: about.to_owned(),
        lines: lines.into_iter().map(|line| shown(&line, &people)).collect(),
        kinds,
        older,
    }))
}

fn shown(line: &LoggedLine, people: &BTreeMap<String, &str>) -> LogLine {
    let called = |id: &String| people.get(id).map_or_else(|| id.clone(), |name| (*name).to_owned());
    let who = match line.actor_name.as_deref() {
        Some(NO_NAME) => "personne effacée".to_owned(),
        Some(name) => name.to_owned(),
        None => "le service".to_owned(),
    };
    LogLine {
        at: moment(line.at),
        who,
        what: log_label(&line.action),
        same: line.subject.as_deref().map(paths::log_about),
        on: line.subject.as_ref().map(called),
        detail: line.detail.as_ref().map(called),
    }
}
