//! The form: shown, saved, checked while it is typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

use super::{Bounded, Desk, Typed, conflict, head, problems, title_of, written};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::writing::{Conflict, FaultView, PartLink, WritingForm, blocks};
use crate::server::pages::{french, paths};
use crate::server::who::Who;
use crate::store::{Save, Situation};
use crate::writing::{self, Act, Draft, LARGEST, Section, SectionId, anchor};

/// How many trials are listed.
const TRIALS: u32 = 5;

/// Which part, and what just happened.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Shown {
    #[serde(default)]
    part: String,
    #[serde(default)]
    saved: String,
}

type Pairs = Result<Form<Vec<(String, String)>>, FormRejection>;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let part = SectionId::named(&shown.part).or_else(|| SectionId::all().next()).ok_or(Code::NotFound)?;
    if Draft::read(&situation.draft).is_none() {
        return Ok(Redirect::to(&paths::situation_text(&id)).into_response());
    }
    let view = View { comptoir: &comptoir, who: &who, situation: &situation, part };
    view.page(&situation.draft, !shown.saved.is_empty(), None).await
}

pub(in crate::server) async fn save(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    _: Bounded,
    Path(id): Path<String>,
    form: Pairs,
) -> Result<Response, Failure> {
    let (trainer, situation) = written(&comptoir, &who, &id).await?;
    let typed = Typed::of(form)?;
    let part = SectionId::named(typed.get("part")).ok_or(Code::BadForm)?;
    let revision = typed.number("revision")?;
    let next = SectionId::named(typed.get("go")).unwrap_or(part);
    let act = typed.get("do").to_owned();
    let desk = Desk::open(&comptoir).await?;
    let sent = typed.sent();
    if revision != situation.revision {
        return outrun(&comptoir, &who, &situation, &desk, (part, revision), &sent).await;
    }
    let Some(mut draft) = Draft::read(&situation.draft) else {
        return Ok(Redirect::to(&paths::situation_text(&id)).into_response());
    };
    let section = writing::form(&draft, &desk.names, part);
    draft.fill(&section, &sent);
    let act = Act::named(&act, &section);
    if let Some(act) = &act {
        draft.act(act);
    }
    if draft.text().len() > LARGEST {
        return Err(Code::FileTooLarge.into());
    }
    if draft.text() != situation.draft {
        let title = title_of(&id, draft.text());
        let save = Save { id: &id, revision, title: &title, draft: draft.text(), by: trainer.id, at: comptoir.now() };
        if comptoir.store.save_draft(&save).await?.is_none() {
            let (_, situation) = written(&comptoir, &who, &id).await?;
            return outrun(&comptoir, &who, &situation, &desk, (part, revision), &sent).await;
        }
    }
    let place = act.map(|act| place(&act, &writing::form(&draft, &desk.names, part))).unwrap_or_default();
    let to = format!("{}?part={}&saved=1{place}", paths::situation_form(&id), next.name());
    Ok(Redirect::to(&to).into_response())
}

/// Where to look after an act.
fn place(act: &Act, section: &Section) -> String {
    let path = match act {
        Act::Add(list) => {
            let entries = section.nodes.iter().find_map(|node| match node {
                writing::Node::Entries(entries) if entries.path == *list => Some(entries),
                _ => None,
            });
            entries.and_then(|entries| entries.entries.last()).map_or_else(|| list.clone(), |entry| entry.path.clone())
        }
        Act::Remove(path) | Act::Up(path) | Act::Down(path) | Act::ByMood(path) | Act::OneList(path) => path.clone(),
    };
    format!("#{}", anchor(&path.to_string()))
}

/// Somebody saved since the form was shown: what differs is shown, with what was typed still in the form.
async fn outrun(
    comptoir: &Arc<Comptoir>,
    who: &Who,
    situation: &Situation,
    desk: &Desk,
    (part, revision): (SectionId, u32),
    sent: &writing::Sent,
) -> Result<Response, Failure> {
    let base = comptoir.store.draft_at(&situation.id, revision).await?;
    let base = base.unwrap_or_else(|| situation.draft.clone());
    let merged = writing::merge(&base, &situation.draft, &desk.names, part, sent);
    let conflict = conflict(situation, &merged.theirs, &merged.mine, merged.apart);
    if Draft::read(&merged.text).is_none() {
        return super::text::outrun(comptoir, who, situation, desk, &merged.text, conflict).await;
    }
    let view = View { comptoir, who, situation, part };
    let mut page = view.page(&merged.text, false, Some(conflict)).await?;
    *page.status_mut() = StatusCode::CONFLICT;
    Ok(page)
}

