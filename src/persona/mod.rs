//! Written characters and situations: `personas/<id>.toml`.
//!
//! Input: a file's name and text. Output: [`Persona`], or every [`crate::fault::Fault`] of the file. Invariant: a
//! [`Persona`] keeps every promise that the comments of `file` make, so nothing later checks them again.

mod check;
mod file;
mod load;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod persona;
#[cfg(test)]
mod sample;
mod shape;
mod spoken;

pub use check::Known;
pub use file::{
    Access, Answer, Caller, Channel, Cues, Escalation, Expects, FactEntry, Family, Lines, NextStep, PersonaFile,
    Reaction, Rule, Says, Screen, Sex, SmallTalk, Stimulus, Temper, Topic, Trap, Trigger, Urgency,
};
pub use load::load;
pub use persona::Persona;
