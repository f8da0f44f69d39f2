//! A trainer's review of an exchange, and the pages around it: two versions that met, two blind ratings side by side.

use askama::Template;

use super::rating::RatingForm;
use super::{filters, french, paths, site::Site};
use crate::scoring::Decision;

/// A review under way.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/review.html", config = "web/askama.toml")]
pub struct ReviewPage {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Title of the situation.
    pub title: String,
    /// Who rehearsed.
    pub trainee: String,
    /// Whom they spoke with.
    pub caller: String,
    /// « Au téléphone ».
    pub channel: &'static str,
    /// When.
    pub held_on: String,
    /// How it ended, in one sentence.
    pub ending: String,
    /// The groups that it can be listed with: id and name.
    pub groups: Vec<(String, String)>,
    /// Where this review stands, in sentences.
    pub standing: Vec<String>,
    /// Since when the trainee waits for a person's marks.
    pub asked: Option<String>,
    /// Earlier publications: « 22 novembre 2026 à 14 h 05, par Camille Roy ».
    pub history: Vec<String>,
    /// The other who rates blind; `None` where nobody does.
    pub blind_with: Option<String>,
    /// Whether it was given blind, and the other's is waited for.
    pub finished: bool,
    /// Where the two blind ratings are compared, once both are there.
    pub compare: Option<String>,
    /// The form.
    pub form: RatingForm,
}

/// Two versions of a review that met.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/review_conflict.html", config = "web/askama.toml")]
pub struct ReviewConflict {
    /// Around the page.
    pub site: Site,
    /// Title of the situation.
    pub title: String,
    /// Who rehearsed.
    pub trainee: String,
    /// Where it is posted.
    pub action: String,
    /// What has happened meanwhile, in one sentence.
    pub told: String,
    /// Whose the other version is: « Enregistré dans un autre onglet », « Publié par Omar Diallo ».
    pub theirs: String,
    /// The version that stands there.
    pub version: u32,
    /// The last publication.
    pub base: u32,
    /// What differs.
    pub rows: Vec<ConflictRow>,
    /// What does not differ: field and value.
    pub same: Vec<(String, String)>,
}

/// A field that differs.
#[derive(Clone, Debug)]
pub struct ConflictRow {
    /// Name of the field.
    pub field: String,
    /// What it is, in words: « 5.1.b · niveau ».
    pub label: String,
    /// One's own value, and how it reads.
    pub mine: (String, String),
    /// The other one.
    pub theirs: (String, String),
}

/// Two blind ratings side by side.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/review_compare.html", config = "web/askama.toml")]
pub struct ReviewCompare {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Title of the situation.
    pub title: String,
    /// Who rehearsed.
    pub trainee: String,
    /// The two who rated.
    pub readers: [String; 2],
    /// How far they agree, in one sentence.
    pub summary: String,
    /// The indicators on which they differ.
    pub differing: Vec<ComparedMark>,
    /// Those on which they agree.
    pub agreed: Vec<ComparedMark>,
    /// When it was settled, if it was.
    pub settled: Option<String>,
    /// What has to be chosen before it can be settled.
    pub fault: Option<String>,
}

/// One indicator that two trainers rated.
#[derive(Clone, Debug)]
pub struct ComparedMark {
    /// Indicator id.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Each one's decision, reason and words.
    pub sides: [ComparedSide; 2],
    /// The automatic level.
    pub automatic: &'static str,
    /// What is chosen so far.
    pub chosen: Option<Decision>,
}

/// What one trainer gave.
#[derive(Clone, Debug, Default)]
pub struct ComparedSide {
    /// The decision.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: String,
    /// Words that show it.
    pub words: String,
}

impl ReviewPage {
    /// The scorecard's address.
    pub fn scorecard_href(&self) -> String {
        paths::scorecard(&self.id)
    }

    /// Where the blind rating is given up.
    pub fn second_href(&self) -> String {
        paths::review_second(&self.id)
    }

    /// The list of a group.
    pub fn list_href(&self, group: &str) -> String {
        paths::group_reviews(group)
    }
}

impl ReviewCompare {
    /// Where it is posted.
    pub fn action(&self) -> String {
        paths::review_compare(&self.id)
    }

    /// The review's address.
    pub fn review_href(&self) -> String {
        paths::review(&self.id)
    }
}

impl ComparedMark {
    /// The four decisions: code, name, who chose it, whether it is chosen now.
    pub fn choices(&self, readers: &[String; 2]) -> Vec<(&'static str, &'static str, String, bool)> {
        let choice = |decision: Decision| {
            let by: Vec<&str> = (self.sides.iter().zip(readers))
                .filter(|(side, _)| side.decision == Some(decision))
                .map(|(_, reader)| reader.as_str())
                .collect();
            (decision.code(), french::level(decision.level()), french::list(&by), self.chosen == Some(decision))
        };
        Decision::ALL.into_iter().map(choice).collect()
    }
}

impl ComparedSide {
    /// « partiel », or nothing where nothing was decided.
    pub fn name(&self) -> &'static str {
        self.decision.map_or("pas décidé", |decision| french::level(decision.level()))
    }
}
