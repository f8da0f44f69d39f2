//! What a call used: tokens, time, money.
//!
//! Input: what an endpoint told, or how much was said. Output: one [`Use`] for each question. Invariant: each question
//! leaves exactly one, answered, failed, refused or dropped.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::budget::Held;
use super::{Endpoint, ModelError, Price};
use crate::ask::{Ask, Purpose};
use crate::clock::Timestamp;
use crate::id::ConversationId;

/// Tokens of one question, all tries together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Sent.
    pub prompt: u64,
    /// Received.
    pub completion: u64,
    /// Whether some are an estimate, because the endpoint did not tell.
    pub estimated: bool,
}

impl Tokens {
    /// Sent and received.
    pub const fn total(self) -> u64 {
        self.prompt.saturating_add(self.completion)
    }

    fn plus(self, other: Tokens) -> Tokens {
        Tokens {
            prompt: self.prompt.saturating_add(other.prompt),
            completion: self.completion.saturating_add(other.completion),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// One question that was asked of a model, or would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The conversation it was about.
    pub conversation: Option<ConversationId>,
    /// When it was asked.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// The model's name.
    pub model: String,
    /// What it used.
    pub tokens: Tokens,
    /// From the question to the end of the answer, waiting and tries included.
    pub took: Duration,
    /// From the question to the first words, if any came.
    pub first: Option<Duration>,
    /// Millionths of the organisation's currency; `None` without prices.
    pub cost_micros: Option<u64>,
    /// `ok`, `dropped` when nobody wanted the rest, or [`ModelError::code`].
    pub outcome: &'static str,
}

impl Price {
    /// What tokens cost, in millionths.
    #[expect(clippy::cast_precision_loss, reason = "prices are not exact to the ninth digit")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive cost, rounded; it saturates"
    )]
    pub fn micros(self, tokens: Tokens) -> u64 {
        let cost =
            tokens.prompt as f64 * self.prompt_per_million + tokens.completion as f64 * self.completion_per_million;
        cost.round() as u64
    }
}

/// Tokens of so many bytes of French: 3.5 a token is what usual tokenizers make of it.
pub(super) const fn estimate(bytes: u64) -> u64 {
    (bytes * 2).div_ceil(7)
}

/// The most tokens a question can be, with those that templates put around each message. Byte-level tokenizers reach
/// half of its bytes on no French text.
pub(super) fn most(ask: &Ask) -> u64 {
    let bytes: usize = ask.messages.iter().map(|message| message.text.len() + 16).sum();
    (bytes as u64).div_ceil(2)
}

/// One question under way. Ended or dropped, it leaves its [`Use`].
pub(super) struct Call {
    uses: UnboundedSender<Use>,
    price: Option<Price>,
    begun: Instant,
    tally: Arc<Mutex<Tokens>>,
    told: Option<Use>,
}

impl Call {
    pub(super) fn begin(
        endpoint: &Endpoint,
        uses: UnboundedSender<Use>,
        ask: &Ask,
        on: Option<ConversationId>,
        at: Timestamp,
    ) -> Call {
        let told = Use {
            conversation: on,
            at,
            purpose: ask.purpose,
            model: endpoint.model.clone(),
            tokens: Tokens::default(),
            took: Duration::ZERO,
            first: None,
            cost_micros: None,
            outcome: "",
        };
        Call { uses, price: endpoint.price, begun: Instant::now(), tally: Arc::default(), told: Some(told) }
    }

    /// Counts one try.
    pub(super) fn meter(&self, ask: &Ask, held: Held) -> Meter {
        let bytes: usize = ask.messages.iter().map(|message| message.text.len() + 16).sum();
        let prompt = estimate(bytes as u64);
        Meter {
            held: Some(held),
            begun: Instant::now(),
            tally: Arc::clone(&self.tally),
            prompt,
            bytes: 0,
            told: None,
            refused: false,
        }
    }

    pub(super) fn speaks(&mut self) {
        if let Some(told) = &mut self.told {
            told.first.get_or_insert_with(|| self.begun.elapsed());
        }
    }

    pub(super) fn ends(&mut self, how: Result<(), &ModelError>) {
        self.tell(how.map_or_else(ModelError::code, |()| "ok"));
    }

    pub(super) fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn tokens(&self) -> Tokens {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the use, once.
    fn tell(&mut self, outcome: &'static str) {
        let (tokens, took) = (self.tokens(), self.took());
        let Some(told) = self.told.take() else { return };
        let cost_micros = self.price.map(|price| price.micros(tokens));
        // An error means that nobody counts any more: the program is closing.
        let _ = self.uses.send(Use { tokens, took, cost_micros, outcome, ..told });
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.tell("dropped");
    }
}

/// Counts the tokens and the time of one try. Settled or dropped, it adds them to its call and gives its reservation back.
pub(super) struct Meter {
    held: Option<Held>,
    begun: Instant,
    tally: Arc<Mutex<Tokens>>,
    prompt: u64,
    bytes: u64,
    told: Option<(u64, u64)>,
    refused: bool,
}

impl Meter {
    /// Something came, thought or said.
    pub(super) fn heard(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// How long the try has lasted.
    pub(super) fn lasts(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Bytes that came.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The endpoint told its own count.
    pub(super) fn told(&mut self, usage: (u64, u64)) {
        self.told = Some(usage);
    }

    /// The endpoint did not take the question.
    pub(super) fn refused(&mut self) {
        self.refused = true;
    }

    pub(super) fn tokens(&self) -> Tokens {
        match self.told {
            _ if self.refused => Tokens::default(),
            Some((prompt, completion)) => Tokens { prompt, completion, estimated: false },
            None => Tokens { prompt: self.prompt, completion: estimate(self.bytes), estimated: true },
        }
    }

    /// Nothing more will come.
    pub(super) fn settle(&mut self) {
        let Some(mut held) = self.held.take() else { return };
        let tokens = self.tokens();
        held.spend(tokens.total());
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        *tally = tally.plus(tokens);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_for_a_million_tokens_is_millionths_for_each() {
        fn check(prompt: u64, completion: u64, expect: u64) {
            let price = Price { prompt_per_million: 0.15, completion_per_million: 0.6 };
            assert_eq!(price.micros(Tokens { prompt, completion, estimated: false }), expect);
        }
        check(1_000_000, 0, 150_000);
        check(0, 1_000_000, 600_000);
        check(2000, 100, 360);
        check(1, 0, 0);
        check(u64::MAX, u64::MAX, u64::try_from(13_835_058_055_282_163_712_u128).unwrap());
    }

    #[test]
    fn an_estimate_stays_below_what_is_held() {
        let ask = Ask {
            purpose: Purpose::Play,
            messages: vec![crate::ask::Message::user("Bonjour, je vous appelle pour une fuite d'eau.".repeat(20))],
            shape: crate::ask::Shape::Words,
            max_tokens: 10,
            seed: None,
        };
        assert!(estimate(46 * 20) < most(&ask) && most(&ask) < 46 * 20);
        assert_eq!((estimate(0), estimate(7), estimate(8)), (0, 2, 3));
    }
}
