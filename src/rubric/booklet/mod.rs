//! An exam booklet as people write it: `rubrics/livrets/<id>.toml`.
//!
//! Input: a file's name and text. Output: [`Booklet`], or every [`crate::fault::Fault`] of the file. Invariant: whatever
//! a draw takes from a [`Booklet`] can be answered and marked: every indicator it names is one of its own, every closed
//! question has something right and something wrong, every queue has an order that is not the one it is shown in.

#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod booklet;
mod check;
mod draws;
mod file;
mod load;

pub use booklet::{Booklet, Task};
pub use check::FAMILIES;
pub use file::{
    BookletCriterion, BookletFile, BookletIndicator, Choice, Counter, Delay, Element, Part, PartKind, Question, Queue,
    Scene, SeenIn, Slot, Waiting,
};
pub use load::{Grids, load, restore};
