//! The faults of one file, gathered while it is checked.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Fault, Path, Source, nearest};

/// Gathers the faults of one file.
#[derive(Debug)]
pub struct Report<'s> {
    source: &'s Source<'s>,
    faults: Vec<Fault>,
    stand_ins: Vec<Path>,
}

impl<'s> Report<'s> {
    pub(super) fn new(source: &'s Source<'s>) -> Report<'s> {
        Report { source, faults: Vec::new(), stand_ins: Vec::new() }
    }

    /// A fault at a value. Nothing is said about a value that only stands in for a missing or misshapen one.
    pub fn add(&mut self, path: &Path, rule: impl Into<String>, fix: impl Into<String>) {
        if !self.stand_ins.iter().any(|stand_in| path.is_within(stand_in)) {
            self.faults.push(self.source.fault(path, rule.into(), fix.into()));
        }
    }

    /// The file's own id is its name without `.toml`.
    pub fn named_alike(&mut self, id: &str) {
        let file = self.source.file();
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file).trim_end_matches(".toml").to_owned();
        if id != stem {
            self.add(
                &Path::root().key("id"),
                format!("l'identifiant « {id} » n'est pas le nom du fichier"),
                format!("écrivez id = \"{stem}\", ou renommez le fichier en {id}.toml"),
            );
        }
    }

    /// No id twice in the list of tables at `path`. Returns them.
    pub fn once<'a>(&mut self, ids: impl Iterator<Item = &'a str>, path: &Path) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        for (position, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.add(
                    &path.at(position).key("id"),
                    format!("l'identifiant « {id} » est déjà pris"),
                    "choisissez-en un autre",
                );
            }
        }
        seen
    }

    /// The reference at `path` names something known; `what` is it, with its article: « un fait ».
    pub fn exists(&mut self, id: &str, what: &str, known: &BTreeSet<&str>, path: &Path) {
        if !known.contains(id) {
            let fix = match nearest(id, known.iter().copied()) {
                Some(near) => format!("écrivez peut-être « {near} »"),
                None => format!("au choix : {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
            };
            self.add(path, format!("« {id} » n'est pas {what}"), fix);
        }
    }

    /// The same as [`Report::add`], for a value that the check replaces by a harmless one.
    pub(super) fn add_and_replace(&mut self, path: &Path, rule: String, fix: String) {
        self.add(path, rule, fix);
        self.stand_ins.push(path.clone());
    }

    /// A fault at a key that should not be there.
    pub(super) fn add_at_key(&mut self, span: &Range<usize>, path: &Path, rule: String, fix: String) {
        self.faults.push(self.source.fault_at_key(span, path, rule, fix));
    }

    /// All faults, by line.
    pub fn into_faults(mut self) -> Vec<Fault> {
        self.faults.sort_by(|a, b| (a.line, a.column, &a.field).cmp(&(b.line, b.column, &b.field)));
        self.faults
    }
}
