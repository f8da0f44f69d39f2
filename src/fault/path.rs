//! Where a value stands in a file: `fact[3].says.tense`.

use std::fmt;

/// The way from the top of a file to one of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step down in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To a field by name.
    Key(String),
    /// To an element of a list, from 0.
    Index(usize),
}

impl Path {
    /// The top of the file.
    pub fn root() -> Path {
        Path::default()
    }

    /// One step down, to a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Path {
        self.then(Step::Key(key.to_owned()))
    }

    /// One step down, to a list's element, from 0.
    #[must_use]
    pub fn at(&self, index: usize) -> Path {
        self.then(Step::Index(index))
    }

    /// Whether `self` stands at `other` or below it.
    pub fn is_within(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn then(&self, step: Step) -> Path {
        Path(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    if position > 0 {
                        f.write_str(".")?;
                    }
                    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
                    if bare { f.write_str(key)? } else { write!(f, "{key:?}")? }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_toml_and_quotes_what_toml_would_quote() {
        let path = Path::root().key("fact").at(3).key("says").key("tense");
        assert_eq!(path.to_string(), "fact[3].says.tense");
        assert!(path.is_within(&Path::root().key("fact").at(3)));
        assert!(!path.is_within(&Path::root().key("fact").at(2)));
        assert_eq!(Path::root().key("examples").key("5.1.b").to_string(), "examples.\"5.1.b\"");
    }
}
