//! What a sitting shows, criterion by criterion: marks with their origin, and what people still have to judge.
//!
//! Input: the booklet, the sitting, the scorecards of its conversations. Output: [`Report`]. Invariant: pure; an open
//! answer has no level until a person gives one; a trainer's word stands above any rule's.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::clock::{UNNOTICED_MS, millis};
use super::closed::{Given, question_marks, queue_marks};
use super::draw::{Drawn, Step, family_name};
use super::open::{Sign, proposal};
use super::sitting::{Progress, Sitting, Verdict};
use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::rubric::Rubric;
use crate::rubric::booklet::{Booklet, BookletIndicator, PartKind, Question, SeenIn};
use crate::scoring::{Evidence, Level, Scorecard};

/// A conversation of the booklet that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Played<'s> {
    /// Which situation, from 0.
    pub situation: usize,
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its marks: those that count.
    pub scorecard: &'s Scorecard,
    /// Whether the note was handed off.
    pub noted: bool,
}

/// All that a booklet shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The competences of the référentiel, in order.
    pub competences: Vec<Competence>,
    /// How the marks stand, all together.
    pub standing: Standing,
    /// When nobody was there.
    pub interruptions: Vec<Interruption>,
    /// How long each part took.
    pub spent: Vec<Spent>,
}

/// A competence.
#[derive(Clone, Debug, PartialEq)]
pub struct Competence {
    /// `C05`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Its criteria.
    pub criteria: Vec<Criterion>,
    /// How its marks stand.
    pub standing: Standing,
}

/// A criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// `5.1`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Whether it applies to what was drawn.
    pub applies: bool,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
}

/// An indicator with all that bears on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// `5.1.b`.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// Its marks, in the order of the booklet.
    pub marks: Vec<Mark>,
}

/// Where a mark comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The exchange of a situation.
    Exchange {
        /// Which situation, from 0.
        situation: usize,
        /// Its conversation.
        conversation: ConversationId,
    },
    /// The note of a situation.
    Note {
        /// Which situation, from 0.
        situation: usize,
        /// Its conversation.
        conversation: ConversationId,
    },
    /// A question, or the order of a queue.
    Question {
        /// Which situation, from 0.
        situation: usize,
        /// Number of the step.
        step: u16,
        /// Id of the question, or of the queue.
        id: String,
    },
    /// Nothing in the booklet.
    Nowhere,
}

/// How far a mark is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// By rules: a proposal, as all of them.
    Proposed,
    /// By a trainer.
    Judged,
    /// For people to judge.
    Open,
    /// Not applicable.
    NotApplicable,
}

/// One mark, or the place of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where it comes from.
    pub origin: Origin,
    /// How far it is settled.
    pub state: State,
    /// Its level; `None` while open, and where it does not apply.
    pub level: Option<Level>,
    /// Why, in French.
    pub reason: String,
    /// Words of the exchange that show it.
    pub evidence: Vec<Evidence>,
    /// For closed answers: what was found, what was missed, what was wrong.
    pub given: Option<Given>,
    /// For open answers: what was asked.
    pub asked: Option<String>,
    /// For open answers: the answer.
    pub answer: Option<String>,
    /// For open answers: the words that may tell what is expected.
    pub signs: Vec<Sign>,
    /// What a trainer decided.
    pub verdict: Option<Verdict>,
}

/// How marks stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Observed.
    pub observed: u32,
    /// Partly.
    pub partial: u32,
    /// Missed.
    pub missed: u32,
    /// For people to judge.
    pub open: u32,
}

/// A time when nobody was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interruption {
    /// During which part.
    pub step: u16,
    /// The last sign of life.
    pub from: Timestamp,
    /// The next one.
    pub until: Timestamp,
    /// How long, in milliseconds.
    pub lasted_ms: u64,
    /// How much of it did not count.
    pub given_back_ms: u64,
}

/// How long a part took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Number of the step.
    pub step: u16,
    /// How long, in milliseconds.
    pub spent_ms: u64,
    /// How long it could take.
    pub limit_ms: u64,
    /// Where it stands.
    pub progress: Progress,
}

impl Standing {
    fn count(&mut self, mark: &Mark) {
        match (mark.state, mark.level) {
            (State::Open, _) => self.open += 1,
            (_, Some(Level::Observed)) => self.observed += 1,
            (_, Some(Level::Partial)) => self.partial += 1,
            (_, Some(Level::Missed)) => self.missed += 1,
            (_, None) => {}
        }
    }

