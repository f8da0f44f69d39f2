//! The text of a situation, with its lines numbered and its faults at them.

use askama::Template;

use super::super::{filters, site::Site};
use super::{Conflict, Head};

/// The text of a situation.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-text.html", config = "web/askama.toml")]
pub struct WritingText {
    /// Around the page.
    pub site: Site,
    /// On top.
    pub head: Head,
    /// The revision that is shown.
    pub revision: u32,
    /// The text.
    pub text: String,
    /// Its faults, by line.
    pub faults: Vec<TextFault>,
    /// Whether it was just saved.
    pub saved: bool,
    /// Somebody else saved meanwhile.
    pub conflict: Option<Conflict>,
}

/// A fault at a line.
#[derive(Clone, Debug)]
pub struct TextFault {
    /// Line, from 1.
    pub line: usize,
    /// The field, in words or as it is written.
    pub way: String,
    /// The line itself.
    pub excerpt: String,
    /// What is required.
    pub rule: String,
    /// What to write.
    pub fix: String,
}

impl WritingText {
    /// Lines, with whether a fault stands at them: for the numbers beside the text.
    pub fn numbers(&self) -> Vec<(usize, bool)> {
        let count = self.text.lines().count().max(1) + usize::from(self.text.ends_with('\n'));
        (1..=count).map(|line| (line, self.faults.iter().any(|fault| fault.line == line))).collect()
    }
}
