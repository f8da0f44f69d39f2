//! What the organisation sets: one file per section, each setting a flag of `serve` and a variable of the environment.
//!
//! Input: flags, then the environment. Output: [`Config`], valid or refused with what was expected. Invariant: nothing
//! else in the program reads the environment.

mod characters;
mod folder;
mod listen;
mod log;
mod storage;

use clap::Args;

pub use characters::Characters;
pub use folder::Folder;
pub use listen::Listen;
pub use log::{Log, LogFormat};
pub use storage::Storage;

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
    /// What is logged.
    #[command(flatten)]
    pub log: Log,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

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
    }

    #[test]
    fn zero_means_never_and_no_pacing_means_at_once() {
        let config = read(&["--pacing", "0", "--opens-after", "0", "--silence-after", "0"]).unwrap();
        assert_eq!(config.characters.manners(), crate::conversation::Manners::PATIENT);
    }
}
