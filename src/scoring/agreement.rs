//! How far two ratings of the same conversations agree.
//!
//! Input: pairs of ratings, the reference first. Output: [`Agreement`], per indicator, per axis and over all. Invariant:
//! Cohen's kappa with quadratic weights over what the reference rates; a level that the other leaves out counts as the
//! farthest from it, so that abstaining never pays. What the reference leaves out is counted apart.

use std::collections::BTreeMap;

use serde::Serialize;

use super::scorecard::{Level, Scorecard};
use crate::rubric::Rubric;

/// Below so many conversations, figures say more about chance than about agreement.
pub const ENOUGH: usize = 10;

/// The levels of one conversation by indicator; `None`: not applicable.
pub type Levels = BTreeMap<String, Option<Level>>;

/// The levels that a scorecard gives.
pub fn levels(scorecard: &Scorecard) -> Levels {
    scorecard.marks.iter().map(|mark| (mark.id.clone(), mark.level)).collect()
}

/// How far two ratings agree on some items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Measure {
    /// In how many conversations there was something to compare.
    pub readings: usize,
    /// How many levels were compared.
    pub items: usize,
    /// How many of them are the same.
    pub exact: usize,
    /// How many are at most one level apart, rated by both.
    pub within_one: usize,
    /// The mean distance, in levels.
    pub error: f64,
    /// Cohen's kappa with quadratic weights; `None` without items.
    pub kappa: Option<f64>,
}

impl Measure {
    /// Whether there is enough to speak of.
    pub fn is_enough(&self) -> bool {
        self.readings >= ENOUGH
    }
}

/// How far two ratings agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// How many conversations were rated twice.
    pub readings: usize,
    /// By indicator, in the rubric's order.
    pub indicators: Vec<(String, Measure)>,
    /// By axis, in the rubric's order.
    pub axes: Vec<(String, Measure)>,
    /// Over all.
    pub pooled: Measure,
    /// How many items the reference leaves out.
    pub left_out: usize,
    /// How many of those the other leaves out too.
    pub left_out_by_both: usize,
}

/// Compares ratings of the same conversations, the reference first.
pub fn agreement<'a>(rubric: &Rubric, pairs: impl IntoIterator<Item = (&'a Levels, &'a Levels)>) -> Agreement {
    let (mut by_indicator, mut by_axis, mut all) = (BTreeMap::new(), BTreeMap::new(), Items::default());
    let (mut readings, mut left_out, mut left_out_by_both) = (0, 0, 0);
    for (reference, other) in pairs {
        readings += 1;
        for indicator in rubric.indicators() {
            let Some(level) = reference.get(&indicator.id) else { continue };
            let given = other.get(&indicator.id).copied().flatten();
            let Some(level) = *level else {
                left_out += 1;
                left_out_by_both += usize::from(given.is_none());
                continue;
            };
            let items: &mut Items = by_indicator.entry(indicator.id.as_str()).or_default();
            items.add(readings, level, given);
            let items: &mut Items = by_axis.entry(indicator.axis.as_str()).or_default();
            items.add(readings, level, given);
            all.add(readings, level, given);
        }
    }
    let measure = |items: &BTreeMap<&str, Items>, id: &String| {
        (id.clone(), items.get(id.as_str()).map(Items::measure).unwrap_or_default())
    };
    Agreement {
        readings,
        indicators: rubric.indicators().iter().map(|indicator| measure(&by_indicator, &indicator.id)).collect(),
        axes: rubric.file().axis.iter().map(|axis| measure(&by_axis, &axis.id)).collect(),
        pooled: all.measure(),
        left_out,
        left_out_by_both,
    }
}

/// Levels compared so far.
#[derive(Default)]
struct Items {
    pairs: Vec<(u8, u8)>,
    within_one: usize,
    readings: usize,
    last_reading: usize,
}

impl Items {
    fn add(&mut self, reading: usize, reference: Level, other: Option<Level>) {
        if self.last_reading != reading {
            self.last_reading = reading;
            self.readings += 1;
        }
        let reference = u8::from(reference);
        // Left out: as if it were the farthest level.
        let given = other.map_or(if reference == 2 { 0 } else { 2 }, u8::from);
        self.within_one += usize::from(other.is_some() && reference.abs_diff(given) <= 1);
        self.pairs.push((reference, given));
    }

    fn measure(&self) -> Measure {
        let distance: usize = self.pairs.iter().map(|(a, b)| usize::from(a.abs_diff(*b))).sum();
        Measure {
            readings: self.readings,
            items: self.pairs.len(),
            exact: self.pairs.iter().filter(|(a, b)| a == b).count(),
            within_one: self.within_one,
            error: if self.pairs.is_empty() { 0.0 } else { count(distance) / count(self.pairs.len()) },
            kappa: kappa(&self.pairs),
        }
    }
}

/// Cohen's kappa with quadratic weights: 1 for full agreement, 0 for what chance would give.
fn kappa(pairs: &[(u8, u8)]) -> Option<f64> {
    if pairs.is_empty() {
        return None;
    }
    let apart = |a: usize, b: usize| count(a.abs_diff(b) * a.abs_diff(b)) / 4.0;
    let (mut reference, mut other, mut observed) = ([0; 3], [0; 3], 0.0);
    for (a, b) in pairs {
        let (a, b) = (usize::from(*a), usize::from(*b));
        reference[a] += 1;
        other[b] += 1;
        observed += apart(a, b);
    }
    let all = (0..3).flat_map(|a| (0..3).map(move |b| (a, b)));
    let expected: f64 =
        all.map(|(a, b)| count(reference[a] * other[b]) * apart(a, b)).sum::<f64>() / count(pairs.len());
    // Both always give the same level: nothing could have differed.
    Some(if expected > 0.0 { 1.0 - observed / expected } else { 1.0 })
}

