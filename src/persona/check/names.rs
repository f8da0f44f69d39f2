//! Names: each id once, and no reference to what does not exist.

use std::collections::BTreeSet;

use super::Known;
use crate::fault::{Path, Report};
use crate::persona::expects::Escalation;
use crate::persona::fact::{Access, Answer};
use crate::persona::file::PersonaFile;

pub(super) fn check(persona: &PersonaFile, known: &Known, report: &mut Report<'_>) {
    let root = Path::root();
    let expects = &persona.expects;
    let below = root.key("expects");

    report.once(persona.fact.iter().map(|fact| fact.id.as_str()), &root.key("fact"));
    report.once(persona.trigger.iter().map(|trigger| trigger.id.as_str()), &root.key("trigger"));
    report.once(expects.rules.iter().map(|rule| rule.id.as_str()), &below.key("rules"));
    report.once(expects.next_step.iter().map(|step| step.id.as_str()), &below.key("next_step"));
    report.once(expects.traps.iter().map(|trap| trap.id.as_str()), &below.key("traps"));

    let facts: BTreeSet<&str> = persona.fact.iter().map(|fact| fact.id.as_str()).collect();
    for (topic, answer) in &persona.identity {
        if let Answer::Fact { fact } = answer {
            let path = root.key("identity").key(topic.name()).key("fact");
            report.exists(fact, "un fait", &facts, &path);
        }
    }

    let services: BTreeSet<&str> = known.services.iter().map(String::as_str).collect();
    let lists =
        [("services", &expects.services), ("also_accept", &expects.also_accept), ("escalate_to", &expects.escalate_to)];
    for (name, list) in lists {
        for (position, service) in list.iter().enumerate() {
            report.exists(service, "un service de l'annuaire", &services, &below.key(name).at(position));
        }
    }
    for (position, service) in expects.also_accept.iter().enumerate() {
        if expects.services.contains(service) {
            report.add(
                &below.key("also_accept").at(position),
                format!("« {service} » est déjà un service attendu"),
                "retirez-le de l'une des deux listes",
            );
        }
    }
    if expects.escalation != Escalation::NotNeeded && expects.escalate_to.is_empty() {
        report.add(
            &below.key("escalate_to"),
            "un relais est prévu, mais personne à qui faire appel",
            "nommez un service de l'annuaire, ou écrivez escalation = \"not_needed\"",
        );
    }
    for (position, fact) in persona.fact.iter().enumerate() {
        if fact.access != Access::Trust && !fact.withheld.is_empty() {
            report.add(
                &root.key("fact").at(position).key("withheld"),
                "ces refus ne servent que si access = \"trust\"",
                "retirez withheld, ou changez access",
            );
        }
    }
    check_indicators(persona, known, report);
}

fn check_indicators(persona: &PersonaFile, known: &Known, report: &mut Report<'_>) {
    if known.indicators.is_empty() {
        return;
    }
    let root = Path::root();
    let indicators: BTreeSet<&str> = known.indicators.iter().map(String::as_str).collect();
    for (position, id) in persona.not_applicable.iter().enumerate() {
        report.exists(id, "un indicateur", &indicators, &root.key("not_applicable").at(position));
    }
    for (position, trap) in persona.expects.traps.iter().enumerate() {
        let path = root.key("expects").key("traps").at(position).key("against");
        report.exists(&trap.against, "un indicateur", &indicators, &path);
    }
    for id in persona.examples.keys() {
        report.exists(id, "un indicateur", &indicators, &root.key("examples").key(id));
    }
    for id in indicators {
        let applies = !persona.not_applicable.iter().any(|other| other == id);
        if applies && !persona.examples.contains_key(id) {
            report.add(
                &root.key("examples").key(id),
                "phrase exemple manquante pour cet indicateur",
                format!("ajoutez \"{id}\" = \"…\" sous [examples], ou \"{id}\" dans not_applicable"),
            );
        }
    }
}
