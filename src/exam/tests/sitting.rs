//! The fold.

use proptest::prelude::*;

use super::*;
use crate::id::ConversationId;
use crate::scoring::Level;

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
