//! Exam booklets as the service holds them: opened, settled with the clock, appended to.
//!
//! Input: a booklet's id, the clock, signs of life. Output: an [`Exam`]. Invariant: whatever a page shows or takes was
//! settled first: an absence is recorded, a part whose time is up is closed, and what it leaves open is closed too; so
//! it does not matter whether anyone was there when it happened, or whether the service was.

use std::sync::Arc;

use super::Comptoir;
use super::code::Code;
use super::failure::Failure;
use super::handlers::conversation::live;
use super::handlers::handoff::{Note, hand_off, read};
use super::pages::paths;
use crate::clock::Timestamp;
use crate::content::{Content, Kind};
use crate::entropy::seed;
use crate::exam::{Answer, Event, Happening, Opened, Progress, Sitting, draw};
use crate::id::{AssignmentId, BookletId, ConversationId, VisitorId};
use crate::persona::Persona;
use crate::rubric::booklet::{self, Booklet, PartKind};
use crate::store::{NewBooklet, StoreError, StoredBooklet, Version, VersionKind};
use crate::transcript::{EndedBy, Happening as Turned, Phase};

/// How many times another tab may get in first.
const ATTEMPTS: usize = 6;

/// A booklet with what its events tell.
#[derive(Clone, Debug)]
pub(super) struct Exam {
    pub(super) stored: StoredBooklet,
    pub(super) sitting: Sitting,
}

/// Who gives a sign of life, if anyone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nobody: somebody else looks.
    None,
    /// Whoever sits it asks for a page.
    Page,
    /// A page of theirs tells that it is open.
    Ping,
}

/// A booklet to open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a> {
    /// Id of the booklet's file.
    pub(super) kind: &'a str,
    /// Under which assignment, if any.
    pub(super) assignment: Option<AssignmentId>,
    /// The seed of the draw; `None` for one of its own.
    pub(super) seed: Option<u64>,
    /// Extra time granted in advance, in per cent.
    pub(super) extra_percent: u16,
}

/// Draws a booklet and opens it; keeps every version that it is made of, so that no file broken later stops it.
pub(super) async fn open(
    comptoir: &Comptoir,
    content: &Content,
    visitor: VisitorId,
    opening: Opening<'_>,
) -> Result<BookletId, Failure> {
    let booklet = content.booklet(opening.kind).ok_or(Code::UnknownBooklet)?;
    let seed = opening.seed.unwrap_or_else(|| seed(comptoir.entropy.as_ref()));
    let personas = content.personas().map(AsRef::as_ref);
    let draw = draw(booklet, personas, seed).map_err(|error| Failure::because(Code::SituationBroken, error))?;
    let now = comptoir.now();
    let kept = std::iter::once((VersionKind::Booklet, Kind::Booklet, booklet.id(), booklet.hash())).chain(
        draw.situations
            .iter()
            .map(|drawn| (VersionKind::Persona, Kind::Persona, drawn.persona.as_str(), drawn.persona_hash.as_str())),
    );
    for (kind, file, name, digest) in kept {
        let text = content.good_files().get(file, name).map(|file| file.text.as_str());
        let text = text.ok_or_else(|| Failure::internal("a file in force without its text"))?;
        comptoir.store.keep_version(Version { kind, name, digest, text }, now).await?;
    }
    let id = BookletId::new(comptoir.ulid());
    let opened = Opened { seed, extra_percent: opening.extra_percent };
    let new = NewBooklet { id, visitor, assignment: opening.assignment, draw: &draw, opened, at: now };
    comptoir.store.open_booklet(&new).await?;
    tracing::info!(booklet = %id, kind = opening.kind, "booklet opened");
    Ok(id)
}

/// The booklet's file in the version that it was drawn from.
pub(super) async fn file_of(comptoir: &Comptoir, stored: &StoredBooklet) -> Result<Arc<Booklet>, Failure> {
    let draw = &stored.draw;
    let content = comptoir.library.content();
    if let Some(booklet) = content.booklet(&draw.booklet).filter(|booklet| booklet.hash() == draw.booklet_hash) {
        return Ok(Arc::clone(booklet));
    }
    let text = comptoir.store.version(&draw.booklet_hash).await?.ok_or(Code::SituationBroken)?;
    let kept = booklet::restore(&text).map_err(|error| Failure::because(Code::SituationBroken, error))?;
    Ok(Arc::new(kept))
}

