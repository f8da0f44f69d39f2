//! Addresses and forms: who may, what is refused, with which code.

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

use crate::app::{TestApp, Visitor};
use crate::talk::Talk;

const PHONE: &str = "fuite-colere";

async fn ended(visitor: &Visitor) -> String {
    let id = visitor.open(PHONE).await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_exist_is_told_to_people_and_to_machines() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let nobody = "/conversations/conv_01JAB8E2ZV3QX4T5W6Y7Z8A9BC";
    let cases = [
        ("/nulle-part".to_owned(), "not_found"),
        ("/assets/css/nope.css".to_owned(), "not_found"),
        ("/assets/templates/base.html".to_owned(), "not_found"),
        ("/assets/..%2f..%2fCargo.toml".to_owned(), "not_found"),
        ("/situations/nulle-part".to_owned(), "unknown_situation"),
        ("/situations/..%2f..%2fetc".to_owned(), "unknown_situation"),
        (nobody.to_owned(), "unknown_conversation"),
        ("/conversations/vis_01JAB8E2ZV3QX4T5W6Y7Z8A9BC".to_owned(), "unknown_conversation"),
        ("/conversations/1'or'1'='1".to_owned(), "unknown_conversation"),
        (format!("{nobody}/scorecard"), "unknown_conversation"),
        (format!("{nobody}/handoff"), "unknown_conversation"),
        (format!("{nobody}/transcript.json"), "unknown_conversation"),
    ];
    for (path, code) in cases {
        let answer = visitor.get(&path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, code), "{path}");
        let page = visitor.page(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text.contains(code) && page.text.contains("lang=\"fr\""), "{path}: {}", page.text);
    }
    let post = visitor.post("/situations/nulle-part/conversations", &[]).await;
    assert_eq!(post.code(), "unknown_situation");
    assert_eq!(visitor.cookie(), None);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_belongs_to_who_opened_it() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.visitor(), app.visitor());
    let id = ended(&mine).await;
    theirs.open(PHONE).await;
    for path in ["", "/handoff", "/scorecard", "/transcript.json"] {
        let answer = theirs.get(&format!("/conversations/{id}{path}")).await;
        assert_eq!(answer.code(), "unknown_conversation", "{path}");
    }
    for path in ["/handoff", "/again"] {
        let answer = theirs.post(&format!("/conversations/{id}{path}"), &[]).await;
        assert_eq!(answer.code(), "unknown_conversation", "{path}");
    }
    for visitor in [theirs, app.visitor()] {
        let refused = Talk::connect(&visitor, &id).await.err();
        assert!(matches!(&refused, Some(Error::Http(response)) if response.status() == 404), "{refused:?}");
    }
    assert_eq!(mine.page(&format!("/conversations/{id}/handoff")).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_can_neither_post_nor_talk() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    let path = format!("/situations/{PHONE}/conversations");
    let own = visitor.request(Method::POST, &path).form(&[("hints", "on")]);
    for (name, value) in [("origin", "http://ailleurs.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let mut request = own.try_clone().unwrap().build().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = visitor
            .send(reqwest::RequestBuilder::from_parts(comptoir::outgoing::plain().build().unwrap(), request))
            .await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "cross_site"), "{name}: {value}");
    }
    for path in ["handoff", "again", "recordings/delete"] {
        let mut request = visitor.request(Method::POST, &format!("/conversations/{id}/{path}")).build().unwrap();
        request.headers_mut().remove("origin");
        let answer = visitor
            .send(reqwest::RequestBuilder::from_parts(comptoir::outgoing::plain().build().unwrap(), request))
            .await;
        assert_eq!(answer.code(), "cross_site", "{path}");
    }
    let refused = Talk::connect_from(&visitor, &id, "http://ailleurs.example").await.err();
    assert!(matches!(&refused, Some(Error::Http(response)) if response.status() == 403), "{refused:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_note_and_the_scorecard_wait_for_the_end() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open(PHONE).await;
    for path in ["handoff", "scorecard"] {
        let answer = visitor.get(&format!("/conversations/{id}/{path}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "not_over"), "{path}");
    }
    let form = [("service", "technique"), ("urgency", "24h"), ("summary", "Fuite.")];
    assert_eq!(visitor.post(&format!("/conversations/{id}/handoff"), &form).await.code(), "not_over");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_with_faults_comes_back_with_its_words_and_what_is_missing() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = ended(&visitor).await;
    let path = format!("/conversations/{id}/handoff");
    let long = "a".repeat(5_000);
    let before = app.store.events(id.parse().unwrap(), 0).await.unwrap();
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("summary", "Fuite au plafond.")], "Choisissez le service"),
        (&[("service", "technique"), ("summary", "Fuite au plafond.")], "Indiquez sous quel délai"),
        (&[("service", "nulle-part"), ("urgency", "24h"), ("summary", "x")], "Choisissez le service"),
        (&[("service", "technique"), ("urgency", "24h"), ("summary", " \u{0} ")], "Écrivez en quelques phrases"),
        (&[("service", "technique"), ("urgency", "24h"), ("summary", &long)], "trop longue"),
    ];
    for (form, expect) in cases {
        let answer = visitor.post(&path, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(answer.text.contains(expect), "{form:?} without {expect}");
    }
    let kept = visitor.post(&path, &[("summary", "Fuite au <plafond>.")]).await;
    assert!(kept.text.contains("Fuite au &#60;plafond&#62;."), "the words come back, as words");
    assert_eq!(app.store.events(id.parse().unwrap(), 0).await.unwrap(), before, "nothing was stored");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_wrongly_is_refused_with_a_code() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = ended(&visitor).await;
    let handoff = format!("/conversations/{id}/handoff");
    let json = visitor.request(Method::POST, &handoff).json(&json!({"service": "technique"}));
    assert_eq!(visitor.send(json).await.code(), "bad_form");
    let huge = "a".repeat(200_000);
    assert_eq!(visitor.post(&handoff, &[("summary", &huge)]).await.code(), "bad_form");
    let put = visitor.request(Method::PUT, "/");
    assert_eq!(visitor.send(put).await.code(), "method_not_allowed");
    assert_eq!(visitor.get(&format!("/conversations/{id}/socket")).await.code(), "method_not_allowed");
    let again = visitor.post(&format!("/conversations/{id}/again"), &[("from", "peu importe")]).await;
    assert_eq!(again.code(), "bad_form");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_its_number_and_the_strict_policy() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for path in ["/", "/about", "/accessibility", "/conversations", "/situations/fuite-colere", "/nulle-part", "/livez"]
    {
        let response = visitor.request(Method::GET, path).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert!(header("x-request-id").is_some_and(|id| id.len() == 26), "{path}");
        let policy = header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy").as_deref(), Some("same-origin"), "{path}");
    }
    let page = visitor.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(page.headers()["cache-control"], "no-store");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_has_not_changed_is_not_sent_again_and_the_folders_own_comes_first() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let first = visitor.request(Method::GET, "/assets/css/tokens.css").send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    assert_eq!(first.headers()["content-type"], "text/css; charset=utf-8");
    let second = visitor.request(Method::GET, "/assets/css/tokens.css").header("if-none-match", &tag);
    assert_eq!(second.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    let own = app.folder.path().join("web/css");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("tokens.css"), ":root{--paper:#fff}").unwrap();
    let answer = visitor.get("/assets/css/tokens.css").await;
    assert_eq!(answer.text, ":root{--paper:#fff}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_tells_whether_it_runs_and_whether_it_can_serve() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    assert_eq!(visitor.get("/livez").await.status, StatusCode::OK);
    assert!(visitor.get("/readyz").await.text.contains("\"ready\""));
    app.store.close().await;
    assert_eq!(visitor.get("/livez").await.status, StatusCode::OK);
    let answer = visitor.get("/readyz").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "store_unreachable"));
    app.stop().await;
}
