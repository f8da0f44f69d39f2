//! What the scored conversations of a group come to: heat map, progress, what is missed most, time spent.
//!
//! Input: one [`Attempt`] per scored conversation, in any order. Output: figures, by trainee, axis, indicator and
//! situation. Invariant: pure; the order of the rows changes nothing, and what too few results stand behind is not
//! given as a figure.

mod attempt;
mod choice;
mod heat;
mod missed;
mod progress;
mod solve;
mod standing;
mod time;
mod weak;

pub use attempt::{Attempt, Cohort};
pub use choice::Which;
pub use heat::{Cell, Grain, HeatMap, HeatRow};
pub use missed::Missed;
pub use progress::{Course, Difficulty, Progress, TooFew, TraineeProgress};
pub use standing::{Asked, Standing, standing};
pub use time::{Spent, Times};
pub use weak::Weak;

#[cfg(test)]
mod samples;
