//! What a trainer chooses to see of a group, in a form that works without scripts.
//!
//! Input: the query of the address. Output: what is chosen, and what can be. Invariant: a value that is not one of ours
//! chooses nothing.

use serde::Deserialize;

use super::paths;
use crate::cohort::{Grain, Which};

/// The query: `?period=30&situation=fuite-colere&assignment=asg_…&which=last&by=indicators`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CohortQuery {
    /// `7`, `30` or `90` days.
    pub period: String,
    /// A situation's id.
    pub situation: String,
    /// An assignment's id.
    pub assignment: String,
    /// `first`, `last` or `best`.
    pub which: String,
    /// `indicators`.
    pub by: String,
}

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterOption {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub on: bool,
}

/// The form.
#[derive(Clone, Debug)]
pub struct CohortFilter {
    /// What is chosen.
    pub query: CohortQuery,
    /// Stretches of time.
    pub periods: Vec<FilterOption>,
    /// Situations that were tried.
    pub situations: Vec<FilterOption>,
    /// The group's assignments; empty where there are none.
    pub assignments: Vec<FilterOption>,
    /// Attempts.
    pub which: Vec<FilterOption>,
}

const PERIODS: [(&str, i64, &str); 3] =
    [("7", 7, "les 7 derniers jours"), ("30", 30, "les 30 derniers jours"), ("90", 90, "les 90 derniers jours")];

impl CohortQuery {
    /// How many days back, if not all.
    pub fn days(&self) -> Option<i64> {
        PERIODS.iter().find(|(value, ..)| *value == self.period).map(|(_, days, _)| *days)
    }

    /// Which attempts count.
    pub fn attempts(&self) -> Which {
        match self.which.as_str() {
            "first" => Which::First,
            "last" => Which::Last,
            "best" => Which::Best,
            _ => Which::All,
        }
    }

    /// What the columns are.
    pub fn grain(&self) -> Grain {
        if self.by == "indicators" { Grain::Indicators } else { Grain::Axes }
    }

    /// Whether anything is left out.
    pub fn narrows(&self) -> bool {
        self.days().is_some() || !self.situation.is_empty() || !self.assignment.is_empty()
    }

    /// The address that shows the same by axes or by indicators.
    pub fn href(&self, group: &str, by: &str) -> String {
        let chosen = [
            ("period", self.period.as_str()),
            ("situation", &self.situation),
            ("assignment", &self.assignment),
            ("which", &self.which),
            ("by", by),
        ];
        let query: Vec<String> =
            chosen.iter().filter(|(_, value)| is_plain(value)).map(|(name, value)| format!("{name}={value}")).collect();
        let path = paths::group(group);
        if query.is_empty() { path } else { format!("{path}?{}#carte", query.join("&")) }
    }
}

/// Words of ours only: what stands in an address needs no escaping then.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl CohortFilter {
    /// The form; what is chosen but cannot be is forgotten.
    pub fn new(mut query: CohortQuery, situations: Vec<(String, String)>, assignments: Vec<(String, String)>) -> Self {
        let forget = |chosen: &mut String, known: &[(String, String)]| {
            if !known.iter().any(|(value, _)| value == chosen) {
                chosen.clear();
            }
        };
        forget(&mut query.situation, &situations);
        forget(&mut query.assignment, &assignments);
        if query.days().is_none() {
            query.period.clear();
        }
        let options = |everything: &str, known: Vec<(String, String)>, chosen: &str| -> Vec<FilterOption> {
            let all = FilterOption { value: String::new(), label: everything.to_owned(), on: chosen.is_empty() };
            let some = known.into_iter().map(|(value, label)| FilterOption { on: value == chosen, value, label });
            std::iter::once(all).chain(some).collect()
        };
        let own = |known: &[(&str, &str)]| -> Vec<(String, String)> {
            known.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
        };
        let periods = own(&PERIODS.map(|(value, _, label)| (value, label)));
        let which = own(&[("first", "le premier essai"), ("last", "le dernier essai"), ("best", "le meilleur essai")]);
        let chosen = match query.attempts() {
            Which::All => "",
            _ => query.which.as_str(),
        };
        CohortFilter {
            periods: options("depuis le début", periods, &query.period),
            situations: options("toutes", situations, &query.situation),
            assignments: if assignments.is_empty() {
                Vec::new()
            } else {
                options("tous, et répétition libre", assignments, &query.assignment)
            },
            which: options("tous les essais", which, chosen),
            query,
        }
    }

    /// Whether the columns are indicators.
    pub fn by_indicators(&self) -> bool {
        self.query.grain() == Grain::Indicators
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<(String, String)> {
        vec![("fuite-colere".to_owned(), "La fuite".to_owned())]
    }

    #[test]
    fn what_is_not_ours_chooses_nothing_and_is_never_written_back() {
        let query = CohortQuery {
            period: "1 or 1".to_owned(),
            situation: "\"><script>".to_owned(),
            which: "x".to_owned(),
            ..CohortQuery::default()
        };
        let filter = CohortFilter::new(query, known(), Vec::new());
        assert!(!filter.query.narrows());
        assert!(filter.periods[0].on && filter.situations[0].on && filter.which[0].on);
        assert_eq!(filter.query.attempts(), Which::All);
        let address = filter.query.href("grp_1", "indicators");
        assert_eq!(address, "/groups/grp_1?which=x&by=indicators#carte");
    }

    #[test]
    fn what_is_chosen_stays_chosen_in_the_links() {
        let query = CohortQuery {
            period: "30".to_owned(),
            situation: "fuite-colere".to_owned(),
            which: "last".to_owned(),
            ..CohortQuery::default()
        };
        let filter = CohortFilter::new(query, known(), Vec::new());
        assert_eq!((filter.query.days(), filter.query.attempts()), (Some(30), Which::Last));
        assert_eq!(filter.query.href("grp_1", ""), "/groups/grp_1?period=30&situation=fuite-colere&which=last#carte");
        assert!(filter.situations[1].on && !filter.situations[0].on);
    }
}
