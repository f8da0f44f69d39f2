//! From events to where a conversation stands.
//!
//! Input: the persona and the numbered events. Output: [`Live`]. Invariant: applying the events one by one as they
//! happen and folding the stored list give the same [`Live`].

use super::event::{Cut, Event, Handoff, Happening, Start};
use super::transcript::{Transcript, Turn, Whisper, cuts_in};
use crate::character::{EndedBy, Move, State};
use crate::clock::Timestamp;
use crate::hearing::Context;
use crate::persona::Persona;
use crate::reply::Hint;
use crate::utterance::Speaker;

/// Events that do not make a conversation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The list is empty or does not begin with `started`.
    #[error("fold a conversation that does not begin with its start")]
    NotStarted,
    /// A second `started`.
    #[error("fold event {seq}: the conversation is already started")]
    StartedTwice {
        /// Its number.
        seq: u32,
    },
    /// The numbers have a gap or go back.
    #[error("fold event {found}: number {expected} expected")]
    Gap {
        /// The number that should come.
        expected: u32,
        /// The number that came.
        found: u32,
    },
    /// Somebody speaks or acts after the end.
    #[error("fold event {seq}: the conversation is over")]
    Over {
        /// Its number.
        seq: u32,
    },
    /// What is corrected or said aloud is not a turn of the one who should have said it.
    #[error("fold event {seq}: event {turn} is not a turn that this can follow")]
    NotATurn {
        /// Its number.
        seq: u32,
        /// The number it names.
        turn: u32,
    },
    /// The events are those of another persona.
    #[error("fold the events of {found} with the persona {expected}")]
    OtherPersona {
        /// The persona given.
        expected: String,
        /// The persona the events name.
        found: String,
    },
}

/// Where a conversation stands, for what may be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The telephone rings, or the person stands at the counter.
    Waiting,
    /// The exchange is open.
    Talking,
    /// The person waits on hold.
    OnHold,
    /// It is over; the note may be written.
    Ended,
    /// It is over and the note was written.
    HandedOff,
}

/// What waits for an answer of the character: to be answered again after a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    /// Words of the trainee.
    Spoke(String),
    /// A move; for a return from hold, how long the person waited, in milliseconds.
    Moved(Move, u64),
}

/// A conversation as its events tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    start: Start,
    started_at: Timestamp,
    next_seq: u32,
    state: State,
    turns: Vec<Turn>,
    /// The events that the turns came from.
    seqs: Vec<u32>,
    received_at: Option<Timestamp>,
    /// The event of picking up.
    received_seq: Option<u32>,
    held_since: Option<Timestamp>,
    pending: Option<Pending>,
    /// A move closed the exchange; only the character's last words may come.
    closing: bool,
    ended: Option<EndedBy>,
    handoff: Option<Handoff>,
    hints: Vec<Hint>,
    whispers: Vec<Whisper>,
}

impl Live {
    /// Opens a conversation with its event 0.
    pub fn open(persona: &Persona, first: &Event) -> Result<Live, FoldError> {
        let Happening::Started(start) = &first.happening else { return Err(FoldError::NotStarted) };
        if first.seq != 0 {
            return Err(FoldError::Gap { expected: 0, found: first.seq });
        }
        if start.persona != persona.id() {
            return Err(FoldError::OtherPersona { expected: persona.id().to_owned(), found: start.persona.clone() });
        }
        Ok(Live {
            start: start.clone(),
            started_at: first.at,
            next_seq: 1,
            state: State::start(persona),
            turns: Vec::new(),
            seqs: Vec::new(),
            received_at: None,
            received_seq: None,
            held_since: None,
            pending: None,
            closing: false,
            ended: None,
            handoff: None,
            hints: Vec::new(),
            whispers: Vec::new(),
        })
    }

    /// Folds a whole list of events.
    pub fn fold(persona: &Persona, events: &[Event]) -> Result<Live, FoldError> {
        let (first, rest) = events.split_first().ok_or(FoldError::NotStarted)?;
        let mut live = Live::open(persona, first)?;
        for event in rest {
            live.apply(event)?;
        }
        Ok(live)
    }

