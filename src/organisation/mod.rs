//! The landlord and its directory of services: `personas/bailleur.toml`.
//!
//! Input: TOML text. Output: [`Organisation`]. Invariant: service ids are unique; the keys are French
//! because trainers write this file.

mod file;

pub use file::{Landlord, OrganisationFile, Service};

/// The landlord and its directory.
#[derive(Clone, Debug)]
pub struct Organisation {
    file: OrganisationFile,
}

impl Organisation {
    /// Reads the file's text.
    pub fn read(text: &str) -> Result<Organisation, toml::de::Error> {
        toml::from_str(text).map(|file| Organisation { file })
    }

    /// The landlord.
    pub fn landlord(&self) -> &Landlord {
        &self.file.bailleur
    }

    /// The services, in the order of the file.
    pub fn services(&self) -> &[Service] {
        &self.file.service
    }

    /// A service by id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.file.service.iter().find(|service| service.id == id)
    }
}
