//! Written characters and situations: `personas/<id>.toml`.
//!
//! Input: a file's name and text. Output: [`Persona`], or every [`crate::fault::Fault`] of the file. Invariant: a
//! [`Persona`] keeps every promise that the comments of `file` make, so nothing later checks them again.

mod check;
mod expects;
mod fact;
mod file;
mod lines;
mod load;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod persona;
#[cfg(test)]
pub(crate) mod sample;
mod shape;
mod spoken;
mod temper;

pub use check::Known;
pub use expects::{Escalation, Expects, NextStep, Rule, Trap, Urgency};
pub use fact::{Access, Answer, FactEntry, Says, Topic};
pub use file::{Caller, Channel, Family, PersonaFile, Screen, Sex};
pub use lines::{Cues, Lines, SmallTalk};
pub use load::{load, restore};
pub use persona::Persona;
pub use temper::{Reaction, Stimulus, Temper, Trigger};
