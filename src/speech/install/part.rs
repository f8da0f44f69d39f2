//! A file on its way: what has come so far, from where, and its running checksum.
//!
//! Input: pieces of the download. Output: the finished file, under its own name. Invariant: nothing stands under the
//! final name that was not whole and verified; what has come survives an interruption.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::InstallError;
use crate::speech::Sha256;

/// Where the pieces came from, kept beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// Address asked for.
    pub(super) url: String,
    /// The server's name for this very content.
    pub(super) etag: Option<String>,
    /// The checksum that the server declared, hexadecimal.
    pub(super) declared: Option<String>,
}

/// `<file>.part`, held by one process at a time.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    length: u64,
    digest: sha2::Sha256,
}

impl Part {
    /// Opens it, or begins one. What is there already is read for its checksum; `told` hears how far that is.
    pub(super) fn open(path: &Path, mut told: impl FnMut(u64, u64)) -> Result<Part, InstallError> {
        let disk = |error| InstallError::Disk(path.to_owned(), error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(disk)?;
        // Some network disks know no locks: only one that is held keeps us out.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(InstallError::Busy);
        }
        let whole = file.metadata().map_err(disk)?.len();
        let mut digest = sha2::Sha256::new();
        let (mut length, mut piece) = (0, vec![0; 1 << 20]);
        loop {
            let read = file.read(&mut piece).map_err(disk)?;
            if read == 0 {
                return Ok(Part { file, path: path.to_owned(), length, digest });
            }
            digest.update(&piece[..read]);
            length += read as u64;
            told(length, whole);
        }
    }

    /// Bytes that have come.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Forgets what has come.
    pub(super) fn restart(&mut self) -> Result<(), InstallError> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| self.disk(error))?;
        self.length = 0;
        self.digest = sha2::Sha256::new();
        Ok(())
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, piece: &[u8]) -> Result<(), InstallError> {
        self.file.write_all(piece).map_err(|error| self.disk(error))?;
        self.digest.update(piece);
        self.length += piece.len() as u64;
        Ok(())
    }

    /// Checksum of what has come.
    pub(super) fn checksum(&self) -> Sha256 {
        Sha256::from(<[u8; 32]>::from(self.digest.clone().finalize()))
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the pieces came from, if that was noted.
    pub(super) fn origin(&self) -> Option<Origin> {
        serde_json::from_slice(&std::fs::read(self.note()).ok()?).ok()
    }

    /// Notes where the pieces come from.
    pub(super) fn note_origin(&self, origin: &Origin) -> Result<(), InstallError> {
        let text = serde_json::to_vec(origin).map_err(io::Error::other);
        text.and_then(|text| std::fs::write(self.note(), text)).map_err(|error| self.disk(error))
    }

    /// Gives it its final name.
    pub(super) fn finish(self, path: &Path) -> Result<(), InstallError> {
        let named = self.file.sync_all().and_then(|()| std::fs::rename(&self.path, path));
        named.map_err(|error| self.disk(error))?;
        let _ = std::fs::remove_file(self.note());
        Ok(())
    }

    /// Removes it: it is not what it should be.
    pub(super) fn discard(self) {
        let _ = std::fs::remove_file(self.note());
        let _ = std::fs::remove_file(&self.path);
    }

    fn note(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".json");
        name.into()
    }

    fn disk(&self, error: io::Error) -> InstallError {
        InstallError::Disk(self.path.clone(), error)
    }
}
