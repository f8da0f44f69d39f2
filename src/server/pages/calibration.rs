//! Prepared exchanges on which a trainer checks their own eye.

use askama::Template;

use super::rating::RatingForm;
use super::{filters, paths, site::Site};

/// The prepared exchanges.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/calibration.html", config = "web/askama.toml")]
pub struct CalibrationPage {
    /// Around the page.
    pub site: Site,
    /// The exchanges.
    pub exercises: Vec<Exercise>,
    /// One's finished ratings, the oldest first.
    pub past: Vec<PastRating>,
}

/// One prepared exchange.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its name, in addresses.
    pub name: String,
    /// Title of its situation.
    pub title: String,
    /// « Au téléphone, 18 tours ».
    pub about: String,
    /// Whether one's rating is under way.
    pub under_way: bool,
    /// One's last kappa: « 0,78 ».
    pub last: Option<String>,
}

/// One finished rating.
#[derive(Clone, Debug)]
pub struct PastRating {
    /// When.
    pub day: String,
    /// Title of the situation.
    pub title: String,
    /// The kappa.
    pub kappa: f64,
    /// « 0,78 ».
    pub kappa_text: String,
    /// « 19 sur 23 ».
    pub exact: String,
    /// Where it is compared.
    pub href: String,
}

/// A point of the chart: where, and what it says.
pub(super) type ChartPoint = (f64, f64, String);

/// A prepared exchange to rate.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/calibration_rate.html", config = "web/askama.toml")]
pub struct CalibrationRate {
    /// Around the page.
    pub site: Site,
    /// Title of the situation.
    pub title: String,
    /// « Au téléphone ».
    pub channel: &'static str,
    /// What the situation is about.
    pub about: String,
    /// The form.
    pub form: RatingForm,
}

/// A rating beside the reference.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/calibration_compare.html", config = "web/askama.toml")]
pub struct CalibrationCompare {
    /// Around the page.
    pub site: Site,
    /// The exercise.
    pub name: String,
    /// Title of the situation.
    pub title: String,
    /// When it was finished.
    pub finished_on: String,
    /// How far it agrees, in one sentence.
    pub summary: String,
    /// The marks that differ, the farthest first.
    pub differing: Vec<CalibratedMark>,
    /// The marks that agree.
    pub agreed: Vec<CalibratedMark>,
}

/// One mark beside the reference.
#[derive(Clone, Debug)]
pub struct CalibratedMark {
    /// Indicator id.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// One's own level.
    pub mine: &'static str,
    /// One's reason and words.
    pub because: Vec<String>,
    /// The reference level.
    pub reference: &'static str,
    /// The words that the reference rests on: turn and quote.
    pub words: Option<(usize, String)>,
    /// What that level looks like, as the grid says.
    pub guide: String,
}

impl Exercise {
    /// Where it is rated.
    pub fn href(&self) -> String {
        paths::calibration_exercise(&self.name)
    }
}

impl CalibrationCompare {
    /// Where it is rated again.
    pub fn again_href(&self) -> String {
        paths::calibration_exercise(&self.name)
    }
}

impl CalibrationPage {
    /// One's kappa over time: a line, and its points with what they say.
    pub fn chart(&self) -> Option<(String, Vec<ChartPoint>)> {
        const WIDTH: f64 = 620.0;
        const LEFT: f64 = 20.0;
        const FLOOR: f64 = 130.0;
        const HEIGHT: f64 = 110.0;
        if self.past.len() < 2 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody rates as many exchanges")]
        let x = |rank: usize| LEFT + (WIDTH - 2.0 * LEFT) * rank as f64 / (self.past.len() - 1) as f64;
        let points: Vec<ChartPoint> = self
            .past
            .iter()
            .enumerate()
            .map(|(rank, past)| {
                let told = format!("{}\u{a0}: {}", past.day, past.kappa_text);
                (x(rank), FLOOR - HEIGHT * past.kappa.clamp(0.0, 1.0), told)
            })
            .collect();
        let steps: Vec<String> = points.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
        Some((format!("M{}", steps.join(" L")), points))
    }
}
