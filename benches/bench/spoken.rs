//! From the end of speech to the first words shown, and to the first word of the answer: over the socket, as a page
//! does it, the sound as fast as it sounds; then eight conversations at once.

use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Bytes;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::pure::now;
use crate::sockets::{Server, Socket, open};
use crate::table;

const CLIPS: [&str; 3] = ["je-verifie", "un-technicien", "merci-de-patienter"];
/// Turns of a conversation.
const TURNS: usize = 9;
/// Conversations at once on this machine.
const AT_ONCE: usize = 8;
const FRAME: usize = 1_024;
/// A frame's worth of time.
const BEAT: Duration = Duration::from_millis(64);

/// The moments of one turn, from the last sample of speech on.
#[derive(Default)]
struct Stages {
    /// Until the server knew that the turn was over.
    ended: Vec<Duration>,
    /// From there until its words were there.
    words: Vec<Duration>,
    /// Until its words were there.
    shown: Vec<Duration>,
    /// Until the answer's first word was.
    answered: Vec<Duration>,
}

/// Measures and prints the lines.
pub(crate) fn measure() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/whisper-test-fr.bin");
        let server = Server::comptoir(&["--voice-model", &model.display().to_string(), "--voice-threads", "1"]);
        converse(&server, 1).await;
        let before = server.resident_kib();
        for (people, name) in [(1, "one conversation"), (AT_ONCE, "eight at once")] {
            let all = (0..people).map(|_| converse(&server, TURNS)).collect::<Vec<_>>();
            let mut stages = Stages::default();
            for one in futures_util::future::join_all(all).await {
                stages.ended.extend(one.ended);
                stages.words.extend(one.words);
                stages.shown.extend(one.shown);
                stages.answered.extend(one.answered);
            }
            assert_eq!(stages.shown.len(), people * TURNS, "no turn is lost");
            let line = |what: &str| format!("spoken, {name}: {what}");
            table::times(&line("end of speech to end of turn"), &mut stages.ended, "700 ms");
            table::times(&line("end of turn to its words"), &mut stages.words, "");
            table::times(&line("end of speech to its words"), &mut stages.shown, "");
            table::times(&line("end of speech to the answer's first"), &mut stages.answered, "");
        }
        if let Some((before, after)) = before.zip(server.resident_kib()) {
            let more = after.saturating_sub(before);
            table::figure("memory of eight spoken conversations, together", &format!("{more} KiB"), "");
        }
    });
}

/// A conversation of so many spoken turns.
async fn converse(server: &Server, turns: usize) -> Stages {
    let mut socket = open(server, true).await;
    tell(&mut socket, &json!({"type": "sound", "on": true})).await;
    let listen = json!({"type": "listen", "stream": "s", "sample_rate": 16_000, "from": 0, "mode": "free"});
    tell(&mut socket, &listen).await;
    until(&mut socket, "listening").await;
    let (mut stages, mut next) = (Stages::default(), 0);
    for turn in 0..turns {
        let samples = clip(CLIPS[turn % CLIPS.len()]);
        let spoken = samples.iter().rposition(|sample| sample.abs() > 600).unwrap_or(samples.len());
        let sound = [samples, vec![0; 16_000]].concat();
        let (mut ended_at, mut heard) = (None, None);
        let begun = now();
        let speech_ends = begun + Duration::from_micros(spoken as u64 * 1_000_000 / 16_000);
        let mut beat = tokio::time::interval(BEAT);
        let mut frames = sound.chunks(FRAME);
        while heard.is_none() {
            tokio::select! {
                _ = beat.tick() => {
                    // The microphone stays open after the clip.
                    let quiet = [0; FRAME];
                    let samples = frames.next().unwrap_or(&quiet);
                    socket.send(Message::Binary(frame(next, samples))).await.expect("it is open");
                    next += samples.len();
                }
                told = hear(&mut socket) => match told["type"].as_str() {
                    Some("hearing") if told["speech"] == false => ended_at = Some(now()),
                    Some("transcribed") => heard = Some(told),
                    _ => {}
                },
            }
        }
        let shown = now();
        let heard = heard.unwrap_or_default();
        let spoken = json!({
            "recognised": heard["text"], "began_at": heard["began_at"], "ended_at": heard["ended_at"],
        });
        tell(&mut socket, &json!({"type": "say", "id": heard["utterance"], "text": heard["text"], "spoken": spoken}))
            .await;
        until(&mut socket, "reply_part").await;
        let answered = now();
        until(&mut socket, "replied").await;
        let ended = ended_at.unwrap_or(shown);
        stages.ended.push(ended.saturating_duration_since(speech_ends));
        stages.words.push(shown.saturating_duration_since(ended));
        stages.shown.push(shown.saturating_duration_since(speech_ends));
        stages.answered.push(answered.saturating_duration_since(speech_ends));
    }
    stages
}

async fn tell(socket: &mut Socket, message: &Value) {
    socket.send(Message::text(message.to_string())).await.expect("it is open");
}

async fn until(socket: &mut Socket, kind: &str) {
    while hear(socket).await["type"] != kind {}
}

async fn hear(socket: &mut Socket) -> Value {
    loop {
        if let Message::Text(text) = socket.next().await.expect("it is open").expect("it is open") {
            return serde_json::from_str(&text).expect("JSON");
        }
    }
}

fn clip(name: &str) -> Vec<i16> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/voice/{name}.wav"));
    let wav = hound::WavReader::open(path).expect("our clip");
    wav.into_samples().map(|sample| sample.expect("our clip")).collect()
}

fn frame(first: usize, samples: &[i16]) -> Bytes {
    let number = u32::try_from(first).expect("a short conversation").to_le_bytes();
    number.into_iter().chain(samples.iter().flat_map(|sample| sample.to_le_bytes())).collect()
}
