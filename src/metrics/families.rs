//! Families of figures: one figure per set of labels.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::histogram::Histogram;

use super::label::Code;

/// `N` labels.
pub(super) type Labels<const N: usize> = [(&'static str, Code); N];

/// Counters by `N` labels.
pub(super) type Counters<const N: usize> = Family<Labels<N>, Counter>;

/// Times by `N` labels, in seconds.
pub(super) type Times<const N: usize> = Family<Labels<N>, Histogram, Bounds>;

/// The upper bounds of a histogram's buckets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds(&'static [f64]);

impl MetricConstructor<Histogram> for Bounds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// No counter yet.
pub(super) fn counters<const N: usize>() -> Counters<N> {
    Family::default()
}

/// No time yet.
pub(super) fn times<const N: usize>(bounds: &'static [f64]) -> Times<N> {
    Family::new_with_constructor(Bounds(bounds))
}
