//! The running service: everything that handlers share.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::address::TrustedProxies;
use super::limits::Limits;
use super::models::Models;
use super::origin::PublicUrl;
use super::pages::paths;
use super::password::Passwords;
use super::readings::{Read, Readings};
use super::retention::Retention;
use super::router;
use super::situations::Situations;
use super::speech::Speech;
use super::stages::Stages;
use super::who::{Reading, Who};
use crate::chain::Chain;
use crate::clock::{Clock, Timestamp};
use crate::conversation::{Manners, Player, Switchboard};
use crate::entropy::{self, Entropy};
use crate::id::{ConversationId, Ulid};
use crate::library::Library;
use crate::metrics::Metrics;
use crate::review::Judge;
use crate::spending::{self, Books, Spending};
use crate::store::{AuditLine, Conversation, Link, LinkPurpose, Store, StoreError, TokenDigest};

/// How long the link to the first account works: a new one is told at each start until it is used.
const FIRST_LINK_FOR: Duration = Duration::from_hours(168);

/// What the service is made of.
pub struct Parts {
    /// What outlives the process.
    pub store: Store,
    /// Personas, rubrics, directory.
    pub library: Arc<Library>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How characters behave in time.
    pub manners: Manners,
    /// What it offers of speech.
    pub speech: Speech,
    /// The model that words replies, if there is one.
    pub player: Option<Player>,
    /// The models that it asks.
    pub models: Models,
    /// The model that judges beside the rules, if there is one.
    pub judge: Option<Judge>,
    /// What is counted.
    pub metrics: Metrics,
    /// What the organisation has set.
    pub settings: Settings,
}

/// What the organisation has set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address under which people reach the service, when it is not the one it listens on.
    pub public_url: Option<PublicUrl>,
    /// A folder whose `web/` files are served before the program's own.
    pub folder: Option<std::path::PathBuf>,
    /// Whether what trainees say is recorded, and how long a recording is kept.
    pub recordings: Retention,
    /// Whether `/metrics` and the page on the model are there, for whoever reaches the service.
    pub shows_figures: bool,
    /// Whether people without an account may rehearse; the administrator may still close that door from within.
    pub guests: bool,
    /// The proxies that tell where requests come from.
    pub trusted_proxies: TrustedProxies,
}

/// The running service.
pub struct Comptoir {
    pub(super) store: Store,
    pub(super) library: Arc<Library>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) speech: Speech,
    pub(super) models: Models,
    /// The model that judges beside the rules.
    pub(super) judge: Option<Judge>,
    /// Told when there is something to judge.
    pub(super) judging_wanted: Notify,
    pub(super) metrics: Metrics,
    pub(super) settings: Settings,
    pub(super) switchboard: Switchboard,
    pub(super) stages: Stages,
    pub(super) situations: Situations,
    pub(super) limits: Limits,
    /// Sentences spoken, apart from messages: a long reply must not keep anyone from answering it.
    pub(super) voice_limits: Limits,
    /// Whispers, which fewer can be read of.
    pub(super) whisper_limits: Limits,
    /// Hashes and verifies passwords.
    pub(super) passwords: Passwords,
    /// What trainers have just read of others.
    readings: Readings,
    /// Open sockets, which the HTTP server itself does not wait for.
    pub(super) sockets: TaskTracker,
    stopping: CancellationToken,
    /// Writes down what models are used for.
    spending: Option<Spending>,
}

impl Comptoir {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Arc<Comptoir> {
        let Parts { store, library, clock, entropy, manners, speech, player, judge, mut models, metrics, settings } =
            parts;
        models.play = models.play.or_else(|| player.as_ref().map(|player| player.model.clone()));
        models.judge = models.judge.or_else(|| judge.as_ref().map(|judge| judge.model.clone()));
        let books = Books {
            store: store.clone(),
            metrics: metrics.clone(),
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            budget: models.budget().cloned(),
        };
        let spending = models.uses.take().map(|uses| Spending::begin(uses, books));
        Arc::new(Comptoir {
            switchboard: Switchboard::new(store.clone(), Arc::clone(&clock), manners, player, metrics.clone()),
            stages: Stages::new(Arc::clone(&library), store.clone()),
            situations: Situations::default(),
            limits: Limits::default(),
            voice_limits: Limits::default(),
            whisper_limits: Limits::of_whispers(),
            passwords: Passwords::default(),
            readings: Readings::default(),
            sockets: TaskTracker::new(),
            stopping: CancellationToken::new(),
            spending,
            store,
            library,
            clock,
            entropy,
            speech,
            models,
            judge,
            judging_wanted: Notify::new(),
            metrics,
            settings,
        })
    }

