//! The queue before an engine: who is taken, who waits, who is refused.

use std::sync::Arc;
use std::time::Duration;

use comptoir::speech::{Clip, Limits, TranscribeError, Transcriber, Urgency};
use tokio::sync::Semaphore;

fn clip(urgency: Urgency) -> Clip {
    Clip { samples: vec![0; 16_000], hint: Arc::from(""), urgency }
}

/// An engine that answers once per permit given, and its permits.
fn gated(places: usize, queue: usize) -> (Transcriber, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let limits = Limits { places, queue, deadline: Duration::from_secs(5) };
    let transcriber = Transcriber::by(limits, move |_clip| {
        let gate = Arc::clone(&gate);
        async move {
            gate.acquire().await.expect("never closed").forget();
            Ok("Oui.".to_owned())
        }
    });
    (transcriber, opened)
}

type Task = tokio::task::JoinHandle<Result<String, TranscribeError>>;

/// Hands in a clip, and waits until it is at work or in the queue.
async fn hand_in(transcriber: &Transcriber, urgency: Urgency) -> Task {
    let there = |transcriber: &Transcriber| {
        let figures = transcriber.figures();
        figures.at_work + figures.waiting
    };
    let before = there(transcriber);
    let own = transcriber.clone();
    let task = tokio::spawn(async move { own.transcribe(clip(urgency)).await.map(|words| words.text) });
    while there(transcriber) == before {
        tokio::task::yield_now().await;
    }
    task
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses_at_once_and_keeps_what_it_has() {
    let (transcriber, gate) = gated(1, 2);
    let taken = [
        hand_in(&transcriber, Urgency::Final).await,
        hand_in(&transcriber, Urgency::Final).await,
        hand_in(&transcriber, Urgency::Final).await,
    ];
    assert_eq!(transcriber.transcribe(clip(Urgency::Final)).await, Err(TranscribeError::Busy));
    let figures = transcriber.figures();
    assert_eq!((figures.at_work, figures.waiting, figures.waiting_at_most, figures.refused), (1, 2, 2, 1));
    gate.add_permits(3);
    for task in taken {
        assert_eq!(task.await.unwrap(), Ok("Oui.".to_owned()));
    }
    let figures = transcriber.figures();
    assert_eq!((figures.at_work, figures.waiting, figures.done), (0, 0, 3));
    assert_eq!((figures.waits.count(), figures.sound), (3, Duration::from_secs(3)));
}

#[tokio::test(start_paused = true)]
async fn a_speculative_clip_is_taken_only_when_nobody_has_work() {
    let (transcriber, gate) = gated(1, 4);
    assert!(transcriber.is_idle());
    let ahead = hand_in(&transcriber, Urgency::Ahead).await;
    assert!(!transcriber.is_idle());
    assert_eq!(transcriber.transcribe(clip(Urgency::Ahead)).await, Err(TranscribeError::Busy));
    let last = hand_in(&transcriber, Urgency::Final).await;
    gate.add_permits(2);
    assert!(ahead.await.unwrap().is_ok() && last.await.unwrap().is_ok());
    assert!(transcriber.is_idle());
    assert_eq!((transcriber.figures().passed_over, transcriber.figures().refused), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_longest_is_next() {
    let limits = Limits { places: 1, queue: 8, deadline: Duration::from_secs(5) };
    let transcriber = Transcriber::by(limits, async |_clip| {
        tokio::time::sleep(Duration::from_millis(10)).await;
        Ok("Oui.".to_owned())
    });
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..6 {
        let (own, order) = (transcriber.clone(), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            own.transcribe(clip(Urgency::Final)).await.unwrap();
            order.lock().unwrap().push(number);
        }));
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_frees_the_place_in_the_queue() {
    let (transcriber, gate) = gated(1, 1);
    let first = hand_in(&transcriber, Urgency::Final).await;
    let second = hand_in(&transcriber, Urgency::Final).await;
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    assert_eq!(transcriber.figures().waiting, 0);
    let third = hand_in(&transcriber, Urgency::Final).await;
    gate.add_permits(2);
    assert!(first.await.unwrap().is_ok() && third.await.unwrap().is_ok());
    assert_eq!(transcriber.figures().done, 2, "the second was never begun");
}

#[tokio::test(start_paused = true)]
async fn no_answer_in_time_is_late_and_frees_the_place() {
    let (transcriber, gate) = gated(1, 4);
    let (first, second) =
        tokio::join!(transcriber.transcribe(clip(Urgency::Final)), transcriber.transcribe(clip(Urgency::Final)));
    assert_eq!((first, second), (Err(TranscribeError::Late), Err(TranscribeError::Late)));
    assert_eq!((transcriber.figures().late, transcriber.figures().at_work), (2, 0));
    gate.add_permits(1);
    assert!(transcriber.transcribe(clip(Urgency::Final)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_end_refuses_what_waits_and_finishes_what_is_under_way() {
    let (transcriber, gate) = gated(1, 4);
    let under_way = hand_in(&transcriber, Urgency::Final).await;
    let waiting = hand_in(&transcriber, Urgency::Final).await;
    transcriber.stop().await;
    assert_eq!(waiting.await.unwrap(), Err(TranscribeError::Stopped));
    gate.add_permits(1);
    assert!(under_way.await.unwrap().is_ok());
    assert_eq!(transcriber.transcribe(clip(Urgency::Final)).await, Err(TranscribeError::Stopped));
    assert!(!transcriber.is_idle());
}

#[tokio::test]
async fn what_cannot_be_recognised_in_one_piece_never_reaches_the_engine() {
    let (transcriber, _gate) = gated(1, 4);
    let long = Clip { samples: vec![0; 31 * 16_000], ..clip(Urgency::Final) };
    assert_eq!(transcriber.transcribe(long).await, Err(TranscribeError::TooLong(Duration::from_secs(31))));
    let empty = Clip { samples: Vec::new(), ..clip(Urgency::Final) };
    assert_eq!(transcriber.transcribe(empty).await.unwrap().text, "");
}

#[tokio::test]
async fn what_nobody_said_is_no_words_whatever_the_engine() {
    let limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(5) };
    let transcriber = Transcriber::by(limits, async |_clip| Ok(" Sous-titrage ST' 501".to_owned()));
    assert_eq!(transcriber.transcribe(clip(Urgency::Final)).await.unwrap().text, "");
}

#[tokio::test]
async fn an_engine_that_fails_is_counted() {
    let limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(5) };
    let transcriber = Transcriber::by(limits, async |_clip| Err(TranscribeError::Refused("no such model".to_owned())));
    let refused = transcriber.transcribe(clip(Urgency::Final)).await;
    assert_eq!(refused, Err(TranscribeError::Refused("no such model".to_owned())));
    assert_eq!((transcriber.figures().failed, transcriber.figures().at_work), (1, 0));
}
