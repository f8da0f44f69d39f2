//! The report of an exam: by competence and criterion, with the origin of each mark and what people still have to judge.

use askama::Template;

use super::{filters, french, paths, site::Site};
use crate::scoring::Level;

/// The report of an exam; prints on A4.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/booklet-report.html", config = "web/askama.toml")]
pub struct BookletReport {
    /// Around the page.
    pub site: Site,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who sat it, where the reader is their trainer, or they have a name.
    pub person: Option<String>,
    /// When it was begun.
    pub begun: String,
    /// How it stands: under way, over, stopped.
    pub state: String,
    /// Whether it is over.
    pub over: bool,
    /// Where the criteria come from.
    pub part: String,
    /// Counts of all marks.
    pub standing: StandingView,
    /// The competences.
    pub competences: Vec<CompetenceView>,
    /// What was drawn, and the time of each part.
    pub situations: Vec<SituationView>,
    /// When nobody was there.
    pub interruptions: Vec<InterruptionView>,
    /// How long it took altogether.
    pub total: String,
    /// More time than usual, in per cent.
    pub extra_percent: u16,
    /// Conversations whose marks are kept from the reader, who rates them blind.
    pub blind: u32,
    /// Whether the reader leads a group of whoever sat it: may judge and grant time.
    pub trainer: bool,
    /// The versions it was made with.
    pub versions: String,
}

/// Counts of marks.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandingView {
    /// Observed.
    pub observed: u32,
    /// Partly.
    pub partial: u32,
    /// Missed.
    pub missed: u32,
    /// For people to judge.
    pub open: u32,
}

/// A competence.
#[derive(Clone, Debug)]
pub struct CompetenceView {
    /// `C05`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Counts of its marks.
    pub standing: StandingView,
    /// Its criteria.
    pub criteria: Vec<CriterionView>,
}

/// A criterion.
#[derive(Clone, Debug)]
pub struct CriterionView {
    /// `5.1`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Whether it applies to what was drawn.
    pub applies: bool,
    /// Its indicators.
    pub indicators: Vec<IndicatorView>,
}

/// An indicator.
#[derive(Clone, Debug)]
pub struct IndicatorView {
    /// `5.1.b`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Its marks.
    pub marks: Vec<MarkView>,
}

/// A mark, or the place of one.
#[derive(Clone, Debug)]
pub struct MarkView {
    /// An id of its own on the page.
    pub anchor: String,
    /// « Échange 2 », « Question : … ».
    pub origin: String,
    /// The page it comes from.
    pub address: Option<String>,
    /// The level, once there is one.
    pub level: Option<Level>,
    /// `proposed`, `judged`, `open`, `none`.
    pub state: &'static str,
    /// Why.
    pub reason: String,
    /// Words of the exchange.
    pub quotes: Vec<String>,
    /// For closed answers: what was found.
    pub found: Vec<String>,
    /// What was expected and not found, with why.
    pub missed: Vec<(String, String)>,
    /// What was ticked and should not have been, with why.
    pub wrong: Vec<(String, String)>,
    /// For open answers: the question.
    pub asked: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// What is expected, with words that may tell it.
    pub signs: Vec<(String, Option<String>)>,
    /// What a trainer said: name, when, word.
    pub verdict: Option<(String, String, String)>,
    /// For a trainer: indicator and question of the form; `None` where the mark is judged elsewhere.
    pub judge: Option<(String, String)>,
}

/// A situation as drawn, with the time of its parts.
#[derive(Clone, Debug)]
pub struct SituationView {
    /// « Première situation ».
    pub title: String,
    /// The situation that was drawn.
    pub drawn: String,
    /// « Au comptoir ».
    pub channel: String,
    /// The conversation, once there is one: its scorecard.
    pub scorecard: Option<String>,
    /// Its parts: name, time used, time given, state in words.
    pub parts: Vec<(String, String, String, &'static str)>,
}

/// A time when nobody was there.
#[derive(Clone, Debug)]
pub struct InterruptionView {
    /// « 2 mars 2026, 10 h 12 ».
    pub when: String,
    /// During which part.
    pub during: String,
    /// How long.
    pub lasted: String,
    /// How much of it did not count.
    pub given_back: String,
}

impl StandingView {
    /// All marks.
    pub fn all(&self) -> u32 {
        self.observed + self.partial + self.missed + self.open
    }

    /// « 12 observés, 3 partiels, 1 non observé, 4 à apprécier ».
    pub fn words(&self) -> String {
        let one = |n: u32, word: &str| {
            let (first, rest) = word.split_once(' ').unwrap_or((word, ""));
            match (n, word) {
                (0, _) => None,
                (1, _) | (_, "à apprécier") => Some(format!("{n}\u{a0}{word}")),
                (_, "non observé") => Some(format!("{n}\u{a0}non observés")),
                _ => Some(format!("{n}\u{a0}{first}s{rest}")),
            }
        };
        let words = [
            one(self.observed, "observé"),
            one(self.partial, "partiel"),
            one(self.missed, "non observé"),
            one(self.open, "à apprécier"),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if words.is_empty() { "sans objet".to_owned() } else { words.join(", ") }
    }
}

impl MarkView {
    /// The level in words, or what is awaited.
    pub fn level_name(&self) -> &'static str {
        match (self.state, self.level) {
            ("open", _) => "à apprécier par le formateur",
            (_, level) => french::level(level),
        }
    }

    /// `2`, `1`, `0`, `open`, `none`, for styles.
    pub fn level_code(&self) -> &'static str {
        match (self.state, self.level) {
            ("open", _) => "open",
            (_, Some(Level::Observed)) => "2",
            (_, Some(Level::Partial)) => "1",
            (_, Some(Level::Missed)) => "0",
            (_, None) => "none",
        }
    }

    /// The word a trainer wrote.
    pub fn word(&self) -> &str {
        self.verdict.as_ref().map_or("", |(_, _, word)| word)
    }
}

impl BookletReport {
    /// Where a trainer's mark goes.
    pub fn marks(&self) -> String {
        paths::booklet_marks(&self.id)
    }

    /// Where extra time is granted.
    pub fn time(&self) -> String {
        paths::booklet_time(&self.id)
    }

    /// Extra times that can be granted: per cent, name, whether it is the one in force.
    pub fn extras(&self) -> Vec<(u16, &'static str, bool)> {
        [(0, "Temps habituel"), (33, "Tiers temps"), (50, "Moitié en plus"), (100, "Temps doublé")]
            .into_iter()
            .map(|(percent, name)| (percent, name, percent == self.extra_percent))
            .collect()
    }
}
