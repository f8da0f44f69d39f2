//! Transcripts and events as text: what is exported, read back, and scored from a file.
//!
//! Input and output: JSON. The *exchange* shape is one object, `{"persona", "channel", "turns", "handoff"?}`; the
//! *event* shape is JSON Lines, a header with its version, then one event a line. Invariant: what is written reads
//! back the same, and whatever cannot be read is refused with the place and the reason.

use serde::{Deserialize, Serialize};

use super::event::{Event, Handoff, Made};
use super::transcript::{Transcript, Turn, Whisper};
use crate::character::Move;
use crate::persona::Channel;
use crate::utterance::{MAX_CHARS, Speaker, clean};

/// The version of the event shape written; this and every earlier one are read.
pub const VERSION: u32 = 1;

const NAME: &str = "comptoir-events";

/// A text that is not a transcript or a list of events.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Not JSON, or not of the shape.
    #[error("read line {line}: {source}")]
    Json {
        /// Line of the text, from 1.
        line: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The first line is not the header of an event file.
    #[error("read line 1: the header {{\"format\":\"{NAME}\",\"version\":{VERSION}}} expected")]
    Header,
    /// Written by a newer program.
    #[error("read events of version {found}: {VERSION} at most")]
    Version {
        /// The version of the file.
        found: u32,
    },
    /// An event number does not follow.
    #[error("read line {line}: event {found} found, {expected} expected")]
    Seq {
        /// Line of the text, from 1.
        line: usize,
        /// The number that should come.
        expected: u32,
        /// The number that came.
        found: u32,
    },
    /// No turn at all.
    #[error("read a transcript without turns")]
    NoTurns,
    /// A turn that cannot be.
    #[error("read turn {turn}: {fault}")]
    Turn {
        /// Its place, from 0.
        turn: usize,
        /// What is wrong.
        fault: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
}

/// The exchange shape.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    persona: String,
    channel: Channel,
    turns: Vec<ExchangeTurn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handoff: Option<Handoff>,
    /// Absent where nobody whispered: then older versions read it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    whispers: Vec<Whisper>,
}

/// One turn of the exchange shape.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeTurn {
    speaker: Speaker,
    #[serde(default)]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    interrupted: bool,
    #[serde(default, rename = "move", skip_serializing_if = "Option::is_none")]
    moved: Option<Move>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<Box<Made>>,
}

impl From<&Turn> for ExchangeTurn {
    /// What others may read: words and moves, and how a model's words were made. A mere gesture becomes its words, in
    /// brackets.
    fn from(turn: &Turn) -> ExchangeTurn {
        let text = match (&turn.text, &turn.cue) {
            (text, Some(cue)) if text.is_empty() => format!("[{}]", cue.trim_end_matches('.')),
            (text, _) => text.clone(),
        };
        ExchangeTurn {
            speaker: turn.speaker,
            text,
            start_ms: turn.start_ms,
            end_ms: turn.end_ms,
            interrupted: turn.interrupted,
            moved: turn.moved.clone(),
            made: turn.made.clone(),
        }
    }
}

impl ExchangeTurn {
    fn check(self, turn: usize) -> Result<Turn, FormatError> {
        let fault = |fault| Err(FormatError::Turn { turn, fault });
        if self.moved.is_some() && self.speaker == Speaker::Persona {
            return fault("only the trainee makes a move");
        }
        if self.made.is_some() && self.speaker == Speaker::Trainee {
            return fault("only the other person's words are made");
        }
        if clean(&self.text).is_empty() && self.moved.is_none() {
            return fault("words, or a move of the trainee, expected");
        }
        if self.text.chars().count() > MAX_CHARS {
            return fault("more than 4000 characters");
        }
        if let (Some(start), Some(end)) = (self.start_ms, self.end_ms)
            && end < start
        {
            return fault("end_ms before start_ms");
        }
        // Words written have one time; only words said aloud last, and only they can be cut short.
        let aloud = self.interrupted || matches!((self.start_ms, self.end_ms), (Some(start), Some(end)) if end > start);
        Ok(Turn {
            aloud: aloud && !self.text.trim().is_empty(),
            moved: self.moved,
            made: self.made,
            interrupted: self.interrupted,
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            ..Turn::said(self.speaker, clean(&self.text))
        })
    }
}

/// Reads one conversation in the exchange shape.
pub fn read_exchange(text: &str) -> Result<Transcript, FormatError> {
    let exchange: Exchange =
        serde_json::from_str(text).map_err(|source| FormatError::Json { line: source.line(), source })?;
    if exchange.turns.is_empty() {
        return Err(FormatError::NoTurns);
    }
    let turns = exchange.turns.into_iter().enumerate().map(|(at, turn)| turn.check(at)).collect::<Result<_, _>>()?;
    Ok(Transcript {
        persona: exchange.persona,
        channel: exchange.channel,
        turns,
        ended: None,
        handoff: exchange.handoff,
        whispers: exchange.whispers,
    })
}

/// Writes one conversation in the exchange shape, on one line.
pub fn write_exchange(transcript: &Transcript) -> String {
    let exchange = Exchange {
        persona: transcript.persona.clone(),
        channel: transcript.channel,
        turns: transcript.turns.iter().map(ExchangeTurn::from).collect(),
        handoff: transcript.handoff.clone(),
        whispers: transcript.whispers.clone(),
    };
    line(&exchange)
}

/// One line of JSON.
fn line(shape: &impl Serialize) -> String {
    serde_json::to_string(shape).expect("strings, numbers and lists under string keys always become JSON")
}

