//! `comptoir score FILE…`: transcripts rated by the rubric's rules.
//!
//! Input: transcripts in the exchange shape, one a file. Output: one JSON object a line, or text for people. Invariant: a file that cannot be read is told about and the others
//! are rated all the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use crate::content::Content;
use crate::hearing::Ears;
use crate::library::Library;
use crate::rubric::Rubric;
use crate::scoring::{Evidence, Level, NO_EMOTION, Report, Score, Speech, report};
use crate::transcript::{Transcript, format};

/// Arguments of `comptoir score`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Transcripts: {"persona": "…", "channel": "phone", "turns": [{"speaker": "trainee", "text": "…"}]}.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Rubric to rate by.
    #[arg(long, default_value = "bloc1")]
    rubric: String,
    /// One JSON object a line, or text for people.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Json,
    Text,
}

#[derive(Serialize)]
struct Line<'a> {
    file: String,
    persona: &'a str,
    rubric: &'a str,
    criteria: Vec<CriterionLine<'a>>,
    axes: &'a [Score],
    competences: &'a [Score],
    #[serde(rename = "cr")]
    by_criterion: &'a [Score],
    engine: &'a str,
    speech: Option<&'a Speech>,
}

#[derive(Serialize)]
struct CriterionLine<'a> {
    id: &'a str,
    level: Option<Level>,
    evidence: &'a [Evidence],
    reason: &'a str,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let library = Library::open("").context("read the content")?;
    let content = library.content();
    let rubric = content.rubric(&arguments.rubric).with_context(|| {
        let known: Vec<&str> = content.rubrics().map(|rubric| rubric.id()).collect();
        format!("find the rubric \"{}\" among {}", arguments.rubric, known.join(", "))
    })?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut ears = BTreeMap::new();
    let mut all_rated = true;
    for file in &arguments.files {
        match rate(file, &content, rubric, &mut ears) {
            Ok((transcript, report)) => {
                let text = match arguments.format {
                    Format::Json => serde_json::to_string(&line(file, &report)).context("write a scorecard")? + "\n",
                    Format::Text => text(&file.display().to_string(), &transcript, &report, rubric),
                };
                output.write_all(text.as_bytes()).context("write to stdout")?;
            }
            Err(error) => {
                all_rated = false;
                eprintln!("comptoir: failed to rate {}: {error:#}", file.display());
            }
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
) -> anyhow::Result<(Transcript, Report)> {
    let text = std::fs::read_to_string(file).context("read the file")?;
    let transcript = format::read_exchange(&text)?;
    let id = &transcript.persona;
    let persona = content.persona(id).with_context(|| format!("find the persona \"{id}\""))?;
    let ears = ears.entry(id.clone()).or_insert_with(|| Ears::new(persona, content.organisation()));
    let report = report(&transcript, persona, ears, rubric);
    Ok((transcript, report))
}

fn line<'a>(file: &Path, report: &'a Report) -> Line<'a> {
    let card = &report.scorecard;
    Line {
        file: file.display().to_string(),
        persona: &card.persona,
        rubric: &card.rubric,
        criteria: card
            .marks
            .iter()
            .map(|mark| CriterionLine {
                id: &mark.id,
                level: mark.level,
                evidence: &mark.evidence,
                reason: &mark.reason,
            })
            .collect(),
        axes: &card.axes,
        competences: &card.competences,
        by_criterion: &card.criteria,
        engine: &card.engine,
        speech: report.speech.as_ref(),
    }
}

/// The scorecard for people, in French; `name` stands above it.
pub(super) fn text(name: &str, transcript: &Transcript, report: &Report, rubric: &Rubric) -> String {
    let mut text = String::new();
    let card = &report.scorecard;
    let _ = writeln!(text, "{name} — {}", transcript.persona);
    let _ = writeln!(text, "{}\n", report.summary);
    for axis in &card.axes {
        let name = rubric.axis(&axis.id).map_or(axis.id.as_str(), |axis| axis.name.as_str());
        let score = axis.score.map_or_else(|| "sans objet".to_owned(), |score| format!("{score} / 100"));
        let _ = writeln!(text, "  {name:<26} {score}");
    }
    for (indicator, mark) in rubric.indicators().iter().zip(&card.marks) {
        let level = match mark.level {
            Some(Level::Observed) => "observé",
            Some(Level::Partial) => "partiel",
            Some(Level::Missed) => "non observé",
            None => "sans objet",
        };
        let _ = writeln!(text, "\n{:<7} {} : {level}", mark.id, indicator.label);
        if mark.level.is_some() {
            let _ = writeln!(text, "        {}", mark.reason);
        }
        for evidence in &mark.evidence {
            let words = if evidence.quote.is_empty() { "(attendu ici)" } else { evidence.quote.as_str() };
            let _ = writeln!(text, "        tour {} : {words}", evidence.turn);
        }
    }
    if let Some(speech) = &report.speech {
        let _ = writeln!(text, "\nLa parole, en chiffres");
        for figure in speech.figures("l'autre") {
            let _ = writeln!(text, "  {:<26} {}", figure.label, figure.value);
            if !figure.note.is_empty() {
                let _ = writeln!(text, "  {:<26} {}", "", figure.note);
            }
            for turn in &figure.turns {
                let _ = writeln!(text, "  {:<26} tour {turn}", "");
            }
        }
        let _ = writeln!(text, "  {NO_EMOTION}");
    }
    if !report.asides.is_empty() {
        let _ = writeln!(text, "\nParoles qui ne s'adressent pas à l'interlocuteur, non comptées");
    }
    for (turn, words) in &report.asides {
        let _ = writeln!(text, "  tour {turn} : {words}");
    }
    if !report.advice.is_empty() {
        let _ = writeln!(text, "\nCe qui aurait le plus aidé");
    }
    for advice in &report.advice {
        let _ = writeln!(text, "  - {}", advice.text);
        if let Some(example) = &advice.example {
            let _ = writeln!(text, "    Par exemple : {example}");
        }
    }
    text.push_str("\nMarques proposées par des règles, à valider par un formateur.\n\n");
    text
}
