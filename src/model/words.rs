//! The words of one answer, as they come.
//!
//! Input: a stream of pieces. Output: words, without what was thought aloud. Invariant: an answer without its end is
//! never taken for a whole one; dropping it ends the call, and what it used is still counted.

use std::time::Duration;

use async_openai::types::stream::StreamResponse;
use futures_util::StreamExt as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::breaker::Pass;
use super::piece::{Finish, Piece};
use super::refusal::Refusal;
use super::sieve::Ending;
use super::thoughts::Thoughts;
use super::usage::{Call, Meter, Tokens};
use super::{Limits, ModelError};

/// How long the count of tokens may follow the last word.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// Bytes a token of the longest answer stands for: 4 for French, and half as much again.
const BYTES_A_TOKEN: u64 = 6;

/// An answer that streams.
pub struct Words {
    // Dropped in this order: what the try used belongs to its call.
    flow: Flow,
    call: Call,
}

impl Words {
    pub(super) fn new(flow: Flow, mut call: Call) -> Words {
        call.speaks();
        Words { flow, call }
    }

    /// The next words; `None` after the last ones, once the answer is known to be whole. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<String, ModelError>> {
        let next = self.flow.next().await;
        match &next {
            None => self.call.ends(Ok(())),
            Some(Err(error)) => self.call.ends(Err(error)),
            Some(Ok(_)) => {}
        }
        next
    }

    /// What it has used so far.
    pub fn tokens(&self) -> Tokens {
        self.flow.meter.tokens()
    }

    /// Whether the words come as they are made, not all at the end.
    pub fn streams(&self) -> bool {
        self.flow.came.streamed
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("tokens", &self.tokens()).finish_non_exhaustive()
    }
}

/// One try that was accepted.
pub(super) struct Flow {
    stream: Option<StreamResponse<Piece>>,
    ending: Ending,
    pub(super) meter: Meter,
    pass: Pass,
    permit: Option<OwnedSemaphorePermit>,
    thoughts: Thoughts,
    /// The first words, found while it was not known whether there would be any.
    first: Option<String>,
    began: bool,
    finish: Option<Finish>,
    over: Option<ModelError>,
    came: Came,
    /// The longest answer, in bytes.
    most: u64,
    limits: Limits,
    heard_at: Instant,
    /// Nothing is waited for past this.
    until: Instant,
}

/// What kinds of pieces came.
#[derive(Debug, Default)]
struct Came {
    /// One of many.
    streamed: bool,
    /// Of the protocol.
    known: bool,
    /// Of something else.
    strange: bool,
}

impl Flow {
    pub(super) fn new(
        stream: StreamResponse<Piece>,
        ending: Ending,
        meter: Meter,
        pass: Pass,
        permit: OwnedSemaphorePermit,
        max_tokens: u32,
        limits: Limits,
    ) -> Flow {
        Flow {
            stream: Some(stream),
            ending,
            meter,
            pass,
            permit: Some(permit),
            thoughts: Thoughts::default(),
            first: None,
            began: false,
            finish: None,
            over: None,
            came: Came::default(),
            most: most(max_tokens),
            limits,
            heard_at: Instant::now(),
            until: Instant::now(),
        }
    }

    /// Waits for the first words; the others may then come until `whole`.
    pub(super) async fn begin(&mut self, until: Instant, whole: Option<Instant>) -> Result<(), ModelError> {
        self.until = until;
        let first = match self.read().await {
            Some(Ok(words)) => words,
            Some(Err(error)) => return Err(error),
            None => return Err(self.failed(ModelError::Empty)),
        };
        self.pass.speaks();
        self.first = Some(first);
        self.until = whole.unwrap_or_else(|| Instant::now() + self.limits.whole);
        Ok(())
    }

