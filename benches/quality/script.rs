//! What is said: turns as receptionists take them, with their pauses.
//!
//! `(400)` is a silence of so many milliseconds; `(euh 900)` a held sound and the silence after it; `(… 900)` a silence
//! after words that were not held, though they leave the sentence open.

/// Which half of the material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// Rules and numbers were chosen by looking at these.
    Tuned,
    /// These were only measured: other sentences, voices and speeds.
    HeldBack,
}

/// How a turn is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Plain,
    Pauses,
    Hesitation,
    OpenWords,
    Short,
    Long,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Plain => "plain sentences",
            Kind::Pauses => "pauses of 200 to 450 ms",
            Kind::Hesitation => "held « euh », « et », then 700 to 1,300 ms",
            Kind::OpenWords => "open words not held, then 700 to 1,000 ms",
            Kind::Short => "short answers",
            Kind::Long => "long turns",
        }
    }
}

/// One of espeak-ng's voices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) voice: &'static str,
    /// Words a minute.
    pub(crate) speed: u32,
    /// espeak-ng's 0 to 99.
    pub(crate) pitch: u32,
}

const fn manner(voice: &'static str, speed: u32, pitch: u32) -> Manner {
    Manner { voice, speed, pitch }
}

const TUNED_MANNERS: [Manner; 8] = [
    manner("fr", 150, 50),
    manner("fr+f2", 170, 55),
    manner("fr+m3", 135, 40),
    manner("fr+f5", 185, 45),
    manner("fr+f4", 150, 50),
    manner("fr-ch+Hugo", 165, 45),
    manner("fr+klatt", 175, 50),
    manner("fr-be+f1", 140, 65),
];

const HELD_BACK_MANNERS: [Manner; 4] = [
    manner("fr-be+m8", 145, 45),
    manner("fr+linda", 165, 60),
    manner("fr-ch+klatt4", 155, 35),
    manner("fr+f3", 190, 50),
];

impl Half {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Half::Tuned => "tuned on",
            Half::HeldBack => "held back",
        }
    }

    pub(crate) const fn manners(self) -> &'static [Manner] {
        match self {
            Half::Tuned => &TUNED_MANNERS,
            Half::HeldBack => &HELD_BACK_MANNERS,
        }
    }

    /// The character's voice, for echo.
    pub(crate) const fn character(self) -> Manner {
        match self {
            Half::Tuned => manner("fr+m5", 160, 35),
            Half::HeldBack => manner("fr+m1", 175, 60),
        }
    }

    pub(crate) const fn replies(self) -> &'static [&'static str] {
        match self {
            Half::Tuned => &[
                "Écoutez, cela fait trois fois que j'appelle, personne ne m'a rappelé, et l'eau coule toujours dans ma salle de bains.",
                "Oui, c'est bien moi. J'habite au douze, rue des Tilleuls, au troisième étage, porte de gauche, depuis neuf ans.",
                "Mais enfin, vous vous rendez compte ? Avec deux enfants, sans chauffage, en plein mois de janvier, ce n'est plus possible.",
            ],
            Half::HeldBack => &[
                "Je viens pour ma demande de logement, on m'a dit qu'il manquait un papier, mais je les ai tous donnés au mois de mars.",
                "Non, je n'ai rien reçu du tout. Ni courrier, ni message. Et mon voisin, lui, a eu sa réponse en deux semaines.",
                "D'accord, mais à qui est-ce que je dois m'adresser, alors ? Parce que moi, je travaille, je ne peux pas revenir demain.",
            ],
        }
    }

    pub(crate) const fn turns(self) -> &'static [(Kind, &'static str)] {
        match self {
            Half::Tuned => TUNED,
            Half::HeldBack => HELD_BACK,
        }
    }
}

