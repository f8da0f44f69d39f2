//! The axis that a group needs most.

use super::{Cohort, Grain};
use crate::id::VisitorId;

/// How many trainees need a result on an axis before it may be called the group's.
const TRAINEES: u32 = 2;

/// How many conversations a group needs before anything is said of it.
const RESULTS: usize = 3;

/// Axes closer than this are named together.
const CLOSE: u8 = 3;

/// The weakest axis, or the weakest ones where they are as good as equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weak {
    /// Ids, the weakest first.
    pub axes: Vec<String>,
    /// The group's mean there, 0 to 100.
    pub score: u8,
    /// How many trainees are behind it.
    pub trainees: u32,
    /// The next one, with its mean; `None` where there is none.
    pub next: Option<(String, u8)>,
}

impl Cohort {
    /// The group's weak axis; `None` where too little is there to say it.
    pub fn weak(&self, trainees: &[VisitorId], axes: &[&str]) -> Option<Weak> {
        if self.attempts().len() < RESULTS {
            return None;
        }
        let whole = self.heat(trainees, Grain::Axes, axes).whole;
        let mut means: Vec<(u8, u32, &str)> = axes
            .iter()
            .zip(&whole)
            .filter(|(_, cell)| cell.count >= TRAINEES)
            .filter_map(|(axis, cell)| Some((cell.score?, cell.count, *axis)))
            .collect();
        // A stable sort: of equals, the first in the rubric's order comes first.
        means.sort_by_key(|(score, ..)| *score);
        let (score, trainees, _) = *means.first()?;
        let close = means.iter().take_while(|(other, ..)| other - score < CLOSE).count();
        let next = means.get(close).map(|(score, _, axis)| ((*axis).to_owned(), *score));
        Some(Weak { axes: means[..close].iter().map(|(.., axis)| (*axis).to_owned()).collect(), score, trainees, next })
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, trainee, with_axes};
    use super::*;

    fn weak(rows: &[(u64, u8, u8)]) -> Option<Weak> {
        let rows = rows.iter().zip(1..).map(|((who, ecoute, escalade), minute)| {
            let axes = [("ecoute", Some(*ecoute)), ("escalade", Some(*escalade)), ("orientation", None)];
            with_axes(attempt(*who, "a", minute, 0), &axes)
        });
        let trainees = [trainee(1), trainee(2), trainee(3)];
        Cohort::of(rows.collect()).weak(&trainees, &["ecoute", "escalade", "orientation"])
    }

    #[test]
    fn the_weak_axis_is_that_of_the_trainees_not_of_whoever_rehearses_most() {
        let often = (0..20).map(|_| (1, 10, 90));
        let rows: Vec<(u64, u8, u8)> = often.chain([(2, 90, 30), (3, 90, 30)]).collect();
        let expect =
            Weak { axes: vec!["escalade".to_owned()], score: 50, trainees: 3, next: Some(("ecoute".to_owned(), 63)) };
        assert_eq!(weak(&rows), Some(expect));
    }

    #[test]
    fn axes_that_are_as_good_as_equal_are_named_together() {
        let weak = weak(&[(1, 50, 51), (2, 50, 52), (2, 50, 52)]).unwrap();
        assert_eq!((weak.axes.as_slice(), weak.next), (&["ecoute".to_owned(), "escalade".to_owned()][..], None));
    }

    #[test]
    fn of_one_person_or_two_conversations_nothing_is_said() {
        assert_eq!(weak(&[(1, 10, 90), (1, 10, 90), (1, 10, 90), (1, 10, 90)]), None);
        assert_eq!(weak(&[(1, 10, 90), (2, 10, 90)]), None);
        assert_eq!(weak(&[]), None);
    }
}
