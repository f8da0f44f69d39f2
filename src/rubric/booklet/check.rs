//! The rules of a booklet file that its shape alone does not tell.
//!
//! Input: a [`BookletFile`] in shape and the rubrics around it. Output: faults in the [`Report`]. Invariant: what a
//! sound file draws can be answered and marked.

use std::collections::BTreeSet;

use super::booklet::questions;
use super::draws;
use super::file::{BookletFile, Question, Queue, SeenIn};
use super::load::Grids;
use crate::fault::{Path, Report};
use crate::rubric::rubric::criterion_id;

/// The families of situations, as files name them.
pub const FAMILIES: &[&str] = &["technique", "administrative", "sociale", "demande", "voisinage"];

/// Checks everything.
pub(super) fn check(file: &BookletFile, grids: &Grids, report: &mut Report<'_>) {
    check_source(file, report);
    check_names(file, report);
    check_indicators(file, grids, report);
    let known: BTreeSet<&str> = file.indicator.iter().map(|indicator| indicator.id.as_str()).collect();
    let root = Path::root();
    for (position, scene) in file.scene.iter().enumerate() {
        let path = root.key("scene").at(position).key("question");
        check_questions(&scene.question, &known, &path, report);
    }
    for (position, queue) in file.queue.iter().enumerate() {
        check_queue(queue, &known, &root.key("queue").at(position), report);
    }
    check_questions(&file.question, &known, &root.key("question"), report);
    draws::check(file, report);
}

fn check_source(file: &BookletFile, report: &mut Report<'_>) {
    let date = &file.source.registered_until;
    if date.parse::<jiff::civil::Date>().is_err() || date.len() != 10 {
        report.add(
            &Path::root().key("source").key("registered_until"),
            format!("« {date} » n'est pas une date"),
            "écrivez année-mois-jour : \"2026-09-20\"",
        );
    }
}

fn check_names(file: &BookletFile, report: &mut Report<'_>) {
    let root = Path::root();
    let competences = report.once(file.competence.iter().map(|c| c.id.as_str()), &root.key("competence"));
    report.once(file.criterion.iter().map(|c| c.id.as_str()), &root.key("criterion"));
    report.once(file.indicator.iter().map(|i| i.id.as_str()), &root.key("indicator"));
    report.once(file.scene.iter().map(|scene| scene.id.as_str()), &root.key("scene"));
    report.once(file.queue.iter().map(|queue| queue.id.as_str()), &root.key("queue"));
    for (position, criterion) in file.criterion.iter().enumerate() {
        let path = root.key("criterion").at(position);
        report.exists(&criterion.competence, "une compétence de ce livret", &competences, &path.key("competence"));
        check_families(&criterion.families, &path, report);
        if !file.indicator.iter().any(|indicator| criterion_id(&indicator.id) == Some(&criterion.id)) {
            report.add(&path.key("id"), "ce critère n'a pas d'indicateur", "ajoutez-en un, ou retirez cet élément");
        }
    }
    for (position, competence) in file.competence.iter().enumerate() {
        if !file.criterion.iter().any(|criterion| criterion.competence == competence.id) {
            let path = root.key("competence").at(position).key("id");
            report.add(&path, "cette compétence n'a pas de critère", "ajoutez-en un, ou retirez cet élément");
        }
    }
    // Answers are kept under the question's id: one in the whole file.
    let mut seen = BTreeSet::new();
    for (path, question) in placed(file) {
        if !seen.insert(question.id.as_str()) {
            let rule = format!("l'identifiant « {} » est déjà pris par une autre question", question.id);
            report.add(&path.key("id"), rule, "choisissez-en un autre");
        }
    }
}

/// Every question with its path.
fn placed(file: &BookletFile) -> Vec<(Path, &Question)> {
    let root = Path::root();
    let mut all = Vec::new();
    let mut add = |path: Path, list: &'_ [Question]| {
        all.extend((0..list.len()).map(|position| path.key("question").at(position)));
    };
    file.scene.iter().enumerate().for_each(|(at, scene)| add(root.key("scene").at(at), &scene.question));
    file.queue.iter().enumerate().for_each(|(at, queue)| add(root.key("queue").at(at), &queue.question));
    add(root, &file.question);
    all.into_iter().zip(questions(file).map(|(_, question)| question)).collect()
}

