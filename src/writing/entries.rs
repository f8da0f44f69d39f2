//! Entries of a list of tables: added, moved, taken away, with the comments that stand above them.
//!
//! A comment above an entry goes with it; what stands further up, beyond an empty line, heads the list and stays.

use toml_edit::{Array, ArrayOfTables, Item, Table, Value};

use super::draft::Draft;
use crate::fault::Path;

impl Draft {
    /// One more entry at the end.
    pub(super) fn push_entry(&mut self, path: &Path, mut entry: Table) {
        let room = self.tables(path, |tables| {
            entry.decor_mut().set_prefix("\n");
            tables.push(entry.clone());
        });
        if room.is_some() {
            return;
        }
        if let Some(Item::Value(Value::Array(list))) = self.item(path)
            && !list.is_empty()
        {
            let mut list: Array = list.clone();
            list.push(entry.into_inline_table());
            self.set(path, list);
            return;
        }
        let mut tables = ArrayOfTables::new();
        entry.decor_mut().set_prefix("\n");
        tables.push(entry);
        self.remove(path);
        self.put(path, Item::ArrayOfTables(tables));
    }

    /// One entry less. A list that must be there stays as an empty one.
    pub(super) fn remove_entry(&mut self, path: &Path, index: usize) {
        let left = self.tables(path, |tables| {
            if index < tables.len() {
                let gone = tables.remove(index);
                let (heading, _) = prefix(&gone);
                if let Some(next) = tables.get_mut(index).filter(|_| index == 0 && !heading.is_empty()) {
                    let (_, own) = prefix(next);
                    next.decor_mut().set_prefix(format!("{heading}{own}"));
                    next.set_position(gone.position());
                }
            }
            tables.len()
        });
        match left {
            Some(0) => {
                self.remove(path);
                self.set(path, Array::new());
            }
            Some(_) => {}
            None => {
                if let Some(Item::Value(Value::Array(list))) = self.item(path)
                    && index < list.len()
                {
                    let mut list = list.clone();
                    list.remove(index);
                    self.set(path, list);
                }
            }
        }
    }

    /// The entry at `index` and the one after it change places.
    pub(super) fn swap_entries(&mut self, path: &Path, index: usize) {
        let swapped = self.tables(path, |tables| {
            let mut all: Vec<Table> = tables.iter().cloned().collect();
            if index + 1 < all.len() {
                let position = all[0].position();
                let (heading, _) = prefix(&all[0]);
                strip_heading(&mut all[0]);
                all.swap(index, index + 1);
                // Without a place of their own they are printed in the order of the list, from where it began.
                all.iter_mut().for_each(unplaced);
                all[0].set_position(position);
                let (_, own) = prefix(&all[0]);
                all[0].decor_mut().set_prefix(format!("{heading}{own}"));
                tables.clear();
                for table in all {
                    tables.push(table);
                }
            }
        });
        if swapped.is_none()
            && let Some(Item::Value(Value::Array(list))) = self.item(path)
            && index + 1 < list.len()
        {
            let mut list = list.clone();
            let one = list.remove(index);
            list.insert(index + 1, one);
            self.set(path, list);
        }
    }

    /// Changes a list written as `[[…]]`; `None` where it is not.
    fn tables<T>(&mut self, path: &Path, change: impl FnOnce(&mut ArrayOfTables) -> T) -> Option<T> {
        let done = change(self.item_mut(path)?.as_array_of_tables_mut()?);
        self.written();
        Some(done)
    }
}

/// What stands above a table: the heading, up to the last empty line, and its own comments.
fn prefix(table: &Table) -> (String, String) {
    let text = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or("\n");
    match text.rfind("\n\n") {
        // The empty line before the entry is its own.
        Some(place) if text[..place].contains('#') => (text[..=place].to_owned(), text[place + 1..].to_owned()),
        _ => (String::new(), text.to_owned()),
    }
}

fn strip_heading(table: &mut Table) {
    let (_, own) = prefix(table);
    table.decor_mut().set_prefix(own);
}

fn unplaced(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => unplaced(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(unplaced),
            Item::None | Item::Value(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n\n# ---- les faits\n\n# le premier\n[[fact]]\nid = \"un\" # 1\n\n[[fact]]\nid = \"deux\"\n[fact.says]\ncalm = []\n\n# le dernier\n[[fact]]\nid = \"trois\"\n\n[end]\nb = 2\n";

    fn path() -> Path {
        Path::root().key("fact")
    }

    fn order(draft: &Draft) -> Vec<String> {
        (0..draft.len(&path())).flat_map(|index| draft.texts(&path().at(index).key("id"))).collect()
    }

    #[test]
    fn an_entry_moves_with_its_comments_and_the_heading_stays() {
        let mut draft = Draft::read(TEXT).unwrap();
        draft.swap_entries(&path(), 0);
        assert_eq!(
            draft.text(),
            "a = 1\n\n# ---- les faits\n\n[[fact]]\nid = \"deux\"\n[fact.says]\ncalm = []\n\n# le premier\n[[fact]]\nid = \"un\" # 1\n\n# le dernier\n[[fact]]\nid = \"trois\"\n\n[end]\nb = 2\n"
        );
        draft.swap_entries(&path(), 0);
        assert_eq!(draft.text(), TEXT);
        draft.swap_entries(&path(), 2);
        assert_eq!(draft.text(), TEXT, "the last has nothing after it");
        draft.swap_entries(&path(), 1);
        assert_eq!(order(&draft), ["un", "trois", "deux"]);
        assert_eq!(order(&Draft::read(draft.text()).unwrap()), ["un", "trois", "deux"]);
    }

    #[test]
    fn an_entry_goes_with_its_comments_and_the_heading_stays() {
        let mut draft = Draft::read(TEXT).unwrap();
        draft.remove_entry(&path(), 0);
        assert!(draft.text().starts_with("a = 1\n\n# ---- les faits\n\n[[fact]]\nid = \"deux\"\n"), "{}", draft.text());
        draft.remove_entry(&path(), 1);
        draft.remove_entry(&path(), 0);
        let again = Draft::read(draft.text()).unwrap();
        assert_eq!(again.len(&path()), 0);
        assert!(again.text().contains("fact = []") && again.text().contains("b = 2"), "{}", draft.text());
    }

    #[test]
    fn an_entry_is_added_after_the_last() {
        let mut draft = Draft::read(TEXT).unwrap();
        let mut entry = Table::new();
        entry.insert("id", "quatre".into());
        draft.push_entry(&path(), entry.clone());
        assert_eq!(draft.text(), TEXT.replace("\n[end]", "\n[[fact]]\nid = \"quatre\"\n\n[end]"));
        for text in ["fact = []\n[end]\n", "[end]\n", "fact = [{ id = \"un\" }]\n[end]\n"] {
            let mut draft = Draft::read(text).unwrap();
            draft.push_entry(&path(), entry.clone());
            let again = Draft::read(draft.text()).unwrap();
            assert_eq!(order(&again).last().map(String::as_str), Some("quatre"), "{}", draft.text());
        }
    }
}
