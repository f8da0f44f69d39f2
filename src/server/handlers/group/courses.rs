//! Progress told apart from difficulty.

use super::People;
use crate::cohort::{Progress, TooFew};
use crate::server::pages::{CourseLine, Courses, DifficultyLine, Way, french, paths};
use crate::store::Member;

/// The lines, by name; or what is lacking.
pub(in crate::server::handlers) fn courses(
    people: &People<'_>,
    members: &[Member],
    progress: Result<Progress, TooFew>,
) -> Result<Courses, String> {
    let progress = progress.map_err(lacking)?;
    let trainees = members.iter().map(|member| {
        let own = progress.of(member.id);
        CourseLine {
            name: member.name.clone(),
            href: paths::person(&member.id.to_string()),
            results: own.map_or(0, |own| own.results),
            situations: own.map_or(0, |own| own.situations),
            way: own.and_then(|own| own.course).map(|course| Way {
                start: course.start,
                now: course.now,
                in_ten: course.in_ten,
                sure: course.sure,
            }),
        }
    });
    let situations = progress.situations.iter().map(|difficulty| DifficultyLine {
        title: people.title(&difficulty.situation),
        results: difficulty.results,
        trainees: difficulty.trainees,
        costs: difficulty.costs,
    });
    Ok(Courses {
        trainees: trainees.collect(),
        situations: situations.collect(),
        in_ten: progress.in_ten,
        spread: progress.spread,
    })
}

/// What is lacking, in a sentence.
pub(in crate::server::handlers) fn lacking(too_few: TooFew) -> String {
    format!(
        "Encore trop peu de résultats pour séparer les progrès de la difficulté : il en faut {}, de {}, sur {} ; il y en a \
         {}, de {}, sur {}.",
        too_few.results_needed,
        french::count(too_few.trainees_needed.into(), "stagiaire"),
        french::count(too_few.situations_needed.into(), "situation"),
        too_few.results,
        french::count(too_few.trainees.into(), "stagiaire"),
        french::count(too_few.situations.into(), "situation"),
    )
}
