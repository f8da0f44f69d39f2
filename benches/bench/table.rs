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

/// The head of a part whose columns mean something else.
pub(crate) fn head_of(name: &str, columns: &[&str]) {
    print!("{name:<58}");
    for column in columns {
        print!(" {column:>14}");
    }
    println!();
}

/// One line of as many times as the head has columns.
pub(crate) fn row(name: &str, times: &[Duration]) {
    print!("{name:<58}");
    for time in times {
        print!(" {:>14}", shown(*time));
    }
    println!();
}

/// One line of two times and something else.
pub(crate) fn two(name: &str, [first, second]: [Duration; 2], figure: &str) {
    println!("{name:<58} {:>14} {:>14} {figure:>14}", shown(first), shown(second));
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
