//! The trainer's guide names every field of the files it explains, and every word that they may hold; and what people
//! read calls whoever learns by one word.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use comptoir::organisation::OrganisationFile;
use comptoir::persona::PersonaFile;
use comptoir::rubric::RubricFile;
use comptoir::rubric::booklet::BookletFile;
use schemars::schema_for;
use serde_json::Value;

/// Field names and closed words of a schema.
fn words(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(fields)) = object.get("properties") {
                found.extend(fields.keys().cloned());
            }
            if let Some(Value::String(word)) = object.get("const") {
                found.insert(word.clone());
            }
            if let Some(Value::Array(list)) = object.get("enum") {
                found.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            object.values().for_each(|below| words(below, found));
        }
        Value::Array(list) => list.iter().for_each(|below| words(below, found)),
        _ => {}
    }
}

#[test]
fn the_trainers_guide_explains_every_field_and_every_word() {
    let guide = include_str!("../docs/fr/guide-formateur.md");
    let mut found = BTreeSet::new();
    for schema in
        [schema_for!(PersonaFile), schema_for!(RubricFile), schema_for!(BookletFile), schema_for!(OrganisationFile)]
    {
        words(schema.as_value(), &mut found);
    }
    assert!(found.contains("asked_by") && found.contains("tension_fell"), "the schemas are read");
    // Some stand as a part's title, `[[fact]]` or `[lines]`, some as an example in quotes.
    let told = |word: &str| {
        [format!("`{word}`"), format!("[{word}]"), format!("`{word} "), format!("\"{word}\""), format!(".{word}]")]
            .iter()
            .chain(&[format!(".{word}`"), format!("{{ {word} =")])
            .any(|shape| guide.contains(shape.as_str()))
    };
    let missing: Vec<&String> = found.iter().filter(|word| !told(word)).collect();
    assert!(missing.is_empty(), "docs/fr/guide-formateur.md does not explain: {missing:?}");
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn whoever_learns_is_called_by_one_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Not in `hearing` and `reply::guard`: those know the words that others use.
    let folders = [
        "docs/fr",
        "web/templates",
        "web/js",
        "src/command",
        "src/config",
        "src/export",
        "src/persona",
        "src/rubric",
        "src/scoring",
        "src/server",
        "src/writing",
        "personas",
        "rubrics",
    ];
    let texts = folders.iter().flat_map(|folder| files(&root.join(folder))).chain([root.join("README.md")]);
    let other =
        texts.filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.to_lowercase().contains("apprenant")));
    assert_eq!(other.collect::<Vec<_>>(), Vec::<PathBuf>::new(), "say « stagiaire »");
}
