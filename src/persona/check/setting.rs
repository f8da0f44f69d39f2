//! Desk or phone: what goes with the one is not written for the other.

use super::Known;
use crate::fault::{Path, Report};
use crate::persona::file::{Channel, PersonaFile};

pub(super) fn check(persona: &PersonaFile, _known: &Known, report: &mut Report<'_>) {
    let handset = Path::root().key("caller").key("handset");
    let cues = Path::root().key("cues");
    match (persona.channel, &persona.caller.handset) {
        (Channel::Phone, None) => report.add(
            &handset,
            "au téléphone, il faut ce que le combiné affiche",
            "ajoutez handset = \"06 12 34 56 78\", ou \"Numéro masqué\"",
        ),
        (Channel::Desk, Some(_)) => report.add(&handset, "au comptoir, il n'y a pas de combiné", "retirez handset"),
        _ => {}
    }
    match (persona.channel, &persona.cues) {
        (Channel::Desk, None) => report.add(
            &cues,
            "au comptoir, il faut ce qui se voit de la personne",
            "ajoutez [cues] avec calm, tense, rising et falling",
        ),
        (Channel::Phone, Some(_)) => report.add(&cues, "au téléphone, rien ne se voit", "retirez [cues]"),
        _ => {}
    }
}
