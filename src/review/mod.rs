//! An ended conversation, scored by rules, completed by a model where one judges, decided by a trainer where one has, and
//! what its report shows.
//!
//! Input: a conversation that has ended, its persona, the content in force. Output: a [`Review`], its scorecards stored.
//! Invariant: safe to run twice and to run again after every scorecard was deleted: the same events under the same
//! versions always give the same marks, with the same judgement where there is one. A conversation once scored keeps the
//! version of the rubric it was scored with. No model is asked here: [`complete`] does, when nobody waits.

mod judge;
mod judging;
mod publishing;

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::content::{Content, Kind};
use crate::hearing::Ears;
use crate::id::ConversationId;
use crate::persona::Persona;
use crate::rubric::{self, Rubric};
use crate::scoring::judge::{Judged, combine, digest};
use crate::scoring::{Report, Scorecard, report, report_of, rule};
use crate::store::{
    Judge as By, Judgement, Judging, JudgingState, Publication, Store, StoreError, Version, VersionKind,
};
use crate::transcript::{Event, FoldError, Live, Phase, Transcript};

pub use judge::{Case, Judge, Setback};
pub use judging::{Bench, Came, LEASE, complete, give_up, take_up, want};
pub use publishing::{PublishError, publish};

/// A conversation with its marks and what they say.
#[derive(Clone, Debug)]
pub struct Review {
    /// Which.
    pub conversation: ConversationId,
    /// The conversation as its events tell it.
    pub live: Live,
    /// Its events.
    pub events: Vec<Event>,
    /// The marks that count, moments and advice: a trainer's where they are published, else the automatic ones.
    pub report: Report,
    /// The automatic marks as they stand now: the rules', completed by a model's where there are any.
    pub automatic: Scorecard,
    /// The rules' marks alone.
    pub rules: Scorecard,
    /// The trainer's word that counts, once there is one.
    pub publication: Option<Publication>,
    /// Where the model's stand; `None` where none was asked.
    pub judging: Option<Judging>,
    /// The rubric that gave the marks.
    pub rubric: Arc<Rubric>,
    /// Whether the rules' marks were stored already.
    known: bool,
}

/// Why a conversation cannot be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// It goes on.
    #[error("review a conversation that has not ended")]
    NotOver,
    /// No rubric is in force.
    #[error("review without a rubric")]
    NoRubric,
    /// What is stored does not make a conversation.
    #[error("read the conversation")]
    Unreadable(#[from] FoldError),
    /// The store failed.
    #[error("read or store what a review needs")]
    Store(#[from] StoreError),
}

/// Scores a conversation that has ended, and stores its scorecards unless they are there already.
pub async fn review(
    store: &Store,
    content: &Content,
    played: (&Persona, &Ears),
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Review, ReviewError> {
    let reviewed = look(store, content, played, conversation).await?;
    let (events, rubric) = (reviewed.live.next_seq(), &reviewed.rubric);
    if !reviewed.known {
        keep(store, content, rubric, judgement(conversation, By::Rules, events, &reviewed.rules), now).await?;
    }
    let both = &reviewed.automatic;
    if both.model.is_some() {
        keep(store, content, rubric, judgement(conversation, By::Both, events, both), now).await?;
    }
    if let Some(publication) = &reviewed.publication {
        // The word that was published is the truth; the scorecard that follows from it can be made again.
        let ruled = &reviewed.report.scorecard;
        let stored = store.scorecard(conversation, By::Trainer).await?;
        if stored.is_none_or(|stored| stored.scorecard.engine != ruled.engine) {
            keep(store, content, rubric, judgement(conversation, By::Trainer, publication.events, ruled), now).await?;
        }
    }
    Ok(reviewed)
}

/// The same, but nothing is stored: a stored scorecard says that somebody has seen it.
async fn look(
    store: &Store,
    content: &Content,
    (persona, ears): (&Persona, &Ears),
    conversation: ConversationId,
) -> Result<Review, ReviewError> {
    let events = store.events(conversation, 0).await?;
    let live = Live::fold(persona, &events)?;
    if !matches!(live.phase(), Phase::Ended | Phase::HandedOff) {
        return Err(ReviewError::NotOver);
    }
    let stored = store.scorecard(conversation, By::Rules).await?;
    // A note written again after the scoring is judged too.
    let stored = stored.filter(|stored| stored.events == live.next_seq()).map(|stored| stored.scorecard);
    let publication = store.publication(conversation).await?;
    // What a trainer has decided stays under the version that it was decided under.
    let made_with = publication.as_ref().map(|publication| &publication.automatic).or(stored.as_ref());
    let rubric = rubric_of(store, content, &live.start().rubric, made_with).await?;
    let judging = store.judging(conversation).await?;
    let transcript = live.transcript();
    let stored = stored.filter(|stored| stored.rubric_hash == rubric.hash());
    let known = stored.is_some();
    let mut report = match stored {
        Some(stored) => report_of(stored, &transcript, persona, ears, &rubric),
        None => report(&transcript, persona, ears, &rubric),
    };
    let rules = report.scorecard.clone();
    if let Some(judged) = judgement_of(judging.as_ref(), &rules, &transcript) {
        let both = combine(&rules, judged, &rubric, &transcript);
        report = report_of(both, &transcript, persona, ears, &rubric);
    }
    let automatic = report.scorecard.clone();
    if let Some(publication) = &publication {
        let decided = rule(&publication.automatic, &publication.rulings, &rubric, publication.number);
        report = report_of(decided, &transcript, persona, ears, &rubric);
    }
    Ok(Review { conversation, live, events, report, automatic, rules, publication, judging, rubric, known })
}

/// What a model made of it, once that is done, if it was of these words and under the same versions: what was judged
/// before a turn was corrected does not count until it is judged again.
fn judgement_of<'j>(judging: Option<&'j Judging>, rules: &Scorecard, transcript: &Transcript) -> Option<&'j Judged> {
    let judged = judging.filter(|judging| judging.state == JudgingState::Done)?.judged.as_ref()?;
    let alike = judged.rubric_hash == rules.rubric_hash && judged.persona_hash == rules.persona_hash;
    (alike && !judged.axes.is_empty() && judged.digest == digest(transcript)).then_some(judged)
}

