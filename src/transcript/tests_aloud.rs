//! Claims about what is said aloud: cut replies, corrections, times, and how they are written down.

use std::time::Duration;

use super::format::{read_events, read_exchange, write_events, write_exchange};
use super::tests::Task;
use super::*;
use crate::clock::Timestamp;
use crate::hearing::{Heard, Recognised};
use crate::persona::sample;
use crate::utterance::Speaker;

/// A question for one fact.
fn asks(id: &str) -> Heard {
    let asked = vec![Recognised { id: id.to_owned(), quote: id.to_owned() }];
    Heard { asked, questions: 1, words: 6, ..Heard::default() }
}

/// An open conversation in which a fact was just asked for, and told.
fn asked_for(id: &str) -> Task {
    let mut task = Task::start(sample::persona(&[]), 1);
    task.happen(Happening::Received);
    task.say_aloud("Bonjour.", "Bonjour.");
    task.answer(&Heard::default());
    task.voice(None);
    task.say_aloud("Où coule l'eau ?", "Où coule l'eau ?");
    task.answer(&asks(id));
    task
}

fn last_turn(task: &Task) -> &Turn {
    task.live.turns().last().unwrap()
}

#[test]
fn a_cut_reply_is_what_was_said_of_it_and_its_other_facts_are_not_told() {
    let mut task = asked_for("lieu");
    let whole = last_turn(&task).text.clone();
    assert!(task.live.state().told().contains("lieu"));
    task.voice(Some(1));
    let turn = last_turn(&task);
    assert_eq!(turn.text, whole.split(' ').next().unwrap());
    assert_eq!((turn.meant.as_deref(), turn.interrupted, turn.aloud), (Some(whole.as_str()), true, true));
    assert_eq!(turn.change.as_ref().unwrap().told, [""; 0]);
    assert!(!task.live.state().told().contains("lieu") && task.live.state().last_told().is_empty());
    assert!(task.live.context().cuts_in, "the words to come cut in");
    assert_eq!(Live::fold(&task.persona, &task.events).unwrap(), task.live);
}

#[test]
fn nothing_heard_of_a_reply_leaves_an_ellipsis() {
    let mut task = asked_for("lieu");
    task.voice(Some(0));
    assert_eq!(last_turn(&task).text, "…");
}

#[test]
fn a_fact_that_was_cut_can_be_asked_for_again_and_is_told_as_if_for_the_first_time() {
    let mut task = asked_for("lieu");
    task.voice(Some(0));
    task.say_aloud("Pardon, où cela ?", "Pardon, où cela ?");
    assert!(task.live.context().cuts_in);
    task.answer(&asks("lieu"));
    let turn = last_turn(&task);
    assert_eq!(turn.change.as_ref().unwrap().told, ["lieu"]);
    let words = turn.text.to_lowercase();
    assert!(words.contains("entrée") || words.contains("entree"), "its own words, not « je l'ai dit » : {words}");
    assert_eq!(task.live.state().said_from("fact.lieu"), 1, "said once only");
    task.voice(None);
    assert!(!task.live.context().cuts_in);
    // Asked once more: it has been said once, so nobody is annoyed yet.
    task.say_aloud("Où ?", "Où ?");
    task.answer(&asks("lieu"));
    let causes: Vec<&str> =
        last_turn(&task).change.as_ref().unwrap().moods.iter().map(|mood| mood.cause.as_str()).collect();
    assert!(!causes.contains(&"asked_again"), "{causes:?}");
}

#[test]
fn a_fact_heard_before_stays_told_when_its_repetition_is_cut() {
    let mut task = asked_for("lieu");
    task.voice(None);
    task.say_aloud("Où, déjà ?", "Où, déjà ?");
    task.answer(&asks("lieu"));
    task.voice(Some(0));
    assert!(task.live.state().told().contains("lieu"));
}

#[test]
fn only_the_words_right_after_a_cut_reply_cut_in() {
    fn check(turns: &[(Speaker, &str, bool)], expect: bool) {
        let turn = |(speaker, text, interrupted): &(Speaker, &str, bool)| Turn {
            interrupted: *interrupted,
            ..Turn::said(*speaker, *text)
        };
        let before: Vec<Turn> = turns.iter().map(turn).collect();
        assert_eq!(cuts_in(&before), expect, "{turns:?}");
    }
    let (person, trainee) = (Speaker::Persona, Speaker::Trainee);
    check(&[], false);
    check(&[(person, "Je", true)], true);
    check(&[(person, "Je vous dis", false)], false);
    check(&[(person, "Je", true), (trainee, "Attendez.", false)], false);
    // A move between them has no words of its own.
    check(&[(person, "Je", true), (trainee, "", false)], true);
    // A gesture is an answer.
    check(&[(person, "Je", true), (trainee, "Oui ?", false), (person, "", false)], false);
}

#[test]
fn hearing_a_reply_a_second_time_changes_nothing() {
    let mut task = asked_for("lieu");
    task.voice(Some(1));
    let before = task.live.turns().to_vec();
    let reply = task.live.last_reply().unwrap().0;
    let late = Timestamp::UNIX_EPOCH + Duration::from_hours(2);
    task.happen(Happening::Voiced { reply, began_at: late, ended_at: late, cut: None, client_id: None });
    assert_eq!(task.live.turns(), before);
}

