//! The official criteria as data: axes, competences, criteria, indicators and the rules that mark them.

mod file;

pub use file::{
    Axis, Competence, Condition, Criterion, Field, Found, Given, Indicator, Kind, Place, RubricFile, Rule, Seen, Source,
};
