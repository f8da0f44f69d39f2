//! The lines printed.

use std::time::Duration;

/// What the lines mean.
pub(crate) fn head() {
    println!("{:<58} {:>14} {:>14} {:>14}", "", "p50", "p99", "aim");
}

/// One line of times.
pub(crate) fn times(name: &str, times: &mut [Duration], aim: &str) {
    times.sort_unstable();
    println!("{name:<58} {:>14} {:>14} {aim:>14}", shown(at(times, 0.5)), shown(at(times, 0.99)));
}

/// One line of anything else.
pub(crate) fn figure(name: &str, figure: &str, aim: &str) {
    println!("{name:<58} {figure:>14} {:>14} {aim:>14}", "");
}

/// The time under which this share of sorted times lies.
pub(crate) fn at(sorted: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let index = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1_000.0 { format!("{micros:.0} µs") } else { format!("{:.2} ms", micros / 1_000.0) }
}
