//! Two people write the same situation at once: what the second one sent, over what the first one saved.
//!
//! Input: the text that the second one had before her, the text now, what her form sent. Output: the text now with the
//! fields that she changed, and what she should look at. Invariant: nothing is overwritten that she did not change
//! herself, and nothing that she wrote is lost: where entries came or went in between, her words are given back apart.

use super::difference::{Difference, differences};
use super::draft::Draft;
use super::fill::Sent;
use super::form::{Names, Node, SectionId};
use super::layout::form;

/// A second save, put together with the first.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What the form shows now: the text as it is, with the fields that this person changed.
    pub text: String,
    /// What the other one changed meanwhile.
    pub theirs: Vec<Difference>,
    /// What this person changed, over the text as it is now.
    pub mine: Vec<Difference>,
    /// Fields that could not be put in place: the way there, and what was written.
    pub apart: Vec<(String, String)>,
}

/// Puts a form's second save over what was saved since it was shown.
pub fn merge(base: &str, now: &str, names: &Names, id: SectionId, sent: &Sent) -> Merged {
    let theirs = differences(base, now, names);
    let (Some(before), Some(mut after)) = (Draft::read(base), Draft::read(now)) else {
        // The form cannot be shown any more: what was typed is given back as it came.
        let apart = Draft::read(base).map(|draft| changed(&draft, names, id, sent)).unwrap_or_default();
        return Merged { text: now.to_owned(), theirs, mine: Vec::new(), apart };
    };
    if outline(&before, names, id) != outline(&after, names, id) {
        let apart = changed(&before, names, id, sent);
        return Merged { text: now.to_owned(), theirs, mine: Vec::new(), apart };
    }
    // Only what this person changed: the other fields were sent as they stood before.
    let section = form(&before, names, id);
    let mine: Vec<(String, String)> = section
        .fields()
        .into_iter()
        .filter(|field| sent.changes(field))
        .flat_map(|field| sent.of(field).unwrap_or_default().into_iter().map(move |value| (field.name(), value)))
        .collect();
    after.fill(&form(&after, names, id), &Sent::new(mine));
    let text = after.text().to_owned();
    Merged { mine: differences(now, &text, names), text, theirs, apart: Vec::new() }
}

fn changed(draft: &Draft, names: &Names, id: SectionId, sent: &Sent) -> Vec<(String, String)> {
    let section = form(draft, names, id);
    let fields = section.fields();
    let fields = fields.into_iter().filter(|field| sent.changes(field));
    fields.map(|field| (field.label.clone(), sent.of(field).unwrap_or_default().join("\n"))).collect()
}

/// Which fields there are, with the ids of entries: the same outline, the same places.
fn outline(draft: &Draft, names: &Names, id: SectionId) -> Vec<String> {
    fn ids(node: &Node, found: &mut Vec<String>) {
        match node {
            Node::Entries(list) => {
                for entry in &list.entries {
                    let mut fields = Vec::new();
                    entry.nodes.iter().for_each(|node| node.fields(&mut fields));
                    let id = fields.iter().find(|field| field.name().ends_with("].id")).map(|field| field.shown());
                    found.push(format!("{}={}", entry.path, id.unwrap_or_default()));
                }
            }
            Node::Group(group) => group.nodes.iter().for_each(|node| ids(node, found)),
            Node::Field(_) | Node::Says(_) | Node::Answer(_) => {}
        }
    }
    let section = form(draft, names, id);
    let mut found: Vec<String> = section.fields().iter().map(|field| field.name()).collect();
    section.nodes.iter().for_each(|node| ids(node, &mut found));
    found
}
