//! Scripts: one JSON object a line in, one a line out.
//!
//! A line that cannot be played gives `{"error": {"line", "code", "message"}}`; the others go on.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rehearsal::{Played, Rehearsal};
use crate::character::{EndedBy, Move};
use crate::content::Content;
use crate::hearing::{Ears, Shown};
use crate::transcript::format::ExchangeTurn;
use crate::utterance::{MAX_CHARS, Utterance, UtteranceError};

/// The longest line read, in bytes.
const LONGEST_LINE: usize = 4 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    persona: String,
    turns: Vec<Value>,
    #[serde(default = "one")]
    seed: u64,
}

const fn one() -> u64 {
    1
}

/// A turn written as an object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    text: Option<String>,
    #[serde(rename = "move")]
    act: Option<Move>,
    /// How long the person has waited, for a return from hold.
    #[serde(default)]
    waited_ms: u64,
}

/// One turn, ready to be played.
enum Step {
    Say(Utterance),
    Act(Move, Duration),
}

/// One played conversation.
#[derive(Serialize)]
struct Output {
    persona: String,
    turns: Vec<ExchangeTurn>,
    ledger: Vec<Entry>,
    /// Who ended it; what the script says after that is not played.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<EndedBy>,
}

/// What one turn of the trainee did.
#[derive(Serialize)]
struct Entry {
    turn: usize,
    acts: Vec<Shown>,
    /// What was said to the machine or to a grader: nothing else here comes from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    asides: Vec<String>,
    asked: Vec<String>,
    revealed: Vec<String>,
    tension: u8,
    trust: u8,
    intent: String,
}

impl From<Played> for Entry {
    fn from(played: Played) -> Entry {
        Entry {
            turn: played.turn,
            acts: played.heard.acts,
            asides: played.heard.asides,
            asked: played.heard.asked.into_iter().map(|fact| fact.id).collect(),
            intent: played.reply.intent(),
            tension: played.reply.change.tension,
            trust: played.reply.change.trust,
            revealed: played.reply.change.told,
        }
    }
}

#[derive(Serialize)]
struct Failed {
    error: Refusal,
}

/// Why a line was not played.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Refusal {
    line: usize,
    code: &'static str,
    message: String,
}

/// Plays every line; tells whether all could be played.
pub(super) fn play_all(content: &Content, mut input: impl BufRead, output: &mut impl Write) -> io::Result<bool> {
    let mut ears = BTreeMap::new();
    let mut fine = true;
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match play(content, &mut ears, &bytes) {
            Ok(played) => serde_json::to_writer(&mut *output, &played)?,
            Err((code, message)) => {
                fine = false;
                serde_json::to_writer(&mut *output, &Failed { error: Refusal { line, code, message } })?;
            }
        }
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(fine)
}

