//! One question per axis: which indicators, in what shape.
//!
//! Input: transcript, persona, rubric, the rules' scorecard, the directory. Output: [`AxisAsk`]s. Invariant: whether an
//! indicator applies is settled by the rules, and each ask holds one indicator that nothing can show.

use serde_json::{Value, json};

use super::claim::Doubt;
use super::data::{Asked, Document, Situation, ending, exchange};
use super::prompt::{AGAIN, INSTRUCTIONS, QUESTION};
use super::reading::Reading;
use crate::act::Act;
use crate::ask::{Ask, Message, Purpose, Shape, data};
use crate::organisation::Organisation;
use crate::persona::Persona;
use crate::rubric::{Axis, Condition, Found, Indicator, Kind, Rubric};
use crate::scoring::Scorecard;
use crate::transcript::Transcript;

/// Tokens of an answer: for each mark a quote, a reason, a sentence; and what stands around them.
const TOKENS_PER_MARK: u32 = 220;
const TOKENS_AROUND: u32 = 80;

/// What a model is asked about one axis.
#[derive(Clone, Debug)]
pub struct AxisAsk {
    /// Axis id.
    pub axis: String,
    /// Ids of the indicators, in the rubric's order, without the control.
    pub indicators: Vec<String>,
    /// Id of the control.
    pub(super) control: String,
    /// The document and the question.
    document: String,
}

/// One question for each axis in which something applies.
pub fn asks(
    transcript: &Transcript,
    persona: &Persona,
    rubric: &Rubric,
    rules: &Scorecard,
    organisation: Option<&Organisation>,
) -> Vec<AxisAsk> {
    let situation = Situation::of(persona, organisation);
    let echange = exchange(transcript, organisation);
    let applies = |indicator: &Indicator| {
        let mark = rules.marks.iter().find(|mark| mark.id == indicator.id);
        mark.is_some_and(|mark| mark.level.is_some()) && !indicator.note && !is_measured(indicator)
    };
    let control = control(rubric);
    let of_axis = |axis: &Axis| {
        let of_axis = |indicator: &&Indicator| indicator.axis == axis.id && applies(indicator);
        let indicators: Vec<&Indicator> = rubric.indicators().iter().filter(of_axis).collect();
        if indicators.is_empty() {
            return None;
        }
        let mut indicateurs: Vec<Asked<'_>> = indicators.iter().map(|indicator| Asked::of(indicator)).collect();
        // In the middle: what stands first or last is treated apart more easily.
        indicateurs.insert(indicators.len().div_ceil(2), Asked::control(&control));
        let document =
            data(&Document { situation: &situation, echange: &echange, fin: ending(transcript), indicateurs });
        let indicators = indicators.into_iter().map(|indicator| indicator.id.clone()).collect();
        Some(AxisAsk { axis: axis.id.clone(), indicators, control: control.clone(), document })
    };
    rubric.file().axis.iter().filter_map(of_axis).collect()
}

/// An id like the others that the rubric does not use.
fn control(rubric: &Rubric) -> String {
    let ids = (9..).map(|criterion| format!("13.{criterion}.b"));
    let mut free = ids.filter(|id| rubric.indicator(id).is_none());
    free.next().unwrap_or_default()
}

/// Whether nothing but times tells: when someone spoke is measured, and no words show it.
fn is_measured(indicator: &Indicator) -> bool {
    fn kinds(condition: &Condition, measured: &mut Vec<bool>) {
        match condition {
            Condition::Any { any: all } | Condition::All { all } | Condition::Not { not: all } => {
                for condition in all {
                    kinds(condition, measured);
                }
            }
            Condition::Situation { .. } => {}
            Condition::Seen(seen) => measured.extend(
                seen.sees
                    .iter()
                    .map(|kind| matches!(kind, Kind::Act(Act::Interruption) | Kind::Found(Found::LetFinish))),
            ),
        }
    }
    let mut measured = Vec::new();
    indicator.rule.iter().flat_map(|rule| &rule.when).for_each(|condition| kinds(condition, &mut measured));
    !measured.is_empty() && measured.into_iter().all(|measured| measured)
}

