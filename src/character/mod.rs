//! A persona in play.
//!
//! Input: a persona, the [`State`] so far, what was heard or done. Output: an [`Effect`], which becomes part of a
//! [`Change`], applied by [`State::after`]. Invariant: mood moves only by causes that the persona writes or that
//! [`Cause`] names.

mod change;
mod felt;
mod mood;
mod moves;
pub mod react;
mod state;

pub use change::{Change, MoodMove};
pub use felt::{Cause, Felt};
pub use mood::{Bearing, Effect};
pub use moves::{EndedBy, Move};
pub use state::{APART, NEED, State};
