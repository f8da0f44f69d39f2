//! Judging by a language model: what it is asked, what of its answer holds, and what it makes of the rules' marks.
//!
//! Input: a transcript, its persona, the rubric, the rules' [`Scorecard`](super::Scorecard). Output: one [`AxisAsk`] per
//! axis, then from the answers [`Opinion`]s, then from both a scorecard. Invariant: what a model cannot prove by words of
//! the trainee that stand in the turn it names changes no mark.

mod aside;
mod asks;
mod claim;
mod combine;
mod data;
mod opinion;
mod prompt;
mod quote;
mod reading;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use asks::{AxisAsk, asks};
pub use claim::{Claim, Doubt};
pub use combine::combine;
pub use data::digest;
pub use opinion::{Opinion, settle};
pub use prompt::PROMPT;
pub use reading::{Fault, Reading};

/// All that a model made of one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Of each indicator it was asked about and said something usable on.
    pub opinions: Vec<Opinion>,
    /// Axes that were judged to their end.
    pub axes: Vec<String>,
    /// Axes that were given up, each with the stable code of why: the rules' marks stand alone there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_up: Vec<(String, String)>,
    /// Name of the model, as the endpoint knows it.
    pub model: String,
    /// Version of the prompt.
    pub prompt_version: u32,
    /// SHA-256 of the prompt, hexadecimal.
    pub prompt_hash: String,
    /// SHA-256 of the rubric file, hexadecimal.
    pub rubric_hash: String,
    /// SHA-256 of the persona file, hexadecimal.
    pub persona_hash: String,
    /// How many times each indicator was judged.
    pub votes: u8,
    /// How many questions were asked.
    pub calls: u32,
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// How long the questions took, together, in milliseconds.
    pub took_ms: u64,
    /// SHA-256 of the words that were judged ([`digest`]), hexadecimal.
    pub digest: String,
}

/// The turn's own words that say what a quote says, typography forgiven; `None` if they are not there.
pub(super) fn stands_in<'t>(turn: &'t str, words: &str) -> Option<Vec<&'t str>> {
    quote::find(turn, &[], words)
}

impl Judged {
    /// What was made of an indicator.
    pub fn opinion(&self, id: &str) -> Option<&Opinion> {
        self.opinions.iter().find(|opinion| opinion.id == id)
    }
}