/// The persona of a situation in the version that it was drawn from; `None` if it cannot be read any more.
pub(super) async fn persona_of(
    comptoir: &Comptoir,
    exam: &Exam,
    situation: usize,
) -> Result<Option<Arc<Persona>>, Failure> {
    let Some(drawn) = exam.sitting.draw().situations.get(situation) else { return Ok(None) };
    let stage = comptoir.stages.of_version(&drawn.persona, &drawn.persona_hash).await?;
    Ok(stage.map(|stage| stage.persona))
}

/// The booklet as it stands now: what time asks for is recorded first.
pub(super) async fn settle(comptoir: &Comptoir, id: BookletId, sign: Sign) -> Result<Exam, Failure> {
    for _ in 0..ATTEMPTS {
        let stored = comptoir.store.booklet(id).await?.ok_or(Code::UnknownBooklet)?;
        let events = comptoir.store.booklet_events(id).await?;
        let sitting = Sitting::fold(&stored.draw, &events).map_err(Failure::internal)?;
        let mut exam = Exam { stored, sitting };
        let now = comptoir.now();
        let mut due = exam.sitting.due(exam.stored.seen_at.filter(|_| exam.stored.pings), now);
        if !due.iter().any(|due| matches!(due, Happening::TimeUp { .. }))
            && let Some(step) = ended_exchange(comptoir, &exam).await?
        {
            due.push(Happening::Finished { step });
        }
        let something = !due.is_empty();
        match exam.append(comptoir, due).await {
            Ok(()) => {}
            Err(Refused::Store(StoreError::Conflict)) => continue,
            Err(refused) => return Err(refused.into()),
        }
        if sign != Sign::None && exam.sitting.ended_at().is_none() {
            comptoir.store.see_booklet(id, now, sign == Sign::Ping).await?;
        }
        if something || exam.sitting.ended_at().is_some() {
            close_what_is_left(comptoir, &exam).await?;
        }
        return Ok(exam);
    }
    Err(Code::StoreBusy.into())
}

/// The step under way, if it is an exchange that has ended.
async fn ended_exchange(comptoir: &Comptoir, exam: &Exam) -> Result<Option<u16>, Failure> {
    let Some(step) = exam.sitting.current() else { return Ok(None) };
    let Some(conversation) = exam.sitting.conversation(step) else { return Ok(None) };
    let conversation = comptoir.store.conversation(conversation).await?;
    Ok(conversation.and_then(|conversation| conversation.ended_at).map(|_| step))
}

/// Ends the exchanges of parts that are over, and hands off the notes that were ready when their time ran out.
async fn close_what_is_left(comptoir: &Comptoir, exam: &Exam) -> Result<(), Failure> {
    let over =
        |step: u16| matches!(exam.sitting.progress(step), Progress::Finished | Progress::TimeUp | Progress::LeftOut);
    for (number, (situation, _, step)) in (0u16..).zip(exam.sitting.draw().steps()).filter(|(n, _)| over(*n)) {
        let Some(id) = exam.sitting.conversation_of(situation) else { continue };
        let Some(conversation) = comptoir.store.conversation(id).await? else { continue };
        if step.kind == PartKind::Conversation && conversation.ended_at.is_none() {
            end(comptoir, id).await?;
        }
        if step.kind == PartKind::Note && exam.sitting.progress(number) == Progress::TimeUp {
            // A situation that cannot be read any more keeps its note in the booklet.
            let Ok((stage, live)) = live(comptoir, &conversation).await else { continue };
            if live.phase() == Phase::Ended
                && let Ok(handoff) = read(&note_of(exam, number), &stage)
            {
                hand_off(comptoir, id, &live, handoff).await?;
            }
        }
    }
    Ok(())
}

