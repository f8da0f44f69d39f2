//! What differs between two texts of a situation, field by field, in words that its writers read.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::form::{Entry, Field, Names, Node, SectionId};
use super::layout::form;

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: « Ce qu'elle sait › où se trouve la fuite › Marques ».
    pub way: String,
    /// Its lines, those that went and those that came.
    pub lines: Vec<Line>,
}

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// Only before.
    Gone(String),
    /// Only after.
    Come(String),
}

/// Every field that differs. Where one of the texts is no sound TOML, or only comments differ, its lines do instead.
pub fn differences(before: &str, after: &str, names: &Names) -> Vec<Difference> {
    if before == after {
        return Vec::new();
    }
    if let (Some(before), Some(after)) = (Draft::read(before), Draft::read(after)) {
        let (before, after) = (flat(&before, names), flat(&after, names));
        let found = compare(&before, &after);
        if !found.is_empty() {
            return found;
        }
    }
    let changed = lines(&split(before), &split(after));
    let lines = changed.into_iter().filter(|line| !matches!(line, Line::Same(_))).collect();
    vec![Difference { way: "Texte de la fiche".to_owned(), lines }]
}

fn split(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A field by a key that stays when entries around it come and go.
struct Flat {
    key: String,
    way: String,
    lines: Vec<String>,
}

fn compare(before: &[Flat], after: &[Flat]) -> Vec<Difference> {
    let mut found = Vec::new();
    let nothing: &[String] = &[];
    for field in after {
        let old = before.iter().find(|old| old.key == field.key).map_or(nothing, |old| &old.lines);
        if old != field.lines {
            found.push(Difference { way: field.way.clone(), lines: lines(old, &field.lines) });
        }
    }
    let kept: BTreeSet<&str> = after.iter().map(|field| field.key.as_str()).collect();
    for field in before.iter().filter(|field| !kept.contains(field.key.as_str()) && !field.lines.is_empty()) {
        found.push(Difference { way: field.way.clone(), lines: lines(&field.lines, nothing) });
    }
    found
}

fn flat(draft: &Draft, names: &Names) -> Vec<Flat> {
    let mut found = Vec::new();
    for id in SectionId::all() {
        form(draft, names, id).nodes.iter().for_each(|node| walk(node, id.name(), id.title(), &mut found));
    }
    found
}

fn walk(node: &Node, key: &str, way: &str, found: &mut Vec<Flat>) {
    let mut leaf = |field: &Field, way: &str| {
        // The last name of the place: indices above it stand in `key` as ids of entries.
        let name = field.name();
        let last = name.rsplit(']').next().unwrap_or(&name).to_owned();
        found.push(Flat { key: format!("{key}/{last}"), way: way.to_owned(), lines: field.values.clone() });
    };
    match node {
        Node::Field(field) => leaf(field, &format!("{way} › {}", field.label)),
        Node::Says(says) => {
            for field in &says.fields {
                let mood = if says.by_mood { format!(" › {}", field.label) } else { String::new() };
                leaf(field, &format!("{way} › {}{mood}", says.label));
            }
        }
        Node::Answer(answer) => {
            leaf(&answer.fact, &format!("{way} › {}", answer.label));
            if let Some(says) = &answer.says {
                for field in &says.fields {
                    leaf(field, &format!("{way} › {}", says.label));
                }
            }
        }
        Node::Group(group) => {
            let way = format!("{way} › {}", group.label);
            group.nodes.iter().for_each(|node| walk(node, key, &way, found));
        }
        Node::Entries(list) => {
            for (index, entry) in list.entries.iter().enumerate() {
                let key = format!("{key}/{}/{}", list.label, id_of(entry).unwrap_or_else(|| index.to_string()));
                let way = format!("{way} › {}", entry.title);
                entry.nodes.iter().for_each(|node| walk(node, &key, &way, found));
            }
        }
    }
}

fn id_of(entry: &Entry) -> Option<String> {
    entry.nodes.iter().find_map(|node| match node {
        Node::Field(field) if field.name().ends_with("].id") => field.values.first().cloned(),
        _ => None,
    })
}

/// The most cells of the table that comparing takes; above it everything counts as changed.
const MOST_CELLS: usize = 4_000_000;

/// Two lists of lines, compared: as few go and come as possible.
pub fn lines(before: &[String], after: &[String]) -> Vec<Line> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let same = |list: &[String]| list.iter().cloned().map(Line::Same).collect::<Vec<_>>();
    let mut found = same(&before[..head]);
    found.extend(middle(old, new));
    found.extend(same(&before[before.len() - tail..]));
    found
}

