//! The pages on which trainers write situations.
//!
//! Input: what `writing` makes of a draft. Output: lists, the form, the text, the versions. Invariant: every fault of
//! the draft stands on the page, at its field where it is shown, and on top with a link to it.

mod difference;
mod field;
mod form;
mod list;
mod new;
mod sample;
mod text;
mod trial;
mod versions;

pub use difference::{DifferenceView, LineView};
pub use field::{Block, ChoiceView, Control, EntryView, FaultView, FieldView, Piece, SaysView, blocks};
pub use form::{Apart, Conflict, PartLink, WritingForm};
pub use list::{Line, WritingList};
pub use new::{Origin, SyntaxFault, WritingNew};
pub use text::{TextFault, WritingText};
pub use trial::WritingTrial;
pub use versions::{GroupChoice, VersionLine, WritingVersions};

/// What stands on top of every page of one situation.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// The title of the draft.
    pub title: String,
    /// « Enregistrée le 22 novembre 2026 à 14 h 05 par Claire Martin ».
    pub saved: String,
    /// « Version 3, pour Promotion 2026 », « Jamais publiée », « Retirée ».
    pub state: String,
    /// How many faults the draft has.
    pub faults: usize,
}

impl Head {
    /// « 3 fautes à corriger », « Aucune faute ».
    pub fn faults_text(&self) -> String {
        match self.faults {
            0 => "Aucune faute".to_owned(),
            count => format!("{} à corriger", super::french::count(count as u64, "faute")),
        }
    }
}

/// A fault in the list on top.
#[derive(Clone, Debug)]
pub struct ProblemLine {
    /// Where it is shown.
    pub href: String,
    /// « Ce qu'elle sait › où se trouve la fuite › Marques ».
    pub way: String,
    /// What is required.
    pub rule: String,
}
