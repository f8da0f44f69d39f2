//! The form: one part of a situation at a time.

use askama::Template;

use super::super::{filters, site::Site};
use super::{Block, Control, DifferenceView, Head, Piece, ProblemLine};

/// One part of the form.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-form.html", config = "web/askama.toml")]
pub struct WritingForm {
    /// Around the page.
    pub site: Site,
    /// On top.
    pub head: Head,
    /// The revision that is shown.
    pub revision: u32,
    /// The parts, this one among them.
    pub parts: Vec<PartLink>,
    /// The name of this part.
    pub part: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Its fields.
    pub blocks: Vec<Block>,
    /// Every fault, with where it is shown.
    pub problems: Vec<ProblemLine>,
    /// Whether it was just saved.
    pub saved: bool,
    /// Somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
    /// Conversations in which this trainer tried it: when, and where.
    pub trials: Vec<(String, String)>,
}

/// A part.
#[derive(Clone, Debug)]
pub struct PartLink {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// How many faults stand in it.
    pub faults: usize,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Two people wrote at once.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// « Marc Petit, le 22 novembre 2026 à 14 h 05 ».
    pub who: String,
    /// What the other one changed.
    pub theirs: Vec<DifferenceView>,
    /// What this one changed, which is not saved yet.
    pub mine: Vec<DifferenceView>,
    /// What this one wrote that has no place any more.
    pub apart: Vec<Apart>,
}

/// Words given back.
#[derive(Clone, Debug)]
pub struct Apart {
    /// Id of the field.
    pub id: String,
    /// Which field they were written in.
    pub label: String,
    /// The words.
    pub text: String,
}
