//! French text as receptionists really type and speak it: words, stems, accents and typing slips forgiven,
//! phrase patterns, likeness of sentences.
//!
//! Input: plain text. Output: [`Text`] (words with their place in the original), [`Phrases`] (lexicons of
//! patterns), [`Gists`] (sentences recognised by likeness). Invariant: pure and without state; every match
//! names words of the original by their bytes.

mod concept;
mod gist;
mod number;
mod phrase;
mod plain;
mod sentences;
mod shorthand;
mod stem;
mod text;

pub use gist::{Gists, GistsBuilder, Likeness, content};
pub use number::{Quantity, quantities};
pub use phrase::{Found, Phrases, PhrasesBuilder};
pub use plain::Plain;
pub use sentences::sentences;
pub use stem::stem;
pub use text::{Sentence, Text, Token, fold};
