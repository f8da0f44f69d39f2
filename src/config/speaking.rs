//! Who speaks the replies: the browser, a service, or a command of this machine.

use clap::Args;
use reqwest::Url;

use super::recognition::{present, service_address};
use crate::outgoing::Secret;
use crate::speech::service::{CallError, Service};
use crate::speech::voices::{CommandError, CommandVoice, Pair, RemoteVoice, Voices};

/// Who speaks the replies; without any of these, the browser's own voices.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
pub struct Speaking {
    /// A service that speaks the replies, compatible with OpenAI's `/audio/speech`: its address.
    #[arg(long, env = "COMPTOIR_SPEAK_URL", value_name = "URL", value_parser = service_address)]
    speak_url: Option<Url>,

    /// Its key.
    #[arg(long, env = "COMPTOIR_SPEAK_KEY", value_name = "KEY", hide_env_values = true)]
    speak_key: Option<Secret>,

    /// Its model.
    #[arg(long, env = "COMPTOIR_SPEAK_MODEL", value_name = "NAME", default_value = "tts-1")]
    speak_model: String,

    /// Two voices, a woman's and a man's, for the service (`nova,onyx` without it) or for the command's `{voice}`.
    #[arg(long, env = "COMPTOIR_SPEAK_VOICES", value_name = "WOMAN,MAN", value_parser = pair)]
    speak_voices: Option<Pair>,

    /// A command that speaks the replies: words on its standard input, WAV on its standard output; `{voice}`, `{wpm}` and
    /// others are replaced.
    #[arg(long, env = "COMPTOIR_SPEAK_COMMAND", value_name = "COMMAND")]
    speak_command: Option<String>,
}

/// Why replies cannot be spoken as set. Its words are for whoever set it: French.
#[derive(Debug, thiserror::Error)]
pub enum SpeakingError {
    /// A service and a command.
    #[error(
        "les réponses sont dites par un service (COMPTOIR_SPEAK_URL) ou par une commande (COMPTOIR_SPEAK_COMMAND), pas par les deux"
    )]
    Both,
    /// The command line cannot be used.
    #[error("COMPTOIR_SPEAK_COMMAND : {0}")]
    Command(#[from] CommandError),
    /// The service cannot be called.
    #[error(
        "les appels sécurisés ne sont pas possibles sur cette machine (installez ses certificats, par exemple le paquet ca-certificates)"
    )]
    Service(#[from] CallError),
}

impl Speaking {
    /// The voices.
    pub fn voices(&self) -> Result<Voices, SpeakingError> {
        match (&self.speak_url, &self.speak_command) {
            (Some(_), Some(_)) => Err(SpeakingError::Both),
            (None, None) => Ok(Voices::Browser),
            (None, Some(line)) => Ok(Voices::Command(CommandVoice::new(line, self.speak_voices.clone())?)),
            (Some(address), None) => {
                let usual = || Pair { woman: "nova".to_owned(), man: "onyx".to_owned() };
                let key = present(self.speak_key.as_ref());
                let service = Service { address: address.clone(), key, model: self.speak_model.clone() };
                Ok(Voices::Remote(RemoteVoice::new(service, self.speak_voices.clone().unwrap_or_else(usual))?))
            }
        }
    }
}

fn pair(text: &str) -> Result<Pair, String> {
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    match names[..] {
        [woman, man] if !woman.is_empty() && !man.is_empty() => Ok(Pair { woman: woman.into(), man: man.into() }),
        _ => Err("deux voix séparées par une virgule sont attendues : femme,homme".to_owned()),
    }
}