    /// Takes one more event; a refused one changes nothing.
    pub fn apply(&mut self, event: &Event) -> Result<(), FoldError> {
        if event.seq != self.next_seq {
            return Err(FoldError::Gap { expected: self.next_seq, found: event.seq });
        }
        let over = FoldError::Over { seq: event.seq };
        let not_a_turn = |turn| FoldError::NotATurn { seq: event.seq, turn };
        match &event.happening {
            Happening::Started(_) => return Err(FoldError::StartedTwice { seq: event.seq }),
            Happening::Received => {
                self.received_at = self.received_at.or(Some(event.at));
                self.received_seq = self.received_seq.or(Some(event.seq));
            }
            Happening::Spoke { .. } | Happening::Moved { .. } if self.is_over() => return Err(over),
            Happening::Replied { .. } if self.ended.is_some() => return Err(over),
            Happening::Spoke { text, spoken, .. } => {
                self.received_at = self.received_at.or(Some(event.at));
                self.held_since = None;
                let mut turn = Turn::said(Speaker::Trainee, text.clone());
                let (mut began_at, mut ended_at) = (event.at, event.at);
                if let Some(spoken) = spoken {
                    turn.aloud = true;
                    turn.recognised = (spoken.recognised != *text).then(|| spoken.recognised.clone());
                    (began_at, ended_at) = (spoken.began_at, spoken.ended_at);
                }
                self.push(turn, event.seq, began_at, ended_at);
                self.pending = Some(Pending::Spoke(text.clone()));
            }
            Happening::Corrected { turn, text, .. } => {
                let at = self.turn_of(*turn, Speaker::Trainee).ok_or(not_a_turn(*turn))?;
                let turn = &mut self.turns[at];
                let before = std::mem::replace(&mut turn.text, text.clone());
                turn.recognised = turn.recognised.take().or(Some(before)).filter(|first| *first != turn.text);
                let last = at + 1 == self.turns.len();
                if let Some(Pending::Spoke(pending)) = self.pending.as_mut().filter(|_| last) {
                    pending.clone_from(text);
                }
            }
            Happening::Voiced { reply, began_at, ended_at, cut, .. } => {
                let at = self.turn_of(*reply, Speaker::Persona).ok_or(not_a_turn(*reply))?;
                self.voiced(at, *began_at, *ended_at, cut.as_ref());
            }
            Happening::Moved { act, .. } => {
                self.push(Turn::moved(act.clone()), event.seq, event.at, event.at);
                let waited = self.held_ms(event.at);
                match act {
                    Move::Hold => self.held_since = self.held_since.or(Some(event.at)),
                    Move::Resume => self.held_since = None,
                    Move::Transfer { .. } | Move::End => self.closing = true,
                    Move::CallColleague | Move::CallManager => {}
                }
                self.pending = Some(Pending::Moved(act.clone(), waited));
            }
            Happening::Replied { text, cue, change, made, .. } => {
                let turn = Turn {
                    cue: cue.clone(),
                    made: made.clone(),
                    change: Some(change.clone()),
                    ..Turn::said(Speaker::Persona, text.clone())
                };
                self.push(turn, event.seq, event.at, event.at);
                self.state = self.state.clone().after(change);
                self.closing |= change.ended.is_some();
                self.pending = None;
            }
            Happening::Hinted { text } => {
                self.hints.push(Hint { turns: self.state.turns(), text: text.clone() });
            }
            Happening::Whispered { by, text, .. } => self.whispers.push(Whisper {
                after: self.turns.len(),
                at_ms: Some(self.since_start(event.at)),
                by: by.clone(),
                text: text.clone(),
            }),
            Happening::Ended { by } => {
                self.ended = self.ended.or(Some(*by));
                self.held_since = None;
                self.pending = None;
            }
            Happening::HandedOff(note) => self.handoff = Some(note.clone()),
        }
        self.next_seq += 1;
        Ok(())
    }

    fn push(&mut self, mut turn: Turn, seq: u32, began_at: Timestamp, ended_at: Timestamp) {
        turn.start_ms = Some(self.since_start(began_at));
        turn.end_ms = Some(self.since_start(ended_at.max(began_at)));
        self.turns.push(turn);
        self.seqs.push(seq);
    }

    /// The character's words were heard: when, and how far.
    fn voiced(&mut self, at: usize, began_at: Timestamp, ended_at: Timestamp, cut: Option<&Cut>) {
        let (start, end) = (self.since_start(began_at), self.since_start(ended_at.max(began_at)));
        let turn = &mut self.turns[at];
        if turn.aloud {
            // Heard once already: hearing it again changes nothing of what was said when.
            return;
        }
        turn.aloud = true;
        turn.start_ms = Some(start);
        turn.end_ms = Some(end);
        if let Some(cut) = cut {
            let said = if cut.said.trim().is_empty() { "…" } else { cut.said.trim() };
            turn.interrupted = true;
            turn.meant = Some(std::mem::replace(&mut turn.text, said.to_owned()));
            if let Some(change) = &mut turn.change {
                change.told.retain(|id| !cut.untold.contains(id));
            }
            self.state = self.state.clone().cut_short(&cut.untold);
        }
    }

