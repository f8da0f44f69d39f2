//! The socket of a conversation, as `docs/protocol.md` tells it.
//!
//! Input: frames of one client. Output: frames back. Invariant: a frame that cannot be taken is answered with a code
//! and changes nothing; the socket itself holds no state that a reconnection would miss.

mod client;
pub(super) mod following;
mod streams;

use std::ops::ControlFlow;
use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use self::client::{Client, Heard, id_in};
use self::streams::{Ask, Streams};
use crate::assignment::Mode;
use crate::chain::Chain;
use crate::conversation::{Act, Happened, Line, Refusal, Stage, Told};
use crate::id::{ConversationId, VisitorId};
use crate::persona::Channel;
use crate::server::booklets::still_on;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::origin::is_own_origin;
use crate::server::who::Who;
use crate::server::wire::ClientMessage;
use crate::server::{Comptoir, told};
use crate::speech::dictation::{Noticed, Said};
use crate::speech::hint;
use crate::speech::pcm::{RATE, write_wav};
use crate::store::{Conversation, Recording};
use crate::transcript::Happening;

/// The largest frame read: a turn far too long is still answered, by its code.
const FRAME_BYTES: usize = 512 * 1024;
/// tungstenite's own 128 KiB would be most of what an idle conversation costs.
const READ_BUFFER_BYTES: usize = 8 * 1024;
/// Why the server closes, <https://www.iana.org/assignments/websocket>, and our own from 4000.
mod close {
    pub(super) const AWAY: u16 = 1001;
    pub(super) const TOO_LARGE: u16 = 1009;
    pub(super) const ERROR: u16 = 1011;
    pub(super) const TAKEN_OVER: u16 = 4001;
    pub(super) const NOT_JOINED: u16 = 4002;
    pub(super) const NOTHING_TO_FOLLOW: u16 = 4003;
    pub(super) const ERASED: u16 = 4004;
}

/// Opens the socket of the visitor's own conversation.
pub(super) async fn open(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let upgrade = upgraded(&comptoir, &headers, upgrade)?;
    let conversation = who.conversation(&comptoir, &id).await?;
    let stage = comptoir.stages.of_version(&conversation.persona, &conversation.persona_hash).await?;
    let stage = stage.ok_or(Code::SituationBroken)?;
    let under = comptoir.store.assignment_of(conversation.id).await?;
    let mode = under.map_or(Mode::Either, |assignment| assignment.terms.mode);
    comptoir.know_what_was_spent_on(conversation.id).await;
    let sockets = comptoir.sockets.clone();
    Ok(upgrade.on_upgrade(move |socket| sockets.track_future(serve(comptoir, socket, conversation, stage, mode))))
}

/// What every socket asks for before it is looked whose it is.
fn upgraded(
    comptoir: &Comptoir,
    headers: &HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<WebSocketUpgrade, Code> {
    let upgrade = upgrade.map_err(|_| Code::MethodNotAllowed)?;
    if !is_own_origin(headers, comptoir.settings.public_url.as_ref()) {
        return Err(Code::CrossSite);
    }
    if comptoir.is_stopping() {
        return Err(Code::GoingAway);
    }
    Ok(upgrade.read_buffer_size(READ_BUFFER_BYTES).max_frame_size(FRAME_BYTES).max_message_size(FRAME_BYTES))
}

async fn serve(comptoir: Arc<Comptoir>, socket: WebSocket, conversation: Conversation, stage: Stage, mode: Mode) {
    let Conversation { id, visitor, channel, .. } = conversation;
    let mut client = Client::new(socket, id);
    let last_seq = |message: &ClientMessage| match message {
        ClientMessage::Join { last_seq } => Some(*last_seq),
        _ => None,
    };
    let why = match client.joined(last_seq).await {
        Some(last_seq) => {
            let line = comptoir.switchboard.join(id, stage.clone(), last_seq).await;
            let streams = Streams::default();
            // Where that cannot be read, each act asks again.
            let timed = !matches!(comptoir.store.booklet_with(id).await, Ok(None));
            let client = &mut client;
            Connection { comptoir, client, line, id, visitor, channel, stage, mode, streams, timed }.run().await
        }
        None => close::NOT_JOINED,
    };
    client.close(why).await;
}

/// A client that has joined.
struct Connection<'s> {
    comptoir: Arc<Comptoir>,
    client: &'s mut Client,
    line: Line,
    id: ConversationId,
    visitor: VisitorId,
    channel: Channel,
    stage: Stage,
    /// Written or spoken, where it was set so.
    mode: Mode,
    streams: Streams,
    /// Whether it is a part of an exam, which has a time.
    timed: bool,
}

