//! What a group's trainers have to review, and how far marks agree.

use askama::Template;

use super::{filters, french, paths, site::Site};
use crate::scoring::agreement::{ENOUGH, Measure};

/// The reviews of a group.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/reviews.html", config = "web/askama.toml")]
pub struct GroupReviews {
    /// Around the page.
    pub site: Site,
    /// Group id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What awaits review, most in doubt first.
    pub awaiting: Vec<ToReview>,
    /// How many more there are.
    pub more: usize,
    /// What is under way.
    pub under_way: Vec<ToReview>,
    /// What is published, the latest first.
    pub published: Vec<ToReview>,
    /// How many more there are.
    pub more_published: usize,
    /// Who can be asked for a second, blind rating: id and name.
    pub others: Vec<(String, String)>,
}

/// A conversation in these lists.
#[derive(Clone, Debug)]
pub struct ToReview {
    /// Conversation id.
    pub id: String,
    /// Title of the situation.
    pub title: String,
    /// Who rehearsed.
    pub trainee: String,
    /// When.
    pub when: String,
    /// Why it should be looked at, or where it stands.
    pub why: Vec<String>,
    /// Whether someone waits for it.
    pub urgent: bool,
    /// Whether a second trainer can be asked to rate it blind: nobody has begun.
    pub can_be_blind: bool,
    /// Where it leads.
    pub href: String,
}

impl GroupReviews {
    /// The group's own page.
    pub fn group_href(&self) -> String {
        paths::group(&self.id)
    }
}

impl ToReview {
    /// Where a second trainer is asked.
    pub fn second_href(&self) -> String {
        paths::review_second(&self.id)
    }
}

/// How far marks agree in a group.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/agreement.html", config = "web/askama.toml")]
pub struct AgreementPage {
    /// Around the page.
    pub site: Site,
    /// Group id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Automatic marks against those that trainers published.
    pub automatic: AgreementTable,
    /// Trainer against trainer, blind.
    pub trainers: AgreementTable,
}

/// One comparison.
#[derive(Clone, Debug)]
pub struct AgreementTable {
    /// How many conversations were compared.
    pub readings: usize,
    /// Over all.
    pub pooled: AgreementRow,
    /// By axis.
    pub axes: Vec<AgreementRow>,
    /// By indicator.
    pub indicators: Vec<AgreementRow>,
}

/// One line of a comparison.
#[derive(Clone, Debug)]
pub struct AgreementRow {
    /// Indicator or axis id.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// The figures.
    pub measure: Measure,
}

impl AgreementTable {
    /// Whether there is enough to speak of.
    pub fn is_enough(&self) -> bool {
        self.readings >= ENOUGH
    }

    /// « pas encore assez de relectures : 4 sur 10 ».
    pub fn too_few(&self) -> String {
        format!("Pas encore assez de relectures\u{a0}: {} sur {ENOUGH}.", self.readings)
    }
}

impl AgreementRow {
    /// « 0,78 ».
    pub fn kappa(&self) -> Option<String> {
        let kappa = self.measure.kappa.filter(|_| self.measure.is_enough())?;
        Some(french::kappa(kappa))
    }

    /// « 82 % » of levels that are the same.
    pub fn exact(&self) -> Option<String> {
        self.share(self.measure.exact)
    }

    /// « 97 % » of levels that are at most one apart.
    pub fn within_one(&self) -> Option<String> {
        self.share(self.measure.within_one)
    }

    fn share(&self, of: usize) -> Option<String> {
        let measure = self.measure;
        (measure.is_enough() && measure.items > 0)
            .then(|| format!("{}\u{a0}%", (of * 100 + measure.items / 2) / measure.items))
    }

    /// « presque toujours d'accord », for the kappa.
    pub fn in_words(&self) -> &'static str {
        match self.measure.kappa.filter(|_| self.measure.is_enough()) {
            None => "pas encore assez de relectures",
            Some(kappa) if kappa >= 0.8 => "accord très fort",
            Some(kappa) if kappa >= 0.6 => "accord fort",
            Some(kappa) if kappa >= 0.4 => "accord moyen",
            Some(kappa) if kappa >= 0.2 => "accord faible",
            Some(_) => "presque aucun accord",
        }
    }
}

impl AgreementPage {
    /// The group's own page.
    pub fn group_href(&self) -> String {
        paths::group(&self.id)
    }
}
