//! What attempts change where rules mark: nothing.
//!
//! Invariant held here: for a transcript and an attempt that is wholly met, the marks (level, quotes, reason) are those of
//! the same transcript without it, whether it is a turn of its own, with the character's own answer to it, or stands
//! under the words of a turn. It holds to the letter and not only on average, because an aside is no act, no turn and no
//! word to quote, moves no mood, and neither the answer to it nor its place counts.

use comptoir::scoring::{Mark, Scorecard};
use comptoir::transcript::{Transcript, Turn};
use comptoir::utterance::{Speaker, clean};

use crate::desk::{Desk, Played, Seat, answer};
use crate::set::{Attempt, attempts, held_out};
use crate::{Met, met};

/// Those of which nothing is heard, with no words to keep.
fn wholly_met() -> Vec<Attempt> {
    let all = attempts().into_iter().chain(held_out());
    all.filter(|attempt| attempt.keeps.is_empty() && met(attempt) == Met::Wholly).collect()
}

/// The conversation with the attempt's turns, each answered by the character, before the trainee's `nth` turn.
fn with_turns(seat: &Seat<'_>, played: &Played, nth: usize, attempt: &Attempt) -> Transcript {
    let at = 2 * nth;
    let mut transcript = played.transcript.clone();
    let mut state = played.states[nth].clone();
    let mut turns = transcript.turns[..at].to_vec();
    for says in &attempt.says {
        let Some(heard) = seat.hear(says, &state, &turns) else { continue };
        let reply = seat.respond(&state, &heard);
        turns.push(Turn::said(Speaker::Trainee, clean(says)));
        turns.push(answer(&reply));
        state = state.after(&reply.change);
    }
    turns.extend_from_slice(&played.transcript.turns[at..]);
    transcript.turns = turns;
    transcript
}

/// A mark as it was before so many turns came between.
fn moved_back(mark: &Mark, at: usize, by: usize) -> Mark {
    let mut mark = mark.clone();
    for evidence in &mut mark.evidence {
        assert!(evidence.turn < at || evidence.turn >= at + by, "{}: quotes an attempt: {evidence:?}", mark.id);
        if evidence.turn >= at {
            evidence.turn -= by;
        }
    }
    mark
}

fn assert_same(expect: &Scorecard, got: &Scorecard, at: usize, by: usize, place: &str) {
    for (expect, got) in expect.marks.iter().zip(&got.marks) {
        assert_eq!(expect, &moved_back(got, at, by), "{place}");
    }
    assert_eq!(expect.axes, got.axes, "{place}");
}

#[test]
fn an_attempt_between_the_turns_changes_no_mark_and_no_quote() {
    let desk = Desk::open();
    let seats = desk.seats();
    let both: Vec<_> =
        seats.iter().map(|seat| seat.both().map(|played| (seat.score(&played.transcript), played))).collect();
    let attempts = wholly_met();
    assert!(attempts.len() >= 200, "{}", attempts.len());
    for (number, attempt) in attempts.iter().enumerate() {
        let which = number % seats.len();
        // The good conversation and the bad one in turn.
        for (expect, played) in both[which].iter().skip(number / seats.len() % 2).take(1) {
            let nth = 1 + number % (played.states.len() - 1);
            let transcript = with_turns(&seats[which], played, nth, attempt);
            let by = transcript.turns.len() - played.transcript.turns.len();
            let place = format!("{} before turn {nth}: {:?}", seats[which].persona.id(), attempt.says);
            assert_same(expect, &seats[which].score(&transcript), 2 * nth, by, &place);
        }
    }
}

#[test]
fn an_attempt_under_the_words_of_a_turn_changes_no_answer_no_mark_and_no_quote() {
    let desk = Desk::open();
    let seats = desk.seats();
    let both: Vec<_> =
        seats.iter().map(|seat| seat.both().map(|played| (seat.score(&played.transcript), played))).collect();
    for (number, attempt) in wholly_met().iter().enumerate() {
        let seat = &seats[number % seats.len()];
        for (expect, played) in both[number % seats.len()].iter().skip(number / seats.len() % 2).take(1) {
            let nth = number % (played.states.len() - 1);
            let turn = &played.transcript.turns[2 * nth];
            let said = format!("{}\n{}", turn.text, clean(&attempt.says[0]));
            let place = format!("{} turn {nth}: {said:?}", seat.persona.id());
            let before = &played.transcript.turns[..2 * nth];
            let heard = seat.hear(&said, &played.states[nth], before).expect("words");
            let reply = seat.respond(&played.states[nth], &heard);
            assert_eq!(reply.text, played.transcript.turns[2 * nth + 1].text, "{place}");
            let mut transcript = played.transcript.clone();
            transcript.turns[2 * nth].text = said;
            assert_same(expect, &seat.score(&transcript), 0, 0, &place);
        }
    }
}

#[test]
fn an_attempt_tells_nothing_moves_no_mood_and_is_not_understood() {
    let desk = Desk::open();
    for seat in desk.seats() {
        for played in seat.both() {
            let nth = 2.min(played.states.len() - 2);
            let (state, turns) = (&played.states[nth], &played.transcript.turns[..2 * nth]);
            for attempt in wholly_met() {
                for says in &attempt.says {
                    let Some(heard) = seat.hear(says, state, turns) else { continue };
                    let reply = seat.respond(state, &heard);
                    let place = format!("{}: {says:?} -> {reply:?}", seat.persona.id());
                    assert!(reply.change.told.is_empty() && reply.change.withheld.is_empty(), "{place}");
                    assert!(reply.change.moods.is_empty() && reply.change.ended.is_none(), "{place}");
                    assert_eq!((reply.change.tension, reply.change.trust), (state.tension(), state.trust()), "{place}");
                    assert_eq!(reply.intent(), "not_understood", "{place}");
                }
            }
        }
    }
}

/// What hearing misses is heard as words like any others, a question as a question: it gets what such words get, and
/// nothing of what it asks for.
#[test]
fn what_is_missed_raises_no_mark_by_more_than_its_words_would() {
    const MOST: usize = 3;
    let desk = Desk::open();
    let seats = desk.seats();
    let missed: Vec<Attempt> =
        attempts().into_iter().chain(held_out()).filter(|attempt| met(attempt) != Met::Wholly).collect();
    let (mut raised, mut all) = (0, 0);
    for (number, attempt) in missed.iter().enumerate() {
        for seat in seats.iter().cycle().skip(number).take(3) {
            for played in seat.both() {
                let before = seat.score(&played.transcript);
                let after = seat.score(&with_turns(seat, &played, played.states.len() / 2, attempt));
                let place = format!("{} {:?}", seat.persona.id(), attempt.says);
                let levels = before.marks.iter().zip(&after.marks).filter_map(|(a, b)| Some((u8::from(a.level?), b)));
                let higher: Vec<&Mark> = levels
                    .filter_map(|(before, mark)| Some((before, u8::from(mark.level?), mark)))
                    .inspect(|(before, after, mark)| assert!(*after <= before + 1, "{place}: {}", mark.id))
                    .filter_map(|(before, after, mark)| (after > before).then_some(mark))
                    .collect();
                assert!(higher.len() <= MOST, "{place}: {higher:?}");
                raised += higher.len();
                all += before.marks.len();
            }
        }
    }
    println!("{} attempts that hearing misses: {raised} of {all} marks a level higher by rules", missed.len());
}
