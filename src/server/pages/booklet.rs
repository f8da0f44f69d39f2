//! Where one stands in an exam: what is done, what comes next.

use askama::Template;

use super::{filters, paths, site::Site};

/// How far an exam is.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/booklet.html", config = "web/askama.toml")]
pub struct BookletPage {
    /// Around the page.
    pub site: Site,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The situations with their parts.
    pub situations: Vec<SituationLine>,
    /// What comes next; `None` once it is over.
    pub next: Option<NextPart>,
    /// Something that has just happened, to be told first.
    pub told: Option<String>,
    /// How much more time there is, in per cent.
    pub extra_percent: u16,
    /// Whether all of it is over.
    pub over: bool,
}

/// A situation.
#[derive(Clone, Debug)]
pub struct SituationLine {
    /// « Première situation ».
    pub title: String,
    /// « Au comptoir ».
    pub channel: String,
    /// Its parts.
    pub parts: Vec<PartLine>,
}

/// A part.
#[derive(Clone, Debug)]
pub struct PartLine {
    /// « Lire l'accueil ».
    pub name: String,
    /// « 10 min ».
    pub limit: String,
    /// `done`, `up`, `now`, `next`, `later`, `left-out`.
    pub state: &'static str,
    /// The same in words.
    pub state_name: &'static str,
}

/// What comes next.
#[derive(Clone, Debug)]
pub struct NextPart {
    /// Number of the step, from 0.
    pub step: u16,
    /// « Lire l'accueil ».
    pub name: String,
    /// What is to be done in it.
    pub about: &'static str,
    /// « 10 min ».
    pub limit: String,
    /// Whether its time runs already.
    pub running: bool,
    /// What is left of it, if so.
    pub left: String,
}

impl BookletPage {
    /// Where the next part is entered.
    pub fn enter(&self, step: &u16) -> String {
        paths::booklet_enter(&self.id, *step)
    }

    /// Where the part under way is.
    pub fn resume(&self, step: &u16) -> String {
        paths::booklet_step(&self.id, *step)
    }

    /// Where it is stopped.
    pub fn stop(&self) -> String {
        paths::booklet_stop(&self.id)
    }

    /// The report.
    pub fn report(&self) -> String {
        paths::booklet_report(&self.id)
    }

    /// Five parts done, one under way.
    pub fn sample() -> BookletPage {
        let part = |name: &str, limit: &str, state: &'static str, state_name: &'static str| PartLine {
            name: name.into(),
            limit: limit.into(),
            state,
            state_name,
        };
        let situation = |title: &str, channel: &str, parts: Vec<PartLine>| SituationLine {
            title: title.into(),
            channel: channel.into(),
            parts,
        };
        BookletPage {
            site: Site::sample(),
            id: "bkl_01JD9Z0000000000000000000A".into(),
            title: "Livret blanc du bloc 1".into(),
            situations: vec![
                situation(
                    "Première situation",
                    "Au comptoir",
                    vec![
                        part("Lire l’accueil", "14 min", "done", "terminée"),
                        part("Mener l’échange", "20 min", "up", "temps écoulé"),
                        part("Écrire la note de transmission", "11 min", "done", "terminée"),
                        part("Répondre aux questions", "16 min", "now", "en cours"),
                    ],
                ),
                situation(
                    "Deuxième situation",
                    "Au téléphone",
                    vec![
                        part("Ordonner la file d’attente", "16 min", "later", "à venir"),
                        part("Mener l’échange", "20 min", "later", "à venir"),
                    ],
                ),
            ],
            next: Some(NextPart {
                step: 3,
                name: "Répondre aux questions".into(),
                about: "Quelques questions sur l’échange et sur ce qui le suit.",
                limit: "16 min".into(),
                running: true,
                left: "9 min".into(),
            }),
            told: Some("Vous étiez absent de 10 h 12 à 10 h 31 : ce temps vous est rendu.".into()),
            extra_percent: 33,
            over: false,
        }
    }

    /// Between two parts.
    pub fn sample_between() -> BookletPage {
        let mut page = BookletPage::sample();
        page.told = None;
        page.extra_percent = 0;
        page.next = page.next.map(|next| NextPart { running: false, ..next });
        page
    }

    /// All done.
    pub fn sample_over() -> BookletPage {
        BookletPage { next: None, over: true, told: None, ..BookletPage::sample() }
    }
}
