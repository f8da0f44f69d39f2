//! What a trainer decided and said, on the scorecard; and how a person's marks are asked for before that.

/// The trainer's word on an exchange.
#[derive(Clone, Debug)]
pub struct Word {
    /// « Camille Roy », or « un formateur » once the account is gone.
    pub by: String,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub when: String,
    /// A word on the whole exchange; may be empty.
    pub general: String,
    /// How many levels were changed.
    pub changed: usize,
    /// How many turns are commented.
    pub comments: usize,
    /// Whether a note was rewritten, or a turn corrected, since.
    pub outdated: bool,
}

/// What a trainee can do about marks that no person has decided yet, or that they do not understand.
#[derive(Clone, Debug)]
pub struct ReviewOffer {
    /// Where it is asked for.
    pub action: String,
    /// Since when one waits; `None`: not asked.
    pub asked: Option<String>,
}

impl Word {
    /// « 3 niveaux changés, 2 commentaires dans l'échange. »
    pub fn tally(&self) -> String {
        let changed = match self.changed {
            0 => "Toutes les propositions automatiques ont été confirmées".to_owned(),
            1 => "Une proposition automatique a été changée".to_owned(),
            n => format!("{n} propositions automatiques ont été changées"),
        };
        let comments = match self.comments {
            0 => String::new(),
            1 => " ; un commentaire vous attend dans l'échange".to_owned(),
            n => format!(" ; {n} commentaires vous attendent dans l'échange"),
        };
        format!("{changed}{comments}.")
    }

    /// A word to look at.
    pub fn sample() -> Word {
        Word {
            by: "Camille Roy".into(),
            when: "22\u{a0}novembre\u{a0}2026 à 18\u{a0}h\u{a0}30".into(),
            general: "Vous avez tenu l’échange après une réponse qui l’avait tendu : c’est le plus difficile.\nLa prochaine fois, remplacez d’emblée les sigles.".into(),
            changed: 2,
            comments: 1,
            outdated: false,
        }
    }
}
