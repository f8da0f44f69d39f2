//! What is true at the moment of a scrape, and what others count themselves.

use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};

use super::families::{Counters, Labels, counters};

/// What is true now. Whatever is not there is left out of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moment {
    /// Open sockets.
    pub sockets: usize,
    /// Conversations under way.
    pub conversations: usize,
    /// The endpoints of models.
    pub endpoints: Vec<Endpoint>,
    /// Tokens of the day so far, where models are used.
    pub tokens_today: Option<u64>,
    /// How many tokens a day may take.
    pub tokens_a_day: Option<u64>,
    /// Conversations that wait to be judged by a model.
    pub judgings_due: Option<u64>,
    /// How transcription fares, where something transcribes.
    pub transcription: Option<Transcription>,
}

type Gauges = Family<Labels<1>, Gauge>;

/// One endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// What it is used for: `play`, `judge`.
    pub role: &'static str,
    /// Whether it is left at rest after failures.
    pub resting: bool,
    /// Calls under way.
    pub under_way: usize,
    /// Calls that wait for their turn.
    pub waiting: usize,
}

/// How transcription fares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcription {
    /// Clips being transcribed.
    pub at_work: usize,
    /// Clips waiting.
    pub waiting: usize,
    /// Clips transcribed.
    pub done: u64,
    /// Clips refused because the queue was full.
    pub refused: u64,
    /// Clips given up at the deadline.
    pub late: u64,
    /// Clips that the engine could not transcribe.
    pub failed: u64,
    /// Sound transcribed.
    pub sound: Duration,
    /// From being handed in to being taken up.
    pub waits: Distribution,
    /// From being taken up to having the words.
    pub times: Distribution,
}

/// Times that somebody else sorted into buckets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// Upper bounds in seconds, growing, with how many times lie in each bucket alone; the last bound is infinite.
    pub buckets: Vec<(f64, u64)>,
    /// All of them together.
    pub sum: Duration,
}

impl EncodeMetric for Distribution {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> std::fmt::Result {
        let count = self.buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(self.sum.as_secs_f64(), count, &self.buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

impl Moment {
    pub(super) fn register(&self, registry: &mut Registry) {
        let gauge = |value: usize| ConstGauge::new(u64::try_from(value).unwrap_or(u64::MAX));
        registry.register("sockets_open", "Open sockets", gauge(self.sockets));
        registry.register("conversations_open", "Conversations under way", gauge(self.conversations));
        if !self.endpoints.is_empty() {
            self.register_endpoints(registry);
        }
        for (name, help, value) in [
            ("model_tokens_today", "Tokens of the day so far, by the calendar of Paris", self.tokens_today),
            ("model_tokens_a_day", "Tokens that a day may take", self.tokens_a_day),
            ("judgings_due", "Conversations that wait to be judged by a model", self.judgings_due),
        ] {
            if let Some(value) = value {
                registry.register(name, help, ConstGauge::new(value));
            }
        }
        if let Some(transcription) = &self.transcription {
            transcription.register(registry);
        }
    }

    fn register_endpoints(&self, registry: &mut Registry) {
        let resting = Gauges::default();
        let (under_way, waiting): (Gauges, Gauges) = Default::default();
        for endpoint in &self.endpoints {
            let labels = [("endpoint", endpoint.role.into())];
            let whole = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
            resting.get_or_create(&labels).set(endpoint.resting.into());
            under_way.get_or_create(&labels).set(whole(endpoint.under_way));
            waiting.get_or_create(&labels).set(whole(endpoint.waiting));
        }
        registry.register(
            "model_resting",
            "Whether an endpoint is left at rest after failures (1) or not (0)",
            resting,
        );
        registry.register("model_calls_under_way", "Calls under way, by endpoint", under_way);
        registry.register("model_calls_waiting", "Calls that wait for their turn, by endpoint", waiting);
    }
}

impl Transcription {
    fn register(&self, registry: &mut Registry) {
        let gauge = |value: usize| ConstGauge::new(u64::try_from(value).unwrap_or(u64::MAX));
        registry.register("transcription_at_work", "Clips being transcribed", gauge(self.at_work));
        registry.register("transcription_waiting", "Clips waiting to be transcribed", gauge(self.waiting));
        let clips: Counters<1> = counters();
        for (outcome, count) in
            [("done", self.done), ("refused", self.refused), ("late", self.late), ("failed", self.failed)]
        {
            clips.get_or_create(&[("outcome", outcome.into())]).inc_by(count);
        }
        registry.register("transcription_clips", "Clips of speech, by what came of them", clips);
        let sound = ConstCounter::new(self.sound.as_secs_f64());
        registry.register_with_unit("transcription_sound", "Speech transcribed", Unit::Seconds, sound);
        let parts = [
            ("transcription_wait", "From a clip being handed in to being taken up", &self.waits),
            ("transcription_work", "From a clip being taken up to having its words", &self.times),
        ];
        for (name, help, times) in parts {
            registry.register_with_unit(name, help, Unit::Seconds, times.clone());
        }
    }
}
