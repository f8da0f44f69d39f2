//! What each field of a persona file is called in the form, in the order of the form.
//!
//! Invariant: every field of the schema has one row, in one section (a test holds it); labels and help are French.

mod expects;
mod facts;
mod lines;
mod person;
mod reactions;
mod scene;
mod words;

pub(super) use words::{stimulus, topic, word};

/// How much room a text gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// One line.
    Line,
    /// A few lines.
    Prose,
}

/// One field, by the pattern of its place: `fact[].says`, `reactions.*.why`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) pattern: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) room: Room,
}

/// A part of the form.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) rows: &'static [Row],
}

const fn line(pattern: &'static str, label: &'static str, help: &'static str) -> Row {
    Row { pattern, label, help, room: Room::Line }
}

const fn prose(pattern: &'static str, label: &'static str, help: &'static str) -> Row {
    Row { pattern, label, help, room: Room::Prose }
}

/// How many wordings, told alike wherever it is asked.
const TWO: &str = "Au moins deux, une par ligne.";
const THREE: &str = "Au moins trois, une par ligne.";
const FOUR: &str = "Au moins quatre, une par ligne.";
const TEN: &str = "Au moins dix, une par ligne.";

/// All parts, in the order in which a situation is written.
pub(super) const PARTS: &[Part] = &[
    scene::PART,
    person::PART,
    facts::PART,
    person::TEMPER,
    reactions::PART,
    lines::PART,
    expects::PART,
    expects::EXAMPLES,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::shape;
    use super::*;

    #[test]
    fn every_field_of_the_schema_has_one_row_and_every_row_a_field() {
        let rows: Vec<&str> = PARTS.iter().flat_map(|part| part.rows).map(|row| row.pattern).collect();
        let named: BTreeSet<String> = rows.iter().map(|pattern| (*pattern).to_owned()).collect();
        assert_eq!(named.len(), rows.len(), "a field stands in two rows");
        // An optional table has a row of its own beside those of its fields.
        let mut wanted = shape::patterns();
        wanted.insert("cues".to_owned());
        assert_eq!(named, wanted);
    }

    #[test]
    fn labels_and_help_are_said_calmly_and_without_our_words() {
        for part in PARTS {
            let texts = part.rows.iter().flat_map(|row| [row.label, row.help]).chain([part.title, part.about]);
            for text in texts {
                assert!(!text.contains('!') && !text.to_lowercase().contains("persona"), "{text}");
            }
            for row in part.rows {
                assert!(!row.label.is_empty() && !row.label.ends_with('.'), "{}", row.pattern);
                assert!(
                    row.help.is_empty() || row.help.ends_with('.') || row.help.ends_with(". »"),
                    "{}: {}",
                    row.pattern,
                    row.help
                );
            }
        }
    }
}
