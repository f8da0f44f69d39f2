//! A file's values against the JSON Schema of their type.
//!
//! The schema that editors use to complete a file is also what the file is read by: fields, types, ranges,
//! counts and lengths are written once, on the Rust type. Understands what our schemas hold, no more; a
//! keyword unknown to it would go unchecked, so a test of `command::check` holds those in use to its list.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde_json::{Map, Value, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::bounds::{check_count, check_range, check_repeats, check_text};
use super::{Path, Report, nearest};

/// The value with the shape of `T`: what is missing or misshapen is reported and replaced.
pub(super) fn conform<T: JsonSchema>(value: &Spanned<DeValue<'_>>, report: &mut Report<'_>) -> Value {
    let schema = schemars::schema_for!(T).to_value();
    let shapes = Shapes { definitions: schema.get("$defs").and_then(Value::as_object) };
    shapes.conform(&schema, value, &Path::root(), report)
}

struct Shapes<'s> {
    definitions: Option<&'s Map<String, Value>>,
}

impl<'s> Shapes<'s> {
    fn conform(&self, schema: &'s Value, value: &Spanned<DeValue<'_>>, path: &Path, report: &mut Report<'_>) -> Value {
        let variants = self.variants(schema);
        if let Some(words) = choice(&variants) {
            return conform_choice(&words, value, path, report);
        }
        let Some(schema) = best(&variants, value.get_ref()) else {
            let wanted: BTreeSet<&str> = variants.iter().filter_map(|variant| kind_of(variant)).map(french).collect();
            let wanted = wanted.into_iter().collect::<Vec<_>>().join(" ou ");
            let found = french(kind_of_value(value.get_ref()));
            report.add_and_replace(path, format!("{found}, {wanted} attendu"), format!("écrivez {wanted}"));
            return self.stand_in(schema);
        };
        match value.get_ref() {
            DeValue::Table(table) => self.conform_table(schema, table, path, report),
            DeValue::Array(list) => {
                check_count(schema, list.len(), path, report);
                check_repeats(list, path, report);
                let items = list.iter().enumerate();
                match schema.get("items") {
                    Some(item) => items.map(|(i, value)| self.conform(item, value, &path.at(i), report)).collect(),
                    None => json!([]),
                }
            }
            DeValue::String(text) => {
                check_text(schema, text, path, report);
                json!(text)
            }
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX);
                check_range(schema, &json!(parsed), path, report)
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().parse::<f64>().unwrap_or(f64::NAN);
                check_range(schema, &json!(parsed), path, report)
            }
            DeValue::Boolean(yes) => json!(yes),
            DeValue::Datetime(date) => json!(date.to_string()),
        }
    }

    fn conform_table(&self, schema: &'s Value, table: &DeTable<'_>, path: &Path, report: &mut Report<'_>) -> Value {
        let empty = Map::new();
        let fields = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let rest = schema.get("additionalProperties").filter(|rest| rest.is_object());
        let mut shaped = Map::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let below = path.key(name);
            if let Some(field) = field_of(schema, name).or(rest) {
                shaped.insert(name.to_owned(), self.conform(field, value, &below, report));
            } else {
                let names: Vec<&str> = fields.keys().map(String::as_str).collect();
                let missing: Vec<&str> = names.iter().copied().filter(|name| table.get(*name).is_none()).collect();
                let known = if nearest(name, missing.iter().copied()).is_some() { missing } else { names };
                let fix = format!("{} ; sinon, retirez ce champ", propose(name, &known));
                report.add_at_key(&key.span(), &below, "champ inconnu".to_owned(), fix);
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if shaped.contains_key(name) {
                continue;
            }
            let Some(field) = field_of(schema, name) else { continue };
            let wanted = self.variants(field);
            let fix = match choice(&wanted) {
                Some(words) => format!("ajoutez {name} = \"{}\" (au choix : {})", words[0], words.join(", ")),
                None => format!("ajoutez {name} = {}", sample(&wanted)),
            };
            report.add_and_replace(&path.key(name), "champ manquant".to_owned(), fix);
            shaped.insert(name.to_owned(), self.stand_in(field));
        }
        Value::Object(shaped)
    }

    /// The schemas of which one must fit: itself, or its alternatives, references followed, `null` left out.
    fn variants(&self, schema: &'s Value) -> Vec<&'s Value> {
        let schema = self.followed(schema);
        let alternatives = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(key)).and_then(Value::as_array);
        match alternatives {
            Some(list) => list.iter().flat_map(|schema| self.variants(schema)).collect(),
            None if schema.get("type").is_some_and(|kind| kind == "null") => Vec::new(),
            None => vec![schema],
        }
    }

    fn followed(&self, schema: &'s Value) -> &'s Value {
        schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| self.definitions?.get(reference.strip_prefix("#/$defs/")?))
            .map_or(schema, |schema| self.followed(schema))
    }

    /// A harmless value of that shape.
    fn stand_in(&self, schema: &'s Value) -> Value {
        let variants = self.variants(schema);
        if let Some(words) = choice(&variants) {
            return json!(words.first());
        }
        let Some(schema) = variants.first() else { return Value::Null };
        match kind_of(schema) {
            Some("object") => {
                let names = schema.get("required").and_then(Value::as_array);
                names
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .filter_map(|name| Some((name.to_owned(), self.stand_in(field_of(schema, name)?))))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Some("array") => json!([]),
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(0)),
            Some("boolean") => json!(false),
            _ => json!(""),
        }
    }
}