    /// All marks that apply.
    pub fn all(self) -> u32 {
        self.observed + self.partial + self.missed + self.open
    }
}

/// Says what a sitting shows.
pub fn report(booklet: &Booklet, sitting: &Sitting, played: &[Played<'_>], rubric: &Rubric, now: Timestamp) -> Report {
    let teller = Teller { booklet, sitting, played, rubric };
    let mut all = Standing::default();
    let competences: Vec<Competence> = booklet
        .file()
        .competence
        .iter()
        .map(|competence| {
            let criteria: Vec<Criterion> =
                booklet.criteria_of(&competence.id).map(|criterion| teller.criterion(criterion)).collect();
            let mut standing = Standing::default();
            for mark in criteria.iter().flat_map(|c| &c.indicators).flat_map(|indicator| &indicator.marks) {
                standing.count(mark);
                all.count(mark);
            }
            Competence { id: competence.id.clone(), label: competence.label.clone(), criteria, standing }
        })
        .collect();
    Report { competences, standing: all, interruptions: interruptions(sitting), spent: spent(sitting, now) }
}

fn interruptions(sitting: &Sitting) -> Vec<Interruption> {
    let one = |&(step, from, until): &(u16, Timestamp, Timestamp)| {
        let lasted_ms = millis(from, until);
        Interruption { step, from, until, lasted_ms, given_back_ms: lasted_ms.saturating_sub(UNNOTICED_MS) }
    };
    sitting.absences().iter().map(one).collect()
}

fn spent(sitting: &Sitting, now: Timestamp) -> Vec<Spent> {
    let one = |step| Spent {
        step,
        spent_ms: sitting.spent_ms(step, now),
        limit_ms: sitting.limit_ms(step),
        progress: sitting.progress(step),
    };
    (0..sitting.len()).map(one).collect()
}

/// The questions of a step, wherever they stand.
pub fn questions_of<'b>(booklet: &'b Booklet, step: &Step) -> Vec<&'b Question> {
    let setting = step.setting.as_deref();
    match step.kind {
        PartKind::Scene => {
            setting.and_then(|id| booklet.scene(id)).map_or_else(Vec::new, |scene| scene.question.iter().collect())
        }
        PartKind::Queue => {
            setting.and_then(|id| booklet.queue(id)).map_or_else(Vec::new, |queue| queue.question.iter().collect())
        }
        PartKind::Questions => step.questions.iter().filter_map(|id| booklet.question(id)).collect(),
        PartKind::Conversation | PartKind::Note => Vec::new(),
    }
}

struct Teller<'a> {
    booklet: &'a Booklet,
    sitting: &'a Sitting,
    played: &'a [Played<'a>],
    rubric: &'a Rubric,
}

