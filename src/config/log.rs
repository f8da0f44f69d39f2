//! What is logged. Never what people say: there is no setting for it.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// What is logged, on stderr.
#[derive(Clone, Debug, Args)]
pub struct Log {
    /// Level, or levels by module: `info`, `warn,comptoir=debug`.
    #[arg(long = "log", env = "COMPTOIR_LOG", default_value = "warn,comptoir=info", value_parser = filter)]
    pub filter: String,

    /// For people or for machines.
    #[arg(long = "log-format", env = "COMPTOIR_LOG_FORMAT", default_value = "text")]
    pub format: LogFormat,
}

/// The shape of a line of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("un niveau est attendu : error, warn, info, debug ou trace".to_owned()),
    }
}
