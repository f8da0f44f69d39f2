//! Tokens that may be used: by a conversation, and by all in a day.
//!
//! Input: what a call may use at most, then what it did use. Output: a reservation, or no. Invariant: what is used and
//! what is held for calls under way never pass a limit together, however many calls begin at the same moment.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;

use super::ModelError;
use crate::clock::{Clock, Timestamp, paris};
use crate::id::ConversationId;

/// The tokens of conversations and of the day, which begins at midnight in Paris. Shared by playing and judging.
pub struct Budget {
    per_conversation: Option<u64>,
    per_day: Option<u64>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    today: Date,
    day: Purse,
    conversations: HashMap<ConversationId, (Date, Purse)>,
}

#[derive(Clone, Copy, Default)]
struct Purse {
    used: u64,
    held: u64,
}

impl Purse {
    fn holds(self, more: u64, limit: Option<u64>) -> bool {
        limit.is_none_or(|limit| self.used.saturating_add(self.held).saturating_add(more) <= limit)
    }
}

impl Budget {
    /// Limits in tokens; `None` for no limit.
    pub fn new(per_conversation: Option<u64>, per_day: Option<u64>, clock: Arc<dyn Clock>) -> Arc<Budget> {
        let today = paris(clock.now()).date();
        let state = Mutex::new(State { today, day: Purse::default(), conversations: HashMap::new() });
        Arc::new(Budget { per_conversation, per_day, clock, state })
    }

    /// No limits.
    pub fn unlimited(clock: Arc<dyn Clock>) -> Arc<Budget> {
        Budget::new(None, None, clock)
    }

    /// Tokens for one conversation.
    pub fn per_conversation(&self) -> Option<u64> {
        self.per_conversation
    }

    /// Tokens for a day.
    pub fn per_day(&self) -> Option<u64> {
        self.per_day
    }

    /// Says that at least so many tokens were used today: what the store knows. May be said again at any time.
    pub fn seed_day(&self, tokens: u64) {
        let mut state = self.state();
        state.day.used = state.day.used.max(tokens);
    }

    /// Says that a conversation has used at least so many tokens: what the store knows. May be said again at any time.
    pub fn seed_conversation(&self, conversation: ConversationId, tokens: u64) {
        let mut state = self.state();
        let purse = state.purse(conversation);
        purse.used = purse.used.max(tokens);
    }

    /// Tokens used today, as far as this process knows.
    pub fn used_today(&self) -> u64 {
        self.state().day.used
    }

