//! What is wrong in a content file: where, against which rule, and what to write instead.
//!
//! Input: a file's name and text. Output: its value as a Rust type and every [`Fault`], in the order of the
//! lines. Invariant: one fault never hides another of the same file, except behind broken TOML syntax.
//!
//! Trainers read these lines, not programmers: rule and fix are French sentences.

mod bounds;
mod near;
mod path;
mod report;
mod shape;
mod source;
mod syntax;

use std::fmt;

use serde::Serialize;

pub use bounds::SLUG;
pub use near::nearest;
pub use path::{Path, Step};
pub use report::Report;
pub use source::Source;

/// One fault of a content file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, as it was named to the reader: `personas/fuite-colere.toml`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The field, `fact[3].says.tense` (list positions from 0); empty for the file as a whole.
    pub field: String,
    /// What is required and not so, in French.
    pub rule: String,
    /// What to write, in French.
    pub fix: String,
    /// The line of the file, without its end.
    pub excerpt: String,
    /// How many characters of the line are at fault, at least 1.
    pub width: usize,
}

impl Fault {
    /// A fault of a file as a whole: missing, unreadable, wrongly named.
    pub fn of_file(file: &str, rule: impl Into<String>, fix: impl Into<String>) -> Fault {
        Fault {
            file: file.to_owned(),
            line: 1,
            column: 1,
            field: String::new(),
            rule: rule.into(),
            fix: fix.into(),
            excerpt: String::new(),
            width: 1,
        }
    }
}

/// As a compiler prints it: place, field and rule; the line with what is at fault underlined; the fix.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        writeln!(f, "{}", self.rule)?;
        if !self.excerpt.trim().is_empty() {
            let number = self.line.to_string();
            let (shown, column) = shorten(&self.excerpt, self.column);
            let gutter = " ".repeat(number.len());
            let room = shown.chars().count().saturating_sub(column - 1).max(1);
            let carets = "^".repeat(self.width.clamp(1, room));
            writeln!(f, "  {number} | {shown}")?;
            writeln!(f, "  {gutter} | {}{carets}", " ".repeat(column - 1))?;
        }
        write!(f, "  correction : {}", self.fix)
    }
}

/// The widest excerpt shown, in characters.
const WIDTH: usize = 110;

/// Cuts a long line around the column; returns it with the column's place in what is left.
fn shorten(line: &str, column: usize) -> (String, usize) {
    let line = line.replace('\t', " ");
    let chars: Vec<char> = line.chars().collect();
    if chars.len() <= WIDTH {
        return (line, column.max(1));
    }
    let start = column.saturating_sub(WIDTH / 3).min(chars.len() - WIDTH);
    let mut shown: String = chars[start..start + WIDTH].iter().collect();
    if start > 0 {
        shown = format!("…{}", shown.chars().skip(1).collect::<String>());
    }
    if start + WIDTH < chars.len() {
        shown.push('…');
    }
    (shown, column.max(1) - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_prints_its_place_the_line_underlined_and_the_fix() {
        let fault = Fault {
            file: "personas/x.toml".into(),
            line: 12,
            column: 5,
            field: "fact[3].says.tense".into(),
            rule: "2 éléments, il en faut au moins 3".into(),
            fix: "ajoutez-en 1".into(),
            excerpt: "é = [".into(),
            width: 9,
        };
        assert_eq!(
            fault.to_string(),
            "personas/x.toml:12:5: fact[3].says.tense: 2 éléments, il en faut au moins 3\n  12 | é = [\n     |     ^\n  \
             correction : ajoutez-en 1"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_column() {
        let (shown, column) = shorten(&format!("{}X{}", "a".repeat(300), "b".repeat(300)), 301);
        assert_eq!(shown.chars().nth(column - 1), Some('X'));
        assert!(shown.chars().count() <= WIDTH + 1);
    }
}
