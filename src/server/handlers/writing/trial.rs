//! A draft tried by the trainer who writes it: a conversation that counts nowhere.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde_json::{Value, json};

use super::form::typed_text;
use super::{Bounded, Desk, Typed, problems, written};
use crate::conversation::Stage;
use crate::entropy::seed;
use crate::id::ConversationId;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::handlers::conversation::live;
use crate::server::handlers::{page, site};
use crate::server::pages::writing::WritingTrial;
use crate::server::pages::{french, paths};
use crate::server::who::Who;
use crate::store::{NewConversation, Version, VersionKind};
use crate::transcript::{Start, Turn};

/// Opens a conversation with what the form shows, saved or not.
pub(in crate::server) async fn start(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    _: Bounded,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Failure> {
    let (trainer, situation) = written(&comptoir, &who, &id).await?;
    let typed = Typed::of(form)?;
    let desk = Desk::open(&comptoir).await?;
    let text = typed_text(&comptoir, &situation, &desk, typed).await?;
    let checked = desk.check(&id, &text).await?;
    let Some(persona) = checked.persona else {
        let mut page = page(&WritingTrial {
            site: site(&desk.content, who.viewer()),
            title: situation.title.clone(),
            back: paths::situation_form(&id),
            problems: problems(&id, &checked.faults),
        });
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    };
    if !comptoir.limits.take(trainer.id, comptoir.now()) {
        return Err(Code::TooManyMessages.into());
    }
    let now = comptoir.now();
    let version = Version { kind: VersionKind::Persona, name: &id, digest: persona.hash(), text: &text };
    comptoir.store.keep_version(version, now).await?;
    let start = Start {
        persona: id,
        persona_hash: persona.hash().to_owned(),
        rubric: desk.content.rubrics().next().map(|rubric| rubric.id().to_owned()).unwrap_or_default(),
        channel: persona.file().channel,
        seed: seed(comptoir.entropy.as_ref()),
        hints: true,
        aloud: false,
        branched_from: None,
    };
    let trial = ConversationId::new(comptoir.ulid());
    tracing::info!(conversation = %trial, persona = start.persona, "trial opened");
    let new = NewConversation { id: trial, visitor: trainer.id, start, at: now, shared: Vec::new() };
    comptoir.store.start_trial(&new).await?;
    Ok(Redirect::to(&paths::conversation(&trial.to_string())).into_response())
}

/// What a trial is about at this moment: the mood, and what each turn of the trainer did.
pub(in crate::server) async fn heard(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, trial)): Path<(String, String)>,
) -> Result<Response, Failure> {
    written(&comptoir, &who, &id).await?;
    let conversation = who.conversation(&comptoir, &trial).await?;
    if conversation.persona != id {
        return Err(Code::UnknownConversation.into());
    }
    let (stage, live) = live(&comptoir, &conversation).await?;
    let (tension, trust) = (live.state().tension(), live.state().trust());
    let said = live.turns().iter().filter(|turn| turn.is_trainee());
    let answered = live.turns().iter().filter_map(|turn| turn.change.as_ref());
    // An opening is an answer to nothing: the latest answers go with the latest words.
    let (said, answered): (Vec<&Turn>, Vec<_>) = (said.collect(), answered.collect());
    let turns: Vec<Value> = said
        .iter()
        .rev()
        .zip(answered.iter().rev())
        .rev()
        .map(|(turn, change)| {
            let causes: Vec<String> = change.moods.iter().filter(|mood| !mood.why.is_empty()).map(why).collect();
            json!({
                "said": turn.text.chars().take(80).collect::<String>(),
                "causes": causes,
                "told": labels(&stage, &change.told),
                "withheld": labels(&stage, &change.withheld),
                "steps": steps(&stage, &change.steps),
            })
        })
        .collect();
    let mood = format!("Tension {tension} sur 10 ({}), confiance {trust} sur 10.", french::tension(tension));
    Ok(Json(json!({ "mood": mood, "over": conversation.ended_at.is_some(), "turns": turns })).into_response())
}

fn why(mood: &crate::character::MoodMove) -> String {
    let signed = |moved: i8| if moved < 0 { format!("−{}", moved.unsigned_abs()) } else { format!("+{moved}") };
    let mut moved = Vec::new();
    if mood.tension != 0 {
        moved.push(format!("tension {}", signed(mood.tension)));
    }
    if mood.trust != 0 {
        moved.push(format!("confiance {}", signed(mood.trust)));
    }
    if moved.is_empty() { mood.why.clone() } else { format!("{} ({})", mood.why, moved.join(", ")) }
}

fn labels(stage: &Stage, facts: &[String]) -> Vec<String> {
    let label = |id: &String| stage.persona.fact(id).map_or_else(|| id.clone(), |fact| fact.label.clone());
    facts.iter().map(label).collect()
}

fn steps(stage: &Stage, steps: &[String]) -> Vec<String> {
    let known = &stage.persona.file().expects.next_step;
    let text = |id: &String| match known.iter().find(|step| step.id == *id) {
        Some(step) => step.text.clone(),
        None if id == "need" => "Le besoin est compris.".to_owned(),
        None => id.clone(),
    };
    steps.iter().map(text).collect()
}
