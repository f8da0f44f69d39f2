//! The part of the scorecard on a model that reads the exchange again: where it stands, and where it and the rules part.

use super::{EvidenceLink, french};
use crate::scoring::Level;

/// Where the model's reading stands.
#[derive(Clone, Debug)]
pub enum Rereading {
    /// Under way, or to come.
    UnderWay,
    /// The grid is completed.
    Done {
        /// How many marks a trainer should look at first.
        to_check: usize,
        /// Axes that it was not able to judge, with why.
        left_out: Vec<String>,
    },
    /// It came to nothing: why.
    GivenUp(String),
}

/// Who gave a mark, where the rules and the model do not agree on it.
#[derive(Clone, Debug)]
pub struct Sides {
    /// Who gave the mark that counts: « Le modèle », « Les règles ».
    pub by: String,
    /// Who gives the other one.
    pub other_by: String,
    /// The other level.
    pub other: Level,
    /// Why.
    pub other_reason: String,
    /// The words that show it.
    pub other_evidence: Vec<EvidenceLink>,
}

impl Rereading {
    /// Whether the page should look whether there is something new.
    pub fn goes_on(&self) -> bool {
        matches!(self, Rereading::UnderWay)
    }

    /// What is said of it, in sentences.
    pub fn told(&self) -> Vec<String> {
        match self {
            Rereading::UnderWay => vec!["Le modèle relit l'échange ; la grille sera complétée.".to_owned()],
            Rereading::Done { to_check, left_out } => {
                let mut told = vec!["Un modèle a relu l'échange et complété la grille des règles.".to_owned()];
                match to_check {
                    0 => {}
                    1 => told.push("Une cotation est à vérifier par le formateur.".to_owned()),
                    n => told.push(format!("{n} cotations sont à vérifier par le formateur.")),
                }
                told.extend(left_out.iter().cloned());
                told
            }
            Rereading::GivenUp(why) => vec![format!(
                "La relecture par le modèle n'a pas abouti ({why}) : les cotations sont celles des règles."
            )],
        }
    }
}

impl Sides {
    /// « non observé ».
    pub fn other_name(&self) -> &'static str {
        french::level(Some(self.other))
    }

    /// Whether the other's reason is too long to stand beside the first.
    pub fn is_long(&self) -> bool {
        const SHORT: usize = 120;
        self.other_reason.chars().count() > SHORT || !self.other_evidence.is_empty()
    }
}