const TUNED: &[(Kind, &str)] = &[
    (Kind::Plain, "Rive Claire Habitat, bonjour, je vous écoute."),
    (Kind::Plain, "Je transmets tout de suite votre demande au service technique."),
    (Kind::Plain, "Depuis quand est-ce que cela dure ?"),
    (Kind::Plain, "Je comprends votre colère et je vous présente nos excuses."),
    (Kind::Pauses, "Alors, (300) je regarde votre dossier, (420) et je vois deux demandes."),
    (Kind::Pauses, "Pouvez-vous me donner votre nom, (250) votre adresse, (220) et votre numéro de téléphone ?"),
    (
        Kind::Pauses,
        "Le technicien passe demain, (450) entre huit heures et midi, (350) est-ce que cela vous convient ?",
    ),
    (Kind::Pauses, "Bonjour, (400) madame Lefèvre."),
    (Kind::Hesitation, "Je regarde votre dossier, (euh 900) il y a deux demandes en cours."),
    (Kind::Hesitation, "Donc (euh 1100) vous habitez au troisième étage ?"),
    (Kind::Hesitation, "Je vais appeler le gardien (et 800) je vous rappelle dans l'heure."),
    (Kind::Hesitation, "Il faudrait (euh 700) que vous passiez à l'agence (euh 1300) avec votre bail."),
    (Kind::OpenWords, "Je vais voir avec ma responsable et (… 800) je vous rappelle."),
    (Kind::OpenWords, "C'est noté, donc (… 900) le rendez-vous est jeudi."),
    (Kind::Short, "Oui."),
    (Kind::Short, "Non."),
    (Kind::Short, "D'accord."),
    (Kind::Short, "Allô ?"),
    (
        Kind::Long,
        "Si j'ai bien compris, (250) l'eau coule du plafond de la salle de bains depuis dimanche, vous avez appelé trois fois, (300) personne n'est venu, et votre voisine du dessus est absente jusqu'à la fin du mois. (400) Je vais donc ouvrir une demande urgente, et je préviens moi-même le gardien.",
    ),
];

const HELD_BACK: &[(Kind, &str)] = &[
    (Kind::Plain, "Agence des Tilleuls, bonjour, que puis-je faire pour vous ?"),
    (Kind::Plain, "Je vous propose un rendez-vous avec votre conseillère jeudi matin."),
    (Kind::Plain, "Est-ce que quelqu'un dans le logement est malade ?"),
    (Kind::Plain, "Votre gestionnaire vous rappelle avant midi."),
    (Kind::Pauses, "Je note : (280) une fuite, (440) dans la cuisine, (320) sous l'évier."),
    (Kind::Pauses, "Prenez votre temps, (430) asseyez-vous, (260) nous allons regarder cela ensemble."),
    (Kind::Pauses, "Le loyer reste dû, (380) même pendant les travaux."),
    (Kind::Pauses, "Monsieur Diallo, (440) je vous entends."),
    (Kind::Hesitation, "Attendez, (euh 1000) je cherche le numéro du bail."),
    (Kind::Hesitation, "Vous pouvez venir lundi (euh 800) ou plutôt mardi."),
    (Kind::Hesitation, "La commission se réunit (et 900) elle vous répondra par courrier."),
    (Kind::Hesitation, "Alors (euh 1200) pour la quittance, (euh 750) il faut écrire au service des loyers."),
    (Kind::OpenWords, "Je peux vous inscrire mais (… 850) il me manque une pièce."),
    (Kind::OpenWords, "Vous êtes en retard de deux mois, parce que (… 750) la caisse n'a rien versé."),
    (Kind::Short, "Oui, bien sûr."),
    (Kind::Short, "Si."),
    (Kind::Short, "Entendu."),
    (Kind::Short, "Bonjour."),
    (
        Kind::Long,
        "Je reprends pour être sûre : (300) le bruit commence vers vingt-trois heures, il dure une bonne partie de la nuit, (220) et vous en avez déjà parlé avec votre voisin au printemps. (420) Je vous explique ce que je peux faire aujourd'hui, et ce que la médiatrice fera ensuite avec vous deux.",
    ),
];
