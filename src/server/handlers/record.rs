//! A trainee's record: for the trainee, and for the trainer.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::group::{cohort, columns, lacking, score_some, state};
use super::{page, site};
use crate::clock::Timestamp;
use crate::cohort::{Asked, Attempt, Cohort, standing};
use crate::content::Content;
use crate::id::{AssignmentId, VisitorId};
use crate::rubric::Rubric;
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{
    self, AssignmentLine, BookletLine, CompetenceLine, CriterionLine, Progress, RecordLine, RecordPage, VersionLine,
    Way, french, paths,
};
use crate::server::readings::Read;
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::{BookletBegun, Group, GroupOutcome, Rehearsed, Withheld};

/// How many conversations a record shows at most.
const MOST: u32 = 1_000;

/// How many results the charts by axis show: more than that would be a line too fine to read.
const CHARTED: usize = 60;

/// How much of a digest is shown: enough to tell versions apart.
const DIGEST: usize = 8;

/// Someone's record.
struct Subject {
    id: VisitorId,
    name: String,
    own: bool,
    from: Timestamp,
    groups: Vec<Group>,
}

/// A trainee's, for their trainer.
pub(in crate::server) async fn of_person(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let account = who.trainee(&comptoir, &id).await?;
    let trainer = who.trainer()?.id;
    let from = comptoir.store.trains_from(trainer, account.id).await?.ok_or(Code::UnknownPerson)?;
    let mut groups = Vec::new();
    for group in comptoir.store.groups_of_member(account.id).await? {
        if comptoir.store.is_trainer_of(trainer, group.id).await? {
            groups.push(group);
        }
    }
    comptoir.note_reading(&who, Read::Record(account.id)).await?;
    show(&comptoir, &who, Subject { id: account.id, name: account.name, own: false, from, groups }).await
}

/// One's own.
pub(in crate::server) async fn own(State(comptoir): State<Arc<Comptoir>>, who: Who) -> Result<Response, Failure> {
    let signed = who.signed()?;
    let groups = comptoir.store.groups_of_member(signed.id).await?;
    let (id, name) = (signed.id, signed.name.clone());
    show(&comptoir, &who, Subject { id, name, own: true, from: Timestamp::UNIX_EPOCH, groups }).await
}

async fn show(comptoir: &Comptoir, who: &Who, subject: Subject) -> Result<Response, Failure> {
    let store = &comptoir.store;
    let mut rehearsed = store.rehearsed_by(subject.id, subject.from, None, MOST).await?;
    if score_some(comptoir, &rehearsed).await? {
        rehearsed = store.rehearsed_by(subject.id, subject.from, None, MOST).await?;
    }
    let titles: BTreeMap<AssignmentId, String> = store.assignment_titles_of(subject.id).await?.into_iter().collect();
    let booklets = store.booklets_begun(subject.id, subject.from).await?;
    let withheld = if subject.own {
        // Who sits an exam learns nothing of its results before it is over.
        Withheld::under_way(&booklets)
    } else {
        store.withheld_from(who.trainer()?.id).await?
    };
    let taken = withheld.take_from(&mut rehearsed);
    let content = comptoir.library.content();
    let situation_titles = comptoir.titles().await?;
    let own = cohort(&rehearsed);
    let attempts = own.attempts();
    let mut situations: Vec<&str> = attempts.iter().map(|attempt| attempt.situation.as_str()).collect();
    situations.sort_unstable();
    situations.dedup();
    let minutes = minutes(comptoir, &rehearsed).await?;
    let expected = |one: &Rehearsed| minutes.get(&one.persona_hash).copied();
    let rated = || rehearsed.iter().filter(|one| one.rated.is_some());
    Ok(page(&RecordPage {
        site: site(&content, who.viewer()),
        id: subject.id.to_string(),
        name: subject.name.clone(),
        own: subject.own,
        groups: subject.groups.iter().map(|group| group.name.clone()).collect(),
        period: period(&rehearsed),
        made_on: french::moment(&french::paris(comptoir.now())),
        scored: attempts.len().try_into().unwrap_or(u32::MAX),
        reviewed: count(rated().filter(|one| one.rated.as_ref().is_some_and(crate::store::Rated::by_trainer))),
        situations: situations.len().try_into().unwrap_or(u32::MAX),
        seconds: rated().filter_map(|one| one.seconds).sum(),
        expected_seconds: rated().filter_map(expected).map(|minutes| u64::from(minutes) * 60).sum(),
        way: way(comptoir, &subject, &withheld).await?,
        progress: progress(&content, &situation_titles, attempts),
        competences: competences(&content, attempts),
        conversations: rehearsed.iter().map(|one| line(expected(one), &situation_titles, one)).collect(),
        assignments: assignments(&titles, &rehearsed),
        booklets: booklets.iter().map(|booklet| booklet_line(&content, booklet)).collect(),
        versions: versions(&rehearsed),
        blind: if subject.own { 0 } else { taken },
    }))
}

