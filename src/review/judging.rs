//! The durable job: a conversation that has ended is judged by a model, whatever happens meanwhile.
//!
//! Input: a [`Lease`] on it. Output: the judgement in the store, axis by axis, and the scorecard that it completes; or
//! when to try again. Invariant: nothing here is needed for a scorecard: the rules' is there before and after.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::judge::{Case, Judge, Setback, add, remaining};
use super::{Review, ReviewError, look, review};
use crate::clock::{Clock, Timestamp};
use crate::content::Content;
use crate::hearing::Ears;
use crate::model::ModelError;
use crate::organisation::Organisation;
use crate::persona::Persona;
use crate::scoring::judge::{Judged, digest};
use crate::store::{Judge as By, JudgingState, Lease, Store, StoreError};

/// How long a judging is someone's without a word from them.
pub const LEASE: Duration = Duration::from_mins(1);

/// How often whoever works on it says so.
const RENEWED: Duration = Duration::from_secs(15);

/// How long after the first try the second comes, and so on; after the last, nothing more comes.
const PAUSES: [Duration; 8] = [
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
    Duration::from_hours(6),
    Duration::from_hours(6),
    Duration::from_hours(6),
    Duration::from_hours(6),
];

/// An answer that cannot be used is tried for so many times.
const TRIES_OF_ANSWERS: u32 = 3;

/// A budget used up is not asked again before this: it may last until midnight.
const BUDGET: Duration = Duration::from_hours(1);

/// How long a judging that was given up stays so, unless the words change.
const GIVEN_UP: Duration = Duration::from_hours(24);

/// What came of working on a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// Every axis that could be judged is.
    Done,
    /// To be tried again then, because of this.
    Postponed(Timestamp, &'static str),
    /// The rules' marks stand alone, because of this.
    GivenUp(&'static str),
    /// Handed back: the service stops.
    HandedBack,
    /// Someone else has it now: whatever was made of it here does not count.
    Lost,
}

/// With what a conversation is judged.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// Where it is kept.
    pub store: &'a Store,
    /// The content in force.
    pub content: &'a Content,
    /// Who judges.
    pub judge: &'a Judge,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Cancelled when the service stops.
    pub stopping: &'a CancellationToken,
}

/// Works on a lease to its end. `played` is the persona in the version the conversation was opened with.
pub async fn complete(
    bench: Bench<'_>,
    played: (&Persona, &Ears, &Organisation),
    mut lease: Lease,
) -> Result<Came, StoreError> {
    let Bench { store, content, judge, clock, stopping } = bench;
    let (persona, ears, organisation) = played;
    let id = lease.conversation;
    let reviewed = match look(store, content, (persona, ears), id).await {
        Ok(reviewed) => reviewed,
        Err(ReviewError::Store(error)) => return Err(error),
        Err(ReviewError::NotOver) => return refuse(bench, &lease, "not_over").await,
        Err(ReviewError::NoRubric) => return refuse(bench, &lease, "no_rubric").await,
        Err(ReviewError::Unreadable(_)) => return refuse(bench, &lease, "unreadable").await,
    };
    let transcript = reviewed.live.transcript();
    let case =
        Case { transcript: &transcript, persona, rubric: &reviewed.rubric, rules: &reviewed.rules, organisation };
    let mut judged = judge.begin(&case, lease.judged.take());
    let questions = remaining(&case, &judged);
    let mut under_way = pin!(judge.axes(&questions, case.transcript, Some(id)));
    let mut renewed = interval(RENEWED);
    renewed.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut setbacks: Vec<(String, Setback)> = Vec::new();
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => {
                let held = store.release_judging(&lease, clock.now()).await?;
                return Ok(if held { Came::HandedBack } else { Came::Lost });
            }
            done = under_way.next() => match done {
                Some((ask, Ok(axis))) => {
                    add(&mut judged, ask, axis);
                    if !store.keep_judging(&lease, &judged).await? {
                        return Ok(Came::Lost);
                    }
                }
                Some((ask, Err(setback))) => setbacks.push((ask.axis.clone(), setback)),
                None => break,
            },
            _ = renewed.tick() => if !store.renew_judging(&mut lease, clock.now(), LEASE).await? {
                return Ok(Came::Lost);
            },
        }
    }
    settle(bench, (persona, ears), &lease, judged, setbacks).await
}