impl AxisAsk {
    /// The question, for one of several votes, from 0.
    pub fn vote(&self, vote: u8) -> Ask {
        let messages = vec![Message::system(INSTRUCTIONS), self.question()];
        ask(messages, &self.asked(), vote)
    }

    /// The question again for what an answer does not prove or does not say; `None` if it proves everything.
    pub fn again(&self, vote: u8, reading: &Reading) -> Option<Ask> {
        let mut failed: Vec<Value> = Vec::new();
        let mut before: Vec<Value> = Vec::new();
        for id in &self.indicators {
            let Some(claim) = reading.claims.iter().find(|claim| claim.id == *id) else {
                failed.push(json!({ "id": id, "pourquoi": "aucune marque n'a été rendue" }));
                continue;
            };
            if let Err(doubt) = &claim.proof {
                before.push(json!({ "id": id, "reason": claim.reason, "score": u8::from(claim.level) }));
                failed.push(json!({ "id": id, "pourquoi": why(doubt) }));
            }
        }
        if failed.is_empty() {
            return None;
        }
        failed.push(json!({ "id": self.control, "pourquoi": "à rendre avec les autres" }));
        let ids: Vec<&str> = failed.iter().filter_map(|one| one["id"].as_str()).collect();
        let mut messages = vec![Message::system(INSTRUCTIONS), self.question()];
        messages.push(Message::assistant(data(&json!({ "marks": before }))));
        messages.push(Message::user(format!("{AGAIN}\n{}", data(&failed))));
        Some(ask(messages, &ids, vote))
    }

    fn question(&self) -> Message {
        Message::user(format!("{}\n\n{QUESTION} {}.", self.document, self.asked().join(", ")))
    }

    /// Every id that must be marked, in the order in which they stand in the document.
    fn asked(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.indicators.iter().map(String::as_str).collect();
        ids.insert(ids.len().div_ceil(2), &self.control);
        ids
    }
}

fn ask(messages: Vec<Message>, ids: &[&str], vote: u8) -> Ask {
    let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    Ask {
        purpose: Purpose::Judge,
        messages,
        shape: Shape::Json { name: "marks", schema: schema(ids) },
        max_tokens: count.saturating_mul(TOKENS_PER_MARK).saturating_add(TOKENS_AROUND),
        seed: Some(u64::from(vote)),
    }
}

/// Why a mark is asked for again.
fn why(doubt: &Doubt) -> String {
    match doubt {
        Doubt::NotTheTrainee => "le tour cité n'est pas un tour où l'accueil parle".to_owned(),
        Doubt::Aside => "ces paroles ne s'adressaient pas à l'interlocuteur : elles ne prouvent rien".to_owned(),
        Doubt::NoQuote => "ce niveau demande une citation".to_owned(),
        Doubt::NotSaid { elsewhere } => match elsewhere.as_slice() {
            [] => "ces mots ne sont pas dans ce tour, ni dans un autre tour de l'accueil".to_owned(),
            [turn] => format!("ces mots ne sont pas dans ce tour ; ils sont au tour {turn}"),
            [turn, ..] => format!("ces mots ne sont pas dans ce tour ; ils sont entre autres au tour {turn}"),
        },
    }
}

/// The shape of an answer. Servers write an object's fields in the order of their names, which is why these follow
/// the order of thought: where, which words, why, and only then the level.
fn schema(ids: &[&str]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["marks"],
        "properties": {
            "marks": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["id", "in_turn", "quote", "reason", "score", "suggestion"],
                    "properties": {
                        "id": { "type": "string", "enum": ids },
                        "in_turn": { "type": ["integer", "null"] },
                        "quote": { "type": "string" },
                        "reason": { "type": "string" },
                        "score": { "type": "integer", "enum": [0, 1, 2] },
                        "suggestion": { "type": ["string", "null"] },
                    },
                },
            },
        },
    })
}
