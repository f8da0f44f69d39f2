//! A microphone for the socket's client: clips in frames, and what comes back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::talk::Talk;

/// Samples in a frame.
pub(crate) const FRAME: usize = 1_024;

pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice").join(name)
}

/// A clip's samples.
pub(crate) fn clip(name: &str) -> Vec<i16> {
    let file = hound::WavReader::open(data(&format!("{name}.wav"))).unwrap();
    file.into_samples().map(Result::unwrap).collect()
}

pub(crate) fn silence(ms: usize) -> Vec<i16> {
    vec![0; ms * 16]
}

/// Hiss, without any voice in it.
pub(crate) fn hiss(ms: usize) -> Vec<i16> {
    let mut random = fastrand::Rng::with_seed(7);
    std::iter::repeat_with(|| random.i16(-900..900)).take(ms * 16).collect()
}

/// The service's ears for tests: whisper.cpp with a very small model, one thread.
#[cfg(feature = "voice")]
pub(crate) fn whisper() -> comptoir::speech::Transcriber {
    use comptoir::speech::{Transcriber, WhisperSettings};
    let settings = WhisperSettings { threads: 1, ..WhisperSettings::new(data("whisper-test-fr.bin")) };
    Transcriber::whisper(&settings).unwrap()
}

/// A stream of sound over a socket.
pub(crate) struct Microphone {
    pub(crate) stream: String,
    /// Number of the next sample.
    pub(crate) next: usize,
}

impl Microphone {
    /// Opens a stream; waits until it is open.
    pub(crate) async fn open(talk: &mut Talk, stream: &str, from: usize, mode: &str) -> Microphone {
        talk.send(&listen(stream, from, mode, 16_000)).await;
        assert_eq!(talk.first("listening").await["stream"], stream);
        Microphone { stream: stream.to_owned(), next: from }
    }

    /// Sends sound, as fast as it goes.
    pub(crate) async fn send(&mut self, talk: &mut Talk, samples: &[i16]) {
        for samples in samples.chunks(FRAME) {
            talk.send_bytes(frame(self.next, samples)).await;
            self.next += samples.len();
        }
    }

    /// Sends sound as fast as it sounds.
    pub(crate) async fn play(&mut self, talk: &mut Talk, samples: &[i16]) {
        let mut beat = tokio::time::interval(Duration::from_millis(64));
        for samples in samples.chunks(FRAME) {
            beat.tick().await;
            talk.send_bytes(frame(self.next, samples)).await;
            self.next += samples.len();
        }
    }

    /// Says a clip and the silence after it; the words that were recognised.
    pub(crate) async fn say(&mut self, talk: &mut Talk, name: &str) -> Value {
        self.send(talk, &[clip(name), silence(1_200)].concat()).await;
        talk.first("transcribed").await
    }

    pub(crate) async fn stop(&self, talk: &mut Talk) {
        talk.send(&json!({"type": "stop_listening", "stream": self.stream})).await;
    }
}

pub(crate) fn listen(stream: &str, from: usize, mode: &str, rate: u32) -> Value {
    json!({"type": "listen", "stream": stream, "sample_rate": rate, "from": from, "mode": mode})
}

pub(crate) fn frame(first: usize, samples: &[i16]) -> Vec<u8> {
    let number = u32::try_from(first).unwrap().to_le_bytes();
    number.into_iter().chain(samples.iter().flat_map(|sample| sample.to_le_bytes())).collect()
}

/// The turn that a transcription becomes, as a page sends it.
pub(crate) fn turn(transcribed: &Value, text: &str) -> Value {
    json!({
        "type": "say",
        "id": transcribed["utterance"],
        "text": text,
        "spoken": {
            "recognised": transcribed["text"],
            "began_at": transcribed["began_at"],
            "ended_at": transcribed["ended_at"],
        },
    })
}
