//! What trainees type to join a group.
//!
//! Input: randomness, or what was typed. Output: a code. Invariant: no two of its characters are easily taken for each
//! other, read aloud or on a board.

use crate::entropy::Entropy;

/// Capitals and digits without I, L, O, U, 0 and 1: 30, so that eight of them are 6.5 × 10¹¹ codes.
const ALPHABET: &[u8; 30] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";

const LENGTH: usize = 8;

/// A fresh code.
pub(super) fn fresh(entropy: &dyn Entropy) -> String {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        // From 240 on, some characters would come up more often than others.
        let fair = entropy.draw().into_iter().filter(|byte| *byte < 240);
        let missing = LENGTH - code.len();
        code.extend(fair.take(missing).map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()])));
    }
    code
}

/// A code as typed: blanks, dashes and case do not count.
pub(super) fn typed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(2 * LENGTH).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn codes_are_eight_plain_characters_and_differ() {
        let entropy = SeededEntropy::new(1);
        let codes: std::collections::BTreeSet<String> = (0..1_000).map(|_| fresh(&entropy)).collect();
        assert_eq!(codes.len(), 1_000);
        assert!(codes.iter().all(|code| code.len() == 8 && code.bytes().all(|byte| ALPHABET.contains(&byte))));
    }

    #[test]
    fn a_code_is_read_however_it_is_written() {
        for text in ["K7QM-2XRB", "k7qm 2xrb", " K7QM2XRB\n", "k7qm–2xrb"] {
            assert_eq!(typed(text), "K7QM2XRB");
        }
        assert_eq!(typed(&"A".repeat(100_000)).len(), 16);
    }
}