fn check_indicators(file: &BookletFile, grids: &Grids, report: &mut Report<'_>) {
    let root = Path::root();
    let rubrics: BTreeSet<&str> = grids.keys().map(String::as_str).collect();
    if !rubrics.is_empty() {
        report.exists(&file.rubric, "une grille", &rubrics, &root.key("rubric"));
    }
    let criteria: BTreeSet<&str> = file.criterion.iter().map(|criterion| criterion.id.as_str()).collect();
    let grid: Option<BTreeSet<&str>> = grids.get(&file.rubric).map(|ids| ids.iter().map(String::as_str).collect());
    let marked: BTreeSet<&str> = questions(file)
        .flat_map(|(_, question)| question.marks.iter().map(String::as_str))
        .chain(file.queue.iter().flat_map(|queue| [queue.order_marks.as_str(), queue.delay_marks.as_str()]))
        .collect();
    for (position, indicator) in file.indicator.iter().enumerate() {
        let path = root.key("indicator").at(position);
        if criterion_id(&indicator.id).is_none_or(|criterion| !criteria.contains(criterion)) {
            report.add(
                &path.key("id"),
                format!("« {} » ne commence par aucun critère de ce livret", indicator.id),
                "écrivez le critère, un point et une lettre : \"5.1.b\" ; ou ajoutez le critère",
            );
        }
        match (indicator.by, &grid) {
            (SeenIn::Conversation, Some(grid)) => {
                let (field, id) = indicator.like.as_ref().map_or(("id", &indicator.id), |like| ("like", like));
                report.exists(id, "un indicateur de la grille", grid, &path.key(field));
            }
            (SeenIn::Booklet, _) if !marked.contains(indicator.id.as_str()) => {
                report.add(
                    &path.key("by"),
                    format!("aucune question ne cote {}", indicator.id),
                    "ajoutez une question qui le cote, ou écrivez by = \"people\"",
                );
            }
            _ => {}
        }
        if indicator.by != SeenIn::Conversation && indicator.like.is_some() {
            let fix = "retirez like, ou écrivez by = \"conversation\"";
            report.add(&path.key("like"), "seul un indicateur lu dans l'échange renvoie à la grille", fix);
        }
    }
}

fn check_families(families: &[String], path: &Path, report: &mut Report<'_>) {
    let known: BTreeSet<&str> = FAMILIES.iter().copied().collect();
    for (position, family) in families.iter().enumerate() {
        report.exists(family, "une famille de situations", &known, &path.key("families").at(position));
    }
}

fn check_questions(list: &[Question], known: &BTreeSet<&str>, path: &Path, report: &mut Report<'_>) {
    for (position, question) in list.iter().enumerate() {
        check_question(question, known, &path.at(position), report);
    }
}

fn check_question(question: &Question, known: &BTreeSet<&str>, path: &Path, report: &mut Report<'_>) {
    check_families(&question.families, path, report);
    for (position, id) in question.marks.iter().enumerate() {
        report.exists(id, "un indicateur de ce livret", known, &path.key("marks").at(position));
    }
    if question.choice.is_empty() == question.expects.is_empty() {
        report.add(
            &path.key("id"),
            "une question est soit fermée (choice), soit ouverte (expects)",
            "gardez l'un des deux",
        );
        return;
    }
    if question.choice.is_empty() {
        return;
    }
    report.once(question.choice.iter().map(|choice| choice.id.as_str()), &path.key("choice"));
    let own: BTreeSet<&str> = question.marks.iter().map(String::as_str).collect();
    for (position, choice) in question.choice.iter().enumerate() {
        let path = path.key("choice").at(position);
        match &choice.marks {
            Some(id) => report.exists(id, "un indicateur de cette question", &own, &path.key("marks")),
            None if own.len() > 1 => report.add(
                &path.key("id"),
                "cette question cote plusieurs indicateurs : chaque choix doit dire lequel",
                format!("ajoutez marks = \"{}\"", question.marks[0]),
            ),
            None => {}
        }
    }
    for (position, id) in question.marks.iter().enumerate() {
        let bears = |choice: &&super::file::Choice| choice.marks.as_ref().is_none_or(|marks| marks == id);
        if !question.choice.iter().filter(bears).any(|choice| choice.right) {
            report.add(
                &path.key("marks").at(position),
                format!("aucun choix juste ne porte sur {id}"),
                "ajoutez un choix avec right = true, ou retirez cet indicateur",
            );
        }
    }
    if question.choice.iter().all(|choice| choice.right) {
        report.add(
            &path.key("choice"),
            "tous les choix sont justes : tout cocher suffirait",
            "ajoutez au moins un choix avec right = false",
        );
    }
}

fn check_queue(queue: &Queue, known: &BTreeSet<&str>, path: &Path, report: &mut Report<'_>) {
    report.exists(&queue.order_marks, "un indicateur de ce livret", known, &path.key("order_marks"));
    report.exists(&queue.delay_marks, "un indicateur de ce livret", known, &path.key("delay_marks"));
    report.once(queue.person.iter().map(|person| person.id.as_str()), &path.key("person"));
    if queue.person.is_sorted_by_key(|person| person.rank) {
        report.add(
            &path.key("person"),
            "les personnes sont déjà dans le bon ordre : ne rien faire suffirait",
            "mélangez les personnes, sans changer leur rang",
        );
    }
    check_questions(&queue.question, known, &path.key("question"), report);
}
