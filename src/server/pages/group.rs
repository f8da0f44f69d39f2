//! A group at a glance: who rehearsed what, where it is strong and weak, what it misses, how it goes on.

use askama::Template;

use super::cohort_filter::CohortFilter;
use super::course::Courses;
use super::heat::HeatTable;
use super::{filters, french, paths, site::Site};

/// The group's page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/group.html", config = "web/askama.toml")]
pub struct GroupPage {
    /// Around the page.
    pub site: Site,
    /// The group's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many trainees it has.
    pub trainees: u32,
    /// How many of their conversations count here.
    pub attempts: u32,
    /// Time on task over all of them, in seconds.
    pub seconds: u64,
    /// What is chosen.
    pub filter: CohortFilter,
    /// Conversations that have ended and are not scored yet.
    pub waiting: u32,
    /// Conversations whose marks are kept from the reader, who rates them blind.
    pub blind: u32,
    /// The weak axis, in one sentence.
    pub weak: Option<String>,
    /// The latest conversations, newest first.
    pub recent: Vec<RecentLine>,
    /// Trainees by axis or indicator.
    pub heat: HeatTable,
    /// What is missed most.
    pub missed: Vec<MissedLine>,
    /// Progress and difficulty; where too little is there, what is lacking, in a sentence.
    pub courses: Result<Courses, String>,
    /// Time spent.
    pub times: TimeTable,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct RecentLine {
    /// Whose.
    pub name: String,
    /// Their record.
    pub person: String,
    /// Title of the situation.
    pub title: String,
    /// Where it can be read, once it has ended.
    pub href: Option<String>,
    /// « 22 nov. à 14 h 05 ».
    pub when: String,
    /// « coté », « relu », « en cours ».
    pub state: &'static str,
    /// 0 to 100.
    pub score: Option<u8>,
}

/// An indicator that is missed.
#[derive(Clone, Debug)]
pub struct MissedLine {
    /// `5.1.b`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// The axis it is part of.
    pub axis: String,
    /// Not fully there, in per cent of the times it applied.
    pub share: u8,
    /// How many times missed, partial, observed.
    pub counts: [u32; 3],
    /// Of how many trainees.
    pub trainees: u32,
    /// Where it shows.
    pub examples: Vec<Example>,
}

/// Words that show it.
#[derive(Clone, Debug)]
pub struct Example {
    /// The trainee's words.
    pub quote: String,
    /// They show nothing of it: there it was expected.
    pub expected: bool,
    /// Whose.
    pub name: String,
    /// In which situation.
    pub title: String,
    /// The moment.
    pub href: String,
    /// « non observé », « partiel ».
    pub level: &'static str,
}

/// Time spent, by trainee and situation.
#[derive(Clone, Debug, Default)]
pub struct TimeTable {
    /// Trainees, most time first.
    pub lines: Vec<TimeLine>,
    /// Titles of the situations, most time first.
    pub situations: Vec<String>,
    /// Seconds by situation, over all trainees.
    pub whole: Vec<u64>,
}

/// One trainee.
#[derive(Clone, Debug)]
pub struct TimeLine {
    /// By name.
    pub name: String,
    /// Their record.
    pub href: String,
    /// In seconds.
    pub seconds: u64,
    /// Conversations.
    pub attempts: u32,
    /// Seconds by situation; `None`: not tried.
    pub cells: Vec<Option<u64>>,
}

impl GroupPage {
    /// « 12 stagiaires, 48 échanges, 5 h 20 min ».
    pub fn counts(&self) -> String {
        let mut parts = vec![
            french::count(self.trainees.into(), "stagiaire"),
            french::count(self.attempts.into(), "échange") + if self.attempts < 2 { " coté" } else { " cotés" },
        ];
        if self.seconds > 0 {
            parts.push(french::minutes(self.seconds));
        }
        parts.join(", ")
    }

    /// Where the form is sent.
    pub fn address(&self) -> String {
        paths::group(&self.id)
    }

    /// An export's address.
    pub fn export(&self, ending: &str) -> String {
        paths::group_export(&self.id, ending)
    }
}

impl MissedLine {
    /// « non observé 6 fois, partiel 4 fois, observé 2 fois, chez 5 stagiaires ».
    pub fn told(&self) -> String {
        let [missed, partial, observed] = self.counts;
        format!(
            "Non observé {missed}\u{a0}fois, partiel {partial}\u{a0}fois, observé {observed}\u{a0}fois, chez {}.",
            french::count(self.trainees.into(), "stagiaire")
        )
    }
}

impl TimeTable {
    /// How wide a trainee's bar is, in per cent of the longest.
    pub fn share(&self, seconds: &u64) -> u64 {
        let most = self.lines.iter().map(|line| line.seconds).max().unwrap_or(0).max(1);
        seconds * 100 / most
    }
}

impl TimeLine {
    /// « 1 h 20 min ».
    pub fn time(&self) -> String {
        if self.attempts == 0 { "–".to_owned() } else { french::minutes(self.seconds) }
    }
}
