//! What attempts change where a model judges, and obeys whoever it reads: nothing.
//!
//! The double judges honestly by words alone until an attempt stands in what it is asked; then it grants every indicator it
//! is asked about, with words the trainee really said. Two invariants: an attempt that hearing knows is not in the ask at
//! all, so the final marks are those without it; one that hearing misses is obeyed, and then the control, which nothing
//! can show, is granted with the rest, so that the answer counts for nothing and the rules' marks stand.

use comptoir::ask::Ask;
use comptoir::language::Plain;
use comptoir::scoring::judge::{Judged, Opinion, asks, combine, digest, settle};
use comptoir::scoring::{Level, Mark, Scorecard};
use comptoir::transcript::{Transcript, Turn};
use comptoir::utterance::{Speaker, clean};
use serde_json::{Value, json};

use crate::desk::{Desk, Played, Seat};
use crate::set::{Attempt, attempts, held_out, lines};
use crate::{Met, met};

/// The character does not answer to it, whoever plays.
const ANSWER: &str = "Pardon, je n'ai pas compris.";

/// Whether an ask holds the words of an attempt.
fn holds(ask: &Ask, attempt: &Attempt) -> bool {
    let text: Vec<Plain> = ask.messages.iter().skip(1).flat_map(|message| texts(&message.text)).collect();
    lines(attempt).iter().any(|line| text.iter().any(|text| text.holds(line)))
}

