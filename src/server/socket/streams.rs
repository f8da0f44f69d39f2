//! The streams of sound of one connection: what is said, and over which voice.
//!
//! Input: the messages of speech and binary frames. Output: messages back, turns' sound where it is recorded. Invariant:
//! a stream whose sound cannot be taken is closed, and says from where it can be taken up again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::Timestamp;
use crate::server::code::Code;
use crate::server::wire::{ListenMode, ServerMessage, Unheard as WireUnheard};
use crate::server::{Comptoir, told};
use crate::speech::dictation::{Dictation, Noticed, Said, Trouble, Unheard, Wishes};
use crate::speech::frame::Frame;
use crate::speech::pcm::RATE;

/// Streams whose last turn may still be in the making while the next one is open: presses of a button.
const AT_ONCE: usize = 4;
/// Whoever speaks is not silent: told to the conversation this often.
const STILL_SPEAKING: Duration = Duration::from_secs(5);

/// The streams of one connection, oldest first: only the last one is open, the others are being transcribed.
#[derive(Default)]
pub(super) struct Streams {
    /// Large, and most conversations are typed.
    dictations: VecDeque<Box<Dictation>>,
    /// The character's last words, for its voice.
    last_reply: Option<(u32, Arc<str>)>,
    /// The reply being said aloud.
    voicing: Option<(u32, Arc<str>)>,
    told_at: Option<Instant>,
}

/// What a client asks with `listen`.
pub(super) struct Ask {
    pub(super) stream: String,
    pub(super) sample_rate: u32,
    pub(super) from: u64,
    pub(super) mode: ListenMode,
    pub(super) pause_ms: u32,
}

impl Streams {
    /// Opens a stream, or takes one up again.
    pub(super) fn listen(
        &mut self,
        comptoir: &Comptoir,
        ask: Ask,
        hint: Arc<str>,
        now: Timestamp,
    ) -> Result<ServerMessage, Code> {
        let transcriber = comptoir.speech.transcriber.clone().map_err(|_| Code::VoiceUnavailable)?;
        if ask.sample_rate != RATE {
            return Err(Code::WrongSampleRate);
        }
        // Sound of the same stream that still waits will come again.
        self.dictations.retain(|open| open.stream() != ask.stream);
        if let Some(open) = self.dictations.back_mut() {
            open.stop();
        }
        if self.dictations.len() >= AT_ONCE {
            return Err(Code::TooFarBehind);
        }
        let wishes = Wishes {
            held: ask.mode == ListenMode::Push,
            pause_ms: ask.pause_ms.clamp(300, 3_000),
            keep_sound: comptoir.settings.recordings.on,
            hint,
        };
        let mut dictation = Dictation::new(ask.stream.clone(), ask.from, wishes, transcriber, now);
        if let Some((reply, words)) = &self.voicing {
            dictation.voicing(*reply, words);
        }
        self.dictations.push_back(Box::new(dictation));
        Ok(ServerMessage::Listening { stream: ask.stream })
    }

    /// Takes a binary frame; whether the conversation should know that somebody is speaking.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<bool, (Code, Option<String>)> {
        let Some(open) = self.dictations.back_mut().filter(|open| !open.is_stopped()) else {
            return Err((Code::NotListening, None));
        };
        let frame = Frame::read(bytes).map_err(|_| (Code::MalformedAudio, None))?;
        if open.hear(&frame).is_err() {
            let stream = open.stream().to_owned();
            self.dictations.pop_back();
            return Err((Code::TooFarBehind, Some(stream)));
        }
        let due = self.told_at.is_none_or(|told| told.elapsed() > STILL_SPEAKING);
        let tells = open.speaking() && due;
        if tells {
            self.told_at = Some(Instant::now());
        }
        Ok(tells)
    }

    /// The button was released, or the microphone closed.
    pub(super) fn stop(&mut self, stream: &str) {
        if let Some(open) = self.dictations.iter_mut().find(|open| open.stream() == stream) {
            open.stop();
        }
    }

    /// The character has answered: these words may be said aloud now.
    pub(super) fn replied(&mut self, seq: u32, words: &str) {
        self.last_reply = Some((seq, words.into()));
    }

    /// Its voice begins.
    pub(super) fn voicing(&mut self, reply: u32) {
        self.voicing = self.last_reply.clone().filter(|(seq, _)| *seq == reply);
        if let (Some(open), Some((reply, words))) = (self.dictations.back_mut(), &self.voicing) {
            open.voicing(*reply, words);
        }
    }

    /// Its voice has fallen silent.
    pub(super) fn voiced(&mut self) {
        self.voicing = None;
        if let Some(open) = self.dictations.back_mut() {
            open.voiced();
        }
    }

    /// What is to be told next, with the stream's name; waits for ever where nothing is under way.
    pub(super) async fn next(&mut self) -> (String, Noticed) {
        while self.dictations.front().is_some_and(|first| first.is_done()) {
            self.dictations.pop_front();
        }
        match self.dictations.front_mut() {
            Some(first) => {
                let noticed = first.next().await;
                (first.stream().to_owned(), noticed)
            }
            None => std::future::pending().await,
        }
    }
}

/// What was noticed, as the client is told; and the turn whose sound is to be kept.
pub(super) fn message(stream: String, noticed: Noticed) -> (ServerMessage, Option<Said>) {
    let message = match noticed {
        Noticed::Speech(speech) => ServerMessage::Hearing { stream, speech },
        Noticed::Partial(text) => ServerMessage::Partial { stream, text },
        Noticed::Said(said) => {
            let message = ServerMessage::Transcribed {
                stream,
                utterance: said.utterance.clone(),
                text: said.text.clone(),
                to: said.to,
                began_at: said.began_at,
                ended_at: said.ended_at,
                took_ms: said.took_ms,
            };
            return (message, (!said.sound.is_empty()).then_some(said));
        }
        Noticed::Unheard { to, why } => ServerMessage::Unheard { stream, to, why: why.into() },
        Noticed::Interrupts { reply } => ServerMessage::Interrupt { reply },
        Noticed::Trouble(trouble) => told::error(trouble.into(), Some(stream)),
    };
    (message, None)
}

impl From<Trouble> for Code {
    fn from(trouble: Trouble) -> Code {
        match trouble {
            Trouble::FramesLost => Code::FramesLost,
            Trouble::Busy => Code::TranscriptionBusy,
            Trouble::Slow => Code::TranscriptionSlow,
            Trouble::Failed => Code::TranscriptionFailed,
            Trouble::Monologue => Code::Monologue,
        }
    }
}

impl From<Unheard> for WireUnheard {
    fn from(why: Unheard) -> WireUnheard {
        match why {
            Unheard::Noise => WireUnheard::Noise,
            Unheard::Echo => WireUnheard::Echo,
            Unheard::Backchannel => WireUnheard::Backchannel,
            Unheard::TooShort => WireUnheard::TooShort,
            Unheard::Failed => WireUnheard::Failed,
        }
    }
}
