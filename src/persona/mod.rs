//! Written characters and situations.

mod file;
#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod persona;

pub use file::{
    Access, Answer, Caller, Channel, Cues, Escalation, Expects, FactEntry, Family, Lines, NextStep, PersonaFile,
    Reaction, Rule, Says, Screen, Sex, SmallTalk, Stimulus, Temper, Topic, Trap, Trigger, Urgency,
};
pub use persona::Persona;
