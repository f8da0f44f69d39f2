//! The official criteria as data: axes, competences, criteria, indicators and the rules that mark them:
//! `rubrics/<id>.toml`.
//!
//! Input: a file's name and text. Output: [`Rubric`], or every [`crate::fault::Fault`] of the file. Invariant: the
//! rules of a [`Rubric`]'s indicator always give a mark.

pub mod booklet;

mod check;
mod file;
mod load;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod rubric;

pub use file::{
    Axis, Competence, Condition, Criterion, Field, Found, Given, Indicator, Kind, Place, RubricFile, Rule, Seen, Source,
};
pub use load::{load, restore};
pub use rubric::Rubric;
