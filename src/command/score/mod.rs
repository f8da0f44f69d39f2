//! `comptoir score FILE…`: transcripts rated by the rubric's rules, and by a language model beside them if wanted.
//!
//! Input: transcripts in the exchange shape, one a file. Output: one JSON object a line, or text for people. Invariant: a
//! file that cannot be read is told about and the others are rated all the same; what a model cannot judge keeps the
//! rules' marks, and is told about.

mod judged;
mod line;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use self::judged::Panel;
use crate::config::Models;
use crate::content::Content;
use crate::hearing::Ears;
use crate::library::Library;
use crate::rubric::Rubric;
use crate::scoring::{Report, report};
use crate::transcript::{Transcript, format};

pub(super) use text::text;

/// Arguments of `comptoir score`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Transcripts: {"persona": "…", "channel": "phone", "turns": [{"speaker": "trainee", "text": "…"}]}.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Rubric to rate by.
    #[arg(long, default_value = "bloc1")]
    rubric: String,
    /// Who judges: the rules, or a model beside them, as set for the service.
    #[arg(long, value_enum, default_value_t)]
    judge: By,
    /// One JSON object a line, or text for people.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Which model judges.
    #[command(flatten)]
    models: Models,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum By {
    #[default]
    Rules,
    Model,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Json,
    Text,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let library = Library::open("").context("read the content")?;
    let content = library.content();
    let rubric = content.rubric(&arguments.rubric).with_context(|| {
        let known: Vec<&str> = content.rubrics().map(|rubric| rubric.id()).collect();
        format!("find the rubric \"{}\" among {}", arguments.rubric, known.join(", "))
    })?;
    let panel = match arguments.judge {
        By::Rules => None,
        By::Model => Some(Panel::of(&arguments.models)?),
    };
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut ears = BTreeMap::new();
    let mut all_rated = true;
    for file in &arguments.files {
        match rate(file, &content, rubric, &mut ears, panel.as_ref()) {
            Ok((transcript, report)) => {
                let text = match arguments.format {
                    Format::Json => line::line(&file.display().to_string(), &report)? + "\n",
                    Format::Text => text(&file.display().to_string(), &transcript, &report, rubric),
                };
                output.write_all(text.as_bytes()).context("write to stdout")?;
                all_rated &= report.scorecard.model.as_ref().is_none_or(|judge| judge.given_up.is_empty());
            }
            Err(error) => {
                all_rated = false;
                eprintln!("comptoir: failed to rate {}: {error:#}", file.display());
            }
        }
        // A model takes its time: what is there is told.
        if panel.is_some() {
            output.flush().context("write to stdout")?;
        }
    }
    output.flush().context("write to stdout")?;
    Ok(if all_rated { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rate(
    file: &Path,
    content: &Content,
    rubric: &Rubric,
    ears: &mut BTreeMap<String, Ears>,
    panel: Option<&Panel>,
) -> anyhow::Result<(Transcript, Report)> {
    let text = std::fs::read_to_string(file).context("read the file")?;
    let transcript = format::read_exchange(&text)?;
    let id = &transcript.persona;
    let persona = content.persona(id).with_context(|| format!("find the persona \"{id}\""))?;
    let ears = ears.entry(id.clone()).or_insert_with(|| Ears::new(persona, content.organisation()));
    let rules = report(&transcript, persona, ears, rubric);
    let report = match panel {
        None => rules,
        Some(panel) => panel.complete(file, &transcript, (persona, ears, content.organisation()), rubric, &rules),
    };
    Ok((transcript, report))
}
