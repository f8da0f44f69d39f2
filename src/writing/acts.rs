//! What changes the shape of a draft: entries added, moved, taken away; wordings by mood or for any mood.
//!
//! Invariant: an act names a place that the form shows; nothing else can be asked for.

use std::fmt;

use toml_edit::{Item, Table, Value};

use super::draft::{Draft, inline};
use super::form::{Node, Section};
use super::shape::{self, Shape};
use crate::fault::{Path, Step};

/// A change of shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// One more entry at the end of a list, or an optional table.
    Add(Path),
    /// An entry or an optional table taken away.
    Remove(Path),
    /// An entry before the one above it.
    Up(Path),
    /// An entry after the one below it.
    Down(Path),
    /// One list of wordings becomes one for each mood.
    ByMood(Path),
    /// The lists of both moods become one.
    OneList(Path),
}

/// As forms send it: `add:fact`.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, path) = match self {
            Act::Add(path) => ("add", path),
            Act::Remove(path) => ("remove", path),
            Act::Up(path) => ("up", path),
            Act::Down(path) => ("down", path),
            Act::ByMood(path) => ("by_mood", path),
            Act::OneList(path) => ("one_list", path),
        };
        write!(f, "{word}:{path}")
    }
}

impl Act {
    /// The act that a form of this section named.
    pub fn named(text: &str, section: &Section) -> Option<Act> {
        Act::all(section).into_iter().find(|act| act.to_string() == text)
    }

    /// Every act that a section offers.
    pub(super) fn all(section: &Section) -> Vec<Act> {
        let mut found = Vec::new();
        section.nodes.iter().for_each(|node| acts(node, &mut found));
        found
    }
}

fn acts(node: &Node, found: &mut Vec<Act>) {
    match node {
        Node::Field(_) => {}
        Node::Says(says) if says.by_mood => found.push(Act::OneList(says.path.clone())),
        Node::Says(says) => found.push(Act::ByMood(says.path.clone())),
        Node::Answer(answer) => {
            answer.says.iter().for_each(|says| acts(&Node::Says(says.clone()), found));
        }
        Node::Group(group) => {
            match (group.optional, group.present) {
                (true, true) => found.push(Act::Remove(group.path.clone())),
                (_, false) => found.push(Act::Add(group.path.clone())),
                (false, true) => {}
            }
            group.nodes.iter().for_each(|node| acts(node, found));
        }
        Node::Entries(list) => {
            found.push(Act::Add(list.path.clone()));
            for (index, entry) in list.entries.iter().enumerate() {
                found.push(Act::Remove(entry.path.clone()));
                if index > 0 {
                    found.push(Act::Up(entry.path.clone()));
                }
                if index + 1 < list.entries.len() {
                    found.push(Act::Down(entry.path.clone()));
                }
                entry.nodes.iter().for_each(|node| acts(node, found));
            }
        }
    }
}

impl Draft {
    /// Changes the shape.
    pub fn act(&mut self, act: &Act) {
        match act {
            Act::Add(path) => self.add(path),
            Act::Remove(path) => match element(path) {
                Some((list, index)) => self.remove_entry(&list, index),
                None => self.remove(path),
            },
            Act::Up(path) => {
                if let Some((list, index)) = element(path).filter(|(_, index)| *index > 0) {
                    self.swap_entries(&list, index - 1);
                }
            }
            Act::Down(path) => {
                if let Some((list, index)) = element(path) {
                    self.swap_entries(&list, index);
                }
            }
            Act::ByMood(path) => {
                let texts = self.texts(path);
                self.set(path, inline(&[("calm", &texts), ("tense", &texts)]));
            }
            Act::OneList(path) => self.one_list(path),
        }
    }

    fn one_list(&mut self, path: &Path) {
        let mut texts = self.texts(&path.key("calm"));
        for text in self.texts(&path.key("tense")) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        // A value takes the place of a value; a table of its own, or dotted names, of which none stays, do not.
        if self.item(path).is_some_and(|item| !item.is_value()) {
            self.remove(path);
        }
        self.set_list(path, &texts);
    }

    fn add(&mut self, path: &Path) {
        let pattern = pattern(path);
        match shape::at(&pattern) {
            Some((Shape::Entries { .. }, _)) => {
                let ids: Vec<String> =
                    (0..self.len(path)).flat_map(|index| self.texts(&path.at(index).key("id"))).collect();
                let free = (2..=ids.len() + 2).map(|n| format!("nouveau-{n}")).find(|id| !ids.contains(id));
                let id =
                    if ids.iter().any(|id| id == "nouveau") { free.unwrap_or_default() } else { "nouveau".to_owned() };
                self.push_entry(path, blank_table(&format!("{pattern}[]"), &id));
            }
            _ => self.put(path, Item::Table(blank_table(&pattern, ""))),
        }
    }
}

/// A table with every field that must be there, empty.
fn blank_table(pattern: &str, id: &str) -> Table {
    let mut table = Table::new();
    for (name, field) in shape::required_below(pattern) {
        let value: Value = match field {
            Shape::Text { .. } if name == "id" => id.into(),
            Shape::Text { .. } => "".into(),
            Shape::Number { default, least, .. } => default.unwrap_or(least).into(),
            Shape::Word(words) => words.first().map(String::as_str).unwrap_or_default().into(),
            Shape::Says { .. } => inline(&[("calm", &[]), ("tense", &[])]).into(),
            _ => Value::Array(toml_edit::Array::new()),
        };
        table.insert(&name, Item::Value(value));
    }
    table
}

/// An entry's list and its place in it.
pub(super) fn element(path: &Path) -> Option<(Path, usize)> {
    let (last, above) = path.steps().split_last()?;
    let Step::Index(index) = last else { return None };
    Some((rebuilt(above), *index))
}

fn rebuilt(steps: &[Step]) -> Path {
    steps.iter().fold(Path::root(), |path, step| match step {
        Step::Key(name) => path.key(name),
        Step::Index(index) => path.at(*index),
    })
}

/// `fact[3].says` → `fact[].says`; keys of maps become `*`.
pub(super) fn pattern(path: &Path) -> String {
    let mut text = String::new();
    for (position, step) in path.steps().iter().enumerate() {
        match step {
            Step::Index(_) => text.push_str("[]"),
            Step::Key(_) if matches!(text.as_str(), "reactions" | "identity" | "examples") => text.push_str(".*"),
            Step::Key(name) => {
                if position > 0 {
                    text.push('.');
                }
                text.push_str(name);
            }
        }
    }
    text
}
