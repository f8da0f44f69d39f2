//! The record of a conversation.
//!
//! Input: numbered events, or a file in the exchange shape. Output: [`Live`], where a conversation stands, and
//! [`Transcript`], which scoring reads. Invariant: replaying events asks nothing but the persona.

mod event;
mod fold;
pub mod format;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_aloud;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod transcript;

pub use crate::character::{EndedBy, Move};
pub use event::{Branch, Cut, Event, Handoff, Happening, Made, Spoken, Start};
pub use fold::{FoldError, Live, Pending, Phase};
pub use transcript::{Transcript, Turn, Whisper, cuts_in};
