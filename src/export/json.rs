//! JSON, one conversation after the other inside one object.

use jiff::Timestamp;
use serde::Serialize;

use super::Row;
use super::stream::{Person, Sum};

/// The shape's version; grows when a field changes its meaning.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct Head<'h> {
    version: u8,
    exported_at: Timestamp,
    subject: &'h str,
    name: &'h str,
}

#[derive(Serialize)]
struct PersonLine<'p> {
    id: String,
    name: &'p str,
    conversations: u32,
    seconds: u64,
    last_at: Option<jiff::civil::DateTime>,
}

/// Everything before the first conversation.
pub(super) fn head(subject: &str, name: &str, at: Timestamp) -> serde_json::Result<Vec<u8>> {
    let mut head = serde_json::to_vec(&Head { version: VERSION, exported_at: at, subject, name })?;
    head.pop();
    head.extend(b",\"conversations\":[");
    Ok(head)
}

/// One conversation, on a line of its own.
pub(super) fn row(row: &Row, first: bool) -> serde_json::Result<Vec<u8>> {
    let mut bytes = if first { b"\n".to_vec() } else { b",\n".to_vec() };
    serde_json::to_writer(&mut bytes, row)?;
    Ok(bytes)
}

/// Everything behind the last conversation.
pub(super) fn tail(people: &[(Person, Sum)]) -> serde_json::Result<Vec<u8>> {
    let people: Vec<PersonLine<'_>> = people
        .iter()
        .map(|(person, sum)| PersonLine {
            id: person.id.to_string(),
            name: &person.name,
            conversations: sum.conversations,
            seconds: sum.seconds,
            last_at: sum.last_at,
        })
        .collect();
    let mut tail = b"\n],\"people\":".to_vec();
    serde_json::to_writer(&mut tail, &people)?;
    tail.extend(b"}\n");
    Ok(tail)
}
