//! What a group misses most, with words that show it.

use std::collections::BTreeMap;

use super::People;
use crate::cohort::Missed;
use crate::id::ConversationId;
use crate::scoring::Level;
use crate::server::failure::Failure;
use crate::server::pages::{Example, MissedLine, french, paths};
use crate::store::{Rehearsed, Store, StoredMark};

/// How many examples an indicator has.
const EXAMPLES: usize = 3;

/// The lines, with their examples read in one statement.
pub(super) async fn missed(
    store: &Store,
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
    let marks = if scorecards.is_empty() { Vec::new() } else { store.marks(&scorecards, &indicators).await? };
    let marks: BTreeMap<(i64, &str), &StoredMark> =
        marks.iter().map(|mark| ((mark.scorecard, mark.indicator.as_str()), mark)).collect();

    let content = people.content;
    let line = |one: &Missed| {
        let examples = one.examples.iter().filter_map(|id| {
            let rehearsed = rehearsed.get(id)?;
            let mark = marks.get(&(rehearsed.rated.as_ref()?.scorecard, one.indicator.as_str()))?;
            Some(Example {
                quote: mark.quote.clone()?,
                name: people.name(rehearsed.visitor),
                title: people.title(&rehearsed.persona),
                href: paths::moment(&id.to_string(), usize::try_from(mark.turn?).ok()?),
                level: french::level(mark.level.and_then(|level| Level::try_from(level).ok())),
            })
        });
        let known = content.rubrics().find_map(|rubric| Some((rubric, rubric.indicator(&one.indicator)?)));
        let axis = known.and_then(|(rubric, indicator)| rubric.axis(&indicator.axis));
        MissedLine {
            id: one.indicator.clone(),
            label: known.map_or_else(|| one.indicator.clone(), |(_, indicator)| indicator.label.clone()),
            axis: axis.map(|axis| axis.name.clone()).unwrap_or_default(),
            share: one.share(),
            counts: [one.missed, one.partial, one.observed],
            trainees: one.trainees,
            examples: examples.take(EXAMPLES).collect(),
        }
    };
    Ok(missed.iter().map(line).collect())
}
