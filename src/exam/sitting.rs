//! A booklet as its events tell it.
//!
//! Input: a [`Draw`] and events. Output: [`Sitting`]. Invariant: replaying the events gives the same sitting; at most one
//! part is under way; parts are entered in order.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answers;
use super::clock::{GRACE_MS, SILENCE_MS, Time, extended, millis};
use super::draw::Draw;
use super::event::{Event, Happening};
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::rubric::booklet::PartKind;
use crate::scoring::Level;

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not entered yet.
    ToCome,
    /// Its time runs.
    UnderWay,
    /// Finished in time.
    Finished,
    /// Its time ran out.
    TimeUp,
    /// Left out: the booklet was stopped before.
    LeftOut,
}

/// What a trainer decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The level; `None`: not applicable.
    pub level: Option<Level>,
    /// A word on it.
    pub word: String,
    /// Who.
    pub by: VisitorId,
    /// When.
    pub at: Timestamp,
}

/// One part as it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stage {
    time: Time,
    up: bool,
    answers: Answers,
    /// The number of the last event that changed the answers.
    seen: u32,
    conversation: Option<ConversationId>,
    /// How many times each answer was kept.
    versions: BTreeMap<String, u32>,
}

/// A booklet being sat, or sat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    draw: Draw,
    begun_at: Timestamp,
    next_seq: u32,
    extra_percent: u16,
    stages: Vec<Stage>,
    current: Option<u16>,
    absences: Vec<(u16, Timestamp, Timestamp)>,
    ended_at: Option<Timestamp>,
    stopped: bool,
    verdicts: BTreeMap<(String, Option<String>), Verdict>,
}

/// Events that do not make a sitting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SittingError {
    /// The first event is not a beginning.
    #[error("fold a booklet that does not begin with its beginning")]
    NotBegun,
    /// A number is missing or comes twice.
    #[error("fold event {found} where {expected} should be")]
    Gap {
        /// The next number.
        expected: u32,
        /// The one found.
        found: u32,
    },
    /// The part cannot do that now: it is not under way, not the next one, or not of that kind.
    #[error("fold event {seq}, which does not fit part {step}")]
    OutOfPlace {
        /// The event.
        seq: u32,
        /// The step it names.
        step: u16,
    },
    /// The booklet is over, or has begun already.
    #[error("fold event {seq} of a booklet that is over or has begun already")]
    Over {
        /// The event.
        seq: u32,
    },
}

impl Sitting {
    /// Folds a whole list of events.
    pub fn fold(draw: &Draw, events: &[Event]) -> Result<Sitting, SittingError> {
        let (first, rest) = events.split_first().ok_or(SittingError::NotBegun)?;
        let Happening::Begun(opened) = &first.happening else { return Err(SittingError::NotBegun) };
        if first.seq != 0 {
            return Err(SittingError::Gap { expected: 0, found: first.seq });
        }
        let mut sitting = Sitting {
            draw: draw.clone(),
            begun_at: first.at,
            next_seq: 1,
            extra_percent: opened.extra_percent,
            stages: vec![Stage::default(); draw.steps().count()],
            current: None,
            absences: Vec::new(),
            ended_at: None,
            stopped: false,
            verdicts: BTreeMap::new(),
        };
        for event in rest {
            sitting.apply(event)?;
        }
        Ok(sitting)
    }

    /// Takes one more event; a refused one changes nothing.
    pub fn apply(&mut self, event: &Event) -> Result<(), SittingError> {
        let (seq, at) = (event.seq, event.at);
        if seq != self.next_seq {
            return Err(SittingError::Gap { expected: self.next_seq, found: seq });
        }
        let late = matches!(event.happening, Happening::Judged { .. } | Happening::Granted { .. });
        if self.ended_at.is_some() && !late {
            return Err(SittingError::Over { seq });
        }
        match &event.happening {
            Happening::Begun(_) => return Err(SittingError::Over { seq }),
            Happening::Entered { step } => {
                if self.current.is_some() || self.next_step() != Some(*step) {
                    return Err(SittingError::OutOfPlace { seq, step: *step });
                }
                self.stages[usize::from(*step)].time.entered_at = Some(at);
                self.current = Some(*step);
            }
            Happening::Answered { step, answers } => {
                let stage = self.under_way(seq, *step)?;
                for (question, answer) in answers {
                    *stage.versions.entry(question.clone()).or_default() += 1;
                    stage.answers.insert(question.clone(), answer.clone());
                }
                stage.seen = seq;
            }
            Happening::Conversed { step, conversation } => {
                let kind = self.draw.step(*step).map(|(_, _, step)| step.kind);
                let stage = self.under_way(seq, *step)?;
                if kind != Some(PartKind::Conversation) || stage.conversation.is_some() {
                    return Err(SittingError::OutOfPlace { seq, step: *step });
                }
                stage.conversation = Some(*conversation);
            }
            Happening::Away { from, until } => {
                let from = self.last_back().map_or(*from, |back| back.max(*from));
                if let Some(step) = self.current.filter(|_| from < *until) {
                    self.stages[usize::from(step)].time.absent(from, *until);
                    self.absences.push((step, from, *until));
                }
            }
            Happening::Finished { step } | Happening::TimeUp { step } => {
                let up = matches!(event.happening, Happening::TimeUp { .. });
                let stage = self.under_way(seq, *step)?;
                stage.time.left_at = Some(at);
                stage.up = up;
                self.current = None;
                if self.next_step().is_none() {
                    self.ended_at = Some(at);
                }
            }
            Happening::Granted { percent, .. } => {
                self.extra_percent = *percent;
            }
            Happening::Stopped => {
                if let Some(step) = self.current.take() {
                    self.stages[usize::from(step)].time.left_at = Some(at);
                }
                self.ended_at = Some(at);
                self.stopped = true;
            }
            Happening::Judged { indicator, question, level, word, by } => {
                let verdict = Verdict { level: *level, word: word.clone(), by: *by, at };
                self.verdicts.insert((indicator.clone(), question.clone()), verdict);
            }
        }
        self.next_seq += 1;
        Ok(())
    }

