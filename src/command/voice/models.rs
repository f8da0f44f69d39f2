//! Models and their speed on this machine.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Told;
use crate::config::NoVoice;
use crate::speech::WhisperSettings;
use crate::speech::catalogue::Model;

/// Where models are.
#[derive(Clone, Debug, Args)]
pub(super) struct Folder {
    /// Folder of speech models.
    #[arg(long, env = "COMPTOIR_MODELS", default_value = "models", value_name = "FOLDER")]
    pub(super) models: PathBuf,
}

/// A model's pace, if it could be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speed {
    /// Seconds for one second of speech.
    pub(super) seconds: f64,
    /// With the model itself.
    pub(super) measured: bool,
}

/// Refuses where this program recognises nothing by itself.
pub(super) fn needs_voice() -> Result<(), Told> {
    if WhisperSettings::AVAILABLE { Ok(()) } else { Err(Told(NoVoice::NotBuilt.to_string())) }
}

/// The speed of each, in their order.
pub(super) async fn speeds(models: &[(&'static Model, Option<PathBuf>)]) -> Vec<Option<Speed>> {
    let bar = ProgressBar::new(models.len() as u64).with_style(style("{msg} {bar:30} {pos}/{len}"));
    bar.set_message("Mesure de la vitesse de cette machine");
    let mut clock = Clock::new();
    let mut speeds = Vec::new();
    for (model, path) in models {
        speeds.push(clock.speed(model, path.clone()).await);
        bar.inc(1);
    }
    bar.finish_and_clear();
    speeds
}

/// A bar's looks.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(feature = "voice")]
struct Clock {
    threads: usize,
    estimates: Option<crate::speech::measure::Estimates>,
}

#[cfg(feature = "voice")]
impl Clock {
    fn new() -> Clock {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Clock { threads, estimates: Some(crate::speech::measure::Estimates::new(threads)) }
    }

    async fn speed(&mut self, model: &'static Model, path: Option<PathBuf>) -> Option<Speed> {
        use crate::speech::measure::{Pace, measured};
        let pace = if let Some(path) = path {
            measured(&path, self.threads).await
        } else {
            let mut estimates = self.estimates.take()?;
            let done = tokio::task::spawn_blocking(move || {
                let pace = estimates.pace(model.shape);
                (estimates, pace)
            });
            let (estimates, pace) = done.await.ok()?;
            self.estimates = Some(estimates);
            pace
        };
        let pace = pace.inspect_err(|error| tracing::warn!(model = model.name, %error, "not timed")).ok()?;
        Some(Speed { seconds: pace.seconds(), measured: matches!(pace, Pace::Measured(_)) })
    }
}

#[cfg(not(feature = "voice"))]
struct Clock;

#[cfg(not(feature = "voice"))]
impl Clock {
    fn new() -> Clock {
        Clock
    }

    #[expect(clippy::unused_async, reason = "with whisper.cpp it waits")]
    async fn speed(&mut self, _: &'static Model, _: Option<PathBuf>) -> Option<Speed> {
        None
    }
}

/// « 488 Mo », « 1,6 Go ».
pub(super) fn size(bytes: u64) -> String {
    let tenths = (bytes + 50_000_000) / 100_000_000;
    if tenths >= 10 {
        format!("{},{} Go", tenths / 10, tenths % 10)
    } else {
        format!("{} Mo", (bytes + 500_000) / 1_000_000)
    }
}

/// « 1,25 s ».
pub(super) fn seconds(seconds: f64) -> String {
    let decimals = if seconds < 1.0 { 2 } else { 1 };
    format!("{seconds:.decimals$} s").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_read_as_french_writes_them() {
        assert_eq!(
            [77_691_713, 487_601_967, 999_999_999, 1_624_555_275].map(size),
            ["78 Mo", "488 Mo", "1,0 Go", "1,6 Go"]
        );
        assert_eq!([0.045, 0.5, 1.25, 12.0].map(seconds), ["0,04 s", "0,50 s", "1,2 s", "12,0 s"]);
    }
}
