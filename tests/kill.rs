//! The real program, killed with `kill -9` in mid-conversation many times: no turn that was acknowledged is lost.
//! And what it says when it cannot open at all.

#[path = "double/mod.rs"]
mod double;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How many times the program is killed.
const KILLS: u64 = 24;

/// What a receptionist may say on and on.
const WORDS: [&str; 4] = [
    "Bonjour, je vous écoute.",
    "Je comprends, dites-m'en plus.",
    "Quel montant lisez-vous sur la lettre ?",
    "Depuis quand habitez-vous ce logement ?",
];

/// A running program, killed when dropped.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(folder: &Path) -> Program {
        let mut command = command(folder);
        command.args(["--listen", "127.0.0.1:0", "--pacing", "0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        Program::of(command.spawn().unwrap())
    }

    fn of(mut child: Child) -> Program {
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}")).to_owned();
        Program { child, address }
    }

    fn kill(mut self) {
        // SIGKILL: nothing of the program runs any more.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
    command.arg("serve").current_dir(folder).env_remove("DATABASE_URL").env_remove("COMPTOIR_LISTEN");
    command
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a conversation: its id and the visitor's cookie.
async fn open(address: &str) -> (String, String) {
    let client = comptoir::outgoing::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url = format!("http://{address}/situations/charges-incomprises/conversations");
    let request = client.post(url).header("origin", format!("http://{address}")).form(&[("hints", "on")]);
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let id = header("location").strip_prefix("/conversations/").unwrap().to_owned();
    (id, header("set-cookie").split(';').next().unwrap().to_owned())
}

async fn join(address: &str, id: &str, cookie: &str, last_seq: u64) -> Socket {
    let mut request = format!("ws://{address}/conversations/{id}/socket").into_client_request().unwrap();
    request.headers_mut().insert("origin", format!("http://{address}").parse().unwrap());
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    send(&mut socket, &json!({"type": "join", "last_seq": last_seq})).await;
    socket
}

async fn send(socket: &mut Socket, message: &Value) {
    // A send that fails is a message that was never acknowledged.
    let _ = socket.send(Message::text(message.to_string())).await;
}

/// The next message; `None` once the program is gone.
async fn next(socket: &mut Socket) -> Option<Value> {
    loop {
        match tokio::time::timeout(Duration::from_mins(1), socket.next()).await.expect("an answer in time")? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Everything of a conversation, as a client that saw nothing is told; it must have no gap.
async fn everything(address: &str, id: &str, cookie: &str) -> Vec<Value> {
    let mut socket = join(address, id, cookie, 0).await;
    let welcome = next(&mut socket).await.unwrap();
    let last = welcome["last_seq"].as_u64().unwrap();
    let mut events = Vec::new();
    for seq in 1..=last {
        let event = next(&mut socket).await.unwrap();
        assert_eq!(event["seq"], seq, "a gap in the events");
        events.push(event);
    }
    events
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_turn_is_lost_however_often_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let (mut id, mut cookie) = open(&program.address).await;
    let mut acknowledged: Vec<Value> = Vec::new();
    let mut unanswered: Option<Value> = None;
    let mut sent = 0_usize;
    let mut turns = 0;
    for kill in 0..KILLS {
        let last_seq = acknowledged.last().map_or(0, |event| event["seq"].as_u64().unwrap());
        let mut socket = join(&program.address, &id, &cookie, last_seq).await;
        // Killed a little later each time: before, between and after storing the turn and its answer.
        let child = std::sync::Arc::new(std::sync::Mutex::new(Some(program)));
        let victim = std::sync::Arc::clone(&child);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(2 + 7 * kill));
            victim.lock().unwrap().take().unwrap().kill();
        });
        let mut over = false;
        // What was sent and never acknowledged is sent again, with the same id.
        if let Some(message) = &unanswered {
            send(&mut socket, message).await;
        }
        while let Some(message) = next(&mut socket).await {
            match message["type"].as_str().unwrap() {
                "welcome" if message["phase"] == "waiting" => {
                    send(&mut socket, &json!({"type": "receive", "id": "r"})).await;
                }
                "received" | "said" | "replied" | "hinted" => {
                    if message["id"] == unanswered.as_ref().map_or(Value::Null, |sent| sent["id"].clone()) {
                        unanswered = None;
                    }
                    turns += usize::from(message["type"] == "said");
                    if acknowledged.iter().all(|known| known["seq"] != message["seq"]) {
                        acknowledged.push(message.clone());
                    }
                }
                "ended" => over = true,
                _ => {}
            }
            let may_speak = ["received", "replied"].iter().any(|kind| message["type"] == *kind)
                || (message["type"] == "welcome" && message["phase"] == "talking");
            if may_speak && unanswered.is_none() && !over {
                let words = WORDS[sent % WORDS.len()];
                let say = json!({"type": "say", "id": format!("m-{sent}"), "text": words});
                sent += 1;
                send(&mut socket, &say).await;
                unanswered = Some(say);
            }
        }
        killer.join().unwrap();
        program = Program::start(folder.path());
        let stored = everything(&program.address, &id, &cookie).await;
        for event in &acknowledged {
            let seq = usize::try_from(event["seq"].as_u64().unwrap()).unwrap();
            let kept = stored.get(seq - 1).unwrap_or_else(|| panic!("{event} was lost at kill {kill}"));
            assert_eq!((&kept["type"], &kept["text"]), (&event["type"], &event["text"]), "changed at kill {kill}");
        }
        let mut ids: Vec<&str> =
            stored.iter().filter(|event| event["type"] == "said").filter_map(|event| event["id"].as_str()).collect();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "a turn sent twice was taken twice");
        if over {
            (id, cookie) = open(&program.address).await;
            acknowledged.clear();
            unanswered = None;
        }
    }
    assert!(turns > 20, "only {turns} turns were spoken between {KILLS} kills");
    program.kill();
}

