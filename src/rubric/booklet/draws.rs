//! Whether a booklet can be drawn: parts in an order that can be sat, and enough to draw from.

use std::collections::BTreeSet;

use super::check::FAMILIES;
use super::file::{BookletFile, Part, PartKind, Question};
use crate::fault::{Path, Report};

pub(super) fn check(file: &BookletFile, report: &mut Report<'_>) {
    let root = Path::root();
    let themes: BTreeSet<&str> = file.question.iter().filter_map(|question| question.theme.as_deref()).collect();
    for (position, slot) in file.situation.iter().enumerate() {
        let path = root.key("situation").at(position);
        let count = |kind: PartKind| slot.part.iter().filter(|part| part.kind == kind).count();
        if count(PartKind::Conversation) != 1 {
            report.add(
                &path.key("part"),
                format!("{} échange dans cette situation, il en faut un", count(PartKind::Conversation)),
                "écrivez une seule partie avec kind = \"conversation\"",
            );
        }
        for (at, part) in slot.part.iter().enumerate() {
            check_part(part, &slot.part[..at], &themes, &path.key("part").at(at), report);
        }
    }
    for (kind, found, name) in
        [(PartKind::Scene, file.scene.len(), "scene"), (PartKind::Queue, file.queue.len(), "queue")]
    {
        let parts = file.situation.iter().flat_map(|slot| &slot.part).filter(|part| part.kind == kind).count();
        if parts > found {
            report.add(
                &root.key("situation"),
                format!("{parts} parties tirent un élément de {name}, le livret en compte {found}"),
                format!("ajoutez des [[{name}]], ou retirez des parties"),
            );
        }
    }
    for (position, question) in file.question.iter().enumerate() {
        if question.theme.is_none() {
            let path = root.key("question").at(position).key("id");
            report.add(
                &path,
                "cette question n'est d'aucun thème : elle ne sera jamais tirée",
                "ajoutez theme = \"…\"",
            );
        }
    }
    for (theme, parts) in drawn(file) {
        let suits = |question: &Question, family: &str| {
            question.theme.as_deref() == Some(theme)
                && (question.families.is_empty() || question.families.iter().any(|suits| suits == family))
        };
        let found = |family: &str| file.question.iter().filter(|question| suits(question, family)).count();
        let least = FAMILIES.iter().map(|family| (found(family), *family)).min();
        if let Some((found, family)) = least.filter(|(found, _)| themes.contains(theme) && parts > *found) {
            report.add(
                &root.key("situation"),
                format!(
                    "le thème « {theme} » est tiré {parts} fois ; questions qui conviennent à la famille « {family} » : {found}"
                ),
                "ajoutez des questions de ce thème, ou tirez-le moins souvent",
            );
        }
    }
}

/// How often each theme is drawn.
fn drawn(file: &BookletFile) -> Vec<(&str, usize)> {
    let all: Vec<&str> = file
        .situation
        .iter()
        .flat_map(|slot| &slot.part)
        .flat_map(|part| part.themes.iter().map(String::as_str))
        .collect();
    let names: BTreeSet<&str> = all.iter().copied().collect();
    names.into_iter().map(|name| (name, all.iter().filter(|theme| **theme == name).count())).collect()
}

fn check_part(part: &Part, before: &[Part], themes: &BTreeSet<&str>, path: &Path, report: &mut Report<'_>) {
    match (part.kind, part.themes.is_empty()) {
        (PartKind::Questions, true) => {
            report.add(&path.key("kind"), "des questions sans thème : rien à tirer", "ajoutez themes = [ … ]");
        }
        (PartKind::Questions, false) => {
            for (position, theme) in part.themes.iter().enumerate() {
                report.exists(theme, "un thème des questions de ce livret", themes, &path.key("themes").at(position));
            }
        }
        (_, false) => report.add(&path.key("themes"), "seules les questions ont des thèmes", "retirez themes"),
        (_, true) => {}
    }
    let after = |kind: PartKind| before.iter().any(|part| part.kind == kind);
    if part.kind == PartKind::Note && !after(PartKind::Conversation) {
        report.add(&path.key("kind"), "la note vient après l'échange", "placez cette partie après l'échange");
    }
    if after(part.kind) {
        report.add(&path.key("kind"), "cette situation a déjà une partie de cette sorte", "retirez l'une des deux");
    }
}
