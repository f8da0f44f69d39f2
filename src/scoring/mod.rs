//! Marks with evidence.

mod scorecard;

pub use scorecard::{Evidence, Level, Mark, Score, Scorecard};
