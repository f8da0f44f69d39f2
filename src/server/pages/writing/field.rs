//! The fields of a form, as templates show them.

use crate::writing::{Act, Field, Kind, Node, Placed, Says, anchor};

/// A piece of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// One field, or wordings.
    Piece(Piece),
    /// Fields under one heading.
    Group(EntryView),
    /// A list of entries.
    Entries {
        /// Id of the heading.
        id: String,
        /// What they are.
        label: String,
        /// What each is.
        help: String,
        /// The act that adds one.
        add: String,
        /// Faults of the list as a whole.
        faults: Vec<FaultView>,
        /// Each.
        entries: Vec<EntryView>,
    },
}

/// Fields under one heading: an entry of a list, a reaction, an optional part.
#[derive(Clone, Debug, Default)]
pub struct EntryView {
    /// Id of the heading.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub help: String,
    /// A few of its values, to be read while it is folded: « tension −1, confiance +1 ».
    pub gist: String,
    /// Whether it is unfolded.
    pub open: bool,
    /// How many faults stand in it.
    pub count: usize,
    /// Faults of the whole.
    pub faults: Vec<FaultView>,
    /// The act that adds it, where it is missing.
    pub add: Option<String>,
    /// The acts that move it up, down and away, where it can be.
    pub up: Option<String>,
    /// See [`EntryView::up`].
    pub down: Option<String>,
    /// See [`EntryView::up`].
    pub remove: Option<String>,
    /// Its fields.
    pub pieces: Vec<Piece>,
}

/// A field, or wordings.
#[derive(Clone, Debug)]
pub enum Piece {
    /// One field.
    Field(FieldView),
    /// Wordings.
    Says(SaysView),
}

/// Wordings: one list, or one for each mood.
#[derive(Clone, Debug)]
pub struct SaysView {
    /// Id of the group.
    pub id: String,
    /// What they are.
    pub label: String,
    /// What to write.
    pub help: String,
    /// The act that makes one list two, or two one.
    pub act: String,
    /// What it is called.
    pub act_label: &'static str,
    /// Faults of both.
    pub faults: Vec<FaultView>,
    /// One list, or two.
    pub fields: Vec<FieldView>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct FieldView {
    /// Id of the control.
    pub id: String,
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What to write.
    pub help: String,
    /// How it is filled in.
    pub control: Control,
    /// What is wrong with it.
    pub faults: Vec<FaultView>,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Control {
    /// A text on one line.
    Line(String),
    /// A text over a few lines.
    Prose(String),
    /// A number, and what stands for none.
    Number(String, String),
    /// One of these.
    One(Vec<ChoiceView>),
    /// Any of these.
    Several(Vec<ChoiceView>),
    /// Texts, one a line; how many lines are shown.
    Lines(String, usize),
}

/// Something to choose.
#[derive(Clone, Debug)]
pub struct ChoiceView {
    /// As it is sent.
    pub value: String,
    /// As it is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub struct FaultView {
    /// « Ligne 3 : » and what is required.
    pub rule: String,
    /// What to write.
    pub fix: String,
}

impl FaultView {
    /// A fault as it is told at its field.
    pub fn of(placed: &Placed) -> FaultView {
        let rule = &placed.fault.rule;
        let rule = placed.item.map_or_else(|| capital(rule), |item| format!("Ligne {item} : {rule}"));
        FaultView { rule, fix: placed.fault.fix.clone() }
    }
}

impl FieldView {
    /// What describes the control: its help, its faults.
    pub fn described_by(&self) -> String {
        let help = (!self.help.is_empty()).then(|| format!("{}-aide", self.id));
        let fault = format!("{}-faute", self.id);
        help.into_iter().chain([fault]).collect::<Vec<_>>().join(" ")
    }
}

/// The section as templates show it, each fault at its place.
pub fn blocks(nodes: &[Node], faults: &[Placed]) -> Vec<Block> {
    let view = View { faults };
    nodes.iter().map(|node| view.block(node)).collect()
}

struct View<'f> {
    faults: &'f [Placed],
}

impl View<'_> {
    fn at(&self, name: &str) -> Vec<FaultView> {
        self.faults.iter().filter(|fault| fault.section.is_some() && fault.at == name).map(FaultView::of).collect()
    }

    /// How many faults stand at a place or below it.
    fn within(&self, name: &str) -> usize {
        let inside =
            |at: &str| at.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        self.faults.iter().filter(|fault| inside(&fault.at)).count()
    }

