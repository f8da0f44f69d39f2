//! The gallery.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;

use super::assignments::mine::todos;
use super::{fresh_content, page, site};
use crate::fault::Fault;
use crate::persona::Persona;
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::{BrokenFile, Card, Filter, Gallery, Ongoing, french};
use crate::server::situations::Repertoire;
use crate::server::who::Who;
use crate::store::Best;

/// How many of the latest conversations are looked through for one left open.
const LATEST: u32 = 20;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let content = fresh_content(&comptoir).await?;
    let repertoire = comptoir.repertoire(Arc::clone(&content), who.visitor()).await?;
    let best = match who.visitor() {
        Some(visitor) => comptoir.store.best_of(visitor).await?,
        None => Vec::new(),
    };
    let mut cards: Vec<Card> = repertoire.personas().map(|persona| card(persona, &best)).collect();
    cards.sort_by(|a, b| (a.difficulty, &a.title).cmp(&(b.difficulty, &b.title)));
    let filtered = filter.any();
    let mut todo = todos(&comptoir, &repertoire, &who).await?;
    todo.retain(|todo| !todo.closed && !todo.done);
    Ok(page(&Gallery {
        site: site(&content, who.viewer()),
        filters: filter.groups(),
        filtered,
        // What is to be done comes first.
        next: if filtered || !todo.is_empty() { None } else { next(&cards).cloned() },
        ongoing: ongoing(&comptoir, &repertoire, &who).await?,
        todo,
        cards: cards.into_iter().filter(|card| filter.keeps(card)).collect(),
        faults: broken(content.faults()),
    }))
}

fn card(persona: &Persona, best: &[Best]) -> Card {
    let file = persona.file();
    let best = best.iter().find(|best| best.persona == file.id);
    Card {
        id: file.id.clone(),
        title: file.title.clone(),
        summary: file.summary.clone(),
        channel: file.channel,
        family: file.family,
        difficulty: file.difficulty,
        minutes: file.minutes,
        trains: file.trains.clone(),
        attempts: best.map_or(0, |best| best.ended.into()),
        best: best.and_then(|best| best.overall),
    }
}

/// The easiest situation never finished; once all are, the one with the weakest result.
fn next(cards: &[Card]) -> Option<&Card> {
    cards.iter().find(|card| card.attempts == 0).or_else(|| cards.iter().min_by_key(|card| card.best))
}

async fn ongoing(comptoir: &Comptoir, repertoire: &Repertoire, who: &Who) -> Result<Option<Ongoing>, Failure> {
    let Some(visitor) = who.visitor() else { return Ok(None) };
    let latest = comptoir.store.conversations_of(visitor, LATEST).await?;
    let open = latest.into_iter().map(|listed| listed.conversation).find(|open| open.ended_at.is_none());
    let Some(open) = open else { return Ok(None) };
    let title = match repertoire.persona(&open.persona) {
        Some(persona) => persona.file().title.clone(),
        // Begun before the situation was withdrawn: it goes on.
        None => comptoir.titles().await?.of(&open.persona),
    };
    let since = french::moment(&french::paris(open.started_at));
    Ok(Some(Ongoing { id: open.id.to_string(), title, since }))
}

/// One line per broken file, its first fault.
fn broken(faults: &[Fault]) -> Vec<BrokenFile> {
    let mut first: BTreeMap<&str, &Fault> = BTreeMap::new();
    for fault in faults {
        first.entry(&fault.file).or_insert(fault);
    }
    let line = |fault: &Fault| match fault.field.as_str() {
        "" => format!("ligne {} : {}", fault.line, fault.rule),
        field => format!("ligne {}, « {field} » : {}", fault.line, fault.rule),
    };
    first.into_iter().map(|(file, fault)| BrokenFile { file: file.to_owned(), fault: line(fault) }).collect()
}
