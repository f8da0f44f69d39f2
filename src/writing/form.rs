//! What a form is made of: sections of fields, each with its French label, what stands in it and what may.
//!
//! Invariant: the name of a field is its place in the file (`fact[3].says.tense`), the same as in faults; what a form
//! sends back is taken by these names only.

use super::rows::{PARTS, Part};
use crate::content::Content;
use crate::fault::Path;

/// What a situation may refer to, with the names that people read.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Services of the directory: id and name.
    pub services: Vec<(String, String)>,
    /// Indicators of the rubrics: id and label.
    pub indicators: Vec<(String, String)>,
}

impl Names {
    /// Those of the content in force.
    pub fn of(content: &Content) -> Names {
        let services = content.organisation().services().iter();
        // Those of the handoff note are not shown by what is said: a persona does not refer to them.
        let indicators = content.rubrics().flat_map(|rubric| rubric.indicators()).filter(|indicator| !indicator.note);
        Names {
            services: services.map(|service| (service.id.clone(), service.nom.clone())).collect(),
            indicators: indicators.map(|one| (one.id.clone(), one.label.clone())).collect(),
        }
    }
}

/// Which part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionId(usize);

impl SectionId {
    /// All, in the order of the form.
    pub fn all() -> impl Iterator<Item = SectionId> {
        (0..PARTS.len()).map(SectionId)
    }

    /// By its name in an address: `facts`.
    pub fn named(name: &str) -> Option<SectionId> {
        PARTS.iter().position(|part| part.id == name).map(SectionId)
    }

    /// Its name in an address.
    pub fn name(self) -> &'static str {
        self.part().id
    }

    /// « Ce qu'elle sait ».
    pub fn title(self) -> &'static str {
        self.part().title
    }

    pub(super) fn part(self) -> &'static Part {
        &PARTS[self.0]
    }
}

/// A part of the form, filled in.
#[derive(Clone, Debug)]
pub struct Section {
    /// Which.
    pub id: SectionId,
    /// What it is about.
    pub about: &'static str,
    /// Its content.
    pub nodes: Vec<Node>,
}

/// A piece of the form.
#[derive(Clone, Debug)]
pub enum Node {
    /// One field.
    Field(Field),
    /// Wordings: one list, or one for each mood.
    Says(Says),
    /// An answer of one's own, or the fact that answers.
    Answer(Answer),
    /// Fields under one heading.
    Group(Group),
    /// A list of entries.
    Entries(Entries),
}

/// Wordings.
#[derive(Clone, Debug)]
pub struct Says {
    /// Its place.
    pub path: Path,
    /// What it is called.
    pub label: String,
    /// What to write.
    pub help: &'static str,
    /// Whether there is one list for each mood.
    pub by_mood: bool,
    /// One list, or two.
    pub fields: Vec<Field>,
}

/// An answer to what anyone may be asked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its place.
    pub path: Path,
    /// What is asked.
    pub label: String,
    /// Which fact answers, if one does.
    pub fact: Field,
    /// Its own wordings, if no fact answers.
    pub says: Option<Says>,
}

/// Fields under one heading.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its place.
    pub path: Path,
    /// The heading.
    pub label: String,
    /// What it is.
    pub help: &'static str,
    /// Whether it can be taken away, or is not there and can be added.
    pub optional: bool,
    /// Whether it is there.
    pub present: bool,
    /// Its content.
    pub nodes: Vec<Node>,
}

/// A list of entries.
#[derive(Clone, Debug)]
pub struct Entries {
    /// Its place.
    pub path: Path,
    /// What they are.
    pub label: &'static str,
    /// What each is.
    pub help: &'static str,
    /// How many there must be.
    pub least: usize,
    /// Each.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place, `fact[3]`.
    pub path: Path,
    /// What it is called: its label, its text, its id, or its number.
    pub title: String,
    /// Its fields.
    pub nodes: Vec<Node>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its place.
    pub path: Path,
    /// What it is called.
    pub label: String,
    /// What to write.
    pub help: &'static str,
    /// What may stand in it.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What stands in it: the lines of a list, what is chosen, or one text; nothing where it is absent.
    pub values: Vec<String>,
}

/// What may stand in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text on one line.
    Line {
        /// In characters.
        longest: Option<u64>,
    },
    /// A text over a few lines of the form.
    Prose {
        /// In characters.
        longest: Option<u64>,
    },
    /// A whole number.
    Number {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
        /// What stands for an empty field.
        default: Option<i64>,
    },
    /// One of these.
    One(Vec<Choice>),
    /// Any of these.
    Several(Vec<Choice>),
    /// Texts, one a line.
    Lines {
        /// How many there must be.
        least: u64,
    },
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is written in the file.
    pub value: String,
    /// As people read it.
    pub label: String,
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into() }
    }
}

impl Field {
    /// Its name in the form: its place.
    pub fn name(&self) -> String {
        self.path.to_string()
    }

    /// What a form shows in it, as one text.
    pub fn shown(&self) -> String {
        self.values.join("\n")
    }
}

impl Node {
    /// Every field, in order.
    pub fn fields<'n>(&'n self, found: &mut Vec<&'n Field>) {
        match self {
            Node::Field(field) => found.push(field),
            Node::Says(says) => found.extend(&says.fields),
            Node::Answer(answer) => {
                found.push(&answer.fact);
                found.extend(answer.says.iter().flat_map(|says| &says.fields));
            }
            Node::Group(group) => group.nodes.iter().for_each(|node| node.fields(found)),
            Node::Entries(list) => {
                list.entries.iter().flat_map(|entry| &entry.nodes).for_each(|node| node.fields(found));
            }
        }
    }
}

impl Section {
    /// Every field, in order.
    pub fn fields(&self) -> Vec<&Field> {
        let mut found = Vec::new();
        self.nodes.iter().for_each(|node| node.fields(&mut found));
        found
    }
}
