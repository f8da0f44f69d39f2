//! The clock: time away, time that is up, time granted.

use super::*;

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
