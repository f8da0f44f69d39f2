//! Exams on the booklets that are shipped: what the tests of each part share.

mod clock;
mod closed;
mod draw;
mod report;
mod sitting;

use std::sync::LazyLock;

use super::*;
use crate::clock::Timestamp;
use crate::content::{Content, shipped};
use crate::id::{Ulid, VisitorId};
use crate::persona::Persona;
use crate::rubric::booklet::Booklet;

static CONTENT: LazyLock<Content> = LazyLock::new(|| Content::read(&[&shipped()], Vec::new()).unwrap());

fn booklet(id: &str) -> &'static Booklet {
    CONTENT.booklet(id).unwrap_or_else(|| panic!("{id}: {:#?}", CONTENT.faults()))
}

fn personas() -> impl Iterator<Item = &'static Persona> {
    CONTENT.personas().map(AsRef::as_ref)
}

fn bloc1(seed: u64) -> Draw {
    draw(booklet("bloc1"), personas(), seed).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn who() -> VisitorId {
    VisitorId::new(Ulid::from_parts(1, 1))
}

/// Numbers happenings, each with its second.
fn events(list: Vec<(i64, Happening)>) -> Vec<Event> {
    let begun = (0, Happening::Begun(Opened { seed: 1, extra_percent: 0 }));
    let all = std::iter::once(begun).chain(list);
    (0..).zip(all).map(|(seq, (second, happening))| Event { seq, at: at(second), happening }).collect()
}

fn sitting(list: Vec<(i64, Happening)>) -> Sitting {
    Sitting::fold(&bloc1(1), &events(list)).unwrap()
}

fn texts(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(id, text)| ((*id).to_owned(), Answer::text(text).unwrap())).collect()
}
