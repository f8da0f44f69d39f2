//! The socket of a trainer who follows a conversation.
//!
//! Input: `join` and whispers. Output: what the conversation tells, and the character's mood. Invariant: what is told is
//! every event in its order, from the conversation's task where it is under way here, from the store where it is not; a
//! whisper that was taken is stored, or still waits here.

mod elsewhere;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::chain::Chain;
use crate::conversation::{Follower, Happened, Stage, Tap, Told, Welcome, Whisper};
use crate::id::Ulid;
use crate::server::code::Code;
use crate::server::failure::{Failure, code_of_refusal, code_of_store};
use crate::server::pages::french;
use crate::server::socket::client::{Client, Heard, every, id_in};
use crate::server::socket::{close, upgraded};
use crate::server::who::Who;
use crate::server::wire::{FollowerMessage, ServerMessage};
use crate::server::{Comptoir, told};
use crate::store::{Conversation, StoreError};
use crate::transcript::{Event, FoldError, Happening, Live, Phase};
use crate::utterance::UtteranceError;

/// How often the store is read where the conversation is not under way here.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is asked whether the trainer still may.
const MAY_EVERY: Duration = Duration::from_secs(5);
/// Whispers not stored yet: beyond, they are refused.
const WAITING: usize = 16;

/// Opens the socket on which a trainer follows.
pub(in crate::server) async fn open(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let upgrade = upgraded(&comptoir, &headers, upgrade)?;
    let (conversation, trainer) = who.trained(&comptoir, &id).await?;
    let follower = Follower { id: trainer.id, name: trainer.name.clone() };
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let stage = stage.ok_or(Code::SituationBroken)?;
    comptoir.audit(&who, "conversation.followed", Some(id), None).await?;
    let sockets = comptoir.sockets.clone();
    Ok(upgrade
        .on_upgrade(move |socket| sockets.track_future(serve(comptoir, socket, who, follower, conversation, stage))))
}

async fn serve(
    comptoir: Arc<Comptoir>,
    socket: WebSocket,
    who: Who,
    follower: Follower,
    conversation: Conversation,
    stage: Stage,
) {
    let mut client = Client::new(socket, conversation.id);
    let last_seq = |message: &FollowerMessage| match message {
        FollowerMessage::Join { last_seq } => Some(*last_seq),
        FollowerMessage::Whisper { .. } => None,
    };
    let why = match client.joined(last_seq).await {
        Some(last_seq) => {
            let connection = comptoir.ulid();
            let mut following = Following {
                comptoir,
                client: &mut client,
                who,
                follower,
                conversation,
                stage,
                connection,
                tap: None,
                live: None,
                waiting: Vec::new(),
                told: last_seq,
                mood: None,
                written: false,
                looks: 0,
            };
            let why = following.run().await;
            following.leave().await;
            why
        }
        None => close::NOT_JOINED,
    };
    client.close(why).await;
}

/// One trainer's connection to one conversation.
struct Following<'s> {
    comptoir: Arc<Comptoir>,
    client: &'s mut Client,
    who: Who,
    follower: Follower,
    conversation: Conversation,
    stage: Stage,
    /// What tells this connection from the trainer's other ones, to the other nodes.
    connection: Ulid,
    /// Where the conversation is under way here.
    tap: Option<Tap>,
    /// Where it stands after the last event read; `None` before the first look.
    live: Option<Live>,
    /// The last event that the follower was told of.
    told: u32,
    /// The mood it was told.
    mood: Option<(u8, u8)>,
    /// Whispers that are not known to be stored.
    waiting: Vec<Whisper>,
    /// Whether the other nodes were told that somebody follows from here.
    written: bool,
    looks: u32,
}

