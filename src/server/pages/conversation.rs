//! The conversation: the one page that needs its scripts. Turns come over the socket.

use askama::Template;

use super::{filters, paths, portrait, site::Site, sitting::SittingBar, voice::VoiceOffer};
use crate::persona::{Channel, Sex};

/// The room in which the conversation takes place.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/conversation.html", config = "web/askama.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is told to the page's script on its own")]
pub struct Conversation {
    /// Around the page.
    pub site: Site,
    /// Conversation id.
    pub id: String,
    /// Persona id.
    pub persona: String,
    /// Title of the situation.
    pub title: String,
    /// Desk or phone.
    pub channel: Channel,
    /// At the desk, how the person is spoken of in the thread: « Thierry Vasseur ». On the phone, what the
    /// handset shows.
    pub caller: String,
    /// The scene, as prose.
    pub scene: String,
    /// The landlord's screen, line by line.
    pub record: Vec<String>,
    /// The directory, inside services first.
    pub directory: Directory,
    /// Whether the person looks tense at the start (desk only).
    pub tense: bool,
    /// Whether coach hints are on.
    pub hints: bool,
    /// Longest utterance taken, in characters.
    pub longest: usize,
    /// What there is of voice.
    pub voice: VoiceOffer,
    /// Whether the trainee chose to speak.
    pub aloud: bool,
    /// Whether writing was ruled out by a trainer.
    pub only_spoken: bool,
    /// The person's sex, for its voice.
    pub sex: Sex,
    /// The person's age in years, for its voice.
    pub age: u8,
    /// The time it has, where it is a part of an exam.
    pub sitting: Option<SittingBar>,
}

/// The directory of services.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Services to which a person can be transferred or sent.
    pub entries: Vec<Entry>,
}

/// One service.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Service id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it deals with.
    pub deals_with: String,
}

impl Conversation {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.persona)
    }

    /// Whether it is a call.
    pub fn by_phone(&self) -> bool {
        self.channel == Channel::Phone
    }

    /// `desk` or `phone`, for styles and scripts.
    pub fn channel_code(&self) -> &'static str {
        if self.by_phone() { "phone" } else { "desk" }
    }

    /// The socket's address.
    pub fn socket(&self) -> String {
        paths::socket(&self.id)
    }

    /// Where the replies' sound is, sentence by sentence.
    pub fn voice_address(&self) -> String {
        paths::voice(&self.id)
    }

    /// `F` or `M`, for scripts.
    pub fn voice_sex(&self) -> &'static str {
        match self.sex {
            Sex::F => "F",
            Sex::M => "M",
        }
    }

    /// Where the conversation leads.
    pub fn next(&self) -> String {
        self.sitting.as_ref().map_or_else(|| paths::handoff(&self.id), SittingBar::back)
    }

    /// A call.
    pub fn sample() -> Conversation {
        let brief = super::Brief::sample();
        Conversation {
            site: Site::sample(),
            id: "conv_01JD9Z0000000000000000000A".into(),
            persona: brief.id,
            title: brief.title,
            channel: Channel::Phone,
            caller: "06 12 45 78 90".into(),
            scene: brief.scene,
            record: brief.record,
            directory: Directory::sample(),
            tense: false,
            hints: true,
            longest: crate::utterance::MAX_CHARS,
            voice: VoiceOffer::sample(),
            aloud: true,
            only_spoken: false,
            sex: Sex::M,
            age: 46,
            sitting: None,
        }
    }

    /// A call that is a part of an exam.
    pub fn sample_sitting() -> Conversation {
        let place = "Deuxième situation · Mener l’échange".to_owned();
        let sitting = SittingBar { part: 6, place, ..SittingBar::sample() };
        Conversation { hints: false, sitting: Some(sitting), ..Conversation::sample() }
    }

    /// Someone at the counter.
    pub fn sample_desk() -> Conversation {
        let brief = super::Brief::sample_desk();
        Conversation {
            persona: brief.id,
            title: brief.title,
            channel: Channel::Desk,
            caller: "Thierry Vasseur".into(),
            scene: brief.scene,
            record: brief.record,
            hints: false,
            voice: VoiceOffer::sample_without(),
            aloud: false,
            ..Conversation::sample()
        }
    }
}

impl Directory {
    /// A few services.
    pub fn sample() -> Directory {
        let rows = [
            (
                "technique",
                "Service technique de l’agence (gestionnaire technique de secteur)",
                "réclamations techniques, ordres de service aux entreprises, contrôle des travaux",
            ),
            (
                "astreinte",
                "Astreinte technique (24 h/24, 7 j/7)",
                "urgences hors horaires : fuite importante, panne de chauffage collectif, ascenseur avec personne bloquée",
            ),
            (
                "gestion-locative",
                "Chargée de clientèle (gestion locative)",
                "bail, attestations, changement de situation familiale, congé, assurance",
            ),
            (
                "attributions",
                "Service demandes et attributions",
                "demande de logement social, mutation, passage en CALEOL",
            ),
            (
                "recouvrement",
                "Chargé de recouvrement (précontentieux)",
                "retards et impayés de loyer, plan d’apurement",
            ),
            (
                "social",
                "Conseillère sociale (CESF) du bailleur",
                "difficultés sociales et budgétaires, FSL, accompagnement, situations de vulnérabilité",
            ),
            (
                "tranquillite",
                "Chargé de tranquillité résidentielle (médiation)",
                "troubles de voisinage, médiation entre locataires",
            ),
            (
                "responsable",
                "Responsable d’agence",
                "relais hiérarchique : conflit qui s’envenime, menace, réclamation restée sans suite",
            ),
            ("urgence-gaz", "Urgence Sécurité Gaz (GRDF) 0 800 47 33 33", "odeur de gaz"),
            ("adil", "ADIL (information juridique gratuite sur le logement)", "conseil juridique neutre et gratuit"),
        ];
        let entries = rows
            .iter()
            .map(|&(id, name, deals_with)| Entry { id: id.into(), name: name.into(), deals_with: deals_with.into() })
            .collect();
        Directory { entries }
    }
}
