//! What one persona's listener must recognise, made ready once.

use crate::organisation::Organisation;
use crate::persona::Persona;

/// Everything a trainee's turn is compared with: lexicons, this persona's facts, rules, steps, traps, triggers,
/// and the directory. Build once per persona; it is shared by all conversations.
#[derive(Debug)]
pub struct Ears {}

impl Ears {
    /// Makes ready.
    pub fn new(_persona: &Persona, _organisation: &Organisation) -> Ears {
        Ears {}
    }
}
