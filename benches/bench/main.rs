//! How fast: hearing one turn, scoring a conversation, transcribing a clip, two hundred conversations at once beside a
//! bare echo, and spoken ones from the end of speech on.
//!
//! Input: nothing. Output: one table, measured in one run on this machine. Invariant: the floor carries the same
//! frames through the same libraries, so that what stands above it is ours.

mod floor;
mod memory;
mod pure;
mod sockets;
#[cfg(feature = "voice")]
mod speech;
#[cfg(feature = "voice")]
mod spoken;
mod table;

fn main() {
    if std::env::args().any(|argument| argument == floor::ARGUMENT) {
        return floor::serve();
    }
    // `cargo bench -- transcribing` measures that part alone; cargo itself adds `--bench`.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    table::head();
    for (name, measure) in PARTS {
        if named.is_empty() || named.iter().any(|named| named == name) {
            measure();
        }
    }
}

/// What is measured, in the order of the table.
const PARTS: &[(&str, fn())] = &[
    ("hearing", pure::hearing),
    ("scoring", pure::scoring),
    #[cfg(feature = "voice")]
    ("transcribing", speech::transcribing),
    ("sockets", sockets::measure),
    #[cfg(feature = "voice")]
    ("spoken", spoken::measure),
];
