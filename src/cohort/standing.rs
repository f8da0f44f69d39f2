//! Where a trainee stands on a criterion or a competence: over all, at first, of late.

use super::Attempt;
use super::heat::{count, mean};

/// How many conversations « at first » and « of late » are.
const FEW: usize = 3;

/// What is looked at: indicators with their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'r> {
    /// Id of the criterion or competence.
    pub id: &'r str,
    /// Its indicators, with how much each counts.
    pub indicators: Vec<(&'r str, f32)>,
}

/// Where someone stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Id of the criterion or competence.
    pub id: String,
    /// The mean over the conversations where it applied, 0 to 100.
    pub score: Option<u8>,
    /// Over the first three of them.
    pub first: Option<u8>,
    /// Over the last three.
    pub last: Option<u8>,
    /// How many they are.
    pub count: u32,
}

/// Where the one whose attempts these are, oldest first, stands.
pub fn standing(attempts: &[Attempt], asked: &Asked<'_>) -> Standing {
    let scores: Vec<f64> = attempts.iter().filter_map(|attempt| score(attempt, asked)).collect();
    let of = |scores: &[f64]| mean(scores.iter().copied()).score;
    Standing {
        id: asked.id.to_owned(),
        score: of(&scores),
        first: of(&scores[..scores.len().min(FEW)]),
        last: of(&scores[scores.len().saturating_sub(FEW)..]),
        count: count(scores.len()),
    }
}

/// The weighted mean of the levels of one conversation, 0 to 100.
fn score(attempt: &Attempt, asked: &Asked<'_>) -> Option<f64> {
    let levels = asked.indicators.iter().filter_map(|(id, weight)| {
        let (_, level) = attempt.marks.iter().find(|(other, _)| other == id)?;
        Some((f64::from(*weight), f64::from(u8::from(*level)) * 50.0))
    });
    let (sum, weights) =
        levels.fold((0.0, 0.0), |(sum, weights), (weight, level)| (sum + weight * level, weights + weight));
    (weights > 0.0).then(|| sum / weights)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, with_marks};
    use super::*;

    #[test]
    fn a_criterion_is_the_weighted_mean_of_what_applied_first_and_last() {
        let rows: Vec<Attempt> = [(0, 2), (0, 2), (1, 2), (2, 2), (2, 2)]
            .iter()
            .zip(1..)
            .map(|((a, b), minute)| {
                with_marks(attempt(1, "a", minute, 0), &[("5.1.a", *a), ("5.1.b", *b), ("9.1.a", 0)])
            })
            .chain([attempt(1, "b", 9, 0)])
            .collect();
        let asked = Asked { id: "5.1", indicators: vec![("5.1.a", 3.0), ("5.1.b", 1.0)] };
        let standing = standing(&rows, &asked);
        let expect = Standing { id: "5.1".into(), score: Some(63), first: Some(38), last: Some(88), count: 5 };
        assert_eq!(standing, expect);
    }

    #[test]
    fn what_never_applied_has_no_figure() {
        let asked = Asked { id: "9.2", indicators: vec![("9.2.a", 1.0)] };
        let expect = Standing { id: "9.2".into(), score: None, first: None, last: None, count: 0 };
        assert_eq!(standing(&[attempt(1, "a", 1, 50)], &asked), expect);
    }
}
