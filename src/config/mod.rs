//! What the organisation sets: one file per section, each setting a flag of `serve` and a variable of the environment.
//!
//! Input: flags, then the environment. Output: [`Config`], valid or refused with what was expected. Invariant: nothing
//! else in the program reads the environment.

mod characters;
mod folder;
mod judge;
mod listen;
mod log;
mod model;
mod play;
mod recognition;
mod speaking;
mod storage;
mod transcriber;
mod voice;

use clap::Args;

pub use characters::Characters;
pub use folder::Folder;
pub use judge::Judge;
pub use listen::Listen;
pub use log::{Log, LogFormat};
pub use model::{BadModel, Models};
pub use play::Player;
pub use recognition::{Context, Recognition};
pub use speaking::{Speaking, SpeakingError};
pub use storage::Storage;
pub(crate) use transcriber::broken;
pub use transcriber::{NoVoice, Recogniser};
pub use voice::{Correction, Voice};

/// Everything that can be set.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Where people reach the service.
    #[command(flatten)]
    pub listen: Listen,
    /// Where things are kept.
    #[command(flatten)]
    pub storage: Storage,
    /// Which files take precedence.
    #[command(flatten)]
    pub folder: Folder,
    /// How characters behave in time.
    #[command(flatten)]
    pub characters: Characters,
    /// How voice works.
    #[command(flatten)]
    pub voice: Voice,
    /// Which language models play and judge.
    #[command(flatten)]
    pub model: Models,
    /// What is logged.
    #[command(flatten)]
    pub log: Log,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::speech::voices::Voices;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        config: Config,
    }

    fn read(flags: &[&str]) -> Result<Config, String> {
        let line = std::iter::once("comptoir").chain(flags.iter().copied());
        Line::try_parse_from(line).map(|line| line.config).map_err(|error| error.to_string())
    }

    #[test]
    fn without_any_setting_the_service_is_local_and_keeps_a_file_beside_it() {
        let config = read(&[]).unwrap();
        assert!(config.listen.listen.ip().is_loopback());
        assert_eq!(config.storage.address(), "sqlite:comptoir.db");
        assert_eq!(config.folder.folder, std::path::Path::new("."));
        let manners = config.characters.manners();
        assert_eq!(manners, crate::conversation::Manners::NATURAL);
        assert_eq!(config.voice.recognition.service(), None);
        assert!(matches!(config.voice.speaking.voices(), Ok(Voices::Browser)));
        assert_eq!((config.voice.correction, config.voice.kept_days()), (Correction::After, None));
    }

    #[test]
    fn a_setting_out_of_range_is_refused_with_what_was_expected() {
        fn check(flags: &[&str], expect: &str) {
            let error = read(flags).unwrap_err();
            assert!(error.contains(expect), "{flags:?}: {error}");
        }
        check(&["--listen", "8080"], "127.0.0.1:8080");
        check(&["--listen", "localhost:http"], "127.0.0.1:8080");
        check(&["--public-url", "comptoir.example"], "http:// or https://");
        check(&["--database-url", "mysql://x"], "sqlite:");
        check(&["--pacing", "-1"], "0 à 5");
        check(&["--pacing", "fast"], "0 à 5");
        check(&["--log", "comptoir=loud"], "info");
        check(&["--log-format", "xml"], "json");
        check(&["--voice-workers", "0"], "1 à 16");
        check(&["--voice-threads", "many"], "1 à 64");
        check(&["--voice-queue", "1000"], "1 à 256");
        check(&["--voice-context", "some"], "full");
        check(&["--transcribe-url", "api.exemple.fr"], "https://api.exemple.fr/v1");
        check(&["--speak-url", "ftp://exemple.fr/v1"], "https://api.exemple.fr/v1");
        check(&["--speak-voices", "nova"], "femme,homme");
        check(&["--correction", "never"], "before");
        check(&["--metrics", "yes"], "auto");
        check(&["--recording-days", "181"], "1 à 180");
    }

    #[test]
    fn figures_are_shown_and_guests_come_by_themselves_only_where_this_machine_alone_reaches_the_service() {
        fn check(flags: &[&str], shown: bool) {
            assert_eq!(read(flags).unwrap().listen.shows_figures(), shown, "{flags:?}");
            let guests: Vec<&str> =
                flags.iter().map(|flag| if *flag == "--metrics" { "--guests" } else { flag }).collect();
            assert_eq!(read(&guests).unwrap().listen.takes_guests(), shown, "{guests:?}");
        }
        check(&[], true);
        check(&["--listen", "[::1]:8080"], true);
        check(&["--listen", "0.0.0.0:8080"], false);
        check(&["--listen", "192.168.1.4:8080"], false);
        check(&["--public-url", "https://comptoir.example"], false);
        check(&["--metrics", "off"], false);
        check(&["--listen", "0.0.0.0:8080", "--metrics", "on"], true);
    }

    #[test]
    fn zero_means_never_and_no_pacing_means_at_once() {
        let config = read(&["--pacing", "0", "--opens-after", "0", "--silence-after", "0"]).unwrap();
        assert_eq!(config.characters.manners(), crate::conversation::Manners::PATIENT);
    }

    #[test]
    fn replies_are_spoken_by_one_thing_at_most_and_its_line_is_checked_at_once() {
        fn check(flags: &[&str], expect: &str) {
            let error = read(flags).unwrap().voice.speaking.voices().unwrap_err().to_string();
            assert!(error.contains(expect), "{flags:?}: {error}");
        }
        check(&["--speak-url", "http://127.0.0.1:1/v1", "--speak-command", "espeak-ng"], "pas par les deux");
        check(&["--speak-command", "espeak-ng {loudness}"], "{loudness}");
        check(&["--speak-command", "espeak-ng {voice}"], "COMPTOIR_SPEAK_VOICES");
        let voices = |flags: &[&str]| read(flags).unwrap().voice.speaking.voices().unwrap();
        assert!(matches!(voices(&["--speak-url", "http://127.0.0.1:1/v1"]), Voices::Remote(_)));
        assert!(matches!(voices(&["--speak-command", "espeak-ng --stdout"]), Voices::Command(_)));
    }

    #[test]
    fn keys_are_in_no_text_made_of_the_settings() {
        let flags = ["--transcribe-url", "http://127.0.0.1:1/v1", "--transcribe-key", "sk-1", "--speak-key", "sk-2"];
        let config = read(&flags).unwrap();
        let shown = format!("{config:?}");
        assert!(!shown.contains("sk-1") && !shown.contains("sk-2"), "{shown}");
        let service = config.voice.recognition.service().unwrap();
        assert_eq!(service.key.unwrap().reveal(), "sk-1");
        let empty = read(&["--transcribe-url", "http://127.0.0.1:1/v1", "--transcribe-key", ""]).unwrap();
        assert_eq!(empty.voice.recognition.service().unwrap().key, None);
    }

    #[test]
    fn workers_and_their_threads_never_outnumber_the_machine_unless_told() {
        let cores = std::thread::available_parallelism().unwrap().get();
        let threads = |flags: &[&str]| read(flags).unwrap().voice.recognition.threads();
        assert_eq!(threads(&[]), (cores - 1).max(1));
        assert_eq!(threads(&["--voice-workers", "16"]), ((cores - 1) / 16).max(1));
        assert_eq!(threads(&["--voice-threads", "3"]), 3);
        let kept = |flags: &[&str]| read(flags).unwrap().voice.kept_days();
        assert_eq!(kept(&["--recording", "on"]), Some(30));
        assert_eq!(kept(&["--recording-days", "90"]), None);
    }
}
