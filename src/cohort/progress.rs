//! Progress over attempts, told apart from the difficulty of the situations.
//!
//! Input: a group's results. Output: [`Progress`]. The model: result = mean + trainee + situation + (pace + trainee's
//! own pace) × attempts before, by least squares in which trainees, situations and own paces are drawn towards nothing
//! (ridge): with few results they stay near the group's. Invariant: deterministic; a figure that too few results stand
//! behind is `None`.

use std::collections::{BTreeMap, BTreeSet};

use super::heat::count;
use super::solve::{Factor, Symmetric};
use super::{Attempt, Cohort};
use crate::id::VisitorId;

/// What a group needs for anything to be told apart.
const GROUP_RESULTS: usize = 12;
const GROUP_TRAINEES: usize = 3;
const GROUP_SITUATIONS: usize = 2;

/// What a trainee needs for a course of their own.
const OWN_RESULTS: u32 = 4;
const OWN_SITUATIONS: u32 = 2;

/// What a situation needs for a difficulty.
const SITUATION_TRAINEES: u32 = 3;
const SITUATION_RESULTS: u32 = 4;

/// How strongly each is drawn towards nothing: the noise of one result (some 12 points) against how far trainees
/// (12), situations (10) and own paces (6 in ten attempts) usually lie apart, squared.
const TRAINEE: f64 = 1.0;
const SITUATION: f64 = 1.4;
const PACE: f64 = 4.0;

/// A change below this many standard errors may be chance.
const SURE: f64 = 1.64;

/// Attempts are counted in tens, so that all unknowns are of one size.
const TEN: f64 = 10.0;

/// Too little is there to tell progress from difficulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// Results there are.
    pub results: u32,
    /// Results that are needed.
    pub results_needed: u32,
    /// Trainees with a result.
    pub trainees: u32,
    /// Trainees that are needed.
    pub trainees_needed: u32,
    /// Situations that were tried.
    pub situations: u32,
    /// Situations that are needed.
    pub situations_needed: u32,
}

/// What the results of a group come apart into.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The trainees, in the order of their ids.
    pub trainees: Vec<TraineeProgress>,
    /// The situations, hardest first, then those without a figure.
    pub situations: Vec<Difficulty>,
    /// What ten attempts add, in points, over the whole group.
    pub in_ten: f64,
    /// How far results usually lie from what is expected, in points.
    pub spread: f64,
    /// How many results it was read from.
    pub results: u32,
}

/// One trainee.
#[derive(Clone, Debug, PartialEq)]
pub struct TraineeProgress {
    /// Who.
    pub trainee: VisitorId,
    /// How many results.
    pub results: u32,
    /// In how many situations.
    pub situations: u32,
    /// How it went; `None` where four results in two situations are not there yet.
    pub course: Option<Course>,
}

/// Where a trainee came from and where they are, on a situation of mean difficulty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// At the first attempt, 0 to 100.
    pub start: f64,
    /// At the latest, 0 to 100.
    pub now: f64,
    /// What ten attempts add, in points.
    pub in_ten: f64,
    /// Whether the change is larger than chance makes it.
    pub sure: bool,
}

impl Course {
    /// How many points were gained; negative if lost.
    pub fn gained(&self) -> f64 {
        self.now - self.start
    }
}

/// One situation.
#[derive(Clone, Debug, PartialEq)]
pub struct Difficulty {
    /// The persona's id.
    pub situation: String,
    /// How many results.
    pub results: u32,
    /// Of how many trainees.
    pub trainees: u32,
    /// How many points it costs, against the mean of all; negative: it is easier. `None` where four results of three
    /// trainees are not there yet.
    pub costs: Option<f64>,
}

impl Difficulty {
    /// A result without what the situation costs, 0 to 100.
    pub fn level(&self, result: u8) -> f64 {
        (f64::from(result) + self.costs.unwrap_or(0.0)).clamp(0.0, 100.0)
    }
}

impl Progress {
    /// A situation's difficulty.
    pub fn difficulty(&self, situation: &str) -> Option<&Difficulty> {
        self.situations.iter().find(|difficulty| difficulty.situation == situation)
    }

    /// A trainee's course.
    pub fn of(&self, trainee: VisitorId) -> Option<&TraineeProgress> {
        self.trainees.iter().find(|progress| progress.trainee == trainee)
    }
}

/// Which unknown stands where: mean, pace, trainees, their paces, situations.
struct Layout<'a> {
    trainees: Vec<VisitorId>,
    situations: Vec<&'a str>,
}

