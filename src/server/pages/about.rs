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
    /// What becomes of a voice.
    pub voice: VoiceUse,
}

/// What becomes of a voice here.
#[derive(Clone, Debug, Default)]
pub struct VoiceUse {
    /// Speech is recognised by the service itself.
    pub heard_here: bool,
    /// Speech is recognised by another service.
    pub heard_elsewhere: bool,
    /// Replies are spoken by the service; otherwise by the browser.
    pub spoken_here: bool,
    /// « 30 jours », where voices are recorded.
    pub recorded_days: Option<String>,
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
        let voice = VoiceUse { heard_here: true, ..VoiceUse::default() };
        About { site: Site::sample(), indicators: 27, voice }
    }

    /// The page of an organisation that records, and has others recognise and speak.
    pub fn sample_elsewhere() -> About {
        let recorded_days = Some("30\u{a0}jours".to_owned());
        let voice = VoiceUse { heard_here: false, heard_elsewhere: true, spoken_here: true, recorded_days };
        About { voice, ..About::sample() }
    }
}

impl Accessibility {
    /// The page.
    pub fn sample() -> Accessibility {
        Accessibility { site: Site::sample() }
    }
}
