//! A persona's text whose TOML is sound, with its values in reach.
//!
//! Invariant: what is not set keeps its letters: text, comments, order, spacing.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::list;
use crate::fault::{Path, Step};

/// A persona's text as it is being written. Its TOML is sound, its content may have any fault.
#[derive(Clone, Debug)]
pub struct Draft {
    text: String,
    pub(super) document: DocumentMut,
}

impl Draft {
    /// Reads a text; `None` where its TOML is broken.
    pub fn read(text: &str) -> Option<Draft> {
        Some(Draft { text: text.to_owned(), document: text.parse().ok()? })
    }

    /// The text, changes included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// After a change of the document.
    pub(super) fn written(&mut self) {
        self.text = self.document.to_string();
    }

    /// What stands at a place that ends with a name.
    pub(super) fn item(&self, path: &Path) -> Option<&Item> {
        let (name, above) = split(path)?;
        table(self.document.as_table(), above)?.get(name).filter(|item| !item.is_none())
    }

    pub(super) fn item_mut(&mut self, path: &Path) -> Option<&mut Item> {
        let (name, above) = split(path)?;
        self.item(path)?;
        table_mut(self.document.as_table_mut(), above)?.get_mut(name)
    }

    /// How many elements a list has.
    pub(super) fn len(&self, path: &Path) -> usize {
        match self.item(path) {
            Some(Item::ArrayOfTables(tables)) => tables.len(),
            Some(Item::Value(Value::Array(list))) => list.len(),
            _ => 0,
        }
    }

    /// The texts at a place: of a list its elements, of anything else what is written there.
    pub(super) fn texts(&self, path: &Path) -> Vec<String> {
        match self.item(path) {
            Some(Item::Value(Value::Array(list))) => list.iter().filter_map(shown).collect(),
            Some(Item::Value(value)) => shown(value).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The names in a table, in the order of the file.
    pub(super) fn keys(&self, path: &Path) -> Vec<String> {
        let found = self.item(path).and_then(Item::as_table_like);
        found.map(|table| table.iter().map(|(key, _)| key.to_owned()).collect()).unwrap_or_default()
    }

    /// Whether a table, inline or not, stands there.
    pub(super) fn is_table(&self, path: &Path) -> bool {
        self.item(path).is_some_and(Item::is_table_like)
    }

    /// Writes a value, in the place and with the comments of the one before it.
    pub(super) fn set(&mut self, path: &Path, value: impl Into<Value>) {
        let Some((name, above)) = split(path) else { return };
        let Some(table) = table_mut(self.document.as_table_mut(), above) else { return };
        let mut value = value.into();
        match table.get_mut(name) {
            Some(Item::Value(before)) => {
                value.decor_mut().clone_from(before.decor());
                *before = value;
            }
            Some(item) => *item = Item::Value(value),
            None => drop(table.insert(name, Item::Value(value))),
        }
        self.written();
    }

    /// Writes a list, its elements that stay kept as they are.
    pub(super) fn set_list(&mut self, path: &Path, texts: &[String]) {
        if let Some((name, above)) = split(path)
            && let Some(table) = table_mut(self.document.as_table_mut(), above)
            && let Some(Item::Value(Value::Array(list))) = table.get_mut(name)
        {
            list::set(list, texts);
            self.written();
            return;
        }
        let mut list = Array::new();
        list::set(&mut list, texts);
        self.set(path, list);
    }

    /// Takes a value or a table away.
    pub(super) fn remove(&mut self, path: &Path) {
        if let Some((name, above)) = split(path)
            && let Some(table) = table_mut(self.document.as_table_mut(), above)
        {
            table.remove(name);
            self.written();
        }
    }

    /// Puts an item where nothing stands, or instead of what does.
    pub(super) fn put(&mut self, path: &Path, item: Item) {
        if let Some((name, above)) = split(path)
            && let Some(table) = table_mut(self.document.as_table_mut(), above)
        {
            table.insert(name, item);
            self.written();
        }
    }
}

/// The last name of a place, and the steps above it.
fn split(path: &Path) -> Option<(&str, &[Step])> {
    match path.steps().split_last()? {
        (Step::Key(name), above) => Some((name, above)),
        (Step::Index(_), _) => None,
    }
}

fn table<'d>(mut at: &'d dyn TableLike, steps: &[Step]) -> Option<&'d dyn TableLike> {
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        let Step::Key(name) = step else { return None };
        let item = at.get(name)?;
        at = match steps.peek() {
            Some(Step::Index(index)) => {
                steps.next();
                match item {
                    Item::ArrayOfTables(tables) => tables.get(*index)?,
                    Item::Value(Value::Array(list)) => list.get(*index)?.as_inline_table()?,
                    _ => return None,
                }
            }
            _ => item.as_table_like()?,
        };
    }
    Some(at)
}

