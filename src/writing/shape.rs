//! The shape of each field of a persona file, read from the schema of its type.
//!
//! Input: a pattern, `fact[].says`. Output: what may stand there. Invariant: bounds are those of the schema, so the
//! form asks for what loading requires.

use std::sync::LazyLock;

use serde_json::Value;

use crate::persona::PersonaFile;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(PersonaFile).to_value());

/// What may stand in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A text.
    Text { longest: Option<u64> },
    /// A whole number.
    Number { least: i64, most: i64, default: Option<i64> },
    /// One of these words.
    Word(Vec<String>),
    /// Texts.
    List { least: u64, most: Option<u64> },
    /// Wordings: one list, or one for each mood.
    Says { least: u64 },
    /// Wordings of its own, or a fact.
    Answer { least: u64 },
    /// A list of tables.
    Entries { least: u64 },
    /// Fields.
    Table,
}

/// The shape at a pattern, and whether the field must be there.
pub(super) fn at(pattern: &str) -> Option<(Shape, bool)> {
    let schema = schema_at(pattern)?;
    let (above, name) = pattern.rsplit_once('.').unwrap_or(("", pattern));
    let table = if above.is_empty() { Some(&*SCHEMA) } else { schema_at(above).map(followed) };
    let listed = table.and_then(|table| table.get("required")).and_then(Value::as_array);
    // Of fields that are alike all are wanted, where the schema names them.
    let required = listed.is_some_and(|list| name == "*" || list.iter().any(|listed| listed == name));
    Some((shape(schema)?, required))
}

/// The fields that must be there in the table at a pattern, as the schema lists them.
pub(super) fn required_below(pattern: &str) -> Vec<(String, Shape)> {
    let Some(table) = schema_at(pattern).map(followed) else { return Vec::new() };
    let names = table.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    names.filter_map(|name| Some((name.to_owned(), shape(table.get("properties")?.get(name)?)?))).collect()
}

fn schema_at(pattern: &str) -> Option<&'static Value> {
    let mut schema = &*SCHEMA;
    for step in pattern.split('.') {
        let (name, inside) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let table = followed(schema);
        schema = if name == "*" { any_of(table)? } else { table.get("properties")?.get(name)? };
        if inside {
            schema = followed(schema).get("items")?;
        }
    }
    Some(schema)
}

/// The field that stands for all of a table whose fields are alike.
fn any_of(table: &'static Value) -> Option<&'static Value> {
    let alike = table.get("properties").and_then(Value::as_object).and_then(|fields| fields.values().next());
    alike.or_else(|| table.get("additionalProperties").filter(|rest| rest.is_object()))
}

fn shape(schema: &'static Value) -> Option<Shape> {
    let default = schema.get("default").and_then(Value::as_i64);
    let schema = followed(schema);
    let number = |key| schema.get(key).and_then(Value::as_u64);
    if let Some(alternatives) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
        let words: Option<Vec<String>> =
            alternatives.iter().map(|one| Some(one.get("const")?.as_str()?.to_owned())).collect();
        return words.map(Shape::Word).or_else(|| wordings(alternatives));
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<_>>().map(Shape::Word);
    }
    let kind = schema.get("type")?;
    let kind = kind.as_str().or_else(|| kind.as_array()?.iter().filter_map(Value::as_str).find(|kind| *kind != "null"));
    match kind? {
        "string" => Some(Shape::Text { longest: number("maxLength") }),
        "integer" => {
            let bound = |key, otherwise| schema.get(key).and_then(Value::as_i64).unwrap_or(otherwise);
            Some(Shape::Number { least: bound("minimum", i64::MIN), most: bound("maximum", i64::MAX), default })
        }
        "array" => {
            let least = number("minItems").unwrap_or(0);
            let items = followed(schema.get("items")?);
            let texts = items.get("type").is_some_and(|kind| kind == "string");
            Some(if texts { Shape::List { least, most: number("maxItems") } } else { Shape::Entries { least } })
        }
        "object" => Some(Shape::Table),
        _ => None,
    }
}