fn conform_choice(words: &[&str], value: &Spanned<DeValue<'_>>, path: &Path, report: &mut Report<'_>) -> Value {
    let known = value.get_ref().as_str().filter(|text| words.contains(text));
    if let Some(word) = known {
        return json!(word);
    }
    let (rule, fix) = if let Some(text) = value.get_ref().as_str() {
        (format!("« {text} » n'est pas une valeur connue"), propose(text, words))
    } else {
        let found = french(kind_of_value(value.get_ref()));
        (format!("{found}, l'un des mots prévus attendu"), propose("", words))
    };
    report.add_and_replace(path, rule, fix);
    json!(words.first())
}

fn field_of<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    schema.get("properties")?.get(name)
}

/// The words to choose from, if all alternatives are words.
fn choice<'s>(variants: &[&'s Value]) -> Option<Vec<&'s str>> {
    let mut words = Vec::new();
    for variant in variants {
        match (variant.get("const"), variant.get("enum").and_then(Value::as_array)) {
            (Some(word), _) => words.push(word.as_str()?),
            (None, Some(list)) => words.extend(list.iter().filter_map(Value::as_str)),
            (None, None) => return None,
        }
    }
    (!words.is_empty()).then_some(words)
}

/// The alternative meant: of the value's kind and, among tables, the one that knows most of its fields.
fn best<'s>(variants: &[&'s Value], value: &DeValue<'_>) -> Option<&'s Value> {
    let found = kind_of_value(value);
    let fits = |wanted: &str| wanted == found || (wanted == "number" && found == "integer");
    let known = |variant: &Value| {
        let table = value.as_table();
        table.map_or(0, |table| table.keys().filter(|key| field_of(variant, key.get_ref().as_ref()).is_some()).count())
    };
    // `max_by_key` keeps the last of equals; the first is the one to prefer.
    variants
        .iter()
        .rev()
        .copied()
        .filter(|variant| kind_of(variant).is_some_and(fits))
        .max_by_key(|variant| known(variant))
}

fn kind_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn kind_of_value(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

fn french(kind: &str) -> &'static str {
    match kind {
        "string" => "texte entre guillemets",
        "integer" => "nombre entier",
        "number" => "nombre",
        "boolean" => "true ou false",
        "date" => "date",
        "array" => "liste [ … ]",
        _ => "groupe de champs { … }",
    }
}

/// What a missing field looks like.
fn sample(variants: &[&Value]) -> String {
    let Some(schema) = variants.first() else { return "…".to_owned() };
    let bound = |key| schema.get(key).and_then(Value::as_f64);
    match kind_of(schema) {
        Some("string") => "\"…\"".to_owned(),
        Some("integer" | "number") => match (bound("minimum"), bound("maximum")) {
            (Some(low), Some(high)) => format!("… (nombre de {low} à {high})"),
            _ => "… (nombre)".to_owned(),
        },
        Some("boolean") => "true ou false".to_owned(),
        Some("array") => match schema.get("minItems").and_then(Value::as_u64) {
            Some(least) if least > 1 => format!("[ … ] (liste, au moins {least} éléments)"),
            _ => "[ … ] (liste)".to_owned(),
        },
        _ => "{ … } (groupe de champs)".to_owned(),
    }
}

