//! A trainer's review of a conversation: shown, saved, published; and the pages around it.

pub(in crate::server) mod agreement;
pub(in crate::server) mod blind;
pub(in crate::server) mod calibration;
mod fields;
pub(in crate::server) mod lists;
mod view;

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde_json::json;

use self::fields::{Fields, Sent, fields_of, label, shown};
use super::card::Card;
use super::scorecard::reviewed;
use super::{page, site};
use crate::conversation::Stage;
use crate::review::{PublishError, Review, ReviewError, publish};
use crate::scoring::{Decision, Draft, Objection, Place, Why};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{ConflictRow, ReviewConflict, french, paths};
use crate::server::who::{Reading, Signed, Who};
use crate::store::{Blind, Conversation, ReviewState, SavedReview, StoreError, StoredReview};

/// A conversation under review, with who reviews it.
pub(super) struct Desk {
    conversation: Conversation,
    trainer: Signed,
    trainee: String,
    stage: Stage,
    review: Review,
    own: Option<StoredReview>,
    others: Vec<StoredReview>,
    blind: Option<Blind>,
}

impl Desk {
    async fn open(comptoir: &Comptoir, who: &Who, id: &str) -> Result<Desk, Failure> {
        let (conversation, trainer) = who.trained(comptoir, id).await?;
        let trainer = trainer.clone();
        comptoir.read_by(who, Reading::Trainer, &conversation).await?;
        let (stage, review) = reviewed(comptoir, &conversation).await?;
        let account = comptoir.store.account(conversation.visitor).await?;
        let reviews = comptoir.store.reviews_of(conversation.id).await?;
        let (own, others): (Vec<_>, Vec<_>) = reviews.into_iter().partition(|one| one.reviewer == trainer.id);
        Ok(Desk {
            trainee: account.map_or_else(|| "Le stagiaire".to_owned(), |account| account.name),
            blind: comptoir.store.blind(conversation.id).await?,
            own: own.into_iter().next(),
            conversation,
            trainer,
            stage,
            review,
            others,
        })
    }

    /// Whether the automatic marks and the others' are hidden from this trainer.
    fn is_blind(&self) -> bool {
        self.blind.as_ref().is_some_and(|blind| blind.blinds(self.trainer.id))
    }

    /// Whether this trainer has given theirs blind and waits for the other's.
    fn is_given(&self) -> bool {
        self.is_blind() && self.own.as_ref().is_some_and(|own| own.state == ReviewState::Finished)
    }

    /// The number of the last publication.
    fn last(&self) -> u32 {
        self.review.publication.as_ref().map_or(0, |publication| publication.number)
    }

    /// What is put down so far; without a review of one's own, what was published.
    fn draft(&self) -> Draft {
        match (&self.own, &self.review.publication) {
            (Some(own), _) => own.draft.clone(),
            (None, Some(publication)) if !self.is_blind() => Draft::of(&publication.rulings),
            (None, _) => Draft::default(),
        }
    }

    /// The version of one's own review, and the last publication that it takes into account.
    fn version(&self) -> (u32, u32) {
        self.own.as_ref().map_or((0, self.last()), |own| (own.version, own.base))
    }

    fn card(&self) -> Card<'_> {
        Card::for_trainer(&self.review, &self.stage, &self.trainee)
    }

    fn saved<'d>(&self, version: u32, base: u32, draft: &'d Draft) -> SavedReview<'d> {
        SavedReview { conversation: self.conversation.id, reviewer: self.trainer.id, version, base, draft }
    }

    /// What blind marks lack: each indicator wants a decision, also those that may not apply.
    fn lacking_blind(&self, draft: &Draft) -> Vec<Objection> {
        let indicators = self.review.rubric.indicators().iter();
        let undecided = indicators.filter(|indicator| draft.decision(&indicator.id).is_none());
        let undecided = undecided.map(|one| Objection { place: Place::Mark(one.id.clone()), why: Why::Undecided });
        undecided.chain(draft.objections(None, &self.review.live.transcript())).collect()
    }
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&comptoir, &who, &id).await?;
    Ok(page(&view::review(&comptoir, &who, &desk, &desk.draft(), desk.version(), &[]).await?))
}

