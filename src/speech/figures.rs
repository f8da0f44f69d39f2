//! What the transcription queue tells about itself: counts and times, never words.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets of a [`Spread`], in milliseconds; what is longer goes into one more.
const BOUNDS_MS: [u64; 14] = [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

/// How the queue fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Clips that can be transcribed at once.
    pub places: usize,
    /// Clips that may wait.
    pub queue: usize,
    /// Clips being transcribed now.
    pub at_work: usize,
    /// Clips waiting now.
    pub waiting: usize,
    /// The most that ever waited.
    pub waiting_at_most: usize,
    /// Transcribed.
    pub done: u64,
    /// Final clips refused because the queue was full.
    pub refused: u64,
    /// Speculative clips passed over because others had work.
    pub passed_over: u64,
    /// Given up at the deadline.
    pub late: u64,
    /// The engine could not.
    pub failed: u64,
    /// Seconds of sound transcribed; beside `times.sum()`, how much faster than speech.
    pub sound: Duration,
    /// From being handed in to being taken up.
    pub waits: Spread,
    /// From being taken up to having the words.
    pub times: Spread,
}

/// Times in a small histogram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    buckets: [u64; BOUNDS_MS.len() + 1],
    sum: Duration,
    most: Duration,
}

impl Spread {
    /// Counts one time.
    pub(super) fn add(&mut self, time: Duration) {
        let bucket = BOUNDS_MS.partition_point(|bound| Duration::from_millis(*bound) < time);
        self.buckets[bucket] += 1;
        self.sum += time;
        self.most = self.most.max(time);
    }

    /// The upper bounds of the buckets, growing, with how many times lie in each alone; the last has none.
    pub fn buckets(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let bounds = BOUNDS_MS.iter().map(|bound| Some(Duration::from_millis(*bound)));
        bounds.chain([None]).zip(self.buckets)
    }

    /// How many times were counted.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// All of them together.
    pub fn sum(&self) -> Duration {
        self.sum
    }

    /// The longest.
    pub fn most(&self) -> Duration {
        self.most
    }

    /// A time within which this share (0 to 100) of them lies: the bound of its bucket, or the longest time.
    pub fn within(&self, percent: u64) -> Duration {
        let mut counted = 0;
        let wanted = self.count() * percent.min(100);
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS_MS) {
            counted += bucket;
            if counted * 100 >= wanted {
                return Duration::from_millis(bound).min(self.most);
            }
        }
        self.most
    }
}

/// Figures that many tasks count into.
#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<Figures>);

impl Counts {
    pub(super) fn lock(&self) -> MutexGuard<'_, Figures> {
        // Counts are whole after every statement: a panic elsewhere harms nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_tells_within_which_time_most_lie() {
        let mut spread = Spread::default();
        assert_eq!((spread.count(), spread.within(50)), (0, Duration::ZERO));
        for ms in [1, 15, 15, 18, 120, 45_000] {
            spread.add(Duration::from_millis(ms));
        }
        assert_eq!(spread.count(), 6);
        assert_eq!(spread.within(50), Duration::from_millis(20));
        assert_eq!(spread.within(80), Duration::from_millis(200));
        assert_eq!(spread.within(100), Duration::from_secs(45));
        assert_eq!(spread.most(), Duration::from_secs(45));
    }
}