    fn block(&self, node: &Node) -> Block {
        match node {
            Node::Field(_) | Node::Says(_) => Block::Piece(self.piece(node)),
            Node::Answer(answer) => {
                let name = answer.path.to_string();
                let mut pieces = vec![Piece::Field(self.field(&answer.fact))];
                pieces.extend(answer.says.iter().map(|says| Piece::Says(self.says(says))));
                let gist = match (&answer.says, answer.fact.values.first()) {
                    (_, Some(fact)) => format!("le fait « {fact} »"),
                    (Some(says), None) => {
                        says.fields.iter().find_map(|field| field.values.first()).cloned().unwrap_or_default()
                    }
                    (None, None) => String::new(),
                };
                // Faults of the answer stand at its wordings, which have the same name.
                let count = self.within(&name);
                Block::Group(EntryView {
                    id: format!("{}-partie", anchor(&name)),
                    title: answer.label.clone(),
                    gist: short(&gist),
                    open: count > 0,
                    count,
                    pieces,
                    ..EntryView::default()
                })
            }
            Node::Group(group) => {
                let name = group.path.to_string();
                let count = self.within(&name);
                Block::Group(EntryView {
                    id: anchor(&name),
                    title: group.label.clone(),
                    help: group.help.to_owned(),
                    gist: gist(&group.nodes),
                    open: count > 0 || group.optional,
                    count,
                    faults: self.at(&name),
                    add: (!group.present).then(|| Act::Add(group.path.clone()).to_string()),
                    remove: (group.optional && group.present).then(|| Act::Remove(group.path.clone()).to_string()),
                    pieces: group.nodes.iter().map(|node| self.piece(node)).collect(),
                    ..EntryView::default()
                })
            }
            Node::Entries(list) => {
                let name = list.path.to_string();
                let end = list.entries.len().saturating_sub(1);
                let entries = list.entries.iter().enumerate().map(|(index, entry)| {
                    let name = entry.path.to_string();
                    let act = |act: fn(crate::fault::Path) -> Act| act(entry.path.clone()).to_string();
                    let count = self.within(&name);
                    EntryView {
                        id: anchor(&name),
                        title: format!("{}. {}", index + 1, short(&entry.title)),
                        open: count > 0 || list.entries.len() == 1,
                        count,
                        faults: self.at(&name),
                        up: (index > 0).then(|| act(Act::Up)),
                        down: (index < end).then(|| act(Act::Down)),
                        remove: Some(act(Act::Remove)),
                        pieces: entry.nodes.iter().map(|node| self.piece(node)).collect(),
                        ..EntryView::default()
                    }
                });
                Block::Entries {
                    id: anchor(&name),
                    label: list.label.to_owned(),
                    help: list.help.to_owned(),
                    add: Act::Add(list.path.clone()).to_string(),
                    faults: self.at(&name),
                    entries: entries.collect(),
                }
            }
        }
    }

    /// Fields and wordings; nothing stands deeper in a persona file.
    fn piece(&self, node: &Node) -> Piece {
        match node {
            Node::Says(says) => Piece::Says(self.says(says)),
            Node::Field(field) => Piece::Field(self.field(field)),
            Node::Answer(answer) => Piece::Field(self.field(&answer.fact)),
            Node::Group(_) | Node::Entries(_) => unreachable!("groups hold fields and wordings only"),
        }
    }

    fn says(&self, says: &Says) -> SaysView {
        let name = says.path.to_string();
        let (act, act_label) = if says.by_mood {
            (Act::OneList(says.path.clone()), "Une seule liste pour toutes les humeurs")
        } else {
            (Act::ByMood(says.path.clone()), "Distinguer calme et tendue")
        };
        SaysView {
            id: format!("{}-dit", anchor(&name)),
            label: says.label.clone(),
            help: says.help.to_owned(),
            act: act.to_string(),
            act_label,
            faults: if says.by_mood { self.at(&name) } else { Vec::new() },
            fields: says.fields.iter().map(|field| FieldView { help: String::new(), ..self.field(field) }).collect(),
        }
    }

    fn field(&self, field: &Field) -> FieldView {
        let (name, value) = (field.name(), field.shown());
        let choices = |all: &[crate::writing::Choice]| {
            let one = |one: &crate::writing::Choice| ChoiceView {
                value: one.value.clone(),
                label: one.label.clone(),
                chosen: field.values.contains(&one.value),
            };
            all.iter().map(one).collect()
        };
        let control = match &field.kind {
            Kind::Line { .. } => Control::Line(value),
            Kind::Prose { .. } => Control::Prose(value),
            Kind::Number { default, .. } => Control::Number(value, default.map(|n| n.to_string()).unwrap_or_default()),
            Kind::One(all) => Control::One(choices(all)),
            Kind::Several(all) => Control::Several(choices(all)),
            Kind::Lines { least } => {
                let least = usize::try_from(*least).unwrap_or(0);
                let rows = field.values.len().max(least).clamp(2, 14) + 1;
                Control::Lines(value, rows)
            }
        };
        FieldView {
            id: anchor(&name),
            label: field.label.clone(),
            help: field.help.to_owned(),
            control,
            faults: self.at(&name),
            name,
        }
    }
}

/// « tension −1, confiance +1 » of a reaction; its first wording otherwise.
fn gist(nodes: &[Node]) -> String {
    let mut fields = Vec::new();
    for node in nodes {
        node.fields(&mut fields);
    }
    let told = |name: &str, word: &str| {
        let field = fields.iter().find(|field| field.name().ends_with(name))?;
        let moved: i64 = field.values.first()?.parse().ok()?;
        let sign = if moved < 0 { "−" } else { "+" };
        (moved != 0).then(|| format!("{word} {sign}{}", moved.unsigned_abs()))
    };
    let mood: Vec<String> = [told(".tension", "tension"), told(".trust", "confiance")].into_iter().flatten().collect();
    let says = fields.iter().find(|field| field.name().contains(".says"));
    let first = says.and_then(|field| field.values.first()).map(|text| short(text));
    mood.into_iter().chain(first).collect::<Vec<_>>().join(" · ")
}

fn short(text: &str) -> String {
    const LONGEST: usize = 56;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", head.trim_end())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
