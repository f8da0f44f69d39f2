//! The handoff note the trainee writes afterwards.

use askama::Template;

use super::conversation::Directory;
use super::{filters, french, paths, site::Site};
use crate::persona::Urgency;
use crate::utterance::Speaker;

/// The form of the handoff note. Works without scripts.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/handoff.html", config = "web/askama.toml")]
pub struct HandoffPage {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Title of the situation.
    pub title: String,
    /// Who the person was: « Karim Belkacem ».
    pub caller: String,
    /// How it ended, in one sentence.
    pub ending: String,
    /// The directory, with the service chosen so far.
    pub services: Vec<ServiceChoice>,
    /// The four urgencies, with the one chosen so far.
    pub urgencies: Vec<UrgencyChoice>,
    /// What was written so far.
    pub summary: String,
    /// The longest note taken, in characters.
    pub longest: usize,
    /// What was missing when it was sent.
    pub problems: Vec<Problem>,
    /// The exchange, to read again.
    pub lines: Vec<Line>,
}

/// One service of the directory.
#[derive(Clone, Debug)]
pub struct ServiceChoice {
    /// Service id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it deals with.
    pub deals_with: String,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// One urgency.
#[derive(Clone, Debug)]
pub struct UrgencyChoice {
    /// `immediate`, `24h`, `week`, `none`.
    pub value: &'static str,
    /// « Dans les 24 heures ».
    pub label: &'static str,
    /// When to choose it.
    pub about: &'static str,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// Something to put right before the note can be taken.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The field: `service`, `urgency` or `summary`.
    pub field: &'static str,
    /// What to do, in French.
    pub text: String,
}

/// One line of the exchange.
#[derive(Clone, Debug)]
pub struct Line {
    /// Who speaks.
    pub speaker: Speaker,
    /// « Vous » or the person's name.
    pub name: String,
    /// The words.
    pub text: String,
}

impl Line {
    /// Whether the trainee speaks.
    pub fn mine(&self) -> bool {
        self.speaker == Speaker::Trainee
    }
}

impl UrgencyChoice {
    /// The four, with the one chosen so far.
    pub fn all(chosen: Option<Urgency>) -> Vec<UrgencyChoice> {
        [
            (Urgency::Immediate, "immediate", "Quelqu’un est en danger, ou le dommage s’aggrave à chaque minute."),
            (Urgency::Day, "24h", "Il faut agir aujourd’hui ou demain."),
            (Urgency::Week, "week", "Une réponse est attendue dans les jours qui viennent."),
            (Urgency::None, "none", "Le délai habituel convient."),
        ]
        .into_iter()
        .map(|(urgency, value, about)| UrgencyChoice {
            value,
            label: french::urgency(urgency),
            about,
            chosen: chosen == Some(urgency),
        })
        .collect()
    }
}

impl HandoffPage {
    /// Where the form is posted.
    pub fn action(&self) -> String {
        paths::handoff(&self.id)
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }

    /// A note not yet written.
    pub fn sample() -> HandoffPage {
        HandoffPage {
            site: Site::sample(),
            id: "conv_01JD9Z0000000000000000000A".into(),
            title: "Troisième appel pour une fuite".into(),
            caller: "Karim Belkacem".into(),
            ending: "Il vous a remerciée et il a raccroché, après 6 min 20 s.".into(),
            services: Directory::sample()
                .entries
                .into_iter()
                .map(|entry| ServiceChoice {
                    id: entry.id,
                    name: entry.name,
                    deals_with: entry.deals_with,
                    chosen: false,
                })
                .collect(),
            urgencies: UrgencyChoice::all(None),
            summary: String::new(),
            longest: 2_000,
            problems: Vec::new(),
            lines: super::Scorecard::sample()
                .turns
                .into_iter()
                .map(|turn| Line { speaker: turn.speaker, name: turn.name, text: turn.text })
                .collect(),
        }
    }

    /// A note sent with two things missing.
    pub fn sample_faulty() -> HandoffPage {
        HandoffPage {
            summary: "Fuite au plafond, eau près du plafonnier.".into(),
            urgencies: UrgencyChoice::all(Some(Urgency::Day)),
            problems: vec![Problem {
                field: "service",
                text: "Choisissez le service auquel vous transmettez la demande.".into(),
            }],
            ..HandoffPage::sample()
        }
    }
}
