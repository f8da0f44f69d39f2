//! `comptoir model test`.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use super::examine::{Check, Subject, examine};
use super::report;
use crate::clock::SystemClock;
use crate::config::{BadModel, Models};
use crate::model::{Budget, Model};

/// Arguments of `model test`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The model that plays, alone.
    #[arg(long)]
    play: bool,
    /// The model that judges, alone.
    #[arg(long)]
    judge: bool,
    /// One JSON object a line for each model, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    models: Models,
}

/// Why nothing could be asked. Its words are for whoever asked: French.
#[derive(Debug, thiserror::Error)]
pub(super) enum TestError {
    /// A setting is wrong.
    #[error(transparent)]
    Setting(#[from] BadModel),
    /// No model plays or judges.
    #[error(
        "aucun modèle n'est indiqué : donnez son adresse avec COMPTOIR_MODEL_URL (par exemple http://localhost:11434) et \
         son nom avec COMPTOIR_MODEL_NAME"
    )]
    NoModel,
    /// The one asked about is not a model.
    #[error("{0}")]
    NotThis(&'static str),
    /// Nobody reads what is told.
    #[error("le résultat n'a pas pu être écrit : {0}")]
    Output(#[from] io::Error),
}

/// Whether every model can do what it is there for.
pub(super) async fn run(arguments: &Arguments) -> Result<bool, TestError> {
    let mut all_fit = true;
    for (nth, subject) in subjects(arguments)?.into_iter().enumerate() {
        let json = arguments.json;
        let mut out = io::stdout().lock();
        if !json {
            let space = if nth == 0 { "" } else { "\n" };
            write!(out, "{space}{}", report::heading(&subject))?;
        }
        let mut failed = None;
        let mut tell = |check: &Check| {
            if !json && failed.is_none() {
                failed = write!(out, "{}", report::row(check)).and_then(|()| out.flush()).err();
            }
        };
        let examined = examine(&subject, &mut tell).await;
        if let Some(error) = failed {
            return Err(error.into());
        }
        if json {
            writeln!(out, "{}", report::object(&subject, &examined))?;
        } else {
            write!(out, "{}", report::verdict(&subject, &examined))?;
        }
        all_fit &= examined.fits();
    }
    Ok(all_fit)
}

/// The models to ask: one, where the same plays and judges.
fn subjects(arguments: &Arguments) -> Result<Vec<Subject>, TestError> {
    let (uses, _) = unbounded_channel();
    // A test is not counted: whoever sets limits wants to know whether the model works.
    let budget = Budget::unlimited(Arc::new(SystemClock));
    let both = arguments.play == arguments.judge;
    let player = if both || arguments.play { arguments.models.player(&budget, &uses)? } else { None };
    let judge = if both || arguments.judge { arguments.models.judge(&budget, &uses)? } else { None };
    let play = |model: Model, patience: Duration| Subject { model, patience: Some(patience), judges: false };
    match (player, judge) {
        (Some(player), Some(judge)) if is_same(&player.model, &judge.model) => {
            Ok(vec![Subject { judges: true, ..play(player.model, player.patience) }])
        }
        (None, None) if both => Err(TestError::NoModel),
        (None, None) if arguments.play => Err(TestError::NotThis(
            "aucun modèle ne joue les personnages : indiquez COMPTOIR_MODEL_URL ou COMPTOIR_PLAY_URL, sans COMPTOIR_PLAY=comptoir",
        )),
        (None, None) => Err(TestError::NotThis(
            "aucun modèle ne note : indiquez COMPTOIR_MODEL_URL ou COMPTOIR_JUDGE_URL, sans COMPTOIR_JUDGE=rules",
        )),
        (player, judge) => {
            let player = player.map(|player| play(player.model, player.patience));
            let judge = judge.map(|judge| Subject { model: judge.model, patience: None, judges: true });
            Ok(player.into_iter().chain(judge).collect())
        }
    }
}

/// Whether two uses ask the same model in the same way, temperature apart.
fn is_same(one: &Model, other: &Model) -> bool {
    let (one, other) = (one.endpoint(), other.endpoint());
    let same = one.address == other.address && one.model == other.model && one.key == other.key;
    same && one.headers == other.headers && one.extra == other.extra
}