pub(in crate::server) async fn write(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&comptoir, &who, &id).await?;
    let Form(sent) = form.map_err(|_| Code::BadForm)?;
    let fields = Fields::of(sent);
    if desk.is_given() {
        return Ok(Redirect::to(&paths::review(&id)).into_response());
    }
    let (version, base) = (fields.number("version"), fields.number("base"));
    let mut draft = fields.draft();
    let action = fields.get("action").unwrap_or("save");
    let accepted = fields.get("accept");
    if !desk.is_blind() {
        let automatic = &desk.review.automatic;
        if let Some(mark) = accepted.and_then(|id| automatic.marks.iter().find(|mark| mark.id == id)) {
            draft.entries.entry(mark.id.clone()).or_default().decision = Some(Decision::of(mark.level));
        }
        if action == "accept" {
            draft.accept_the_rest(automatic);
        }
    }
    let for_scripts = headers.get(ACCEPT).is_some_and(|accept| accept == "application/json");
    let saved = match save(&comptoir, &desk, version, base, &draft).await? {
        Some(saved) => saved,
        None if for_scripts => return Err(Code::ReviewOvertaken.into()),
        None => return conflict(&comptoir, &who, &id, &draft, Overtaken::Saved).await,
    };
    if for_scripts {
        return Ok(Json(json!({ "version": saved })).into_response());
    }
    if action == "publish" {
        return if desk.is_blind() {
            finish(&comptoir, &who, &desk, (saved, base), &draft).await
        } else {
            publish_it(&comptoir, &who, &desk, (saved, base), &draft).await
        };
    }
    let place = accepted.map_or(String::new(), |id| format!("#i-{id}"));
    Ok(Redirect::to(&format!("{}{place}", paths::review(&id))).into_response())
}

