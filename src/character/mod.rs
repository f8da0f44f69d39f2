//! A persona in play.
//!
//! Input: a persona, the [`State`] so far, what was heard or done. Output: a [`Change`], applied by
//! [`State::after`]. Invariant: mood moves only by causes that the persona writes or that `react` names.

mod change;
mod moves;
mod state;

pub use change::{Change, MoodMove};
pub use moves::{EndedBy, Move};
pub use state::{APART, NEED, State};
