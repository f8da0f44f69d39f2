//! What a group's trainers have to review.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use crate::id::{ConversationId, VisitorId};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::{GroupReviews, ToReview, french, paths};
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::{ReviewState, Reviewable, UnderWay};

/// How many of each are shown.
const SHOWN: usize = 60;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let me = who.trainer()?.id;
    let all = comptoir.store.reviewables(group.id).await?;
    let under_way = comptoir.store.reviews_under_way(group.id).await?;
    let blind: BTreeMap<ConversationId, [(VisitorId, bool); 2]> =
        comptoir.store.blind_readings(group.id).await?.into_iter().collect();
    let trainers = comptoir.store.trainers(group.id).await?;
    let (content, titles) = (comptoir.library.content(), comptoir.titles().await?);
    let begun: BTreeMap<ConversationId, Vec<&UnderWay>> =
        under_way.iter().fold(BTreeMap::new(), |mut begun: BTreeMap<_, Vec<&UnderWay>>, one| {
            begun.entry(one.conversation).or_default().push(one);
            begun
        });
    let waits =
        |one: &&Reviewable| one.published.as_ref().is_none_or(|(_, _, changed)| *changed) || one.asked_at.is_some();
    let is_begun = |one: &&Reviewable| begun.contains_key(&one.conversation) || blind.contains_key(&one.conversation);
    let mut awaiting: Vec<&Reviewable> = all.iter().filter(waits).filter(|one| !is_begun(one)).collect();
    awaiting.sort_by_key(|one| {
        let changed = one.published.as_ref().is_some_and(|(_, _, changed)| *changed);
        Reverse((one.asked_at.is_some(), changed, one.doubts, one.broke_off, one.first, one.started_at))
    });
    let mut published: Vec<&Reviewable> = all.iter().filter(|one| one.published.is_some()).collect();
    published.sort_by_key(|one| Reverse(one.published.as_ref().map(|(at, _, _)| *at)));
    let others: Vec<(String, String)> =
        trainers.into_iter().filter(|(other, _)| *other != me).map(|(id, name)| (id.to_string(), name)).collect();
    Ok(page(&GroupReviews {
        site: site(&content, who.viewer()),
        id,
        name: group.name,
        more: awaiting.len().saturating_sub(SHOWN),
        awaiting: awaiting.iter().take(SHOWN).map(|one| to_review(&titles, one, why(one))).collect(),
        under_way: all
            .iter()
            .filter(is_begun)
            .map(|one| {
                let told = standing(begun.get(&one.conversation), blind.get(&one.conversation), me);
                ToReview { can_be_blind: false, ..to_review(&titles, one, told) }
            })
            .collect(),
        more_published: published.len().saturating_sub(SHOWN),
        published: published
            .iter()
            .take(SHOWN)
            .map(|one| ToReview { can_be_blind: false, urgent: false, ..to_review(&titles, one, word(one)) })
            .collect(),
        others,
    }))
}

fn to_review(titles: &Titles, one: &Reviewable, why: Vec<String>) -> ToReview {
    let id = one.conversation.to_string();
    ToReview {
        title: titles.of(&one.persona),
        trainee: one.member_name.clone(),
        when: french::moment(&french::paris(one.started_at)),
        why,
        urgent: one.asked_at.is_some(),
        can_be_blind: one.published.is_none(),
        href: paths::review(&id),
        id,
    }
}

/// Why it should be looked at.
fn why(one: &Reviewable) -> Vec<String> {
    let mut why = Vec::new();
    if let Some(asked) = one.asked_at {
        why.push(format!("demandée par le stagiaire le {}", french::date(french::paris(asked).date())));
    }
    if one.published.as_ref().is_some_and(|(_, _, changed)| *changed) {
        why.push("modifié depuis la relecture publiée".to_owned());
    }
    if one.doubts > 0 {
        why.push(format!("{} à vérifier", french::count(one.doubts.into(), "cotation")));
    }
    if one.broke_off {
        why.push("échange rompu".to_owned());
    }
    if one.first {
        why.push("premier essai".to_owned());
    }
    why
}

/// Who has begun, and who has given theirs.
fn standing(begun: Option<&Vec<&UnderWay>>, blind: Option<&[(VisitorId, bool); 2]>, me: VisitorId) -> Vec<String> {
    if let Some(readers) = blind {
        let given = readers.iter().filter(|(_, given)| *given).count();
        let told = match readers.iter().find(|(reader, _)| *reader == me) {
            _ if given == 2 => "double relecture à départager".to_owned(),
            Some((_, true)) => "en aveugle : vous avez remis la vôtre, l'autre est attendue".to_owned(),
            Some((_, false)) => "en aveugle : la vôtre est attendue".to_owned(),
            None => format!("en aveugle : {given} sur 2 remises"),
        };
        return vec![told];
    }
    let told = |one: &&UnderWay| {
        let who = if one.reviewer == me { "votre brouillon" } else { &one.reviewer_name };
        let what = if one.state == ReviewState::Finished { "remise" } else { "enregistrée" };
        format!("{who}, {what} le {}", french::moment(&french::paris(one.changed_at)))
    };
    begun.map(|begun| begun.iter().map(told).collect()).unwrap_or_default()
}

/// By whom and when it was published.
fn word(one: &Reviewable) -> Vec<String> {
    let Some((at, by, changed)) = &one.published else { return Vec::new() };
    let by = by.as_deref().unwrap_or("un formateur");
    let mut told = vec![format!("publiée par {by} le {}", french::moment(&french::paris(*at)))];
    if *changed {
        told.push("modifié depuis".to_owned());
    }
    told
}
