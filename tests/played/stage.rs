//! A store, a switchboard and a model's double, and a client that talks.

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::{Clock, SystemClock};
use comptoir::content::{Content, shipped};
use comptoir::conversation::{Act, Line, Manners, Notice, Player, Refusal, Stage, Switchboard, Told};
use comptoir::entropy::{SeededEntropy, ulid};
use comptoir::id::{ConversationId, VisitorId};
use comptoir::metrics::Metrics;
use comptoir::model::{Budget, Endpoint, Limits, Model, Use};
use comptoir::outgoing::Secret;
use comptoir::persona::Channel;
use comptoir::store::{NewConversation, Store, TokenDigest, Version, VersionKind};
use comptoir::transcript::{Event, Happening, Made, Start};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use crate::double::{Does, Double, Seen};

/// Everything conversations need.
pub(crate) struct Theatre {
    pub(crate) store: Store,
    pub(crate) board: Switchboard,
    /// Kept alive with it.
    _double: Option<Double>,
    pub(crate) uses: UnboundedReceiver<Use>,
    pub(crate) stages: Vec<Stage>,
    entropy: SeededEntropy,
    visitor: VisitorId,
    _folder: TempDir,
}

/// How a theatre is set up.
pub(crate) struct Setting {
    pub(crate) patience: Duration,
    pub(crate) hear: Option<Duration>,
    pub(crate) limits: Limits,
    pub(crate) tokens: Option<u64>,
    pub(crate) manners: Manners,
    pub(crate) key: Option<Secret>,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            patience: Duration::from_millis(1_800),
            hear: Some(Duration::from_millis(600)),
            limits: Limits { at_once: 64, ..Limits::default() },
            tokens: None,
            manners: Manners::PATIENT,
            key: None,
        }
    }
}

impl Theatre {
    pub(crate) async fn open(script: impl Fn(&Seen) -> Does + Send + Sync + 'static) -> Theatre {
        Theatre::open_with(Setting::default(), script).await
    }

    pub(crate) async fn open_with(setting: Setting, script: impl Fn(&Seen) -> Does + Send + Sync + 'static) -> Theatre {
        let double = Double::start(script).await;
        let address = double.address().to_owned();
        Theatre { _double: Some(double), ..Theatre::at(setting, &address).await }
    }

    /// With a model at an address.
    pub(crate) async fn at(setting: Setting, address: &str) -> Theatre {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        let stages: Vec<Stage> = content
            .personas()
            .map(|persona| Stage::new(Arc::clone(persona), Arc::clone(content.organisation())))
            .collect();
        let now = SystemClock.now();
        for stage in &stages {
            let (name, digest) = (stage.persona.id(), stage.persona.hash());
            store.keep_version(Version { kind: VersionKind::Persona, name, digest, text: "" }, now).await.unwrap();
        }
        let entropy = SeededEntropy::new(7);
        let visitor = VisitorId::new(ulid(&entropy, now));
        store.add_visitor(visitor, &TokenDigest::of("x"), now).await.unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (sender, uses) = unbounded_channel();
        let budget = Budget::new(setting.tokens, None, Arc::clone(&clock));
        let endpoint = Endpoint { key: setting.key, ..Endpoint::new(address.parse().unwrap(), "double") };
        let model = Model::new(endpoint, setting.limits, budget, sender).unwrap();
        let player = Player { model, patience: setting.patience, hear: setting.hear };
        let board = Switchboard::new(store.clone(), clock, setting.manners, Some(player), Metrics::new());
        Theatre { store, board, _double: None, uses, stages, entropy, visitor, _folder: folder }
    }

    pub(crate) fn stage(&self, persona: &str) -> Stage {
        self.stages.iter().find(|stage| stage.persona.id() == persona).unwrap().clone()
    }