struct View<'v> {
    comptoir: &'v Arc<Comptoir>,
    who: &'v Who,
    situation: &'v Situation,
    part: SectionId,
}

impl View<'_> {
    async fn page(&self, text: &str, saved: bool, conflict: Option<Conflict>) -> Result<Response, Failure> {
        let (id, part) = (&self.situation.id, self.part);
        let desk = Desk::open(self.comptoir).await?;
        let checked = desk.check(id, text).await?;
        let draft = Draft::read(text).ok_or_else(|| Failure::internal("a draft that is no TOML in the form"))?;
        let section = writing::form(&draft, &desk.names, part);
        let link = |id: SectionId| PartLink {
            name: id.name(),
            title: id.title(),
            faults: checked.faults.iter().filter(|fault| fault.section == Some(id)).count(),
            current: id == part,
        };
        let trials = match self.who.visitor() {
            Some(visitor) => self.comptoir.store.trials_of(visitor, id, TRIALS).await?,
            None => Vec::new(),
        };
        let trial = |trial: &crate::store::Conversation| {
            let (when, id) = (french::moment(&french::paris(trial.started_at)), trial.id.to_string());
            (when, if trial.ended_at.is_some() { paths::scorecard(&id) } else { paths::conversation(&id) })
        };
        Ok(page(&WritingForm {
            site: site(&desk.content, self.who.viewer()),
            head: head(self.comptoir, self.situation, checked.faults.len()).await?,
            revision: self.situation.revision,
            parts: SectionId::all().map(link).collect(),
            part: part.name(),
            title: part.title(),
            about: section.about,
            blocks: blocks(&section.nodes, &checked.faults),
            problems: problems(id, &checked.faults),
            saved,
            conflict,
            trials: trials.iter().map(trial).collect(),
        }))
    }
}

/// Checks what is being typed: nothing is saved. Takes the fields of the form, or a whole `text`.
pub(in crate::server) async fn check(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    _: Bounded,
    Path(id): Path<String>,
    form: Pairs,
) -> Result<Response, Failure> {
    let (_, situation) = written(&comptoir, &who, &id).await?;
    let typed = Typed::of(form)?;
    let desk = Desk::open(&comptoir).await?;
    let text = typed_text(&comptoir, &situation, &desk, typed).await?;
    let checked = desk.check(&id, &text).await?;
    let mut parts: BTreeMap<&str, usize> = SectionId::all().map(|id| (id.name(), 0)).collect();
    let lines = problems(&id, &checked.faults);
    let faults = checked.faults.iter().zip(lines).map(|(fault, line)| {
        if let Some(section) = fault.section {
            *parts.entry(section.name()).or_default() += 1;
        }
        let shown = FaultView::of(fault);
        json!({
            "part": fault.section.map(SectionId::name),
            "anchor": fault.anchor(),
            "href": line.href,
            "way": french::typeset(&line.way),
            "rule": french::typeset(&shown.rule),
            "fix": french::typeset(&shown.fix),
            "line": fault.fault.line,
            "excerpt": fault.fault.excerpt,
        })
    });
    let faults: Vec<_> = faults.collect();
    Ok(Json(json!({ "count": faults.len(), "parts": parts, "faults": faults })).into_response())
}

/// The text that a form stands for, on top of the draft that it was shown with.
pub(super) async fn typed_text(
    comptoir: &Comptoir,
    situation: &Situation,
    desk: &Desk,
    typed: Typed,
) -> Result<String, Failure> {
    let Some(part) = SectionId::named(typed.get("part")) else {
        return Ok(typed.get("text").replace("\r\n", "\n"));
    };
    let revision = typed.number("revision")?;
    let base =
        if revision == situation.revision { None } else { comptoir.store.draft_at(&situation.id, revision).await? };
    let base = base.unwrap_or_else(|| situation.draft.clone());
    let Some(mut draft) = Draft::read(&base) else { return Ok(base) };
    draft.fill(&writing::form(&draft, &desk.names, part), &typed.sent());
    Ok(draft.text().to_owned())
}