type Fault = (&'static str, String);

fn play(content: &Content, ears: &mut BTreeMap<String, Arc<Ears>>, line: &[u8]) -> Result<Output, Fault> {
    if line.len() > LONGEST_LINE {
        return Err(("too_long", "Cette ligne dépasse 4 Mio.".to_owned()));
    }
    let script: Script = serde_json::from_slice(line).map_err(|error| {
        let message = format!(
            "Cette ligne n'est pas un script : un objet JSON avec « persona », « turns » et, au besoin, « seed » \
             est attendu ({error})."
        );
        ("malformed_json", message)
    })?;
    let persona = content.persona(&script.persona).ok_or_else(|| unplayable(content, &script.persona))?;
    let steps = steps(content, &script.turns)?;
    let ears =
        ears.entry(script.persona.clone()).or_insert_with(|| Arc::new(Ears::new(persona, content.organisation())));
    let mut rehearsal = Rehearsal::new(Arc::clone(persona), Arc::clone(ears), script.seed);
    let mut ledger = Vec::with_capacity(steps.len());
    for step in steps {
        if rehearsal.ended().is_some() {
            break;
        }
        let played = match step {
            Step::Say(utterance) => rehearsal.say(&utterance),
            Step::Act(act, waited) => rehearsal.act(&act, waited),
        };
        ledger.push(Entry::from(played));
    }
    let turns = rehearsal.transcript().turns.iter().map(ExchangeTurn::from).collect();
    Ok(Output { persona: script.persona, turns, ledger, ended: rehearsal.ended() })
}

fn unplayable(content: &Content, id: &str) -> Fault {
    let file = format!("{id}.toml");
    if content.faults().iter().any(|fault| fault.file.rsplit(['/', '\\']).next() == Some(&file)) {
        let message = format!("La fiche « {id} » contient une faute : « comptoir check » dit laquelle.");
        return ("situation_broken", message);
    }
    let shown: String = id.chars().take(64).collect();
    let known: Vec<&str> = content.personas().map(|persona| persona.id()).collect();
    ("unknown_situation", format!("La situation « {shown} » n'existe pas. Il y a : {}.", known.join(", ")))
}

/// Reads the turns; an object may hold words, a move, or words then a move.
fn steps(content: &Content, turns: &[Value]) -> Result<Vec<Step>, Fault> {
    let mut steps = Vec::with_capacity(turns.len());
    for (at, turn) in turns.iter().enumerate() {
        let (text, act) = match turn {
            Value::String(text) => (Some(text.clone()), None),
            Value::Object(_) => {
                let written: Written = serde_json::from_value(turn.clone()).map_err(|error| bad_turn(at, &error))?;
                let waited = Duration::from_millis(written.waited_ms);
                (written.text, written.act.map(|act| (act, waited)))
            }
            _ => return Err(bad_turn(at, &"ni texte ni objet")),
        };
        if text.is_none() && act.is_none() {
            return Err(bad_turn(at, &"ni texte ni action"));
        }
        if let Some(text) = text {
            steps.push(Step::Say(Utterance::new(&text).map_err(|error| match error {
                UtteranceError::Empty => ("empty_turn", format!("Le tour {at} est vide.")),
                UtteranceError::TooLong { chars } => {
                    ("too_long", format!("Le tour {at} compte {chars} caractères : {MAX_CHARS} au plus."))
                }
            })?));
        }
        if let Some((act, waited)) = act {
            if let Move::Transfer { service } = &act
                && content.organisation().service(service).is_none()
            {
                let shown: String = service.chars().take(64).collect();
                return Err((
                    "unknown_service",
                    format!("Tour {at} : le service « {shown} » n'est pas dans l'annuaire."),
                ));
            }
            steps.push(Step::Act(act, waited));
        }
    }
    Ok(steps)
}

fn bad_turn(at: usize, why: &dyn std::fmt::Display) -> Fault {
    (
        "bad_turn",
        format!("Le tour {at} ne se lit pas : un texte, {{\"text\": …}} ou {{\"move\": …}} est attendu ({why})."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::shipped;

    fn play_text(input: &str) -> (bool, Vec<Value>) {
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        let mut output = Vec::new();
        let fine = play_all(&content, input.as_bytes(), &mut output).unwrap();
        let lines = std::str::from_utf8(&output).unwrap().lines();
        (fine, lines.map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    #[test]
    fn a_script_gives_turns_and_one_ledger_entry_for_each_turn_of_the_trainee() {
        let line = r#"{"persona":"charges-incomprises","seed":3,"turns":["Agence des Tilleuls bonjour",{"text":"Un instant.","move":{"kind":"hold"}},{"move":{"kind":"resume"},"waited_ms":90000},"Au revoir monsieur, bonne journée."]}"#;
        let (fine, played) = play_text(&format!("{line}\n\n{line}\n"));
        assert!(fine);
        assert_eq!(played[0], played[1], "the same seed gives the same conversation");
        let turns = played[0]["turns"].as_array().unwrap();
        let ledger = played[0]["ledger"].as_array().unwrap();
        assert_eq!((turns.len(), ledger.len()), (10, 5));
        for entry in ledger {
            let turn = usize::try_from(entry["turn"].as_u64().unwrap()).unwrap();
            assert_eq!(turns[turn]["speaker"], "trainee");
            assert_eq!(turns[turn + 1]["speaker"], "persona");
        }
        assert!(turns[1]["text"].as_str().unwrap().starts_with("Bonjour, je vous appelle parce que"));
        assert_eq!(ledger[2]["intent"], "wait");
        assert_eq!(ledger[3]["intent"], "back");
        assert_eq!(played[0]["ended"], "trainee");
    }

    #[test]
    fn a_line_that_cannot_be_played_says_why_and_the_others_go_on() {
        fn check(line: &str, code: &str) {
            let (fine, played) = play_text(&format!("{line}\n{{\"persona\":\"odeur-gaz\",\"turns\":[]}}\n"));
            assert!(!fine, "{line}");
            assert_eq!(played[0]["error"]["code"], code, "{line}: {}", played[0]);
            assert_eq!(played[0]["error"]["line"], 1, "{line}");
            assert_eq!(played[1]["persona"], "odeur-gaz", "{line}");
        }
        let turn = |turn: &str| format!(r#"{{"persona":"odeur-gaz","turns":[{turn}]}}"#);
        check("{", "malformed_json");
        check("[1]", "malformed_json");
        check(r#"{"persona":"odeur-gaz","turn":[]}"#, "malformed_json");
        check(r#"{"persona":"personne","turns":[]}"#, "unknown_situation");
        check(&turn("3"), "bad_turn");
        check(&turn("{}"), "bad_turn");
        check(&turn(r#"{"move":{"kind":"dance"}}"#), "bad_turn");
        check(&turn(r#""  ""#), "empty_turn");
        check(&turn(&format!("\"{}\"", "a".repeat(4_001))), "too_long");
        check(&turn(r#"{"move":{"kind":"transfer","service":"plage"}}"#), "unknown_service");
    }

    #[test]
    fn what_comes_after_the_breaking_point_is_not_played() {
        let insults =
            r#""Calmez-vous.","Vous êtes un imbécile.","Fermez-la, espèce d'idiot.","Vous êtes nul.","Dégagez."#;
        let line =
            format!(r#"{{"persona":"menaces-comptoir","turns":["Oui ?",{insults}","Bonjour.","Vous êtes là ?"]}}"#);
        let (_, played) = play_text(&line);
        assert_eq!(played[0]["ended"], "broke_off", "{}", played[0]);
        let turns = played[0]["turns"].as_array().unwrap();
        assert!(turns.iter().all(|turn| turn["text"] != "Vous êtes là ?"));
    }
}