/// What was not judged is tried again later, or told with what was.
async fn settle(
    bench: Bench<'_>,
    played: (&Persona, &Ears),
    lease: &Lease,
    mut judged: Judged,
    setbacks: Vec<(String, Setback)>,
) -> Result<Came, StoreError> {
    let Bench { store, content, clock, .. } = bench;
    let now = clock.now();
    let lost = |held: bool, came: Came| Ok(if held { came } else { Came::Lost });
    if let Some(pause) = pause(lease.tries, &setbacks) {
        let until = now.checked_add(pause).unwrap_or(Timestamp::MAX);
        let code = first_code(&setbacks);
        return lost(store.postpone_judging(lease, until, code).await?, Came::Postponed(until, code));
    }
    if judged.axes.is_empty() && !setbacks.is_empty() {
        let code = first_code(&setbacks);
        return lost(store.give_up_judging(lease, code, now).await?, Came::GivenUp(code));
    }
    judged.given_up = setbacks.iter().map(|(axis, setback)| (axis.clone(), setback.code().to_owned())).collect();
    if !store.finish_judging(lease, &judged, now).await? {
        return Ok(Came::Lost);
    }
    if store.scorecard(lease.conversation, By::Rules).await?.is_none() {
        // Nobody has seen it yet: whoever does finds both.
        return Ok(Came::Done);
    }
    match review(store, content, played, lease.conversation, now).await {
        Err(ReviewError::Store(error)) => Err(error),
        _ => Ok(Came::Done),
    }
}

/// How long to wait before the next try; `None` where nothing is left to try.
fn pause(tries: u32, setbacks: &[(String, Setback)]) -> Option<Duration> {
    let only_answers = setbacks.iter().all(|(_, setback)| setback.is_of_answers());
    if setbacks.is_empty() || (only_answers && tries >= TRIES_OF_ANSWERS) {
        return None;
    }
    let usual = *PAUSES.get(usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX))?;
    let longest = PAUSES[PAUSES.len() - 1];
    let wanted = setbacks.iter().map(|(_, setback)| match setback {
        Setback::Model(ModelError::OverBudget) => BUDGET,
        Setback::Model(ModelError::Resting(left)) => *left,
        Setback::Model(ModelError::Overloaded { retry_after, .. }) => retry_after.unwrap_or_default(),
        Setback::Model(_) | Setback::Answer(_) => Duration::ZERO,
    });
    Some(wanted.fold(usual, Duration::max).min(longest))
}

/// What stands for several setbacks: what the endpoint is to blame for says more than an answer, a rest the least.
fn first_code(setbacks: &[(String, Setback)]) -> &'static str {
    let weight = |setback: &Setback| match setback {
        Setback::Model(ModelError::Resting(_)) => 2,
        other => u8::from(other.is_of_answers()),
    };
    setbacks.iter().map(|(_, setback)| setback).min_by_key(|setback| weight(setback)).map_or("", Setback::code)
}

async fn refuse(bench: Bench<'_>, lease: &Lease, code: &'static str) -> Result<Came, StoreError> {
    give_up(bench.store, lease, code, bench.clock.now()).await
}

/// Gives up what cannot be judged, whoever tries.
pub async fn give_up(store: &Store, lease: &Lease, code: &'static str, at: Timestamp) -> Result<Came, StoreError> {
    let held = store.give_up_judging(lease, code, at).await?;
    Ok(if held { Came::GivenUp(code) } else { Came::Lost })
}

