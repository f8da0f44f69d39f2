//! The exams one can sit, and those one has sat.

use askama::Template;

use super::{filters, paths, site::Site};

/// Exams to sit and sat.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/booklets.html", config = "web/askama.toml")]
pub struct Booklets {
    /// Around the page.
    pub site: Site,
    /// Those that can be sat.
    pub offers: Vec<Offer>,
    /// Those begun, newest first.
    pub sat: Vec<Sat>,
}

/// An exam that can be sat.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Id of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub about: String,
    /// « 4 situations, 16 parties ».
    pub made_of: String,
    /// « environ 3 h 20 ».
    pub lasts: String,
}

/// An exam that was begun.
#[derive(Clone, Debug)]
pub struct Sat {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was begun.
    pub when: String,
    /// How far it went: « 5 parties sur 16 ».
    pub done: String,
    /// Whether it is over.
    pub over: bool,
    /// What remains for people to judge, once it is over: « 12 à apprécier ».
    pub open: Option<String>,
}

impl Offer {
    /// Where it is begun.
    pub fn action(&self) -> &'static str {
        paths::BOOKLETS
    }
}

impl Sat {
    /// Where it goes on, or its report.
    pub fn address(&self) -> String {
        if self.over { paths::booklet_report(&self.id) } else { paths::booklet(&self.id) }
    }
}

impl Booklets {
    /// One under way, one over.
    pub fn sample() -> Booklets {
        Booklets {
            site: Site::sample(),
            offers: vec![
                Offer {
                    id: "bloc1".into(),
                    title: "Livret blanc du bloc 1".into(),
                    about: "Quatre situations à la suite, deux au comptoir et deux au téléphone.".into(),
                    made_of: "4 situations, 16 parties".into(),
                    lasts: "3 h 07".into(),
                },
                Offer {
                    id: "bloc2".into(),
                    title: "Livret blanc du bloc 2".into(),
                    about: "Une situation tirée au sort, puis un contrôle des connaissances.".into(),
                    made_of: "1 situation, 3 parties".into(),
                    lasts: "50 min".into(),
                },
            ],
            sat: vec![
                Sat {
                    id: "bkl_01JD9Z0000000000000000000A".into(),
                    title: "Livret blanc du bloc 1".into(),
                    when: "lundi 2 mars 2026 à 10 h 05".into(),
                    done: "5 parties sur 16".into(),
                    over: false,
                    open: None,
                },
                Sat {
                    id: "bkl_01JD9Z0000000000000000000B".into(),
                    title: "Livret blanc du bloc 2".into(),
                    when: "jeudi 26 février 2026 à 14 h 00".into(),
                    done: "3 parties sur 3".into(),
                    over: true,
                    open: Some("9 points à apprécier par le formateur".into()),
                },
            ],
        }
    }

    /// Nothing sat yet.
    pub fn sample_empty() -> Booklets {
        Booklets { sat: Vec::new(), ..Booklets::sample() }
    }
}
