//! A list of texts, changed with its comments and its layout kept.

use toml_edit::{Array, Value};

/// Above this many characters a new list stands one text a line.
const WIDE: usize = 80;

/// Makes the list these texts: those that were there keep what stands around them; the comments of those that go
/// stay with the next one.
pub(super) fn set(list: &mut Array, wanted: &[String]) {
    if list.iter().map(Value::as_str).eq(wanted.iter().map(|text| Some(text.as_str()))) {
        return;
    }
    let layout = Layout::of(list, wanted);
    let mut before: Vec<Option<Value>> = list.iter().cloned().map(Some).collect();
    let kept: Vec<Option<usize>> = {
        let mut free: Vec<bool> = vec![true; before.len()];
        let mut find = |text: &String| {
            let found =
                (0..before.len()).find(|i| free[*i] && before[*i].as_ref().and_then(Value::as_str) == Some(text));
            if let Some(index) = found {
                free[index] = false;
            }
            found
        };
        wanted.iter().map(&mut find).collect()
    };
    let mut comments = orphans(&before, &kept);
    list.clear();
    for (text, kept) in wanted.iter().zip(kept) {
        let first = list.is_empty();
        let mut value = match kept.and_then(|index| before[index].take()) {
            Some(value) => value,
            None => Value::from(text.as_str()),
        };
        let own = kept.map(|_| prefix(&value)).filter(|own| layout.spread && own.contains('\n'));
        let own = own.unwrap_or_else(|| layout.prefix(first));
        let carried = kept.and_then(|index| comments[index].take()).unwrap_or_default();
        value.decor_mut().set_prefix(format!("{carried}{own}"));
        if kept.is_none() || !layout.spread {
            value.decor_mut().set_suffix("");
        }
        list.push_formatted(value);
    }
    let left = comments.pop().flatten().unwrap_or_default();
    if layout.spread {
        let trailing = list.trailing().as_str().filter(|text| text.contains('\n')).unwrap_or("\n").to_owned();
        list.set_trailing(format!("{left}{trailing}"));
        list.set_trailing_comma(!wanted.is_empty());
    } else {
        list.set_trailing("");
    }
}

/// Comments of the elements that go, by the element they stay with (the last for the end of the list).
fn orphans(before: &[Option<Value>], kept: &[Option<usize>]) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = vec![None; before.len() + 1];
    let mut carried = String::new();
    for (index, value) in before.iter().enumerate() {
        if kept.contains(&Some(index)) {
            if !carried.is_empty() {
                found[index] = Some(std::mem::take(&mut carried));
            }
        } else if let Some(text) = value.as_ref().map(prefix).filter(|text| text.contains('#')) {
            let comments = text.trim_end_matches([' ', '\t', '\n', '\r']);
            carried.push_str(comments);
        }
    }
    if !carried.is_empty() {
        found[before.len()] = Some(carried);
    }
    found
}

fn prefix(value: &Value) -> String {
    value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned()
}

/// How the elements stand.
struct Layout {
    /// One a line.
    spread: bool,
    indent: String,
}

impl Layout {
    fn of(list: &Array, wanted: &[String]) -> Layout {
        let line = list.iter().map(prefix).find(|prefix| prefix.contains('\n'));
        let long = wanted.iter().map(|text| text.chars().count() + 4).sum::<usize>() > WIDE;
        let spread = line.is_some() || (list.is_empty() && wanted.len() > 1 && long);
        let indent = line.and_then(|line| Some(line.rsplit_once('\n')?.1.to_owned()));
        Layout { spread, indent: indent.unwrap_or_else(|| "  ".to_owned()) }
    }

    fn prefix(&self, first: bool) -> String {
        match (self.spread, first) {
            (true, _) => format!("\n{}", self.indent),
            (false, true) => String::new(),
            (false, false) => " ".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set_in(text: &str, wanted: &[&str]) -> String {
        let mut document: toml_edit::DocumentMut = text.parse().unwrap();
        let wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        set(document["a"].as_array_mut().unwrap(), &wanted);
        document.to_string()
    }

    fn check(text: &str, wanted: &[&str], expect: &str) {
        assert_eq!(set_in(text, wanted), expect, "{text} → {wanted:?}");
    }

    #[test]
    fn a_list_on_one_line_stays_on_one_line() {
        check("a = [\"x\", \"y\"] # c\n", &["x", "y"], "a = [\"x\", \"y\"] # c\n");
        check("a = [\"x\", \"y\"] # c\n", &["y", "z"], "a = [\"y\", \"z\"] # c\n");
        check("a = [ \"x\" ]\n", &["w", "x"], "a = [\"w\", \"x\"]\n");
        check("a = [\"x\", \"y\"]\n", &[], "a = []\n");
        check("a = []\n", &["x"], "a = [\"x\"]\n");
    }

    #[test]
    fn a_list_over_several_lines_keeps_its_lines_and_comments() {
        let text = "a = [\n  # les calmes\n  \"x\", # polie\n  \"y\",\n  # fin\n]\n";
        check(text, &["x", "y"], text);
        check(text, &["x", "z", "y"], "a = [\n  # les calmes\n  \"x\",\n  \"z\", # polie\n  \"y\",\n  # fin\n]\n");
        check(text, &["y"], "a = [\n  # les calmes # polie\n  \"y\",\n  # fin\n]\n");
        check(text, &["x"], "a = [\n  # les calmes\n  \"x\", # polie\n  # fin\n]\n");
    }

    #[test]
    fn a_long_new_list_stands_one_text_a_line() {
        let long = "une formulation assez longue, et même bien trop, pour tenir sur une ligne avec une autre";
        check("a = []\n", &[long, "b"], &format!("a = [\n  \"{long}\",\n  \"b\",\n]\n"));
    }

    proptest! {
        #[test]
        fn the_list_holds_what_was_wanted_and_no_comment_is_lost(
            before in proptest::collection::vec(("[a-e]", any::<bool>()), 0..6),
            wanted in proptest::collection::vec("[a-g]", 0..6),
            spread in any::<bool>(),
        ) {
            let element = |(i, (text, comment)): (usize, &(String, bool))| {
                if spread && *comment { format!("\n  # note {i}\n  \"{text}\",") }
                else if spread { format!("\n  \"{text}\",") } else { format!("\"{text}\",") }
            };
            let elements: String = before.iter().enumerate().map(element).collect();
            let text = format!("a = [{elements}{}]\n", if spread { "\n" } else { "" });
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            let after = set_in(&text, &wanted);
            let document: toml_edit::DocumentMut = after.parse().expect(&after);
            let found: Vec<&str> = document["a"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            prop_assert_eq!(&found, &wanted, "{}", after);
            prop_assert_eq!(after.matches("# note").count(), text.matches("# note").count(), "{} → {}", text, after);
        }
    }
}
