//! A rubric whose file was read, checked and made ready to mark with.

use std::collections::BTreeSet;

use super::file::{Axis, Competence, Criterion, Indicator, RubricFile};

/// The official criteria and the rules that mark them, checked. Built by [`super::load`] only.
#[derive(Clone, Debug)]
pub struct Rubric {
    file: RubricFile,
    hash: String,
}

impl Rubric {
    /// Takes a file whose faults were all looked for; `hash` is the SHA-256 of its bytes, hexadecimal.
    pub(super) fn new(file: RubricFile, hash: String) -> Rubric {
        Rubric { file, hash }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// What is written.
    pub fn file(&self) -> &RubricFile {
        &self.file
    }

    /// SHA-256 of the file, hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The indicators, in the order of the file.
    pub fn indicators(&self) -> &[Indicator] {
        &self.file.indicator
    }

    /// An indicator by id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.file.indicator.iter().find(|indicator| indicator.id == id)
    }

    /// An axis by id.
    pub fn axis(&self, id: &str) -> Option<&Axis> {
        self.file.axis.iter().find(|axis| axis.id == id)
    }

    /// A criterion by id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.file.criterion.iter().find(|criterion| criterion.id == id)
    }

    /// A competence by id.
    pub fn competence(&self, id: &str) -> Option<&Competence> {
        self.file.competence.iter().find(|competence| competence.id == id)
    }

    /// The criterion of an indicator: that of `5.1.b` is `5.1`.
    pub fn criterion_of(&self, indicator: &Indicator) -> Option<&Criterion> {
        self.criterion(criterion_id(&indicator.id)?)
    }

    /// The competence of an indicator, through its criterion.
    pub fn competence_of(&self, indicator: &Indicator) -> Option<&Competence> {
        self.competence(&self.criterion_of(indicator)?.competence)
    }

    /// Ids of the indicators of the conversation: what a persona may refer to.
    pub fn indicator_ids(&self) -> BTreeSet<String> {
        self.file.indicator.iter().filter(|indicator| !indicator.note).map(|indicator| indicator.id.clone()).collect()
    }
}

/// The part of an indicator's id that names its criterion.
pub(super) fn criterion_id(indicator: &str) -> Option<&str> {
    indicator.rsplit_once('.').map(|(criterion, _)| criterion)
}
