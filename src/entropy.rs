//! Randomness, always handed in: the program's own comes from the system, tests bring a seed.
//!
//! Output: bytes nobody can guess (from [`SystemEntropy`]). Invariant: nothing below layer 5 draws any; the wording of
//! a conversation comes from the seed stored with it.

use std::sync::{Mutex, PoisonError};

use crate::clock::Timestamp;
use crate::id::Ulid;

/// Draws random bytes.
pub trait Entropy: Send + Sync {
    /// 32 fresh bytes.
    fn draw(&self) -> [u8; 32];
}

/// The system's source, fit for secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn draw(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // A system without randomness cannot give anyone a session: nothing sensible is left to do.
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }
}

/// The same bytes for the same seed, for tests and measurements.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<fastrand::Rng>);

impl SeededEntropy {
    /// Starts at a seed.
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(Mutex::new(fastrand::Rng::with_seed(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn draw(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut bytes);
        bytes
    }
}

/// A fresh ULID.
pub fn ulid(entropy: &dyn Entropy, now: Timestamp) -> Ulid {
    let mut random = [0; 16];
    random.copy_from_slice(&entropy.draw()[..16]);
    Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), u128::from_le_bytes(random))
}

/// A fresh seed.
pub fn seed(entropy: &dyn Entropy) -> u64 {
    let mut random = [0; 8];
    random.copy_from_slice(&entropy.draw()[..8]);
    // Seeds travel through JSON, whose readers may keep 53 bits only.
    u64::from_le_bytes(random) >> 11
}

/// A fresh token of 256 bits, hexadecimal.
pub fn token(entropy: &dyn Entropy) -> String {
    use std::fmt::Write as _;
    entropy.draw().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
