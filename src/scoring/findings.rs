//! Everything that can be seen in a transcript, against the situation.
//!
//! Input: a [`Transcript`], its [`Persona`] and [`Ears`]. Output: [`Findings`], in the order of the turns.
//! Invariant: every quote is the trainee's own words, verbatim from the turn it names; what the character said only
//! tells what a turn of the trainee was worth.

use std::collections::BTreeSet;

use super::{answered, handoff, seen};
use crate::act::Act;
use crate::character::{EndedBy, State, react};
use crate::hearing::aside::{spoken, spoken_part};
use crate::hearing::{Context, Ears, Heard, hear};
use crate::language::Text;
use crate::persona::Persona;
use crate::rubric::{Found, Kind};
use crate::transcript::{Transcript, Turn, cuts_in};
use crate::utterance::Utterance;

/// One thing seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Which fact, rule, step, trap or service, where there is one.
    pub id: Option<String>,
    /// For a trap: the indicator it counts against.
    pub against: Option<String>,
    /// Position of the trainee's turn in the transcript.
    pub turn: usize,
    /// The trainee's words; may be empty for what only the situation shows.
    pub quote: String,
}

/// Everything seen, with the shape of the conversation.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// In the order of the turns.
    pub all: Vec<Finding>,
    /// Positions of the trainee's spoken turns.
    pub spoken: Vec<usize>,
    /// Facts told by the character, in order, with the turn in which they were told.
    pub told: Vec<(String, usize)>,
    /// Tension after each of the trainee's turns: measured where it was played here, else estimated.
    pub tension: Vec<u8>,
    /// The trainee's words that were said to the machine and count for nothing, with their turns.
    pub asides: Vec<(usize, String)>,
}

/// Looks at a whole transcript.
pub fn look(transcript: &Transcript, persona: &Persona, ears: &Ears) -> Findings {
    let mut findings = Findings::default();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut last_words: Option<&str> = None;
    let mut state = State::start(persona);
    let mut identity_checked = false;
    // Whether the trainee's last turn was wholly aside: the answer to it answers nothing.
    let mut beside = false;
    // The turns of the exchange, asides and the answers to them left out.
    let mut kept: Vec<usize> = Vec::new();
    let start_tension = state.tension();
    for (at, turn) in transcript.turns.iter().enumerate() {
        if !turn.is_trainee() {
            let words = Text::read(&turn.text);
            let tells = turn.change.as_ref().map_or_else(|| ears.told_by(&words), |change| change.told.clone());
            // « Pardon ? »: the words before it are still the last ones that mean something.
            let empty = beside && tells.is_empty() && turn.change.as_ref().is_none_or(|change| !change.opened);
            for id in tells {
                if told.insert(id.clone()) {
                    findings.told.push((id, at));
                }
            }
            if !empty {
                last_words = Some(turn.text.as_str()).filter(|text| !text.is_empty()).or(last_words);
                kept.push(at);
            }
            if let Some(change) = &turn.change {
                state = state.after(change);
                if let Some(last) = findings.tension.last_mut() {
                    *last = state.tension();
                }
            }
            continue;
        }
        let reply = transcript.turns[at + 1..].iter().find(|next| !next.is_trainee());
        let mut add = |kind: Kind, id: Option<&str>, quote: &str| {
            findings.all.push(Finding {
                kind,
                id: id.map(str::to_owned),
                against: None,
                turn: at,
                quote: quote.to_owned(),
            });
        };
        if let Some(act) = &turn.moved {
            seen::moved(act, persona, &mut add);
        }
        beside = false;
        kept.push(at);
        let Ok(utterance) = Utterance::new(&turn.text) else { continue };
        let context = Context {
            trainee_turns: findings.spoken.len(),
            last_words,
            told: &told,
            cuts_in: cuts_in(&transcript.turns[..at]),
        };
        let heard = hear(&utterance, ears, &context);
        findings.asides.extend(heard.asides.iter().map(|aside| (at, aside.clone())));
        if heard.is_aside() {
            beside = true;
            kept.pop();
            continue;
        }
        seen::heard(&heard, &utterance, persona, ears, &mut identity_checked, &mut add);
        if lets_finish(&transcript.turns[..at]) {
            add(Kind::Found(Found::LetFinish), None, &first_sentence(&turn.text));
        }
        if let Some(reply) = reply {
            for found in answered::found(reply) {
                // The last words decide whether it broke off; « c'est pas la peine » in the middle is a figure of speech.
                if found != Found::BrokeOff && worth(found, &heard) {
                    add(Kind::Found(found), None, first_quote(&heard, spoken_part(utterance.text())));
                }
            }
        }
        traps(&heard, persona, at, &mut findings.all);
        findings.spoken.push(at);
        if reply.is_none_or(|reply| reply.change.is_none()) {
            state = estimate(persona, state, &heard);
        }
        findings.tension.push(state.tension());
    }
    ending(transcript, &kept, ears, &mut findings);
    tension(&mut findings, start_tension);
    if let (Some(note), Some(&last)) = (&transcript.handoff, findings.spoken.last()) {
        handoff::read(note, persona, ears, last, &mut findings.all);
    }
    findings
}

