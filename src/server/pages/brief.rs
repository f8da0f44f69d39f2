//! The brief: what the trainee sees before starting.

use askama::Template;

use super::How;
use super::{filters, french, paths, portrait, site::Site, voice::VoiceOffer};
use crate::assignment::Mode;
use crate::persona::{Channel, Family};

/// The brief of one situation.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/brief.html", config = "web/askama.toml")]
pub struct Brief {
    /// Around the page.
    pub site: Site,
    /// Persona id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Desk or phone.
    pub channel: Channel,
    /// Its family.
    pub family: Family,
    /// 1 to 3.
    pub difficulty: u8,
    /// Usual length in minutes.
    pub minutes: u8,
    /// What it trains, in short phrases.
    pub trains: Vec<String>,
    /// What the trainee sees and hears, as prose.
    pub scene: String,
    /// On the phone, what the handset shows: « 06 12 45 78 90 ».
    pub handset: Option<String>,
    /// The landlord's screen, line by line.
    pub record: Vec<String>,
    /// The best result so far, 0 to 100.
    pub best: Option<u8>,
    /// A conversation of this situation left open: its id.
    pub ongoing: Option<String>,
    /// Whether coach hints are chosen beforehand.
    pub hints: bool,
    /// What there is of voice.
    pub voice: VoiceOffer,
    /// Whether speaking is chosen beforehand.
    pub aloud: bool,
    /// The assignment it is read for.
    pub under: Option<Under>,
}

/// The assignment that a brief is read for.
#[derive(Clone, Debug)]
pub struct Under {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it is to be done.
    pub how: How,
    /// Whether a try may begin.
    pub may: bool,
}

impl Brief {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.id)
    }

    /// Where the form is posted.
    pub fn action(&self) -> String {
        match &self.under {
            Some(under) => paths::start_assigned(&under.id, &self.id),
            None => paths::start(&self.id),
        }
    }

    /// Whether hints may be chosen.
    pub fn hints_allowed(&self) -> bool {
        self.under.as_ref().is_none_or(|under| under.how.hints)
    }

    /// Whether writing and speaking may be chosen between.
    pub fn mode_free(&self) -> bool {
        self.under.as_ref().is_none_or(|under| under.how.mode == Mode::Either)
    }

    /// Whether it is a call.
    pub fn by_phone(&self) -> bool {
        self.channel == Channel::Phone
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }

    /// The family's name.
    pub fn family_name(&self) -> &'static str {
        french::family(self.family)
    }

    /// The difficulty's name.
    pub fn difficulty_name(&self) -> &'static str {
        french::difficulty(self.difficulty)
    }

    /// A call.
    pub fn sample() -> Brief {
        Brief {
            site: Site::sample(),
            id: "fuite-colere".into(),
            title: "Troisième appel pour une fuite".into(),
            channel: Channel::Phone,
            family: Family::Technique,
            difficulty: 2,
            minutes: 10,
            trains: vec!["apaiser la colère".into(), "reformuler".into(), "évaluer l’urgence".into()],
            scene: "Téléphone, 9 h 10. La voix est forte dès le décroché ; on entend une bassine que l’on vide derrière.".into(),
            handset: Some("06 12 45 78 90".into()),
            record: vec![
                "BELKACEM Karim - 14 rue des Tilleuls, bât. B, 2e étage, appt 22 - locataire depuis 2017".into(),
                "Réclamation n° 4471 ouverte le 2 du mois : « fuite plafond salle de bains » - transmise au service technique - statut : en attente de prise de rendez-vous".into(),
                "Relance du 12 : appel du locataire, message laissé au gestionnaire technique - sans suite enregistrée".into(),
                "Loyer à jour".into(),
            ],
            best: Some(64),
            ongoing: None,
            hints: true,
            voice: VoiceOffer::sample(),
            aloud: false,
            under: None,
        }
    }

    /// Read for an assignment.
    pub fn sample_assigned() -> Brief {
        let under = Under {
            id: "asg_01JD9Z0000000000000000000A".into(),
            title: "Apaiser avant d’expliquer".into(),
            how: How::sample(),
            may: true,
        };
        Brief { under: Some(under), ..Brief::sample() }
    }

    /// Someone at the counter, with a conversation left open.
    pub fn sample_desk() -> Brief {
        Brief {
            id: "voisin-bruit".into(),
            title: "Les gens du dessus".into(),
            channel: Channel::Desk,
            family: Family::Voisinage,
            trains: vec!["recueillir des faits".into(), "recadrer avec tact".into()],
            scene: "Au comptoir, 14 h 05. Il pose sur le comptoir un carnet à spirale rempli de dates et reste debout, très près.".into(),
            handset: None,
            record: vec![
                "VASSEUR Thierry - 22 rue Pasteur, 3e étage, appt 31 - locataire depuis 2009".into(),
                "Aucune plainte enregistrée à son nom".into(),
                "Logement 41 (au-dessus) : occupé depuis 4 mois".into(),
            ],
            best: None,
            ongoing: Some("conv_01JD9Z0000000000000000000A".into()),
            hints: false,
            voice: VoiceOffer::sample_without(),
            ..Brief::sample()
        }
    }
}