    /// Every address it answers.
    pub fn router(self: &Arc<Self>) -> Router {
        router::router(Arc::clone(self))
    }

    /// Tells the models' budget what was used before this process began. A store in trouble is asked again later: the
    /// service opens all the same.
    pub async fn know_what_was_spent(&self) {
        let Some(budget) = self.models.budget() else { return };
        if let Err(error) = spending::seed(&self.store, budget, self.now()).await {
            self.metrics.database_error(error.kind());
            tracing::warn!(error = %Chain(&error), "what models were used for before could not be read");
        }
    }

    /// Tells it what one conversation has used: it may have been under way on another node, or days ago.
    pub(super) async fn know_what_was_spent_on(&self, conversation: ConversationId) {
        let budget = self.models.budget().filter(|budget| budget.per_conversation().is_some());
        let Some(budget) = budget else { return };
        match self.store.spent_on(conversation).await {
            Ok(spent) => budget.seed_conversation(conversation, spent.tokens()),
            Err(error) => {
                self.metrics.database_error(error.kind());
                tracing::warn!(%conversation, error = %Chain(&error), "what a model was used for could not be read");
            }
        }
    }

    /// Lets conversations finish their turn and say goodbye, and closes their sockets. From now on the service is not
    /// ready; pages are still served.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.switchboard.stop().await;
        self.sockets.close();
        self.sockets.wait().await;
    }

    /// Ends the transcriber's threads, writes what still waits to be written and closes the store, once no request is
    /// under way any more.
    pub async fn close(&self) {
        if let Ok(transcriber) = &self.speech.transcriber {
            transcriber.stop().await;
        }
        if let Some(spending) = &self.spending {
            spending.stop().await;
        }
        self.store.close().await;
    }

    /// How many conversations and sockets are open.
    pub fn open(&self) -> (usize, usize) {
        (self.switchboard.under_way(), self.sockets.len())
    }

    /// Writes a line in the log of who saw or changed what.
    pub(super) async fn audit(
        &self,
        who: &Who,
        action: &str,
        subject: Option<String>,
        detail: Option<String>,
    ) -> Result<(), StoreError> {
        let signed = who.signed().ok();
        let line = AuditLine {
            at: self.now(),
            actor: signed.map(|signed| signed.id),
            actor_name: signed.map(|signed| signed.name.clone()),
            action: action.to_owned(),
            subject,
            detail,
        };
        self.store.add_audit(self.ulid(), &line).await
    }

    /// Writes down that a trainer has read someone's conversation, once an hour at most.
    pub(super) async fn read_by(
        &self,
        who: &Who,
        reading: Reading,
        conversation: &Conversation,
    ) -> Result<(), StoreError> {
        match reading {
            Reading::Own => Ok(()),
            Reading::Trainer => self.note_reading(who, Read::Conversation(conversation.id)).await,
        }
    }

    /// Writes down that a trainer has read something of somebody, once an hour at most.
    pub(super) async fn note_reading(&self, who: &Who, read: Read) -> Result<(), StoreError> {
        let Some(reader) = who.visitor() else { return Ok(()) };
        if !self.readings.is_new((reader, read), self.now()) {
            return Ok(());
        }
        let (action, subject) = read.line();
        let written = self.audit(who, action, Some(subject), None).await;
        if written.is_err() {
            self.readings.forget((reader, read));
        }
        written
    }

    /// A link that makes the first account, where nobody could let others in yet: its address.
    pub async fn first_link(&self) -> Result<Option<String>, StoreError> {
        if self.store.has_keeper().await? {
            return Ok(None);
        }
        let token = entropy::token(self.entropy.as_ref());
        let link = Link {
            purpose: LinkPurpose::First,
            account: None,
            made_by: None,
            made_at: self.now(),
            until: Some(self.now() + FIRST_LINK_FOR),
            used_at: None,
        };
        self.store.add_link(&TokenDigest::of(&token), &link).await?;
        Ok(Some(paths::welcome(&token)))
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Cancelled once the service stops.
    pub(super) fn token(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Ready once the service stops.
    pub(super) async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn ulid(&self) -> Ulid {
        entropy::ulid(self.entropy.as_ref(), self.now())
    }
}
