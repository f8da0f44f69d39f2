//! Trainee by axis, or trainee by indicator: the mean of what counts, and of how many.

use super::{Attempt, Cohort};
use crate::id::VisitorId;

/// What the columns are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// Axes.
    #[default]
    Axes,
    /// Indicators.
    Indicators,
}

/// A mean, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// 0 to 100; `None` where nothing applied.
    pub score: Option<u8>,
    /// How many conversations it is the mean of; in the last row, how many trainees.
    pub count: u32,
}

/// One trainee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    /// Who.
    pub trainee: VisitorId,
    /// How many conversations count.
    pub attempts: u32,
    /// One cell a column.
    pub cells: Vec<Cell>,
}

/// The map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatMap {
    /// The trainees, in the order asked for; who has no data has empty cells.
    pub rows: Vec<HeatRow>,
    /// The group: each trainee counts once, however often they rehearse.
    pub whole: Vec<Cell>,
}

impl Cohort {
    /// The heat map of these trainees and columns.
    pub fn heat(&self, trainees: &[VisitorId], grain: Grain, columns: &[&str]) -> HeatMap {
        let rows: Vec<HeatRow> = trainees
            .iter()
            .map(|trainee| {
                let own = self.of_trainee(*trainee);
                let cells = columns.iter().map(|column| mean(own.iter().filter_map(|one| value(one, grain, column))));
                HeatRow { trainee: *trainee, attempts: count(own.len()), cells: cells.collect() }
            })
            .collect();
        let column = |at: usize| mean(rows.iter().filter_map(|row| row.cells[at].score.map(f64::from)));
        let whole = (0..columns.len()).map(column).collect();
        HeatMap { rows, whole }
    }
}

fn value(attempt: &Attempt, grain: Grain, column: &str) -> Option<f64> {
    match grain {
        Grain::Axes => attempt.axes.iter().find(|axis| axis.id == column)?.score.map(f64::from),
        Grain::Indicators => {
            let (_, level) = attempt.marks.iter().find(|(id, _)| id == column)?;
            Some(f64::from(u8::from(*level)) * 50.0)
        }
    }
}

/// The mean of scores of 0 to 100, rounded.
pub(super) fn mean(scores: impl Iterator<Item = f64>) -> Cell {
    let (sum, count) = scores.fold((0.0, 0u32), |(sum, count), score| (sum + score, count + 1));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of scores of 0 to 100")]
    let score = (count > 0).then(|| (sum / f64::from(count)).round().clamp(0.0, 100.0) as u8);
    Cell { score, count }
}

pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{attempt, trainee, with_axes, with_marks};
    use super::*;

    fn cell(score: u8, count: u32) -> Cell {
        Cell { score: Some(score), count }
    }

    #[test]
    fn a_cell_is_the_mean_of_what_applied_and_the_group_counts_each_trainee_once() {
        let cohort = Cohort::of(vec![
            with_axes(attempt(1, "a", 1, 0), &[("ecoute", Some(40)), ("escalade", None)]),
            with_axes(attempt(1, "b", 2, 0), &[("ecoute", Some(61)), ("escalade", Some(30))]),
            with_axes(attempt(2, "a", 3, 0), &[("ecoute", Some(90))]),
        ]);
        let map = cohort.heat(&[trainee(1), trainee(2), trainee(3)], Grain::Axes, &["ecoute", "escalade"]);
        assert_eq!(map.rows[0].cells, [cell(51, 2), cell(30, 1)]);
        assert_eq!(map.rows[1].cells, [cell(90, 1), Cell::default()]);
        assert_eq!(map.whole, [cell(71, 2), cell(30, 1)]);
    }

    #[test]
    fn levels_count_as_nothing_half_and_all() {
        let cohort = Cohort::of(vec![
            with_marks(attempt(1, "a", 1, 0), &[("5.1.a", 2), ("5.1.b", 0)]),
            with_marks(attempt(1, "a", 2, 0), &[("5.1.a", 1)]),
        ]);
        let map = cohort.heat(&[trainee(1)], Grain::Indicators, &["5.1.a", "5.1.b", "9.9.z"]);
        assert_eq!(map.rows[0].cells, [cell(75, 2), cell(0, 1), Cell::default()]);
    }

    #[test]
    fn a_trainee_without_data_has_a_row_of_empty_cells() {
        let map = Cohort::default().heat(&[trainee(7)], Grain::Axes, &["ecoute"]);
        assert_eq!(map.rows, [HeatRow { trainee: trainee(7), attempts: 0, cells: vec![Cell::default()] }]);
        assert_eq!(map.whole, [Cell::default()]);
    }

    proptest! {
        #[test]
        fn the_order_of_rows_does_not_matter(
            rows in proptest::collection::vec((1..4u64, 0..3usize, 0..500u32, 0..=100u8), 0..30),
            seed in any::<u64>(),
        ) {
            let rows: Vec<Attempt> = rows
                .into_iter()
                .map(|(who, what, minute, overall)| attempt(who, ["a", "b", "c"][what], minute, overall))
                .collect();
            // The same conversation twice with different contents would be two rows of one id.
            let rows = Cohort::of(rows).attempts().to_vec();
            let mut mixed = rows.clone();
            fastrand::Rng::with_seed(seed).shuffle(&mut mixed);
            let trainees = [trainee(1), trainee(2), trainee(3)];
            let (one, two) = (Cohort::of(rows), Cohort::of(mixed));
            prop_assert_eq!(&one, &two);
            prop_assert_eq!(one.heat(&trainees, Grain::Axes, &["ecoute"]), two.heat(&trainees, Grain::Axes, &["ecoute"]));
            prop_assert_eq!(one.progress(), two.progress());
            prop_assert_eq!(one.times(), two.times());
        }

        #[test]
        fn no_cell_leaves_the_scale_and_counts_add_up(
            rows in proptest::collection::vec((1..4u64, 0..500u32, 0..=100u8), 0..30),
        ) {
            let rows: Vec<Attempt> =
                rows.into_iter().map(|(who, minute, overall)| attempt(who, "a", minute, overall)).collect();
            let cohort = Cohort::of(rows);
            let map = cohort.heat(&[trainee(1), trainee(2), trainee(3)], Grain::Axes, &["ecoute"]);
            let counted: u32 = map.rows.iter().map(|row| row.cells[0].count).sum();
            prop_assert_eq!(counted as usize, cohort.attempts().len());
            for cell in map.rows.iter().flat_map(|row| &row.cells).chain(&map.whole) {
                prop_assert_eq!(cell.score.is_some(), cell.count > 0);
                prop_assert!(cell.score.is_none_or(|score| score <= 100));
            }
        }
    }
}
