//! A trainee's record: for the trainee, for the trainer, and on paper as evidence for an audit.

use askama::Template;

use super::course::Way;
use super::progress::Progress;
use super::{filters, french, paths, site::Site};

/// The record's page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/record.html", config = "web/askama.toml")]
pub struct RecordPage {
    /// Around the page.
    pub site: Site,
    /// Whose.
    pub id: String,
    /// By name.
    pub name: String,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Names of their groups.
    pub groups: Vec<String>,
    /// « du 2 mars 2026 au 22 novembre 2026 »; `None` before the first conversation.
    pub period: Option<String>,
    /// « 22 novembre 2026 à 14 h 05 »: when the page was made.
    pub made_on: String,
    /// Conversations that have a result.
    pub scored: u32,
    /// How many of them a trainer has read again.
    pub reviewed: u32,
    /// How many different situations.
    pub situations: u32,
    /// Time on task, in seconds.
    pub seconds: u64,
    /// What these conversations were planned to take, in seconds.
    pub expected_seconds: u64,
    /// The first results and the latest, read without the situations' difficulty; what is lacking, in a sentence.
    pub way: Result<Way, String>,
    /// Results over time, by axis.
    pub progress: Option<Progress>,
    /// By competence and criterion.
    pub competences: Vec<CompetenceLine>,
    /// Every conversation, oldest first.
    pub conversations: Vec<RecordLine>,
    /// What was done for assignments.
    pub assignments: Vec<AssignmentLine>,
    /// Booklets sat.
    pub booklets: Vec<BookletLine>,
    /// Which versions gave the marks.
    pub versions: Vec<VersionLine>,
    /// Conversations whose marks are kept from the reader, who rates them blind.
    pub blind: u32,
}

/// A competence with its criteria.
#[derive(Clone, Debug)]
pub struct CompetenceLine {
    /// `C05`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// 0 to 100.
    pub score: Option<u8>,
    /// Its criteria.
    pub criteria: Vec<CriterionLine>,
}

/// A criterion.
#[derive(Clone, Debug)]
pub struct CriterionLine {
    /// `5.1`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// The mean over all conversations, 0 to 100.
    pub score: Option<u8>,
    /// The mean over the first three conversations where it applied.
    pub first: Option<u8>,
    /// The mean over the last three.
    pub last: Option<u8>,
    /// In how many conversations it applied.
    pub count: u32,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct RecordLine {
    /// « 22/11/2026 14:05 ».
    pub when: String,
    /// Title of the situation.
    pub title: String,
    /// « Au téléphone ».
    pub channel: &'static str,
    /// Planned, in minutes.
    pub expected: Option<u8>,
    /// Taken, in seconds.
    pub seconds: Option<u64>,
    /// « coté », « relu ».
    pub state: &'static str,
    /// 0 to 100.
    pub score: Option<u8>,
    /// Where it is read, once it has ended.
    pub href: Option<String>,
    /// The first characters of the situation's digest.
    pub version: String,
    /// Its id, by which it is found again.
    pub id: String,
}

/// An assignment.
#[derive(Clone, Debug)]
pub struct AssignmentLine {
    /// Its title.
    pub title: String,
    /// Conversations done for it.
    pub attempts: u32,
    /// The latest: « 22 novembre 2026 ».
    pub last: String,
    /// The best result, 0 to 100.
    pub best: Option<u8>,
}

/// A booklet.
#[derive(Clone, Debug)]
pub struct BookletLine {
    /// « Livret du bloc 1 ».
    pub kind: String,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub when: String,
    /// Whether it was handed in.
    pub ended: bool,
    /// Its report, once it was handed in.
    pub href: Option<String>,
}

/// What gave marks, and how many.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// The rubric's digest, in full.
    pub rubric: String,
    /// The rules' version.
    pub engine: String,
    /// How many conversations.
    pub count: u32,
}

impl RecordPage {
    /// « 12 échanges cotés, dont 3 relus par un formateur, sur 7 situations ».
    pub fn counts(&self) -> String {
        let scored = match self.scored {
            0 => "Aucun échange coté".to_owned(),
            1 => "1\u{a0}échange coté".to_owned(),
            some => format!("{some}\u{a0}échanges cotés"),
        };
        let reviewed = match self.reviewed {
            0 => String::new(),
            1 => ", dont 1 relu par un formateur".to_owned(),
            some => format!(", dont {some} relus par un formateur"),
        };
        let situations = match self.situations {
            0 => String::new(),
            some => format!(", sur {}", french::count(some.into(), "situation")),
        };
        format!("{scored}{reviewed}{situations}")
    }

    /// « 2 h 10 min ».
    pub fn time(&self) -> String {
        french::minutes(self.seconds)
    }

    /// « 2 h ».
    pub fn expected_time(&self) -> String {
        french::minutes(self.expected_seconds)
    }

    /// « Promotion d'automne ».
    pub fn groups_text(&self) -> String {
        french::list(&self.groups)
    }

    /// An export's address.
    pub fn export(&self, ending: &str) -> String {
        if self.own { paths::record_export(ending) } else { paths::person_export(&self.id, ending) }
    }
}

impl CriterionLine {
    /// « en bonne voie ».
    pub fn level(&self) -> &'static str {
        french::axis_level(self.score)
    }
}

impl CompetenceLine {
    /// « en bonne voie ».
    pub fn level(&self) -> &'static str {
        french::axis_level(self.score)
    }
}

impl RecordLine {
    /// « 6 min ».
    pub fn time(&self) -> String {
        self.seconds.map_or_else(|| "–".to_owned(), french::minutes)
    }
}
