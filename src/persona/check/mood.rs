//! Mood: a temper that can move, causes that are told, words for each reaction.

use super::Known;
use crate::fault::{Path, Report};
use crate::persona::fact::{Access, Says};
use crate::persona::file::PersonaFile;
use crate::persona::temper::Stimulus;

/// What a person may take without a word; everything else gets an answer.
const SILENT: &[Stimulus] = &[
    Stimulus::Greeting,
    Stimulus::Thanks,
    Stimulus::Acknowledgement,
    Stimulus::Prompt,
    Stimulus::Explanation,
    Stimulus::Hold,
];

pub(super) fn check(persona: &PersonaFile, _known: &Known, report: &mut Report<'_>) {
    let root = Path::root();
    check_temper(persona, report);
    for (stimulus, reaction) in &persona.reactions {
        let path = root.key("reactions").key(stimulus.name());
        check_why((reaction.tension, reaction.trust), &reaction.why, &path, report);
        check_words(*stimulus, &reaction.says, &path.key("says"), report);
    }
    for (position, fact) in persona.fact.iter().enumerate() {
        if fact.access == Access::Trust && fact.withheld.len() < 3 {
            report.add(
                &root.key("fact").at(position).key("withheld"),
                format!("{} façon(s) de ne pas encore le dire, il en faut au moins 3", fact.withheld.len()),
                "ajoutez à withheld des esquives dans la voix de la personne",
            );
        }
    }
    for (position, rule) in persona.expects.rules.iter().enumerate() {
        if (1..3).contains(&rule.wrong.len()) {
            report.add(
                &root.key("expects").key("rules").at(position).key("wrong"),
                format!("{} façon(s) de se tromper, il en faut au moins 3", rule.wrong.len()),
                "ajoutez-en, ou retirez wrong",
            );
        }
    }
}

fn check_temper(persona: &PersonaFile, report: &mut Report<'_>) {
    let temper = &persona.temper;
    let path = Path::root().key("temper");
    if temper.tension >= temper.breaking_point {
        report.add(
            &path.key("breaking_point"),
            format!("la personne partirait avant de parler : sa tension est déjà de {}", temper.tension),
            format!("écrivez au moins {}, ou baissez tension", temper.tension + 1),
        );
    }
    if temper.floor > temper.tension {
        report.add(
            &path.key("floor"),
            format!("la tension de départ ({}) est déjà sous ce plancher", temper.tension),
            format!("écrivez au plus {}", temper.tension),
        );
    }
    // The need itself counts as one of the things to do.
    let liftable = persona.expects.next_step.len() + 1;
    if temper.floor > 0 && !(1..=liftable).contains(&usize::from(temper.lift_after)) {
        report.add(
            &path.key("lift_after"),
            format!("le plancher ne serait jamais levé à propos : il y a {liftable} actions, besoin compris"),
            format!("écrivez un nombre de 1 à {liftable}"),
        );
    }
}

fn check_why((tension, trust): (i8, i8), why: &str, path: &Path, report: &mut Report<'_>) {
    let moves = tension != 0 || trust != 0;
    if moves && why.is_empty() {
        report.add(
            &path.key("why"),
            "l'humeur change sans que la raison soit dite",
            "ajoutez why = \"…\", une phrase dite au stagiaire : « Vous avez reconnu sa colère. »",
        );
    }
}

fn check_words(stimulus: Stimulus, says: &Says, path: &Path, report: &mut Report<'_>) {
    let lists = match says {
        Says::Any(list) => vec![(path.clone(), list)],
        Says::ByMood { calm, tense } => vec![(path.key("calm"), calm), (path.key("tense"), tense)],
    };
    for (path, list) in lists {
        if list.len() >= 2 || (list.is_empty() && SILENT.contains(&stimulus)) {
            continue;
        }
        let rule = format!("{} formulation(s), il en faut au moins 2", list.len());
        let fix = if SILENT.contains(&stimulus) { "ajoutez-en, ou laissez la liste vide" } else { "ajoutez-en" };
        report.add(&path, rule, fix);
    }
}
