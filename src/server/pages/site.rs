//! What every page shows around its content.

use super::french;

/// The landlord, the version and the source of the criteria, for header and footer.
#[derive(Clone, Debug)]
pub struct Site {
    /// « Rive Claire Habitat ».
    pub landlord: String,
    /// « Agence des Tilleuls ».
    pub agency: String,
    /// Who looks at it.
    pub viewer: Viewer,
    /// The program's version.
    pub version: String,
    /// Where the criteria come from.
    pub source: Source,
}

/// Who looks at a page, as far as its frame shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// Their name, if they are signed in.
    pub name: Option<String>,
    /// Whether they lead groups.
    pub trainer: bool,
    /// Whether they see accounts, settings and the log.
    pub administrator: bool,
}

impl Viewer {
    /// A trainer, for samples.
    pub fn sample_trainer() -> Viewer {
        Viewer { name: Some("Claire Martin".into()), trainer: true, administrator: false }
    }
}

impl Site {
    /// What the samples of an administrator's pages show.
    pub fn sample_for_administrator() -> Site {
        let viewer = Viewer { name: Some("Anne Roy".into()), trainer: false, administrator: true };
        Site { viewer, ..Site::sample() }
    }
}

/// Where the criteria come from, as the pages must say.
#[derive(Clone, Debug)]
pub struct Source {
    /// « RNCP38052 ».
    pub sheet: String,
    /// « Chargé d'accueil en habitat social ».
    pub certification: String,
    /// « AFPOLS ».
    pub certifier: String,
    /// « Bloc 1 ».
    pub part: String,
    /// Last day of registration.
    pub registered_until: jiff::civil::Date,
}

impl Site {
    /// What the samples show.
    pub fn sample() -> Site {
        Site {
            landlord: "Rive Claire Habitat".into(),
            agency: "Agence des Tilleuls".into(),
            viewer: Viewer::default(),
            version: "0.1.0".into(),
            source: Source {
                sheet: "RNCP38052".into(),
                certification: "Chargé d’accueil en habitat social".into(),
                certifier: "AFPOLS".into(),
                part: "Bloc 1".into(),
                registered_until: jiff::civil::date(2026, 9, 20),
            },
        }
    }
}

impl Site {
    /// What the samples of a trainer's pages show.
    pub fn sample_for_trainer() -> Site {
        Site { viewer: Viewer::sample_trainer(), ..Site::sample() }
    }
}

impl Source {
    /// « 20 septembre 2026 ».
    pub fn until(&self) -> String {
        french::date(self.registered_until)
    }
}
