//! Open answers, and the report.

use super::*;
use crate::scoring::Level;

#[test]
fn an_open_answer_gets_quotes_and_no_level() {
    let question = booklet("bloc1").question("suivi-silence").unwrap();
    let signs = proposal(question, "Je relance le service par téléphone. Puis je rappelle le locataire avant midi.");
    assert_eq!(signs[0].quote.as_deref(), Some("Je relance le service par téléphone."));
    assert_eq!(signs.len(), 3);
    assert!(proposal(question, "Rien.").iter().all(|sign| sign.quote.is_none()));
}

#[test]
fn the_words_of_every_expected_element_can_be_found() {
    for id in ["bloc1", "bloc2"] {
        for (_, question) in booklet(id).questions() {
            for element in &question.expects {
                let words = element.words.iter().find(|words| words.chars().all(|c| c.is_alphabetic() || c == ' '));
                let Some(words) = words else { continue };
                let found = proposal(question, &format!("Alors {words} ensuite"));
                let sign = found.iter().find(|sign| sign.expected == element.text).unwrap();
                assert!(sign.quote.is_some(), "{} does not find « {words} »", question.id);
            }
        }
    }
}

#[test]
fn a_report_covers_every_criterion_and_leaves_open_what_people_judge() {
    let booklet = booklet("bloc1");
    let draw = bloc1(1);
    let scene = booklet.scene(draw.steps().next().unwrap().2.setting.as_deref().unwrap()).unwrap();
    let (closed, open) = (&scene.question[0], scene.question.last().unwrap());
    let mut answers = texts(&[(&open.id, "Je range le comptoir et je donne une chaise.")]);
    let right = closed.choice.iter().filter(|choice| choice.right).map(|choice| choice.id.clone()).collect();
    answers.insert(closed.id.clone(), Answer::Ticked(right));
    let mut list = vec![
        (0, Happening::Entered { step: 0 }),
        (60, Happening::Answered { step: 0, answers }),
        (400, Happening::Away { from: at(100), until: at(400) }),
        (420, Happening::Finished { step: 0 }),
    ];
    let rubric = CONTENT.rubric("bloc1").unwrap();
    let told = |list: Vec<(i64, Happening)>| report(booklet, &sitting(list), &[], rubric, at(9000));

    let first = told(list.clone());
    let ids: Vec<&str> = first.competences.iter().map(|competence| competence.id.as_str()).collect();
    assert_eq!(ids, ["C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13"]);
    assert_eq!(first.competences.iter().map(|competence| competence.criteria.len()).sum::<usize>(), 26 - 1);
    let marks = |report: &Report, id: &str| {
        let all = report.competences.iter().flat_map(|c| &c.criteria).flat_map(|c| &c.indicators);
        all.filter(|indicator| indicator.id == id).flat_map(|indicator| indicator.marks.clone()).collect::<Vec<_>>()
    };
    let obstacle = &marks(&first, "1.1.a")[0];
    assert_eq!((obstacle.state, obstacle.level), (State::Proposed, Some(Level::Observed)));
    let at_ease = marks(&first, "3.1.a");
    let at_ease = at_ease.iter().find(|mark| mark.answer.is_some()).unwrap();
    assert_eq!((at_ease.state, at_ease.level), (State::Open, None));
    assert!(marks(&first, "5.1.a").iter().all(|mark| mark.state == State::Open && mark.level.is_none()));
    let away = first.interruptions[0];
    assert_eq!((away.lasted_ms, away.given_back_ms), (300_000, 270_000));
    assert_eq!(first.spent[0].spent_ms, 150_000);

    // A trainer's word settles it, and stands above a rule's.
    for (indicator, question) in [("3.1.a", &open.id), ("1.1.a", &closed.id)] {
        let verdict = Happening::Judged {
            indicator: indicator.to_owned(),
            question: Some(question.clone()),
            level: Some(Level::Partial),
            word: "Un seul changement.".into(),
            by: who(),
        };
        list.push((500, verdict));
    }
    let second = told(list);
    assert_eq!(second.standing.open, first.standing.open - 1);
    assert_eq!(marks(&second, "1.1.a")[0].level, Some(Level::Partial));
    assert_eq!(marks(&second, "1.1.a")[0].state, State::Judged);
}
