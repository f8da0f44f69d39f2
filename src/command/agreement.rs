//! `comptoir agreement`: how far the automatic marks agree with the trainers' reviews, and trainers with each other; or two
//! files of marks with each other.
//!
//! Input: the store, or two files of JSON Lines, `{"file": "…", "levels": {"1.2.a": 2}}` or what `score` prints. Output: a table
//! for people, or one JSON object. Invariant: the store is read only; below ten conversations no agreement is told, except
//! between files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;

use crate::config::Storage;
use crate::id::GroupId;
use crate::library::Library;
use crate::rubric::Rubric;
use crate::scoring::agreement::{Agreement, Levels, Measure, agreement};
use crate::scoring::{Decision, Draft, Level};
use crate::store::Store;

/// Arguments of `comptoir agreement`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Two files of marks to compare, the reference first; without them, what the store holds.
    #[arg(num_args = 2, value_names = ["REFERENCE", "OTHER"])]
    files: Vec<PathBuf>,
    /// Only what was reviewed in this group (`grp_…`).
    #[arg(long, conflicts_with = "files")]
    group: Option<GroupId>,
    /// Rubric that the marks are of.
    #[arg(long, default_value = "bloc1")]
    rubric: String,
    /// A table for people, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Where the reviews are.
    #[command(flatten)]
    storage: Storage,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let library = Library::open("").context("read the content")?;
    let content = library.content();
    let rubric = content.rubric(&arguments.rubric).with_context(|| {
        let known: Vec<&str> = content.rubrics().map(|rubric| rubric.id()).collect();
        format!("find the rubric \"{}\" among {}", arguments.rubric, known.join(", "))
    })?;
    let told = match arguments.files.as_slice() {
        [reference, other] => {
            let (reference, other) = (read(reference)?, read(other)?);
            let missing: Vec<&str> =
                reference.keys().filter(|name| !other.contains_key(*name)).map(String::as_str).collect();
            if !missing.is_empty() {
                bail!("find marks of {} in the second file", missing.join(", "));
            }
            let pairs = reference.iter().filter_map(|(name, levels)| Some((levels, other.get(name)?)));
            vec![("files", "Les deux fichiers", agreement(rubric, pairs), 0)]
        }
        _ => of_store(arguments, rubric)?,
    };
    let text = match arguments.format {
        Format::Text => told.iter().map(|(_, title, found, enough)| table(title, found, *enough)).collect(),
        Format::Json => {
            let all: serde_json::Map<_, _> =
                told.iter().map(|(name, _, found, _)| ((*name).to_owned(), json!(found))).collect();
            format!("{}\n", serde_json::Value::Object(all))
        }
    };
    io::stdout().lock().write_all(text.as_bytes()).context("write to stdout")?;
    Ok(ExitCode::SUCCESS)
}

/// A comparison: its name, its title, what was found, and below how many conversations nothing is told.
type Told = (&'static str, &'static str, Agreement, usize);

fn of_store(arguments: &Arguments, rubric: &Rubric) -> anyhow::Result<Vec<Told>> {
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    let (published, pairs) = runtime.block_on(async {
        let store = Store::open(arguments.storage.address()).await.context("open the store")?;
        let published = store.published_levels(arguments.group).await.context("read the reviews")?;
        let pairs = store.blind_pairs(arguments.group).await.context("read the blind ratings")?;
        store.close().await;
        anyhow::Ok((published, pairs))
    })?;
    let split = |pairs: &Vec<(String, Option<Level>, Option<Level>)>| -> (Levels, Levels) {
        pairs.iter().map(|(id, automatic, trainer)| ((id.clone(), *trainer), (id.clone(), *automatic))).unzip()
    };
    let published: Vec<(Levels, Levels)> = published.iter().map(split).collect();
    let given: Vec<(Levels, Levels)> = pairs.iter().map(|(first, second)| (levels(first), levels(second))).collect();
    let found = |pairs: &[(Levels, Levels)]| agreement(rubric, pairs.iter().map(|(a, b)| (a, b)));
    let enough = crate::scoring::agreement::ENOUGH;
    Ok(vec![
        ("automatic", "Automatique et formateurs", found(&published), enough),
        ("trainers", "Entre formateurs, en aveugle", found(&given), enough),
    ])
}

