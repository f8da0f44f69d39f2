//! What the note that passes the request on shows (CR 11.2 and 12.1 of the référentiel).

use super::findings::Finding;
use crate::hearing::Ears;
use crate::language::Text;
use crate::persona::Persona;
use crate::rubric::{Found, Kind};
use crate::transcript::Handoff;

/// Reads a note; `turn` is the trainee's last one, to which the findings are attached.
pub(super) fn read(note: &Handoff, persona: &Persona, ears: &Ears, turn: usize, findings: &mut Vec<Finding>) {
    let expects = &persona.file().expects;
    let mut add = |found: Found, id: Option<String>, quote: &str| {
        findings.push(Finding { kind: Kind::Found(found), id, against: None, turn, quote: quote.to_owned() });
    };
    let service = if expects.services.contains(&note.service) {
        Found::HandoffRight
    } else if expects.also_accept.contains(&note.service) {
        Found::HandoffAccepted
    } else {
        Found::HandoffWrong
    };
    add(service, Some(note.service.clone()), "");
    let urgency = if note.urgency == expects.urgency { Found::HandoffUrgencyRight } else { Found::HandoffUrgencyWrong };
    add(urgency, None, "");
    for id in ears.recalls(&Text::read(&note.summary)) {
        add(Found::HandoffFact, Some(id), "");
    }
}