/// Has a reviewed conversation judged, unless it is or is about to be: what is not known yet, what was judged before its
/// words were corrected, what was given up long ago. Tells whether there is something to do.
pub async fn want(store: &Store, reviewed: &mut Review, now: Timestamp) -> Result<bool, StoreError> {
    // The last words may still come.
    if reviewed.live.ended().is_none() {
        return Ok(false);
    }
    let conversation = reviewed.conversation;
    let wanted = match &reviewed.judging {
        None => store.enqueue_judging(conversation, now).await?,
        Some(judging) => match judging.state {
            JudgingState::Due => return Ok(false),
            JudgingState::Done if is_of_this(judging.judged.as_ref(), reviewed) => return Ok(false),
            JudgingState::GivenUp if !is_old(judging.made_at, now) => return Ok(false),
            JudgingState::Done | JudgingState::GivenUp => store.judge_again(conversation, now).await?,
        },
    };
    // Another may have wanted it in the meantime.
    reviewed.judging = store.judging(conversation).await?;
    Ok(wanted)
}

/// Whether a judgement is of these words, by this rubric.
fn is_of_this(judged: Option<&Judged>, reviewed: &Review) -> bool {
    let words = || digest(&reviewed.live.transcript());
    judged.is_some_and(|judged| judged.rubric_hash == reviewed.rules.rubric_hash && judged.digest == words())
}

fn is_old(made_at: Option<Timestamp>, now: Timestamp) -> bool {
    made_at.is_none_or(|made_at| now.duration_since(made_at).unsigned_abs() >= GIVEN_UP)
}

/// How long ago a conversation may have ended that nobody has reviewed: older ones are judged when somebody does.
const LOOKED_BACK: Duration = Duration::from_hours(24);

/// How many of those are taken up at a time.
const TAKEN_UP: u32 = 50;

/// Has the conversations judged that have ended and whose review nobody has opened.
pub async fn take_up(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    let since = now.checked_sub(LOOKED_BACK).unwrap_or(Timestamp::MIN);
    store.enqueue_ended(since, TAKEN_UP, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::judge::Fault;

    #[test]
    fn what_the_way_is_to_blame_for_is_tried_for_a_day_and_answers_three_times() {
        let check = |tries: u32, setbacks: &[Setback], expect: Option<u64>| {
            let setbacks: Vec<(String, Setback)> =
                setbacks.iter().map(|setback| ("ecoute".to_owned(), setback.clone())).collect();
            assert_eq!(pause(tries, &setbacks).map(|pause| pause.as_secs()), expect, "{tries} {setbacks:?}");
        };
        let late = Setback::Model(ModelError::Late);
        let granted = Setback::Answer(Fault::Granted);
        for (tries, expect) in (1..).zip([30, 120, 600, 3_600, 21_600, 21_600, 21_600, 21_600]) {
            check(tries, std::slice::from_ref(&late), Some(expect));
        }
        check(9, std::slice::from_ref(&late), None);
        check(u32::MAX, std::slice::from_ref(&late), None);
        check(1, &[], None);
        check(2, std::slice::from_ref(&granted), Some(120));
        check(3, &[granted.clone(), Setback::Model(ModelError::Declined)], None);
        check(3, &[granted, late], Some(600));
        check(1, &[Setback::Model(ModelError::OverBudget)], Some(3_600));
        check(1, &[Setback::Model(ModelError::Resting(Duration::from_secs(45)))], Some(45));
        let overloaded = |retry_after| Setback::Model(ModelError::Overloaded { status: 429, retry_after });
        check(1, &[overloaded(Some(Duration::from_secs(90)))], Some(90));
        check(1, &[overloaded(Some(Duration::from_hours(90)))], Some(21_600));
        check(1, &[overloaded(None)], Some(30));
    }

    #[test]
    fn the_failure_that_says_most_is_kept() {
        let all = |setbacks: &[Setback]| -> Vec<(String, Setback)> {
            setbacks.iter().map(|setback| (String::new(), setback.clone())).collect()
        };
        let resting = Setback::Model(ModelError::Resting(Duration::ZERO));
        assert_eq!(first_code(&all(&[resting.clone(), Setback::Model(ModelError::Late)])), "late");
        assert_eq!(first_code(&all(&[Setback::Answer(Fault::Granted), Setback::Model(ModelError::Cut)])), "cut");
        assert_eq!(first_code(&all(&[resting])), "resting");
    }
}
