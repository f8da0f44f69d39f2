use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;

use super::answer::{Answer, Answers};
use super::draw::family_name;
use super::*;
use crate::clock::Timestamp;
use crate::content::{Content, shipped};
use crate::id::{ConversationId, Ulid, VisitorId};
use crate::persona::{Channel, Family, Persona};
use crate::rubric::booklet::{Booklet, Delay, FAMILIES};
use crate::scoring::Level;

static CONTENT: LazyLock<Content> = LazyLock::new(|| Content::read(&[&shipped()], Vec::new()).unwrap());

fn booklet(id: &str) -> &'static Booklet {
    CONTENT.booklet(id).unwrap_or_else(|| panic!("{id}: {:#?}", CONTENT.faults()))
}

fn personas() -> impl Iterator<Item = &'static Persona> {
    CONTENT.personas().map(AsRef::as_ref)
}

fn bloc1(seed: u64) -> Draw {
    draw(booklet("bloc1"), personas(), seed).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn who() -> VisitorId {
    VisitorId::new(Ulid::from_parts(1, 1))
}

/// Numbers happenings, each with its second.
fn events(list: Vec<(i64, Happening)>) -> Vec<Event> {
    let begun = (0, Happening::Begun(Opened { seed: 1, extra_percent: 0 }));
    let all = std::iter::once(begun).chain(list);
    (0..).zip(all).map(|(seq, (second, happening))| Event { seq, at: at(second), happening }).collect()
}

fn sitting(list: Vec<(i64, Happening)>) -> Sitting {
    Sitting::fold(&bloc1(1), &events(list)).unwrap()
}

fn texts(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(id, text)| ((*id).to_owned(), Answer::text(text).unwrap())).collect()
}

// ---- the draw

#[test]
fn a_draw_has_two_at_the_desk_and_two_on_the_phone_of_different_families() {
    for seed in 0..200 {
        let draw = bloc1(seed);
        let channels: Vec<Channel> = draw.situations.iter().map(|drawn| drawn.channel).collect();
        assert_eq!(channels, [Channel::Desk, Channel::Phone, Channel::Desk, Channel::Phone], "seed {seed}");
        let families: BTreeSet<Family> = draw.situations.iter().map(|drawn| drawn.family).collect();
        assert_eq!(families.len(), 4, "seed {seed}");
        let drawn: Vec<&String> = draw.steps().flat_map(|(_, _, s)| s.setting.iter().chain(&s.questions)).collect();
        assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len(), "seed {seed} draws something twice");
    }
}

#[test]
fn the_same_seed_gives_a_group_the_same_draw_and_others_give_others() {
    let backwards: Vec<&Persona> = personas().collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(draw(booklet("bloc1"), backwards, 7).unwrap(), bloc1(7));
    let different: BTreeSet<String> =
        (0..40).map(|seed| serde_json::to_string(&bloc1(seed).situations).unwrap()).collect();
    assert!(different.len() > 35, "{} different draws of 40", different.len());
}

#[test]
fn a_booklet_that_too_few_situations_can_fill_is_not_drawn() {
    let desk_only = personas().filter(|persona| persona.file().channel == Channel::Desk);
    assert_eq!(draw(booklet("bloc1"), desk_only, 1), Err(DrawError::TooFewSituations));
}

#[test]
fn families_may_come_twice_where_there_are_too_few_of_them() {
    let few = |persona: &&Persona| {
        matches!(persona.file().family, Family::Technique | Family::Demande | Family::Administrative)
    };
    let draw = draw(booklet("bloc1"), personas().filter(few), 3).unwrap();
    assert_eq!(draw.situations.len(), 4);
}

#[test]
fn the_second_block_asks_what_suits_the_situation_that_was_drawn() {
    for seed in 0..60 {
        let booklet = booklet("bloc2");
        let draw = draw(booklet, personas(), seed).unwrap();
        assert_eq!(draw.situations.len(), 1);
        let family = family_name(draw.situations[0].family);
        for id in draw.steps().flat_map(|(_, _, step)| &step.questions) {
            let question = booklet.question(id).unwrap();
            assert!(question.families.is_empty() || question.families.iter().any(|f| f == family), "{id} for {family}");
        }
    }
}

#[test]
fn booklets_name_families_as_situations_do() {
    let known = [Family::Technique, Family::Administrative, Family::Sociale, Family::Demande, Family::Voisinage];
    assert_eq!(known.map(family_name), FAMILIES);
}

// ---- the clock

