//! The trainer's guide names every field of the files it explains, and every word that they may hold.

use std::collections::BTreeSet;

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
