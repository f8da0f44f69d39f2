//! A file's text, parsed, with the place of each value.

use std::ops::Range;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::path::Step;
use super::{Fault, Path, Report, shape, syntax};

/// A content file whose TOML syntax is sound.
#[derive(Debug)]
pub struct Source<'t> {
    file: &'t str,
    text: &'t str,
    root: Spanned<DeValue<'t>>,
}

impl<'t> Source<'t> {
    /// Parses; the faults are all those of syntax.
    pub fn parse(file: &'t str, text: &'t str) -> Result<Source<'t>, Vec<Fault>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let root = Spanned::new(0..0, DeValue::Table(table.into_inner()));
            return Ok(Source { file, text, root });
        }
        let mut faults: Vec<Fault> = errors
            .iter()
            .map(|error| {
                let span = error.span().unwrap_or(0..0);
                let (rule, fix) = syntax::explain(error.message());
                place(file, text, &span, "", rule, fix)
            })
            .collect();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        Err(faults)
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        self.file
    }

    /// Reads the values as a `T` whose shape is its JSON Schema.
    ///
    /// A value missing or out of shape is a fault, and stands in the `T` as the nearest harmless one, so that
    /// the rest can still be checked; the report drops what is said about such stand-ins. `None` only if the
    /// type and its schema disagree.
    pub fn read<T: DeserializeOwned + JsonSchema>(&self) -> (Option<T>, Report<'_>) {
        let mut report = Report::new(self);
        let value = shape::conform::<T>(&self.root, &mut report);
        let value = serde_json::from_value(value)
            .map_err(|error| {
                report.add(&Path::root(), format!("contenu illisible : {error}"), "comparez avec une fiche voisine");
            })
            .ok();
        (value, report)
    }

    /// A fault at a value, or at the nearest thing above it that is written.
    pub(super) fn fault(&self, path: &Path, rule: String, fix: String) -> Fault {
        place(self.file, self.text, &self.locate(path), &path.to_string(), rule, fix)
    }

    /// A fault at the key itself.
    pub(super) fn fault_at_key(&self, span: &Range<usize>, path: &Path, rule: String, fix: String) -> Fault {
        place(self.file, self.text, span, &path.to_string(), rule, fix)
    }

    /// Where a value is written: a word, number or text by itself, a list or table by its key or header.
    fn locate(&self, path: &Path) -> Range<usize> {
        let mut node = &self.root;
        let mut span = node.span();
        for step in path.steps() {
            let below = match (step, node.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => {
                    table.get_key_value(key.as_str()).map(|(key, value)| (key.span(), value))
                }
                (Step::Index(index), DeValue::Array(list)) => list.get(*index).map(|value| (value.span(), value)),
                _ => None,
            };
            let Some((key, value)) = below else { break };
            let spread = matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_));
            let header = self.text[value.span()].starts_with('[') && matches!(value.get_ref(), DeValue::Table(_));
            span = if spread && !header { key } else { value.span() };
            node = value;
        }
        span
    }
}

/// Turns a range of bytes into a line, a column and an excerpt.
fn place(file: &str, text: &str, span: &Range<usize>, field: &str, rule: String, fix: String) -> Fault {
    let start = span.start.min(text.len());
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let end = span.end.clamp(start, line_start + line.len().max(start - line_start));
    Fault {
        file: file.to_owned(),
        line: text[..line_start].matches('\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
        field: field.to_owned(),
        rule,
        fix,
        excerpt: line.to_owned(),
        width: text[start..end].chars().count().max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_path_and_a_missing_one_by_what_stands_above_it() {
        let text =
            "a = \"é\"\n[caller]\nname = \"x\"\n[[fact]]\nid = \"1\"\n[[fact]]\n  says = { calm = [\n  \"q\"] }\n";
        let source = Source::parse("f", text).unwrap();
        let check = |path: Path, line, column, width| {
            let fault = source.fault(&path, String::new(), String::new());
            assert_eq!((fault.line, fault.column, fault.width), (line, column, width), "{path}");
        };
        let root = Path::root();
        check(root.key("a"), 1, 5, 3);
        check(root.key("caller").key("age"), 2, 1, 8);
        check(root.key("fact").at(0).key("id"), 5, 6, 3);
        check(root.key("fact").at(1), 6, 1, 8);
        check(root.key("fact").at(1).key("says").key("calm"), 7, 12, 4);
        check(root.key("fact").at(1).key("says").key("calm").at(0), 8, 3, 3);
        check(root.key("absent"), 1, 1, 1);
    }

    #[test]
    fn every_fault_of_syntax_is_told() {
        let faults = Source::parse("f", "a = \"x\nb = 3\nb = 4\nc = [1,,2]\n").unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 3, 4]);
    }
}