#[test]
fn time_away_beyond_half_a_minute_does_not_count() {
    /// Entered at 0, away between two seconds, looked at `now`: seconds spent.
    fn check(from: i64, until: i64, now: i64, expect: u64) {
        let sitting = sitting(vec![
            (0, Happening::Entered { step: 0 }),
            (until, Happening::Away { from: at(from), until: at(until) }),
        ]);
        assert_eq!(sitting.spent_ms(0, at(now)), expect * 1000, "{from} to {until}, at {now}");
    }
    check(60, 660, 660, 90);
    check(60, 660, 720, 150);
    check(60, 80, 80, 80);
    check(60, 90, 90, 90);
    check(60, 91, 91, 90);
    // A sign of life from before the part was entered.
    check(-500, 100, 100, 30);
}

#[test]
fn an_absence_is_recorded_when_it_ends_and_only_then() {
    let open = sitting(vec![(0, Happening::Entered { step: 0 })]);
    assert_eq!(open.due(Some(at(10)), at(40)), []);
    assert_eq!(open.due(Some(at(10)), at(41)), [Happening::Away { from: at(10), until: at(41) }]);
    // An hour with the lid closed: the part goes on with the time it should have.
    assert_eq!(open.due(Some(at(100)), at(3700)), [Happening::Away { from: at(100), until: at(3700) }]);
    // Where signs of life cannot be known, all time counts.
    assert_eq!(open.due(None, at(599)), []);
    assert_eq!(open.due(None, at(3700)), [Happening::TimeUp { step: 0 }]);
    // Between two parts nothing is due.
    let between = sitting(vec![(0, Happening::Entered { step: 0 }), (60, Happening::Finished { step: 0 })]);
    assert_eq!(between.due(Some(at(60)), at(9000)), []);
}

#[test]
fn an_absence_that_two_tabs_tell_of_is_given_back_once() {
    let away = || Happening::Away { from: at(60), until: at(660) };
    let told_twice = sitting(vec![(0, Happening::Entered { step: 0 }), (660, away()), (660, away())]);
    assert_eq!(told_twice.spent_ms(0, at(660)), 90_000);
    let told = sitting(vec![(0, Happening::Entered { step: 0 }), (660, away())]);
    assert_eq!(told.due(Some(at(60)), at(665)), [], "the other tab has told it already");
}

#[test]
fn a_part_whose_time_is_up_takes_what_was_sent_in_time() {
    let open = sitting(vec![(0, Happening::Entered { step: 0 })]);
    let limit = i64::try_from(open.limit_ms(0) / 1000).unwrap();
    assert_eq!(open.left_ms(0, at(limit + 5)), 0);
    assert_eq!(open.due(Some(at(limit + 5)), at(limit + 5)), []);
    assert_eq!(open.due(Some(at(limit + 15)), at(limit + 15)), [Happening::TimeUp { step: 0 }]);
}

#[test]
fn extra_time_is_for_every_part_and_counted_to_the_whole_minute() {
    let granted =
        sitting(vec![(0, Happening::Entered { step: 0 }), (5, Happening::Granted { percent: 33, by: who() })]);
    assert_eq!(granted.limit_ms(0), 14 * 60_000);
    assert_eq!(granted.limit_ms(1), 20 * 60_000);
    assert_eq!(sitting(Vec::new()).limit_ms(0), 10 * 60_000);
}

#[test]
fn a_clock_that_goes_back_takes_no_time() {
    let open = sitting(vec![(100, Happening::Entered { step: 0 })]);
    assert_eq!((open.spent_ms(0, at(40)), open.due(Some(at(90)), at(40))), (0, Vec::new()));
}

// ---- the fold

#[test]
fn parts_come_in_order_and_one_at_a_time() {
    let check = |list: Vec<(i64, Happening)>, expect: SittingError| {
        assert_eq!(Sitting::fold(&bloc1(1), &events(list)).unwrap_err(), expect);
    };
    check(vec![(1, Happening::Entered { step: 1 })], SittingError::OutOfPlace { seq: 1, step: 1 });
    check(vec![(1, Happening::Finished { step: 0 })], SittingError::OutOfPlace { seq: 1, step: 0 });
    check(
        vec![(1, Happening::Entered { step: 0 }), (2, Happening::Entered { step: 1 })],
        SittingError::OutOfPlace { seq: 2, step: 1 },
    );
    check(
        vec![(1, Happening::Answered { step: 0, answers: Answers::new() })],
        SittingError::OutOfPlace { seq: 1, step: 0 },
    );
    check(
        vec![(1, Happening::Entered { step: 0 }), (2, Happening::Conversed { step: 0, conversation: conversation() })],
        SittingError::OutOfPlace { seq: 2, step: 0 },
    );
    check(vec![(1, Happening::Stopped), (2, Happening::Entered { step: 0 })], SittingError::Over { seq: 2 });
    assert_eq!(Sitting::fold(&bloc1(1), &[]).unwrap_err(), SittingError::NotBegun);
    let late = Event { seq: 5, at: at(1), happening: Happening::Stopped };
    let mut list = events(Vec::new());
    list.push(late);
    assert_eq!(Sitting::fold(&bloc1(1), &list).unwrap_err(), SittingError::Gap { expected: 1, found: 5 });
}

