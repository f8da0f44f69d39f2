//! A draft laid out as a form.
//!
//! Input: a [`Draft`], the [`Names`] it may refer to, and the rows of a part. Output: its [`Section`]. Invariant: a field
//! stands where its row stands, with the shape that the schema gives it; what is in the file and is no choice any more is
//! shown as unknown, not dropped.

use super::draft::Draft;
use super::form::{Answer, Choice, Entries, Entry, Field, Group, Kind, Names, Node, Says, Section, SectionId};
use super::rows::{self, Room, Row};
use super::shape::{self, Shape};
use crate::fault::Path;
use crate::persona::{Stimulus, Topic};

/// One part of a draft as a form.
pub fn form(draft: &Draft, names: &Names, id: SectionId) -> Section {
    let part = id.part();
    let builder = Builder { draft, names };
    Section { id, about: part.about, nodes: builder.nodes(part.rows, "", &Path::root()) }
}

struct Builder<'a> {
    draft: &'a Draft,
    names: &'a Names,
}

impl Builder<'_> {
    /// The rows that stand directly below `above`, which is at `path`.
    fn nodes(&self, rows: &[Row], above: &str, path: &Path) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut rest = rows;
        while let Some((row, after)) = rest.split_first() {
            let Some(name) = row.pattern.strip_prefix(above) else {
                rest = after;
                continue;
            };
            // Rows of one table, of one list or of one map stand together.
            let (here, inner) = match (name.split_once(".*"), shape::at(row.pattern)) {
                (Some((map, _)), _) => (run(rest, &format!("{above}{map}.*")), Inner::Map(map)),
                (None, Some((Shape::Entries { least }, _))) => (run(rest, row.pattern), Inner::Entries(least)),
                (None, Some((Shape::Table, required))) => (run(rest, row.pattern), Inner::Table(required)),
                (None, Some((shape, required))) => (&rest[..1], Inner::Leaf(shape, required)),
                (None, None) => (&rest[..1], Inner::Nothing),
            };
            rest = &rest[here.len()..];
            let at = name.split(".*").next().unwrap_or(name).split('.').fold(path.clone(), |path, key| path.key(key));
            match inner {
                Inner::Map(map) => nodes.extend(self.map(here, map, &at)),
                Inner::Entries(least) => nodes.push(Node::Entries(self.entries(row, &here[1..], least, &at))),
                Inner::Table(required) => nodes.push(self.table(row, &here[1..], required, at)),
                Inner::Leaf(shape, required) => nodes.push(self.leaf(row, row.label.to_owned(), &shape, required, at)),
                Inner::Nothing => {}
            }
        }
        nodes
    }

    fn table(&self, row: &Row, rows: &[Row], required: bool, path: Path) -> Node {
        let present = self.draft.is_table(&path);
        let nodes = if present { self.nodes(rows, &format!("{}.", row.pattern), &path) } else { Vec::new() };
        Node::Group(Group { path, label: row.label.to_owned(), help: row.help, optional: !required, present, nodes })
    }

    fn entries(&self, row: &Row, rows: &[Row], least: u64, path: &Path) -> Entries {
        let entry = |index| {
            let path = path.at(index);
            let nodes = self.nodes(rows, &format!("{}[].", row.pattern), &path);
            let first = |name: &str| self.draft.texts(&path.key(name)).into_iter().find(|text| !text.is_empty());
            let title = ["label", "text", "id", "heard"].iter().find_map(|name| first(name));
            Entry { path, title: title.unwrap_or_else(|| format!("{}", index + 1)), nodes }
        };
        Entries {
            path: path.clone(),
            label: row.label,
            help: row.help,
            least: usize::try_from(least).unwrap_or(0),
            entries: (0..self.draft.len(path)).map(entry).collect(),
        }
    }

    /// `identity.*`, `reactions.*`, `examples.*`: the same fields for each key.
    fn map(&self, rows: &[Row], map: &str, path: &Path) -> Vec<Node> {
        let known: Vec<(String, String)> = match map {
            "identity" => Topic::ALL.iter().map(|one| (one.name().to_owned(), rows::topic(*one).to_owned())).collect(),
            "reactions" => {
                let one = |one: &Stimulus| (one.name().to_owned(), rows::stimulus(*one).to_owned());
                Stimulus::ALL.iter().map(one).collect()
            }
            _ => self.examples(path),
        };
        let node = |(key, label): (String, String)| {
            let at = path.key(&key);
            let single = rows.first().filter(|row| row.pattern.ends_with(".*"));
            if let Some((row, (shape, required))) = single.and_then(|row| Some((row, shape::at(row.pattern)?))) {
                return self.leaf(row, label, &shape, required, at);
            }
            let nodes = self.nodes(rows, &format!("{map}.*."), &at);
            let present = self.draft.is_table(&at);
            Node::Group(Group { path: at, label, help: "", optional: false, present, nodes })
        };
        known.into_iter().map(node).collect()
    }

    /// An example for each indicator that applies, and for each that has one.
    fn examples(&self, path: &Path) -> Vec<(String, String)> {
        let (written, apart) = (self.draft.keys(path), self.draft.texts(&Path::root().key("not_applicable")));
        let known = self.names.indicators.iter();
        let mut all: Vec<(String, String)> = known
            .filter(|(id, _)| !apart.contains(id) || written.contains(id))
            .map(|(id, label)| (id.clone(), format!("{id} · {label}")))
            .collect();
        let others = written.into_iter().filter(|id| !self.names.indicators.iter().any(|(known, _)| known == id));
        all.extend(others.map(|id| (id.clone(), id)));
        all
    }

    fn leaf(&self, row: &Row, label: String, shape: &Shape, required: bool, path: Path) -> Node {
        match shape {
            Shape::Says { least } => Node::Says(self.says(row, label, *least, path)),
            Shape::Answer { least } => self.answer(row, label, *least, path),
            _ => {
                let kind = self.kind(row, shape, &path);
                let values = self.draft.texts(&path);
                Node::Field(Field { path, label, help: row.help, kind, required, values })
            }
        }
    }

    fn says(&self, row: &Row, label: String, least: u64, path: Path) -> Says {
        let by_mood = self.draft.is_table(&path);
        let field = |path: Path, label: &str| {
            let values = self.draft.texts(&path);
            Field { path, label: label.to_owned(), help: row.help, kind: Kind::Lines { least }, required: true, values }
        };
        let fields = if by_mood {
            vec![field(path.key("calm"), "Calme"), field(path.key("tense"), "Tendue")]
        } else {
            vec![field(path.clone(), "Quelle que soit l'humeur")]
        };
        Says { path, label, help: row.help, by_mood, fields }
    }

    fn answer(&self, row: &Row, label: String, least: u64, path: Path) -> Node {
        let fact = path.key("fact");
        let chosen = self.draft.texts(&fact);
        let says = chosen.is_empty().then(|| self.says(row, label.clone(), least, path.clone()));
        let mut choices = vec![Choice::new("", "Ses propres mots")];
        choices.extend(self.facts(&chosen));
        let kind = Kind::One(choices);
        let fact =
            Field { path: fact, label: "Ce qui répond".to_owned(), help: "", kind, required: false, values: chosen };
        Node::Answer(Answer { path, label, fact, says })
    }

    fn facts(&self, chosen: &[String]) -> Vec<Choice> {
        let facts = Path::root().key("fact");
        let entry = |index| {
            let id = self.draft.texts(&facts.at(index).key("id")).into_iter().next()?;
            let label = self.draft.texts(&facts.at(index).key("label")).into_iter().next();
            Some((id.clone(), format!("Le fait : {}", label.filter(|label| !label.is_empty()).unwrap_or(id))))
        };
        let known: Vec<_> = (0..self.draft.len(&facts)).filter_map(entry).collect();
        with_unknown(&known, chosen)
    }

    fn kind(&self, row: &Row, shape: &Shape, path: &Path) -> Kind {
        let chosen = self.draft.texts(path);
        match (row.pattern, shape) {
            ("expects.services" | "expects.also_accept" | "expects.escalate_to", _) => {
                Kind::Several(with_unknown(&self.names.services, &chosen))
            }
            ("not_applicable", _) => Kind::Several(with_unknown(&self.indicators(), &chosen)),
            ("expects.traps[].against", _) => {
                let mut choices = vec![Choice::new("", "Choisir un indicateur")];
                choices.extend(with_unknown(&self.indicators(), &chosen));
                Kind::One(choices)
            }
            (pattern, Shape::Word(words)) => {
                let mut choices: Vec<Choice> =
                    words.iter().map(|word| Choice::new(word, rows::word(pattern, word))).collect();
                let unknown = chosen.iter().filter(|word| !words.contains(word));
                choices.extend(unknown.map(|word| Choice::new(word, format!("« {word} » (inconnu)"))));
                if chosen.is_empty() {
                    choices.insert(0, Choice::new("", "Choisir"));
                }
                Kind::One(choices)
            }
            (_, Shape::Number { least, most, default }) => {
                Kind::Number { least: *least, most: *most, default: *default }
            }
            (_, Shape::List { least, .. }) => Kind::Lines { least: *least },
            (_, Shape::Text { longest }) if row.room == Room::Line => Kind::Line { longest: *longest },
            (_, Shape::Text { longest }) => Kind::Prose { longest: *longest },
            _ => Kind::Prose { longest: None },
        }
    }

    fn indicators(&self) -> Vec<(String, String)> {
        self.names.indicators.iter().map(|(id, label)| (id.clone(), format!("{id} · {label}"))).collect()
    }
}

enum Inner<'r> {
    Map(&'r str),
    Entries(u64),
    Table(bool),
    Leaf(Shape, bool),
    Nothing,
}

/// The rows at the head that begin with a pattern.
fn run<'r>(rows: &'r [Row], pattern: &str) -> &'r [Row] {
    let inside = |row: &Row| {
        row.pattern.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    &rows[..rows.iter().take_while(|row| inside(row)).count()]
}

/// Choices, with what was chosen although it is not among them.
fn with_unknown(known: &[(String, String)], chosen: &[String]) -> Vec<Choice> {
    let mut all: Vec<Choice> = known.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let unknown = chosen.iter().filter(|id| !id.is_empty() && !known.iter().any(|(known, _)| known == *id));
    all.extend(unknown.map(|id| Choice::new(id, format!("« {id} » (inconnu)"))));
    all
}
