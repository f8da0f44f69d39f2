//! Figures that monitoring scrapes: counters and times, in the OpenMetrics text that Prometheus reads.
//!
//! Input: plain numbers, from whoever has just done something; at a scrape, what is true at that moment ([`Moment`]).
//! Output: text. Invariant: no label holds a person's words, a name, an id or an address: labels are templates of our
//! own routes and codes of our own, nothing else fits their types or their checks.

mod families;
mod label;
mod model;
mod moment;
mod turn;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::families::{Counters, Times, counters, times};
use self::label::Code;
pub use self::model::Call;
pub use self::moment::{Distribution, Endpoint, Moment, Transcription};
pub use self::turn::Stages;

/// What the text is, for `Content-Type`.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What every name begins with.
const PREFIX: &str = "comptoir";

/// The figures of one running service. Cheap to clone: clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Counters<2>,
    request_times: Times<1>,
    turns: turn::Turns,
    model: model::Calls,
    judgings: Counters<1>,
    database_errors: Counters<1>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Metrics {
    /// Everything at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let requests = counters();
        registry.register("http_requests", "Requests answered, by route and class of status", requests.clone());
        let request_times = times(&HTTP_SECONDS);
        registry.register_with_unit(
            "http_request",
            "From the request to the first byte of its answer, by route",
            Unit::Seconds,
            request_times.clone(),
        );
        let turns = turn::Turns::registered(&mut registry);
        let model = model::Calls::registered(&mut registry);
        let judgings = counters();
        registry.register("judgings", "Conversations that a model was to judge, by what came of it", judgings.clone());
        let database_errors = counters();
        registry.register(
            "database_errors",
            "Troubles of the database that somebody met, by kind",
            database_errors.clone(),
        );
        // What has not happened yet is shown as zero: a first time is then seen as a change.
        for outcome in [Judged::Done, Judged::GivenUp] {
            judgings.get_or_create(&[("outcome", outcome.name().into())]).inc_by(0);
        }
        Metrics(Arc::new(Inner { registry, requests, request_times, turns, model, judgings, database_errors }))
    }

    /// A request was answered: the template of its route (`/conversations/{id}`; `-` where none fits), its status.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let route = Code::route(route);
        self.0.requests.get_or_create(&[("route", route.clone()), ("status", class.into())]).inc();
        self.0.request_times.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
    }

    /// A model that was to judge a conversation has judged it, or was given up.
    pub fn judged(&self, outcome: Judged) {
        self.0.judgings.get_or_create(&[("outcome", outcome.name().into())]).inc();
    }

    /// The database was in trouble, and somebody met it.
    pub fn database_error(&self, kind: &'static str) {
        self.0.database_errors.get_or_create(&[("kind", kind.into())]).inc();
    }

    /// Everything counted so far, and what is true now.
    pub fn text(&self, moment: &Moment) -> Result<String, fmt::Error> {
        let mut text = String::with_capacity(16 * 1024);
        encode_registry(&mut text, &self.0.registry)?;
        let mut now = Registry::with_prefix(PREFIX);
        moment.register(&mut now);
        encode_registry(&mut text, &now)?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

/// What came of a judging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The marks are there.
    Done,
    /// It was tried for the last time.
    GivenUp,
}

impl Judged {
    const fn name(self) -> &'static str {
        match self {
            Judged::Done => "done",
            Judged::GivenUp => "given_up",
        }
    }
}

/// Bounds of times of requests, in seconds.
const HTTP_SECONDS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

/// Bounds of times of a turn's stages and of a model's calls, in seconds: hearing takes tenths of milliseconds, a slow
/// model a minute. Two seconds are what a trainee waits at most for the character's own lines.
const STAGE_SECONDS: [f64; 16] =
    [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0];
