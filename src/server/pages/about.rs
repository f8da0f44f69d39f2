//! What this is, where the criteria come from, and how accessible it is.

use askama::Template;

use super::{VoiceOffer, filters, french, site::Site};

/// What this is.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/about.html", config = "web/askama.toml")]
pub struct About {
    /// Around the page.
    pub site: Site,
    /// How many indicators the grid holds.
    pub indicators: u64,
    /// What becomes of a voice.
    pub voice: VoiceOffer,
    /// What models do.
    pub model: ModelOffer,
}

/// What models do here, as people are told.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the service, each said in its own words")]
pub struct ModelOffer {
    /// Whether one words what characters say.
    pub plays: bool,
    /// Whether one judges beside the rules.
    pub judges: bool,
    /// Whether what is said leaves the organisation's network for it.
    pub elsewhere: bool,
    /// Whether the page on the models is there.
    pub page: bool,
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

    /// « 30 jours », where voices are recorded.
    pub fn recorded(&self) -> Option<String> {
        self.voice.recording_days.map(|days| french::count(days.into(), "jour"))
    }

    /// The page.
    pub fn sample() -> About {
        let model = ModelOffer { page: true, ..ModelOffer::default() };
        About { site: Site::sample(), indicators: 27, voice: VoiceOffer::sample(), model }
    }

    /// The page of an organisation that records, and has others recognise, speak, play and judge.
    pub fn sample_elsewhere() -> About {
        let voice = VoiceOffer { elsewhere: true, by_server: true, recording_days: Some(30), ..VoiceOffer::sample() };
        let model = ModelOffer { plays: true, judges: true, elsewhere: true, page: false };
        About { voice, model, ..About::sample() }
    }
}

impl Accessibility {
    /// The page.
    pub fn sample() -> Accessibility {
        Accessibility { site: Site::sample() }
    }
}
