//! The rules of a persona file that its shape alone does not tell.
//!
//! Input: a [`PersonaFile`] in shape and the [`Known`] names around it. Output: faults in the [`Report`].
//! Invariant: each family is one file with one signature, and one line in [`FAMILIES`].

mod heard;
mod marks;
mod mood;
mod names;
mod setting;

use std::collections::BTreeSet;

use super::file::PersonaFile;
use crate::fault::Report;

/// What a persona may refer to outside its own file.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of the directory's services.
    pub services: BTreeSet<String>,
    /// Ids of the indicators of all rubrics; empty while there is no rubric: then they go unchecked.
    pub indicators: BTreeSet<String>,
}

type Family = fn(&PersonaFile, &Known, &mut Report<'_>);

const FAMILIES: &[Family] = &[names::check, setting::check, mood::check, marks::check, heard::check];

/// Checks everything.
pub(super) fn check(persona: &PersonaFile, known: &Known, report: &mut Report<'_>) {
    for family in FAMILIES {
        family(persona, known, report);
    }
}
