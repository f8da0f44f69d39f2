//! One cell of a table, and what keeps words from becoming formulas.

use std::borrow::Cow;

use jiff::civil::DateTime;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// Minutes with one decimal.
    Minutes(u64),
    /// A day and an hour in Paris.
    Moment(DateTime),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words, or nothing.
    pub(super) fn words(words: impl Into<String>) -> Cell {
        let words = words.into();
        if words.is_empty() { Cell::Empty } else { Cell::Text(words) }
    }

    /// A figure, or nothing.
    pub(super) fn figure(figure: Option<impl Into<u64>>) -> Cell {
        figure.map_or(Cell::Empty, |figure| Cell::Whole(figure.into()))
    }

    /// As a line of text holds it: a decimal comma, days as `2026-11-22 14:05`, words guarded.
    pub(super) fn told(&self) -> Cow<'_, str> {
        match self {
            Cell::Text(words) => guarded(words),
            Cell::Whole(figure) => figure.to_string().into(),
            Cell::Minutes(seconds) => {
                let tenths = tenths(*seconds);
                format!("{},{}", tenths / 10, tenths % 10).into()
            }
            Cell::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string().into(),
            Cell::Empty => "".into(),
        }
    }
}

/// Seconds as tenths of a minute.
pub(super) const fn tenths(seconds: u64) -> u64 {
    (seconds + 3) / 6
}

/// What a spreadsheet takes for the beginning of a formula or of a command, wide forms included.
const DANGEROUS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '|', '＝', '＋', '－', '＠'];

/// The words, behind an apostrophe if a spreadsheet would otherwise run them. Spaces before them change nothing: some
/// programs take them away.
pub fn guarded(words: &str) -> Cow<'_, str> {
    let begins = |rest: &str| rest.starts_with(DANGEROUS);
    let spaces = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
    if begins(words) || begins(words.trim_start_matches(spaces)) {
        Cow::Owned(format!("'{words}"))
    } else {
        Cow::Borrowed(words)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_held_behind_an_apostrophe() {
        fn check(words: &str, expect: &str) {
            assert_eq!(guarded(words), expect);
        }
        check("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        check("+33 6 12", "'+33 6 12");
        check("-1+1", "'-1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "'\r=1");
        check("  =1", "'  =1");
        check("\u{feff}=1", "'\u{feff}=1");
        check("＝1+1", "'＝1+1");
        check("Nadia B.", "Nadia B.");
        check("l'accueil = bien", "l'accueil = bien");
        check("", "");
    }

    #[test]
    fn figures_and_days_read_as_in_french() {
        fn check(cell: &Cell, expect: &str) {
            assert_eq!(cell.told(), expect);
        }
        check(&Cell::Minutes(380), "6,3");
        check(&Cell::Minutes(0), "0,0");
        check(&Cell::Minutes(357), "6,0");
        check(&Cell::Moment(jiff::civil::date(2026, 3, 2).at(9, 5, 0, 0)), "2026-03-02 09:05");
        check(&Cell::figure(Some(7u8)), "7");
        check(&Cell::figure(None::<u8>), "");
        check(&Cell::words(""), "");
    }

    proptest! {
        #[test]
        fn no_words_leave_as_a_formula(words in any::<String>()) {
            let told = guarded(&words);
            prop_assert!(!told.starts_with(DANGEROUS));
            prop_assert!(told.ends_with(&words));
        }
    }
}
