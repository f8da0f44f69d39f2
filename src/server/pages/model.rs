//! The page on the models: how they fare, and what they were used for.

use askama::Template;

use super::{faults, filters, french, paths, site::Site};
use crate::ask::Purpose;

/// The page on the models.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/model.html", config = "web/askama.toml")]
pub struct ModelPage {
    /// Around the page.
    pub site: Site,
    /// The models in use; none: the page tells how to connect one.
    pub endpoints: Vec<EndpointLine>,
    /// Tokens of today; `None` where no model is used.
    pub budget: Option<BudgetLine>,
    /// Conversations that wait to be judged by a model.
    pub waiting: u64,
    /// The last thirty days, oldest first, none left out; empty where nothing was asked.
    pub days: Vec<DayOfUse>,
    /// What was asked in that time, by purpose and model.
    pub kinds: Vec<KindOfUse>,
    /// What went wrong in that time, most frequent first.
    pub faults: Vec<FaultLine>,
    /// Conversations that a model worked for.
    pub conversations: Vec<ConversationLine>,
    /// Whether those that took most tokens come first, instead of the latest.
    pub most_first: bool,
    /// What prices are given in, where any call had a price.
    pub currency: Option<String>,
    /// Whether some tokens were estimated.
    pub estimated: bool,
}

/// One model in use.
#[derive(Clone, Debug)]
pub struct EndpointLine {
    /// What it does: « Jouer les personnes ».
    pub role: String,
    /// Its name.
    pub model: String,
    /// Where it is: « sur cette machine », « api.example.org, hors de votre réseau ».
    pub place: String,
    /// How it fares, in a sentence.
    pub state: String,
    /// Whether that is as it should be.
    pub well: bool,
    /// Calls under way and waiting: « 2 appels en cours, 1 en attente ».
    pub calls: String,
}

/// Tokens against their limits.
#[derive(Clone, Debug)]
pub struct BudgetLine {
    /// Used today.
    pub used: u64,
    /// How many a day may take.
    pub a_day: Option<u64>,
    /// How many a conversation may take.
    pub a_conversation: Option<u64>,
}

/// What calls come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    /// How many.
    pub calls: u64,
    /// How many of them failed.
    pub failed: u64,
    /// Tokens read.
    pub read: u64,
    /// Tokens written.
    pub written: u64,
    /// Millionths of the currency.
    pub cost_micros: Option<u64>,
}

/// One day.
#[derive(Clone, Debug)]
pub struct DayOfUse {
    /// « 22 nov. »
    pub day: String,
    /// Everything.
    pub sum: Sum,
    /// Tokens that went into judging; the others went into playing.
    pub judged: u64,
}

/// One purpose and model.
#[derive(Clone, Debug)]
pub struct KindOfUse {
    /// What for.
    pub purpose: Purpose,
    /// Which model.
    pub model: String,
    /// What it comes to.
    pub sum: Sum,
}

/// One kind of fault.
#[derive(Clone, Debug)]
pub struct FaultLine {
    /// Its stable code.
    pub code: String,
    /// How many times.
    pub count: u64,
    /// When last: « 22 novembre 2026, entre 14 h et 15 h ».
    pub last: String,
}

/// One conversation.
#[derive(Clone, Debug)]
pub struct ConversationLine {
    /// Title of its situation.
    pub title: String,
    /// « 22 novembre 2026 à 14 h 05 ».
    pub when: String,
    /// What it took.
    pub sum: Sum,
    /// Whether a model has judged it.
    pub judged: bool,
    /// Its scorecard, for the visitor whose it is.
    pub scorecard: Option<String>,
}

/// A bar of the chart: where it begins, how high it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// From the left.
    pub x: f32,
    /// Top of what was played.
    pub played_y: f32,
    /// Its height.
    pub played: f32,
    /// Top of what was judged, on it.
    pub judged_y: f32,
    /// Its height.
    pub judged: f32,
}

/// The chart's box, and the step from bar to bar.
const FLOOR: f32 = 150.0;
const TOP: f32 = 10.0;
const STEP: f32 = 20.0;

impl ModelPage {
    /// Where the list by tokens is.
    pub fn href(&self, most_first: bool) -> String {
        if most_first { format!("{}?order=tokens", paths::MODEL) } else { paths::MODEL.to_owned() }
    }