fn propose(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("écrivez peut-être {near}"),
        None => format!("au choix : {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::{SLUG, Source};
    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read through Debug")]
    struct Card {
        #[schemars(regex(pattern = SLUG))]
        id: String,
        #[schemars(range(min = 1, max = 3))]
        level: u8,
        colour: Colour,
        #[schemars(length(min = 2, max = 3))]
        words: Vec<String>,
        #[serde(default)]
        says: Option<Says>,
        #[serde(default)]
        more: BTreeMap<String, f32>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        /// Documented: becomes `oneOf`.
        Red,
        Green,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "read through Debug")]
    enum Says {
        Any(Vec<String>),
        ByMood { calm: Vec<String>, tense: Vec<String> },
    }

    fn check(text: &str, expected: &[(usize, &str, &str)]) {
        let source = Source::parse("f.toml", text).unwrap();
        let (card, report) = source.read::<Card>();
        assert!(card.is_some(), "what cannot be read is replaced: {text}");
        let faults = report.into_faults();
        let found: Vec<_> = faults.iter().map(|f| (f.line, f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    const GOOD: &str = "id = \"a-1\"\nlevel = 2\ncolour = \"red\"\nwords = [\"a\", \"b\"]\n";

    #[test]
    fn a_file_in_shape_has_no_fault() {
        check(GOOD, &[]);
        check(&format!("{GOOD}says = [\"x\"]\nmore = {{ a = 1, \"b.c\" = 0.5 }}\n"), &[]);
        check(&format!("{GOOD}[says]\ncalm = [\"x\"]\ntense = [\"y\"]\n"), &[]);
    }

    #[test]
    fn each_slip_is_told_at_its_line() {
        check(&GOOD.replace("a-1", "A 1"), &[(1, "id", "« A 1 » n'est pas un identifiant")]);
        check(&GOOD.replace("= 2", "= 7"), &[(2, "level", "7 est hors limites")]);
        check(&GOOD.replace("= 2", "= 99999999999999999999"), &[(2, "level", "9223372036854776000 est hors limites")]);
        check(&GOOD.replace("= 2", "= \"2\""), &[(2, "level", "texte entre guillemets, nombre entier attendu")]);
        check(&GOOD.replace("red", "reed"), &[(3, "colour", "« reed » n'est pas une valeur connue")]);
        check(&GOOD.replace(", \"b\"", ""), &[(4, "words", "1 élément, il en faut au moins 2")]);
        check(
            &GOOD.replace("\"b\"", "\"\", \"c\", \" d\""),
            &[
                (4, "words", "4 éléments, 3 au plus"),
                (4, "words[1]", "texte vide"),
                (4, "words[3]", "espace au début ou à la fin du texte"),
            ],
        );
        check(
            &format!("{GOOD}[says]\ncalm = [\"x\"]\nangry = []\n"),
            &[(5, "says.tense", "champ manquant"), (7, "says.angry", "champ inconnu")],
        );
        check(
            &format!("{GOOD}says = 3\n"),
            &[(5, "says", "nombre entier, groupe de champs { … } ou liste [ … ] attendu")],
        );
    }

    #[test]
    fn all_faults_are_told_at_once() {
        check(
            "levle = 9\ncolour = 1\n",
            &[
                (1, "id", "champ manquant"),
                (1, "level", "champ manquant"),
                (1, "levle", "champ inconnu"),
                (1, "words", "champ manquant"),
                (2, "colour", "nombre entier, l'un des mots prévus attendu"),
            ],
        );
    }

    #[test]
    fn a_mistyped_field_is_traced_to_the_one_that_is_missing() {
        let source = Source::parse("f.toml", "levle = 2").unwrap();
        let faults = source.read::<Card>().1.into_faults();
        let fault = faults.iter().find(|fault| fault.field == "levle").unwrap();
        assert_eq!(fault.fix, "écrivez peut-être level ; sinon, retirez ce champ");
    }
}
