//! The SHA-256 of a file, as published beside it.
//!
//! Input: 64 hexadecimal digits, or a file. Output: [`Sha256`]. Invariant: a file is read in pieces, whatever its size.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::str::FromStr;

use sha2::Digest as _;

/// 32 bytes that stand for a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read a SHA-256: 64 hexadecimal digits expected")]
pub struct Sha256Error;

impl Sha256 {
    /// Of a file's content.
    pub fn of_file(path: &Path) -> io::Result<Sha256> {
        let mut file = File::open(path)?;
        let mut digest = sha2::Sha256::new();
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Ok(Sha256(digest.finalize().into()));
            }
            digest.update(&piece[..read]);
        }
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Sha256 {
        Sha256(bytes)
    }
}

impl FromStr for Sha256 {
    type Err = Sha256Error;

    fn from_str(text: &str) -> Result<Sha256, Sha256Error> {
        let (digits, []) = text.as_bytes().as_chunks::<2>() else { return Err(Sha256Error) };
        let digits: &[[u8; 2]; 32] = digits.try_into().map_err(|_| Sha256Error)?;
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(digits) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Sha256(bytes))
    }
}

fn digit(digit: u8) -> Result<u8, Sha256Error> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok()).ok_or(Sha256Error)
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of « abc », as its standard gives it (FIPS 180-4).
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_has_the_checksum_of_its_content() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        assert_eq!(Sha256::of_file(file.path()).unwrap().to_string(), ABC);
    }

    #[test]
    fn only_sixty_four_digits_are_a_checksum() {
        assert_eq!(ABC.parse::<Sha256>().unwrap().to_string(), ABC);
        assert_eq!(ABC.to_uppercase().parse::<Sha256>(), ABC.parse());
        for wrong in ["", "ba78", &ABC[1..], &format!("{ABC}0a"), &ABC.replace('b', "g"), &"é".repeat(32)] {
            assert_eq!(wrong.parse::<Sha256>(), Err(Sha256Error), "{wrong}");
        }
    }
}
