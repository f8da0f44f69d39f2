//! `comptoir check`: every fault of every content file, as a compiler prints them.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::content::{Content, File, Files, Kind, shipped};
use crate::fault::Fault;
use crate::library;
use crate::organisation::OrganisationFile;
use crate::persona::PersonaFile;
use crate::rubric::RubricFile;
use crate::rubric::booklet::BookletFile;

/// Arguments of `comptoir check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files or folders to check; without any, `personas/` and `rubrics/` of the working folder, or what the
    /// program ships where it has none.
    paths: Vec<PathBuf>,
    /// How to print the faults.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the JSON Schemas of personas, rubrics, booklets and the directory into this folder instead.
    #[arg(long, value_name = "FOLDER", conflicts_with = "paths")]
    schemas: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: place, rule, the line, the fix.
    Text,
    /// For programs: one JSON object.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &arguments.schemas {
        return write_schemas(folder);
    }
    let here = Path::new("");
    let (working, unreadable) = library::read(here, &library::content_paths(here));
    let (given, mut faults) = library::read(here, &arguments.paths);
    let shipped = shipped();
    let checked: Vec<&File> = if !arguments.paths.is_empty() {
        given.iter().collect()
    } else if working.is_empty() && unreadable.is_empty() {
        shipped.iter().collect()
    } else {
        faults = unreadable;
        working.iter().collect()
    };

    // What personas refer to: the directory and rubrics given, else the working folder's, else the program's.
    let layers: [Files; 2] = [given.iter().cloned().collect(), working.iter().cloned().collect()];
    let content = Content::read(&[&layers[0], &layers[1], &shipped], Vec::new())?;
    let known = content.known();
    let grids = content.grids();
    faults.extend(checked.iter().flat_map(|file| file.faults(&known, &grids)));
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Text => write_text(&mut out, &checked, &faults),
        Format::Json => writeln!(out, "{}", json!({ "checked": checked.len(), "faults": faults })),
    }
    .context("write to stdout")?;
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write_text(out: &mut impl Write, checked: &[&File], faults: &[Fault]) -> io::Result<()> {
    for fault in faults {
        writeln!(out, "{fault}\n")?;
    }
    let kinds = [
        (Kind::Persona, "situation"),
        (Kind::Rubric, "grille"),
        (Kind::Booklet, "livret"),
        (Kind::Directory, "annuaire"),
    ];
    let counts = kinds.map(|(kind, noun)| (checked.iter().filter(|file| file.kind == kind).count(), noun));
    let read: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| plural(*n, noun)).collect();
    let read = if read.is_empty() { "rien à vérifier".to_owned() } else { read.join(", ") };
    if faults.is_empty() {
        writeln!(out, "Aucune faute : {read}.")
    } else {
        let broken: BTreeSet<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
        let (count, broken) = (plural(faults.len(), "faute"), plural(broken.len(), "fichier"));
        writeln!(out, "{count} dans {broken} ; vérifié : {read}.")
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count > 1 { format!("{count} {noun}s") } else { format!("{count} {noun}") }
}

/// The schemas by file name.
fn schemas() -> [(&'static str, Value); 4] {
    [
        ("persona.schema.json", schemars::schema_for!(PersonaFile).to_value()),
        ("rubric.schema.json", schemars::schema_for!(RubricFile).to_value()),
        ("booklet.schema.json", schemars::schema_for!(BookletFile).to_value()),
        ("directory.schema.json", schemars::schema_for!(OrganisationFile).to_value()),
    ]
}

fn write_schemas(folder: &Path) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    for (name, schema) in schemas() {
        let path = folder.join(name);
        std::fs::write(&path, format!("{schema:#}\n")).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_of_docs_are_those_of_the_types() {
        for (name, schema) in schemas() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(name);
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                kept == format!(
                    "{schema:#}
"
                ),
                "run `comptoir check --schemas docs/schemas`: {name} is out of date"
            );
        }
    }

    /// The keywords that `fault::shape` reads, or that say nothing of a value.
    const KEYWORDS: &[&str] = &[
        "$defs",
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "title",
        "type",
    ];

    #[test]
    fn the_schemas_hold_no_keyword_that_loading_would_pass_over() {
        fn keywords(schema: &Value, found: &mut BTreeSet<String>) {
            let Some(object) = schema.as_object() else { return };
            for (key, value) in object {
                found.insert(key.clone());
                match (key.as_str(), value) {
                    ("properties" | "$defs", Value::Object(fields)) => fields.values().for_each(|s| keywords(s, found)),
                    ("items" | "additionalProperties", schema) => keywords(schema, found),
                    ("anyOf" | "oneOf", Value::Array(list)) => list.iter().for_each(|schema| keywords(schema, found)),
                    ("pattern", pattern) => assert_eq!(pattern, crate::fault::SLUG),
                    _ => {}
                }
            }
        }
        let mut found = BTreeSet::new();
        for (_, schema) in &schemas() {
            keywords(schema, &mut found);
        }
        let unknown: Vec<&String> = found.iter().filter(|keyword| !KEYWORDS.contains(&keyword.as_str())).collect();
        assert_eq!(unknown, Vec::<&String>::new());
        assert!(found.contains("pattern") && found.contains("minItems"), "the walk sees the fields");
    }
}
