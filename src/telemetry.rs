//! What the operator sees: a log on stderr.
//!
//! Input: the settings of the log. Output: lines, text or JSON. Invariant: nobody's words are in them; ids, codes,
//! counts and times are.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::config::{Log, LogFormat};

/// Starts the log, once for the process.
pub fn start(log: &Log) {
    let filter = EnvFilter::builder().parse_lossy(&log.filter);
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let lines = lines.with_filter(filter).with_filter(filter_fn(may_be_logged));
    // A second start, in a test, leaves the first in place.
    let _ = registry().with(lines).try_init();
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote the words it was working on; where it happened never does.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place = place.as_deref().unwrap_or("unknown"), "panicked");
    }));
}

/// Below `info`, libraries show the frames and bodies they carry, words included: no setting lets them. The one that
/// carries questions to models does so at every level.
pub fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let library = metadata.target().split("::").next();
    library != Some("async_openai") && (*metadata.level() <= Level::INFO || library == Some(env!("CARGO_CRATE_NAME")))
}
