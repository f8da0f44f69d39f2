//! From an utterance to what it did.

mod heard;

pub use heard::{Heard, Quote, Recognised, Restated, Shown, TopicAsked};
