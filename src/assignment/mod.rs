//! What a trainer sets a group to do, and where a trainee stands with it.
//!
//! Input: the terms a trainer wrote, the tries of one trainee, the time. Output: whether another try may begin, and how far
//! they are. Invariant: a try counts once the telephone was picked up or the person received, and never before; whatever
//! was begun under an assignment may be finished, whenever it is closed.

mod day;
mod standing;
mod terms;

pub use day::{end_of_day, last_day};
pub use standing::{Begin, Progress, Refused, Standing, Try, may_begin, standing};
pub use terms::{Draw, MOST_SITUATIONS, Mode, Terms, Work};
