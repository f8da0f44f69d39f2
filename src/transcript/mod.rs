//! The record of a conversation.
//!
//! Input: numbered events, or a file in the exchange shape. Output: [`Transcript`], which scoring reads.

mod event;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod transcript;

pub use crate::character::{EndedBy, Move};
pub use event::{Branch, Event, Handoff, Happening, Start};
pub use transcript::{Transcript, Turn};
