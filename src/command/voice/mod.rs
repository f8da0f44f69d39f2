//! `comptoir voice`: the model that recognises speech: get one, see them, try one.

mod install;
mod list;
mod models;
mod test;

use std::process::ExitCode;

use clap::Subcommand;

/// Arguments of `voice`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Download a speech model and verify it; without a name, the one this machine can follow best.
    Install(install::Arguments),
    /// List speech models with size, speed on this machine and use.
    List(list::Arguments),
    /// Transcribe a WAV file and tell how long it took.
    Test(test::Arguments),
}

/// Why it could not be done: French, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Told(String);

/// Runs it. What goes wrong is told in French, on stderr.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(async {
        match &arguments.command {
            Command::Install(arguments) => install::run(arguments).await,
            Command::List(arguments) => list::run(arguments).await,
            Command::Test(arguments) => test::run(arguments).await,
        }
    });
    Ok(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Told(message)) => {
            eprintln!("comptoir : {message}.");
            ExitCode::from(2)
        }
    })
}