#[test]
fn a_correction_counts_and_the_first_words_recognised_are_kept() {
    fn check(spoken: (&str, &str), corrections: &[&str], expect: (&str, Option<&str>)) {
        let mut task = Task::start(sample::persona(&[]), 1);
        task.say_aloud(spoken.0, spoken.1);
        for text in corrections {
            task.happen(Happening::Corrected { turn: 1, text: (*text).to_owned(), client_id: None });
        }
        let turn = last_turn(&task);
        assert_eq!((turn.text.as_str(), turn.recognised.as_deref()), expect, "{spoken:?} {corrections:?}");
        // The words still wait for their answer: the character answers what was meant.
        assert_eq!(task.live.pending(), Some(&Pending::Spoke(expect.0.to_owned())));
        assert_eq!(Live::fold(&task.persona, &task.events).unwrap(), task.live);
    }
    check(("bel cassem", "bel cassem"), &[], ("bel cassem", None));
    check(("bel cassem", "Belkacem"), &[], ("Belkacem", Some("bel cassem")));
    check(("bel cassem", "bel cassem"), &["Belkacem"], ("Belkacem", Some("bel cassem")));
    check(("bel cassem", "Belcacem"), &["Belkacem"], ("Belkacem", Some("bel cassem")));
    check(("bel cassem", "bel cassem"), &["Belcacem", "Belkacem"], ("Belkacem", Some("bel cassem")));
    check(("bel cassem", "Belkacem"), &["bel cassem"], ("bel cassem", None));
}

#[test]
fn an_answered_turn_is_corrected_without_calling_for_another_answer() {
    let mut task = asked_for("lieu");
    task.happen(Happening::Corrected { turn: 5, text: "Où coule-t-elle ?".to_owned(), client_id: None });
    assert_eq!(task.live.pending(), None);
    assert_eq!(task.live.spoken(5).unwrap().recognised.as_deref(), Some("Où coule l'eau ?"));
}

#[test]
fn the_last_words_may_be_heard_and_corrected_after_the_end() {
    let mut task = asked_for("lieu");
    task.happen(Happening::Ended { by: EndedBy::Trainee });
    task.voice(None);
    task.happen(Happening::Corrected { turn: 5, text: "Où ?".to_owned(), client_id: None });
    assert!(last_turn(&task).aloud);
    assert_eq!((task.live.phase(), task.live.ended()), (Phase::Ended, Some(EndedBy::Trainee)));
    assert_eq!(Live::fold(&task.persona, &task.events).unwrap(), task.live);
}

#[test]
fn only_a_turn_of_the_right_one_is_corrected_or_heard() {
    let mut task = asked_for("lieu");
    let before = task.live.clone();
    let at = Timestamp::UNIX_EPOCH;
    let corrected = |turn| Happening::Corrected { turn, text: "x".to_owned(), client_id: None };
    let voiced = |reply| Happening::Voiced { reply, began_at: at, ended_at: at, cut: None, client_id: None };
    let seq = before.next_seq();
    for (happening, turn) in [(corrected(0), 0), (corrected(3), 3), (corrected(99), 99), (voiced(2), 2), (voiced(1), 1)]
    {
        let refused = task.live.apply(&Event { seq, at, happening: happening.clone() });
        assert_eq!(refused, Err(FoldError::NotATurn { seq, turn }), "{happening:?}");
        assert_eq!(task.live, before);
    }
}

#[test]
fn what_was_said_aloud_has_the_times_of_the_voice_and_a_voice_that_ends_before_it_began_none() {
    let mut task = asked_for("lieu");
    // Received at 25 s; the greeting said from 46 to 49 s.
    let turn = &task.live.turns()[0];
    assert_eq!((turn.start_ms, turn.end_ms), (Some(21_000), Some(24_000)));
    let reply = task.live.last_reply().unwrap().0;
    let second = |second| Timestamp::UNIX_EPOCH + Duration::from_secs(second);
    task.happen(Happening::Voiced { reply, began_at: second(200), ended_at: second(190), cut: None, client_id: None });
    let turn = last_turn(&task);
    assert_eq!((turn.start_ms, turn.end_ms), (Some(175_000), Some(175_000)));
}

#[test]
fn spoken_events_are_written_and_read_back_and_older_files_still_read() {
    let mut task = asked_for("lieu");
    task.voice(Some(1));
    task.happen(Happening::Corrected { turn: 5, text: "Où ?".to_owned(), client_id: Some("m-9".to_owned()) });
    let text = write_events(&task.events);
    assert_eq!(read_events(&text).unwrap(), task.events);
    let old = concat!(
        r#"{"format":"comptoir-events","version":1}"#,
        "\n",
        r#"{"seq":0,"at":"2026-03-02T09:00:00Z","type":"started","persona":"essai","persona_hash":"x","#,
        r#""rubric":"bloc1","channel":"phone","seed":1,"hints":false}"#,
        "\n",
        r#"{"seq":1,"at":"2026-03-02T09:00:05Z","type":"spoke","text":"Bonjour."}"#,
        "\n",
    );
    let live = Live::fold(&task.persona, &read_events(old).unwrap()).unwrap();
    assert!(!live.start().aloud && !live.turns()[0].aloud);
    assert_eq!(write_events(&read_events(old).unwrap()), old, "nothing is added to what was written");
}

#[test]
fn the_exchange_shape_keeps_times_and_cuts_and_they_tell_what_was_said_aloud() {
    let mut task = asked_for("lieu");
    task.voice(Some(1));
    task.happen(Happening::Spoke { text: "J'écris.".to_owned(), client_id: None, spoken: None });
    let written = task.live.transcript();
    let read = read_exchange(&write_exchange(&written)).unwrap();
    // What only a conversation played here knows is not written.
    let shown = |turn: &Turn| Turn { meant: None, cue: None, change: None, ..turn.clone() };
    assert_eq!(read.turns, written.turns.iter().map(shown).collect::<Vec<_>>());
    assert_eq!(written.turns.iter().map(|turn| turn.aloud).collect::<Vec<_>>(), [true, true, true, true, false]);
}
