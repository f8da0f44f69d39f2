//! From the settings to what recognises speech, or to why nothing does.

use std::path::{Path, PathBuf};

use super::{Context, Recognition};
use crate::speech::installed::{NoModel, choose};
use crate::speech::model_file::ModelFault;
use crate::speech::service::CallError;
use crate::speech::{AudioContext, ModelError, RemoteSettings, Transcriber, WhisperSettings};

/// What recognises speech.
#[derive(Clone)]
pub struct Recogniser {
    /// It.
    pub transcriber: Transcriber,
    /// Its name, for people.
    pub name: String,
}

/// Why nothing recognises speech. Its words are for whoever runs the service: French, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum NoVoice {
    /// This program was built without it.
    #[error(
        "ce programme a été construit sans la reconnaissance vocale locale (« cargo build --no-default-features ») : \
         indiquez un service avec COMPTOIR_TRANSCRIBE_URL, ou construisez-le avec la voix"
    )]
    NotBuilt,
    /// Reading the model did not come to an end.
    #[error("le modèle de reconnaissance n'a pas pu être lu : voyez le journal")]
    Unread,
    /// No model to use.
    #[error("{}", no_model(.0))]
    Model(#[from] NoModel),
    /// The model cannot be used.
    #[error("{}", not_usable(.0, .1))]
    Unusable(PathBuf, #[source] ModelError),
    /// The service cannot be called.
    #[error(
        "les appels sécurisés ne sont pas possibles sur cette machine : installez ses certificats, par exemple le paquet \
         ca-certificates"
    )]
    Service(#[from] CallError),
}

impl Recognition {
    /// What recognises speech. Reads a model: seconds, off the async threads. Needs a tokio runtime around it.
    pub fn recogniser(&self) -> Result<Recogniser, NoVoice> {
        if let Some(service) = self.service() {
            let name = format!("{} ({})", service.model, service.address.host_str().unwrap_or_default());
            let transcriber = Transcriber::remote(RemoteSettings { service, queue: self.voice_queue })?;
            return Ok(Recogniser { transcriber, name });
        }
        if !WhisperSettings::AVAILABLE {
            return Err(NoVoice::NotBuilt);
        }
        let found = choose(&self.models, self.voice_model.as_deref())?;
        let settings = WhisperSettings {
            workers: self.voice_workers,
            threads: self.threads(),
            queue: self.voice_queue,
            audio_ctx: match self.voice_context {
                Context::Auto => AudioContext::Auto,
                Context::Full => AudioContext::Full,
            },
            ..WhisperSettings::new(&found.path)
        };
        match Transcriber::whisper(&settings) {
            Ok(transcriber) => {
                let file = || found.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = found.model.map_or_else(file, |model| model.name.to_owned());
                Ok(Recogniser { transcriber, name })
            }
            Err(error) => Err(NoVoice::Unusable(found.path, error)),
        }
    }
}

fn no_model(error: &NoModel) -> String {
    match error {
        NoModel::Nothing(folder) => format!(
            "aucun modèle de reconnaissance vocale dans le dossier « {} » : installez-en un avec « comptoir voice install »",
            folder.display()
        ),
        NoModel::Unknown(name) => format!(
            "le modèle « {name} » est inconnu : « comptoir voice list » donne les noms, et un fichier se désigne par son \
             chemin"
        ),
        NoModel::NotInstalled(name) => format!(
            "le modèle « {name} » n'est pas installé : installez-le avec « comptoir voice install --model {name} »"
        ),
        NoModel::NoFile(path) => format!("le fichier « {} » n'existe pas", path.display()),
        NoModel::Broken { path, fault } => broken(path, fault),
    }
}

fn not_usable(path: &Path, error: &ModelError) -> String {
    let path_shown = path.display();
    match error {
        ModelError::File(fault) => broken(path, fault),
        ModelError::Checksum { .. } => format!(
            "le fichier « {path_shown} » n'est pas le modèle attendu : supprimez-le et relancez « comptoir voice install »"
        ),
        ModelError::Processor(lacking) => format!(
            "le processeur de cette machine est trop ancien pour la reconnaissance locale (il lui manque {lacking}) : \
             indiquez un service avec COMPTOIR_TRANSCRIBE_URL"
        ),
        ModelError::Load(_) => format!(
            "le modèle « {path_shown} » n'a pas pu être chargé, sans doute faute de mémoire : choisissez-en un plus petit \
             (« comptoir voice list »)"
        ),
        ModelError::NotBuilt => NoVoice::NotBuilt.to_string(),
    }
}

/// A file that is no sound model, in French.
pub(crate) fn broken(path: &Path, fault: &ModelFault) -> String {
    let path = path.display();
    match fault {
        ModelFault::Io(error) => format!("le modèle « {path} » ne peut pas être lu : {error}"),
        ModelFault::NotWhisper(_) => {
            format!("le fichier « {path} » n'est pas un modèle whisper au format ggml (ggml-….bin)")
        }
        ModelFault::Truncated { at, .. } => format!(
            "le modèle « {path} » est incomplet (coupé à {at} octets) : relancez « comptoir voice install », qui le remplacera"
        ),
        ModelFault::EnglishOnly => {
            format!("le modèle « {path} » ne connaît que l'anglais : choisissez-en un sans « .en » dans son nom")
        }
        ModelFault::OtherVersion(_) => format!("le modèle « {path} » est d'une version que Comptoir ne connaît pas"),
        ModelFault::TooLong(_) | ModelFault::Damaged(_) => {
            format!("le modèle « {path} » est abîmé : supprimez-le, puis relancez « comptoir voice install »")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_missing_is_told_in_french_with_what_to_do() {
        fn check(error: &NoVoice, expect: &str) {
            let told = error.to_string();
            assert!(told.contains(expect) && !told.contains('!') && !told.ends_with('.'), "{told}");
        }
        let path = || PathBuf::from("models/ggml-small.bin");
        let fault = |fault| NoVoice::Model(NoModel::Broken { path: path(), fault });
        check(&NoVoice::NotBuilt, "COMPTOIR_TRANSCRIBE_URL");
        check(&NoVoice::Model(NoModel::Nothing("models".into())), "comptoir voice install");
        check(&NoVoice::Model(NoModel::Unknown("big".into())), "comptoir voice list");
        check(&NoVoice::Model(NoModel::NotInstalled("small")), "--model small");
        check(&NoVoice::Model(NoModel::NoFile(path())), "models/ggml-small.bin");
        check(&fault(ModelFault::Truncated { at: 100, inside: "x".into() }), "coupé à 100 octets");
        check(&fault(ModelFault::EnglishOnly), "anglais");
        check(&NoVoice::Unusable(path(), ModelError::Processor("AVX2")), "AVX2");
        check(&NoVoice::Unusable(path(), ModelError::Load("x".into())), "plus petit");
    }
}
