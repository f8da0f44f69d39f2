//! Marks: the words by which a fact is recognised stand in each of its wordings, and in no line before it.

use super::Known;
use crate::fault::{Path, Report};
use crate::language::Plain;
use crate::persona::fact::{Access, Says};
use crate::persona::file::PersonaFile;
use crate::persona::spoken::spoken;

pub(super) fn check(persona: &PersonaFile, _known: &Known, report: &mut Report<'_>) {
    let marks: Vec<Vec<Plain>> =
        persona.fact.iter().map(|fact| fact.marks.iter().map(|mark| Plain::of(mark)).collect()).collect();
    for (position, fact) in persona.fact.iter().enumerate() {
        let path = Path::root().key("fact").at(position);
        for (wording, text) in wordings(&fact.says, &path.key("says")) {
            let words = Plain::of(text);
            if !marks[position].iter().any(|mark| words.holds(mark)) {
                report.add(
                    &wording,
                    format!("aucune des marques du fait « {} » dans cette formulation", fact.id),
                    format!("ajoutez à marks les mots qui le disent ici, ou dites-le avec : {}", fact.marks.join(", ")),
                );
            }
        }
    }
    for line in spoken(persona) {
        let words = Plain::of(line.text);
        for (position, fact) in persona.fact.iter().enumerate() {
            if fact.access == Access::Volunteered || line.tells == Some(position) {
                continue;
            }
            if let Some(mark) = marks[position].iter().position(|mark| words.holds(mark)) {
                report.add(
                    &line.path,
                    format!("« {} » trahit le fait « {} » avant l'heure", fact.marks[mark], fact.id),
                    "changez cette phrase, ou retirez ce mot des marques du fait s'il ne lui est pas propre",
                );
            }
        }
    }
}

fn wordings<'p>(says: &'p Says, path: &Path) -> Vec<(Path, &'p String)> {
    let lists = match says {
        Says::Any(list) => vec![(path.clone(), list)],
        Says::ByMood { calm, tense } => vec![(path.key("calm"), calm), (path.key("tense"), tense)],
    };
    lists
        .into_iter()
        .flat_map(|(path, list)| list.iter().enumerate().map(move |(i, text)| (path.at(i), text)))
        .collect()
}
