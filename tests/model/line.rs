//! Calls at once, waiting in line, and calls that nobody wants any more.

use std::time::Duration;

use comptoir::model::{Limits, ModelError};
use futures_util::future::join_all;
use tokio::time::timeout;

use crate::double::{Does, Double};
use crate::given::{SOON, endpoint, limits, model, model_with, unlimited, words};

fn slowly(text: &str, first: u64, each: u64) -> Does {
    Does::Slowly { text: text.into(), first: Duration::from_millis(first), each: Duration::from_millis(each) }
}

/// Waits until it is so.
async fn until(so: impl Fn() -> bool) {
    let waited = timeout(Duration::from_secs(10), async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.expect("it becomes so");
}

#[tokio::test]
async fn never_more_calls_at_once_than_allowed_and_all_get_their_turn() {
    let double = Double::start(|_| slowly("un deux", 20, 10)).await;
    let (model, _uses) = model_with(endpoint(double.address()), Limits { at_once: 4, ..limits() }, &unlimited());
    let calls = (0..40).map(|nth| {
        let model = model.clone();
        async move {
            if nth % 2 == 0 {
                return model.ask(&words(), None, SOON).await.map(|answer| answer.text);
            }
            let mut words = model.stream(&words(), None, SOON).await?;
            let mut text = String::new();
            while let Some(more) = words.next().await {
                text += &more?;
            }
            Ok(text)
        }
    });
    for text in join_all(calls).await {
        assert_eq!(text.unwrap(), "un deux");
    }
    assert_eq!((double.calls(), double.most_at_once()), (40, 4));
}

#[tokio::test]
async fn waiting_in_line_counts_and_is_no_fault_of_the_endpoint() {
    let double = Double::start(|_| slowly("un", 3000, 0)).await;
    let (model, _uses) = model_with(endpoint(double.address()), Limits { at_once: 1, ..limits() }, &unlimited());
    let first = tokio::spawn({
        let model = model.clone();
        async move { model.ask(&words(), None, SOON).await }
    });
    until(|| model.health().under_way == 1).await;
    for _ in 0..4 {
        assert_eq!(model.ask(&words(), None, Duration::from_millis(100)).await.unwrap_err(), ModelError::Late);
    }
    assert_eq!(model.health().failures, 0);
    assert_eq!(first.await.unwrap().unwrap().text, "un");
    assert_eq!(double.calls(), 1, "who gave up in line asked nothing");
}

#[tokio::test]
async fn dropping_a_question_ends_the_call_and_frees_its_place() {
    let double = Double::start(|_| Does::Hang).await;
    let (model, mut uses) = model_with(endpoint(double.address()), Limits { at_once: 1, ..limits() }, &unlimited());
    for round in 1..=3 {
        let asked = timeout(Duration::from_millis(150), model.ask(&words(), None, SOON)).await;
        assert!(asked.is_err());
        until(|| double.abandoned() == round).await;
        let told = uses.recv().await.unwrap();
        assert_eq!((told.outcome, told.tokens.completion), ("dropped", 0));
        assert!(told.tokens.estimated && told.tokens.prompt > 0, "it may have read the question: {:?}", told.tokens);
    }
    let health = model.health();
    assert_eq!((health.under_way, health.waiting, health.failures), (0, 0, 0), "whoever leaves blames nobody");
}

#[tokio::test]
async fn dropping_the_words_ends_the_call_and_counts_what_came() {
    let double = Double::start(|_| slowly(&"encore ".repeat(100), 0, 20)).await;
    let (model, mut uses) = model(&double);
    let mut words = model.stream(&words(), None, SOON).await.unwrap();
    let mut bytes = 0;
    for _ in 0..5 {
        bytes += words.next().await.unwrap().unwrap().len() as u64;
    }
    let counted = words.tokens();
    drop(words);
    until(|| double.abandoned() == 1).await;
    let told = uses.recv().await.unwrap();
    assert_eq!((told.outcome, told.tokens), ("dropped", counted));
    assert!(told.tokens.completion * 4 >= bytes, "{:?} for {bytes} bytes", told.tokens);
    assert_eq!(model.budget().used_today(), counted.total(), "and the budget has them once");
}

#[tokio::test]
async fn words_that_are_not_waited_for_to_the_end_are_lost_by_nobody() {
    let double = Double::start(|_| slowly("un deux trois quatre", 0, 40)).await;
    let (model, _uses) = model(&double);
    let mut words = model.stream(&words(), None, SOON).await.unwrap();
    let mut text = String::new();
    loop {
        // Far shorter than the pause between two words: most waits are given up.
        match timeout(Duration::from_millis(7), words.next()).await {
            Err(_) => {}
            Ok(None) => break,
            Ok(Some(more)) => text += &more.unwrap(),
        }
    }
    assert_eq!(text, "un deux trois quatre");
}

#[tokio::test]
async fn an_answer_that_is_over_frees_its_place_even_if_it_is_kept() {
    let double = Double::start(|_| Does::words("un")).await;
    let (model, _uses) = model_with(endpoint(double.address()), Limits { at_once: 1, ..limits() }, &unlimited());
    let mut kept = model.stream(&words(), None, SOON).await.unwrap();
    while kept.next().await.is_some() {}
    assert_eq!(model.ask(&words(), None, SOON).await.unwrap().text, "un");
    drop(kept);
}
