//! A group at a glance, for its trainers.

mod courses;
mod heat;
mod missed;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Span;

use super::{page, site};
use crate::clock::Timestamp;
use crate::cohort::{Attempt, Cohort};
use crate::content::Content;
use crate::id::{GroupId, VisitorId};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::pages::{CohortFilter, CohortQuery, GroupPage, RecentLine, TimeLine, TimeTable, french, paths};
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::{Member, Rehearsed};

pub(super) use courses::{courses, lacking};
pub(super) use heat::columns;

/// How many of the latest conversations are listed.
const RECENT: usize = 12;

/// How many conversations nobody has opened since they ended are scored when the group is looked at. The next look takes
/// up the others.
const SCORED_AT_ONCE: usize = 25;

/// How many indicators are listed as missed.
const MISSED: usize = 5;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    Query(query): Query<CohortQuery>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let members = comptoir.store.members(group.id).await?;
    let mut rehearsed = rehearsed(&comptoir, group.id).await?;
    let waiting = waiting(&rehearsed);
    let blind = comptoir.store.withheld_from(who.trainer()?.id).await?.take_from(&mut rehearsed);
    let assignments = comptoir.store.assignment_titles(group.id).await?;
    let content = comptoir.library.content();
    let titles = comptoir.titles().await?;
    let people = People::of(&content, &titles, &members);

    let whole = cohort(&rehearsed);
    let mut situations: Vec<(String, String)> =
        whole.attempts().iter().map(|attempt| (attempt.situation.clone(), people.title(&attempt.situation))).collect();
    situations.sort_by(|one, two| one.1.cmp(&two.1).then_with(|| one.0.cmp(&two.0)));
    situations.dedup();
    let offered = assignments.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
    let filter = CohortFilter::new(query, situations, offered);
    let keeps = Keeps::of(&filter.query, comptoir.now(), &rehearsed);
    let chosen = filter.query.attempts().of(&whole.only(|attempt| keeps.keeps(attempt)));

    let trainees: Vec<VisitorId> = members.iter().map(|member| member.id).collect();
    let axes = columns::axes(&content);
    let ids: Vec<&str> = axes.iter().map(|axis| axis.id.as_str()).collect();
    let times = chosen.times();
    Ok(page(&GroupPage {
        site: site(&content, who.viewer()),
        id: group.id.to_string(),
        name: group.name,
        trainees: members.len().try_into().unwrap_or(u32::MAX),
        attempts: times.all().attempts,
        seconds: times.all().seconds,
        waiting,
        blind,
        weak: chosen.weak(&trainees, &ids).map(|weak| heat::weak(&axes, &weak)),
        recent: recent(&people, &rehearsed, &keeps),
        heat: heat::table(&content, &members, &chosen, filter.query.grain()),
        missed: missed::missed(&comptoir, &people, &rehearsed, &chosen.most_missed(MISSED)).await?,
        courses: courses(&people, &members, whole.progress()),
        times: time_table(&people, &members, &chosen),
        filter,
    }))
}

/// What the group rehearsed; a few of those that nobody has opened since they ended are scored first.
async fn rehearsed(comptoir: &Comptoir, group: GroupId) -> Result<Vec<Rehearsed>, Failure> {
    let rehearsed = comptoir.store.rehearsed_by_group(group).await?;
    if score_some(comptoir, &rehearsed).await? {
        Ok(comptoir.store.rehearsed_by_group(group).await?)
    } else {
        Ok(rehearsed)
    }
}

/// Scores some conversations that have ended unseen; whether any was.
pub(super) async fn score_some(comptoir: &Comptoir, rehearsed: &[Rehearsed]) -> Result<bool, Failure> {
    let unseen = rehearsed.iter().filter(|one| one.ended_at.is_some() && one.rated.is_none());
    let mut any = false;
    for one in unseen.take(SCORED_AT_ONCE) {
        let Some(conversation) = comptoir.store.conversation(one.conversation).await? else { continue };
        // What cannot be scored (its situation is gone, say) is told as not scored; it hides nothing else.
        any |= super::scorecard::reviewed(comptoir, &conversation).await.is_ok();
    }
    Ok(any)
}

/// What counts of what was rehearsed: what has a result.
pub(super) fn cohort(rehearsed: &[Rehearsed]) -> Cohort {
    let attempt = |one: &Rehearsed| {
        let rated = one.rated.as_ref()?;
        Some(Attempt {
            conversation: one.conversation,
            trainee: one.visitor,
            situation: one.persona.clone(),
            at: one.started_at,
            seconds: one.seconds,
            overall: rated.overall,
            axes: rated.axes.clone(),
            marks: rated.levels.clone(),
            number: 0,
        })
    };
    Cohort::of(rehearsed.iter().filter_map(attempt).collect())
}

