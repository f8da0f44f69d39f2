//! The visitor's conversations, with progress.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::{page, site};
use crate::content::Content;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::{self, Past, Progress, french};
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::Listed;

/// How many are shown.
const SHOWN: u32 = 200;

pub(in crate::server) async fn show(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let content = comptoir.library.content();
    let listed = match who.visitor() {
        Some(visitor) => listed(&comptoir, visitor).await?,
        None => Vec::new(),
    };
    let titles = comptoir.titles().await?;
    Ok(page(&pages::Conversations {
        site: site(&content, who.viewer()),
        past: listed.iter().map(|listed| past(&titles, listed)).collect(),
        progress: progress(&content, &titles, &listed),
    }))
}

/// A person's conversations; those of an exam under way without their results, whoever has seen them already.
async fn listed(comptoir: &Comptoir, visitor: VisitorId) -> Result<Vec<Listed>, Failure> {
    let mut listed = comptoir.store.conversations_of(visitor, SHOWN).await?;
    let in_booklets = comptoir.store.conversations_in_booklets(visitor).await?;
    for one in &mut listed {
        if in_booklets.iter().any(|(id, _, under_way)| *under_way && *id == one.conversation.id) {
            one.result = None;
        }
    }
    Ok(listed)
}

fn past(titles: &Titles, listed: &Listed) -> Past {
    let conversation = &listed.conversation;
    let state = match (conversation.ended_at, &listed.result) {
        (None, _) => pages::State::Open,
        (Some(_), None) => pages::State::ToHandOff,
        (Some(_), Some(result)) => pages::State::Scored(result.overall),
    };
    let duration = conversation.ended_at.map(|ended| {
        let seconds = ended.duration_since(conversation.started_at).as_secs();
        french::duration(u64::try_from(seconds).unwrap_or(0))
    });
    Past {
        id: conversation.id.to_string(),
        persona: conversation.persona.clone(),
        title: titles.of(&conversation.persona),
        channel: conversation.channel,
        when: french::moment(&french::paris(conversation.started_at)),
        lasted: duration,
        state,
        retried: conversation.branched_from.is_some(),
    }
}

/// Scores per axis of what was scored, oldest first.
fn progress(content: &Content, titles: &Titles, listed: &[Listed]) -> Option<Progress> {
    let axes = &content.rubrics().next()?.file().axis;
    let results: Vec<pages::Result> = listed
        .iter()
        .rev()
        .filter_map(|listed| {
            let result = listed.result.as_ref()?;
            let conversation = &listed.conversation;
            let score = |axis: &str| result.axes.iter().find(|score| score.id == axis)?.score;
            Some(pages::Result {
                id: conversation.id.to_string(),
                day: french::short_date(french::paris(conversation.started_at).date()),
                title: titles.of(&conversation.persona),
                scores: axes.iter().map(|axis| score(&axis.id)).collect(),
            })
        })
        .collect();
    let axes = axes.iter().map(|axis| (axis.id.clone(), axis.name.clone())).collect();
    (!results.is_empty()).then_some(Progress { axes, results })
}
