//! Writing a situation in a form: a persona's text as fields, and fields back into the text.
//!
//! Input: the text of a persona file, the names around it, what a form sent. Output: sections of fields with French
//! labels, the text with only those fields changed, faults at their fields, differences between two texts.
//! Invariant: what nobody changed is kept to the letter, comments and order included; every field that a persona
//! file may hold has its row in `rows`, and the shape of each comes from the schema that files are read by.

mod acts;
mod check;
mod difference;
mod draft;
mod entries;
mod fill;
mod form;
mod import;
mod layout;
mod list;
mod merge;
mod model;
mod rows;
#[cfg(test)]
mod sample;
mod shape;
#[cfg(test)]
mod tests;

pub use acts::Act;
pub use check::{Checked, Placed, anchor, check, file_name};
pub use difference::{Difference, Line, differences, lines};
pub use draft::Draft;
pub use fill::Sent;
pub use form::{Answer, Choice, Entries, Entry, Field, Group, Kind, Names, Node, Says, Section, SectionId};
pub use import::{ImportError, Imported, LARGEST, copy, import, is_slug, slug, title};
pub use layout::form;
pub use merge::{Merged, merge};
pub use model::blank;
