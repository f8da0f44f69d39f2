//! The commands: one file each, one signature, one line in `Command`.
//!
//! Input: the arguments. Output: text on stdout and an exit code: 0 done, 1 the answer is no (a fault was found),
//! 2 it could not be done. Invariant: results go to stdout, everything else to stderr.

mod agreement;
mod check;
mod export;
mod model;
mod play;
mod score;
mod serve;
mod user;
mod voice;

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Rehearse desk and phone conversations of French social housing reception.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "made once, from the command line")]
enum Command {
    /// Measure how far automatic marks agree with trainers' reviews.
    Agreement(agreement::Arguments),
    /// Check personas, rubrics and the directory, and print every fault.
    Check(check::Arguments),
    /// Write what a group or a person has rehearsed as CSV, XLSX or JSON.
    Export(export::Arguments),
    /// Find out whether the language model that plays and judges works.
    Model(model::Arguments),
    /// Play scripts, or rehearse a situation in the terminal.
    Play(play::Arguments),
    /// Serve the pages and the conversations.
    Serve(serve::Arguments),
    /// Rate transcripts by the rubric's rules, and by a model if wanted, quoting the evidence.
    Score(score::Arguments),
    /// List, invite, reset, close and erase accounts.
    User(user::Arguments),
    /// Get, list and try the models that recognise speech.
    Voice(voice::Arguments),
}

/// Reads the command line and runs it.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Agreement(arguments) => agreement::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Play(arguments) => play::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::User(arguments) => user::run(&arguments),
        Command::Voice(arguments) => voice::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        if reader_left(&error) {
            return ExitCode::SUCCESS;
        }
        eprintln!("comptoir: failed to {error:#}");
        ExitCode::from(2)
    })
}

/// Whether whoever read our output has seen enough: `comptoir check | head`.
fn reader_left(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe))
}
