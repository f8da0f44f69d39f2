//! What closed answers are worth, by rules.
//!
//! Input: a question or a queue, and what was answered. Output: one [`Given`] for each indicator. Invariant: ticking
//! everything, or leaving a queue as it stands, never observes an indicator.

use std::collections::BTreeMap;

use crate::rubric::booklet::{Choice, Delay, Question, Queue, Waiting};
use crate::scoring::Level;

use super::answer::{Answer, Answers};

/// What a closed answer gives for one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The indicator.
    pub indicator: String,
    /// Its level.
    pub level: Level,
    /// What was found, in French.
    pub found: Vec<String>,
    /// What was expected and not found, each with its reason.
    pub missed: Vec<(String, String)>,
    /// What was ticked and should not have been, each with its reason.
    pub wrong: Vec<(String, String)>,
}

/// Marks a closed question; nothing for an open one.
pub fn question_marks(question: &Question, answers: &Answers) -> Vec<Given> {
    if question.choice.is_empty() {
        return Vec::new();
    }
    let none = Vec::new();
    let ticked = match answers.get(&question.id) {
        Some(Answer::Ticked(ids)) => ids,
        _ => &none,
    };
    let one = |indicator: &String| {
        let own = question.choice.iter().filter(|choice| choice.marks.as_ref().is_none_or(|id| id == indicator));
        let own: Vec<&Choice> = own.collect();
        let is_ticked = |choice: &&&Choice| ticked.contains(&choice.id);
        let told = |choice: &&Choice| (choice.text.clone(), choice.why.clone());
        let right: Vec<&Choice> = own.iter().filter(|choice| choice.right).copied().collect();
        let found: Vec<String> = right.iter().filter(is_ticked).map(|choice| choice.text.clone()).collect();
        let missed = right.iter().filter(|choice| !is_ticked(choice)).map(told).collect();
        let wrong: Vec<_> = own.iter().filter(|choice| !choice.right).filter(is_ticked).map(told).collect();
        Given {
            indicator: indicator.clone(),
            level: level(found.len(), wrong.len(), right.len()),
            found,
            missed,
            wrong,
        }
    };
    question.marks.iter().map(one).collect()
}

/// All found and nothing wrong; half found and more right than wrong; otherwise not.
fn level(found: usize, wrong: usize, right: usize) -> Level {
    if found == right && wrong == 0 {
        Level::Observed
    } else if found * 2 >= right && found > wrong {
        Level::Partial
    } else {
        Level::Missed
    }
}

/// Marks the order and the delays of a queue.
pub fn queue_marks(queue: &Queue, answers: &Answers) -> Vec<Given> {
    vec![order_mark(queue, answers), delay_mark(queue, answers)]
}

/// The order: nobody before someone who must come first; or the first ones first, and at most two pairs turned round.
fn order_mark(queue: &Queue, answers: &Answers) -> Given {
    let order: Vec<&Waiting> = match answers.get(Answer::ORDER) {
        Some(Answer::Order(ids)) => ids.iter().filter_map(|id| queue.person.iter().find(|p| p.id == *id)).collect(),
        _ => Vec::new(),
    };
    let mut given = empty(&queue.order_marks);
    let told = |person: &Waiting| (person.who.clone(), person.why.clone());
    if order.len() < queue.person.len() {
        given.missed = queue.person.iter().map(told).collect();
        return given;
    }
    let turned = |at: usize| order[..at].iter().filter(|before| before.rank > order[at].rank).count();
    let pairs: usize = (0..order.len()).map(turned).sum();
    let best = queue.person.iter().map(|person| person.rank).min().unwrap_or(1);
    let first = queue.person.iter().filter(|person| person.rank == best).count();
    let first_first = order[..first].iter().all(|person| person.rank == best);
    for (at, person) in order.iter().enumerate() {
        if turned(at) > 0 { given.missed.push(told(person)) } else { given.found.push(person.who.clone()) }
    }
    given.level = match pairs {
        0 => Level::Observed,
        1 | 2 if first_first => Level::Partial,
        _ => Level::Missed,
    };
    given
}

/// The delays: all right; or half of them, among which those to be answered at once.
fn delay_mark(queue: &Queue, answers: &Answers) -> Given {
    let none = BTreeMap::new();
    let delays = match answers.get(Answer::DELAYS) {
        Some(Answer::Delays(delays)) => delays,
        _ => &none,
    };
    let mut given = empty(&queue.delay_marks);
    let mut at_once = true;
    for person in &queue.person {
        let right = delays.get(&person.id).is_some_and(|delay| *delay == person.delay || person.also.contains(delay));
        if right {
            given.found.push(person.who.clone());
        } else {
            at_once &= person.delay != Delay::Now;
            given.missed.push((person.who.clone(), person.why.clone()));
        }
    }
    given.level = if given.missed.is_empty() {
        Level::Observed
    } else if at_once && given.found.len() * 2 >= queue.person.len() {
        Level::Partial
    } else {
        Level::Missed
    };
    given
}

fn empty(indicator: &str) -> Given {
    Given {
        indicator: indicator.to_owned(),
        level: Level::Missed,
        found: Vec::new(),
        missed: Vec::new(),
        wrong: Vec::new(),
    }
}