    /// When the last absence ended: of two tabs that come back, the second has nothing to tell.
    fn last_back(&self) -> Option<Timestamp> {
        self.absences.last().map(|(_, _, until)| *until)
    }

    fn under_way(&mut self, seq: u32, step: u16) -> Result<&mut Stage, SittingError> {
        if self.current != Some(step) {
            return Err(SittingError::OutOfPlace { seq, step });
        }
        self.stages.get_mut(usize::from(step)).ok_or(SittingError::OutOfPlace { seq, step })
    }

    /// What time asks for at `now`, after a last sign of life at `seen`: an absence to record, a part whose time is up.
    /// `seen` is `None` where signs of life cannot be known: then all time counts.
    pub fn due(&self, seen: Option<Timestamp>, now: Timestamp) -> Vec<Happening> {
        let Some(step) = self.current else { return Vec::new() };
        let mut due = Vec::new();
        let mut time = self.stages[usize::from(step)].time;
        let known = [time.entered_at, self.last_back()];
        let from = seen.map(|seen| known.into_iter().flatten().fold(seen, Timestamp::max));
        if let Some(from) = from.filter(|from| millis(*from, now) > SILENCE_MS) {
            time.absent(from, now);
            due.push(Happening::Away { from, until: now });
        }
        if time.spent_ms(now) >= self.limit_ms(step) + GRACE_MS {
            due.push(Happening::TimeUp { step });
        }
        due
    }

    /// What was drawn.
    pub fn draw(&self) -> &Draw {
        &self.draw
    }

    /// When it was opened.
    pub fn begun_at(&self) -> Timestamp {
        self.begun_at
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at
    }

    /// Whether it was stopped before its last part.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// The number of the event to come.
    pub fn next_seq(&self) -> u32 {
        self.next_seq
    }

    /// Extra time for every part, in per cent.
    pub fn extra_percent(&self) -> u16 {
        self.extra_percent
    }

    /// How many parts there are.
    pub fn len(&self) -> u16 {
        u16::try_from(self.stages.len()).unwrap_or(u16::MAX)
    }

    /// Whether there are none: never, for a booklet that was checked.
    pub fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// The part under way.
    pub fn current(&self) -> Option<u16> {
        self.current
    }

    /// The part to enter next, when none is under way.
    pub fn next_step(&self) -> Option<u16> {
        if self.ended_at.is_some() {
            return None;
        }
        let next = self.stages.iter().position(|stage| stage.time.left_at.is_none());
        next.and_then(|step| u16::try_from(step).ok())
    }

    /// Where a part stands.
    pub fn progress(&self, step: u16) -> Progress {
        let Some(stage) = self.stage(step) else { return Progress::ToCome };
        match (stage.time.left_at, self.current == Some(step)) {
            (Some(_), _) if stage.up => Progress::TimeUp,
            (Some(_), _) => Progress::Finished,
            (None, true) => Progress::UnderWay,
            (None, false) if self.ended_at.is_some() => Progress::LeftOut,
            (None, false) => Progress::ToCome,
        }
    }

    /// How long a part may take, extra time included, in milliseconds.
    pub fn limit_ms(&self, step: u16) -> u64 {
        self.draw.step(step).map_or(0, |(_, _, step)| extended(step.limit_ms, self.extra_percent))
    }

    /// How much of it has been used, in milliseconds.
    pub fn spent_ms(&self, step: u16, now: Timestamp) -> u64 {
        self.stage(step).map_or(0, |stage| stage.time.spent_ms(now))
    }

    /// How much is left, in milliseconds.
    pub fn left_ms(&self, step: u16, now: Timestamp) -> u64 {
        self.limit_ms(step).saturating_sub(self.spent_ms(step, now))
    }

    /// The last version of each answer of a part.
    pub fn answers(&self, step: u16) -> &Answers {
        static NONE: Answers = Answers::new();
        self.stage(step).map_or(&NONE, |stage| &stage.answers)
    }

    /// The number of the last event that changed a part's answers; 0 before any.
    pub fn seen(&self, step: u16) -> u32 {
        self.stage(step).map_or(0, |stage| stage.seen)
    }

    /// How many times an answer was kept.
    pub fn versions(&self, step: u16, question: &str) -> u32 {
        self.stage(step).and_then(|stage| stage.versions.get(question)).copied().unwrap_or(0)
    }

    /// The conversation of a part.
    pub fn conversation(&self, step: u16) -> Option<ConversationId> {
        self.stage(step)?.conversation
    }

    /// The conversation of a situation.
    pub fn conversation_of(&self, situation: usize) -> Option<ConversationId> {
        self.conversation(self.draw.conversation_of(situation)?)
    }

    /// The absences: during which part, from when, until when.
    pub fn absences(&self) -> &[(u16, Timestamp, Timestamp)] {
        &self.absences
    }

    /// What a trainer decided on an indicator, for a question or for the whole.
    pub fn verdict(&self, indicator: &str, question: Option<&str>) -> Option<&Verdict> {
        self.verdicts.get(&(indicator.to_owned(), question.map(str::to_owned)))
    }

    /// Whoever judged something, once each.
    pub fn judges(&self) -> BTreeSet<VisitorId> {
        self.verdicts.values().map(|verdict| verdict.by).collect()
    }

    fn stage(&self, step: u16) -> Option<&Stage> {
        self.stages.get(usize::from(step))
    }
}