/// The same, to write in; tables on the way are made where they are missing.
pub(super) fn table_mut<'d>(mut at: &'d mut dyn TableLike, steps: &[Step]) -> Option<&'d mut dyn TableLike> {
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        let Step::Key(name) = step else { return None };
        if let Some(Step::Index(index)) = steps.peek() {
            steps.next();
            at = match at.get_mut(name)? {
                Item::ArrayOfTables(tables) => tables.get_mut(*index)?,
                Item::Value(Value::Array(list)) => list.get_mut(*index)?.as_inline_table_mut()?,
                _ => return None,
            };
            continue;
        }
        if at.get(name).is_none_or(Item::is_none) {
            // In an inline table it becomes one itself.
            at.insert(name, Item::Table(Table::new()));
        }
        at = at.get_mut(name)?.as_table_like_mut()?;
    }
    Some(at)
}

/// A value as a form shows it.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Boolean(yes) => Some(yes.value().to_string()),
        Value::Datetime(date) => Some(date.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}

/// An inline table of lists.
pub(super) fn inline(lists: &[(&str, &[String])]) -> InlineTable {
    let mut table = InlineTable::new();
    for (name, texts) in lists {
        let mut list = Array::new();
        list::set(&mut list, texts);
        table.insert(*name, Value::Array(list));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# tête\nid = \"a\" # l'identifiant\nn = 3\n\n[caller]\nname = \"x\"\n\n[[fact]]\nid = \"un\"\nsays.calm = [\"c\"]\n\n[[fact]]\nid = \"deux\"\nsays = { calm = [\"d\"] }\n";

    fn path(names: &[&str]) -> Path {
        names.iter().fold(Path::root(), |path, name| match name.parse() {
            Ok(index) => path.at(index),
            Err(_) => path.key(name),
        })
    }

    #[test]
    fn values_are_found_however_their_tables_are_written() {
        let draft = Draft::read(TEXT).unwrap();
        let check = |names: &[&str], expect: &[&str]| assert_eq!(draft.texts(&path(names)), expect, "{names:?}");
        check(&["id"], &["a"]);
        check(&["n"], &["3"]);
        check(&["caller", "name"], &["x"]);
        check(&["fact", "0", "says", "calm"], &["c"]);
        check(&["fact", "1", "says", "calm"], &["d"]);
        check(&["fact", "2", "id"], &[]);
        check(&["colour"], &[]);
        assert_eq!(draft.len(&path(&["fact"])), 2);
        assert_eq!(draft.text(), TEXT);
    }

    #[test]
    fn a_value_written_changes_itself_and_nothing_else() {
        fn check(names: &[&str], value: &str, from: &str, to: &str) {
            let mut draft = Draft::read(TEXT).unwrap();
            draft.set(&path(names), value);
            assert!(TEXT.contains(from));
            assert_eq!(draft.text(), TEXT.replacen(from, to, 1), "{names:?}");
        }
        check(&["id"], "b", "\"a\" #", "\"b\" #");
        check(&["caller", "name"], "y", "name = \"x\"", "name = \"y\"");
        check(&["caller", "age"], "40", "\"x\"\n", "\"x\"\nage = \"40\"\n");
        check(&["fact", "1", "id"], "trois", "\"deux\"", "\"trois\"");
    }

    #[test]
    fn lists_are_written_in_dotted_inline_and_missing_tables() {
        fn check(names: &[&str], from: &str, to: &str) {
            let mut draft = Draft::read(TEXT).unwrap();
            draft.set_list(&path(names), &["e".into(), "f".into()]);
            assert!(TEXT.contains(from));
            assert_eq!(draft.text(), TEXT.replacen(from, to, 1), "{names:?}");
        }
        check(&["fact", "0", "says", "calm"], "[\"c\"]", "[\"e\", \"f\"]");
        check(&["fact", "1", "says", "calm"], "[\"d\"]", "[\"e\", \"f\"]");
        check(&["fact", "1", "says", "tense"], "[\"d\"] }", "[\"d\"] , tense = [\"e\", \"f\"] }");
        check(&["cues", "calm"], "[\"d\"] }\n", "[\"d\"] }\n\n[cues]\ncalm = [\"e\", \"f\"]\n");
    }

    #[test]
    fn a_broken_text_is_no_draft() {
        assert!(Draft::read("a = \"x\nb = 1\n").is_none());
    }
}