    /// A conversation, opened and joined.
    pub(crate) async fn begin(&self, stage: Stage, seed: u64) -> Talk {
        let now = SystemClock.now();
        let id = ConversationId::new(ulid(&self.entropy, now));
        let start = Start {
            persona: stage.persona.id().to_owned(),
            persona_hash: stage.persona.hash().to_owned(),
            rubric: "bloc1".to_owned(),
            channel: stage.persona.file().channel,
            seed,
            hints: false,
            aloud: false,
            branched_from: None,
        };
        let new = NewConversation { id, visitor: self.visitor, start, at: now, shared: Vec::new() };
        self.store.start_conversation(&new).await.unwrap();
        self.join(id, stage).await
    }

    pub(crate) async fn join(&self, id: ConversationId, stage: Stage) -> Talk {
        let line = self.board.join(id, stage, 0).await;
        Talk { id, line, next: 0, told: String::new(), notices: Vec::new() }
    }

    pub(crate) async fn events(&self, id: ConversationId) -> Vec<Event> {
        self.store.events(id, 0).await.unwrap()
    }

    pub(crate) async fn close(self) {
        self.board.stop().await;
        self.store.close().await;
    }
}

/// A client in a conversation.
pub(crate) struct Talk {
    pub(crate) id: ConversationId,
    pub(crate) line: Line,
    next: u32,
    /// Words told of the reply under way.
    pub(crate) told: String,
    pub(crate) notices: Vec<Notice>,
}

/// A reply as the client got it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) text: String,
    /// The parts put together.
    pub(crate) parts: String,
    pub(crate) made: Option<Made>,
    pub(crate) told: Vec<String>,
    /// From the turn to the first words.
    pub(crate) first: Option<Duration>,
    /// From the turn to the whole.
    pub(crate) whole: Duration,
    /// Whether the character ended the conversation.
    pub(crate) ended: bool,
}

impl Talk {
    fn fresh(&mut self) -> String {
        self.next += 1;
        format!("m-{}", self.next)
    }

    pub(crate) async fn receive(&mut self) {
        let id = self.fresh();
        assert!(self.line.act(Act::Receive { id }).await);
    }

    pub(crate) async fn send(&mut self, text: &str) {
        let id = self.fresh();
        assert!(self.line.act(Act::Say { id, text: text.to_owned(), spoken: None }).await);
    }

    /// Says something and waits for the answer; `None` if it is over.
    pub(crate) async fn say(&mut self, text: &str) -> Option<Reply> {
        self.send(text).await;
        self.replied().await
    }

    /// Waits for the answer.
    pub(crate) async fn replied(&mut self) -> Option<Reply> {
        let began = Instant::now();
        let mut first = None;
        self.told.clear();
        loop {
            let told = tokio::time::timeout(Duration::from_mins(1), self.line.told()).await.expect("an answer")?;
            match told {
                Told::ReplyBegins(..) => self.told.clear(),
                Told::ReplyPart(_, words) => {
                    first.get_or_insert_with(|| began.elapsed());
                    self.told.push_str(&words);
                }
                Told::Notice(notice) => self.notices.push(notice),
                Told::Happened(happened) => {
                    if let Happening::Replied { text, made, change, .. } = happened.event.happening {
                        return Some(Reply {
                            text,
                            parts: std::mem::take(&mut self.told),
                            made: made.map(|made| *made),
                            told: change.told,
                            first,
                            whole: began.elapsed(),
                            ended: change.ended.is_some(),
                        });
                    }
                }
                Told::Refused { why, .. } if why != Refusal::Over => panic!("refused: {why}"),
                Told::Refused { .. } | Told::TakenOver | Told::GoingAway => return None,
                Told::Welcome(_) | Told::Followed(_) | Told::Following(_) => {}
            }
        }
    }
}

pub(crate) const GREETING: &str = "Rive Claire Habitat, agence des Tilleuls, bonjour.";

/// Whether the desk or the phone: both must be there.
pub(crate) fn by_phone(stage: &Stage) -> bool {
    stage.persona.file().channel == Channel::Phone
}
