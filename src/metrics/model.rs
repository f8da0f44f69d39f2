//! Calls to models: what for, what came of them, tokens, cost.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};

use super::families::{Counters, Labels, Times, counters, times};
use super::label::Code;
use super::{Metrics, STAGE_SECONDS};
use crate::ask::Purpose;

/// One call to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// What for.
    pub purpose: Purpose,
    /// `ok`, or the stable code of what went wrong.
    pub outcome: &'a str,
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// How long it took.
    pub took: Duration,
    /// Millionths of the currency, where there are prices.
    pub cost_micros: Option<u64>,
}

#[derive(Clone, Debug)]
pub(super) struct Calls {
    counted: Counters<2>,
    times: Times<1>,
    tokens: Counters<2>,
    /// In the currency's own unit: sums in floating point are exact enough for a meter.
    cost: Family<Labels<1>, Counter<f64, std::sync::atomic::AtomicU64>>,
    unkept: Counter,
}

impl Calls {
    pub(super) fn registered(registry: &mut Registry) -> Calls {
        let calls = Calls {
            counted: counters(),
            times: times(&STAGE_SECONDS),
            tokens: counters(),
            cost: Family::default(),
            unkept: Counter::default(),
        };
        registry.register("model_calls", "Calls to a model, by purpose and outcome", calls.counted.clone());
        registry.register_with_unit(
            "model_call",
            "How long calls to a model took, by purpose",
            Unit::Seconds,
            calls.times.clone(),
        );
        registry.register("model_tokens", "Tokens, by purpose and direction", calls.tokens.clone());
        registry.register(
            "model_cost",
            "What calls cost at the prices that were set, in their currency, by purpose",
            calls.cost.clone(),
        );
        registry.register(
            "model_uses_unkept",
            "Calls whose record was given up because the database could not take it for too long",
            calls.unkept.clone(),
        );
        calls
    }
}

impl Metrics {
    /// A call to a model has ended.
    pub fn model_call(&self, call: Call<'_>) {
        let (calls, purpose) = (&self.0.model, Code::from(call.purpose.name()));
        calls.counted.get_or_create(&[("purpose", purpose.clone()), ("outcome", Code::checked(call.outcome))]).inc();
        calls.times.get_or_create(&[("purpose", purpose.clone())]).observe(call.took.as_secs_f64());
        for (direction, tokens) in [("prompt", call.prompt_tokens), ("completion", call.completion_tokens)] {
            calls.tokens.get_or_create(&[("purpose", purpose.clone()), ("direction", direction.into())]).inc_by(tokens);
        }
        if let Some(micros) = call.cost_micros {
            let cost = Duration::from_micros(micros).as_secs_f64();
            calls.cost.get_or_create(&[("purpose", purpose)]).inc_by(cost);
        }
    }

    /// Records of calls were given up.
    pub fn uses_unkept(&self, count: u64) {
        self.0.model.unkept.inc_by(count);
    }
}
