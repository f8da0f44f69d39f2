//! The record of a conversation.

mod event;

pub use event::{Branch, EndedBy, Event, Handoff, Happening, Move, Start};
