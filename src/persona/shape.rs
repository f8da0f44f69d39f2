//! The parts of the persona file's schema that its types alone do not tell.
//!
//! Output: schemas for `schemars(schema_with)`. Invariant: what a stricter schema refuses here, `check` reports
//! and an editor underlines alike.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::fact::{Answer, Topic};
use super::temper::{Reaction, Stimulus};

/// [`super::Says`] with at least `LEAST` wordings, or as many for each mood.
pub(super) fn says<const LEAST: usize>(_: &mut SchemaGenerator) -> Schema {
    let list = json!({ "type": "array", "items": { "type": "string" }, "minItems": LEAST });
    json_schema!({
        "description": format!("Wordings: a list for any mood, or one for each; at least {LEAST}."),
        "anyOf": [
            list,
            {
                "type": "object",
                "properties": { "calm": list, "tense": list },
                "required": ["calm", "tense"],
                "additionalProperties": false,
            },
        ],
    })
}

/// `[identity]`: an [`Answer`] for every [`Topic`].
pub(super) fn every_topic(generator: &mut SchemaGenerator) -> Schema {
    let answer = generator.subschema_for::<Answer>().to_value();
    every("Answers to what any caller can be asked.", Topic::ALL.iter().map(|topic| topic.name()), &answer)
}

/// `[reactions]`: a [`Reaction`] for every [`Stimulus`].
pub(super) fn every_stimulus(generator: &mut SchemaGenerator) -> Schema {
    let reaction = generator.subschema_for::<Reaction>().to_value();
    every(
        "How it takes each kind of thing a receptionist may do.",
        Stimulus::ALL.iter().map(|stimulus| stimulus.name()),
        &reaction,
    )
}

fn every(about: &str, names: impl Iterator<Item = &'static str> + Clone, each: &Value) -> Schema {
    let properties: Map<String, Value> = names.clone().map(|name| (name.to_owned(), each.clone())).collect();
    json_schema!({
        "description": about,
        "type": "object",
        "properties": properties,
        "required": names.collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topics_and_a_stimuluss_name_is_its_key_in_the_file() {
        for topic in Topic::ALL {
            assert_eq!(json!(topic), json!(topic.name()));
        }
        for stimulus in Stimulus::ALL {
            assert_eq!(json!(stimulus), json!(stimulus.name()));
        }
    }
}