fn waiting(rehearsed: &[Rehearsed]) -> u32 {
    let unseen = rehearsed.iter().filter(|one| one.ended_at.is_some() && one.rated.is_none()).count();
    unseen.try_into().unwrap_or(u32::MAX)
}

/// Names and titles.
pub(super) struct People<'c> {
    content: &'c Content,
    titles: &'c Titles,
    names: BTreeMap<VisitorId, &'c str>,
}

impl<'c> People<'c> {
    pub(super) fn of(content: &'c Content, titles: &'c Titles, members: &'c [Member]) -> People<'c> {
        People { content, titles, names: members.iter().map(|member| (member.id, member.name.as_str())).collect() }
    }

    pub(super) fn name(&self, who: VisitorId) -> String {
        self.names.get(&who).map_or_else(|| "Une personne partie".to_owned(), |name| (*name).to_owned())
    }

    /// A situation may have been taken away since: its id then stands for it.
    pub(super) fn title(&self, situation: &str) -> String {
        self.titles.of(situation)
    }
}

/// What was chosen, made ready to be held against attempts.
struct Keeps<'q> {
    since: Option<Timestamp>,
    situation: &'q str,
    assigned: Option<std::collections::BTreeSet<crate::id::ConversationId>>,
}

impl<'q> Keeps<'q> {
    fn of(query: &'q CohortQuery, now: Timestamp, rehearsed: &[Rehearsed]) -> Keeps<'q> {
        let since = query.days().and_then(|days| {
            let today = french::paris(now).start_of_day().ok()?;
            Some(today.checked_sub(Span::new().days(days - 1)).ok()?.timestamp())
        });
        let assigned = (!query.assignment.is_empty()).then(|| {
            let of = rehearsed.iter().filter(|one| one.assignment.is_some_and(|id| id.to_string() == query.assignment));
            of.map(|one| one.conversation).collect()
        });
        Keeps { since, situation: &query.situation, assigned }
    }

    fn keeps(&self, attempt: &Attempt) -> bool {
        self.holds(attempt.at, &attempt.situation, attempt.conversation)
    }

    fn holds(&self, at: Timestamp, situation: &str, conversation: crate::id::ConversationId) -> bool {
        self.since.is_none_or(|since| at >= since)
            && (self.situation.is_empty() || self.situation == situation)
            && self.assigned.as_ref().is_none_or(|assigned| assigned.contains(&conversation))
    }
}

fn recent(people: &People<'_>, rehearsed: &[Rehearsed], keeps: &Keeps<'_>) -> Vec<RecentLine> {
    let mut latest: Vec<&Rehearsed> =
        rehearsed.iter().filter(|one| keeps.holds(one.started_at, &one.persona, one.conversation)).collect();
    latest.sort_by_key(|one| std::cmp::Reverse((one.started_at, one.conversation)));
    let line = |one: &&Rehearsed| RecentLine {
        name: people.name(one.visitor),
        person: paths::person(&one.visitor.to_string()),
        title: people.title(&one.persona),
        href: one.ended_at.map(|_| paths::scorecard(&one.conversation.to_string())),
        when: french::short_moment(&french::paris(one.started_at)),
        state: state(one),
        score: one.rated.as_ref().and_then(|rated| rated.overall),
    };
    latest.iter().take(RECENT).map(line).collect()
}

/// « en cours », « terminé », « coté », « relu ».
pub(super) fn state(one: &Rehearsed) -> &'static str {
    match (&one.rated, one.ended_at) {
        (Some(rated), _) if rated.by_trainer() => "relu",
        (Some(_), _) => "coté",
        (None, Some(_)) => "terminé",
        (None, None) => "en cours",
    }
}

fn time_table(people: &People<'_>, members: &[Member], chosen: &Cohort) -> TimeTable {
    let times = chosen.times();
    if times.cells.is_empty() {
        return TimeTable::default();
    }
    let situations = times.situations();
    let mut lines: Vec<TimeLine> = members
        .iter()
        .map(|member| {
            let all = times.of_trainee(member.id);
            let cell = |(situation, _): &(&str, crate::cohort::Spent)| {
                times.cells.get(&(member.id, (*situation).to_owned())).map(|spent| spent.seconds)
            };
            TimeLine {
                name: member.name.clone(),
                href: paths::person(&member.id.to_string()),
                seconds: all.seconds,
                attempts: all.attempts,
                cells: situations.iter().map(cell).collect(),
            }
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.seconds));
    TimeTable {
        whole: situations.iter().map(|(_, spent)| spent.seconds).collect(),
        situations: situations.iter().map(|(situation, _)| people.title(situation)).collect(),
        lines,
    }
}
