//! The situations that one writes on.

use askama::Template;

use super::super::{filters, site::Site};

/// The situations that one writes on.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/writing-list.html", config = "web/askama.toml")]
pub struct WritingList {
    /// Around the page.
    pub site: Site,
    /// One's own.
    pub own: Vec<Line>,
    /// Those of colleagues, published to groups that one leads too.
    pub shared: Vec<Line>,
    /// « La fiche « le-froid » est supprimée. »
    pub notice: Option<String>,
}

/// One situation.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who began it.
    pub maker: String,
    /// When it was last saved, and by whom.
    pub saved: String,
    /// « Version 3 », « Brouillon », « Retirée ».
    pub state: String,
}
