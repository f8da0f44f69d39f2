//! How voice works: what turns speech into words, who speaks the replies, what becomes of a turn and of the sound.

use clap::{Args, ValueEnum};

use super::{Recognition, Speaking};

/// How voice works. Everything has a default; without a model or a service the service is used in writing.
#[derive(Clone, Debug, Args)]
pub struct Voice {
    /// What turns speech into words.
    #[command(flatten)]
    pub recognition: Recognition,

    /// Who speaks the replies.
    #[command(flatten)]
    pub speaking: Speaking,

    /// When a trainee may correct recognised words: `before` they are sent, or `after`.
    #[arg(long, env = "COMPTOIR_CORRECTION", value_enum, default_value = "after")]
    pub correction: Correction,

    /// Whether the sound of conversations is kept; trainees are told before, may listen and delete.
    #[arg(long, env = "COMPTOIR_RECORDING", value_enum, default_value = "off")]
    recording: Recording,

    /// Days after which a recording is deleted.
    #[arg(long, env = "COMPTOIR_RECORDING_DAYS", default_value = "30", value_name = "DAYS", value_parser = days)]
    recording_days: u16,
}

/// When recognised words may be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Correction {
    /// The words wait for a confirmation before they are sent.
    Before,
    /// The words are sent at once, and may be corrected afterwards.
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Recording {
    /// Sound is dropped once its words are known.
    Off,
    /// Sound is kept for a while.
    On,
}

impl Voice {
    /// Days after which a recording is deleted, also one made when recording was on.
    pub fn recording_days(&self) -> u16 {
        self.recording_days
    }

    /// For how many days sound is kept; `None`: it is dropped once its words are known.
    pub fn kept_days(&self) -> Option<u16> {
        (self.recording == Recording::On).then_some(self.recording_days)
    }
}

fn days(text: &str) -> Result<u16, String> {
    let days = text.parse().ok().filter(|days| (1..=180).contains(days));
    days.ok_or_else(|| "un nombre de jours de 1 à 180 est attendu".to_owned())
}
