//! An exam booklet being sat: what was drawn, what happened, how much time is left, what it is worth.
//!
//! Input: a checked [`crate::rubric::booklet::Booklet`], a seed, numbered events. Output: a [`Draw`], a [`Sitting`], a
//! [`Report`]. Invariant: pure; the clock is handed in, time away is an event, and replaying the events gives the same
//! sitting. Nothing that people must judge is ever marked here.

mod answer;
mod clock;
mod closed;
mod draw;
mod event;
mod open;
mod report;
mod sitting;

pub use answer::{Answer, Answers, MAX_ANSWER_CHARS, TooLong};
pub use clock::{GRACE_MS, SILENCE_MS, Time, UNNOTICED_MS};
pub use closed::{Given, question_marks, queue_marks};
pub use draw::{Draw, DrawError, Drawn, Step, draw};
pub use event::{Event, Happening, Opened};
pub use open::{Sign, proposal};
pub use report::{
    Competence, Criterion, Indicator, Interruption, Mark, Origin, Played, Report, Spent, Standing, State, questions_of,
    report,
};
pub use sitting::{Progress, Sitting, SittingError, Verdict};

#[cfg(test)]
mod tests;
