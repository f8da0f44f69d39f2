//! The rules of a rubric file that its shape alone does not tell.
//!
//! Input: a [`RubricFile`] in shape. Output: faults in the [`Report`]. Invariant: for every indicator of a sound
//! rubric some rule always gives a mark, and none is out of reach.

use std::collections::BTreeSet;

use super::file::{Condition, Field, Indicator, RubricFile, Seen};
use super::rubric::criterion_id;
use crate::fault::{Path, Report};

/// Checks everything.
pub(super) fn check(rubric: &RubricFile, report: &mut Report<'_>) {
    let root = Path::root();
    let date = &rubric.source.registered_until;
    if date.parse::<jiff::civil::Date>().is_err() || date.len() != 10 {
        report.add(
            &root.key("source").key("registered_until"),
            format!("« {date} » n'est pas une date"),
            "écrivez année-mois-jour : \"2026-09-20\"",
        );
    }
    check_names(rubric, report);
    for (position, indicator) in rubric.indicator.iter().enumerate() {
        check_rules(indicator, &root.key("indicator").at(position).key("rule"), report);
    }
}

fn check_names(rubric: &RubricFile, report: &mut Report<'_>) {
    let root = Path::root();
    let axes = report.once(rubric.axis.iter().map(|axis| axis.id.as_str()), &root.key("axis"));
    let competences = report.once(rubric.competence.iter().map(|c| c.id.as_str()), &root.key("competence"));
    let criteria = report.once(rubric.criterion.iter().map(|c| c.id.as_str()), &root.key("criterion"));
    report.once(rubric.indicator.iter().map(|indicator| indicator.id.as_str()), &root.key("indicator"));
    for (position, criterion) in rubric.criterion.iter().enumerate() {
        let path = root.key("criterion").at(position);
        report.exists(&criterion.competence, "une compétence de cette grille", &competences, &path.key("competence"));
        let used = rubric.indicator.iter().any(|indicator| criterion_id(&indicator.id) == Some(&criterion.id));
        if !used {
            unused(&path, "ce critère n'a pas d'indicateur", report);
        }
    }
    for (position, indicator) in rubric.indicator.iter().enumerate() {
        let path = root.key("indicator").at(position);
        report.exists(&indicator.axis, "un axe de cette grille", &axes, &path.key("axis"));
        match criterion_id(&indicator.id) {
            Some(criterion) if criteria.contains(criterion) => {}
            _ => report.add(
                &path.key("id"),
                format!("« {} » ne commence par aucun critère de cette grille", indicator.id),
                "écrivez le critère, un point et une lettre : \"5.1.b\" ; ou ajoutez le critère",
            ),
        }
    }
    for (position, axis) in rubric.axis.iter().enumerate() {
        if !rubric.indicator.iter().any(|indicator| indicator.axis == axis.id) {
            unused(&root.key("axis").at(position), "cet axe n'a pas d'indicateur", report);
        }
    }
    for (position, competence) in rubric.competence.iter().enumerate() {
        if !rubric.criterion.iter().any(|criterion| criterion.competence == competence.id) {
            unused(&root.key("competence").at(position), "cette compétence n'a pas de critère", report);
        }
    }
}

fn unused(path: &Path, rule: &str, report: &mut Report<'_>) {
    report.add(&path.key("id"), rule, "ajoutez-en un, ou retirez cet élément");
}

fn check_rules(indicator: &Indicator, path: &Path, report: &mut Report<'_>) {
    let last = indicator.rule.len().saturating_sub(1);
    for (position, rule) in indicator.rule.iter().enumerate() {
        let path = path.at(position);
        match (rule.when.is_empty(), position == last) {
            (true, false) => report.add(
                &path.key("when"),
                "cette règle vaut toujours : les suivantes ne servent jamais",
                "ajoutez une condition, ou mettez cette règle en dernier",
            ),
            (false, true) => report.add(
                &path.key("when"),
                "la dernière règle doit valoir toujours, sinon un échange resterait sans cotation",
                "ajoutez après elle une règle avec when = []",
            ),
            _ => {}
        }
        check_reason(&rule.reason, !rule.shows.is_empty(), &path.key("reason"), report);
        for (at, condition) in rule.when.iter().enumerate() {
            check_condition(condition, &path.key("when").at(at), report);
        }
    }
}

/// `{quote}` is the only place to fill in, and needs something to quote.
fn check_reason(reason: &str, quotes: bool, path: &Path, report: &mut Report<'_>) {
    let rest = reason.replace("{quote}", "");
    if rest.contains(['{', '}']) {
        report.add(path, "accolades inconnues", "seul {quote} est remplacé, par les premiers mots cités");
    } else if rest.len() < reason.len() && !quotes {
        report.add(path, "{quote} sans rien à citer", "ajoutez shows = [ … ], ou retirez {quote}");
    }
}

fn check_condition(condition: &Condition, path: &Path, report: &mut Report<'_>) {
    let (name, list) = match condition {
        Condition::Any { any } => ("any", any),
        Condition::All { all } => ("all", all),
        Condition::Not { not } => ("not", not),
        Condition::Situation { situation, is } => return check_values(*situation, is, &path.key("is"), report),
        Condition::Seen(seen) => return check_seen(seen, path, report),
    };
    for (position, condition) in list.iter().enumerate() {
        check_condition(condition, &path.key(name).at(position), report);
    }
}

fn check_values(field: Field, values: &[String], path: &Path, report: &mut Report<'_>) {
    let known: BTreeSet<&str> = field.values().iter().copied().collect();
    for (position, value) in values.iter().enumerate() {
        report.exists(value, "une valeur de ce champ", &known, &path.at(position));
    }
}

fn check_seen(seen: &Seen, path: &Path, report: &mut Report<'_>) {
    if let (Some(least), Some(most)) = (seen.at_least, seen.at_most)
        && least > most
    {
        report.add(
            &path.key("at_most"),
            format!("au moins {least} et au plus {most} : jamais vrai"),
            format!("écrivez au moins {least}"),
        );
    }
    if seen.at_least == Some(0) && seen.at_most.is_none() {
        report.add(&path.key("at_least"), "au moins 0 : toujours vrai", "écrivez au moins 1, ou retirez la condition");
    }
}
