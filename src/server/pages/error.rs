//! What is shown when a page cannot be.

use askama::Template;

use super::{filters, site::Site};

/// A calm sentence, what can be done, and the code that a helper needs.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/error.html", config = "web/askama.toml")]
pub struct ErrorPage {
    /// Around the page.
    pub site: Site,
    /// HTTP status: 404.
    pub status: u16,
    /// Stable code: `situation_unknown`.
    pub code: String,
    /// « Cette situation n’existe pas. »
    pub title: String,
    /// What can be done.
    pub advice: String,
    /// The request's id, to find it in the log.
    pub request: Option<String>,
}

impl ErrorPage {
    /// A situation that does not exist.
    pub fn sample() -> ErrorPage {
        ErrorPage {
            site: Site::sample(),
            status: 404,
            code: "situation_unknown".into(),
            title: "Cette situation n’existe pas".into(),
            advice: "Elle a peut-être été renommée ou retirée. Les autres vous attendent.".into(),
            request: Some("01JD9Z0000000000000000000A".into()),
        }
    }
}
