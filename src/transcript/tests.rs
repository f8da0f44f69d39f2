//! Claims about folding: what is replayed is what was lived.

use std::time::Duration;

use proptest::prelude::*;

use super::format::{read_events, write_events};
use super::*;
use crate::act::Act;
use crate::clock::Timestamp;
use crate::hearing::{Heard, Recognised, Shown};
use crate::persona::{Channel, Persona, sample};
use crate::reply;

/// What a trainee may do next.
#[derive(Clone, Debug)]
enum Doing {
    Say(Vec<Act>, bool),
    /// The last reply is said aloud, to its end or cut after so many words.
    Voice(Option<usize>),
    /// The last turn of the trainee is corrected.
    Correct,
    Move(Move),
    Silence,
}

fn doing() -> impl Strategy<Value = Doing> {
    let acts = proptest::collection::vec(proptest::sample::select(Act::ALL), 0..4);
    let moves = prop_oneof![
        4 => Just(Move::Hold),
        4 => Just(Move::Resume),
        2 => Just(Move::CallColleague),
        2 => Just(Move::CallManager),
        1 => Just(Move::Transfer { service: "gardien".to_owned() }),
        1 => Just(Move::End),
    ];
    prop_oneof![
        8 => (acts, any::<bool>()).prop_map(|(acts, asks)| Doing::Say(acts, asks)),
        3 => proptest::option::of(0..9_usize).prop_map(Doing::Voice),
        2 => Just(Doing::Correct),
        2 => moves.prop_map(Doing::Move),
        1 => Just(Doing::Silence),
    ]
}

fn heard(acts: &[Act], asks: bool) -> Heard {
    let asked = ["lieu", "enfant"].map(|id| Recognised { id: id.to_owned(), quote: id.to_owned() });
    Heard {
        acts: acts.iter().map(|act| Shown { act: *act, quote: act.name().to_owned() }).collect(),
        asked: if asks { asked.to_vec() } else { Vec::new() },
        questions: if asks { 2 } else { 0 },
        words: 8,
        ..Heard::default()
    }
}

/// A conversation as a task would run it: each event is applied as it happens.
pub(super) struct Task {
    pub(super) persona: Persona,
    pub(super) events: Vec<Event>,
    pub(super) live: Live,
}

impl Task {
    pub(super) fn start(persona: Persona, seed: u64) -> Task {
        let start = Start {
            persona: persona.id().to_owned(),
            persona_hash: persona.hash().to_owned(),
            rubric: "bloc1".to_owned(),
            channel: Channel::Phone,
            seed,
            hints: true,
            aloud: false,
            branched_from: None,
        };
        let first = Event { seq: 0, at: Timestamp::UNIX_EPOCH, happening: Happening::Started(start) };
        let live = Live::open(&persona, &first).unwrap();
        Task { persona, events: vec![first], live }
    }

    pub(super) fn happen(&mut self, happening: Happening) {
        let seq = self.live.next_seq();
        let at = self.at();
        let event = Event { seq, at, happening };
        self.live.apply(&event).unwrap();
        self.events.push(event);
    }

    fn take(&mut self, doing: Doing) {
        match doing {
            Doing::Voice(cut) => self.voice(cut),
            Doing::Correct => self.correct(),
            other => self.exchange(other),
        }
    }

    /// The last reply is heard, to its end or until the trainee cuts in: then its facts are not told.
    pub(super) fn voice(&mut self, cut: Option<usize>) {
        let Some((reply, turn)) = self.live.last_reply().filter(|(_, turn)| !turn.aloud) else { return };
        let said = cut.map(|words| turn.text.split(' ').take(words).collect::<Vec<_>>().join(" "));
        let told = turn.change.as_ref().map(|change| change.told.clone()).unwrap_or_default();
        let cut = said.filter(|said| *said != turn.text).map(|said| Cut { said, untold: told });
        let (began_at, ended_at) = (self.at(), self.at() + Duration::from_secs(3));
        self.happen(Happening::Voiced { reply, began_at, ended_at, cut, client_id: None });
    }

    fn correct(&mut self) {
        let spoken = |event: &&Event| matches!(event.happening, Happening::Spoke { .. });
        let Some(turn) = self.events.iter().rfind(spoken).map(|event| event.seq) else { return };
        let text = format!("tour corrigé {}", self.live.next_seq());
        self.happen(Happening::Corrected { turn, text, client_id: None });
    }

    fn at(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(u64::from(self.live.next_seq()) * 25)
    }

    /// The trainee says something aloud, half a minute long at most.
    pub(super) fn say_aloud(&mut self, recognised: &str, text: &str) {
        let spoken = Spoken {
            recognised: recognised.to_owned(),
            began_at: self.at() - Duration::from_secs(4),
            ended_at: self.at() - Duration::from_secs(1),
        };
        self.happen(Happening::Spoke { text: text.to_owned(), client_id: None, spoken: Some(spoken) });
    }