    /// Tokens used by a conversation, as far as this process knows.
    pub fn used_by(&self, conversation: ConversationId) -> u64 {
        self.state().conversations.get(&conversation).map_or(0, |(_, purse)| purse.used)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether a call could begin now.
    pub(super) fn check(&self, on: Option<ConversationId>, tokens: u64) -> Result<(), ModelError> {
        let mut state = self.state();
        let fits = state.day.holds(tokens, self.per_day)
            && on.is_none_or(|on| state.purse(on).holds(tokens, self.per_conversation));
        if fits { Ok(()) } else { Err(ModelError::OverBudget) }
    }

    /// Holds tokens for a call: those it uses are counted when the reservation is dropped, the others given back.
    pub(super) fn reserve(self: &Arc<Budget>, on: Option<ConversationId>, tokens: u64) -> Result<Held, ModelError> {
        let mut state = self.state();
        let fits = state.day.holds(tokens, self.per_day)
            && on.is_none_or(|on| state.purse(on).holds(tokens, self.per_conversation));
        if !fits {
            return Err(ModelError::OverBudget);
        }
        state.day.held += tokens;
        if let Some(on) = on {
            state.purse(on).held += tokens;
        }
        drop(state);
        Ok(Held { budget: Arc::clone(self), on, tokens, used: 0 })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let today = paris(self.clock.now()).date();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if today > state.today {
            let yesterday = state.today;
            state.today = today;
            state.day.used = 0;
            // The store still knows those that have rested for a day.
            state.conversations.retain(|_, (last, purse)| *last >= yesterday || purse.held > 0);
        }
        state
    }
}

impl State {
    fn purse(&mut self, conversation: ConversationId) -> &mut Purse {
        let today = self.today;
        let (last, purse) = self.conversations.entry(conversation).or_insert((today, Purse::default()));
        *last = today;
        purse
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (conversation, day) = (self.per_conversation, self.per_day);
        f.debug_struct("Budget").field("per_conversation", &conversation).field("per_day", &day).finish_non_exhaustive()
    }
}

/// Tokens held for one call.
pub(super) struct Held {
    budget: Arc<Budget>,
    on: Option<ConversationId>,
    tokens: u64,
    used: u64,
}

impl Held {
    /// What the call has used so far.
    pub(super) fn spend(&mut self, used: u64) {
        self.used = used;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        let settle = |purse: &mut Purse| {
            purse.held = purse.held.saturating_sub(self.tokens);
            purse.used = purse.used.saturating_add(self.used);
        };
        settle(&mut state.day);
        if let Some(on) = self.on {
            settle(state.purse(on));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::FixedClock;
    use crate::id::Ulid;

    fn clock() -> Arc<FixedClock> {
        // 23:00 in Paris.
        Arc::new(FixedClock::at("2026-03-02T22:00:00Z".parse().unwrap()))
    }

    fn conversation(n: u128) -> ConversationId {
        ConversationId::new(Ulid::from(n))
    }

    #[test]
    fn what_is_held_counts_and_what_was_not_used_is_given_back() {
        let budget = Budget::new(Some(100), None, clock());
        let on = Some(conversation(1));
        let mut first = budget.reserve(on, 60).unwrap();
        assert!(budget.reserve(on, 60).is_err() && budget.check(on, 41).is_err());
        assert!(budget.check(on, 40).is_ok() && budget.check(Some(conversation(2)), 100).is_ok());
        assert!(budget.check(None, 1_000_000).is_ok(), "calls on no conversation have the day's limit only");
        first.spend(30);
        drop(first);
        assert_eq!((budget.used_by(conversation(1)), budget.used_today()), (30, 30));
        assert!(budget.check(on, 70).is_ok() && budget.check(on, 71).is_err());
    }

    #[test]
    fn a_call_refused_by_one_limit_holds_nothing_of_the_other() {
        let budget = Budget::new(Some(10), Some(100), clock());
        assert!(budget.reserve(Some(conversation(1)), 11).is_err());
        assert!(budget.reserve(None, 100).is_ok());
        assert!(budget.reserve(None, 101).is_err());
        assert!(budget.reserve(Some(conversation(1)), 10).is_ok());
    }

    #[test]
    fn the_day_begins_at_midnight_in_paris_and_conversations_go_on() {
        let clock = clock();
        let budget = Budget::new(Some(1000), Some(100), clock.clone());
        let on = Some(conversation(1));
        budget.reserve(on, 100).unwrap().spend(100);
        assert!(budget.check(None, 1).is_err());
        let mut over_midnight = {
            clock.advance(Duration::from_mins(59));
            assert!(budget.check(None, 1).is_err());
            budget.seed_day(0);
            clock.advance(Duration::from_mins(2));
            budget.reserve(on, 50).unwrap()
        };
        assert_eq!(budget.used_today(), 0);
        over_midnight.spend(20);
        drop(over_midnight);
        assert_eq!((budget.used_today(), budget.used_by(conversation(1))), (20, 120));
    }

    #[test]
    fn what_the_store_knows_is_never_counted_twice() {
        let budget = Budget::new(Some(100), Some(100), clock());
        budget.seed_day(80);
        budget.seed_conversation(conversation(1), 90);
        budget.reserve(None, 10).unwrap().spend(10);
        budget.seed_day(80);
        budget.seed_day(90);
        budget.seed_conversation(conversation(1), 40);
        assert_eq!((budget.used_today(), budget.used_by(conversation(1))), (90, 90));
    }

    #[test]
    fn calls_that_begin_at_the_same_moment_do_not_share_the_last_tokens() {
        let budget = Budget::new(None, Some(1000), clock());
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        (0..50)
                            .filter(|_| {
                                budget.reserve(None, 30).is_ok_and(|mut held| {
                                    held.spend(30);
                                    true
                                })
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((taken, budget.used_today()), (33, 990));
    }
}