/// What each situation usually takes, in minutes, in the version that was played.
async fn minutes(comptoir: &Comptoir, rehearsed: &[Rehearsed]) -> Result<BTreeMap<String, u8>, Failure> {
    let mut minutes = BTreeMap::new();
    for one in rehearsed {
        if !minutes.contains_key(&one.persona_hash)
            && let Some(stage) = comptoir.stages.of_version(&one.persona, &one.persona_hash).await?
        {
            minutes.insert(one.persona_hash.clone(), stage.persona.file().minutes);
        }
    }
    Ok(minutes)
}

fn count(some: impl Iterator) -> u32 {
    some.count().try_into().unwrap_or(u32::MAX)
}

fn period(rehearsed: &[Rehearsed]) -> Option<String> {
    let day = |one: &Rehearsed| french::date(french::paris(one.started_at).date());
    Some(format!("du {} au {}", day(rehearsed.first()?), day(rehearsed.last()?)))
}

/// The way, told apart from the situations' difficulty by what the whole group made of them.
async fn way(comptoir: &Comptoir, subject: &Subject, withheld: &Withheld) -> Result<Result<Way, String>, Failure> {
    let mut why = "Les progrès se lisent au sein d’un groupe : il faut en faire partie.".to_owned();
    for group in &subject.groups {
        let outcomes = comptoir.store.outcomes_of_group(group.id).await?;
        let told = outcomes.into_iter().filter(|one| !withheld.covers(one.conversation, one.booklet));
        let progress = Cohort::of(told.map(attempt).collect()).progress();
        match progress {
            Err(too_few) => why = lacking(too_few),
            Ok(progress) => match progress.of(subject.id).and_then(|own| own.course) {
                Some(course) => {
                    let (start, now, in_ten, sure) = (course.start, course.now, course.in_ten, course.sure);
                    return Ok(Ok(Way { start, now, in_ten, sure }));
                }
                None => {
                    "Quatre échanges cotés, sur deux situations, sont nécessaires pour parler de progrès."
                        .clone_into(&mut why);
                }
            },
        }
    }
    Ok(Err(why))
}

/// As much of an attempt as progress is read from.
fn attempt(one: GroupOutcome) -> Attempt {
    Attempt {
        conversation: one.conversation,
        trainee: one.visitor,
        situation: one.persona,
        at: one.started_at,
        seconds: None,
        overall: one.overall,
        axes: Vec::new(),
        marks: Vec::new(),
        number: 0,
    }
}

/// The latest results, oldest first.
fn progress(content: &Content, titles: &Titles, attempts: &[Attempt]) -> Option<Progress> {
    let axes = columns::axes(content);
    let charted = &attempts[attempts.len().saturating_sub(CHARTED)..];
    let result = |attempt: &Attempt| {
        let score = |axis: &str| attempt.axes.iter().find(|score| score.id == axis)?.score;
        pages::Result {
            id: attempt.conversation.to_string(),
            day: french::short_date(french::paris(attempt.at).date()),
            title: titles.of(&attempt.situation),
            scores: axes.iter().map(|axis| score(&axis.id)).collect(),
        }
    };
    let results: Vec<pages::Result> = charted.iter().map(result).collect();
    let axes = axes.iter().map(|axis| (axis.id.clone(), axis.name.clone())).collect();
    (!results.is_empty()).then_some(Progress { axes, results })
}