/// Traps fallen into and avoided, each counted against its own indicator.
fn traps(heard: &Heard, persona: &Persona, turn: usize, all: &mut Vec<Finding>) {
    for (found, met) in [(Found::Trap, &heard.traps), (Found::TrapAvoided, &heard.avoided)] {
        for trap in met {
            let against = persona.file().expects.traps.iter().find(|other| other.id == trap.id);
            all.push(Finding {
                kind: Kind::Found(found),
                id: Some(trap.id.clone()),
                against: against.map(|trap| trap.against.clone()),
                turn,
                quote: trap.quote.clone(),
            });
        }
    }
}

/// Whether the last words before these are the character's, were said aloud, and came to their end.
fn lets_finish(before: &[Turn]) -> bool {
    let last = before.iter().rev().find(|turn| !turn.text.is_empty());
    last.is_some_and(|turn| !turn.is_trainee() && turn.aloud && !turn.interrupted)
}

/// The first sentence that the trainee says to the person, verbatim.
pub(super) fn first_sentence(text: &str) -> String {
    let read = Text::read(&spoken(text));
    read.sentences().first().map_or_else(String::new, |sentence| text[sentence.bytes.clone()].to_owned())
}

/// Confirming and correcting answer a restatement only.
fn worth(found: Found, heard: &Heard) -> bool {
    match found {
        Found::Confirmed | Found::Corrected => {
            heard.did(Act::Reformulation) || heard.did(Act::Validation) || !heard.restated.is_empty()
        }
        _ => true,
    }
}

fn first_quote<'a>(heard: &'a Heard, text: &'a str) -> &'a str {
    heard.acts.first().map_or(text, |shown| shown.quote.as_str())
}

/// What the turn would have done to the character, for a transcript that was not played here.
fn estimate(persona: &Persona, state: State, heard: &Heard) -> State {
    let effect = react::hear(persona, &state, heard);
    let change = crate::character::Change {
        moods: effect.moods,
        tension: effect.tension,
        trust: effect.trust,
        steps: effect.steps,
        left_unanswered: effect.left_unanswered,
        helped: effect.helped,
        opened: true,
        ..crate::character::Change::default()
    };
    state.after(&change)
}

/// Whether the character broke off: known, or read in its last words.
fn ending(transcript: &Transcript, kept: &[usize], ears: &Ears, findings: &mut Findings) {
    let speaks = |at: &usize| !transcript.turns[*at].is_trainee() && !transcript.turns[*at].text.is_empty();
    let place = kept.iter().rposition(speaks);
    let last = place.map(|place| kept[place]);
    let near_end = place.is_some_and(|place| place + 3 > kept.len());
    let broke = match (transcript.ended, last) {
        (Some(ended), _) => ended == EndedBy::BrokeOff,
        (None, Some(at)) if near_end => {
            let words = Text::read(&transcript.turns[at].text);
            let answer = answered::read(&words);
            // « Merci. Je raccroche. » after « Au revoir » is the end that both wished.
            let farewell = Kind::Act(Act::Farewell);
            let took_leave = findings
                .spoken
                .last()
                .is_some_and(|last| findings.all.iter().any(|f| f.turn == *last && f.kind == farewell));
            let content = took_leave && answer.contains(&Found::Appeased) && !answer.contains(&Found::Irritated);
            !content && (answer.contains(&Found::BrokeOff) || ears.breaks_off(&words))
        }
        _ => false,
    };
    let before = |at: usize| findings.spoken.iter().rev().find(|turn| **turn < at).copied();
    if broke && let Some(turn) = last.and_then(before) {
        findings.all.push(Finding {
            kind: Kind::Found(Found::BrokeOff),
            id: None,
            against: None,
            turn,
            quote: spoken_part(&transcript.turns[turn].text).to_owned(),
        });
    }
}

/// Whether tension came down from its highest, or ended above its start.
fn tension(findings: &mut Findings, start: u8) {
    let (Some(&end), Some(&turn)) = (findings.tension.last(), findings.spoken.last()) else { return };
    let highest = findings.tension.iter().copied().fold(start, u8::max);
    let mut add = |found: Found| {
        findings.all.push(Finding { kind: Kind::Found(found), id: None, against: None, turn, quote: String::new() });
    };
    if end + 2 <= highest {
        add(Found::TensionFell);
    }
    if end > start {
        add(Found::TensionRose);
    }
}
