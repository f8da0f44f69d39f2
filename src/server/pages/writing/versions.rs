//! Versions of a situation, and for whom it is published.

use askama::Template;

use super::super::{filters, site::Site};
use super::{DifferenceView, Head, ProblemLine};

/// Versions of a situation, and for whom it is published.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-versions.html", config = "web/askama.toml")]
pub struct WritingVersions {
    /// Around the page.
    pub site: Site,
    /// On top.
    pub head: Head,
    /// The revision that would be published.
    pub revision: u32,
    /// The groups that one leads.
    pub groups: Vec<GroupChoice>,
    /// Groups of colleagues that are offered it too.
    pub others: Vec<String>,
    /// Faults that stand in the way of publishing.
    pub problems: Vec<ProblemLine>,
    /// What is wrong with what was asked.
    pub fault: Option<String>,
    /// The note, as it was typed.
    pub note: String,
    /// What publishing would change: nothing where there is no version yet.
    pub changes: Option<Vec<DifferenceView>>,
    /// The published versions, the latest first.
    pub versions: Vec<VersionLine>,
    /// Two versions compared: « de la version 2 à la version 3 ».
    pub compared: Option<(String, Vec<DifferenceView>)>,
    /// Whether it can be withdrawn.
    pub offered: bool,
    /// Whether it can be taken away, because it was never published.
    pub removable: bool,
    /// « Version 3 publiée. »
    pub notice: Option<String>,
    /// A file has the same id and counts instead.
    pub shadowed: bool,
}

/// A group to publish to.
#[derive(Clone, Debug)]
pub struct GroupChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is offered the situation.
    pub chosen: bool,
}

/// A published version.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// From 1.
    pub number: u32,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub when: String,
    /// Who published it.
    pub by: String,
    /// What changed, in the trainer's words.
    pub note: String,
}
