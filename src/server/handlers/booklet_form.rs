//! What a part's form sends, read as answers.
//!
//! Input: the fields as sent, the part. Output: [`Sent`]. Invariant: only what the part asks for is read; nothing typed is
//! lost, what cannot be kept comes back with its fault.

use std::collections::BTreeMap;

use crate::exam::{Answer, Answers, MAX_ANSWER_CHARS, Step, questions_of};
use crate::rubric::booklet::{Booklet, Delay, PartKind, Queue};

/// Fields as sent, in order.
pub(in crate::server) type Fields = Vec<(String, String)>;

/// The fields of a note.
const NOTE: [&str; 3] = ["service", "urgency", "summary"];

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sent {
    /// The answers that can be kept.
    pub(super) answers: Answers,
    /// Open answers that are too long, as typed, by question, with what is wrong.
    pub(super) refused: BTreeMap<String, (String, String)>,
    /// The number of the last event that the page knew of.
    pub(super) seen: u32,
    /// Whether the part is to be finished.
    pub(super) finish: bool,
    /// Whether the page sent it by itself.
    pub(super) by_itself: bool,
}

/// The last field of that name.
fn last<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Reads a part's form.
pub(super) fn read(booklet: &Booklet, step: &Step, fields: &Fields) -> Sent {
    let mut sent = Sent {
        seen: last(fields, "seen").and_then(|seen| seen.parse().ok()).unwrap_or(0),
        finish: last(fields, "intent") == Some("finish"),
        by_itself: last(fields, "intent") == Some("autosave"),
        ..Sent::default()
    };
    if let Some(queue) = step.setting.as_deref().and_then(|id| booklet.queue(id)) {
        sent.answers.extend(queue_answers(queue, fields));
    }
    for question in questions_of(booklet, step) {
        let name = format!("q-{}", question.id);
        if question.choice.is_empty() {
            sent.keep(&question.id, last(fields, &name).unwrap_or_default());
        } else {
            let ticked = |id: &String| fields.iter().any(|(key, value)| *key == name && value == id);
            let ids = question.choice.iter().map(|choice| choice.id.clone()).filter(ticked).collect();
            sent.answers.insert(question.id.clone(), Answer::Ticked(ids));
        }
    }
    if step.kind == PartKind::Note {
        for name in NOTE {
            sent.keep(name, last(fields, name).unwrap_or_default());
        }
    }
    sent
}

impl Sent {
    fn keep(&mut self, question: &str, words: &str) {
        match Answer::text(words) {
            Ok(answer) => {
                self.answers.insert(question.to_owned(), answer);
            }
            Err(too_long) => {
                let fault = format!(
                    "Cette réponse compte {} caractères, {MAX_ANSWER_CHARS} au plus. Raccourcissez-la : elle n'est pas \
                     encore gardée.",
                    too_long.chars
                );
                self.refused.insert(question.to_owned(), (words.to_owned(), fault));
            }
        }
    }
}

/// The order and delays of a queue: the order as sent with what a button moves, people left out at the end.
fn queue_answers(queue: &Queue, fields: &Fields) -> Answers {
    let known = |id: &str| queue.person.iter().any(|person| person.id == id);
    let mut order: Vec<String> = Vec::new();
    let sent = fields.iter().filter(|(key, value)| key == "order" && known(value)).map(|(_, value)| value);
    for id in sent.chain(queue.person.iter().map(|person| &person.id)) {
        if !order.contains(id) {
            order.push(id.clone());
        }
    }
    if let Some((way, id)) = last(fields, "move").and_then(|moved| moved.split_once(':')) {
        let at = order.iter().position(|other| other == id);
        match (way, at) {
            ("up", Some(at)) if at > 0 => order.swap(at, at - 1),
            ("down", Some(at)) if at + 1 < order.len() => order.swap(at, at + 1),
            _ => {}
        }
    }
    let delay = |id: &str| delay_named(last(fields, &format!("delay-{id}"))?);
    let delays = queue.person.iter().filter_map(|person| Some((person.id.clone(), delay(&person.id)?))).collect();
    BTreeMap::from([
        (Answer::ORDER.to_owned(), Answer::Order(order)),
        (Answer::DELAYS.to_owned(), Answer::Delays(delays)),
    ])
}

/// A delay by the value of its field.
pub(super) fn delay_named(value: &str) -> Option<Delay> {
    [Delay::Now, Delay::Minutes, Delay::Today, Delay::Later].into_iter().find(|delay| delay_value(*delay) == value)
}

/// The value of a field.
pub(super) const fn delay_value(delay: Delay) -> &'static str {
    match delay {
        Delay::Now => "now",
        Delay::Minutes => "minutes",
        Delay::Today => "today",
        Delay::Later => "later",
    }
}