#[expect(clippy::cast_precision_loss, reason = "nobody rates as many conversations")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::super::ruling::tests::rubric;
    use super::*;

    fn check(pairs: &[(u8, u8)], expect: f64) {
        let found = kappa(pairs).unwrap();
        assert!((found - expect).abs() < 1e-9, "{pairs:?}: {found}");
    }

    #[test]
    fn kappa_is_one_for_full_agreement_and_falls_with_the_square_of_the_distance() {
        check(&[(2, 2), (1, 1), (0, 0)], 1.0);
        check(&[(2, 2), (2, 2)], 1.0);
        check(&[(2, 0), (0, 2)], -1.0);
        check(&[(2, 1), (0, 0), (1, 1), (2, 2)], 0.8);
        check(&[(2, 0), (0, 0), (1, 1), (2, 2)], 0.384_615_384_615_384_6);
        check(&[(0, 2), (0, 2)], 0.0);
        assert_eq!(kappa(&[]), None);
    }

    fn rated(levels: &[(&str, Option<u8>)]) -> Levels {
        levels.iter().map(|(id, level)| ((*id).to_owned(), level.map(|level| level.try_into().unwrap()))).collect()
    }

    #[test]
    fn leaving_a_mark_out_never_pays_and_what_the_reference_leaves_out_is_counted_apart() {
        let reference = rated(&[("1.2.a", Some(1)), ("5.1.b", Some(2)), ("6.1.b", None), ("10.1.b", None)]);
        let other = rated(&[("1.2.a", None), ("5.1.b", Some(1)), ("6.1.b", Some(0))]);
        let found = agreement(&rubric(), [(&reference, &other)]);
        assert_eq!((found.pooled.items, found.pooled.exact, found.pooled.within_one), (2, 0, 1));
        assert_eq!((found.left_out, found.left_out_by_both), (2, 1));
        assert!(found.pooled.kappa.unwrap() <= 0.0);
        assert!(!found.pooled.is_enough(), "one conversation is not enough, however many its marks");
    }

    #[derive(serde::Deserialize)]
    struct Line {
        file: String,
        levels: Levels,
    }

    fn lines(text: &str) -> Vec<Line> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The figures are those of the corpus's own script on the same two files.
    #[test]
    fn figures_are_those_of_the_script_that_the_corpus_is_measured_with() {
        let reference = lines(include_str!("../../tests/data/agreement/reference.jsonl"));
        let other = lines(include_str!("../../tests/data/agreement/other.jsonl"));
        assert!(reference.iter().zip(&other).all(|(a, b)| a.file == b.file));
        let pairs = reference.iter().zip(&other).map(|(a, b)| (&a.levels, &b.levels));
        let found = agreement(&rubric(), pairs);
        let check = |measures: &[(String, Measure)], id: &str, items: usize, exact: f64, error: f64, kappa: f64| {
            let measure = measures.iter().find(|(known, _)| known == id).unwrap().1;
            let near = |a: f64, b: f64, digit: f64| (a - b).abs() <= digit / 2.0 + 1e-9;
            assert_eq!(measure.items, items, "{id}");
            assert!(near(count(measure.exact) / count(items), exact, 0.01), "{id}: {measure:?}");
            assert!(near(measure.error, error, 0.01), "{id}: {measure:?}");
            assert!(near(measure.kappa.unwrap(), kappa, 0.001), "{id}: {measure:?}");
        };
        for (id, items, exact, error, kappa) in [
            ("1.2.a", 10, 0.70, 0.40, 0.423),
            ("1.2.b", 11, 0.82, 0.18, 0.838),
            ("5.1.a", 12, 0.83, 0.25, 0.667),
            ("6.1.a", 10, 0.80, 0.40, 0.420),
            ("6.1.b", 10, 0.90, 0.20, 0.615),
            ("8.2.a", 11, 0.82, 0.27, 0.495),
            ("8.2.b", 10, 0.80, 0.30, 0.648),
            ("5.1.b", 11, 0.82, 0.27, 0.553),
            ("5.2.a", 10, 0.70, 0.40, 0.538),
            ("5.2.b", 9, 0.89, 0.22, 0.667),
            ("7.2.a", 10, 0.80, 0.30, 0.545),
            ("11.1.a", 10, 1.00, 0.00, 1.000),
        ] {
            check(&found.indicators, id, items, exact, error, kappa);
        }
        check(&found.axes, "ecoute", 74, 0.81, 0.28, 0.599);
        check(&found.axes, "reformulation", 50, 0.84, 0.24, 0.641);
        check(&[("pooled".to_owned(), found.pooled)], "pooled", 124, 0.82, 0.27, 0.615);
        assert_eq!((found.left_out_by_both, found.left_out), (15, 20));
    }

    #[test]
    fn an_indicator_without_ratings_has_no_kappa() {
        let rating = rated(&[("1.2.a", Some(1))]);
        let found = agreement(&rubric(), std::iter::repeat_n((&rating, &rating), ENOUGH));
        let of = |id: &str| found.indicators.iter().find(|(known, _)| known == id).unwrap().1;
        assert_eq!((of("1.2.a").readings, of("1.2.a").kappa), (ENOUGH, Some(1.0)));
        assert!(of("1.2.a").is_enough());
        assert_eq!((of("5.1.b").items, of("5.1.b").kappa), (0, None));
    }
}