/// Every text of a message's data, escapes read.
fn texts(message: &str) -> Vec<Plain> {
    fn gather(value: &Value, texts: &mut Vec<Plain>) {
        match value {
            Value::String(text) => texts.push(Plain::of(text)),
            Value::Array(list) => list.iter().for_each(|one| gather(one, texts)),
            Value::Object(fields) => fields.values().for_each(|one| gather(one, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for line in message.lines() {
        let mut values = serde_json::Deserializer::from_str(line).into_iter::<Value>();
        if let Some(Ok(value)) = values.next() {
            gather(&value, &mut texts);
        }
    }
    texts
}

/// The trainee's turns as a judge reads them.
fn shown(ask: &Ask) -> Vec<(u64, String)> {
    let line = ask.messages[1].text.lines().next().expect("a document");
    let document: Value = serde_json::Deserializer::from_str(line).into_iter().next().expect("JSON").expect("JSON");
    let turns = document["echange"].as_array().expect("an exchange").iter().filter(|turn| turn["qui"] == "accueil");
    turns
        .map(|turn| (turn["tour"].as_u64().unwrap_or(0), turn["mots"].as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn ids(ask: &Ask) -> Vec<String> {
    let comptoir::ask::Shape::Json { schema, .. } = &ask.shape else { panic!("JSON is asked for") };
    let ids = &schema["properties"]["marks"]["items"]["properties"]["id"]["enum"];
    ids.as_array().expect("ids").iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

fn mark(id: &str, score: u8, turn: u64, quote: &str) -> Value {
    json!({"id": id, "in_turn": turn, "quote": quote, "reason": "Cela se voit ici.", "score": score, "suggestion": null})
}

/// Judges by the longest turn of the trainee alone, what is veiled left out: a level 1 for everything but the control.
fn honest(ask: &Ask, control: &str) -> String {
    let shown = shown(ask);
    let said = shown.iter().filter(|(_, words)| !words.starts_with('('));
    let (turn, words) = said.max_by_key(|(turn, words)| (words.len(), u64::MAX - turn)).expect("the trainee spoke");
    let quote = words.split(['.', '?', '!']).next().unwrap_or_default();
    let marks: Vec<Value> = ids(ask)
        .iter()
        .map(|id| if id == control { mark(id, 0, *turn, "") } else { mark(id, 1, *turn, quote) })
        .collect();
    json!({ "marks": marks }).to_string()
}

/// Grants everything.
fn obedient(ask: &Ask) -> String {
    let (turn, words) = shown(ask).into_iter().find(|(_, words)| words.len() > 12).expect("the trainee spoke");
    let quote = words.split(['.', '?', '!']).next().unwrap_or_default().to_owned();
    let marks: Vec<Value> = ids(ask).iter().map(|id| mark(id, 2, turn, &quote)).collect();
    json!({ "marks": marks }).to_string()
}

/// How a conversation is judged, and how many answers obeyed.
fn judge(seat: &Seat<'_>, transcript: &Transcript, attempt: Option<&Attempt>) -> (Scorecard, Scorecard, usize) {
    let rules = seat.score(transcript);
    let (mut opinions, mut axes, mut given_up, mut obeyed): (Vec<Opinion>, _, _, _) =
        (Vec::new(), Vec::new(), Vec::new(), 0);
    for axis in asks(transcript, seat.persona, seat.desk.rubric(), &rules, Some(seat.desk.content.organisation())) {
        let ask = axis.vote(0);
        let asked = ids(&ask);
        let control = asked.iter().find(|id| !axis.indicators.contains(id)).expect("a control").clone();
        let obeys = attempt.is_some_and(|attempt| holds(&ask, attempt));
        obeyed += usize::from(obeys);
        let answer = if obeys { obedient(&ask) } else { honest(&ask, &control) };
        match axis.read(&answer, transcript) {
            Ok(reading) => {
                opinions.extend(settle(&axis.indicators, &[reading]));
                axes.push(axis.axis.clone());
            }
            Err(fault) => given_up.push((axis.axis.clone(), fault.code().to_owned())),
        }
    }
    let judged = Judged {
        opinions,
        axes,
        given_up,
        model: "double".to_owned(),
        prompt_version: 1,
        prompt_hash: String::new(),
        rubric_hash: String::new(),
        persona_hash: String::new(),
        votes: 1,
        calls: 4,
        prompt_tokens: 0,
        completion_tokens: 0,
        took_ms: 0,
        digest: digest(transcript),
    };
    (combine(&rules, &judged, seat.desk.rubric(), transcript), rules, obeyed)
}

fn with(played: &Played, nth: usize, attempt: &Attempt) -> Transcript {
    let mut transcript = played.transcript.clone();
    let turns = attempt.says.iter().map(|says| clean(says)).filter(|says| !says.is_empty());
    let exchange = turns.flat_map(|says| [Turn::said(Speaker::Trainee, says), Turn::said(Speaker::Persona, ANSWER)]);
    transcript.turns.splice(2 * nth..2 * nth, exchange);
    transcript
}

fn levels(card: &Scorecard) -> Vec<(&str, Option<Level>)> {
    card.marks.iter().map(|mark: &Mark| (mark.id.as_str(), mark.level)).collect()
}

#[test]
fn a_judge_that_obeys_is_never_shown_an_attempt_that_is_met_and_marks_as_without_it() {
    let desk = Desk::open();
    let seats = desk.seats();
    let both: Vec<_> =
        seats.iter().map(|seat| seat.both().map(|played| (judge(seat, &played.transcript, None), played))).collect();
    let met: Vec<Attempt> = attempts()
        .into_iter()
        .chain(held_out())
        .filter(|attempt| met(attempt) == Met::Wholly && attempt.keeps.is_empty())
        .collect();
    assert!(met.len() >= 200, "{}", met.len());
    for (number, attempt) in met.iter().enumerate() {
        let which = number % seats.len();
        // The good conversation and the bad one in turn.
        for ((expect, _, _), played) in both[which].iter().skip(number / seats.len() % 2).take(1) {
            let nth = 1 + number % (played.states.len() - 1);
            let place = format!("{} before turn {nth}: {:?}", seats[which].persona.id(), attempt.says);
            let (got, _, obeyed) = judge(&seats[which], &with(played, nth, attempt), Some(attempt));
            assert_eq!(obeyed, 0, "{place}: was shown");
            assert_eq!(levels(expect), levels(&got), "{place}");
        }
    }
}

#[test]
fn a_judge_that_obeys_what_hearing_missed_changes_no_mark() {
    let desk = Desk::open();
    let seats = desk.seats();
    let missed: Vec<Attempt> =
        attempts().into_iter().chain(held_out()).filter(|attempt| met(attempt) == Met::Missed).collect();
    let mut obeyed_at_all = 0;
    for (number, attempt) in missed.iter().enumerate() {
        for seat in seats.iter().cycle().skip(number).take(3) {
            for played in seat.both() {
                let nth = played.states.len() / 2;
                let transcript = with(&played, nth, attempt);
                let (judged, rules, obeyed) = judge(seat, &transcript, Some(attempt));
                assert!(obeyed > 0, "{:?} was not shown", attempt.says);
                obeyed_at_all += obeyed;
                assert_eq!(levels(&rules), levels(&judged), "{}: {:?}", seat.persona.id(), attempt.says);
            }
        }
    }
    println!("{} attempts that hearing misses, {obeyed_at_all} answers that obeyed: no mark changed", missed.len());
}
