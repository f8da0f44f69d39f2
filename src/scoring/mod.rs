//! Marks with evidence: what a transcript shows, and what the rubric's rules make of it.
//!
//! Input: a transcript, its persona and the rubric. Output: a [`Scorecard`]. Invariant: only the trainee's words are
//! marked and quoted; the same transcript always gets the same marks.

pub mod agreement;
mod answered;
mod calibration;
mod checks;
mod draft;
mod findings;
mod handoff;
pub mod judge;
mod moments;
mod report;
mod ruling;
mod score;
mod scorecard;
mod seen;
mod spoken;

pub use calibration::{Prepared, PreparedError, Reference, prepared};
pub use draft::{Draft, Entry, LONGEST_COMMENT, LONGEST_GENERAL, LONGEST_REASON, Objection, Place, Why};
pub use findings::{Finding, Findings, look};
pub use moments::{Advice, Moment};
pub use report::{Point, Report, report, report_of};
pub use ruling::{Comment, Decision, Ruling, Rulings, rule};
pub use score::{mark, score};
pub use scorecard::{By, Evidence, InDoubt, Judge, Level, Mark, Score, Scorecard, Second};
pub use spoken::{Figure, NO_EMOTION, Pauses, Speech, Talk, speech};
