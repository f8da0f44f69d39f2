//! One client's end of a socket: what both kinds of sockets hear and say alike.
//!
//! Input: frames. Output: what they hold, or the code to close with. Invariant: nobody waits for a client that does not
//! join, does not take what it is sent, or has gone silent.

use std::ops::ControlFlow;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt as _;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::close;
use crate::id::ConversationId;
use crate::server::wire::ServerMessage;

/// How long a client has to join.
const JOIN_WITHIN: Duration = Duration::from_secs(10);
/// Proxies cut connections that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A client that has said nothing, not even a pong, for this long is gone.
const SILENT_AT_MOST: Duration = Duration::from_mins(1);
/// A client that does not take a message within this is gone.
const SEND_WITHIN: Duration = Duration::from_secs(20);

/// One client.
pub(super) struct Client {
    pub(super) socket: WebSocket,
    /// When to ping.
    pub(super) pings: Interval,
    conversation: ConversationId,
    heard_at: Instant,
}

/// What a frame holds.
pub(super) enum Heard {
    /// A message, not understood yet.
    Text(Utf8Bytes),
    /// Anything else that is no sign of life only.
    Binary(Bytes),
}

impl Client {
    pub(super) fn new(socket: WebSocket, conversation: ConversationId) -> Client {
        Client { socket, pings: every(PING_EVERY), conversation, heard_at: Instant::now() }
    }

    /// The last event that the client has, by its `join`; `None` if it says anything else, or nothing in time.
    pub(super) async fn joined<M: DeserializeOwned>(&mut self, last_seq: impl Fn(&M) -> Option<u32>) -> Option<u32> {
        let first = async {
            loop {
                match self.socket.recv().await?.ok()? {
                    Message::Text(text) => return last_seq(&serde_json::from_str(&text).ok()?),
                    Message::Ping(_) | Message::Pong(_) => {}
                    Message::Binary(_) | Message::Close(_) => return None,
                }
            }
        };
        let joined = tokio::time::timeout(JOIN_WITHIN, first).await.ok()?;
        self.heard_at = Instant::now();
        joined
    }

    /// What a frame holds; `None`: no more than that somebody is there.
    pub(super) fn hear(&mut self, frame: Option<Result<Message, axum::Error>>) -> ControlFlow<u16, Option<Heard>> {
        self.heard_at = Instant::now();
        match frame {
            None | Some(Ok(Message::Close(_))) => ControlFlow::Break(close::AWAY),
            Some(Err(error)) => {
                tracing::debug!(conversation = %self.conversation, %error, "socket lost");
                ControlFlow::Break(close::TOO_LARGE)
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => ControlFlow::Continue(None),
            Some(Ok(Message::Binary(bytes))) => ControlFlow::Continue(Some(Heard::Binary(bytes))),
            Some(Ok(Message::Text(text))) => ControlFlow::Continue(Some(Heard::Text(text))),
        }
    }

    pub(super) async fn ping(&mut self) -> ControlFlow<u16> {
        if self.heard_at.elapsed() > SILENT_AT_MOST {
            return ControlFlow::Break(close::AWAY);
        }
        within(self.socket.send(Message::Ping(Bytes::new()))).await
    }

    pub(super) async fn send(&mut self, message: &ServerMessage) -> ControlFlow<u16> {
        self.feed(message).await?;
        self.flush().await
    }

    /// Sends with the next flush.
    pub(super) async fn feed(&mut self, message: &ServerMessage) -> ControlFlow<u16> {
        match serde_json::to_string(message) {
            Ok(text) => within(self.socket.feed(Message::Text(text.into()))).await,
            Err(_) => ControlFlow::Break(close::ERROR),
        }
    }

    pub(super) async fn flush(&mut self) -> ControlFlow<u16> {
        within(self.socket.flush()).await
    }

    /// Says why, and hangs up.
    pub(super) async fn close(mut self, why: u16) {
        let frame = CloseFrame { code: why, reason: "".into() };
        let _ = within(self.socket.send(Message::Close(Some(frame)))).await;
    }
}

/// A client that does not take what is sent is gone.
async fn within(sending: impl Future<Output = Result<(), axum::Error>>) -> ControlFlow<u16> {
    match tokio::time::timeout(SEND_WITHIN, sending).await {
        Ok(Ok(())) => ControlFlow::Continue(()),
        Ok(Err(_)) | Err(_) => ControlFlow::Break(close::AWAY),
    }
}

/// The message's own id, where even a message that cannot be taken has one.
pub(super) fn id_in(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let id = value.get("id")?.as_str()?;
    Some(id.chars().take(64).collect())
}

/// Ticks from one period on; those that were missed are not made up for.
pub(super) fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
