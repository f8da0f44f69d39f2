//! The gallery: the situations one can rehearse.

use askama::Template;

use super::filter::{Filter, FilterGroup};
use super::{Todo, filters, french, paths, portrait, site::Site};
use crate::persona::{Channel, Family};

/// The gallery.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/gallery.html", config = "web/askama.toml")]
pub struct Gallery {
    /// Around the page.
    pub site: Site,
    /// Rows of filter links.
    pub filters: Vec<FilterGroup>,
    /// Whether a filter is in force.
    pub filtered: bool,
    /// The situation to try next, if there is one to propose.
    pub next: Option<Card>,
    /// A conversation left open, to come back to.
    pub ongoing: Option<Ongoing>,
    /// What the trainee is set to do and has not done.
    pub todo: Vec<Todo>,
    /// The situations that the filters keep.
    pub cards: Vec<Card>,
    /// Persona or rubric files that could not be read: the others stay.
    pub faults: Vec<BrokenFile>,
}

/// One situation.
#[derive(Clone, Debug)]
pub struct Card {
    /// Persona id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
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
    /// How many finished conversations the visitor has had of it.
    pub attempts: u64,
    /// The best result so far, 0 to 100.
    pub best: Option<u8>,
}

/// A conversation left open.
#[derive(Clone, Debug)]
pub struct Ongoing {
    /// Conversation id.
    pub id: String,
    /// Title of its situation.
    pub title: String,
    /// When it was opened: « 22 novembre 2026 à 14 h 05 ».
    pub since: String,
}

/// A file with faults.
#[derive(Clone, Debug)]
pub struct BrokenFile {
    /// Its name, relative to the working folder.
    pub file: String,
    /// The first fault, in one line.
    pub fault: String,
}

impl Card {
    /// The drawing's address.
    pub fn portrait(&self) -> String {
        portrait::portrait(&self.id)
    }

    /// The brief's address.
    pub fn href(&self) -> String {
        paths::situation(&self.id)
    }

    /// « Au téléphone ».
    pub fn channel_name(&self) -> &'static str {
        french::channel(self.channel)
    }

    /// `desk` or `phone`, for styles.
    pub fn channel_code(&self) -> &'static str {
        french::channel_code(self.channel)
    }

    /// The family's name.
    pub fn family_name(&self) -> &'static str {
        french::family(self.family)
    }

    /// The difficulty's name.
    pub fn difficulty_name(&self) -> &'static str {
        french::difficulty(self.difficulty)
    }

    /// How many finished conversations, in words.
    pub fn attempts_text(&self) -> String {
        french::count(self.attempts, "essai")
    }
}

impl Gallery {
    /// All twelve situations, some of them tried.
    pub fn sample() -> Gallery {
        let mut cards: Vec<Card> = SAMPLES.iter().map(Card::from_row).collect();
        cards[2].best = Some(64);
        cards[2].attempts = 3;
        cards[7].best = Some(88);
        cards[7].attempts = 1;
        Gallery {
            site: Site::sample(),
            filters: Filter::default().groups(),
            filtered: false,
            next: Some(cards[5].clone()),
            ongoing: Some(Ongoing {
                id: "conv_01JD9Z0000000000000000000A".into(),
                title: "Les gens du dessus".into(),
                since: "22 novembre 2026 à 14 h 05".into(),
            }),
            todo: Vec::new(),
            cards,
            faults: vec![BrokenFile {
                file: "personas/voisin-bruit.toml".into(),
                fault: "ligne 41, « temper.tension » : 14 n’est pas entre 0 et 10".into(),
            }],
        }
    }

    /// With something to do.
    pub fn sample_todo() -> Gallery {
        Gallery { todo: vec![Todo::sample()], ..Gallery::sample() }
    }