impl Connection<'_> {
    /// Runs until one side is done; the code to close with.
    async fn run(mut self) -> u16 {
        loop {
            let done = tokio::select! {
                told = self.line.told() => self.tell(told).await,
                frame = self.client.socket.recv() => self.hear(frame).await,
                // What only speech needs would otherwise weigh on every idle conversation.
                (stream, noticed) = self.streams.next() => Box::pin(self.notice(stream, noticed)).await,
                _ = self.client.pings.tick() => self.client.ping().await,
            };
            if let ControlFlow::Break(why) = done {
                return why;
            }
        }
    }

    async fn tell(&mut self, told: Option<Told>) -> ControlFlow<u16> {
        // The conversation ended by itself (a panic, a store that cannot be read): the client may come back.
        let Some(mut told) = told else { return ControlFlow::Break(close::ERROR) };
        loop {
            let last = match &told {
                Told::TakenOver => Some(close::TAKEN_OVER),
                Told::GoingAway => Some(close::AWAY),
                Told::Refused { why: Refusal::Erased, .. } => Some(close::ERASED),
                _ => None,
            };
            self.remember(&told);
            if let Told::Refused { why: Refusal::Store(error), .. } = &told {
                self.comptoir.metrics.database_error(error.kind());
            }
            for message in told::messages(told, self.id, self.channel) {
                self.client.feed(&message).await?;
            }
            // What was told together travels together.
            match (last, self.line.told_already()) {
                (Some(why), _) => {
                    self.client.flush().await?;
                    return ControlFlow::Break(why);
                }
                (None, Some(next)) => told = next,
                (None, None) => return self.client.flush().await,
            }
        }
    }

    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>) -> ControlFlow<u16> {
        match self.client.hear(frame)? {
            Some(Heard::Text(text)) => self.take(&text).await,
            Some(Heard::Binary(bytes)) => self.sound(&bytes).await,
            None => ControlFlow::Continue(()),
        }
    }

    async fn take(&mut self, text: &str) -> ControlFlow<u16> {
        let Ok(message) = serde_json::from_str::<ClientMessage>(text) else {
            return self.client.send(&told::error(Code::MalformedMessage, id_in(text))).await;
        };
        if !self.comptoir.limits.take(self.visitor, self.comptoir.now()) {
            return self.client.send(&told::error(Code::TooManyMessages, id_in(text))).await;
        }
        if let Some(code) = self.out_of_mode(&message) {
            return self.client.send(&told::error(code, id_in(text))).await;
        }
        match message {
            ClientMessage::Join { .. } => return self.client.send(&told::error(Code::MalformedMessage, None)).await,
            ClientMessage::Listen { stream, sample_rate, from, mode, pause_ms } => {
                return Box::pin(self.listen(Ask { stream: stream.into(), sample_rate, from, mode, pause_ms })).await;
            }
            ClientMessage::StopListening { stream } => self.streams.stop(&String::from(stream)),
            ClientMessage::Voicing { reply } => self.streams.voicing(reply),
            message => {
                if matches!(message, ClientMessage::Voiced { .. }) {
                    self.streams.voiced();
                }
                if let Some(act) = told::act(message) {
                    return self.act(act).await;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Why a message does not fit what the assignment asks for: written words, or spoken ones. Where nothing transcribes,
    /// nobody is asked to speak.
    fn out_of_mode(&self, message: &ClientMessage) -> Option<Code> {
        let speaks = self.comptoir.speech.transcriber.is_ok();
        match (self.mode, message) {
            (Mode::Text, ClientMessage::Listen { .. } | ClientMessage::Say { spoken: Some(_), .. }) => {
                Some(Code::WriteHere)
            }
            (Mode::Voice, ClientMessage::Say { spoken: None, .. }) if speaks => Some(Code::SpeakHere),
            _ => None,
        }
    }

    async fn act(&mut self, act: Act) -> ControlFlow<u16> {
        // In an exam, what comes after the part's time is not said any more.
        if self.timed && !matches!(act, Act::Type | Act::Sound { .. } | Act::Voice { .. }) {
            match still_on(&self.comptoir, self.id).await {
                Ok(true) => {}
                Ok(false) => return self.client.send(&told::error(Code::TimeUp, None)).await,
                Err(_) => return self.client.send(&told::error(Code::StoreBusy, None)).await,
            }
        }
        if self.line.act(act).await { ControlFlow::Continue(()) } else { ControlFlow::Break(close::ERROR) }
    }

    async fn listen(&mut self, ask: Ask) -> ControlFlow<u16> {
        let (stream, now) = (ask.stream.clone(), self.comptoir.now());
        let hint = hint(&self.stage.persona, &self.stage.organisation).into();
        let message = self.streams.listen(&self.comptoir, ask, hint, now);
        self.client.send(&message.unwrap_or_else(|code| told::error(code, Some(stream)))).await
    }

    async fn sound(&mut self, bytes: &[u8]) -> ControlFlow<u16> {
        match self.streams.hear(bytes) {
            // Whoever speaks is not silent.
            Ok(true) => self.act(Act::Type).await,
            Ok(false) => ControlFlow::Continue(()),
            Err((code, stream)) => self.client.send(&told::error(code, stream)).await,
        }
    }

    async fn notice(&mut self, stream: String, noticed: Noticed) -> ControlFlow<u16> {
        let (message, kept) = streams::message(stream, noticed);
        self.client.send(&message).await?;
        if let Some(said) = kept {
            self.keep(said).await;
        }
        ControlFlow::Continue(())
    }

    /// Keeps the sound of a turn, where the organisation records. The turn does not depend on it.
    async fn keep(&mut self, said: Said) {
        let length = said.sound.len() as u64 * 1_000 / u64::from(RATE);
        let recording = Recording {
            conversation: self.id,
            utterance: said.utterance,
            at: self.comptoir.now(),
            duration_ms: u32::try_from(length).unwrap_or(u32::MAX),
            wav: write_wav(&said.sound),
        };
        if let Err(error) = self.comptoir.store.keep_recording(recording).await {
            self.comptoir.metrics.database_error(error.kind());
            tracing::warn!(conversation = %self.id, error = %Chain(&error), "recording not kept");
        }
    }

    /// The character's last words, which its voice may say.
    fn remember(&mut self, told: &Told) {
        let replied = |happened: &Happened| match &happened.event.happening {
            Happening::Replied { text, .. } => Some((happened.event.seq, text.clone())),
            _ => None,
        };
        let last = match told {
            Told::Happened(happened) => replied(happened),
            Told::Welcome(welcome) => welcome.missed.iter().rev().find_map(replied),
            _ => None,
        };
        if let Some((seq, words)) = last {
            self.streams.replied(seq, &words);
        }
    }
}
