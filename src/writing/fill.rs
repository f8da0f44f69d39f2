//! What a form sent, written into the draft: only what differs from what the form had shown.

use toml_edit::{Array, Item, Value};

use super::draft::{Draft, inline};
use super::form::{Field, Kind, Node, Section};

/// What a form sent: names and values, several values under one name where several were chosen.
#[derive(Clone, Debug, Default)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// Takes the pairs of a form.
    pub fn new(pairs: Vec<(String, String)>) -> Sent {
        Sent(pairs)
    }

    /// What was sent for a field, ends of lines as in files; `None` if the form did not have it.
    pub(super) fn of(&self, field: &Field) -> Option<Vec<String>> {
        let name = field.name();
        let mut found = self.0.iter().filter(|(sent, _)| *sent == name).map(|(_, value)| value).peekable();
        found.peek()?;
        Some(found.map(|value| value.replace("\r\n", "\n")).collect())
    }

    /// Whether the form had shown something else in this field.
    pub(super) fn changes(&self, field: &Field) -> bool {
        self.of(field).is_some_and(|sent| match &field.kind {
            Kind::Several(_) => chosen(sent) != field.values,
            _ => sent.join("\n") != field.shown(),
        })
    }

    /// The value of a field as it would be written.
    pub(super) fn values(&self, field: &Field) -> Option<Vec<String>> {
        let sent = self.of(field)?;
        Some(match &field.kind {
            Kind::Several(_) => chosen(sent),
            Kind::Lines { .. } => {
                sent.iter().flat_map(|text| text.split('\n')).map(tidy).filter(|line| !line.is_empty()).collect()
            }
            _ => sent.iter().map(|text| tidy(text)).filter(|text| !text.is_empty()).collect(),
        })
    }
}

/// Boxes that were ticked: the form sends an empty value beside them, so that none is told from absent.
fn chosen(sent: Vec<String>) -> Vec<String> {
    sent.into_iter().filter(|value| !value.is_empty()).collect()
}

/// Without spaces at the ends; breaks of lines within a text are spaces.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

impl Draft {
    /// Writes what a form sent for one of its sections.
    pub fn fill(&mut self, section: &Section, sent: &Sent) {
        section.nodes.iter().for_each(|node| self.fill_node(node, sent));
    }

    fn fill_node(&mut self, node: &Node, sent: &Sent) {
        match node {
            Node::Field(field) => self.fill_field(field, sent),
            Node::Says(says) => says.fields.iter().for_each(|field| self.fill_field(field, sent)),
            Node::Answer(answer) => {
                if sent.changes(&answer.fact) {
                    match sent.values(&answer.fact).unwrap_or_default().first() {
                        Some(fact) => {
                            let mut table = inline(&[]);
                            table.insert("fact", Value::from(fact.as_str()));
                            table.fmt();
                            self.set(&answer.path, table);
                            return;
                        }
                        None => self.set(&answer.path, Array::new()),
                    }
                }
                answer.says.iter().flat_map(|says| &says.fields).for_each(|field| self.fill_field(field, sent));
            }
            Node::Group(group) => group.nodes.iter().for_each(|node| self.fill_node(node, sent)),
            Node::Entries(list) => {
                list.entries.iter().flat_map(|entry| &entry.nodes).for_each(|node| self.fill_node(node, sent));
            }
        }
    }

    fn fill_field(&mut self, field: &Field, sent: &Sent) {
        if !sent.changes(field) {
            return;
        }
        let values = sent.values(field).unwrap_or_default();
        match &field.kind {
            Kind::Lines { .. } | Kind::Several(_) => {
                if !values.is_empty() || self.item(&field.path).is_some() {
                    self.set_list(&field.path, &values);
                }
            }
            Kind::Number { .. } => match values.first() {
                // What is not a number stays as it was typed: the check says so at its field.
                Some(text) => match text.parse::<i64>() {
                    Ok(number) => self.set(&field.path, number),
                    Err(_) => self.set(&field.path, text.as_str()),
                },
                None => self.remove(&field.path),
            },
            Kind::One(_) | Kind::Line { .. } | Kind::Prose { .. } => match values.first() {
                Some(text) => self.set(&field.path, text.as_str()),
                None if field.required && self.item(&field.path).is_some_and(Item::is_value) => {
                    self.set(&field.path, "");
                }
                None => self.remove(&field.path),
            },
        }
    }
}
