//! A review as the fields of a form, there and back.
//!
//! Invariant: what a draft puts into fields, the fields give back; fields of no meaning are passed over.

use std::collections::BTreeMap;

use crate::scoring::{Decision, Draft, Entry};
use crate::server::pages::french;

/// What was sent, in order.
pub(super) type Sent = Vec<(String, String)>;

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was sent; where one of two versions was picked, the picked one.
    pub(super) fn of(sent: Sent) -> Fields {
        let mut fields: BTreeMap<String, String> = sent.into_iter().collect();
        let picked: Vec<(String, String)> = fields
            .iter()
            .filter_map(|(name, which)| Some((name.strip_prefix("pick-")?.to_owned(), which.clone())))
            .collect();
        for (name, which) in picked {
            let side = if which == "theirs" { "theirs" } else { "mine" };
            let value = fields.get(&format!("{side}-{name}")).cloned().unwrap_or_default();
            fields.insert(name, value);
        }
        Fields(fields)
    }

    /// One field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A number; 0 where there is none.
    pub(super) fn number(&self, name: &str) -> u32 {
        self.get(name).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// What is put down.
    pub(super) fn draft(&self) -> Draft {
        let mut draft = Draft::default();
        for (name, value) in &self.0 {
            let (kind, of) = name.split_once('-').unwrap_or((name, ""));
            match kind {
                "level" | "reason" | "words" => {
                    let entry: &mut Entry = draft.entries.entry(of.to_owned()).or_default();
                    match kind {
                        "level" => entry.decision = Decision::named(value),
                        "reason" => entry.reason.clone_from(value),
                        _ => entry.words.clone_from(value),
                    }
                }
                "comment" => {
                    if let Ok(turn) = of.parse() {
                        draft.comments.insert(turn, value.clone());
                    }
                }
                "general" if of.is_empty() => draft.general.clone_from(value),
                _ => {}
            }
        }
        draft.cleaned()
    }
}

/// The fields of a draft, those that are not empty.
pub(super) fn fields_of(draft: &Draft) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for (id, entry) in &draft.entries {
        fields.insert(format!("level-{id}"), entry.decision.map_or("", Decision::code).to_owned());
        fields.insert(format!("reason-{id}"), entry.reason.clone());
        fields.insert(format!("words-{id}"), entry.words.clone());
    }
    for (turn, text) in &draft.comments {
        fields.insert(format!("comment-{turn}"), text.clone());
    }
    fields.insert("general".to_owned(), draft.general.clone());
    fields.retain(|_, value| !value.is_empty());
    fields
}

/// What a field is, in words: « 5.1.b · niveau ».
pub(super) fn label(name: &str) -> String {
    match name.split_once('-') {
        Some(("level", id)) => format!("{id} · niveau"),
        Some(("reason", id)) => format!("{id} · raison"),
        Some(("words", id)) => format!("{id} · mots"),
        Some(("comment", turn)) => {
            let number = turn.parse::<usize>().unwrap_or(0) + 1;
            format!("Tour {number} · commentaire")
        }
        _ => "Votre mot sur l'ensemble".to_owned(),
    }
}

/// How a value reads.
pub(super) fn shown(name: &str, value: &str) -> String {
    match name.split_once('-') {
        Some(("level", _)) => {
            Decision::named(value).map_or(String::new(), |decision| french::level(decision.level()).to_owned())
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let entry = Entry {
            decision: Some(Decision::NotApplicable),
            reason: "Personne ne l'a demandé.".to_owned(),
            words: "[1] bonjour\n[3] je vous écoute".to_owned(),
        };
        Draft {
            entries: [("5.1.b".to_owned(), entry)].into(),
            comments: [(4, "Très juste & « net ».".to_owned())].into(),
            general: "Bon début.".to_owned(),
        }
    }

    #[test]
    fn a_draft_comes_back_from_its_fields() {
        let fields = fields_of(&draft()).into_iter().collect();
        assert_eq!(Fields::of(fields).draft(), draft());
        assert_eq!(fields_of(&Draft::default()), BTreeMap::new());
    }

    #[test]
    fn of_two_versions_the_picked_one_counts() {
        let sent = [
            ("pick-level-5.1.b", "theirs"),
            ("mine-level-5.1.b", "missed"),
            ("theirs-level-5.1.b", "observed"),
            ("pick-general", "mine"),
            ("mine-general", "À moi."),
            ("theirs-general", "À l'autre."),
            ("reason-1.2.a", "Commune."),
            ("strange", "x"),
        ];
        let sent = sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let draft = Fields::of(sent).draft();
        assert_eq!(draft.decision("5.1.b"), Some(Decision::Observed));
        assert_eq!((draft.general.as_str(), draft.entries["1.2.a"].reason.as_str()), ("À moi.", "Commune."));
    }

    #[test]
    fn fields_have_names_for_people() {
        assert_eq!(label("level-5.1.b"), "5.1.b · niveau");
        assert_eq!(label("comment-4"), "Tour 5 · commentaire");
        assert_eq!(shown("level-5.1.b", "missed"), "non observé");
        assert_eq!(shown("reason-5.1.b", "missed"), "missed");
    }
}
