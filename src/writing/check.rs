//! The faults of a draft, each at its field of the form.
//!
//! Input: an id, a text, what it may refer to. Output: the persona, or every fault with its field. Invariant: the
//! faults are those of `persona::load`, no more and no fewer; each leads to the nearest thing that the form shows.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::form::{Names, Node, SectionId};
use super::layout::form;
use crate::fault::{Fault, Path};
use crate::persona::{self, Known, Persona};

/// What reading a draft gave.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The persona, if there is no fault.
    pub persona: Option<Persona>,
    /// Every fault, in the order of the lines.
    pub faults: Vec<Placed>,
}

/// A fault with its place in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The part of the form; `None` where only the text shows it.
    pub section: Option<SectionId>,
    /// The name of what the form shows it at: a field, an entry, a heading.
    pub at: String,
    /// The way there in words: « Ce qu'elle sait › où se trouve la fuite › Marques ».
    pub way: String,
    /// Which line of a list, from 1.
    pub item: Option<usize>,
    /// The fault as `comptoir check` tells it.
    pub fault: Fault,
}

impl Placed {
    /// Where the page shows it: the id of an element.
    pub fn anchor(&self) -> String {
        if self.section.is_some() { anchor(&self.at) } else { format!("l{}", self.fault.line) }
    }
}

/// The id of the element that shows a place: `champ-fact-3--says-tense`.
pub fn anchor(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    format!("champ-{plain}")
}

/// The name a draft has in faults, which must agree with its id.
pub fn file_name(id: &str) -> String {
    format!("personas/{id}.toml")
}

/// Checks a draft as `comptoir check` would.
pub fn check(id: &str, text: &str, known: &Known, names: &Names) -> Checked {
    match persona::load(&file_name(id), text, known) {
        Ok(persona) => Checked { persona: Some(persona), faults: Vec::new() },
        Err(faults) => {
            let places = Draft::read(text).map(|draft| places(&draft, names)).unwrap_or_default();
            let faults = faults.into_iter().map(|fault| placed(fault, &places)).collect();
            Checked { persona: None, faults }
        }
    }
}

type Places = BTreeMap<String, (SectionId, String)>;

fn placed(mut fault: Fault, places: &Places) -> Placed {
    let (mut name, mut item) = (fault.field.as_str(), None);
    let found = loop {
        if let Some((section, way)) = places.get(name) {
            break Some((*section, name.to_owned(), way.clone()));
        }
        let Some((above, index)) = above(name) else { break None };
        item = index;
        name = above;
    };
    if fault.rule == "champ manquant" && found.as_ref().is_some_and(|(_, at, _)| *at == fault.field) {
        "remplissez ce champ".clone_into(&mut fault.fix);
    }
    if let Some((section, at, way)) = found {
        return Placed { section: Some(section), at, way, item, fault };
    }
    let way = if fault.field.is_empty() { "Toute la fiche".to_owned() } else { fault.field.clone() };
    Placed { section: None, at: String::new(), way, item: None, fault }
}

/// One step up from a place, with the number of the element (from 1) if the step was one into a list.
fn above(name: &str) -> Option<(&str, Option<usize>)> {
    if let Some(list) = name.strip_suffix(']') {
        let (above, index) = list.rsplit_once('[')?;
        return Some((above, index.parse::<usize>().ok().map(|index| index + 1)));
    }
    if let Some(quoted) = name.strip_suffix('"') {
        return Some((quoted.rsplit_once(".\"")?.0, None));
    }
    Some((name.rsplit_once('.')?.0, None))
}

/// Everything that the form shows, by its place.
fn places(draft: &Draft, names: &Names) -> Places {
    let mut found = Places::new();
    for id in SectionId::all() {
        let section = form(draft, names, id);
        section.nodes.iter().for_each(|node| walk(node, id, id.title(), &mut found));
    }
    found
}

fn walk(node: &Node, id: SectionId, way: &str, found: &mut Places) {
    let mut add = |path: &Path, label: &str| {
        let way = format!("{way} › {label}");
        found.insert(path.to_string(), (id, way.clone()));
        way
    };
    match node {
        Node::Field(field) => drop(add(&field.path, &field.label)),
        Node::Says(says) => {
            let inner = add(&says.path, &says.label);
            if says.by_mood {
                for field in &says.fields {
                    found.insert(field.name(), (id, format!("{inner} › {}", field.label)));
                }
            }
        }
        Node::Answer(answer) => {
            let inner = add(&answer.path, &answer.label);
            found.insert(answer.fact.name(), (id, inner.clone()));
            for field in answer.says.iter().filter(|says| says.by_mood).flat_map(|says| &says.fields) {
                found.insert(field.name(), (id, format!("{inner} › {}", field.label)));
            }
        }
        Node::Group(group) => {
            let inner = add(&group.path, &group.label);
            group.nodes.iter().for_each(|node| walk(node, id, &inner, found));
        }
        Node::Entries(list) => {
            let inner = add(&list.path, list.label);
            for (index, entry) in list.entries.iter().enumerate() {
                let inner = format!("{inner} › {} · {}", index + 1, short(&entry.title));
                found.insert(entry.path.to_string(), (id, inner.clone()));
                entry.nodes.iter().for_each(|node| walk(node, id, &inner, found));
            }
        }
    }
}

