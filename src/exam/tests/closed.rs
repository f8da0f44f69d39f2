//! Closed answers.

use std::collections::BTreeMap;

use super::*;
use crate::rubric::booklet::Delay;
use crate::scoring::Level;

fn ticked(question: &str, ids: &[&str]) -> Answers {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    BTreeMap::from([(question.to_owned(), Answer::Ticked(ids))])
}

#[test]
fn a_closed_question_marks_each_of_its_indicators_by_what_was_ticked() {
    let question = booklet("bloc1").question("transmission-contenu").unwrap();
    let check = |ids: &[&str], expect: [Level; 2]| {
        let given = question_marks(question, &ticked("transmission-contenu", ids));
        assert_eq!(given.iter().map(|given| given.level).collect::<Vec<_>>(), expect, "{ids:?}");
    };
    check(&["adresse", "quand", "joindre", "utile"], [Level::Observed, Level::Observed]);
    check(&["adresse", "quand", "utile"], [Level::Partial, Level::Observed]);
    check(&["adresse", "quand", "joindre", "humeur", "utile", "impaye"], [Level::Partial, Level::Missed]);
    check(&["adresse"], [Level::Missed, Level::Missed]);
    check(&[], [Level::Missed, Level::Missed]);
    check(&["inconnu"], [Level::Missed, Level::Missed]);
}

#[test]
fn ticking_everything_or_nothing_observes_no_closed_question() {
    for id in ["bloc1", "bloc2"] {
        for (_, question) in booklet(id).questions().filter(|(_, question)| !question.choice.is_empty()) {
            let all: Vec<&str> = question.choice.iter().map(|choice| choice.id.as_str()).collect();
            for given in question_marks(question, &ticked(&question.id, &[])) {
                assert_eq!(given.level, Level::Missed, "{}", question.id);
            }
            let given = question_marks(question, &ticked(&question.id, &all));
            assert!(given.iter().any(|given| given.level != Level::Observed), "{}", question.id);
        }
    }
}

#[test]
fn a_queue_is_marked_by_who_was_put_before_whom() {
    let queue = booklet("bloc1").queue("lundi-ouverture").unwrap();
    let check = |order: &[&str], expect: Level| {
        let order = Answer::Order(order.iter().map(|id| (*id).to_owned()).collect());
        let marks = queue_marks(queue, &BTreeMap::from([(Answer::ORDER.to_owned(), order)]));
        assert_eq!(marks[0].level, expect, "{marks:#?}");
    };
    check(&["gaz", "ascenseur", "enceinte", "evier", "volet", "quittance"], Level::Observed);
    check(&["ascenseur", "gaz", "evier", "enceinte", "volet", "quittance"], Level::Observed);
    check(&["gaz", "ascenseur", "enceinte", "volet", "evier", "quittance"], Level::Partial);
    check(&["enceinte", "gaz", "ascenseur", "evier", "volet", "quittance"], Level::Missed);
    check(&["gaz"], Level::Missed);
    for queue in &booklet("bloc1").file().queue {
        let shown = Answer::Order(queue.person.iter().map(|person| person.id.clone()).collect());
        let marks = queue_marks(queue, &BTreeMap::from([(Answer::ORDER.to_owned(), shown)]));
        assert_ne!(marks[0].level, Level::Observed, "{} as it is shown", queue.id);
    }
}

#[test]
fn delays_are_right_where_the_file_accepts_them() {
    let queue = booklet("bloc1").queue("lundi-ouverture").unwrap();
    let right: BTreeMap<String, Delay> = queue.person.iter().map(|p| (p.id.clone(), p.delay)).collect();
    let check = |change: &[(&str, Delay)], expect: Level| {
        let mut delays = right.clone();
        delays.extend(change.iter().map(|(id, delay)| ((*id).to_owned(), *delay)));
        let marks = queue_marks(queue, &BTreeMap::from([(Answer::DELAYS.to_owned(), Answer::Delays(delays))]));
        assert_eq!(marks[1].level, expect, "{change:?}");
    };
    check(&[], Level::Observed);
    check(&[("quittance", Delay::Later)], Level::Observed);
    check(&[("quittance", Delay::Now)], Level::Partial);
    check(&[("gaz", Delay::Minutes)], Level::Missed);
}