fn middle(old: &[String], new: &[String]) -> Vec<Line> {
    let gone = |text: &String| Line::Gone(text.clone());
    let come = |text: &String| Line::Come(text.clone());
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MOST_CELLS {
        return old.iter().map(gone).chain(new.iter().map(come)).collect();
    }
    // How many lines are in common from (i, j) on.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            found.push(Line::Same(old[i].clone()));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
            found.push(gone(&old[i]));
            i += 1;
        } else {
            found.push(come(&new[j]));
            j += 1;
        }
    }
    found.extend(old[i..].iter().map(gone));
    found.extend(new[j..].iter().map(come));
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::names;
    use super::*;
    use crate::persona::sample;

    fn shown(lines: &[Line]) -> String {
        let one = |line: &Line| match line {
            Line::Same(text) => format!(" {text}"),
            Line::Gone(text) => format!("-{text}"),
            Line::Come(text) => format!("+{text}"),
        };
        lines.iter().map(one).collect::<Vec<_>>().join("|")
    }

    fn check(from: &str, to: &str, expect: &[(&str, &str)]) {
        let before = sample::text();
        assert!(before.contains(from), "{from}");
        let after = before.replacen(from, to, 1);
        let found = differences(&before, &after, &names());
        let found: Vec<_> = found.iter().map(|one| (one.way.as_str(), shown(&one.lines))).collect();
        let found: Vec<_> = found.iter().map(|(way, lines)| (*way, lines.as_str())).collect();
        assert_eq!(found, expect, "{from} → {to}");
    }

    #[test]
    fn each_field_that_differs_is_told_in_words() {
        check("id = \"essai\"", "id = \"essai\"", &[]);
        check("tension = 4", "tension = 6", &[("L'humeur › Tension aux premiers mots", "-4|+6")]);
        check(
            "[\"Dans l'entrée.\", ",
            "[\"À l'entrée.\", ",
            &[(
                "Ce qu'elle sait › où est la fuite › Comment elle le dit",
                "-Dans l'entrée.|+À l'entrée.| L'Entree, là.| C'est l'entrée.",
            )],
        );
        check("[caller]", "# une note\n[caller]", &[("Texte de la fiche", "+# une note")]);
        check("[caller]", "[caller", &[("Texte de la fiche", "-[caller]|+[caller")]);
    }

    #[test]
    fn an_entry_added_before_others_leaves_them_as_they_are() {
        let before = sample::text();
        let entry = "[[fact]]\nid = \"neuf\"\ntext = \"Un fait neuf.\"\n\n[[fact]]\nid = \"lieu\"";
        let found = differences(&before, &before.replacen("[[fact]]\nid = \"lieu\"", entry, 1), &names());
        assert!(found.iter().all(|one| one.way.contains("Un fait neuf.")), "{found:#?}");
        assert_eq!(found.len(), 2);
    }

    proptest! {
        #[test]
        fn what_stays_and_goes_is_before_and_what_stays_and_comes_is_after(
            before in proptest::collection::vec("[a-d]", 0..12),
            after in proptest::collection::vec("[a-d]", 0..12),
        ) {
            let found = lines(&before, &after);
            let pick = |keep: fn(&Line) -> Option<&String>| found.iter().filter_map(keep).cloned().collect::<Vec<_>>();
            let old = pick(|line| match line { Line::Same(text) | Line::Gone(text) => Some(text), Line::Come(_) => None });
            let new = pick(|line| match line { Line::Same(text) | Line::Come(text) => Some(text), Line::Gone(_) => None });
            prop_assert_eq!(old, before);
            prop_assert_eq!(new, after);
        }
    }
}
