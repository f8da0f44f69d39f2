//! One conversation as it is told outside, with its marks.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::Serialize;

use crate::clock::paris;
use crate::content::Content;
use crate::id::AssignmentId;
use crate::persona::{self, Channel};
use crate::store::{Rehearsed, Store, StoreError, StoredMark};

/// One conversation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The trainee, by the name the trainer knows.
    pub trainee: String,
    /// The trainee's id.
    pub trainee_id: String,
    /// The conversation's id.
    pub conversation: String,
    /// The situation's id.
    pub situation: String,
    /// Its title.
    pub title: String,
    /// `desk` or `phone`.
    pub channel: &'static str,
    /// When it began, in Paris.
    pub started_at: DateTime,
    /// When it ended.
    pub ended_at: Option<DateTime>,
    /// Time on task, in seconds.
    pub seconds: Option<u64>,
    /// What the situation usually takes, in minutes.
    pub expected_minutes: Option<u8>,
    /// Whether it goes on from a turn of an earlier one.
    pub again: bool,
    /// The title of the assignment it was done for.
    pub assignment: Option<String>,
    /// The id of the exam it is part of.
    pub booklet: Option<String>,
    /// `open`, `ended`, `rated`, or `reviewed` where a trainer's word stands.
    pub state: &'static str,
    /// 0 to 100.
    pub overall: Option<u8>,
    /// Scores per axis, 0 to 100.
    pub axes: BTreeMap<String, Option<u8>>,
    /// Digest of the situation's file.
    pub situation_version: String,
    /// Digest of the rubric's file.
    pub rubric_version: Option<String>,
    /// Version of the rules.
    pub engine: Option<String>,
    /// The marks, in the rubric's order.
    pub marks: Vec<MarkRow>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkRow {
    /// `5.1.b`.
    pub indicator: String,
    /// 0 to 2; none: not applicable.
    pub level: Option<u8>,
    /// The turn of the words that show it, from 0.
    pub turn: Option<u32>,
    /// Those words.
    pub quote: Option<String>,
}

/// What rows refer to by id and files do not tell.
#[derive(Clone, Debug, Default)]
pub struct Titles {
    /// Titles of assignments.
    pub assignments: BTreeMap<AssignmentId, String>,
    /// Titles of situations that trainers have written, and what they usually take, in minutes.
    pub situations: BTreeMap<String, (String, Option<u8>)>,
}

impl Titles {
    /// Reads what is told of all written situations.
    pub async fn read(
        store: &Store,
        assignments: impl IntoIterator<Item = (AssignmentId, String)>,
    ) -> Result<Titles, StoreError> {
        let mut situations = BTreeMap::new();
        for (id, title, digest) in store.situation_titles().await? {
            let text = store.version(&digest).await?;
            let persona = text.and_then(|text| persona::restore(&text).ok());
            situations.insert(id, (title, persona.map(|persona| persona.file().minutes)));
        }
        Ok(Titles { assignments: assignments.into_iter().collect(), situations })
    }
}

impl Row {
    /// Puts together what the store holds of a conversation.
    pub fn of(trainee: &str, rehearsed: &Rehearsed, marks: &[StoredMark], content: &Content, titles: &Titles) -> Row {
        let id = &rehearsed.persona;
        let of_file = content.persona(id).map(|persona| (persona.file().title.clone(), Some(persona.file().minutes)));
        let situation = of_file.or_else(|| titles.situations.get(id).cloned());
        let (title, expected_minutes) = situation.unwrap_or_else(|| (id.clone(), None));
        let rated = rehearsed.rated.as_ref();
        let mut marks: Vec<MarkRow> = marks
            .iter()
            .map(|mark| MarkRow {
                indicator: mark.indicator.clone(),
                level: mark.level,
                turn: mark.turn,
                quote: mark.quote.clone(),
            })
            .collect();
        let order = super::columns::order(content);
        marks.sort_by_key(|mark| order.get(mark.indicator.as_str()).copied().unwrap_or(usize::MAX));
        Row {
            trainee: trainee.to_owned(),
            trainee_id: rehearsed.visitor.to_string(),
            conversation: rehearsed.conversation.to_string(),
            situation: rehearsed.persona.clone(),
            title,
            channel: match rehearsed.channel {
                Channel::Desk => "desk",
                Channel::Phone => "phone",
            },
            started_at: to_the_second(paris(rehearsed.started_at).datetime()),
            ended_at: rehearsed.ended_at.map(|at| to_the_second(paris(at).datetime())),
            seconds: rehearsed.seconds,
            expected_minutes,
            again: rehearsed.again,
            assignment: rehearsed.assignment.map(|id| match titles.assignments.get(&id) {
                Some(title) => title.clone(),
                None => id.to_string(),
            }),
            booklet: rehearsed.booklet.map(|id| id.to_string()),
            state: match (rated, rehearsed.ended_at) {
                (Some(rated), _) if rated.by_trainer() => "reviewed",
                (Some(_), _) => "rated",
                (None, Some(_)) => "ended",
                (None, None) => "open",
            },
            overall: rated.and_then(|rated| rated.overall),
            axes: rated
                .map(|rated| rated.axes.iter().map(|axis| (axis.id.clone(), axis.score)).collect())
                .unwrap_or_default(),
            situation_version: rehearsed.persona_hash.clone(),
            rubric_version: rated.map(|rated| rated.rubric_hash.clone()),
            engine: rated.map(|rated| rated.engine.clone()),
            marks,
        }
    }

    /// The level of an indicator; none where it did not apply or was not marked.
    pub(super) fn level(&self, indicator: &str) -> Option<u8> {
        self.marks.iter().find(|mark| mark.indicator == indicator)?.level
    }
}

fn to_the_second(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}
