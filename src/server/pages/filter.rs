//! The filters of the gallery, as plain links that work without scripts.
//!
//! Input: the query of the address. Output: which cards stay, and the links to show. Invariant: a value that
//! is not one of ours filters nothing.

use serde::{Deserialize, Serialize};

use super::gallery::Card;
use super::{french, paths};
use crate::persona::{Channel, Family};

/// The query of the gallery: `?channel=phone&family=technique&difficulty=2`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    /// `desk` or `phone`.
    pub channel: String,
    /// A family's name, in lower case.
    pub family: String,
    /// `1`, `2` or `3`.
    pub difficulty: String,
}

/// One row of links.
#[derive(Clone, Debug)]
pub struct FilterGroup {
    /// What is chosen.
    pub label: &'static str,
    /// The links, the first of which chooses nothing.
    pub choices: Vec<Choice>,
}

/// One link.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its text.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether it is the one in force.
    pub on: bool,
}

const CHANNELS: [(&str, Channel); 2] = [("desk", Channel::Desk), ("phone", Channel::Phone)];
const FAMILIES: [(&str, Family); 5] = [
    ("technique", Family::Technique),
    ("administrative", Family::Administrative),
    ("sociale", Family::Sociale),
    ("demande", Family::Demande),
    ("voisinage", Family::Voisinage),
];
const DIFFICULTIES: [(&str, u8); 3] = [("1", 1), ("2", 2), ("3", 3)];

impl Filter {
    /// Whether the card stays.
    pub fn keeps(&self, card: &Card) -> bool {
        holds(&CHANNELS, &self.channel, &card.channel)
            && holds(&FAMILIES, &self.family, &card.family)
            && holds(&DIFFICULTIES, &self.difficulty, &card.difficulty)
    }

    /// Whether anything is filtered.
    pub fn any(&self) -> bool {
        known(&CHANNELS, &self.channel) || known(&FAMILIES, &self.family) || known(&DIFFICULTIES, &self.difficulty)
    }

    /// The rows of links.
    pub fn groups(&self) -> Vec<FilterGroup> {
        vec![
            group("Canal", &CHANNELS, &self.channel, "Tous", french::channel, |value| Filter {
                channel: value.into(),
                ..self.clone()
            }),
            group("Famille", &FAMILIES, &self.family, "Toutes", french::family, |value| Filter {
                family: value.into(),
                ..self.clone()
            }),
            group("Difficulté", &DIFFICULTIES, &self.difficulty, "Toutes", french::difficulty, |value| Filter {
                difficulty: value.into(),
                ..self.clone()
            }),
        ]
    }

    fn href(&self) -> String {
        let pairs = [("channel", &self.channel), ("family", &self.family), ("difficulty", &self.difficulty)];
        let query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if query.is_empty() { paths::GALLERY.into() } else { format!("{}?{}", paths::GALLERY, query.join("&")) }
    }
}

fn known<T>(values: &[(&str, T)], chosen: &str) -> bool {
    values.iter().any(|(name, _)| *name == chosen)
}

fn holds<T: PartialEq>(values: &[(&str, T)], chosen: &str, of_card: &T) -> bool {
    values.iter().find(|(name, _)| *name == chosen).is_none_or(|(_, value)| value == of_card)
}

fn group<T: Copy>(
    label: &'static str,
    values: &[(&str, T)],
    chosen: &str,
    everything: &'static str,
    name: fn(T) -> &'static str,
    with: impl Fn(&str) -> Filter,
) -> FilterGroup {
    let mut choices = vec![Choice { label: everything, href: with("").href(), on: !known(values, chosen) }];
    choices.extend(values.iter().map(|(value, item)| Choice {
        label: name(*item),
        href: with(value).href(),
        on: *value == chosen,
    }));
    FilterGroup { label, choices }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_changes_one_filter_and_keeps_the_others() {
        let filter = Filter { channel: "phone".into(), ..Filter::default() };
        let groups = filter.groups();
        assert_eq!(groups[0].choices[0].href, "/");
        assert!(groups[0].choices[2].on);
        assert_eq!(groups[2].choices[3].href, "/?channel=phone&difficulty=3");
    }

    #[test]
    fn an_unknown_value_filters_nothing_and_is_never_written_back_as_chosen() {
        let filter = Filter { channel: "\"><script>".into(), ..Filter::default() };
        assert!(!filter.any());
        assert!(filter.keeps(&Card::sample("fuite-colere")));
        assert!(filter.groups()[0].choices[0].on);
    }
}
