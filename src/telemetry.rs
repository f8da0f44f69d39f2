//! What the operator sees: a log on stderr.
//!
//! Input: the settings of the log. Output: lines, text or JSON. Invariant: nobody's words are in them; ids, codes,
//! counts and times are.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts the log, once for the process.
pub fn start(log: &Log) {
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start, in a test, leaves the first in place.
    let _ = match log.format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote the words it was working on; where it happened never does.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place = place.as_deref().unwrap_or("unknown"), "panicked");
    }));
}
