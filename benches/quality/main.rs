//! How well turns are found: synthetic French reception turns, clean, in noise, and with the character's own voice. And how
//! well questions that the rules miss are answered with a model.
//!
//! Input: espeak-ng, which speaks them. Output: one table for the half the listener was tuned on, one for the half it
//! was not, and the cost. Invariant: the same espeak-ng gives the same figures on every machine, times aside.

mod asking;
mod judge;
mod noise;
mod scene;
mod script;
mod table;
mod voice;

use scene::{Condition, Scene};
use script::Half;

/// `cargo bench --bench quality -- held "pink noise"`: only that half, only those conditions.
fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if wanted == ["asking"] {
        return asking::measure();
    }
    let halves = [Half::Tuned, Half::HeldBack];
    let (named, conditions): (Vec<&str>, Vec<&str>) =
        wanted.iter().map(String::as_str).partition(|word| halves.iter().any(|half| half.name().starts_with(word)));
    let mut cost = judge::Cost::default();
    for half in
        halves.into_iter().filter(|half| named.is_empty() || named.iter().any(|word| half.name().starts_with(word)))
    {
        let spoken = voice::speak(half);
        table::head(half);
        for condition in Condition::ALL {
            let name = condition.name();
            if !conditions.is_empty() && !conditions.iter().any(|word| name.contains(word)) {
                continue;
            }
            let scene = Scene::new(&spoken, *condition);
            let alone = judge::judge(&scene, false, &mut cost);
            let words = judge::judge(&scene, true, &mut cost);
            table::line(&name, &words, &alone);
            if matches!(condition, Condition::Clean | Condition::Pink(10)) {
                for ((kind, words), (_, alone)) in words.kinds().iter().zip(alone.kinds()) {
                    table::line(&format!("– {kind}"), words, &alone);
                }
            }
        }
    }
    table::cost(&mut cost);
    if wanted.is_empty() {
        asking::measure();
    }
}
