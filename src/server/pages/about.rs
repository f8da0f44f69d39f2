//! What this is, where the criteria come from, and how accessible it is.

use askama::Template;

use super::{filters, french, site::Site};

/// What this is.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/about.html", config = "web/askama.toml")]
pub struct About {
    /// Around the page.
    pub site: Site,
    /// How many indicators the grid holds.
    pub indicators: u64,
}

/// The declaration of accessibility.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/accessibility.html", config = "web/askama.toml")]
pub struct Accessibility {
    /// Around the page.
    pub site: Site,
}

impl About {
    /// « 27 indicateurs ».
    pub fn indicators_text(&self) -> String {
        french::count(self.indicators, "indicateur")
    }

    /// The page.
    pub fn sample() -> About {
        About { site: Site::sample(), indicators: 27 }
    }
}

impl Accessibility {
    /// The page.
    pub fn sample() -> Accessibility {
        Accessibility { site: Site::sample() }
    }
}
