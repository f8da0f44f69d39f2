//! When a question is asked again, how soon, and when an endpoint is left alone.

use std::time::Duration;

use comptoir::clock::{Clock as _, SystemClock};
use comptoir::model::{Limits, ModelError};
use tokio::time::Instant;

use crate::double::{Does, Double};
use crate::given::{SOON, endpoint, limits, model, model_with, unlimited, words};

/// Does this at first, so many times, then answers.
async fn at_first(times: usize, does: Does) -> Double {
    Double::start(move |seen| if seen.nth < times { does.clone() } else { Does::words("Oui.") }).await
}

#[tokio::test]
async fn passing_trouble_is_overcome_in_both_ways() {
    for does in [Does::error(500, "oops"), Does::DropsConnection, Does::EmptyStream, Does::Garbage] {
        let double = at_first(2, does.clone()).await;
        let (model, mut uses) = model(&double);
        let begun = Instant::now();
        let mut words = model.stream(&words(), None, SOON).await.unwrap();
        assert_eq!(words.next().await.unwrap().unwrap(), "Oui.", "{does:?}");
        assert!(words.next().await.is_none());
        let took = begun.elapsed();
        // 75 to 150 ms, then 150 to 300.
        assert!(took >= Duration::from_millis(220) && took < Duration::from_secs(15), "{does:?}: {took:?}");
        assert_eq!((double.calls(), uses.recv().await.unwrap().outcome), (3, "ok"));
        assert_eq!(model.health().failures, 0, "a success forgives");
    }
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept_where_there_is_time() {
    let until = SystemClock.now() + Duration::from_secs(2);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&until).unwrap();
    for (asked, least) in [("1", 1000), ("0.6", 600), (date.as_str(), 1)] {
        let does = Does::RateLimited { retry_after: asked.to_owned() };
        let double = at_first(1, does).await;
        let (model, _uses) = model_with(
            endpoint(double.address()),
            Limits { longest_wait: Duration::from_secs(3), ..limits() },
            &unlimited(),
        );
        let begun = Instant::now();
        assert_eq!(model.ask(&words(), None, SOON).await.unwrap().text, "Oui.", "{asked}");
        assert!(begun.elapsed() >= Duration::from_millis(least), "{asked}: {:?}", begun.elapsed());
        assert_eq!(double.calls(), 2);
    }
}

#[tokio::test]
async fn a_wait_past_the_deadline_or_past_patience_ends_the_question_at_once() {
    for (asked, within, longest) in [("20", 10, 60), ("30", 60, 5), ("86400", 60, 5)] {
        let double = at_first(9, Does::RateLimited { retry_after: asked.to_owned() }).await;
        let limits = Limits { longest_wait: Duration::from_secs(longest), ..limits() };
        let (model, _uses) = model_with(endpoint(double.address()), limits, &unlimited());
        let begun = Instant::now();
        let error = model.ask(&words(), None, Duration::from_secs(within)).await.unwrap_err();
        let wait: u64 = asked.parse().unwrap();
        assert_eq!(error, ModelError::Overloaded { status: 429, retry_after: Some(Duration::from_secs(wait)) });
        assert!(begun.elapsed() < Duration::from_secs(5), "{asked}: {:?}", begun.elapsed());
        assert_eq!(double.calls(), 1);
    }
}

#[tokio::test]
async fn the_deadline_holds_whatever_the_endpoint_does() {
    let slow = Does::Slowly { text: "un deux".into(), first: Duration::from_secs(9), each: Duration::ZERO };
    let drip = Does::Slowly { text: "a ".repeat(60), first: Duration::ZERO, each: Duration::from_millis(100) };
    for does in [Does::Hang, slow, drip, Does::StallsAfter("un deux".into(), 1), Does::error(503, "loading")] {
        let told = format!("{does:?}");
        let double = Double::start(move |_| does.clone()).await;
        let (model, _uses) = model(&double);
        let begun = Instant::now();
        let error = model.ask(&words(), None, Duration::from_millis(600)).await.unwrap_err();
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(4), "{told}: {took:?}");
        assert!(matches!(error, ModelError::Late | ModelError::Overloaded { .. }), "{told}: {error}");
    }
}

#[tokio::test]
async fn the_time_to_the_first_words_does_not_hold_for_the_others() {
    let text = "un deux trois quatre cinq six";
    let slowly = Does::Slowly { text: text.into(), first: Duration::ZERO, each: Duration::from_millis(500) };
    let double = Double::start(move |_| slowly.clone()).await;
    let patient = Limits { silence: Duration::from_secs(5), ..limits() };
    let (model, _uses) = model_with(endpoint(double.address()), patient, &unlimited());
    let mut words = model.stream(&words(), None, Duration::from_secs(2)).await.unwrap();
    let mut came = String::new();
    while let Some(more) = words.next().await {
        came += &more.unwrap();
    }
    assert_eq!(came, text);
}

#[tokio::test]
async fn an_endpoint_that_fails_three_times_is_left_alone_and_tried_by_one() {
    let double = at_first(3, Does::error(500, "oops")).await;
    let (model, mut uses) = model(&double);
    let error = model.ask(&words(), None, SOON).await.unwrap_err();
    assert_eq!(error, ModelError::Overloaded { status: 500, retry_after: None });
    let begun = Instant::now();
    for _ in 0..5 {
        let error = model.stream(&words(), None, SOON).await.unwrap_err();
        assert!(matches!(error, ModelError::Resting(left) if left <= Duration::from_secs(5)), "{error}");
    }
    assert!(begun.elapsed() < Duration::from_secs(4), "nobody waits: {:?}", begun.elapsed());
    assert_eq!(double.calls(), 3);
    let health = model.health();
    assert_eq!((health.failures, health.last_failure), (3, Some("overloaded")));
    tokio::time::sleep(health.resting.unwrap() + Duration::from_millis(20)).await;
    let trials = (0..8).map(|_| async { model.ask(&words(), None, SOON).await.is_ok() });
    let answered = futures_util::future::join_all(trials).await.into_iter().filter(|answered| *answered).count();
    assert_eq!(answered, 1, "one tries, the others do not wait for it");
    assert_eq!(double.calls(), 4);
    assert!(model.ask(&words(), None, SOON).await.is_ok(), "and then it is back");
    assert_eq!((model.health().failures, model.health().resting), (0, None));
    let outcomes: Vec<_> = std::iter::from_fn(|| uses.try_recv().ok()).map(|told| told.outcome).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "resting").count(), 12);
    assert_eq!(outcomes.len(), 15, "each question leaves one use, asked or not");
}

#[tokio::test]
async fn lateness_counts_only_where_there_was_time_to_answer() {
    let double = Double::start(|_| Does::Hang).await;
    let fair = Limits { fair: Duration::from_secs(1), ..limits() };
    let (model, _uses) = model_with(endpoint(double.address()), fair, &unlimited());
    for _ in 0..6 {
        let short = model.ask(&words(), None, Duration::from_millis(50)).await;
        assert_eq!(short.unwrap_err(), ModelError::Late);
    }
    assert_eq!(model.health().failures, 0);
    for failures in 1..=3 {
        let long = model.stream(&words(), None, Duration::from_millis(1100)).await;
        assert_eq!((long.unwrap_err(), model.health().failures), (ModelError::Late, failures));
    }
    assert!(model.health().resting.is_some());
}
