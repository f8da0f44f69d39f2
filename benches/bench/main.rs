//! How fast: hearing one turn, scoring a conversation, transcribing a clip, two hundred conversations at once beside a
//! bare echo, those that a model words beside a bare relay, and spoken ones from the end of speech on;
//! every page of a group of two thousand conversations, and its export.
//!
//! Input: nothing. Output: one table, measured in one run on this machine. Invariant: the floor carries the same
//! frames through the same libraries, so that what stands above it is ours.

mod course;
mod database;
#[path = "../../tests/double/mod.rs"]
mod double;
mod floor;
#[path = "../../tests/group/mod.rs"]
mod group;
mod memory;
mod model;
mod pages;
mod processor;
mod pure;
mod sockets;
#[cfg(feature = "voice")]
mod speech;
#[cfg(feature = "voice")]
mod spoken;
mod table;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == floor::ARGUMENT) {
        return floor::serve(arguments.get(at + 1).cloned());
    }
    // `cargo bench -- transcribing` measures that part alone; cargo itself adds `--bench`.
    let named: Vec<String> = arguments.into_iter().skip(1).filter(|argument| !argument.starts_with("--")).collect();
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
    ("guarding", pure::guarding),
    #[cfg(feature = "voice")]
    ("transcribing", speech::transcribing),
    ("sockets", sockets::measure),
    ("model", model::measure),
    ("pages", pages::measure),
    #[cfg(feature = "voice")]
    ("spoken", spoken::measure),
];