fn judgement(conversation: ConversationId, judge: By, events: u32, scorecard: &Scorecard) -> Judgement<'_> {
    Judgement { conversation, judge, events, overall: overall(scorecard), scorecard }
}

/// The result as one figure: the mean of the axes that apply, 0 to 100.
pub fn overall(scorecard: &Scorecard) -> Option<u8> {
    let scores: Vec<u32> = scorecard.axes.iter().filter_map(|axis| axis.score.map(u32::from)).collect();
    let count = u32::try_from(scores.len()).ok().filter(|count| *count > 0)?;
    u8::try_from((scores.iter().sum::<u32>() + count / 2) / count).ok()
}

/// The version that gave the stored marks; without marks, or where that version is gone, the one in force.
async fn rubric_of(
    store: &Store,
    content: &Content,
    id: &str,
    stored: Option<&Scorecard>,
) -> Result<Arc<Rubric>, ReviewError> {
    let in_force = content.rubric(id).or_else(|| content.rubrics().next()).cloned();
    let Some(stored) = stored else { return in_force.ok_or(ReviewError::NoRubric) };
    let known = content.rubric(&stored.rubric).filter(|rubric| rubric.hash() == stored.rubric_hash);
    if let Some(rubric) = known {
        return Ok(Arc::clone(rubric));
    }
    let text = store.version(&stored.rubric_hash).await?;
    let kept = text.and_then(|text| rubric::restore(&text).ok());
    kept.map(Arc::new).or(in_force).ok_or(ReviewError::NoRubric)
}

/// Keeps a scorecard, and before it the version of the rubric that it names.
async fn keep(
    store: &Store,
    content: &Content,
    rubric: &Rubric,
    judgement: Judgement<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(file) = content.good_files().get(Kind::Rubric, rubric.id()) {
        let version = Version { kind: VersionKind::Rubric, name: rubric.id(), digest: rubric.hash(), text: &file.text };
        store.keep_version(version, now).await?;
    }
    store.keep_scorecard(judgement, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Score;

    #[test]
    fn the_overall_result_is_the_mean_of_the_axes_that_apply() {
        fn check(scores: &[Option<u8>], expect: Option<u8>) {
            let axes = scores.iter().map(|score| Score { id: String::new(), score: *score }).collect();
            let scorecard = Scorecard {
                persona: String::new(),
                persona_hash: String::new(),
                rubric: String::new(),
                rubric_hash: String::new(),
                engine: String::new(),
                marks: Vec::new(),
                axes,
                competences: Vec::new(),
                criteria: Vec::new(),
                model: None,
            };
            assert_eq!(overall(&scorecard), expect, "{scores:?}");
        }
        check(&[Some(40), None, Some(61)], Some(51));
        check(&[Some(100), Some(100), Some(100), Some(100)], Some(100));
        check(&[None, None], None);
        check(&[], None);
    }
}