    /// The character answers what was heard.
    pub(super) fn answer(&mut self, heard: &Heard) {
        let reply = reply::respond(&self.persona, self.live.state(), reply::Turn::Said(heard), self.live.start().seed);
        self.reply(reply);
    }

    fn exchange(&mut self, doing: Doing) {
        let seed = self.live.start().seed;
        let reply = match doing {
            Doing::Say(acts, asks) => {
                let text = format!("tour {}", self.live.next_seq());
                if asks {
                    self.say_aloud(&text, &text);
                } else {
                    self.happen(Happening::Spoke { text, client_id: None, spoken: None });
                }
                let heard = heard(&acts, asks);
                reply::respond(&self.persona, self.live.state(), reply::Turn::Said(&heard), seed)
            }
            Doing::Move(act) => {
                self.happen(Happening::Moved { act, client_id: Some(format!("m-{}", self.live.next_seq())) });
                let Some(Pending::Moved(act, waited)) = self.live.pending().cloned() else { panic!("a move waits") };
                let turn = reply::Turn::Moved(&act, Duration::from_millis(waited));
                reply::respond(&self.persona, self.live.state(), turn, seed)
            }
            _ => reply::respond(&self.persona, self.live.state(), reply::Turn::Silence, seed),
        };
        self.reply(reply);
    }

    fn reply(&mut self, reply: reply::Reply) {
        let (intent, ended) = (reply.intent(), reply.change.ended);
        self.happen(Happening::Replied { text: reply.text, cue: reply.cue, intent, change: reply.change, made: None });
        if let Some(by) = ended {
            self.happen(Happening::Ended { by });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn replaying_the_events_gives_the_live_state(seed in any::<u64>(), doings in proptest::collection::vec(doing(), 0..25)) {
        let mut task = Task::start(sample::persona(&[]), seed);
        task.happen(Happening::Received);
        for doing in doings {
            if task.live.phase() == Phase::Ended {
                break;
            }
            task.take(doing);
        }
        task.happen(Happening::Hinted { text: "Reformulez.".to_owned() });
        prop_assert_eq!(&Live::fold(&task.persona, &task.events).unwrap(), &task.live);
        // And so does replaying what was written down.
        let read = read_events(&write_events(&task.events)).unwrap();
        prop_assert_eq!(&read, &task.events);
        prop_assert_eq!(task.live.transcript().turns.len(), task.live.turns().len());
    }
}

#[test]
fn the_phase_follows_what_happened() {
    let mut task = Task::start(sample::persona(&[]), 1);
    assert_eq!(task.live.phase(), Phase::Waiting);
    task.happen(Happening::Received);
    assert_eq!(task.live.phase(), Phase::Talking);
    task.take(Doing::Move(Move::Hold));
    assert_eq!((task.live.phase(), task.live.held_since().is_some()), (Phase::OnHold, true));
    task.take(Doing::Move(Move::Resume));
    assert_eq!((task.live.phase(), task.live.held_since()), (Phase::Talking, None));
    task.take(Doing::Move(Move::End));
    assert_eq!((task.live.phase(), task.live.ended()), (Phase::Ended, Some(EndedBy::Trainee)));
    task.happen(Happening::HandedOff(Handoff {
        service: "technique".to_owned(),
        urgency: crate::persona::Urgency::Day,
        summary: "Fuite.".to_owned(),
    }));
    assert_eq!(task.live.phase(), Phase::HandedOff);
}

#[test]
fn words_wait_for_their_answer_and_the_context_is_that_of_the_words_waiting() {
    let mut task = Task::start(sample::persona(&[]), 1);
    task.take(Doing::Say(Vec::new(), false));
    task.happen(Happening::Spoke { text: "Je vous écoute.".to_owned(), client_id: None, spoken: None });
    assert_eq!(task.live.pending(), Some(&Pending::Spoke("Je vous écoute.".to_owned())));
    let context = task.live.context();
    assert_eq!((context.trainee_turns, context.last_words), (1, Some("Bonjour, c'est pour une fuite.")));
}

#[test]
fn events_that_do_not_follow_are_refused_and_change_nothing() {
    let mut task = Task::start(sample::persona(&[]), 1);
    task.take(Doing::Move(Move::End));
    let before = task.live.clone();
    let mut refuse = |seq, happening, expect| {
        let event = Event { seq, at: Timestamp::UNIX_EPOCH, happening };
        assert_eq!(task.live.apply(&event), Err(expect));
        assert_eq!(task.live, before);
    };
    let spoke = || Happening::Spoke { text: "Allô ?".to_owned(), client_id: None, spoken: None };
    let next = before.next_seq();
    refuse(next, spoke(), FoldError::Over { seq: next });
    refuse(next + 1, spoke(), FoldError::Gap { expected: next, found: next + 1 });
    refuse(next, Happening::Started(before.start().clone()), FoldError::StartedTwice { seq: next });
    let persona = sample::persona(&[]);
    assert_eq!(Live::fold(&persona, &[]), Err(FoldError::NotStarted));
    assert_eq!(Live::fold(&persona, &task.events[1..]), Err(FoldError::NotStarted));
}