/// A list, or a table of lists: wordings; the same or a fact: an answer.
fn wordings(alternatives: &'static [Value]) -> Option<Shape> {
    let first = followed(alternatives.first()?);
    if first.get("type").is_some_and(|kind| kind == "array") {
        return Some(Shape::Says { least: first.get("minItems").and_then(Value::as_u64).unwrap_or(0) });
    }
    match shape(first)? {
        Shape::Says { least } => Some(Shape::Answer { least }),
        _ => None,
    }
}

/// What a reference, or a choice between one thing and nothing, stands for.
fn followed(schema: &'static Value) -> &'static Value {
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
    let optional = schema.get("anyOf").and_then(Value::as_array).and_then(|list| match &list[..] {
        [one, nothing] if nothing.get("type").is_some_and(|kind| kind == "null") => Some(one),
        _ => None,
    });
    match reference.and_then(|name| SCHEMA.get("$defs")?.get(name)).or(optional) {
        Some(schema) => followed(schema),
        None => schema,
    }
}

/// Every pattern under which a value stands in a persona file.
#[cfg(test)]
pub(super) fn patterns() -> std::collections::BTreeSet<String> {
    fn walk(pattern: &str, schema: &'static Value, found: &mut std::collections::BTreeSet<String>) {
        let below = |name: &str| if pattern.is_empty() { name.to_owned() } else { format!("{pattern}.{name}") };
        let table = followed(schema);
        match if pattern.is_empty() { Some(Shape::Table) } else { shape(schema) } {
            Some(Shape::Table) => {
                let fields = table.get("properties").and_then(Value::as_object);
                let alike = pattern == "identity" || pattern == "reactions";
                match fields.filter(|_| !alike) {
                    Some(fields) => fields.iter().for_each(|(name, field)| walk(&below(name), field, found)),
                    None => walk(&below("*"), any_of(table).expect("fields or one for all"), found),
                }
            }
            Some(Shape::Entries { .. }) => {
                found.insert(pattern.to_owned());
                walk(&format!("{pattern}[]"), followed(table).get("items").expect("items"), found);
            }
            Some(_) => drop(found.insert(pattern.to_owned())),
            None => panic!("the form cannot show {pattern}"),
        }
    }
    let mut found = std::collections::BTreeSet::new();
    walk("", &SCHEMA, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_schema() {
        let check = |pattern: &str, expect| assert_eq!(at(pattern), expect, "{pattern}");
        check("title", Some((Shape::Text { longest: Some(80) }, true)));
        check("trains", Some((Shape::List { least: 2, most: Some(4) }, true)));
        check("caller.handset", Some((Shape::Text { longest: None }, false)));
        check("caller.sex", Some((Shape::Word(vec!["f".into(), "m".into()]), true)));
        check("temper.patience", Some((Shape::Number { least: 1, most: 6, default: Some(2) }, false)));
        check("fact", Some((Shape::Entries { least: 1 }, true)));
        check("fact[].asked_by", Some((Shape::List { least: 15, most: None }, true)));
        check("fact[].says", Some((Shape::Says { least: 3 }, true)));
        check("identity.*", Some((Shape::Answer { least: 3 }, true)));
        check("reactions.*.says", Some((Shape::Says { least: 0 }, true)));
        check("reactions.*.tension", Some((Shape::Number { least: -3, most: 3, default: Some(0) }, false)));
        check("trigger", Some((Shape::Entries { least: 0 }, false)));
        check("lines.listens", Some((Shape::Says { least: 10 }, true)));
        check("cues", Some((Shape::Table, false)));
        check("cues.calm", Some((Shape::List { least: 5, most: None }, true)));
        check("examples.*", Some((Shape::Text { longest: None }, false)));
        check(
            "expects.urgency",
            Some((Shape::Word(["immediate", "24h", "week", "none"].map(Into::into).into()), true)),
        );
        check("colour", None);
    }
}