/// Writes events as JSON Lines, header first.
pub fn write_events(events: &[Event]) -> String {
    let header = Header { format: NAME.to_owned(), version: VERSION };
    let mut text = line(&header) + "\n";
    for event in events {
        text.push_str(&line(event));
        text.push('\n');
    }
    text
}

/// Reads events from JSON Lines, header first; numbers must go from 0 without gaps.
pub fn read_events(text: &str) -> Result<Vec<Event>, FormatError> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let header: Header = lines
        .next()
        .and_then(|(_, line)| serde_json::from_str(line).ok())
        .filter(|header: &Header| header.format == NAME)
        .ok_or(FormatError::Header)?;
    if header.version > VERSION {
        return Err(FormatError::Version { found: header.version });
    }
    lines
        .zip(0_u32..)
        .map(|((at, line), expected)| {
            let event: Event =
                serde_json::from_str(line).map_err(|source| FormatError::Json { line: at + 1, source })?;
            if event.seq == expected {
                Ok(event)
            } else {
                Err(FormatError::Seq { line: at + 1, expected, found: event.seq })
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::persona::Urgency;

    const WHOLE: &str = r#"{"persona":"fuite-colere","channel":"phone","turns":[
        {"speaker":"trainee","text":"Bonjour.","start_ms":0,"end_ms":900},
        {"speaker":"persona","text":"Ah, quand même !","interrupted":true,"made":{"model":"un-modèle","hearing_us":800,
            "first_token_ms":210,"guard_us":90,"prompt_tokens":900,"completion_tokens":6}},
        {"speaker":"trainee","move":{"kind":"hold"}},
        {"speaker":"trainee","text":"Je vous passe le service.","move":{"kind":"transfer","service":"technique"}}],
        "handoff":{"service":"technique","urgency":"24h","summary":"Fuite."},
        "whispers":[{"after":2,"at_ms":1500,"by":"Mme Martin","text":"Reformulez."}]}"#;

    #[test]
    fn a_transcript_reads_and_writes_back_the_same() {
        let transcript = read_exchange(WHOLE).unwrap();
        assert_eq!(transcript.turns.len(), 4);
        assert!(transcript.turns[1].interrupted);
        let made = transcript.turns[1].made.as_ref().unwrap();
        assert_eq!(
            (made.model.as_deref(), made.first_token_ms, made.last_token_ms),
            (Some("un-modèle"), Some(210), None)
        );
        assert_eq!(transcript.turns[2].moved, Some(Move::Hold));
        assert_eq!(transcript.turns[3].moved, Some(Move::Transfer { service: "technique".to_owned() }));
        assert_eq!(transcript.handoff.as_ref().map(|note| note.urgency), Some(Urgency::Day));
        assert_eq!((transcript.whispers[0].after, transcript.whispers[0].by.as_str()), (2, "Mme Martin"));
        assert_eq!(read_exchange(&write_exchange(&transcript)).unwrap(), transcript);
    }

    #[test]
    fn a_mere_gesture_is_exchanged_as_words_in_brackets() {
        let gesture = Turn { cue: Some("Il hausse les épaules.".to_owned()), ..Turn::said(Speaker::Persona, "") };
        assert_eq!(ExchangeTurn::from(&gesture).text, "[Il hausse les épaules]");
    }

    #[test]
    fn a_bad_transcript_is_refused_with_place_and_reason() {
        fn check(text: &str, expect: &str) {
            let error = read_exchange(text).expect_err(text).to_string();
            assert!(error.contains(expect), "{error}\nwithout\n{expect}");
        }
        let turns = |turns: &str| format!(r#"{{"persona":"p","channel":"phone","turns":[{turns}]}}"#);
        check("{", "line 1: EOF");
        check("[]", "line 1");
        check(r#"{"channel":"phone","turns":[]}"#, "missing field `persona`");
        check(&turns(""), "without turns");
        check(&turns(r#"{"speaker":"trainee","text":" "}"#), "turn 0: words, or a move");
        check(
            &turns(r#"{"speaker":"trainee","text":"a"},{"speaker":"persona","move":{"kind":"end"}}"#),
            "turn 1: only the trainee",
        );
        check(&turns(r#"{"speaker":"trainee","text":"a","made":{"hearing_us":1}}"#), "only the other person's words");
        check(&turns(r#"{"speaker":"trainee","text":"a","start_ms":9,"end_ms":3}"#), "end_ms before start_ms");
        check(&turns(r#"{"speaker":"someone","text":"a"}"#), "unknown variant `someone`");
        check(&turns(r#"{"speaker":"trainee","text":"a","mood":3}"#), "unknown field `mood`");
        check(&turns(&format!(r#"{{"speaker":"trainee","text":"{}"}}"#, "a".repeat(4001))), "4000");
        check(&WHOLE.replace("24h", "soon"), "unknown variant `soon`");
    }

    #[test]
    fn event_lines_are_versioned_and_numbered() {
        fn check(text: &str, expect: &str) {
            let error = read_events(text).expect_err(text).to_string();
            assert!(error.contains(expect), "{error}\nwithout\n{expect}");
        }
        let header = r#"{"format":"comptoir-events","version":1}"#;
        let received = r#"{"seq":0,"at":"2026-03-02T09:00:00Z","type":"received"}"#;
        assert_eq!(read_events(&format!("{header}\n{received}\n")).unwrap().len(), 1);
        check("", "line 1: the header");
        check(received, "line 1: the header");
        check(&header.replace(":1", ":2"), "version 2: 1 at most");
        check(&format!("{header}\n{received}\n{received}\n"), "line 3: event 0 found, 1 expected");
        check(&format!("{header}\n\n{{}}\n"), "line 3: missing field");
    }
}
