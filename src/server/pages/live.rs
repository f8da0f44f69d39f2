//! Conversations under way in a trainer's groups, and the page on which one is followed.

use askama::Template;

use super::{filters, french, paths, portrait, site::Site};
use crate::persona::Channel;

/// The conversations under way.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/live.html", config = "web/askama.toml")]
pub struct Live {
    /// Around the page.
    pub site: Site,
    /// The latest to begin first.
    pub lines: Vec<LiveLine>,
    /// « 14 h 05 ».
    pub looked_at: String,
}

/// One conversation under way.
#[derive(Clone, Debug)]
pub struct LiveLine {
    /// Conversation id.
    pub id: String,
    /// Who rehearses.
    pub trainee: String,
    /// In which group.
    pub group: String,
    /// Persona id.
    pub persona: String,
    /// Title of the situation.
    pub title: String,
    /// Desk or phone.
    pub channel: Channel,
    /// How many times the trainee spoke.
    pub turns: u64,
    /// Minutes since it was opened.
    pub since_min: u64,
    /// Minutes since the last thing happened.
    pub quiet_min: u64,
}

impl LiveLine {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.persona)
    }

    /// `desk` or `phone`, for styles.
    pub fn channel_code(&self) -> &'static str {
        french::channel_code(self.channel)
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }

    /// Where it is followed.
    pub fn href(&self) -> String {
        paths::follow(&self.id)
    }

    /// « 3 tours ».
    pub fn turns_text(&self) -> String {
        if self.turns == 0 { "pas encore de tour".to_owned() } else { french::count(self.turns, "tour") }
    }

    /// « depuis 4 min ».
    pub fn since_text(&self) -> String {
        if self.since_min == 0 {
            "depuis moins d’une minute".to_owned()
        } else {
            format!("depuis {}\u{a0}min", self.since_min)
        }
    }

    /// « silence depuis 5 min », once it is long.
    pub fn quiet_text(&self) -> Option<String> {
        (self.quiet_min >= 3).then(|| format!("silence depuis {}\u{a0}min", self.quiet_min))
    }
}

impl Live {
    /// « 3 échanges en cours ».
    pub fn count(&self) -> String {
        match self.lines.len() {
            0 => "Aucun échange en cours".to_owned(),
            n => format!("{} en cours", french::count(n as u64, "échange")),
        }
    }

    /// Two trainees rehearse.
    pub fn sample() -> Live {
        let line =
            |id: &str, trainee: &str, persona: &str, title: &str, channel, turns, since_min, quiet_min| LiveLine {
                id: id.into(),
                trainee: trainee.into(),
                group: "Promotion de novembre".into(),
                persona: persona.into(),
                title: title.into(),
                channel,
                turns,
                since_min,
                quiet_min,
            };
        Live {
            site: Site::sample_for_trainer(),
            lines: vec![
                line(
                    "conv_01JD9Z0000000000000000000A",
                    "Nadia Benali",
                    "fuite-colere",
                    "Troisième appel pour une fuite",
                    Channel::Phone,
                    4,
                    3,
                    0,
                ),
                line(
                    "conv_01JD9Z0000000000000000000B",
                    "Lucas Moreau",
                    "voisin-bruit",
                    "Les gens du dessus",
                    Channel::Desk,
                    0,
                    9,
                    7,
                ),
            ],
            looked_at: "14\u{a0}h\u{a0}05".into(),
        }
    }

    /// Nobody rehearses.
    pub fn sample_empty() -> Live {
        Live { lines: Vec::new(), ..Live::sample() }
    }
}

/// One conversation, followed.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/following.html", config = "web/askama.toml")]
pub struct Following {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Who rehearses.
    pub trainee: String,
    /// Persona id.
    pub persona: String,
    /// Title of the situation.
    pub title: String,
    /// Desk or phone.
    pub channel: Channel,
    /// The person played.
    pub caller: String,
    /// The scene, as prose.
    pub scene: String,
    /// The landlord's screen, as the trainee has it.
    pub record: Vec<String>,
    /// What the person really needs.
    pub need: String,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub begun: String,
    /// Tension, 0 to 10.
    pub tension: u8,
    /// Trust, 0 to 10.
    pub trust: u8,
    /// Longest whisper, in characters.
    pub longest: usize,
}

impl Following {
    /// `desk` or `phone`, for styles and scripts.
    pub fn channel_code(&self) -> &'static str {
        french::channel_code(self.channel)
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }

    /// The socket's address.
    pub fn socket(&self) -> String {
        paths::follow_socket(&self.id)
    }

    /// Where the conversation is read once it has ended.
    pub fn next(&self) -> String {
        paths::scorecard(&self.id)
    }

    /// « tendu ».
    pub fn word(&self) -> &'static str {
        french::tension(self.tension)
    }

    /// A call, followed.
    pub fn sample() -> Following {
        let brief = super::Brief::sample();
        Following {
            site: Site::sample_for_trainer(),
            id: "conv_01JD9Z0000000000000000000A".into(),
            trainee: "Nadia Benali".into(),
            persona: brief.id,
            title: brief.title,
            channel: Channel::Phone,
            caller: "Karim Belkacem".into(),
            scene: brief.scene,
            record: brief.record,
            need: "Savoir qui vient, quand, et que son dossier n’est pas perdu.".into(),
            begun: "22 novembre 2026 à 14 h 05".into(),
            tension: 7,
            trust: 3,
            longest: crate::conversation::WHISPER_CHARS,
        }
    }
}