    /// Milliseconds from the start of the exchange.
    fn since_start(&self, at: Timestamp) -> u64 {
        millis_between(self.received_at.unwrap_or(self.started_at), at)
    }

    /// The place of the words that an event holds, if that speaker said them.
    fn turn_of(&self, seq: u32, speaker: Speaker) -> Option<usize> {
        let at = self.seqs.binary_search(&seq).ok()?;
        let turn = &self.turns[at];
        (turn.speaker == speaker && turn.moved.is_none()).then_some(at)
    }

    /// The character's last words, with the number of their event, if nothing came after them.
    pub fn last_reply(&self) -> Option<(u32, &Turn)> {
        let (turn, seq) = self.turns.last().zip(self.seqs.last())?;
        (!turn.is_trainee()).then_some((*seq, turn))
    }

    /// A turn of the character, by the number of its event.
    pub fn reply(&self, seq: u32) -> Option<&Turn> {
        self.turn_of(seq, Speaker::Persona).map(|at| &self.turns[at])
    }

    /// The words of a trainee's turn, by the number of its event, if they were said aloud.
    pub fn spoken(&self, seq: u32) -> Option<&Turn> {
        self.turn_of(seq, Speaker::Trainee).map(|at| &self.turns[at]).filter(|turn| turn.aloud)
    }

    fn is_over(&self) -> bool {
        self.closing || self.ended.is_some()
    }

    /// Under which conditions it was opened.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// The number of the event to come.
    pub fn next_seq(&self) -> u32 {
        self.next_seq
    }

    /// The character.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Who said and did what so far.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        if self.handoff.is_some() {
            Phase::HandedOff
        } else if self.is_over() {
            Phase::Ended
        } else if self.held_since.is_some() {
            Phase::OnHold
        } else if self.received_at.is_some() {
            Phase::Talking
        } else {
            Phase::Waiting
        }
    }

    /// When the exchange began.
    pub fn received_at(&self) -> Option<Timestamp> {
        self.received_at
    }

    /// The number of the event of picking up.
    pub fn received_seq(&self) -> Option<u32> {
        self.received_seq
    }

    /// The number of the event that the last turn came from; 0 before any.
    pub fn last_turn_seq(&self) -> u32 {
        self.seqs.last().copied().unwrap_or(0)
    }

    /// Since when the person waits on hold.
    pub fn held_since(&self) -> Option<Timestamp> {
        self.held_since
    }

    /// How long the person has been on hold at `now`, in milliseconds; 0 when not on hold.
    pub fn held_ms(&self, now: Timestamp) -> u64 {
        self.held_since.map_or(0, |since| millis_between(since, now))
    }

    /// What still waits for the character's answer.
    pub fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// Who ended it, once `Ended` was stored; [`State::ended`] tells it as soon as the last reply is.
    pub fn ended(&self) -> Option<EndedBy> {
        self.ended
    }

    /// The note, once written.
    pub fn handoff(&self) -> Option<&Handoff> {
        self.handoff.as_ref()
    }

    /// The coach hints shown, in order.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// What trainers whispered, in order.
    pub fn whispers(&self) -> &[Whisper] {
        &self.whispers
    }

    /// What hearing needs to know for the trainee's words to come, or for those that wait for an answer.
    pub fn context(&self) -> Context<'_> {
        let spoken = self.turns.iter().filter(|turn| turn.is_trainee() && turn.moved.is_none()).count();
        let waiting = usize::from(matches!(self.pending, Some(Pending::Spoke(_))));
        let last = self.turns.iter().rev().find(|turn| !turn.is_trainee() && !turn.text.is_empty());
        Context {
            trainee_turns: spoken - waiting,
            last_words: last.map(|turn| turn.text.as_str()),
            told: self.state.told(),
            cuts_in: cuts_in(&self.turns[..self.turns.len() - waiting]),
        }
    }

    /// The conversation as numbered turns.
    pub fn transcript(&self) -> Transcript {
        Transcript {
            persona: self.start.persona.clone(),
            channel: self.start.channel,
            turns: self.turns.clone(),
            ended: self.ended.or(self.state.ended()),
            handoff: self.handoff.clone(),
            whispers: self.whispers.clone(),
        }
    }
}

/// Milliseconds from `from` to `to`; 0 if the clock went back.
fn millis_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millisecond().saturating_sub(from.as_millisecond())).unwrap_or(0)
}