impl Layout<'_> {
    const MEAN: usize = 0;
    const PACE: usize = 1;

    fn size(&self) -> usize {
        2 + 2 * self.trainees.len() + self.situations.len()
    }

    /// Trainees stand behind the mean and the pace.
    const fn trainee(at: usize) -> usize {
        2 + at
    }

    fn own_pace(&self, at: usize) -> usize {
        2 + self.trainees.len() + at
    }

    fn situation(&self, at: usize) -> usize {
        2 + 2 * self.trainees.len() + at
    }

    /// What a result is the sum of: unknown and how often.
    fn terms(&self, attempt: &Attempt) -> Option<[(usize, f64); 5]> {
        let who = self.trainees.binary_search(&attempt.trainee).ok()?;
        let what = self.situations.binary_search(&attempt.situation.as_str()).ok()?;
        let before = before(attempt.number);
        Some([
            (Self::MEAN, 1.0),
            (Self::PACE, before),
            (Self::trainee(who), 1.0),
            (self.own_pace(who), before),
            (self.situation(what), 1.0),
        ])
    }
}

/// Attempts before this one, in tens.
fn before(number: u32) -> f64 {
    f64::from(number.saturating_sub(1)) / TEN
}

impl Cohort {
    /// Tells the trainees' progress and the situations' difficulty apart.
    pub fn progress(&self) -> Result<Progress, TooFew> {
        let results: Vec<(&Attempt, f64)> =
            self.attempts().iter().filter_map(|attempt| Some((attempt, f64::from(attempt.overall?)))).collect();
        let trainees: BTreeSet<VisitorId> = results.iter().map(|(attempt, _)| attempt.trainee).collect();
        let situations: BTreeSet<&str> = results.iter().map(|(attempt, _)| attempt.situation.as_str()).collect();
        let too_few = TooFew {
            results: count(results.len()),
            results_needed: count(GROUP_RESULTS),
            trainees: count(trainees.len()),
            trainees_needed: count(GROUP_TRAINEES),
            situations: count(situations.len()),
            situations_needed: count(GROUP_SITUATIONS),
        };
        let enough = results.len() >= GROUP_RESULTS
            && trainees.len() >= GROUP_TRAINEES
            && situations.len() >= GROUP_SITUATIONS
            && results.iter().any(|(attempt, _)| attempt.number > 1);
        if !enough {
            return Err(too_few);
        }
        let layout = Layout { trainees: trainees.into_iter().collect(), situations: situations.into_iter().collect() };
        fit(&layout, &results).ok_or(too_few)
    }
}

fn fit(layout: &Layout<'_>, results: &[(&Attempt, f64)]) -> Option<Progress> {
    let mut matrix = Symmetric::new(layout.size());
    let mut right = vec![0.0; layout.size()];
    for (attempt, result) in results {
        let terms = layout.terms(attempt)?;
        for (at, (one, weight)) in terms.iter().enumerate() {
            right[*one] += weight * result;
            for (two, other) in &terms[..=at] {
                matrix.add(*one, *two, weight * other);
            }
        }
    }
    for at in 0..layout.trainees.len() {
        matrix.add(Layout::trainee(at), Layout::trainee(at), TRAINEE);
        matrix.add(layout.own_pace(at), layout.own_pace(at), PACE);
    }
    for at in 0..layout.situations.len() {
        matrix.add(layout.situation(at), layout.situation(at), SITUATION);
    }
    let factor = matrix.factor()?;
    let unknowns = factor.solve(right);
    Some(read(layout, results, &factor, &unknowns))
}