fn levels(draft: &Draft) -> Levels {
    let level =
        |(id, entry): (&String, &crate::scoring::Entry)| Some((id.clone(), entry.decision.map(Decision::level)?));
    draft.entries.iter().filter_map(level).collect()
}

fn table(title: &str, found: &Agreement, enough: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{title} : {} échanges", found.readings);
    let rows = found.indicators.iter().filter(|(_, measure)| measure.items > 0);
    for (id, measure) in rows.chain(&found.axes) {
        line(&mut text, id, measure, enough);
    }
    line(&mut text, "ensemble", &found.pooled, enough);
    let _ = writeln!(text, "sans objet pour les deux : {} sur {}\n", found.left_out_by_both, found.left_out);
    text
}

#[expect(clippy::cast_precision_loss, reason = "nobody rates as many conversations")]
fn line(text: &mut String, label: &str, measure: &Measure, enough: usize) {
    let share = |n: usize| n as f64 / measure.items as f64;
    let _ = match measure.kappa {
        _ if measure.readings < enough => writeln!(
            text,
            "{label:24} n={:4}  pas encore assez de relectures ({} sur {enough})",
            measure.items, measure.readings
        ),
        None => writeln!(text, "{label:24} n=   0"),
        Some(kappa) => writeln!(
            text,
            "{label:24} n={:4}  exact={:5.2}  un={:5.2}  mae={:5.2}  kappa_w={kappa:6.3}",
            measure.items,
            share(measure.exact),
            share(measure.within_one),
            measure.error
        ),
    };
}

/// One line of a file of marks.
#[derive(Deserialize)]
struct Line {
    file: String,
    levels: Option<Levels>,
    criteria: Option<Vec<Criterion>>,
}

#[derive(Deserialize)]
struct Criterion {
    id: String,
    level: Option<Level>,
}

/// The levels of each transcript, by the name of its file without folder and ending.
fn read(path: &Path) -> anyhow::Result<BTreeMap<String, Levels>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let mut all = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("read {}, line {}", path.display(), number + 1);
        let line: Line = serde_json::from_str(line).with_context(place)?;
        let criteria = |criteria: Vec<Criterion>| criteria.into_iter().map(|one| (one.id, one.level)).collect();
        let levels = line.levels.or_else(|| line.criteria.map(criteria));
        let levels = levels.with_context(|| format!("{}: \"levels\" or \"criteria\" expected", place()))?;
        let name = Path::new(&line.file).file_stem().map_or(line.file.clone(), |stem| stem.to_string_lossy().into());
        all.insert(name, levels);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_a_file_of_marks_are_read_and_a_table_tells_what_is_not_enough() {
        let folder = tempfile::tempdir().unwrap();
        let (reference, other) = (folder.path().join("a.jsonl"), folder.path().join("b.jsonl"));
        std::fs::write(
            &reference,
            "{\"file\": \"x/un.json\", \"levels\": {\"1.2.a\": 2, \"5.1.b\": 1, \"6.1.b\": null}}\n",
        )
        .unwrap();
        let criteria = "{\"file\": \"un\", \"criteria\": [{\"id\": \"1.2.a\", \"level\": 2}, {\"id\": \"5.1.b\", \"level\": 2}]}\n";
        std::fs::write(&other, criteria).unwrap();
        let (reference, other) = (read(&reference).unwrap(), read(&other).unwrap());
        let library = Library::open(folder.path()).unwrap();
        let content = library.content();
        let found = agreement(content.rubric("bloc1").unwrap(), [(&reference["un"], &other["un"])]);
        let told = table("Essai", &found, 0);
        assert!(told.contains("ensemble                 n=   2  exact= 0.50  un= 1.00  mae= 0.50"), "{told}");
        assert!(told.contains("sans objet pour les deux : 1 sur 1"), "{told}");
        let few = table("Essai", &found, 10);
        assert!(few.contains("pas encore assez de relectures (1 sur 10)") && !few.contains("kappa"), "{few}");
        let broken = folder.path().join("c.jsonl");
        std::fs::write(&broken, "{\"file\": \"un\"}\n").unwrap();
        assert!(format!("{:#}", read(&broken).unwrap_err()).contains("line 1"));
    }
}
