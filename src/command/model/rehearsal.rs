//! The questions a model is tried with: two turns of a real conversation, and a value to give by a schema.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::ask::{Ask, Message, Purpose, Shape};
use crate::character::State;
use crate::content::{Content, File, Files, Kind, shipped};
use crate::conversation::Stage;
use crate::hearing::{Context, hear};
use crate::reply::guide::{Line, Setting};
use crate::reply::{Turn, respond};
use crate::utterance::{Speaker, Utterance};

/// The situation, one of those the program carries.
const PERSONA: &str = "fuite-colere";

/// What the trainee says.
const TURNS: [&str; 2] = ["Bonjour, agence Rive Claire, je vous écoute.", "Depuis quand l'eau coule-t-elle, madame ?"];

/// Two turns, worded as conversations ask for it. The second begins as the first, which servers that keep what they have
/// read answer sooner: as they will in use.
pub(super) fn turns() -> Option<[Ask; 2]> {
    let shipped = shipped();
    let needed = |file: &&File| file.kind != Kind::Persona || file.stem() == PERSONA;
    let files: Files = shipped.iter().filter(needed).cloned().collect();
    let content = Content::read(&[&files], Vec::new()).ok()?;
    let stage = Stage::new(Arc::clone(content.persona(PERSONA)?), Arc::clone(content.organisation()));
    let mut mood = State::start(&stage.persona);
    let (mut asks, mut said) = (Vec::new(), Vec::new());
    for (turn, words) in TURNS.into_iter().enumerate() {
        let so_far = Context { trainee_turns: turn, last_words: None, told: mood.told(), cuts_in: false };
        let heard = hear(&Utterance::new(words).ok()?, &stage.ears, &so_far);
        let reply = respond(&stage.persona, &mood, Turn::Said(&heard), 1);
        said.push((Speaker::Trainee, words.to_owned()));
        let exchange: Vec<Line> = said.iter().map(|(speaker, words)| Line { speaker: *speaker, words }).collect();
        let setting = Setting { persona: &stage.persona, state: &mood, reply: &reply, exchange: &exchange };
        asks.push(Ask { purpose: Purpose::Test, ..setting.ask() });
        mood = mood.after(&reply.change);
        said.push((Speaker::Persona, reply.text));
    }
    asks.try_into().ok()
}

/// A value to give by a schema whose names nobody guesses.
pub(super) fn value() -> Ask {
    let properties = json!({
        "ville_a7": { "type": "string" },
        "urgence_k2": { "type": "integer", "enum": [0, 1, 2] },
        "preuves_m4": { "type": "array", "items": { "type": "string" } },
    });
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": ["ville_a7", "urgence_k2", "preuves_m4"],
        "additionalProperties": false,
    });
    let messages = vec![
        Message::system("Tu lis des phrases de locataires et tu réponds en JSON."),
        Message::user(
            "« Bonjour, j'habite à Lyon, l'ascenseur est en panne depuis lundi et ma mère ne peut plus sortir. » Donne la \
             ville, l'urgence de 0 à 2 et les mots qui le montrent.",
        ),
    ];
    Ask { purpose: Purpose::Test, messages, shape: Shape::Json { name: "essai", schema }, max_tokens: 200, seed: None }
}

/// Whether a value follows the schema.
pub(super) fn follows(text: &str) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else { return false };
    let proofs = fields.get("preuves_m4").and_then(Value::as_array);
    fields.len() == 3
        && fields.get("ville_a7").is_some_and(Value::is_string)
        && fields.get("urgence_k2").and_then(Value::as_u64).is_some_and(|urgency| urgency <= 2)
        && proofs.is_some_and(|proofs| proofs.iter().all(Value::is_string))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_are_those_of_a_conversation() {
        let [first, second] = turns().unwrap();
        assert_eq!(first.messages[0], second.messages[0], "what never changes comes first");
        let last = |ask: &Ask| ask.messages.last().unwrap().text.clone();
        assert!(last(&second).contains("Depuis quand") && !last(&first).contains("Depuis quand"));
        assert!(first.messages[0].text.len() > 1000, "as long as in use");
        assert_eq!((first.purpose, &second.shape), (Purpose::Test, &Shape::Words));
    }

    #[test]
    fn only_the_schema_s_own_value_follows_it() {
        fn check(text: &str, expect: bool) {
            assert_eq!(follows(text), expect, "{text}");
        }
        check(r#"{"ville_a7": "Lyon", "urgence_k2": 2, "preuves_m4": ["depuis lundi"]}"#, true);
        check(r#"{"ville_a7": "Lyon", "urgence_k2": 2, "preuves_m4": []}"#, true);
        check(r#"{"ville": "Lyon", "urgence": 2, "preuves": []}"#, false);
        check(r#"{"ville_a7": "Lyon", "urgence_k2": 3, "preuves_m4": []}"#, false);
        check(r#"{"ville_a7": "Lyon", "urgence_k2": "2", "preuves_m4": []}"#, false);
        check(r#"{"ville_a7": "Lyon", "urgence_k2": 2, "preuves_m4": [], "x": 1}"#, false);
        check("[]", false);
    }
}
