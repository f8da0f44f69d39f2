//! `comptoir model`: the language model that plays and judges: does it work?

mod advice;
mod examine;
mod rehearsal;
mod report;
mod test;

use std::process::ExitCode;

use clap::Subcommand;

/// Arguments of `model`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask the model as conversations do, and tell on one screen whether it can play and judge.
    Test(test::Arguments),
}

/// Runs it. What could not even be asked is told in French, on stderr.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let Command::Test(arguments) = &arguments.command;
    Ok(match runtime.block_on(test::run(arguments)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("comptoir : {error}.");
            ExitCode::from(2)
        }
    })
}
