//! The faults of one file, gathered while it is checked.

use std::ops::Range;

use super::{Fault, Path, Source};

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

    /// The same, for a value that the check replaces by a harmless one.
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
