//! Two hundred conversations at once, over WebSocket, in a process of their own; beside them the floor.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::memory::resident_kib;
use crate::pure::now;
use crate::{floor, table};

/// Conversations open at once.
const CONVERSATIONS: usize = 200;
/// Turns in each, spread over time.
const TURNS: u32 = 10;
/// Rounds in which all speak in the same instant.
const ROUNDS: u32 = 5;
/// What goes by between two turns of one conversation, on average: people take ten times as long.
const THINKS: Duration = Duration::from_secs(1);

/// What a receptionist may say on and on to someone who bears it.
const WORDS: [&str; 4] = [
    "Bonjour, je vous écoute, dites-moi ce qui vous amène.",
    "Je comprends, dites-m'en plus.",
    "Quel montant lisez-vous sur la lettre ?",
    "Prenez votre temps, nous regardons cela ensemble.",
];

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server in a process of its own, killed when dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    client: reqwest::Client,
    /// Gone with it.
    _folder: Option<tempfile::TempDir>,
}

impl Server {
    fn start(mut command: Command, folder: Option<tempfile::TempDir>) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("its address");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.expect("its address").to_owned();
        let client = comptoir::outgoing::plain().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Server { child, address, client, _folder: folder }
    }

    pub(crate) fn comptoir(more: &[&str]) -> Server {
        Server::comptoir_of("sqlite:comptoir.db", more)
    }

    /// With a database that is there.
    pub(crate) fn comptoir_on(database: &str) -> Server {
        Server::comptoir_of(database, &[])
    }

    fn comptoir_of(database: &str, more: &[&str]) -> Server {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--pacing", "0", "--opens-after", "0"]);
        command.args(["--silence-after", "0", "--database-url", database]).args(more);
        command.current_dir(folder.path());
        Server::start(command, Some(folder))
    }

    fn floor() -> Server {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(floor::ARGUMENT);
        Server::start(command, None)
    }

    /// The floor of conversations that a model words.
    pub(crate) fn relay(model: &str) -> Server {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args([floor::ARGUMENT, model]);
        Server::start(command, None)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A client that keeps its connection.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn resident_kib(&self) -> Option<u64> {
        resident_kib(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Measures both servers and prints the lines.
pub(crate) fn measure() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let ours = run(&Server::comptoir(&[]), true).await;
        let floor = run(&Server::floor(), false).await;
        let name = |what: &str, server: &str| format!("{CONVERSATIONS} conversations, {what}: {server}");
        for (what, ours, floor, aim) in [
            ("turn to first word", ours.spread, floor.spread, "floor + 10 ms"),
            ("all in the same instant", ours.burst, floor.burst, ""),
        ] {
            let (mut ours, mut floor) = (ours, floor);
            table::times(&name(what, "comptoir"), &mut ours, aim);
            table::times(&name(what, "bare echo"), &mut floor, "");
        }
        for (server, kib, aim) in [("comptoir", ours.idle_kib, "64 KiB"), ("bare echo", floor.idle_kib, "")] {
            let kib = kib.map_or_else(|| "not told here".to_owned(), |kib| format!("{kib:.1} KiB"));
            table::figure(&format!("memory of an idle conversation: {server}"), &kib, aim);
        }
    });
}

struct Measured {
    spread: Vec<Duration>,
    burst: Vec<Duration>,
    idle_kib: Option<f64>,
}

async fn run(server: &Server, ours: bool) -> Measured {
    // A first conversation makes ready what all share.
    let mut first = open(server, ours).await;
    for turn in 0..3 {
        say(&mut first, turn).await;
    }
    let before = server.resident_kib();
    let mut sockets = Vec::with_capacity(CONVERSATIONS);
    for _ in 0..CONVERSATIONS {
        let mut socket = open(server, ours).await;
        say(&mut socket, 0).await;
        sockets.push(socket);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = server.resident_kib();
    #[expect(clippy::cast_precision_loss, reason = "kibibytes of one process")]
    let idle_kib = before.zip(after).map(|(before, after)| after.saturating_sub(before) as f64 / CONVERSATIONS as f64);

    let barrier = Arc::new(Barrier::new(CONVERSATIONS));
    let tasks = sockets.into_iter().enumerate().map(|(n, mut socket)| {
        let barrier = Arc::clone(&barrier);
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(n as u64);
            let (mut spread, mut burst) = (Vec::new(), Vec::new());
            for turn in 1..=TURNS {
                tokio::time::sleep(THINKS.mul_f64(0.5 + random.f64())).await;
                spread.extend(say(&mut socket, turn).await);
            }
            for round in 1..=ROUNDS {
                // Longer than it takes to get one's allowance of messages back.
                tokio::time::sleep(THINKS).await;
                barrier.wait().await;
                burst.extend(say(&mut socket, TURNS + round).await);
            }
            (spread, burst)
        })
    });
    let (mut spread, mut burst) = (Vec::new(), Vec::new());
    for task in tasks.collect::<Vec<_>>() {
        let (of_spread, of_burst) = task.await.expect("no client fails");
        spread.extend(of_spread);
        burst.extend(of_burst);
    }
    Measured { spread, burst, idle_kib }
}

/// Opens a conversation and its socket, and picks up.
pub(crate) async fn open(server: &Server, ours: bool) -> Socket {
    let address = &server.address;
    let origin = format!("http://{address}");
    if !ours {
        let request = format!("ws://{address}/").into_client_request().expect("an address");
        return tokio_tungstenite::connect_async(request).await.expect("it opens").0;
    }
    let client = comptoir::outgoing::plain().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let url = format!("{origin}/situations/charges-incomprises/conversations");
    let form = client.post(url).header("origin", &origin).form(&[("from", "")]);
    let response = form.send().await.expect("an answer");
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    let url = format!("ws://{address}{}/socket", header("location"));
    let mut request = url.into_client_request().expect("an address");
    request.headers_mut().insert("origin", origin.parse().expect("a header"));
    let cookie = header("set-cookie");
    request.headers_mut().insert("cookie", cookie.split(';').next().unwrap_or("").parse().expect("a header"));
    let mut socket = tokio_tungstenite::connect_async(request).await.expect("it opens").0;
    for message in [json!({"type": "join"}), json!({"type": "receive", "id": "r"})] {
        socket.send(Message::text(message.to_string())).await.expect("it is open");
    }
    socket
}

/// Says something; how long until the first words came back. `None` once the conversation is over.
pub(crate) async fn say(socket: &mut Socket, turn: u32) -> Option<Duration> {
    let words = WORDS[turn as usize % WORDS.len()];
    let message = json!({"type": "say", "id": format!("m-{turn}"), "text": words}).to_string();
    let begun = now();
    socket.send(Message::text(message)).await.ok()?;
    let mut first = None;
    loop {
        let Message::Text(text) = socket.next().await?.ok()? else { continue };
        let told: Value = serde_json::from_str(&text).expect("JSON");
        match told["type"].as_str() {
            Some("reply_part") => first = first.or_else(|| Some(begun.elapsed())),
            Some("replied") => return first,
            Some("error") => return None,
            _ => {}
        }
    }
}
