//! A persona in play.

mod change;

pub use change::{Change, MoodMove};
