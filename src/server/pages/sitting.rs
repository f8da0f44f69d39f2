//! The time that a part of an exam leaves, as every page of the part shows it.

use super::paths;

/// A part under way: where it stands in the booklet, how much time is left.
#[derive(Clone, Debug)]
pub struct SittingBar {
    /// Id of the booklet.
    pub booklet: String,
    /// Its number, from 1.
    pub part: u16,
    /// Of how many.
    pub of: u16,
    /// « Première situation · Lire l'accueil ».
    pub place: String,
    /// What is left, in milliseconds, when the page is made.
    pub left_ms: u64,
    /// « 10 min ».
    pub limit: String,
    /// Whether it has more than the usual time.
    pub extended: bool,
}

impl SittingBar {
    /// Where signs of life go.
    pub fn ping(&self) -> String {
        paths::booklet_ping(&self.booklet)
    }

    /// Where one sees how far one is.
    pub fn back(&self) -> String {
        paths::booklet(&self.booklet)
    }

    /// « 9 min », « moins d’une minute ».
    pub fn left(&self) -> String {
        match self.left_ms / 60_000 {
            0 => "moins d’une minute".to_owned(),
            minutes => format!("{minutes}\u{a0}min"),
        }
    }

    /// Eight minutes left of ten.
    pub fn sample() -> SittingBar {
        SittingBar {
            booklet: "bkl_01JD9Z0000000000000000000A".into(),
            part: 1,
            of: 16,
            place: "Première situation · Lire l’accueil".into(),
            left_ms: 8 * 60_000 + 20_000,
            limit: "10\u{a0}min".into(),
            extended: false,
        }
    }
}
