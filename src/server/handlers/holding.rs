//! Everything held on one person, as one file that can be read.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::groups::moment;
use crate::clock::Timestamp;
use crate::id::VisitorId;
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::{french, log_label, paths};
use crate::store::{Conversation, Document, LogFilter, StoreError};
use crate::transcript::Happening;

/// The file, to be saved.
pub(super) async fn file(comptoir: &Comptoir, person: VisitorId) -> Result<Response, Failure> {
    let held = everything(comptoir, person).await?;
    let text = serde_json::to_string_pretty(&held).map_err(Failure::internal)?;
    let name = format!("attachment; filename=\"comptoir-{person}.json\"");
    let name = HeaderValue::from_str(&name).map_err(Failure::internal)?;
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], text).into_response())
}

async fn everything(comptoir: &Comptoir, person: VisitorId) -> Result<Value, StoreError> {
    let store = &comptoir.store;
    let account = store.account(person).await?;
    let mut conversations = Vec::new();
    let in_booklets = store.conversations_in_booklets(person).await?;
    for of in store.every_conversation(person).await? {
        let examined = in_booklets.iter().any(|(id, _, under_way)| *under_way && *id == of.id);
        conversations.push(conversation(comptoir, of, examined).await?);
    }
    let groups = store.groups_of_member(person).await?;
    let led = store.groups_of_trainer(person).await?;
    let about = LogFilter { about: Some(person.to_string()), ..LogFilter::default() };
    let log = store.log(&about, u32::MAX).await?;
    let documents = |documents: Vec<Document>| {
        let shown = |Document { kind, at, body }| json!({ "nature": kind, "date": when(at), "contenu": body });
        documents.into_iter().map(shown).collect::<Vec<_>>()
    };
    Ok(json!({
        "format": "comptoir, données personnelles, version 1",
        "fait_le": when(comptoir.now()),
        "compte": account.map(|account| json!({
            "repere": account.id.to_string(),
            "nom": account.name,
            "identifiant": account.login,
            "mot_de_passe": if account.has_password { "oui, sous forme d’empreinte seulement" } else { "non" },
            "formateur": account.trainer,
            "administrateur": account.administrator,
            "cree_le": when(account.created_at),
            "derniere_venue": account.seen_at.map(when),
            "ferme_le": account.closed_at.map(when),
        })),
        "groupes": groups.into_iter().map(|group| group.name).collect::<Vec<_>>(),
        "groupes_animes": led.into_iter().map(|group| group.name).collect::<Vec<_>>(),
        "navigateurs_connectes": store.sessions_of(person, comptoir.now()).await?,
        "echanges": conversations,
        "livrets": documents(store.every_booklet(person).await?),
        "deroulement_des_livrets": documents(store.every_booklet_event(person).await?),
        "relectures_faites": documents(store.every_review_by(person).await?),
        "lectures_a_l_aveugle": documents(store.every_blind_reading_by(person).await?),
        "etalonnages": documents(store.every_calibration_by(person).await?),
        "journal": log.into_iter().map(|line| json!({
            "date": when(line.at),
            "par": line.actor_name,
            "action": log_label(&line.action),
            "code": line.action,
            "sur": line.subject,
            "detail": line.detail,
        })).collect::<Vec<_>>(),
    }))
}

/// One conversation. `examined`: it is part of an exam that goes on, whose results nobody takes out before it is over.
async fn conversation(comptoir: &Comptoir, of: Conversation, examined: bool) -> Result<Value, StoreError> {
    let store = &comptoir.store;
    let id = of.id.to_string();
    let events = store.events(of.id, 0).await?;
    let words = events.iter().filter_map(|event| {
        let (who, text) = match &event.happening {
            Happening::Spoke { text, .. } => ("vous", text),
            Happening::Replied { text, .. } => ("la personne jouée", text),
            _ => return None,
        };
        Some(json!({ "numero": event.seq, "date": when(event.at), "qui": who, "mots": text }))
    });
    let words: Vec<Value> = words.collect();
    let marks = store.every_scorecard(of.id).await?.into_iter().map(|Document { kind, at, body }| {
        let by = match kind.as_str() {
            "rules" => "les règles de la grille",
            "both" => "les règles et un modèle de langue",
            "trainer" => "un formateur",
            other => other,
        };
        json!({ "par": by, "date": when(at), "contenu": body })
    });
    let marks: Vec<Value> = marks.filter(|_| !examined).collect();
    let reviews = store.every_publication(of.id).await?.into_iter();
    let reviews: Vec<Value> =
        reviews.map(|review| json!({ "date": when(review.at), "contenu": review.body })).collect();
    let recordings = store.recordings(of.id).await?.into_iter().map(|recorded| {
        json!({
            "date": when(recorded.at),
            "duree_ms": recorded.duration_ms,
            "a_ecouter": paths::recording(&id, &recorded.utterance),
        })
    });
    let recordings: Vec<Value> = recordings.collect();
    Ok(json!({
        "repere": id,
        "situation": of.persona,
        "canal": french::channel(of.channel),
        "debut": when(of.started_at),
        "fin": of.ended_at.map(when),
        "mots": words,
        "tout_ce_qui_s_est_passe": events,
        "bilans": marks,
        "bilans_a_venir": examined.then_some("Le livret est en cours : ses bilans sont remis une fois qu’il est rendu."),
        "relectures_publiees": reviews,
        "enregistrements": recordings,
    }))
}

/// For people and programs: « 22 novembre 2026 à 14 h 05 (2026-11-22T13:05:12Z) ».
fn when(at: Timestamp) -> String {
    format!("{} ({at})", moment(at).replace('\u{a0}', " "))
}
