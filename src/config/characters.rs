//! How characters behave in time.

use std::time::Duration;

use clap::Args;

use crate::conversation::{Manners, Pacing};

/// How characters behave in time.
#[derive(Clone, Debug, Args)]
pub struct Characters {
    /// How slowly words appear: 1 as people speak, 2 twice as slowly, 0 at once.
    #[arg(long, env = "COMPTOIR_PACING", default_value = "1", value_parser = slowness, allow_negative_numbers = true)]
    pacing: f32,

    /// Seconds before the character speaks by itself when nobody does: 0 for never.
    #[arg(long, env = "COMPTOIR_OPENS_AFTER", default_value = "9", value_name = "SECONDS")]
    opens_after: u16,

    /// Seconds of silence, nobody writing, before the character says something: 0 for never.
    #[arg(long, env = "COMPTOIR_SILENCE_AFTER", default_value = "75", value_name = "SECONDS")]
    silence_after: u16,

    /// Hours after which a conversation nobody came back to is closed.
    #[arg(long, env = "COMPTOIR_ABANDONED_AFTER", default_value = "24", value_name = "HOURS",
          value_parser = clap::value_parser!(u32).range(1..=8760))]
    abandoned_after: u32,
}

impl Characters {
    /// The same, as conversations take it.
    pub fn manners(&self) -> Manners {
        let unless_zero = |seconds: u16| (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        Manners {
            pacing: Pacing { slowness: self.pacing },
            opens_after: unless_zero(self.opens_after),
            silence_after: unless_zero(self.silence_after),
            abandoned_after: Duration::from_hours(self.abandoned_after.into()),
        }
    }
}

fn slowness(text: &str) -> Result<f32, String> {
    let slowness = text.parse().ok().filter(|slowness| (0.0..=5.0).contains(slowness));
    slowness.ok_or_else(|| "un nombre de 0 à 5 est attendu".to_owned())
}
