//! A client of the socket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Bytes, Error};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::app::Visitor;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// One connection to a conversation.
pub(crate) struct Talk {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
}

impl Talk {
    pub(crate) async fn connect(visitor: &Visitor, id: &str) -> Result<Talk, Error> {
        Talk::connect_from(visitor, id, &format!("http://{}", visitor.address)).await
    }

    pub(crate) async fn connect_from(visitor: &Visitor, id: &str, origin: &str) -> Result<Talk, Error> {
        Talk::open(visitor, &format!("/conversations/{id}/socket"), origin).await
    }

    /// Follows a conversation as its trainee's trainer, from the last event seen.
    pub(crate) async fn follow(visitor: &Visitor, id: &str, last_seq: u32) -> Result<Talk, Error> {
        let path = format!("/conversations/{id}/live/socket");
        let mut talk = Talk::open(visitor, &path, &format!("http://{}", visitor.address)).await?;
        talk.send(&json!({"type": "join", "last_seq": last_seq})).await;
        Ok(talk)
    }

    async fn open(visitor: &Visitor, path: &str, origin: &str) -> Result<Talk, Error> {
        let url = format!("ws://{}{path}", visitor.address);
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        if let Some(cookie) = visitor.cookie() {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Talk { socket, next_id: 0 })
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(Bytes::from(bytes))).await.unwrap();
    }

    /// The next message; `None` once the socket is closed.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("an answer in time")?;
            match frame {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The code of the closing, after whatever still comes.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a closing in time") {
                Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
                Some(Ok(_)) => {}
                other => panic!("no closing frame: {other:?}"),
            }
        }
    }

    /// Messages up to and with the first of this type.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut messages = Vec::new();
        loop {
            let message = self.next().await.unwrap_or_else(|| panic!("no {kind} after {messages:?}"));
            let found = message["type"] == kind;
            messages.push(message);
            if found {
                return messages;
            }
        }
    }

    /// The first message of this type.
    pub(crate) async fn first(&mut self, kind: &str) -> Value {
        self.until(kind).await.pop().unwrap()
    }

    /// The code of the next refusal, which must be the very next message.
    pub(crate) async fn refused(&mut self) -> (String, Option<String>) {
        let message = self.next().await.unwrap();
        assert_eq!(message["type"], "error", "{message}");
        assert!(message["message"].as_str().unwrap().ends_with('.'), "{message}");
        (message["code"].as_str().unwrap().to_owned(), message["id"].as_str().map(str::to_owned))
    }

    pub(crate) fn fresh_id(&mut self) -> String {
        self.next_id += 1;
        format!("m-{}", self.next_id)
    }

    pub(crate) async fn receive(&mut self) -> Value {
        let id = self.fresh_id();
        self.send(&json!({"type": "receive", "id": id})).await;
        self.first("received").await
    }

    /// Says something and waits for the answer: the turn and the reply.
    pub(crate) async fn say(&mut self, text: &str) -> (Value, Value) {
        let id = self.fresh_id();
        self.send(&json!({"type": "say", "id": id, "text": text})).await;
        let said = self.first("said").await;
        assert_eq!(said["id"], id);
        (said, self.first("replied").await)
    }

    /// Makes a move and waits for its event.
    pub(crate) async fn make(&mut self, act: Value) -> Value {
        let id = self.fresh_id();
        self.send(&json!({"type": "move", "id": id, "move": act})).await;
        self.first("moved").await
    }

    /// Goes as a lost connection goes: without a word.
    pub(crate) fn lose(self) {
        drop(self.socket);
    }
}
