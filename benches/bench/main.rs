//! How fast: hearing one turn, scoring a conversation, transcribing a clip, two hundred conversations at once beside a bare echo.
//!
//! Input: nothing. Output: one table, measured in one run on this machine. Invariant: the floor carries the same
//! frames through the same libraries, so that what stands above it is ours.

mod floor;
mod memory;
mod pure;
mod sockets;
#[cfg(feature = "voice")]
mod speech;
mod table;

fn main() {
    if std::env::args().any(|argument| argument == floor::ARGUMENT) {
        return floor::serve();
    }
    table::head();
    pure::hearing();
    pure::scoring();
    #[cfg(feature = "voice")]
    speech::transcribing();
    sockets::measure();
}
