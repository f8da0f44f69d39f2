//! Coming in: links, passwords, locks.

use std::time::Duration;

use comptoir::clock::Clock as _;
use comptoir::id::VisitorId;
use comptoir::store::{Link, LinkPurpose, TokenDigest};
use reqwest::{Method, StatusCode};

use crate::app::{Answer, TestApp, Visitor};

const PASSWORD: &str = "le guichet ouvre";

/// The link to the first account, as the start prints it.
async fn first_link(app: &TestApp) -> String {
    app.comptoir().first_link().await.unwrap().expect("nobody has an account yet")
}

/// The first account, made by its link.
async fn keeper(app: &TestApp) -> Visitor {
    let keeper = app.visitor();
    let form = [("name", "Claire Martin"), ("login", "Claire"), ("password", PASSWORD), ("again", PASSWORD)];
    let answer = keeper.post(&first_link(app).await, &form).await;
    assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some("/groups")), "{answer:?}");
    keeper
}

async fn sign_in(visitor: &Visitor, login: &str, password: &str) -> Answer {
    visitor.post("/sign-in", &[("login", login), ("password", password)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_account_is_made_once_by_its_link() {
    let app = TestApp::start().await;
    let (link, other) = (first_link(&app).await, first_link(&app).await);
    let visitor = app.visitor();
    assert!(visitor.page(&link).await.text.contains("formateur et administrateur"));
    for (form, fault) in [
        ([("name", "  "), ("login", "claire"), ("password", PASSWORD), ("again", PASSWORD)], "Écrivez un nom"),
        (
            [("name", "Claire"), ("login", "a b"), ("password", PASSWORD), ("again", PASSWORD)],
            "Un identifiant est fait",
        ),
        ([("name", "Claire"), ("login", "claire"), ("password", "court"), ("again", "court")], "au moins 10"),
        (
            [("name", "Claire Martin"), ("login", "claire"), ("password", "ClaireMartin"), ("again", "x")],
            "reprend votre nom",
        ),
        ([("name", "Claire"), ("login", "claire"), ("password", PASSWORD), ("again", "autre")], "pas les mêmes"),
    ] {
        let answer = visitor.post(&link, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
        assert!(answer.text.contains(fault), "{fault}: {}", answer.text);
        assert!(!answer.text.contains(PASSWORD), "a password is never sent back");
    }
    let keeper = keeper_by(&app, &link).await;
    assert_eq!(keeper.page("/").await.status, StatusCode::OK);
    let again = app.visitor();
    let used = again.page(&link).await;
    assert_eq!(used.status, StatusCode::GONE);
    assert!(used.text.contains("a déjà servi"));
    assert_eq!(again.page(&other).await.status, StatusCode::NOT_FOUND, "the other link went with it");
    assert!(app.comptoir().first_link().await.unwrap().is_none());
    app.stop().await;
}

async fn keeper_by(app: &TestApp, link: &str) -> Visitor {
    let visitor = app.visitor();
    let form = [("name", "Claire Martin"), ("login", "claire"), ("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(visitor.post(link, &form).await.status, StatusCode::SEE_OTHER);
    visitor
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signs_in_goes_on_where_one_meant_to_and_signs_out() {
    let app = TestApp::start().await;
    keeper(&app).await;
    let visitor = app.visitor();
    assert_eq!(sign_in(&visitor, "claire", "autre chose ici").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (next, to) in [
        ("/conversations", "/conversations"),
        ("/groups/new?from=x", "/groups/new?from=x"),
        ("//ailleurs.example", "/groups"),
        ("/\\ailleurs.example", "/groups"),
        ("https://ailleurs.example", "/groups"),
        ("/a\r\nset-cookie: x=y", "/groups"),
        ("", "/groups"),
    ] {
        let form = [("login", " CLAIRE "), ("password", PASSWORD), ("next", next)];
        let answer = visitor.post("/sign-in", &form).await;
        assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some(to)), "{next}");
    }
    assert!(visitor.page("/").await.text.contains("Claire Martin"));
    assert_eq!(visitor.post("/sign-out", &[]).await.location.as_deref(), Some("/sign-in"));
    assert!(!visitor.page("/").await.text.contains("Claire Martin"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenth_wrong_password_locks_and_a_right_one_does_not_help() {
    let app = TestApp::start().await;
    keeper(&app).await;
    let visitor = app.visitor();
    for n in 1..=9 {
        assert_eq!(
            sign_in(&visitor, "claire", "faux, encore faux").await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{n}"
        );
    }
    let tenth = sign_in(&visitor, "claire", "faux, encore faux").await;
    assert_eq!(tenth.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(tenth.text.contains("5&nbsp;minutes"), "{}", tenth.text);
    assert_eq!(sign_in(&visitor, "claire", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.later(Duration::from_secs(4 * 60 + 30));
    assert!(sign_in(&visitor, "claire", PASSWORD).await.text.contains("1&nbsp;minute."));
    app.later(Duration::from_secs(31));
    assert_eq!(
        sign_in(&visitor, "claire", "faux, encore faux").await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "eleventh"
    );
    app.later(Duration::from_secs(10 * 60 + 1));
    assert_eq!(sign_in(&visitor, "claire", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        sign_in(&visitor, "claire", "faux, encore faux").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "afresh"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_login_is_told_and_locked_like_a_known_one() {
    let app = TestApp::start().await;
    keeper(&app).await;
    let visitor = app.visitor();
    let known = sign_in(&visitor, "claire", "faux, encore faux").await;
    let unknown = sign_in(&visitor, "claira", "faux, encore faux").await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.text.replace("claire", "claira"), unknown.text);
    for _ in 2..=9 {
        sign_in(&visitor, "claira", "faux, encore faux").await;
    }
    assert_eq!(sign_in(&visitor, "claira", "faux, encore faux").await.status, StatusCode::TOO_MANY_REQUESTS);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_guesses_at_once_are_counted_before_any_is_judged() {
    let app = TestApp::start().await;
    keeper(&app).await;
    let guesses = (0..20).map(|_| {
        let visitor = app.visitor();
        async move { sign_in(&visitor, "claire", "faux, encore faux").await.status }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    let judged = statuses.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert!(judged <= 9, "{judged} wrong passwords were judged before the lock");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_guesses_at_many_logins_is_locked_but_not_its_neighbours() {
    let app = TestApp::builder().trusting("127.0.0.1").start().await;
    keeper(&app).await;
    let from = |address: &'static str, login: String| {
        let request = app.visitor().request(Method::POST, "/sign-in").header("x-forwarded-for", address);
        request.form(&[("login", login.as_str()), ("password", "faux, encore faux")]).send()
    };
    for n in 0..30 {
        let status = from("203.0.113.9", format!("nom{n}")).await.unwrap().status();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
    }
    assert_eq!(from("203.0.113.9", "nom99".to_owned()).await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from("203.0.113.8", "nom99".to_owned()).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_are_unknown_expired_or_of_a_closed_account_say_so() {
    let app = TestApp::start().await;
    let nadia = app.signed("Nadia B.", false, false).await;
    let trainer = app.trainer("Claire Martin").await;
    let link = async |token: &str, id: VisitorId, purpose, until| {
        let link = Link { purpose, account: Some(id), made_by: None, made_at: app.clock.now(), until, used_at: None };
        app.store.add_link(&TokenDigest::of(token), &link).await.unwrap();
    };
    let tomorrow = app.clock.now() + Duration::from_hours(24);
    link("personal", nadia.id, LinkPurpose::Personal, None).await;
    link("password", nadia.id, LinkPurpose::Password, Some(tomorrow)).await;
    link("staff", trainer.id, LinkPurpose::Personal, None).await;
    let visitor = app.visitor();
    for path in ["/link/nothing", "/link/password", "/link/staff", "/welcome/personal", "/welcome/nothing"] {
        assert_eq!(visitor.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(visitor.post(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(visitor.page("/link/personal").await.text.contains("Bonjour, Nadia B."));
    assert!(!visitor.page("/").await.text.contains("Nadia B."), "looking signs nobody in");
    for _ in 0..2 {
        assert_eq!(visitor.post("/link/personal", &[]).await.status, StatusCode::SEE_OTHER, "as often as one likes");
    }
    assert!(visitor.page("/").await.text.contains("Nadia B."));
    app.later(Duration::from_secs(86_401));
    let expired = visitor.page("/welcome/password").await;
    assert!(expired.status == StatusCode::GONE && expired.text.contains("n’est plus valable"));
    assert!(app.store.close_account(nadia.id, Some(app.clock.now())).await.unwrap());
    assert!(!visitor.page("/").await.text.contains("Nadia B."), "a closed account's session is over");
    assert_eq!(visitor.page("/link/personal").await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_of_other_sites_and_endless_ones_are_refused() {
    let app = TestApp::start().await;
    keeper(&app).await;
    let visitor = app.visitor();
    let url = |path: &str| format!("http://{}{path}", app.address);
    let plain = comptoir::outgoing::plain().build().unwrap();
    for path in ["/sign-in", "/sign-out", "/link/x", "/welcome/x"] {
        let without = plain.post(url(path)).form(&[("login", "claire"), ("password", PASSWORD)]).send().await.unwrap();
        assert_eq!(without.status(), StatusCode::FORBIDDEN, "{path} without an origin");
        let other = plain.post(url(path)).header("origin", "https://ailleurs.example").send().await.unwrap();
        assert_eq!(other.status(), StatusCode::FORBIDDEN, "{path} from elsewhere");
    }
    let huge = visitor.request(Method::POST, "/sign-in").header("content-type", "application/x-www-form-urlencoded");
    let sent = huge.body(vec![b'a'; 50 * 1024 * 1024]).send().await;
    // Refused before it is read: the answer may arrive, or the line may be cut under what is still being sent.
    assert!(sent.is_err() || sent.unwrap().status().is_client_error());
    assert_eq!(sign_in(&visitor, "claire", PASSWORD).await.status, StatusCode::SEE_OTHER, "the service goes on");
    app.stop().await;
}
