//! Reads a file forward, knowing its length.

use std::io::{Read, Seek, SeekFrom};

use super::ModelFault;

pub(super) struct Reader<R> {
    file: R,
    bytes: u64,
    position: u64,
}

impl<R: Read + Seek> Reader<R> {
    pub(super) fn new(file: R, bytes: u64) -> Reader<R> {
        Reader { file, bytes, position: 0 }
    }

    /// Length of the whole file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.bytes - self.position
    }

    /// Takes so many bytes; `inside` says what of, should they be missing.
    pub(super) fn array<const N: usize>(&mut self, inside: &str) -> Result<[u8; N], ModelFault> {
        let mut array = [0; N];
        self.fill(&mut array, inside)?;
        Ok(array)
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8], inside: &str) -> Result<(), ModelFault> {
        self.advance(bytes.len() as u64, inside)?;
        Ok(self.file.read_exact(bytes)?)
    }

    pub(super) fn number(&mut self, inside: &str) -> Result<i32, ModelFault> {
        self.array(inside).map(i32::from_le_bytes)
    }

    /// Passes over so many bytes without reading them.
    pub(super) fn skip(&mut self, bytes: u64, inside: &str) -> Result<(), ModelFault> {
        self.advance(bytes, inside)?;
        // Within the buffer where there is one: `seek` from the start would empty it for every word.
        match i64::try_from(bytes) {
            Ok(bytes) => self.file.seek_relative(bytes)?,
            Err(_) => drop(self.file.seek(SeekFrom::Start(self.position))?),
        }
        Ok(())
    }

    fn advance(&mut self, bytes: u64, inside: &str) -> Result<(), ModelFault> {
        if bytes > self.left() {
            return Err(ModelFault::Truncated { at: self.bytes, inside: inside.to_owned() });
        }
        self.position += bytes;
        Ok(())
    }
}