impl Following<'_> {
    async fn run(&mut self) -> u16 {
        if let ControlFlow::Break(why) = self.begin().await {
            return why;
        }
        let (mut looks, mut may) = (every(LOOK_EVERY), every(MAY_EVERY));
        let comptoir = Arc::clone(&self.comptoir);
        loop {
            let done = tokio::select! {
                biased;
                told = tapped(&mut self.tap) => self.tell(told).await,
                frame = self.client.socket.recv() => self.hear(frame).await,
                () = comptoir.stopping(), if self.tap.is_none() => self.go_away().await,
                _ = may.tick() => self.still_may().await,
                _ = looks.tick() => self.look().await,
                _ = self.client.pings.tick() => self.client.ping().await,
            };
            if let ControlFlow::Break(why) = done {
                return why;
            }
        }
    }

    /// Nobody follows from here any more.
    async fn leave(&mut self) {
        self.tap = None;
        self.unwrite().await;
    }

    /// Reads what happened so far, and tells it: `welcome`, then what the follower has missed.
    async fn begin(&mut self) -> ControlFlow<u16> {
        let events = match self.comptoir.store.events(self.conversation.id, 0).await {
            Ok(events) => events,
            Err(error) => return self.failed(error).await,
        };
        let (live, missed) = match folded(&self.stage, events) {
            Ok(folded) => folded,
            Err(error) => {
                tracing::error!(conversation = %self.conversation.id, error = %Chain(&error), "conversation not read");
                return ControlFlow::Break(close::ERROR);
            }
        };
        let welcome = Welcome {
            channel: live.start().channel,
            hints: live.start().hints,
            phase: live.phase(),
            last_seq: live.next_seq() - 1,
            now: self.comptoir.now(),
            tension: live.state().tension(),
            received_at: live.received_at(),
            held_since: live.held_since(),
            missed: Vec::new(),
        };
        self.client.feed(&told::welcome(&welcome, self.conversation.id)).await?;
        self.feed_mood(&live).await?;
        let told = self.told;
        for (event, phase) in missed.iter().filter(|(event, _)| event.seq > told) {
            self.feed_event(event, *phase).await?;
        }
        self.told = self.told.max(live.next_seq() - 1);
        self.live = Some(live);
        self.client.flush().await?;
        self.over()?;
        self.look().await
    }

    async fn tell(&mut self, told: Option<Told>) -> ControlFlow<u16> {
        let Some(told) = told else {
            // Gone from here, or told faster than it was taken: the store knows everything.
            self.tap = None;
            return self.look().await;
        };
        match told {
            // What came before it is in the store.
            Told::Following(_) => return self.catch_up().await,
            Told::Happened(happened) => {
                let Happened { event, message, .. } = *happened;
                if event.seq > self.live.as_ref().map_or(0, Live::next_seq) {
                    self.catch_up().await?;
                }
                self.happened(&event, message).await?;
            }
            Told::Refused { id, why } => {
                self.settle(id.as_deref());
                self.client.feed(&told::error(code_of_refusal(&why), id)).await?;
            }
            Told::GoingAway => return self.go_away().await,
            other => {
                for message in told::messages(other, self.conversation.id, self.conversation.channel) {
                    self.client.feed(&message).await?;
                }
            }
        }
        self.client.flush().await?;
        self.over()
    }

    /// Tells an event, unless it was told; a whisper that came twice is told twice.
    async fn happened(&mut self, event: &Event, message: Option<String>) -> ControlFlow<u16> {
        let Some(live) = &mut self.live else { return ControlFlow::Continue(()) };
        if event.seq == live.next_seq() && live.apply(event).is_err() {
            return ControlFlow::Break(close::ERROR);
        }
        let phase = live.phase();
        if event.seq > self.told || message.is_some() {
            self.feed_event(event, phase).await?;
            self.told = self.told.max(event.seq);
        }
        if let Some(live) = self.live.take() {
            let fed = self.feed_mood(&live).await;
            self.live = Some(live);
            fed?;
        }
        ControlFlow::Continue(())
    }

    async fn feed_event(&mut self, event: &Event, phase: Phase) -> ControlFlow<u16> {
        let message = match &event.happening {
            Happening::Whispered { by, client_id, .. } if *by == self.follower.name => {
                self.settle(client_id.as_deref());
                client_id.clone()
            }
            _ => None,
        };
        let happened = Happened { event: event.clone(), phase, message };
        match told::event(happened, self.conversation.id, self.conversation.channel) {
            Some(message) => self.client.feed(&message).await,
            None => ControlFlow::Continue(()),
        }
    }

    async fn feed_mood(&mut self, live: &Live) -> ControlFlow<u16> {
        let (tension, trust) = (live.state().tension(), live.state().trust());
        if self.mood.replace((tension, trust)) == Some((tension, trust)) {
            return ControlFlow::Continue(());
        }
        let (seq, word) = (live.next_seq() - 1, french::tension(tension).to_owned());
        self.client.feed(&ServerMessage::Mood { seq, tension, word, trust }).await
    }

    /// Nothing more comes of a conversation that has ended.
    fn over(&self) -> ControlFlow<u16> {
        let ended = self.live.as_ref().is_some_and(|live| live.ended().is_some());
        if ended { ControlFlow::Break(close::NOTHING_TO_FOLLOW) } else { ControlFlow::Continue(()) }
    }

    async fn still_may(&mut self) -> ControlFlow<u16> {
        match self.who.still_reads(&self.comptoir, &self.conversation).await {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => {
                self.client.send(&told::error(Code::UnknownConversation, None)).await?;
                ControlFlow::Break(close::NOTHING_TO_FOLLOW)
            }
            Err(error) => self.troubled(&error),
        }
    }

    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>) -> ControlFlow<u16> {
        let (code, id) = match self.client.hear(frame)? {
            Some(Heard::Text(text)) => match self.take(&text).await {
                Ok(()) => return ControlFlow::Continue(()),
                Err(code) => (code, id_in(&text)),
            },
            Some(Heard::Binary(_)) => (Code::MalformedMessage, None),
            None => return ControlFlow::Continue(()),
        };
        self.client.send(&told::error(code, id)).await
    }

    async fn take(&mut self, text: &str) -> Result<(), Code> {
        let message = serde_json::from_str(text).map_err(|_| Code::MalformedMessage)?;
        let FollowerMessage::Whisper { id, text } = message else { return Err(Code::MalformedMessage) };
        if !self.comptoir.whisper_limits.take(self.follower.id, self.comptoir.now()) || self.waiting.len() >= WAITING {
            return Err(Code::TooManyMessages);
        }
        let whisper = Whisper::new(&String::from(id), &self.follower.name, &text).map_err(|error| match error {
            UtteranceError::Empty => Code::EmptyTurn,
            UtteranceError::TooLong { .. } => Code::WhisperTooLong,
        })?;
        let handed = match &self.tap {
            Some(tap) => tap.whisper(whisper.clone()).await,
            None => false,
        };
        self.waiting.push(whisper);
        if !handed {
            // The next look stores it, or hands it to the task that has come.
            self.tap = None;
        }
        Ok(())
    }

    /// A whisper is stored or refused: it does not wait any more.
    fn settle(&mut self, id: Option<&str>) {
        self.waiting.retain(|whisper| Some(whisper.id()) != id);
    }

    /// The conversation came to this node: it takes what still waits.
    async fn whisper_again(&mut self) -> ControlFlow<u16> {
        let Some(tap) = &self.tap else { return ControlFlow::Continue(()) };
        for whisper in &self.waiting {
            tap.whisper(whisper.clone()).await;
        }
        ControlFlow::Continue(())
    }

    /// The next look may do better.
    fn troubled(&self, error: &StoreError) -> ControlFlow<u16> {
        self.note(error);
        ControlFlow::Continue(())
    }

    fn note(&self, error: &StoreError) {
        self.comptoir.metrics.database_error(error.kind());
        tracing::warn!(conversation = %self.conversation.id, error = %Chain(error), "following in trouble");
    }

    async fn failed(&mut self, error: StoreError) -> ControlFlow<u16> {
        self.note(&error);
        self.client.send(&told::error(code_of_store(&error), None)).await?;
        ControlFlow::Break(close::ERROR)
    }

    async fn go_away(&mut self) -> ControlFlow<u16> {
        for message in told::messages(Told::GoingAway, self.conversation.id, self.conversation.channel) {
            self.client.feed(&message).await?;
        }
        self.client.flush().await?;
        ControlFlow::Break(close::AWAY)
    }
}

/// Where a conversation stands, and its events with the phase after each.
fn folded(stage: &Stage, events: Vec<Event>) -> Result<(Live, Vec<(Event, Phase)>), FoldError> {
    let mut events = events.into_iter();
    let first = events.next().ok_or(FoldError::NotStarted)?;
    let mut live = Live::open(&stage.persona, &first)?;
    let mut happened = Vec::new();
    for event in events {
        live.apply(&event)?;
        happened.push((event, live.phase()));
    }
    Ok((live, happened))
}

/// What the task tells next; without one, nothing ever.
async fn tapped(tap: &mut Option<Tap>) -> Option<Told> {
    match tap {
        Some(tap) => tap.told().await,
        None => std::future::pending().await,
    }
}
