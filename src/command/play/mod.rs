//! `comptoir play`: characters without a server, from scripts or in a terminal.
//!
//! Input: one script a line on stdin, or what a person types. Output: one played conversation a line, or a rehearsal.
//! Invariant: the same script with the same seed gives the same conversation.

mod rehearsal;
mod script;
mod terminal;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::library::Library;

/// Arguments of `comptoir play`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Situation to rehearse in the terminal; without it, scripts are read from stdin, one JSON object a line:
    /// {"persona": "fuite-colere", "turns": ["Bonjour.", {"move": {"kind": "hold"}}], "seed": 1}.
    persona: Option<String>,
    /// Seed of every choice of wording, in a rehearsal.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Show coach hints, in a rehearsal.
    #[arg(long)]
    hints: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let library = Library::open("").context("read the content")?;
    let content = library.content();
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    let mut output = io::BufWriter::new(output);
    let fine = if arguments.persona.is_some() || io::stdin().is_terminal() {
        let wish =
            terminal::Wish { persona: arguments.persona.as_deref(), seed: arguments.seed, hints: arguments.hints };
        terminal::rehearse(&content, &wish, input, &mut output).context("rehearse")?
    } else {
        script::play_all(&content, input, &mut output).context("play the scripts")?
    };
    output.flush().context("write to stdout")?;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
