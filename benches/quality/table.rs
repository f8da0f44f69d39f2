//! The lines printed: Markdown, to be taken over into docs/quality.md.

#![expect(clippy::cast_precision_loss, reason = "counts of turns and samples")]

use crate::judge::{Cost, Verdict};
use crate::script::Half;

/// Begins a half's table.
pub(crate) fn head(half: Half) {
    println!(
        "\n### {}\n",
        match half {
            Half::Tuned => "The half it was tuned on",
            Half::HeldBack => "The half held back",
        }
    );
    println!(
        "| condition | turns | cut early | by sound alone | late | missed | false | clipped | wait p50 | p95 | begin p50 | p95 |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
}

/// One condition: with open words noticed, and where only sound is there to go by.
pub(crate) fn line(name: &str, verdict: &Verdict, alone: &Verdict) {
    let share = |count: usize| format!("{:.1} %", 100.0 * count as f64 / verdict.turns().max(1) as f64);
    let (waits, begins) = (verdict.waits(), verdict.begins());
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} ms | {} ms | {} ms | {} ms |",
        verdict.turns(),
        share(verdict.cut_early()),
        share(alone.cut_early()),
        share(verdict.late()),
        share(verdict.missed()),
        share(verdict.false_turns),
        share(verdict.clipped()),
        at(&waits, 50),
        at(&waits, 95),
        at(&begins, 50),
        at(&begins, 95),
    );
}

/// What listening cost.
pub(crate) fn cost(cost: &mut Cost) {
    let seconds = cost.samples as f64 / 16_000.0;
    cost.frames.sort_unstable();
    let most = cost.frames.get(cost.frames.len() * 999 / 1_000).copied().unwrap_or_default();
    println!(
        "\nListening cost {:.2} ms for a second of sound ({:.0} minutes of it); 99.9 % of frames of 64 ms took {:.2} ms at most.",
        cost.spent.as_secs_f64() * 1e3 / seconds.max(1.0),
        seconds / 60.0,
        most.as_secs_f64() * 1e3,
    );
}

fn at(sorted: &[usize], percent: usize) -> usize {
    sorted.get((sorted.len().saturating_sub(1) * percent + 50) / 100).copied().unwrap_or(0)
}
