//! `docs/protocol.md` and the types of the wire say the same thing.

use std::collections::BTreeSet;

use comptoir::server::code::Code;
use comptoir::server::wire::{ClientMessage, FollowerMessage, ServerMessage, WirePhase};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const DOCUMENT: &str = include_str!("../docs/protocol.md");

/// The part of the document under a heading, up to the next of the same or a higher rank.
fn section(heading: &str) -> &'static str {
    let rank = heading.chars().take_while(|c| *c == '#').count();
    let start = DOCUMENT.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading {heading}")) + 1;
    let body = &DOCUMENT[start + heading.len()..];
    let end = (1..=rank).filter_map(|n| body.find(&format!("\n{} ", "#".repeat(n)))).min().unwrap_or(body.len());
    &body[..end]
}

/// The JSON examples of a part.
fn examples(part: &str) -> Vec<Value> {
    part.split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .map(|json| serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}")))
        .collect()
}

/// The names of a tagged enum's variants, as serde lists them when it meets an unknown one.
fn variants<T: DeserializeOwned>() -> BTreeSet<String> {
    let Err(error) = serde_json::from_str::<T>(r#"{"type": "no such message"}"#) else {
        panic!("an unknown type was accepted")
    };
    error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn check_family<T: DeserializeOwned + Serialize>(part: &str) {
    let examples = examples(part);
    let mut shown = BTreeSet::new();
    for example in &examples {
        let message: T = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{error}: {example}"));
        assert_eq!(&serde_json::to_value(message).unwrap(), example, "the example does not come back as it was");
        shown.insert(example["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(shown, variants::<T>(), "messages shown and messages that exist");
}

#[test]
fn every_client_message_is_documented_by_an_example_that_round_trips() {
    check_family::<ClientMessage>(section("### Client to server"));
}

#[test]
fn every_message_of_a_follower_is_documented_by_an_example_that_round_trips() {
    check_family::<FollowerMessage>(section("### Follower to server"));
}

#[test]
fn every_server_message_is_documented_by_an_example_that_round_trips() {
    check_family::<ServerMessage>(section("### Server to client"));
}

#[test]
fn every_code_is_documented_with_its_status_and_words() {
    let documented: Vec<&str> = section("## Codes").lines().filter(|line| line.starts_with("| `")).collect();
    let existing: Vec<String> = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |", code.name(), code.status().as_u16(), code.message()))
        .collect();
    assert_eq!(documented, existing);
}

#[test]
fn every_state_is_documented_and_exists() {
    let rows = section("### States").lines().filter(|line| line.starts_with("| `")).skip(1);
    let documented: BTreeSet<&str> = rows.filter_map(|line| line.split('`').nth(1)).collect();
    let error = serde_json::from_str::<WirePhase>(r#""no such state""#).unwrap_err().to_string();
    let existing: BTreeSet<&str> = error.split('`').skip(3).step_by(2).collect();
    assert_eq!(documented, existing);
}