impl Teller<'_> {
    fn criterion(&self, criterion: &crate::rubric::booklet::BookletCriterion) -> Criterion {
        let drawn: BTreeSet<&str> =
            self.sitting.draw().situations.iter().map(|drawn| family_name(drawn.family)).collect();
        let applies = criterion.families.is_empty() || criterion.families.iter().any(|f| drawn.contains(f.as_str()));
        let indicators = self.booklet.indicators_of(&criterion.id);
        Criterion {
            id: criterion.id.clone(),
            label: criterion.label.clone(),
            applies,
            indicators: indicators.map(|indicator| self.indicator(indicator, applies)).collect(),
        }
    }

    fn indicator(&self, indicator: &BookletIndicator, applies: bool) -> Indicator {
        let mut marks = Vec::new();
        if applies {
            if indicator.by == SeenIn::Conversation {
                let id = indicator.like.as_deref().unwrap_or(&indicator.id);
                marks.extend(self.played.iter().filter_map(|played| self.exchange(id, played)));
            }
            let over = |step: u16| {
                matches!(self.sitting.progress(step), Progress::Finished | Progress::TimeUp | Progress::UnderWay)
            };
            for (number, (situation, _, step)) in (0u16..).zip(self.sitting.draw().steps()).filter(|(n, _)| over(*n)) {
                marks.extend(self.asked(&indicator.id, situation, number, step));
            }
            if indicator.by == SeenIn::People || marks.is_empty() {
                marks.push(self.whole(indicator));
            }
        }
        Indicator { id: indicator.id.clone(), label: indicator.label.clone(), marks }
    }

    /// What the rubric's marks of a conversation say.
    fn exchange(&self, id: &str, played: &Played<'_>) -> Option<Mark> {
        let mark = played.scorecard.marks.iter().find(|mark| mark.id == id)?;
        let note = self.rubric.indicator(id).is_some_and(|indicator| indicator.note);
        let Played { situation, conversation, .. } = *played;
        let origin =
            if note { Origin::Note { situation, conversation } } else { Origin::Exchange { situation, conversation } };
        let asked = self.sitting.draw().situations.get(situation).is_some_and(Drawn::has_note);
        if note && asked && !played.noted {
            return Some(Mark {
                level: Some(Level::Missed),
                reason: "Aucune note n'a été transmise.".to_owned(),
                ..bare(origin, State::Proposed)
            });
        }
        let state = if mark.level.is_some() { State::Proposed } else { State::NotApplicable };
        Some(Mark {
            level: mark.level,
            reason: mark.reason.clone(),
            evidence: mark.evidence.clone(),
            ..bare(origin, state)
        })
    }

    /// What the questions of a step say.
    fn asked(&self, id: &str, situation: usize, number: u16, step: &Step) -> Vec<Mark> {
        let answers = self.sitting.answers(number);
        let at = |id: &str| Origin::Question { situation, step: number, id: id.to_owned() };
        let mut marks = Vec::new();
        if let Some(queue) = step.setting.as_deref().and_then(|id| self.booklet.queue(id)) {
            let given = queue_marks(queue, answers).into_iter().filter(|given| given.indicator == id);
            marks.extend(given.map(|given| self.closed(at(&queue.id), &queue.id, given)));
        }
        for question in questions_of(self.booklet, step) {
            let given = question_marks(question, answers).into_iter().filter(|given| given.indicator == id);
            marks.extend(given.map(|given| self.closed(at(&question.id), &question.id, given)));
            if !question.expects.is_empty() && question.marks.iter().any(|marks| marks == id) {
                let words = answers.get(&question.id).and_then(Answer::words).unwrap_or_default();
                marks.push(self.open(at(&question.id), question, id, words));
            }
        }
        marks
    }

    fn closed(&self, origin: Origin, question: &str, given: Given) -> Mark {
        let mark = Mark {
            level: Some(given.level),
            reason: if given.found.is_empty() && given.wrong.is_empty() {
                "Rien de ce qui est attendu.".to_owned()
            } else {
                String::new()
            },
            ..bare(origin, State::Proposed)
        };
        let verdict = self.sitting.verdict(&given.indicator, Some(question)).cloned();
        judged(Mark { given: Some(given), ..mark }, verdict)
    }

    fn open(&self, origin: Origin, question: &Question, indicator: &str, words: &str) -> Mark {
        let verdict = self.sitting.verdict(indicator, Some(&question.id)).cloned();
        let mut mark = Mark { asked: Some(question.text.clone()), ..bare(origin, State::Open) };
        if words.is_empty() {
            mark.state = State::Proposed;
            mark.level = Some(Level::Missed);
            "Pas de réponse.".clone_into(&mut mark.reason);
        } else {
            mark.answer = Some(words.to_owned());
            mark.signs = proposal(question, words);
        }
        judged(mark, verdict)
    }

    /// What nothing in the booklet shows.
    fn whole(&self, indicator: &BookletIndicator) -> Mark {
        let reason = match indicator.by {
            SeenIn::People => "Aucune grille ne le lit : votre formateur l'apprécie.",
            SeenIn::Conversation => "Aucun échange du livret ne le montre.",
            SeenIn::Booklet => "Aucune question tirée ne le montre.",
        };
        let verdict = self.sitting.verdict(&indicator.id, None).cloned();
        judged(Mark { reason: reason.to_owned(), ..bare(Origin::Nowhere, State::Open) }, verdict)
    }
}

fn bare(origin: Origin, state: State) -> Mark {
    Mark {
        origin,
        state,
        level: None,
        reason: String::new(),
        evidence: Vec::new(),
        given: None,
        asked: None,
        answer: None,
        signs: Vec::new(),
        verdict: None,
    }
}

/// A trainer's word stands above the rules'.
fn judged(mut mark: Mark, verdict: Option<Verdict>) -> Mark {
    if let Some(verdict) = &verdict {
        mark.level = verdict.level;
        mark.state = if verdict.level.is_some() { State::Judged } else { State::NotApplicable };
    }
    Mark { verdict, ..mark }
}

impl Drawn {
    /// Whether it asks for a note.
    pub fn has_note(&self) -> bool {
        self.steps.iter().any(|step| step.kind == PartKind::Note)
    }
}