fn conversation() -> ConversationId {
    ConversationId::new(Ulid::from_parts(2, 2))
}

#[test]
fn the_last_version_of_an_answer_counts_and_all_are_numbered() {
    let sat = sitting(vec![
        (0, Happening::Entered { step: 0 }),
        (5, Happening::Answered { step: 0, answers: texts(&[("a", "un"), ("b", "deux")]) }),
        (9, Happening::Answered { step: 0, answers: texts(&[("a", "trois")]) }),
    ]);
    assert_eq!(sat.answers(0), &texts(&[("a", "trois"), ("b", "deux")]));
    assert_eq!((sat.versions(0, "a"), sat.versions(0, "b"), sat.versions(0, "c"), sat.seen(0)), (2, 1, 0, 3));
}

#[test]
fn a_booklet_ends_with_its_last_part_or_where_it_is_stopped() {
    let parts = i64::from(sitting(Vec::new()).len());
    let mut list = Vec::new();
    for step in 0..parts {
        let number = u16::try_from(step).unwrap();
        list.push((step * 10, Happening::Entered { step: number }));
        list.push((step * 10 + 5, Happening::Finished { step: number }));
    }
    let whole = sitting(list.clone());
    assert_eq!((whole.ended_at(), whole.stopped(), whole.next_step()), (Some(at(parts * 10 - 5)), false, None));
    list.truncate(5);
    list.push((99, Happening::Stopped));
    let stopped = sitting(list);
    assert_eq!((stopped.ended_at(), stopped.stopped()), (Some(at(99)), true));
    let progress: Vec<Progress> = (0..4).map(|step| stopped.progress(step)).collect();
    assert_eq!(progress, [Progress::Finished, Progress::Finished, Progress::Finished, Progress::LeftOut]);
}

#[test]
fn an_answer_is_cleaned_and_has_a_length() {
    assert_eq!(Answer::text(" a\r\nb\u{7} ").unwrap(), Answer::Text("a\nb".into()));
    assert_eq!(Answer::text(&"é".repeat(50_000)), Err(TooLong { chars: 50_000 }));
    assert!(Answer::text(&"é".repeat(MAX_ANSWER_CHARS)).is_ok());
}

/// What may be tried at any moment, fitting or not.
fn tried() -> impl Strategy<Value = (u8, i64, String)> {
    (0..8u8, 0..200i64, "[a-z]{0,6}")
}

proptest! {
    #[test]
    fn replaying_the_events_gives_the_same_sitting(seed in 0..50u64, tries in prop::collection::vec(tried(), 0..60)) {
        let draw = bloc1(seed);
        let mut kept = events(Vec::new());
        let mut live = Sitting::fold(&draw, &kept).unwrap();
        let mut now = 0;
        for (what, wait, word) in tries {
            now += wait;
            let step = live.current().or(live.next_step()).unwrap_or(0);
            let due = live.due((what % 2 == 0).then(|| at(now - wait)), at(now));
            let happening = match what {
                0 | 1 => Happening::Entered { step },
                2 => Happening::Answered { step, answers: texts(&[("a", &word)]) },
                3 => Happening::Finished { step },
                4 => Happening::Conversed { step, conversation: conversation() },
                5 => Happening::Granted { percent: 33, by: who() },
                6 => Happening::Judged { indicator: word, question: None, level: Some(Level::Partial), word: String::new(), by: who() },
                _ => Happening::TimeUp { step },
            };
            for happening in due.into_iter().chain([happening]) {
                let event = Event { seq: live.next_seq(), at: at(now), happening };
                let before = live.clone();
                if let Ok(()) = live.apply(&event) { kept.push(event) } else { prop_assert_eq!(&before, &live, "a refused event changes nothing") }
            }
        }
        let stored = serde_json::to_string(&kept).unwrap();
        let read: Vec<Event> = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(Sitting::fold(&draw, &read).unwrap(), live);
    }

    #[test]
    fn no_absence_ever_costs_more_than_half_a_minute(from in 0..500i64, lasts in 31..100_000i64, rest in 0..60i64) {
        let away = |list: Vec<(i64, Happening)>| sitting(list).spent_ms(0, at(from + lasts + rest));
        let spent = away(vec![
            (0, Happening::Entered { step: 0 }),
            (from + lasts, Happening::Away { from: at(from), until: at(from + lasts) }),
        ]);
        prop_assert_eq!(spent, u64::try_from(from + 30 + rest).unwrap() * 1000);
    }
}

// ---- closed answers

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

// ---- open answers, and the report

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
