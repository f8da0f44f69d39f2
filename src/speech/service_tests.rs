use axum::http::header::CONTENT_TYPE;

use super::super::stub::Stub;
use super::*;

const QUICK: Patience = Patience {
    at_once: 2,
    deadline: Duration::from_millis(1500),
    silence: Duration::from_millis(300),
    tries: 3,
    longest_wait: Duration::from_millis(50),
    longest_answer: 100,
};

async fn post(stub: &Stub) -> Result<Answer, CallError> {
    let caller = Caller::new(stub.service(Some("sk-very-secret"), "m"), QUICK).unwrap();
    caller.post("/audio/x", |request| request.body("words")).await
}

#[tokio::test]
async fn an_overloaded_service_is_asked_again_and_its_wish_to_wait_is_capped() {
    let stub = Stub::answering(|turn| match turn {
        0 => (429, vec![(RETRY_AFTER, "3600".into())], vec![]),
        1 => (503, vec![], vec![]),
        _ => (200, vec![(CONTENT_TYPE, "Text/Plain; charset=utf-8".into())], b"ok".to_vec()),
    })
    .await;
    let answer = post(&stub).await.unwrap();
    assert_eq!((answer.media_type.as_str(), answer.bytes.as_ref()), ("text/plain", b"ok".as_ref()));
    assert!(stub.asked().iter().all(|asked| asked.body == b"words"), "every try carries the whole body");
    let never = Stub::answering(|_| (500, vec![], vec![])).await;
    assert_eq!(post(&never).await.unwrap_err(), CallError::Overloaded(500));
    assert_eq!(never.asked().len(), 3);
}

#[tokio::test]
async fn a_refusal_is_final_tells_the_service_s_own_words_and_never_the_key() {
    let stub =
        Stub::answering(|_| (401, vec![], br#"{"error": {"message": "Incorrect API key: sk-very-secret"}}"#.to_vec()))
            .await;
    let error = post(&stub).await.unwrap_err();
    assert_eq!(error.to_string(), "be accepted: the service refused (status 401): Incorrect API key: …");
    assert_eq!(stub.asked().len(), 1);
    let page = Stub::answering(|_| (404, vec![], b"<html>".to_vec())).await;
    assert_eq!(post(&page).await.unwrap_err(), CallError::Refused { status: 404, message: String::new() });
}

#[tokio::test]
async fn an_answer_too_long_too_late_or_from_nobody_is_told_apart() {
    let long = Stub::answering(|_| (200, vec![], vec![b'x'; 101])).await;
    assert_eq!(post(&long).await.unwrap_err(), CallError::TooLong);
    let silent = Stub::silent().await;
    assert_eq!(post(&silent).await.unwrap_err(), CallError::Late);
    let gone = Stub::answering(|_| (200, vec![], vec![])).await.gone().await;
    let caller = Caller::new(gone, QUICK).unwrap();
    assert!(matches!(caller.post("/x", |request| request).await, Err(CallError::Unreachable(_))));
}

#[tokio::test]
async fn a_redirection_is_not_followed_with_the_key() {
    let other = Stub::answering(|_| (200, vec![], vec![])).await;
    let target = other.service(None, "m").address.to_string();
    let stub = Stub::answering(move |_| (307, vec![(reqwest::header::LOCATION, target.clone())], vec![])).await;
    assert!(matches!(post(&stub).await, Err(CallError::Refused { status: 307, .. })));
    assert!(other.asked().is_empty());
}

#[test]
fn the_path_is_added_once_wherever_the_address_ends() {
    fn check(address: &str) {
        let service = Service { address: address.parse().unwrap(), key: None, model: "m".into() };
        let caller = Caller::new(service, QUICK).unwrap();
        assert_eq!(caller.url("/audio/speech").as_str(), "http://127.0.0.1:9/v1/audio/speech", "{address}");
    }
    check("http://127.0.0.1:9/v1");
    check("http://127.0.0.1:9/v1/");
    check("http://127.0.0.1:9/v1/audio/speech");
}
