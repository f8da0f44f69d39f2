//! The landlord and its directory of services: `personas/bailleur.toml`.
//!
//! Input: a file's name and text. Output: [`Organisation`], or every fault of the file. Invariant: service ids
//! are unique; the keys are French because trainers write this file.

mod file;

use std::collections::BTreeSet;

pub use file::{Landlord, OrganisationFile, Service};

use crate::fault::{Fault, Path, Source};

/// The landlord and its directory.
#[derive(Clone, Debug)]
pub struct Organisation {
    file: OrganisationFile,
}

/// Reads and checks the directory's file; `file_name` is shown in faults.
pub fn load(file_name: &str, text: &str) -> Result<Organisation, Vec<Fault>> {
    let source = Source::parse(file_name, text)?;
    let (file, mut report) = source.read::<OrganisationFile>();
    let services = file.iter().flat_map(|file| &file.service);
    report.once(services.map(|service| service.id.as_str()), &Path::root().key("service"));
    let faults = report.into_faults();
    match file {
        Some(file) if faults.is_empty() => Ok(Organisation { file }),
        _ => Err(faults),
    }
}

impl Organisation {
    /// The landlord.
    pub fn landlord(&self) -> &Landlord {
        &self.file.bailleur
    }

    /// The services, in the order of the file.
    pub fn services(&self) -> &[Service] {
        &self.file.service
    }

    /// Ids of all services: what a persona may refer to.
    pub fn service_ids(&self) -> BTreeSet<String> {
        self.file.service.iter().map(|service| service.id.clone()).collect()
    }

    /// A service by id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.file.service.iter().find(|service| service.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../personas/bailleur.toml");

    #[test]
    fn the_shipped_directory_loads() {
        let organisation = load("personas/bailleur.toml", GOOD).unwrap();
        assert_eq!(organisation.landlord().nom, "Rive Claire Habitat");
        assert!(organisation.service("technique").is_some());
    }

    #[test]
    fn a_service_named_twice_and_one_without_words_are_told() {
        let text = GOOD.replace("id = \"adil\"", "id = \"caf\"").replace("[\"ADIL\"]", "[]");
        let faults = load("personas/bailleur.toml", &text).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["service[21].id", "service[21].mots"]);
    }
}
