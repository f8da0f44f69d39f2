//! What turns speech into words: a model on this machine, or a service.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use reqwest::Url;

use crate::outgoing::Secret;
use crate::speech::WhisperSettings;
use crate::speech::service::Service;

/// What turns speech into words.
#[derive(Clone, Debug, Args)]
pub struct Recognition {
    /// Folder of whisper models.
    #[arg(long, env = "COMPTOIR_MODELS", default_value = "models", value_name = "FOLDER")]
    pub models: PathBuf,

    /// The model to use, by its name (`comptoir voice list`) or as a file; without it, the best one installed.
    #[arg(long, env = "COMPTOIR_VOICE_MODEL", value_name = "NAME|FILE")]
    pub voice_model: Option<String>,

    /// How many turns are recognised at once.
    #[arg(long, env = "COMPTOIR_VOICE_WORKERS", default_value = "1", value_name = "N", value_parser = workers)]
    pub voice_workers: usize,

    /// Processor threads of each; without it, all but one of the machine's are shared out.
    #[arg(long, env = "COMPTOIR_VOICE_THREADS", value_name = "N", value_parser = threads)]
    voice_threads: Option<usize>,

    /// How many turns may wait; more are kept by their conversation, which asks again.
    #[arg(long, env = "COMPTOIR_VOICE_QUEUE", default_value = "16", value_name = "N", value_parser = queue)]
    pub voice_queue: usize,

    /// How much the model looks at: `auto` as much as was said, which is much faster, `full` always thirty seconds.
    #[arg(long, env = "COMPTOIR_VOICE_CONTEXT", value_enum, default_value = "auto")]
    pub voice_context: Context,

    /// A service to use instead of a model, compatible with OpenAI's `/audio/transcriptions`: its address.
    #[arg(long, env = "COMPTOIR_TRANSCRIBE_URL", value_name = "URL", value_parser = service_address)]
    transcribe_url: Option<Url>,

    /// Its key.
    #[arg(long, env = "COMPTOIR_TRANSCRIBE_KEY", value_name = "KEY", hide_env_values = true)]
    transcribe_key: Option<Secret>,

    /// Its model.
    #[arg(long, env = "COMPTOIR_TRANSCRIBE_MODEL", value_name = "NAME", default_value = "whisper-1")]
    transcribe_model: String,
}

/// How much a model looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Context {
    /// As much as was said.
    Auto,
    /// Always thirty seconds.
    Full,
}

impl Recognition {
    /// Threads of each worker; unless told otherwise, one core is left to everything else, or they wait for each other.
    pub fn threads(&self) -> usize {
        self.voice_threads.unwrap_or_else(|| WhisperSettings::usual_threads(self.voice_workers))
    }

    /// The service, if one is to be used.
    pub fn service(&self) -> Option<Service> {
        let address = self.transcribe_url.clone()?;
        Some(Service { address, key: present(self.transcribe_key.as_ref()), model: self.transcribe_model.clone() })
    }
}

/// A key that says something: a variable may be set to nothing.
pub(super) fn present(key: Option<&Secret>) -> Option<Secret> {
    key.filter(|key| !key.is_empty()).cloned()
}

pub(super) fn service_address(text: &str) -> Result<Url, String> {
    let url: Option<Url> = text.parse().ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none());
    url.ok_or_else(|| "une adresse complète est attendue, par exemple https://api.exemple.fr/v1".to_owned())
}

fn workers(text: &str) -> Result<usize, String> {
    between(text, 1, 16)
}

fn threads(text: &str) -> Result<usize, String> {
    between(text, 1, 64)
}

fn queue(text: &str) -> Result<usize, String> {
    between(text, 1, 256)
}

pub(super) fn between(text: &str, least: usize, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("un nombre de {least} à {most} est attendu"))
}
