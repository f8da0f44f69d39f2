//! What a group misses most, with words that show it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::People;
use crate::cohort::Missed;
use crate::id::ConversationId;
use crate::scoring::Level;
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::conversation::readable;
use crate::server::pages::{Example, MissedLine, french, paths};
use crate::store::{Rehearsed, StoredMark};

/// How many examples an indicator has.
const EXAMPLES: usize = 3;

/// The lines, with their examples: the marks are read in one statement, words that no mark quotes from conversations.
pub(super) async fn missed(
    comptoir: &Comptoir,
    people: &People<'_>,
    rehearsed: &[Rehearsed],
    missed: &[Missed],
) -> Result<Vec<MissedLine>, Failure> {
    let rehearsed: BTreeMap<ConversationId, &Rehearsed> = rehearsed.iter().map(|one| (one.conversation, one)).collect();
    let scorecard = |id: &ConversationId| Some(rehearsed.get(id)?.rated.as_ref()?.scorecard);
    let mut scorecards: Vec<i64> = missed.iter().flat_map(|one| &one.examples).filter_map(scorecard).collect();
    scorecards.sort_unstable();
    scorecards.dedup();
    let indicators: Vec<&str> = missed.iter().map(|one| one.indicator.as_str()).collect();
    let marks = if scorecards.is_empty() { Vec::new() } else { comptoir.store.marks(&scorecards, &indicators).await? };
    let marks: BTreeMap<(i64, &str), &StoredMark> =
        marks.iter().map(|mark| ((mark.scorecard, mark.indicator.as_str()), mark)).collect();

    let content = people.content;
    let mut spoken = Spoken::default();
    let mut lines = Vec::new();
    for one in missed {
        let mut examples = Vec::new();
        for id in &one.examples {
            let mark = scorecard(id).and_then(|scorecard| marks.get(&(scorecard, one.indicator.as_str())));
            let (Some(rehearsed), Some(mark)) = (rehearsed.get(id), mark) else { continue };
            let Some(turn) = mark.turn.and_then(|turn| usize::try_from(turn).ok()) else { continue };
            let quote = match &mark.quote {
                Some(quote) => quote.clone(),
                None => spoken.at(comptoir, *id, turn).await?.unwrap_or_default(),
            };
            if quote.is_empty() {
                continue;
            }
            examples.push(Example {
                quote,
                expected: mark.quote.is_none(),
                name: people.name(rehearsed.visitor),
                title: people.title(&rehearsed.persona),
                href: paths::moment(&id.to_string(), turn),
                level: french::level(mark.level.and_then(|level| Level::try_from(level).ok())),
            });
            if examples.len() == EXAMPLES {
                break;
            }
        }
        let known = content.rubrics().find_map(|rubric| Some((rubric, rubric.indicator(&one.indicator)?)));
        let axis = known.and_then(|(rubric, indicator)| rubric.axis(&indicator.axis));
        lines.push(MissedLine {
            id: one.indicator.clone(),
            label: known.map_or_else(|| one.indicator.clone(), |(_, indicator)| indicator.label.clone()),
            axis: axis.map(|axis| axis.name.clone()).unwrap_or_default(),
            share: one.share(),
            counts: [one.missed, one.partial, one.observed],
            trainees: one.trainees,
            examples,
        });
    }
    Ok(lines)
}

/// What was said in the conversations that examples come from, each read once.
#[derive(Default)]
struct Spoken(BTreeMap<ConversationId, Vec<String>>);

impl Spoken {
    /// The words of a turn; `None` where the conversation can no longer be read.
    async fn at(&mut self, comptoir: &Comptoir, id: ConversationId, turn: usize) -> Result<Option<String>, Failure> {
        let turns = match self.0.entry(id) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(place) => place.insert(turns(comptoir, id).await?),
        };
        Ok(turns.get(turn).cloned())
    }
}

/// The words of each turn; none where the conversation or its situation is gone.
async fn turns(comptoir: &Comptoir, id: ConversationId) -> Result<Vec<String>, Failure> {
    let Some(conversation) = comptoir.store.conversation(id).await? else { return Ok(Vec::new()) };
    let Some((_, live)) = readable(comptoir, &conversation).await? else { return Ok(Vec::new()) };
    Ok(live.turns().iter().map(|turn| turn.text.clone()).collect())
}