/// Two sentences, then a third that takes its time.
fn slow_words(seen: &double::Seen) -> double::Does {
    if seen.format().is_some() {
        return double::Does::words("{\"demande\": []}");
    }
    double::Does::Slowly {
        text: "Attendez, je regarde la lettre. Alors voilà, j'y suis. Et puis je ne comprends rien à tout ça, moi."
            .into(),
        first: Duration::ZERO,
        each: Duration::from_millis(90),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_a_model_was_wording_begins_after_a_kill_with_the_words_that_were_told() {
    let model = double::Double::start(slow_words).await;
    let settings = ["--model-url", model.address(), "--model-name", "double", "--judged-by", "rules"];
    for sentences in 1..=2 {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command.args(["--listen", "127.0.0.1:0", "--pacing", "0"]).args(settings);
        let program = Program::of(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let (id, cookie) = open(&program.address).await;
        let mut socket = join(&program.address, &id, &cookie, 0).await;
        send(&mut socket, &json!({"type": "receive", "id": "r"})).await;
        send(&mut socket, &json!({"type": "say", "id": "a", "text": "Bonjour, je vous écoute."})).await;
        while next(&mut socket).await.unwrap()["type"] != "replied" {}
        send(&mut socket, &json!({"type": "say", "id": "b", "text": "Je comprends, dites-m'en plus."})).await;
        let (mut told, mut parts) = (String::new(), 0);
        while parts < sentences {
            let message = next(&mut socket).await.unwrap();
            if message["type"] == "reply_part" {
                told.push_str(message["text"].as_str().unwrap());
                parts += 1;
            }
        }
        program.kill();
        // It comes back without any model: what was told stands, the character's own lines say the rest.
        let program = Program::start(folder.path());
        let mut socket = join(&program.address, &id, &cookie, 0).await;
        let reply = loop {
            let message = next(&mut socket).await.unwrap();
            if message["type"] == "replied" && message["seq"].as_u64().unwrap() > 4 {
                break message["text"].as_str().unwrap().to_owned();
            }
        };
        assert!(reply.starts_with(&told), "« {told} » was told, « {reply} » is stored");
        let stored = everything(&program.address, &id, &cookie).await;
        let replies: Vec<&Value> = stored.iter().filter(|event| event["type"] == "replied").collect();
        assert_eq!(replies.len(), 2, "{stored:?}");
        program.kill();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_setting_of_the_log_lets_it_hold_what_people_say() {
    let folder = tempfile::tempdir().unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let filter = "trace,tungstenite=trace,tokio_tungstenite=trace,hyper=trace,sqlx=trace,axum=trace";
    let child = command(folder.path())
        .args(["--listen", "127.0.0.1:0", "--pacing", "0", "--log", filter])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let program = Program::of(child);
    let (id, cookie) = open(&program.address).await;
    let mut socket = join(&program.address, &id, &cookie, 0).await;
    send(&mut socket, &json!({"type": "receive", "id": "r"})).await;
    send(&mut socket, &json!({"type": "say", "id": "s", "text": "Bonjour, connaissez-vous le mot zinzolin ?"})).await;
    let mut reply = String::new();
    while reply.is_empty() {
        let message = next(&mut socket).await.unwrap();
        if message["type"] == "replied" {
            reply = message["text"].as_str().unwrap().to_owned();
        }
    }
    program.kill();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains(&id), "the log tells of the conversation: {log}");
    let token = cookie.split('=').nth(1).unwrap();
    for words in ["zinzolin", reply.as_str(), token] {
        assert!(!log.contains(words), "the log holds {words:?}");
    }
}

/// What the program says on stderr when it cannot open, and its exit code.
fn refused(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let mut child = command(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    child.stderr.as_mut().unwrap().read_to_string(&mut told).unwrap();
    (told, child.wait().unwrap().code())
}

#[test]
fn what_keeps_the_service_from_opening_is_told_in_one_clear_line() {
    fn check(folder: &Path, arguments: &[&str], expect: &[&str]) {
        let (told, code) = refused(folder, arguments);
        assert_eq!(code, Some(2), "{told}");
        for words in expect {
            assert!(told.contains(words), "{told:?} without {words:?}");
        }
        assert_eq!(told.trim().lines().count(), 1, "{told}");
    }
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let port = address.rsplit(':').next().unwrap();
    check(folder.path(), &["--listen", &address], &["(code : port_in_use)", port, "COMPTOIR_LISTEN="]);
    assert!(!folder.path().join("comptoir.db").exists(), "the database was left alone");

    let free = ["--listen", "127.0.0.1:0"];
    std::fs::write(folder.path().join("notes.txt"), "Ceci n'est pas une base de données.\n".repeat(200)).unwrap();
    let with = |url: &'static str| [free[0], free[1], "--database-url", url];
    check(folder.path(), &with("sqlite:notes.txt"), &["(code : store_corrupt)", "sauvegarde"]);
    check(folder.path(), &with("sqlite:nulle/part.db"), &["(code : store_unreachable)", "DATABASE_URL"]);
    check(folder.path(), &with("sqlite:"), &["(code : store_address)"]);
    check(folder.path(), &with("postgres://nobody@127.0.0.1:1/x"), &["(code : store_unreachable)"]);
}

#[cfg(unix)]
#[test]
fn a_first_signal_stops_softly_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let stopped = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
    let mut told = String::new();
    program.child.stdout.as_mut().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("Tous les échanges sont enregistrés."), "{told:?}");
}