    /// All thirty days together.
    pub fn all(&self) -> Sum {
        self.days.iter().fold(Sum::default(), |all, day| all.and(day.sum))
    }

    /// The chart.
    #[expect(clippy::cast_precision_loss, reason = "pixels")]
    pub fn bars(&self) -> Vec<Bar> {
        let most = self.days.iter().map(|day| day.sum.tokens()).max().unwrap_or(0).max(1) as f32;
        let height = |tokens: u64| (FLOOR - TOP) * tokens as f32 / most;
        let bar = |(index, day): (usize, &DayOfUse)| {
            let judged = height(day.judged.min(day.sum.tokens()));
            let played = height(day.sum.tokens()) - judged;
            let played_y = FLOOR - played;
            Bar { x: STEP * index as f32, played_y, played, judged_y: played_y - judged, judged }
        };
        self.days.iter().enumerate().map(bar).collect()
    }

    /// The day that took most, as the chart's upper end.
    pub fn most(&self) -> String {
        french::number(self.days.iter().map(|day| day.sum.tokens()).max().unwrap_or(0))
    }

    /// A cost, where there are prices.
    pub fn cost(&self, sum: &Sum) -> Option<String> {
        let currency = self.currency.as_deref()?;
        Some(sum.cost_micros.map_or_else(|| "sans prix".to_owned(), |micros| french::money(micros, currency)))
    }
}

impl Sum {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Sum) -> Sum {
        Sum {
            calls: self.calls + other.calls,
            failed: self.failed + other.failed,
            read: self.read + other.read,
            written: self.written + other.written,
            cost_micros: match (self.cost_micros, other.cost_micros) {
                (None, None) => None,
                (one, two) => Some(one.unwrap_or(0) + two.unwrap_or(0)),
            },
        }
    }

    /// Tokens read and written.
    pub fn tokens(&self) -> u64 {
        self.read + self.written
    }

    /// « 1 240 ».
    pub fn calls_text(&self) -> String {
        french::number(self.calls)
    }

    /// « 3 ».
    pub fn failed_text(&self) -> String {
        french::number(self.failed)
    }

    /// « 12 345 ».
    pub fn read_text(&self) -> String {
        french::number(self.read)
    }

    /// « 678 ».
    pub fn written_text(&self) -> String {
        french::number(self.written)
    }
}

impl BudgetLine {
    /// « 12 345 jetons aujourd’hui, sur 2 000 000. »
    pub fn in_words(&self) -> String {
        let used = french::number(self.used);
        let plural = if self.used < 2 { "" } else { "s" };
        match self.a_day {
            Some(limit) => format!("{used}\u{a0}jeton{plural} aujourd’hui, sur {}.", french::number(limit)),
            None => format!("{used}\u{a0}jeton{plural} aujourd’hui. Aucune limite par jour n’est réglée."),
        }
    }

    /// How much of the day's limit is used, 0 to 100.
    pub fn share(&self) -> Option<u64> {
        let limit = self.a_day.filter(|limit| *limit > 0)?;
        Some((u128::from(self.used) * 100 / u128::from(limit)).min(100).try_into().unwrap_or(100))
    }

    /// What happens at the limits.
    pub fn limits(&self) -> String {
        match self.a_conversation {
            Some(limit) => format!(
                "Un échange peut en utiliser {}. Au-delà d’une limite, les répliques écrites et les règles prennent le relais.",
                french::number(limit)
            ),
            None if self.a_day.is_some() => {
                "Au-delà, les répliques écrites et les règles prennent le relais jusqu’à minuit.".to_owned()
            }
            None => String::new(),
        }
    }
}

impl KindOfUse {
    /// « Mise en mots ».
    pub fn purpose_name(&self) -> &'static str {
        match self.purpose {
            Purpose::Play => "Mise en mots",
            Purpose::Hear => "Écoute",
            Purpose::Judge => "Cotation",
            Purpose::Test => "Essai",
        }
    }
}

impl FaultLine {
    /// « Le modèle n’a pas répondu à temps ».
    pub fn told(&self) -> String {
        let told = faults::told(&self.code);
        let mut chars = told.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}
