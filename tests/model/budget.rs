//! Tokens that may be used, and that are counted once.

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::SystemClock;
use comptoir::id::{ConversationId, Ulid};
use comptoir::model::{Budget, Endpoint, Limits, ModelError, Price};
use futures_util::future::join_all;

use crate::double::{Does, Double};
use crate::given::{SOON, endpoint, limits, model_with, words};

fn conversation(n: u128) -> ConversationId {
    ConversationId::new(Ulid::from(n))
}

#[tokio::test]
async fn a_budget_is_never_passed_however_many_ask_at_once() {
    let counted = |_: &_| Does::Counted { text: "un deux trois".into(), prompt: 30, completion: 50 };
    let double = Double::start(counted).await;
    let budget = Budget::new(None, Some(1000), Arc::new(SystemClock));
    let limits = Limits { at_once: 50, ..limits() };
    let (model, mut uses) = model_with(endpoint(double.address()), limits, &budget);
    let answers = join_all((0..50).map(|_| async { model.ask(&words(), None, SOON).await })).await;
    let refused = answers.iter().filter(|answer| matches!(answer, Err(ModelError::OverBudget))).count();
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((refused + answered, double.calls()), (50, answered), "who is refused asks nothing");
    assert!(answered >= 8 && refused > 0, "{answered} answered");
    assert_eq!(budget.used_today(), 80 * answered as u64);
    assert!(budget.used_today() <= 1000);
    let told: Vec<_> = std::iter::from_fn(|| uses.try_recv().ok()).collect();
    assert_eq!(told.iter().map(|told| told.tokens.total()).sum::<u64>(), budget.used_today(), "uses say the same");
    assert_eq!(told.iter().filter(|told| told.outcome == "over_budget").count(), refused);
}

#[tokio::test]
async fn a_conversation_has_its_own_budget_and_what_the_store_knows_counts() {
    let double = Double::start(|_| Does::Counted { text: "un".into(), prompt: 60, completion: 20 }).await;
    let budget = Budget::new(Some(200), None, Arc::new(SystemClock));
    let (model, _uses) = model_with(endpoint(double.address()), limits(), &budget);
    let (one, other) = (Some(conversation(1)), Some(conversation(2)));
    budget.seed_conversation(conversation(2), 199);
    assert!(model.ask(&words(), one, SOON).await.is_ok());
    let mut streamed = model.stream(&words(), one, SOON).await.unwrap();
    while streamed.next().await.is_some() {}
    assert_eq!(budget.used_by(conversation(1)), 160);
    assert_eq!(model.ask(&words(), one, SOON).await.unwrap_err(), ModelError::OverBudget);
    assert_eq!(model.stream(&words(), other, SOON).await.unwrap_err(), ModelError::OverBudget);
    assert!(model.ask(&words(), None, SOON).await.is_ok());
    assert_eq!(double.calls(), 3);
    assert_eq!(model.health().failures, 0, "no budget is no fault of the endpoint");
}

#[tokio::test]
async fn failures_cost_what_they_used_and_no_more() {
    async fn check(does: Does, prompt: bool, completion: bool) {
        let told = format!("{does:?}");
        let double = Double::start(move |_| does.clone()).await;
        let budget = Budget::new(None, Some(1_000_000), Arc::new(SystemClock));
        let (model, mut uses) = model_with(endpoint(double.address()), Limits { tries: 1, ..limits() }, &budget);
        assert!(model.ask(&words(), None, Duration::from_millis(300)).await.is_err());
        let tokens = uses.recv().await.unwrap().tokens;
        assert_eq!((tokens.prompt > 0, tokens.completion > 0), (prompt, completion), "{told}");
        assert_eq!(budget.used_today(), tokens.total(), "{told}");
    }
    check(Does::error(500, "oops"), false, false).await;
    check(Does::error(401, "no"), false, false).await;
    check(Does::DropsConnection, false, false).await;
    check(Does::Hang, true, false).await;
    check(Does::EmptyStream, true, false).await;
    check(Does::CutAfter("un deux trois".into(), 2), true, true).await;
    check(Does::StallsAfter("un deux trois".into(), 2), true, true).await;
}

#[tokio::test]
async fn tokens_that_are_not_told_are_estimated_and_have_their_price() {
    let text = "Je comprends, vous attendez depuis trois semaines que quelqu'un passe.";
    let double = Double::start(move |_| Does::Uncounted(text.into())).await;
    let price = Price { prompt_per_million: 1000.0, completion_per_million: 2000.0 };
    let endpoint = Endpoint { price: Some(price), ..endpoint(double.address()) };
    let (model, mut uses) = model_with(endpoint, limits(), &crate::given::unlimited());
    let answer = model.ask(&words(), None, SOON).await.unwrap();
    assert!(answer.tokens.estimated && (15..30).contains(&answer.tokens.completion), "{:?}", answer.tokens);
    let told = uses.recv().await.unwrap();
    assert_eq!(told.cost_micros, Some(answer.tokens.prompt * 1000 + answer.tokens.completion * 2000));
}
