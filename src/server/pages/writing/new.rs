//! A new situation: a copy, a model, a file.

use askama::Template;

use super::super::{filters, site::Site};

/// A new situation.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-new.html", config = "web/askama.toml")]
pub struct WritingNew {
    /// Around the page.
    pub site: Site,
    /// What can be copied.
    pub origins: Vec<Origin>,
    /// What was typed: the title of a copy.
    pub title: String,
    /// The id of a copy.
    pub id: String,
    /// What is wrong with the copy: at which field, and what.
    pub copy_fault: Option<(&'static str, String)>,
    /// The id of an import.
    pub import_id: String,
    /// The text of an import.
    pub text: String,
    /// What is wrong with the import: at which field, and what.
    pub import_fault: Option<(&'static str, String)>,
    /// Where the TOML of the import is broken.
    pub syntax: Vec<SyntaxFault>,
}

/// Something to copy.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As it is sent: `model`, `file:odeur-gaz`, `written:le-froid`.
    pub value: String,
    /// Its title.
    pub title: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A place where TOML is broken.
#[derive(Clone, Debug)]
pub struct SyntaxFault {
    /// Line, from 1.
    pub line: usize,
    /// The line itself.
    pub excerpt: String,
    /// What is wrong.
    pub rule: String,
    /// What to do.
    pub fix: String,
}

impl WritingNew {
    /// The page with nothing typed.
    pub fn blank(site: Site, origins: Vec<Origin>) -> WritingNew {
        WritingNew {
            site,
            origins,
            title: String::new(),
            id: String::new(),
            copy_fault: None,
            import_id: String::new(),
            text: String::new(),
            import_fault: None,
            syntax: Vec::new(),
        }
    }

    /// What is wrong with a field of the copy.
    pub fn copy_fault(&self, field: &str) -> Option<&str> {
        self.copy_fault.as_ref().filter(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }

    /// What is wrong with a field of the import.
    pub fn import_fault(&self, field: &str) -> Option<&str> {
        self.import_fault.as_ref().filter(|(at, _)| *at == field).map(|(_, text)| text.as_str())
    }
}
