//! A persona whose file was read, checked and made ready to be played.

use super::fact::FactEntry;
use super::file::PersonaFile;

/// A written character and situation, checked. Built by [`super::load`] only.
#[derive(Clone, Debug)]
pub struct Persona {
    file: PersonaFile,
    hash: String,
}

impl Persona {
    /// Takes a file whose faults were all looked for; `hash` is the SHA-256 of its bytes, hexadecimal.
    pub(super) fn new(file: PersonaFile, hash: String) -> Persona {
        Persona { file, hash }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// What is written.
    pub fn file(&self) -> &PersonaFile {
        &self.file
    }

    /// SHA-256 of the file, hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// A fact by id.
    pub fn fact(&self, id: &str) -> Option<&FactEntry> {
        self.file.fact.iter().find(|fact| fact.id == id)
    }
}
