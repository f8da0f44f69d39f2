//! How many, how long, how large: a value of the right kind within its bounds.
//!
//! Input: a value and its schema. Output: faults in the [`Report`]. Invariant: a bound stands in the schema, except
//! that no text is empty, endless or broken into lines, and none stands twice in one list.

use std::collections::BTreeSet;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::{Path, Report};

/// The shape of ids: lower-case letters and digits, hyphens between them.
pub const SLUG: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// The longest text where the schema gives no length, in characters.
const LONGEST: usize = 1_000;

/// As many elements as are wanted.
pub(super) fn check_count(schema: &Value, count: usize, path: &Path, report: &mut Report<'_>) {
    let bound = |key| schema.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    let found = match count {
        0 => "liste vide".to_owned(),
        1 => "1 élément".to_owned(),
        count => format!("{count} éléments"),
    };
    match (bound("minItems"), bound("maxItems")) {
        (Some(least), _) if count < least => {
            report.add(path, format!("{found}, il en faut au moins {least}"), format!("ajoutez-en {}", least - count));
        }
        (_, Some(most)) if count > most => {
            report.add(path, format!("{found}, {most} au plus"), format!("retirez-en {}", count - most));
        }
        _ => {}
    }
}

/// No text twice in one list.
pub(super) fn check_repeats(list: &[Spanned<DeValue<'_>>], path: &Path, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for (position, value) in list.iter().enumerate() {
        let Some(text) = value.get_ref().as_str() else { continue };
        if !seen.insert(text.trim().to_lowercase()) {
            report.add(
                &path.at(position),
                format!("« {text} » est déjà dans cette liste"),
                "retirez-le, ou dites-le autrement",
            );
        }
    }
}

pub(super) fn check_text(schema: &Value, text: &str, path: &Path, report: &mut Report<'_>) {
    let most = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    let most = most.unwrap_or(LONGEST);
    let long = text.chars().count();
    let may_be_empty = schema.get("default").is_some_and(|default| default == "");
    if text.trim().is_empty() {
        if !may_be_empty {
            report.add(path, "texte vide", "écrivez le texte, ou retirez cet élément");
        }
    } else if text.trim() != text {
        report.add(path, "espace au début ou à la fin du texte", "retirez l'espace");
    } else if long > most {
        report.add(path, format!("{long} caractères, {most} au plus"), "raccourcissez, ou coupez en deux");
    } else if text.chars().any(char::is_control) {
        report.add(path, "saut de ligne ou caractère de contrôle dans le texte", "écrivez le texte sur une ligne");
    } else if schema.get("pattern").is_some_and(|pattern| pattern == SLUG) && !is_slug(text) {
        report.add(
            path,
            format!("« {text} » n'est pas un identifiant"),
            "écrivez des minuscules sans accent et des chiffres, séparés par des traits d'union : depuis-quand",
        );
    }
}

fn is_slug(text: &str) -> bool {
    text.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

/// The number if it stands in its range, else the nearest that does.
pub(super) fn check_range(schema: &Value, number: &Value, path: &Path, report: &mut Report<'_>) -> Value {
    let bound = |key| schema.get(key).filter(|bound| bound.is_number());
    let value = number.as_f64().unwrap_or(f64::NAN);
    let (low, high) = (bound("minimum"), bound("maximum"));
    let below = low.filter(|low| low.as_f64().is_some_and(|low| value < low));
    let above = high.filter(|high| high.as_f64().is_some_and(|high| value > high || value.is_nan()));
    let Some(nearest) = below.or(above) else { return number.clone() };
    let range = match (low, high) {
        (Some(low), Some(high)) => format!("de {low} à {high}"),
        (Some(low), None) => format!("au moins {low}"),
        (_, Some(high)) => format!("au plus {high}"),
        (None, None) => String::new(),
    };
    report.add_and_replace(path, format!("{value} est hors limites"), format!("écrivez un nombre {range}"));
    nearest.clone()
}
