//! From a file's name and text to a [`Booklet`], or to all its faults.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::booklet::Booklet;
use super::check;
use super::file::BookletFile;
use crate::fault::{Fault, Source};

/// The indicators of every rubric, by the rubric's id; empty while there is no rubric: then they go unchecked.
pub type Grids = BTreeMap<String, BTreeSet<String>>;

/// Reads and checks a booklet file; `grids` are the rubrics it may refer to.
///
/// `file_name` is shown in faults, and its last part must be the booklet's id with `.toml`.
pub fn load(file_name: &str, text: &str, grids: &Grids) -> Result<Booklet, Vec<Fault>> {
    let source = Source::parse(file_name, text)?;
    let (file, mut report) = source.read::<BookletFile>();
    if let Some(file) = &file {
        report.named_alike(&file.id);
        check::check(file, grids, &mut report);
    }
    let faults = report.into_faults();
    match file {
        Some(file) if faults.is_empty() => Ok(Booklet::new(file, hash(text))),
        _ => Err(faults),
    }
}

/// Reads a version that was sound when it was stored: rules that have changed since do not count against it, so that a
/// booklet goes on and its report stays readable after an upgrade.
pub fn restore(text: &str) -> Result<Booklet, toml::de::Error> {
    toml::from_str::<BookletFile>(text).map(|file| Booklet::new(file, hash(text)))
}

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests;
