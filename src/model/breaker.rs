//! Leaves an endpoint alone that failed several times in a row, so that nobody waits for a dead one.
//!
//! Input: how calls went. Output: whether the next one may begin. Invariant: while it rests at most one call, the trial,
//! is under way, and only after the rest.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ModelError;

/// Failures in a row before the first rest.
const FAILURES: u32 = 3;

/// The first rest; each further one is twice as long.
const SHORTEST: Duration = Duration::from_secs(5);

/// The longest rest, whatever the endpoint asks for.
const LONGEST: Duration = Duration::from_mins(1);

#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests: u32,
    until: Option<Instant>,
    trial: bool,
    last: Option<&'static str>,
}

impl Breaker {
    /// Lets a call begin, or tells for how long none may.
    pub(super) fn admit(self: &Arc<Breaker>) -> Result<Pass, ModelError> {
        let mut state = self.state();
        let trial = match state.until {
            None => false,
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                if state.trial || !left.is_zero() {
                    return Err(ModelError::Resting(left));
                }
                state.trial = true;
                true
            }
        };
        drop(state);
        Ok(Pass { breaker: Arc::clone(self), trial })
    }

    /// How long it still rests, if it does.
    pub(super) fn resting(&self) -> Option<Duration> {
        self.state().until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    /// Failures in a row, and the code of the last one.
    pub(super) fn failures(&self) -> (u32, Option<&'static str>) {
        let state = self.state();
        (state.failures, state.last)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that may begin. Dropped without a word on how it went, it changes nothing.
#[derive(Debug)]
pub(super) struct Pass {
    breaker: Arc<Breaker>,
    trial: bool,
}

impl Pass {
    /// The endpoint speaks: others may ask it again. One more failure and it rests again.
    pub(super) fn speaks(&mut self) {
        let mut state = self.breaker.state();
        if std::mem::take(&mut self.trial) {
            (state.trial, state.until) = (false, None);
        }
    }

    /// The call came to its end.
    pub(super) fn succeeded(&mut self) {
        *self.breaker.state() = State::default();
        self.trial = false;
    }

    /// The call failed.
    pub(super) fn failed(&mut self, error: &ModelError) {
        let mut state = self.breaker.state();
        let trial = std::mem::take(&mut self.trial);
        if !error.is_endpoint_s() {
            if trial {
                state.trial = false;
            }
            return;
        }
        state.failures = state.failures.saturating_add(1);
        state.last = Some(error.code());
        // Calls that were under way when the rest began say nothing new.
        if trial || (state.until.is_none() && state.failures >= FAILURES) {
            let rest = SHORTEST.saturating_mul(1 << state.rests.min(8)).max(error.asked_wait().unwrap_or_default());
            state.until = Some(Instant::now() + rest.min(LONGEST));
            state.rests += 1;
            state.trial = false;
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.trial {
            self.breaker.state().trial = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn fail(breaker: &Arc<Breaker>, error: &ModelError) {
        breaker.admit().unwrap().failed(error);
    }

    fn rests(breaker: &Arc<Breaker>) -> Option<u64> {
        match breaker.admit() {
            Err(ModelError::Resting(left)) => Some(left.as_secs()),
            other => {
                other.unwrap();
                None
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn three_failures_in_a_row_are_a_rest_that_doubles_up_to_a_minute() {
        let breaker = Arc::new(Breaker::default());
        fail(&breaker, &ModelError::Late);
        fail(&breaker, &ModelError::Cut);
        breaker.admit().unwrap().succeeded();
        fail(&breaker, &ModelError::Late);
        fail(&breaker, &ModelError::Late);
        assert_eq!(rests(&breaker), None);
        fail(&breaker, &ModelError::Late);
        for rest in [5, 10, 20, 40, 60, 60] {
            assert_eq!(rests(&breaker), Some(rest));
            advance(Duration::from_secs(rest)).await;
            fail(&breaker, &ModelError::Cut);
        }
        assert_eq!(breaker.failures(), (9, Some("cut")));
        advance(LONGEST).await;
        breaker.admit().unwrap().succeeded();
        assert_eq!((rests(&breaker), breaker.failures()), (None, (0, None)));
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_tries_a_rested_endpoint_and_a_dropped_trial_leaves_its_place() {
        let breaker = Arc::new(Breaker::default());
        (0..3).for_each(|_| fail(&breaker, &ModelError::Late));
        advance(SHORTEST).await;
        let trial = breaker.admit().unwrap();
        assert!(breaker.admit().is_err(), "one trial at a time");
        drop(trial);
        let mut trial = breaker.admit().unwrap();
        trial.speaks();
        let mut other = breaker.admit().unwrap();
        trial.failed(&ModelError::Cut);
        assert_eq!(rests(&breaker), Some(10), "words that are then cut do not forgive");
        other.failed(&ModelError::Cut);
        assert_eq!(rests(&breaker), Some(10), "a call from before the rest does not lengthen it");
    }

    #[tokio::test(start_paused = true)]
    async fn the_endpoint_s_own_wish_is_the_rest_up_to_a_minute() {
        for (asked, expect) in [(1, 5), (30, 30), (86_400, 60)] {
            let breaker = Arc::new(Breaker::default());
            let error = ModelError::Overloaded { status: 429, retry_after: Some(Duration::from_secs(asked)) };
            (0..3).for_each(|_| fail(&breaker, &error));
            assert_eq!(rests(&breaker), Some(expect));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_the_endpoint_s_fault_is_not_held_against_it() {
        let breaker = Arc::new(Breaker::default());
        for _ in 0..9 {
            fail(&breaker, &ModelError::Declined);
            fail(&breaker, &ModelError::WrongShape);
            fail(&breaker, &ModelError::Endless);
        }
        assert_eq!(rests(&breaker), None);
        (0..3).for_each(|_| fail(&breaker, &ModelError::Late));
        advance(SHORTEST).await;
        fail(&breaker, &ModelError::Declined);
        assert!(breaker.admit().is_ok(), "a trial that proves nothing leaves its place");
    }
}
