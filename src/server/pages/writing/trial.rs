//! A draft that cannot be tried yet.

use askama::Template;

use super::super::{filters, site::Site};
use super::ProblemLine;

/// A draft that cannot be tried yet: its faults, in the frame beside the form.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-trial.html", config = "web/askama.toml")]
pub struct WritingTrial {
    /// Around the page.
    pub site: Site,
    /// The situation's title.
    pub title: String,
    /// Back to the form.
    pub back: String,
    /// Every fault, with where it is shown.
    pub problems: Vec<ProblemLine>,
}
