//! Who judges transcripts.

use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use reqwest::Url;
use tokio::sync::mpsc::UnboundedSender;

use super::model::{BadModel, Extra, Models, Own, extra, price, temperature};
use super::play::at_once;
use super::recognition::{between, service_address};
use crate::model::{Budget, Limits, Price, Use};
use crate::outgoing::Secret;
pub use crate::review::Judge;

/// Who judges transcripts. What is not set is what the model's settings say.
#[derive(Clone, Debug, Args)]
pub(super) struct JudgeSettings {
    /// Who judges: `model`, whose marks are shown beside the rules', or `rules` alone. Without it, the model where there
    /// is an address.
    #[arg(long, env = "COMPTOIR_JUDGE", value_enum)]
    judged_by: Option<JudgedBy>,

    /// Another address for judging: then the shared key, headers, fields and price are not used for it.
    #[arg(long, env = "COMPTOIR_JUDGE_URL", value_name = "URL", value_parser = service_address)]
    judge_url: Option<Url>,

    /// Another key for judging.
    #[arg(long, env = "COMPTOIR_JUDGE_KEY", value_name = "KEY", hide_env_values = true)]
    judge_key: Option<Secret>,

    /// Another model for judging.
    #[arg(long, env = "COMPTOIR_JUDGE_MODEL", value_name = "NAME")]
    judge_model: Option<String>,

    /// Other headers for judging.
    #[arg(long, env = "COMPTOIR_JUDGE_HEADERS", value_name = "HEADERS", hide_env_values = true)]
    judge_headers: Option<Secret>,

    /// Other fields for judging.
    #[arg(long, env = "COMPTOIR_JUDGE_EXTRA", value_name = "JSON", value_parser = extra)]
    judge_extra: Option<Extra>,

    /// Other prices for judging.
    #[arg(long, env = "COMPTOIR_JUDGE_PRICE", value_name = "SENT,RECEIVED", value_parser = price)]
    judge_price: Option<Price>,

    /// How freely it judges, from 0 to 2; without it, 0, or 0.5 where several votes are to differ.
    #[arg(long, env = "COMPTOIR_JUDGE_TEMPERATURE", value_name = "0-2", value_parser = temperature)]
    judge_temperature: Option<f32>,

    /// How often each indicator is judged, the median being kept: 1, 3 or 5.
    #[arg(long, env = "COMPTOIR_JUDGE_VOTES", value_name = "1|3|5", default_value = "1", value_parser = votes)]
    judge_votes: u8,

    /// Seconds that one answer may take.
    #[arg(long, env = "COMPTOIR_JUDGE_DEADLINE", value_name = "SECONDS", default_value = "120", value_parser = deadline)]
    judge_deadline: usize,

    /// Answers asked for at once.
    #[arg(long, env = "COMPTOIR_JUDGE_AT_ONCE", value_name = "N", default_value = "2", value_parser = at_once)]
    judge_at_once: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum JudgedBy {
    /// The model, beside the rules.
    Model,
    /// The rules alone.
    Rules,
}

impl Models {
    /// The model that judges; `None` where the rules alone do.
    pub fn judge(&self, budget: &Arc<Budget>, uses: &UnboundedSender<Use>) -> Result<Option<Judge>, BadModel> {
        let set = &self.judge;
        let usual = if set.judge_votes == 1 { 0.0 } else { 0.5 };
        let deadline = Duration::from_secs(set.judge_deadline as u64);
        let own = Own {
            prefix: "COMPTOIR_JUDGE",
            address: set.judge_url.as_ref(),
            key: set.judge_key.as_ref(),
            model: set.judge_model.as_ref(),
            headers: set.judge_headers.as_ref(),
            extra: set.judge_extra.as_ref(),
            price: set.judge_price,
            temperature: set.judge_temperature.unwrap_or(usual),
            wanted: set.judged_by.map(|by| by == JudgedBy::Model),
            limits: Limits {
                at_once: set.judge_at_once,
                longest_wait: Duration::from_secs(20),
                silence: Duration::from_secs(20),
                whole: deadline,
                ..Limits::default()
            },
        };
        let judge = |model| Judge { model, votes: set.judge_votes, deadline };
        Ok(self.model(&own, budget, uses)?.map(judge))
    }
}

fn votes(text: &str) -> Result<u8, String> {
    let votes = text.parse().ok().filter(|votes| matches!(votes, 1 | 3 | 5));
    votes.ok_or_else(|| "1, 3 ou 5 est attendu : un nombre impair a une médiane".to_owned())
}

fn deadline(text: &str) -> Result<usize, String> {
    between(text, 5, 1800)
}
