//! Your conversations, with progress per axis over time.

use askama::Template;

use super::progress::{Progress, Result};
use super::{filters, french, paths, portrait, site::Site};
use crate::persona::Channel;

/// The visitor's conversations.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/conversations.html", config = "web/askama.toml")]
pub struct Conversations {
    /// Around the page.
    pub site: Site,
    /// Conversations, latest first.
    pub past: Vec<Past>,
    /// Progress, once at least one conversation was scored.
    pub progress: Option<Progress>,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct Past {
    /// Conversation id.
    pub id: String,
    /// Persona id.
    pub persona: String,
    /// Title of its situation.
    pub title: String,
    /// Desk or phone.
    pub channel: Channel,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub when: String,
    /// « 6 min 20 s », once ended.
    pub lasted: Option<String>,
    /// What can be done with it.
    pub state: State,
    /// Whether it is a second try from a chosen turn.
    pub retried: bool,
}

/// How far a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not ended.
    Open,
    /// Ended, without its handoff note.
    ToHandOff,
    /// Scored: the mean of the axes that apply, 0 to 100.
    Scored(Option<u8>),
}

impl Past {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.persona)
    }

    /// `desk` or `phone`, for styles.
    pub fn channel_code(&self) -> &'static str {
        french::channel_code(self.channel)
    }

    /// Where it goes on.
    pub fn href(&self) -> String {
        match self.state {
            State::Open => paths::conversation(&self.id),
            State::ToHandOff => paths::handoff(&self.id),
            State::Scored(_) => paths::scorecard(&self.id),
        }
    }

    /// What the link says.
    pub fn invitation(&self) -> &'static str {
        match self.state {
            State::Open => "Reprendre l’échange",
            State::ToHandOff => "Écrire la note de transmission",
            State::Scored(_) => "Lire le bilan",
        }
    }

    /// The result, if it was scored.
    pub fn score(&self) -> Option<u8> {
        match self.state {
            State::Scored(score) => score,
            State::Open | State::ToHandOff => None,
        }
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }
}

impl Conversations {
    /// « 4 échanges ».
    pub fn count(&self) -> String {
        french::count(self.past.len() as u64, "échange")
    }

    /// A visitor who has rehearsed for a while.
    pub fn sample() -> Conversations {
        let past = |id: &str, persona: &str, title: &str, channel, when: &str, state| Past {
            id: id.into(),
            persona: persona.into(),
            title: title.into(),
            channel,
            when: when.into(),
            lasted: (state != State::Open).then(|| "6 min 20 s".into()),
            state,
            retried: id.ends_with('C'),
        };
        let result = |day: &str, title: &str, scores: [Option<u8>; 4]| Result {
            id: "conv_01JD9Z0000000000000000000B".into(),
            day: day.into(),
            title: title.into(),
            scores: scores.to_vec(),
        };
        Conversations {
            site: Site::sample(),
            past: vec![
                past(
                    "conv_01JD9Z0000000000000000000A",
                    "voisin-bruit",
                    "Les gens du dessus",
                    Channel::Desk,
                    "22 novembre 2026 à 14 h 05",
                    State::Open,
                ),
                past(
                    "conv_01JD9Z0000000000000000000B",
                    "odeur-gaz",
                    "Ça sent le gaz dans l’escalier",
                    Channel::Phone,
                    "21 novembre 2026 à 9 h 12",
                    State::ToHandOff,
                ),
                past(
                    "conv_01JD9Z0000000000000000000C",
                    "fuite-colere",
                    "Troisième appel pour une fuite",
                    Channel::Phone,
                    "20 novembre 2026 à 16 h 40",
                    State::Scored(Some(64)),
                ),
                past(
                    "conv_01JD9Z0000000000000000000D",
                    "panne-chauffage",
                    "Le froid au sixième",
                    Channel::Phone,
                    "18 novembre 2026 à 10 h 30",
                    State::Scored(Some(88)),
                ),
            ],
            progress: Some(Progress {
                axes: super::scorecard_sample::axes(),
                results: vec![
                    result("12 nov.", "312 euros de plus", [Some(40), Some(25), None, Some(38)]),
                    result("14 nov.", "Troisième appel pour une fuite", [Some(46), Some(30), Some(33), Some(50)]),
                    result("16 nov.", "Le dossier refusé", [Some(44), Some(52), Some(41), Some(47)]),
                    result("18 nov.", "Le froid au sixième", [Some(82), Some(76), Some(90), Some(88)]),
                    result("20 nov.", "Troisième appel pour une fuite", [Some(71), Some(50), Some(58), Some(76)]),
                ],
            }),
        }
    }

    /// A visitor who has not rehearsed yet.
    pub fn sample_empty() -> Conversations {
        Conversations { site: Site::sample(), past: Vec::new(), progress: None }
    }
}
