//! A second try from a chosen turn: what the new conversation shares with the first.
//!
//! Input: the first one's events and the trainee's turn to say again. Output: the events before that turn. Invariant:
//! the shared events have the numbers and words of the first conversation, and the intervals between them.

use crate::clock::Timestamp;
use crate::transcript::{Event, Happening, Spoken};

/// Why a second try cannot begin there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BranchError {
    /// No event has this number, or it is not something the trainee said or did.
    #[error("begin again from event {0}, which is not a turn of the trainee")]
    NotATurn(u32),
}

/// The events (after the start) before the trainee's turn `from`, moved in time so that the last of them is at `now`.
pub fn shared(events: &[Event], from: u32, now: Timestamp) -> Result<Vec<Event>, BranchError> {
    let is_turn = |event: &&Event| matches!(event.happening, Happening::Spoke { .. } | Happening::Moved { .. });
    let turn = events.iter().find(|event| event.seq == from).filter(is_turn).ok_or(BranchError::NotATurn(from))?;
    let before: Vec<&Event> = events.iter().filter(|event| event.seq > 0 && event.seq < turn.seq).collect();
    let shift = before.last().map(|last| now.duration_since(last.at)).unwrap_or_default();
    let shifted = |event: &&Event| Event {
        seq: event.seq,
        // Far from the ends of time, where the sum would not exist.
        at: event.at.checked_add(shift).unwrap_or(now),
        happening: moved(without_message_id(&event.happening), |at| at.checked_add(shift).unwrap_or(now)),
    };
    Ok(before.iter().map(shifted).collect())
}

/// A message id belongs to the client that chose it; the new conversation's client may choose it again.
fn without_message_id(happening: &Happening) -> Happening {
    match happening.clone() {
        Happening::Spoke { text, spoken, .. } => Happening::Spoke { text, client_id: None, spoken },
        Happening::Corrected { turn, text, .. } => Happening::Corrected { turn, text, client_id: None },
        Happening::Voiced { reply, began_at, ended_at, cut, .. } => {
            Happening::Voiced { reply, began_at, ended_at, cut, client_id: None }
        }
        Happening::Moved { act, .. } => Happening::Moved { act, client_id: None },
        other => other,
    }
}

/// When words were said moves with the event that holds them.
fn moved(mut happening: Happening, to: impl Fn(Timestamp) -> Timestamp) -> Happening {
    match &mut happening {
        Happening::Spoke { spoken: Some(Spoken { began_at, ended_at, .. }), .. }
        | Happening::Voiced { began_at, ended_at, .. } => {
            *began_at = to(*began_at);
            *ended_at = to(*ended_at);
        }
        _ => {}
    }
    happening
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Move;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_442_000 + second).unwrap()
    }

    fn events() -> Vec<Event> {
        let spoke =
            |text: &str| Happening::Spoke { text: text.to_owned(), client_id: Some("m".to_owned()), spoken: None };
        let happenings = [
            Happening::Received,
            spoke("Bonjour"),
            Happening::Hinted { text: "Reformulez.".to_owned() },
            Happening::Moved { act: Move::Hold, client_id: Some("n".to_owned()) },
            spoke("Encore"),
        ];
        (1..).zip(happenings).map(|(seq, happening)| Event { seq, at: at(i64::from(seq)), happening }).collect()
    }

    #[test]
    fn what_came_before_the_turn_is_shared_with_its_intervals() {
        let shared = shared(&events(), 4, at(1_000)).unwrap();
        assert_eq!(shared.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(shared.iter().map(|event| event.at).collect::<Vec<_>>(), [at(998), at(999), at(1_000)]);
        assert_eq!(shared[1].happening, Happening::Spoke { text: "Bonjour".to_owned(), client_id: None, spoken: None });
    }

    #[test]
    fn what_was_said_aloud_moves_with_its_events_and_stays_as_long_as_it_was() {
        let spoken =
            |began, ended| Spoken { recognised: "bonjour".to_owned(), began_at: at(began), ended_at: at(ended) };
        let voiced = |began, ended| Happening::Voiced {
            reply: 2,
            began_at: at(began),
            ended_at: at(ended),
            cut: None,
            client_id: None,
        };
        let spoke = |began, ended| Happening::Spoke {
            text: "Bonjour".to_owned(),
            client_id: None,
            spoken: Some(spoken(began, ended)),
        };
        let happenings = [spoke(-3, 0), voiced(3, 5), spoke(6, 9)];
        let events: Vec<Event> =
            (1..).zip(happenings).map(|(seq, happening)| Event { seq, at: at(i64::from(seq)), happening }).collect();
        let shared = shared(&events, 3, at(1_000)).unwrap();
        let happened: Vec<Happening> = shared.into_iter().map(|event| event.happening).collect();
        assert_eq!(happened, [spoke(995, 998), voiced(1_001, 1_003)]);
    }

    #[test]
    fn only_a_turn_of_the_trainee_can_be_said_again() {
        for from in [0, 1, 3, 9] {
            assert_eq!(shared(&events(), from, at(0)), Err(BranchError::NotATurn(from)));
        }
    }
}
