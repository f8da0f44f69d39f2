//! Who plays the characters.

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use reqwest::Url;
use tokio::sync::mpsc::UnboundedSender;

use super::model::{BadModel, Extra, Models, Own, extra, price, temperature};
use super::recognition::{between, service_address};
use crate::model::{Budget, Limits, Model, Price, Use};
use crate::outgoing::Secret;

/// Who plays the characters. What is not set is what the model's settings say.
#[derive(Clone, Debug, Args)]
pub(super) struct PlaySettings {
    /// Who words what characters say: `model`, or `comptoir`, which draws on the persona's own lines. Without it, the
    /// model where there is an address. Code decides in both what is said, and what is kept back.
    #[arg(long, env = "COMPTOIR_PLAY", value_enum)]
    played_by: Option<PlayedBy>,

    /// Another address for playing: then the shared key, headers, fields and price are not used for it.
    #[arg(long, env = "COMPTOIR_PLAY_URL", value_name = "URL", value_parser = service_address)]
    play_url: Option<Url>,

    /// Another key for playing.
    #[arg(long, env = "COMPTOIR_PLAY_KEY", value_name = "KEY", hide_env_values = true)]
    play_key: Option<Secret>,

    /// Another model for playing.
    #[arg(long, env = "COMPTOIR_PLAY_MODEL", value_name = "NAME")]
    play_model: Option<String>,

    /// Other headers for playing.
    #[arg(long, env = "COMPTOIR_PLAY_HEADERS", value_name = "HEADERS", hide_env_values = true)]
    play_headers: Option<Secret>,

    /// Other fields for playing.
    #[arg(long, env = "COMPTOIR_PLAY_EXTRA", value_name = "JSON", value_parser = extra)]
    play_extra: Option<Extra>,

    /// Other prices for playing.
    #[arg(long, env = "COMPTOIR_PLAY_PRICE", value_name = "SENT,RECEIVED", value_parser = price)]
    play_price: Option<Price>,

    /// How freely characters speak: from 0 to 2.
    #[arg(long, env = "COMPTOIR_PLAY_TEMPERATURE", value_name = "0-2", default_value = "0.7", value_parser = temperature)]
    play_temperature: f32,

    /// Milliseconds to the first words before the persona's own lines are said instead.
    #[arg(long, env = "COMPTOIR_PLAY_PATIENCE", value_name = "MS", default_value = "1800", value_parser = patience)]
    play_patience: usize,

    /// Replies asked for at once; more wait, and their patience runs.
    #[arg(long, env = "COMPTOIR_PLAY_AT_ONCE", value_name = "N", default_value = "8", value_parser = at_once)]
    play_at_once: usize,

    /// Whether the model helps to hear what the trainee asks for, beside the rules.
    #[arg(long, env = "COMPTOIR_PLAY_HEAR", value_enum, default_value = "on")]
    play_hear: Hears,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlayedBy {
    /// The model.
    Model,
    /// The persona's own lines.
    Comptoir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Hears {
    /// It does.
    On,
    /// Rules alone.
    Off,
}

/// A model that plays.
#[derive(Clone, Debug)]
pub struct Player {
    /// It.
    pub model: Model,
    /// To the first words; past it the persona's own lines are said.
    pub patience: Duration,
    /// Whether it helps to hear.
    pub hears: bool,
}

impl Models {
    /// The model that plays; `None` where the persona's own lines do.
    pub fn player(&self, budget: &Arc<Budget>, uses: &UnboundedSender<Use>) -> Result<Option<Player>, BadModel> {
        let set = &self.play;
        let patience = Duration::from_millis(set.play_patience as u64);
        let own = Own {
            prefix: "COMPTOIR_PLAY",
            address: set.play_url.as_ref(),
            key: set.play_key.as_ref(),
            model: set.play_model.as_ref(),
            headers: set.play_headers.as_ref(),
            extra: set.play_extra.as_ref(),
            price: set.play_price,
            temperature: set.play_temperature,
            wanted: set.played_by.map(|by| by == PlayedBy::Model),
            limits: Limits {
                at_once: set.play_at_once,
                longest_wait: Duration::from_millis(500),
                // What is heard, and what is written again, may have less of the turn left.
                fair: patience / 2,
                // A listener who hears nothing for so long believes that the line is dead.
                silence: Duration::from_secs(3),
                whole: Duration::from_secs(30),
                ..Limits::default()
            },
        };
        let player = |model| Player { model, patience, hears: set.play_hear == Hears::On };
        Ok(self.model(&own, budget, uses)?.map(player))
    }
}

fn patience(text: &str) -> Result<usize, String> {
    between(text, 200, 20_000)
}

pub(super) fn at_once(text: &str) -> Result<usize, String> {
    between(text, 1, 512)
}