    /// Filters that keep nothing.
    pub fn sample_empty() -> Gallery {
        let filter = Filter { channel: "phone".into(), family: "voisinage".into(), difficulty: "3".into() };
        Gallery {
            site: Site::sample(),
            filters: filter.groups(),
            filtered: true,
            next: None,
            ongoing: None,
            todo: Vec::new(),
            cards: Vec::new(),
            faults: Vec::new(),
        }
    }
}

type Row = (&'static str, &'static str, &'static str, Channel, Family, u8, &'static [&'static str]);

#[rustfmt::skip]
const SAMPLES: [Row; 12] = [
    ("charges-incomprises", "312 euros de plus", "Une locataire lit sa régularisation de charges ligne à ligne et n’y comprend rien.", Channel::Phone, Family::Administrative, 1, &["expliquer simplement", "proposer un suivi"]),
    ("demandeuse-detresse", "Plus que dix jours", "Une demandeuse de logement ne sait plus où dormir avec ses enfants.", Channel::Desk, Family::Demande, 3, &["écouter la détresse", "assurer la discrétion", "donner une chose à faire"]),
    ("fuite-colere", "Troisième appel pour une fuite", "Un locataire rappelle, furieux : sa fuite attend depuis trois semaines.", Channel::Phone, Family::Technique, 2, &["apaiser la colère", "reformuler", "évaluer l’urgence"]),
    ("impaye-honte", "La lettre de relance", "Une locataire tend une lettre pliée en quatre et parle à peine.", Channel::Desk, Family::Sociale, 2, &["mettre en confiance", "protéger la confidentialité"]),
    ("menaces-comptoir", "Le dossier refusé", "Un demandeur de mutation exige des explications, tout de suite.", Channel::Desk, Family::Demande, 3, &["poser un cadre", "passer le relais"]),
    ("numerique-demande", "Faire une demande sans ordinateur", "Un demandeur sans internet vient déposer sa demande de logement.", Channel::Desk, Family::Demande, 1, &["parler simplement", "vérifier la compréhension"]),
    ("odeur-gaz", "Ça sent le gaz dans l’escalier", "Un locataire pressé signale une odeur, juste avant la fermeture.", Channel::Phone, Family::Technique, 2, &["donner des consignes", "déclencher l’urgence"]),
    ("panne-chauffage", "Le froid au sixième", "Une dame âgée appelle : ses radiateurs sont froids depuis hier.", Channel::Phone, Family::Technique, 1, &["adapter sa parole", "évaluer l’urgence"]),
    ("reparation-locative", "À qui de payer le joint ?", "Un locataire bricoleur veut savoir qui paie le robinet et le volet.", Channel::Desk, Family::Technique, 1, &["citer la règle simplement", "distinguer deux demandes"]),
    ("rgpd-soeur", "La nouvelle adresse", "Un homme demande, très aimable, l’adresse d’une locataire.", Channel::Phone, Family::Administrative, 2, &["refuser avec tact", "protéger les données"]),
    ("violences-mutation", "Changer d’appartement, vite", "Une locataire chuchote au téléphone et veut partir vite.", Channel::Phone, Family::Sociale, 3, &["entendre à demi-mot", "orienter sans exposer"]),
    ("voisin-bruit", "Les gens du dessus", "Un locataire pose un carnet rempli de dates sur le comptoir.", Channel::Desk, Family::Voisinage, 2, &["recueillir des faits", "recadrer avec tact"]),
];

impl Card {
    /// One of the shipped situations, never tried.
    pub fn sample(id: &str) -> Card {
        Card::from_row(SAMPLES.iter().find(|row| row.0 == id).unwrap_or(&SAMPLES[2]))
    }

    fn from_row(row: &Row) -> Card {
        let (id, title, summary, channel, family, difficulty, trains) = *row;
        Card {
            id: id.into(),
            title: title.into(),
            summary: summary.into(),
            channel,
            family,
            difficulty,
            minutes: 6 + 2 * difficulty,
            trains: trains.iter().map(|&phrase| phrase.into()).collect(),
            attempts: 0,
            best: None,
        }
    }
}