/// The head of a long title.
fn short(title: &str) -> String {
    const LONGEST: usize = 48;
    if title.chars().count() <= LONGEST {
        return title.to_owned();
    }
    let head: String = title.chars().take(LONGEST - 1).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{known, names};
    use super::*;
    use crate::persona::sample;

    /// Breaks the sound sample and expects one fault at this place, with these words on the way to it.
    fn fault(from: &str, to: &str, at: &str, way: &str, item: Option<usize>) {
        let sound = sample::text();
        assert!(sound.contains(from), "{from}");
        let checked = check("essai", &sound.replacen(from, to, 1), &known(), &names());
        assert!(checked.persona.is_none());
        let found: Vec<_> = checked.faults.iter().map(|f| (f.at.as_str(), f.way.as_str(), f.item)).collect();
        assert_eq!(found, [(at, way, item)], "{from} → {to}");
    }

    #[test]
    fn a_sound_draft_is_a_persona() {
        let checked = check("essai", &sample::text(), &known(), &names());
        assert!(checked.persona.is_some() && checked.faults.is_empty());
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        fault("difficulty = 1", "difficulty = 9", "difficulty", "La scène et le dossier › Difficulté", None);
        fault("handset = \"06 12 34 56 78\"\n", "", "caller.handset", "La personne › Ce que le combiné affiche", None);
        fault("breaking_point = 9", "breaking_point = 4", "temper.breaking_point", "L'humeur › Point de rupture", None);
        fault(
            "\"C'est l'entrée.\"",
            "\"C'est là.\"",
            "fact[0].says",
            "Ce qu'elle sait › Faits › 1 · où est la fuite › Comment elle le dit",
            Some(3),
        );
        fault(
            "about = [\"qui\"]",
            "about = [\"où\"]",
            "fact[1].about",
            "Ce qu'elle sait › Faits › 2 · qui vit là › Mots qui le désignent dans une question",
            Some(1),
        );
        fault(
            "calm = [\"Il a huit mois.\", ",
            "calm = [",
            "fact[1].says.calm",
            "Ce qu'elle sait › Faits › 2 · qui vit là › Comment elle le dit › Calme",
            None,
        );
        fault(
            "job = [\"réponse 1\", \"réponse 2\", \"réponse 3\"]",
            "job = { fact = \"leiu\" }",
            "identity.job.fact",
            "La personne › Son métier, ses horaires",
            None,
        );
        fault(
            "empathy = { says",
            "empathy = { tension = -1, says",
            "reactions.empathy.why",
            "Comment elle réagit › On reconnaît sa difficulté › Pourquoi l'humeur bouge",
            None,
        );
        fault(
            "services = [\"technique\"]",
            "services = [\"x\"]",
            "expects.services",
            "Ce qu'on attend › Services qui traitent la demande",
            Some(1),
        );
        fault(
            "\"5.1.b\" = \"C'est bien cela ?\"\n",
            "",
            "examples.\"5.1.b\"",
            "Ce qui aurait aidé › 5.1.b · reformule",
            None,
        );
        fault("floor = 2", "floor = 2\nroof = 3", "", "temper.roof", None);
        fault("id = \"essai\"", "id = \"autre\"", "id", "La scène et le dossier › Identifiant", None);
    }

    #[test]
    fn broken_toml_is_told_at_its_lines() {
        let checked = check("essai", "id = \"essai\ntitle = 3\n", &known(), &names());
        let fault = &checked.faults[0];
        assert_eq!((fault.section, fault.anchor().as_str(), fault.fault.line), (None, "l1", 1));
    }

    #[test]
    fn a_missing_field_asks_to_be_filled_in() {
        let text = sample::text().replacen("need = \"Être entendue.\"\n", "", 1);
        let checked = check("essai", &text, &known(), &names());
        assert_eq!(
            (checked.faults[0].at.as_str(), checked.faults[0].fault.fix.as_str()),
            ("need", "remplissez ce champ")
        );
    }
}