fn read(layout: &Layout<'_>, results: &[(&Attempt, f64)], factor: &Factor, unknowns: &[f64]) -> Progress {
    let expected = |attempt: &Attempt| -> f64 {
        let terms = layout.terms(attempt).into_iter().flatten();
        terms.map(|(at, weight)| unknowns[at] * weight).sum()
    };
    let squares: f64 = results.iter().map(|(attempt, result)| (result - expected(attempt)).powi(2)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a number of results")]
    let spread = (squares / results.len().max(1) as f64).sqrt();
    // Levels are told on a situation of mean difficulty: that of the situations with a figure.
    let situations = difficulties(layout, results, unknowns);
    let trainees = layout.trainees.iter().enumerate().map(|(at, trainee)| {
        let own: Vec<&Attempt> =
            results.iter().map(|(attempt, _)| *attempt).filter(|attempt| attempt.trainee == *trainee).collect();
        let tried: BTreeSet<&str> = own.iter().map(|attempt| attempt.situation.as_str()).collect();
        let last = own.iter().map(|attempt| attempt.number).max().unwrap_or(1);
        let first = own.iter().map(|attempt| attempt.number).min().unwrap_or(1);
        let (results, situations) = (count(own.len()), count(tried.len()));
        let enough = results >= OWN_RESULTS && situations >= OWN_SITUATIONS && last > first;
        let course = enough.then(|| {
            let level = unknowns[Layout::MEAN] + unknowns[Layout::trainee(at)];
            let pace = unknowns[Layout::PACE] + unknowns[layout.own_pace(at)];
            let mut contrast = vec![0.0; layout.size()];
            contrast[Layout::PACE] = before(last) - before(first);
            contrast[layout.own_pace(at)] = before(last) - before(first);
            let error = spread * factor.variance(contrast).sqrt();
            let change = pace * (before(last) - before(first));
            Course {
                start: (level + pace * before(first)).clamp(0.0, 100.0),
                now: (level + pace * before(last)).clamp(0.0, 100.0),
                in_ten: pace,
                sure: change.abs() > SURE * error,
            }
        });
        TraineeProgress { trainee: *trainee, results, situations, course }
    });
    Progress {
        trainees: trainees.collect(),
        situations,
        in_ten: unknowns[Layout::PACE],
        spread,
        results: count(results.len()),
    }
}

fn difficulties(layout: &Layout<'_>, results: &[(&Attempt, f64)], unknowns: &[f64]) -> Vec<Difficulty> {
    let mut by: BTreeMap<&str, Vec<VisitorId>> = BTreeMap::new();
    for (attempt, _) in results {
        by.entry(&attempt.situation).or_default().push(attempt.trainee);
    }
    let mut found: Vec<Difficulty> = layout
        .situations
        .iter()
        .enumerate()
        .map(|(at, situation)| {
            let tried = by.get(situation).map(Vec::as_slice).unwrap_or_default();
            let trainees = count(tried.iter().collect::<BTreeSet<_>>().len());
            let enough = count(tried.len()) >= SITUATION_RESULTS && trainees >= SITUATION_TRAINEES;
            Difficulty {
                situation: (*situation).to_owned(),
                results: count(tried.len()),
                trainees,
                costs: enough.then(|| -unknowns[layout.situation(at)]),
            }
        })
        .collect();
    found.sort_by(|one, two| {
        let key = |difficulty: &Difficulty| difficulty.costs.unwrap_or(f64::NEG_INFINITY);
        key(two).total_cmp(&key(one)).then_with(|| one.situation.cmp(&two.situation))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::samples::{attempt, trainee};
    use super::*;

    const SITUATIONS: [(&str, f64); 6] = [("a", -14.0), ("b", -8.0), ("c", -2.0), ("d", 4.0), ("e", 8.0), ("f", 12.0)];

    /// A group whose levels, paces and difficulties are known: those who come later meet harder situations, so that
    /// plain means would show them getting worse.
    fn group(trainees: u64, attempts: u32, noise: f64) -> (Vec<Attempt>, Vec<(f64, f64)>) {
        let mut random = fastrand::Rng::with_seed(7);
        let mut truths = Vec::new();
        let mut rows = Vec::new();
        for who in 0..trainees {
            let (level, pace) = (35.0 + random.f64() * 20.0, 2.0 + random.f64() * 4.0);
            truths.push((level, pace));
            for number in 0..attempts {
                // Mostly the easy ones first, mostly the hard ones last.
                let drift = usize::try_from(number * 6 / attempts).unwrap();
                let (situation, easy) = SITUATIONS[(5 - drift + random.usize(0..3)) % 6];
                let chance = (0..6).map(|_| random.f64() - 0.5).sum::<f64>() * noise * 1.414;
                let result = level + easy + pace * f64::from(number) / TEN + chance;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
                rows.push(attempt(who, situation, number, result.round().clamp(0.0, 100.0) as u8));
            }
        }
        (rows, truths)
    }

    #[test]
    fn levels_paces_and_difficulties_are_found_again_although_later_situations_are_harder() {
        let (rows, truths) = group(40, 50, 6.0);
        let cohort = Cohort::of(rows);
        let progress = cohort.progress().unwrap();
        let middle = SITUATIONS.iter().map(|(_, easy)| easy).sum::<f64>() / 6.0;
        for (situation, easy) in SITUATIONS {
            let costs = progress.difficulty(situation).unwrap().costs.unwrap();
            assert!((costs + easy - middle).abs() < 2.5, "{situation}: {costs}, {easy} expected");
        }
        let mut off = Vec::new();
        for (who, (level, pace)) in (0..).zip(&truths) {
            let course = progress.of(trainee(who)).unwrap().course.unwrap();
            off.push((course.start - level - middle).abs());
            assert!((course.in_ten - pace).abs() < 2.0, "{who}: {} in ten, {pace} expected", course.in_ten);
            assert!(course.gained() > 0.0);
        }
        let mean = off.iter().sum::<f64>() / 40.0;
        assert!(mean < 2.5, "levels are {mean} points off on average");
        assert!((progress.spread - 6.0).abs() < 1.0, "{}", progress.spread);
        let hardest = &progress.situations[0];
        assert_eq!(hardest.situation, "a");
        // What the plain means would say: no progress at all, or worse.
        let plain = |late: bool| {
            let some = cohort.attempts().iter().filter(|attempt| (attempt.number > 25) == late);
            let results: Vec<f64> = some.filter_map(|attempt| attempt.overall.map(f64::from)).collect();
            results.iter().sum::<f64>() / f64::from(count(results.len()))
        };
        assert!(plain(true) - plain(false) < 25.0 * 4.0 / TEN - 3.0, "the sample would not need a model");
    }

    #[test]
    fn no_progress_is_not_taken_for_progress() {
        let mut random = fastrand::Rng::with_seed(3);
        let rows = (0..10u64).flat_map(|who| (0..12u32).map(move |number| (who, number)));
        let rows: Vec<Attempt> = rows
            .map(|(who, number)| attempt(who, SITUATIONS[random.usize(0..6)].0, number, random.u8(45..=55)))
            .collect();
        let progress = Cohort::of(rows).progress().unwrap();
        assert!(progress.in_ten.abs() < 2.0, "{}", progress.in_ten);
        let sure = progress.trainees.iter().filter(|one| one.course.is_some_and(|course| course.sure)).count();
        assert!(sure <= 2, "{sure} of ten are sure of what is chance");
    }

    #[test]
    fn a_clear_rise_is_sure() {
        let rows = (0..3u64).flat_map(|who| {
            (0..10u32).map(move |n| {
                attempt(who, ["a", "b"][usize::try_from(n).unwrap() % 2], n, 30 + 5 * u8::try_from(n).unwrap())
            })
        });
        let progress = Cohort::of(rows.collect()).progress().unwrap();
        for one in &progress.trainees {
            let course = one.course.unwrap();
            assert!(course.sure && course.gained() > 30.0, "{course:?}");
        }
    }

    #[test]
    fn too_few_results_trainees_or_situations_give_no_figure() {
        fn check(trainees: u64, attempts: u32, situations: usize, enough: bool) {
            let rows = (0..trainees).flat_map(|who| {
                (0..attempts).map(move |n| attempt(who, SITUATIONS[usize::try_from(n).unwrap() % situations].0, n, 50))
            });
            let progress = Cohort::of(rows.collect()).progress();
            assert_eq!(progress.is_ok(), enough, "{trainees} {attempts} {situations}: {progress:?}");
        }
        check(3, 4, 2, true);
        check(2, 20, 2, false);
        check(3, 3, 2, false);
        check(12, 1, 1, false);
        check(3, 10, 1, false);
        check(0, 0, 1, false);
    }

    #[test]
    fn a_trainee_or_a_situation_with_too_little_has_no_figure_of_its_own() {
        let (mut rows, _) = group(4, 12, 3.0);
        rows.push(attempt(9, "rare", 1, 80));
        let progress = Cohort::of(rows).progress().unwrap();
        assert_eq!(progress.of(trainee(9)).unwrap().course, None);
        let rare = progress.difficulty("rare").unwrap();
        assert_eq!((rare.costs, rare.results, rare.trainees), (None, 1, 1));
        assert_eq!(progress.situations.last(), Some(rare));
    }

    #[test]
    fn a_conversation_without_a_result_takes_its_place_in_the_count_only() {
        let (mut rows, _) = group(4, 12, 3.0);
        rows[5].overall = None;
        let progress = Cohort::of(rows).progress().unwrap();
        assert_eq!(progress.results, 47);
    }
}
