//! A prepared exchange with its reference marks, on which a trainer checks their own eye.
//!
//! Input: a JSON file, `{"exchange": {…}, "marks": {"1.2.a": {"level": 2, "turn": 0, "quote": "…"}}}`, the exchange in the
//! shape that `comptoir score` reads. Output: [`Prepared`]. Invariant: every quote stands in the trainee's turn it names.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::agreement::Levels;
use super::judge::stands_in;
use super::scorecard::{Evidence, Level};
use crate::transcript::Transcript;
use crate::transcript::format::{FormatError, read_exchange};

/// A prepared exchange.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The file's name without its ending.
    pub name: String,
    /// What was said and done.
    pub transcript: Transcript,
    /// The reference marks, by indicator.
    pub marks: BTreeMap<String, Reference>,
}

/// One reference mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The level; `None`: not applicable.
    pub level: Option<Level>,
    /// The words that it rests on.
    pub evidence: Option<Evidence>,
}

/// A file that is no prepared exchange.
#[derive(Debug, thiserror::Error)]
pub enum PreparedError {
    /// Not JSON, or not of the shape.
    #[error("read a prepared exchange")]
    Json(#[from] serde_json::Error),
    /// The exchange is none.
    #[error("read the exchange")]
    Exchange(#[from] FormatError),
    /// A quote that was not said there.
    #[error("find the words of {0} in the trainee's turn that it names")]
    NotSaid(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PreparedFile {
    exchange: serde_json::Value,
    marks: BTreeMap<String, MarkFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkFile {
    level: Option<Level>,
    #[serde(default)]
    turn: Option<usize>,
    #[serde(default)]
    quote: String,
}

/// Reads a prepared exchange.
pub fn prepared(name: &str, text: &str) -> Result<Prepared, PreparedError> {
    let file: PreparedFile = serde_json::from_str(text)?;
    let transcript = read_exchange(&file.exchange.to_string())?;
    let reference = |(id, mark): (String, MarkFile)| {
        let evidence = match mark.turn {
            None => None,
            Some(turn) => {
                let said = transcript.turns.get(turn).filter(|turn| turn.is_trainee());
                let words = said.and_then(|said| match mark.quote.as_str() {
                    "" => Some(String::new()),
                    quote => Some(stands_in(&said.text, quote)?.join(" … ")),
                });
                let quote = words.ok_or_else(|| PreparedError::NotSaid(id.clone()))?;
                Some(Evidence { turn, quote })
            }
        };
        Ok((id, Reference { level: mark.level, evidence }))
    };
    let marks = file.marks.into_iter().map(reference).collect::<Result<_, PreparedError>>()?;
    Ok(Prepared { name: name.to_owned(), transcript, marks })
}

impl Prepared {
    /// The reference levels.
    pub fn levels(&self) -> Levels {
        self.marks.iter().map(|(id, mark)| (id.clone(), mark.level)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(marks: &str, expect: Result<usize, &str>) {
        let text = format!(
            r#"{{"exchange": {{"persona": "p", "channel": "phone", "turns": [
                {{"speaker": "trainee", "text": "Bonjour, je vous écoute."}}, {{"speaker": "persona", "text": "Enfin !"}}]}},
                "marks": {marks}}}"#
        );
        let found = prepared("essai", &text);
        match (&found, expect) {
            (Ok(found), Ok(marks)) => assert_eq!(found.marks.len(), marks),
            (Err(error), Err(told)) => assert!(error.to_string().contains(told), "{error}"),
            _ => panic!("{marks}: {found:?}"),
        }
    }

    #[test]
    fn reference_marks_rest_on_words_that_were_said() {
        check(r#"{"1.2.a": {"level": 2, "turn": 0, "quote": "je vous écoute"}, "6.1.b": {"level": null}}"#, Ok(2));
        check(r#"{"1.2.a": {"level": 0, "turn": 0}}"#, Ok(1));
        check(r#"{"1.2.a": {"level": 2, "turn": 1, "quote": "Enfin"}}"#, Err("1.2.a"));
        check(r#"{"1.2.a": {"level": 2, "turn": 0, "quote": "jamais dit"}}"#, Err("1.2.a"));
        check(r#"{"1.2.a": {"level": 3}}"#, Err("prepared exchange"));
    }
}
