//! The floor: a bare axum server that answers a turn with the same frames, without thinking or storing anything; or that
//! hands the turn to a model and relays what comes.

use std::io::Write as _;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::any;
use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What makes this program the floor.
pub(crate) const ARGUMENT: &str = "--floor";

/// As long as a usual reply.
const REPLY: &str = "Écoutez, ça fait trois semaines que j'attends, et à chaque fois on me dit qu'on va me rappeler. \
                     Personne ne rappelle. Et pendant ce temps-là, l'eau, elle coule.";

/// Serves until killed; prints its address. With a model's address, it relays.
pub(crate) fn serve(model: Option<String>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!("http://{}", listener.local_addr().expect("an address"));
        let _ = std::io::stdout().flush();
        let client = comptoir::outgoing::plain().build().expect("a client");
        let open = async move |upgrade: WebSocketUpgrade| {
            let upgrade = upgrade.read_buffer_size(8 * 1024);
            match model {
                None => upgrade.on_upgrade(echo),
                Some(model) => upgrade.on_upgrade(|socket| relay(socket, client, model)),
            }
        };
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a connection"));
        axum::serve(listener, Router::new().route("/", any(open))).await.expect("it serves");
    });
}

/// Each turn goes to the model, each piece that comes goes to the client.
async fn relay(mut socket: WebSocket, client: reqwest::Client, model: String) {
    let url = format!("{model}/chat/completions");
    let mut seq = 0;
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else { continue };
        let heard: Value = serde_json::from_str(&text).expect("JSON");
        seq += 2;
        let body = json!({
            "model": "double", "stream": true, "max_tokens": 220,
            "messages": [{"role": "user", "content": heard["text"]}],
        });
        let mut answer = client.post(&url).json(&body).send().await.expect("an answer");
        while let Some(chunk) = answer.chunk().await.expect("a whole answer") {
            let words: String = String::from_utf8_lossy(&chunk).lines().filter_map(words).collect();
            if words.is_empty() {
                continue;
            }
            let part = json!({"type": "reply_part", "seq": seq, "text": words});
            if socket.send(Message::text(part.to_string())).await.is_err() {
                return;
            }
        }
        let whole = json!({"type": "replied", "seq": seq});
        if socket.send(Message::text(whole.to_string())).await.is_err() {
            return;
        }
    }
}

/// The words of a line of the stream.
fn words(line: &str) -> Option<String> {
    let event: Value = serde_json::from_str(line.strip_prefix("data: ")?).ok()?;
    event["choices"][0]["delta"]["content"].as_str().map(str::to_owned)
}

async fn echo(mut socket: WebSocket) {
    let mut seq = 0;
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else { continue };
        let heard: Value = serde_json::from_str(&text).expect("JSON");
        let frames = if heard["type"] == "say" {
            seq += 2;
            let at = "2026-03-02T09:00:00Z";
            vec![
                json!({"type": "said", "seq": seq - 1, "at": at, "id": heard["id"], "text": heard["text"]}),
                json!({"type": "reply_begins", "seq": seq}),
                json!({"type": "reply_part", "seq": seq, "text": REPLY}),
                json!({"type": "replied", "seq": seq, "at": at, "text": REPLY, "cue": null, "posture": null}),
            ]
        } else {
            vec![json!({"type": "welcome", "phase": "talking"})]
        };
        for frame in frames {
            if socket.send(Message::text(frame.to_string())).await.is_err() {
                return;
            }
        }
    }
}