/// By competence and criterion, of every rubric; what was never marked by any of them is left out.
fn competences(content: &Content, attempts: &[Attempt]) -> Vec<CompetenceLine> {
    let mut lines: Vec<CompetenceLine> = Vec::new();
    for rubric in content.rubrics() {
        for competence in &rubric.file().competence {
            if lines.iter().any(|line| line.id == competence.id) {
                continue;
            }
            let criteria = rubric.file().criterion.iter().filter(|criterion| criterion.competence == competence.id);
            let criteria: Vec<CriterionLine> = criteria
                .map(|criterion| {
                    let of = standing(attempts, &asked(rubric, &criterion.id, |id| id == criterion.id));
                    CriterionLine {
                        id: criterion.id.clone(),
                        label: criterion.label.clone(),
                        score: of.score,
                        first: of.first,
                        last: of.last,
                        count: of.count,
                    }
                })
                .collect();
            let ids: Vec<String> = criteria.iter().map(|line| line.id.clone()).collect();
            let whole = standing(attempts, &asked(rubric, &competence.id, |id| ids.iter().any(|own| own == id)));
            if !criteria.is_empty() {
                let (id, label) = (competence.id.clone(), competence.label.clone());
                lines.push(CompetenceLine { id, label, score: whole.score, criteria });
            }
        }
    }
    lines
}

fn asked<'r>(rubric: &'r Rubric, id: &'r str, of: impl Fn(&str) -> bool) -> Asked<'r> {
    let indicators = rubric
        .indicators()
        .iter()
        .filter(|indicator| rubric.criterion_of(indicator).is_some_and(|criterion| of(&criterion.id)));
    Asked { id, indicators: indicators.map(|indicator| (indicator.id.as_str(), indicator.weight)).collect() }
}

fn line(expected: Option<u8>, titles: &Titles, one: &Rehearsed) -> RecordLine {
    let at = french::paris(one.started_at);
    RecordLine {
        when: at.strftime("%d/%m/%Y %H:%M").to_string(),
        title: titles.of(&one.persona),
        channel: french::channel(one.channel),
        expected,
        seconds: one.seconds,
        state: state(one),
        score: one.rated.as_ref().and_then(|rated| rated.overall),
        href: one.ended_at.map(|_| paths::scorecard(&one.conversation.to_string())),
        version: one.persona_hash.chars().take(DIGEST).collect(),
        id: one.conversation.to_string(),
    }
}

fn assignments(titles: &BTreeMap<AssignmentId, String>, rehearsed: &[Rehearsed]) -> Vec<AssignmentLine> {
    let line = |(id, title): (&AssignmentId, &String)| {
        let done: Vec<&Rehearsed> = rehearsed.iter().filter(|one| one.assignment == Some(*id)).collect();
        let last = done.last()?;
        Some(AssignmentLine {
            title: title.clone(),
            attempts: done.len().try_into().unwrap_or(u32::MAX),
            last: french::date(french::paris(last.started_at).date()),
            best: done.iter().filter_map(|one| one.rated.as_ref()?.overall).max(),
        })
    };
    titles.iter().filter_map(line).collect()
}

fn booklet_line(content: &Content, booklet: &BookletBegun) -> BookletLine {
    let known = content.booklet(&booklet.kind);
    BookletLine {
        kind: known.map_or_else(|| booklet.kind.clone(), |known| known.file().title.clone()),
        when: french::moment(&french::paris(booklet.started_at)),
        ended: booklet.ended_at.is_some(),
        href: booklet.ended_at.map(|_| paths::booklet_report(&booklet.id.to_string())),
    }
}

fn versions(rehearsed: &[Rehearsed]) -> Vec<VersionLine> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for rated in rehearsed.iter().filter_map(|one| one.rated.as_ref()) {
        *counts.entry((&rated.rubric_hash, &rated.engine)).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((rubric, engine), count)| VersionLine {
            rubric: rubric.to_owned(),
            engine: french::engine(engine),
            count,
        })
        .collect()
}