    pub(super) async fn next(&mut self) -> Option<Result<String, ModelError>> {
        match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => self.read().await,
        }
    }

    async fn read(&mut self) -> Option<Result<String, ModelError>> {
        loop {
            let Some(stream) = &mut self.stream else { return self.over.take().map(Err) };
            let silence = match (self.finish, self.began) {
                (Some(_), _) => self.heard_at + AFTERWARDS,
                (None, true) => self.heard_at + self.limits.silence,
                (None, false) => self.until,
            };
            let words = match timeout_at(silence.min(self.until), stream.next()).await {
                Err(_) if self.finish.is_some() => return self.ended(),
                Err(_) => return Some(Err(self.failed(ModelError::Late))),
                Ok(None) => return self.ended(),
                Ok(Some(Err(_))) => {
                    let error = self.ending.get().cloned().unwrap_or(ModelError::Cut);
                    return Some(Err(self.failed(error)));
                }
                Ok(Some(Ok(piece))) => match self.take(&piece) {
                    Ok(words) => words,
                    Err(error) => return Some(Err(self.failed(error))),
                },
            };
            if let Some(words) = self.begun(words) {
                return Some(Ok(words));
            }
        }
    }

    /// Words that are some: blanks before the first word are none.
    fn begun(&mut self, words: String) -> Option<String> {
        let words = if self.began { words } else { words.trim_start().to_owned() };
        self.began |= !words.is_empty();
        (!words.is_empty()).then_some(words)
    }

    fn take(&mut self, piece: &Piece) -> Result<String, ModelError> {
        if let Some(usage) = piece.usage {
            self.meter.told(usage);
        }
        if let Some(error) = &piece.error {
            return Err(Refusal::inside(error).means());
        }
        self.came.streamed |= piece.streamed;
        self.came.known |= piece.known;
        self.came.strange |= !piece.known;
        self.finish = self.finish.or(piece.finish);
        let heard = piece.words.len() + piece.thought;
        if heard > 0 || piece.finish.is_some() {
            self.heard_at = Instant::now();
        }
        self.meter.heard(heard);
        if self.meter.bytes() > self.most {
            return Err(ModelError::Endless);
        }
        Ok(self.thoughts.leave_out(&piece.words))
    }

    /// The stream is over: what was held back, then whether that was all.
    fn ended(&mut self) -> Option<Result<String, ModelError>> {
        let rest = self.thoughts.rest();
        let rest = self.begun(rest);
        let error = match self.finish {
            Some(Finish::Declined) => Some(ModelError::Declined),
            Some(Finish::Length) => Some(ModelError::Endless),
            Some(Finish::Failed) => Some(ModelError::Cut),
            Some(Finish::Whole) if self.began => None,
            Some(Finish::Whole) => Some(ModelError::Empty),
            // An answer that came at once came whole.
            None if self.began && !self.came.streamed && self.ending.get().is_none() => None,
            None => Some(match self.ending.get() {
                Some(error) => error.clone(),
                None if self.meter.bytes() > 0 => ModelError::Cut,
                None if self.came.strange && !self.came.known => ModelError::Malformed,
                None => ModelError::Empty,
            }),
        };
        let Some(error) = error else {
            self.pass.succeeded();
            self.close();
            return rest.map(Ok);
        };
        let error = self.failed(error);
        if rest.is_none() {
            return Some(Err(error));
        }
        self.over = Some(error);
        rest.map(Ok)
    }

    fn failed(&mut self, error: ModelError) -> ModelError {
        if !(error == ModelError::Late && self.meter.lasts() < self.limits.fair) {
            self.pass.failed(&error);
        }
        self.close();
        error
    }

    /// Ends the call: the connection, the place and the tokens held are free.
    fn close(&mut self) {
        self.meter.settle();
        self.stream = None;
        self.permit = None;
    }
}

/// The longest answer in bytes; what is thought aloud counts.
pub(super) fn most(max_tokens: u32) -> u64 {
    u64::from(max_tokens) * BYTES_A_TOKEN + 256
}