/// Saves what is put down: the new version; `None` where another one stands there.
async fn save(
    comptoir: &Comptoir,
    desk: &Desk,
    version: u32,
    base: u32,
    draft: &Draft,
) -> Result<Option<u32>, Failure> {
    if version == 0 && desk.own.is_none() && draft.is_empty() {
        return Ok(Some(0));
    }
    match comptoir.store.save_review(desk.saved(version, base, draft), comptoir.now()).await {
        Ok(version) => Ok(Some(version)),
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn publish_it(
    comptoir: &Comptoir,
    who: &Who,
    desk: &Desk,
    (version, base): (u32, u32),
    draft: &Draft,
) -> Result<Response, Failure> {
    let id = desk.conversation.id.to_string();
    let content = comptoir.library.content();
    let played = (desk.stage.persona.as_ref(), desk.stage.ears.as_ref());
    let saved = desk.saved(version, base, draft);
    match publish(&comptoir.store, &content, played, saved, comptoir.now()).await {
        Ok(after) => {
            let publication = after.publication.as_ref();
            let number = publication.map_or(0, |publication| publication.number);
            let changed = publication.map_or(0, |one| one.rulings.changed(&one.automatic));
            if desk.blind.as_ref().is_some_and(|blind| blind.both().is_some()) {
                comptoir.store.settle_blind(desk.conversation.id, comptoir.now()).await?;
            }
            let detail = format!("publication {number}, niveaux changés : {changed}");
            comptoir.audit(who, "review.published", Some(id.clone()), Some(detail)).await?;
            Ok(Redirect::to(&paths::scorecard(&id)).into_response())
        }
        Err(PublishError::Lacking(objections)) => {
            lacking(comptoir, who, desk, draft, (version, base), &objections).await
        }
        Err(PublishError::Overtaken) => conflict(comptoir, who, &id, draft, Overtaken::Published).await,
        Err(PublishError::Review(ReviewError::Store(error))) => Err(error.into()),
        Err(error) => Err(Failure::internal(error)),
    }
}

/// Gives blind marks.
async fn finish(
    comptoir: &Comptoir,
    who: &Who,
    desk: &Desk,
    (version, base): (u32, u32),
    draft: &Draft,
) -> Result<Response, Failure> {
    let objections = desk.lacking_blind(draft);
    if !objections.is_empty() {
        return lacking(comptoir, who, desk, draft, (version, base), &objections).await;
    }
    let id = desk.conversation.id.to_string();
    match comptoir.store.finish_blind(desk.saved(version, base, draft), comptoir.now()).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return conflict(comptoir, who, &id, draft, Overtaken::Saved).await,
        Err(error) => return Err(error.into()),
    }
    comptoir.audit(who, "review.given_blind", Some(id.clone()), None).await?;
    let both = comptoir.store.blind(desk.conversation.id).await?.is_some_and(|blind| blind.both().is_some());
    let next = if both { paths::review_compare(&id) } else { paths::review(&id) };
    Ok(Redirect::to(&next).into_response())
}

/// The same page, with what is missing; what was typed is kept.
async fn lacking(
    comptoir: &Comptoir,
    who: &Who,
    desk: &Desk,
    draft: &Draft,
    version: (u32, u32),
    objections: &[Objection],
) -> Result<Response, Failure> {
    let mut page = page(&view::review(comptoir, who, desk, draft, version, objections).await?);
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// By what a review was overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overtaken {
    /// Another version of it was saved.
    Saved,
    /// Most likely, another trainer's word was published.
    Published,
}

/// Both versions side by side: one's own, and what stands there now.
async fn conflict(
    comptoir: &Comptoir,
    who: &Who,
    id: &str,
    mine: &Draft,
    overtaken: Overtaken,
) -> Result<Response, Failure> {
    // What stands there has changed since the request began.
    let desk = Desk::open(comptoir, who, id).await?;
    let (version, base) = desk.version();
    // Saved over, one's own other version is shown first: what was published since is shown when this one is.
    let newer = overtaken == Overtaken::Published && desk.last() > base && !desk.is_blind();
    let published = desk.review.publication.as_ref().filter(|_| newer);
    let (theirs, told, whose) = if let Some(publication) = published {
        let name = publication.reviewer_name.as_deref().unwrap_or("un autre formateur");
        let at = french::moment(&french::paris(publication.published_at));
        let told = format!("{name} a publié une relecture de cet échange le {at}, après l'ouverture de la vôtre.");
        (Draft::of(&publication.rulings), told, format!("Publié par {name}"))
    } else {
        let told = "Cette relecture a été enregistrée ailleurs après que vous avez ouvert cette page.".to_owned();
        (desk.draft(), told, "Enregistré ailleurs".to_owned())
    };
    let (mine, theirs) = (fields_of(mine), fields_of(&theirs));
    let value = |fields: &std::collections::BTreeMap<String, String>, name: &str| {
        let value = fields.get(name).cloned().unwrap_or_default();
        let shown = shown(name, &value);
        (value, shown)
    };
    let mut names: Vec<&String> = mine.keys().chain(theirs.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let (same, differing): (Vec<&String>, Vec<&String>) =
        names.into_iter().partition(|name| mine.get(*name) == theirs.get(*name));
    let row = |name: &String| ConflictRow {
        label: label(name),
        mine: value(&mine, name),
        theirs: value(&theirs, name),
        field: name.clone(),
    };
    let mut page = page(&ReviewConflict {
        site: site(&comptoir.library.content(), who.viewer()),
        title: desk.stage.persona.file().title.clone(),
        trainee: desk.trainee.clone(),
        action: paths::review(id),
        told,
        theirs: whose,
        version,
        base: if newer { desk.last() } else { base },
        rows: differing.into_iter().map(row).collect(),
        same: same.into_iter().map(|name| (name.clone(), mine[name].clone())).collect(),
    });
    *page.status_mut() = StatusCode::CONFLICT;
    Ok(page)
}

/// A trainee asks for a person's marks, in one click.
pub(in crate::server) async fn request(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let conversation = who.conversation(&comptoir, &id).await?;
    if conversation.ended_at.is_none() {
        return Err(Code::NotOver.into());
    }
    comptoir.store.ask_for_review(conversation.id, comptoir.now()).await?;
    comptoir.audit(&who, "review.requested", Some(id.clone()), None).await?;
    Ok(Redirect::to(&format!("{}#relecture", paths::scorecard(&id))).into_response())
}