/// Ends an exchange that its booklet leaves. Its own task, if there is one, sees that it has moved on.
async fn end(comptoir: &Comptoir, id: ConversationId) -> Result<(), Failure> {
    for _ in 0..ATTEMPTS {
        let events = comptoir.store.events(id, 0).await?;
        let over = events.iter().any(|event| matches!(event.happening, Turned::Ended { .. }));
        let (false, Some(last)) = (over, events.last()) else { return Ok(()) };
        let ended = vec![Turned::Ended { by: EndedBy::Abandoned }];
        match comptoir.store.append(id, last.seq + 1, ended, comptoir.now()).await {
            Err(StoreError::Conflict) => {}
            other => return Ok(other.map(drop)?),
        }
    }
    Err(Code::StoreBusy.into())
}

/// The note as answered so far.
pub(super) fn note_of(exam: &Exam, step: u16) -> Note {
    let answers = exam.sitting.answers(step);
    let field = |name: &str| answers.get(name).and_then(Answer::words).unwrap_or_default().to_owned();
    Note { service: field("service"), urgency: field("urgency"), summary: field("summary") }
}

/// Where a conversation sends back to, if it belongs to a booklet under way.
pub(super) async fn sends_back(comptoir: &Comptoir, conversation: ConversationId) -> Result<Option<String>, Failure> {
    let booklet = comptoir.store.booklet_with(conversation).await?;
    Ok(booklet.filter(|booklet| booklet.ended_at.is_none()).map(|booklet| paths::booklet(&booklet.id.to_string())))
}

/// Whether words may still be said in a conversation: always, but in a booklet only in its part's time.
pub(super) async fn still_on(comptoir: &Comptoir, conversation: ConversationId) -> Result<bool, Failure> {
    let Some(booklet) = comptoir.store.booklet_with(conversation).await? else { return Ok(true) };
    if booklet.ended_at.is_some() {
        return Ok(false);
    }
    let exam = settle(comptoir, booklet.id, Sign::Page).await?;
    let step = exam.sitting.current();
    Ok(step.is_some_and(|step| exam.sitting.conversation(step) == Some(conversation)))
}

/// Why nothing was appended.
#[derive(Debug)]
pub(super) enum Refused {
    /// It does not fit what is there.
    OutOfPlace,
    /// The store refused, or another tab was heard first.
    Store(StoreError),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused {
            Refused::OutOfPlace => Code::TimeUp.into(),
            Refused::Store(error) => error.into(),
        }
    }
}

impl Exam {
    /// Appends what happened, if it fits; all or nothing.
    pub(super) async fn append(&mut self, comptoir: &Comptoir, happenings: Vec<Happening>) -> Result<(), Refused> {
        if happenings.is_empty() {
            return Ok(());
        }
        let (now, first) = (comptoir.now(), self.sitting.next_seq());
        // As the store keeps it.
        let at = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let mut after = self.sitting.clone();
        for (seq, happening) in (first..).zip(&happenings) {
            let event = Event { seq, at, happening: happening.clone() };
            after.apply(&event).map_err(|_| Refused::OutOfPlace)?;
        }
        let ends = after.ended_at().is_some() && self.sitting.ended_at().is_none();
        let stored = comptoir.store.append_to_booklet(self.stored.id, first, happenings, at, ends).await;
        stored.map_err(Refused::Store)?;
        if ends {
            self.stored.ended_at = after.ended_at();
        }
        self.sitting = after;
        Ok(())
    }
}

/// Appends what `decide` makes of the booklet as it stands, again where another tab was heard first. `None`: nothing.
pub(super) async fn change(
    comptoir: &Comptoir,
    id: BookletId,
    sign: Sign,
    decide: impl Fn(&Exam) -> Result<Option<Happening>, Failure>,
) -> Result<Exam, Failure> {
    for _ in 0..ATTEMPTS {
        let mut exam = settle(comptoir, id, sign).await?;
        let Some(happening) = decide(&exam)? else { return Ok(exam) };
        match exam.append(comptoir, vec![happening]).await {
            Ok(()) => return Ok(exam),
            Err(Refused::Store(StoreError::Conflict)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Code::StoreBusy.into())
}
