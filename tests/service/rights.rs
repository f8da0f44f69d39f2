//! One's data: taken out, erased, and what stays.

use std::time::Duration;

use comptoir::store::LogFilter;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{TestApp, Visitor};
use crate::talk::Talk;

const DAY: Duration = Duration::from_hours(24);

/// A conversation that ended, with its scorecard.
async fn rehearsed(visitor: &Visitor) -> String {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour, je vous écoute, dites-moi ce qui se passe.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    assert_eq!(visitor.page(&format!("/conversations/{id}/scorecard")).await.status, StatusCode::OK);
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_held_on_a_person_is_in_one_file() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let (nadia, bakary) = (app.trainee(group, "Nadia B.").await, app.trainee(group, "Bakary Diallo").await);
    let (mine, other) = (rehearsed(&nadia).await, rehearsed(&bakary).await);
    claire.get(&format!("/conversations/{mine}/transcript.json")).await;
    let file = nadia.get("/account/export.json").await;
    let held: Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!((&held["compte"]["nom"], &held["groupes"][0]), (&json!("Nadia B."), &json!("Promotion 2026")));
    assert_eq!(held["echanges"].as_array().unwrap().len(), 1);
    assert!(
        held["echanges"][0]["mots"][0]["mots"].is_string()
            && !held["echanges"][0]["bilans"].as_array().unwrap().is_empty()
    );
    let read = held["journal"].as_array().unwrap().iter().any(|line| line["par"] == "Claire Martin");
    assert!(read, "who read it is in the file: {}", held["journal"]);
    assert!(!file.text.contains(&other) && !file.text.contains("argon2"));
    let administrator = app.signed("Anne Roy", false, true).await;
    let handed = administrator.post(&format!("/accounts/{}/export", nadia.id), &[]).await;
    assert!(handed.status == StatusCode::OK && handed.text.contains(&mine) && handed.text.contains("account.exported"));
    assert_eq!(claire.post(&format!("/accounts/{}/export", nadia.id), &[]).await.code(), "not_allowed");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_erased_in_mid_conversation_is_told_and_leaves_a_result_without_a_name() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let ended = rehearsed(&nadia).await;
    let open = nadia.open("fuite-colere").await;
    let mut talk = nadia.join(&open, 0).await;
    talk.receive().await;
    nadia.post(&format!("/conversations/{ended}/review/request"), &[]).await;
    let administrator = app.signed("Anne Roy", false, true).await;
    let path = format!("/accounts/{}", nadia.id);
    let unconfirmed = administrator.post(&path, &[("action", "erase"), ("confirm", "oui")]).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let erased = administrator.post(&path, &[("action", "erase"), ("confirm", " Effacer ")]).await;
    assert_eq!(erased.location.as_deref(), Some("/accounts?done=erased"), "{erased:?}");
    assert_eq!(talk.refused().await.0, "erased");
    assert_eq!(talk.closed().await, 4004);
    assert_eq!(nadia.get("/account").await.code(), "sign_in_needed", "the session went with the account");
    for id in [&ended, &open] {
        assert_eq!(claire.get(&format!("/conversations/{id}/transcript.json")).await.code(), "unknown_conversation");
    }
    let kept = app.store.kept_results().await.unwrap();
    assert_eq!((kept.len(), kept[0].persona.as_str(), kept[0].month.as_str()), (1, "fuite-colere", "2026-03"));
    assert!(kept[0].levels.contains_key("5.1.b"), "{kept:?}");
    let about = LogFilter { about: Some(nadia.id.to_string()), ..LogFilter::default() };
    let lines = app.store.log(&about, 100).await.unwrap();
    assert!(lines.iter().any(|line| line.action == "account.erased"));
    let all = app.store.log(&LogFilter::default(), 100).await.unwrap();
    assert!(all.iter().all(|line| line.actor_name.as_deref() != Some("Nadia B.") && line.actor != Some(nadia.id)));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_take_their_data_out_and_erase_it_too() {
    let app = TestApp::start().await;
    let guest = app.visitor();
    let id = rehearsed(&guest).await;
    assert!(guest.page("/account").await.text.contains("Vos données d’invité"));
    assert!(guest.get("/account/export.json").await.text.contains(&id));
    assert_eq!(
        guest.post("/account", &[("action", "erase"), ("confirm", "non")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(guest.post("/account", &[("action", "erase"), ("confirm", "effacer")]).await.status, StatusCode::OK);
    assert_eq!(guest.get(&format!("/conversations/{id}/scorecard")).await.code(), "unknown_conversation");
    assert_eq!(guest.get("/account").await.code(), "sign_in_needed");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_older_than_the_organisation_keeps_it_is_erased() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let guest = app.visitor();
    let (old, of_guest) = (rehearsed(&nadia).await, rehearsed(&guest).await);
    app.later(20 * DAY);
    let new = rehearsed(&nadia).await;
    assert_eq!(
        app.comptoir().erase_due().await.unwrap(),
        comptoir::store::Erased::default(),
        "twelve months unless set"
    );
    let administrator = app.signed("Anne Roy", false, true).await;
    for (months, status) in [
        ("0", StatusCode::UNPROCESSABLE_ENTITY),
        ("61", StatusCode::UNPROCESSABLE_ENTITY),
        ("1", StatusCode::SEE_OTHER),
    ] {
        assert_eq!(administrator.post("/settings", &[("months", months), ("guests", "on")]).await.status, status);
    }
    app.later(15 * DAY);
    app.comptoir().erase_due().await.unwrap();
    for (visitor, id, there) in [(&*nadia, &old, false), (&guest, &of_guest, false), (&*nadia, &new, true)] {
        assert_eq!(visitor.get(&format!("/conversations/{id}/transcript.json")).await.status == StatusCode::OK, there);
    }
    assert_eq!(app.store.kept_results().await.unwrap().len(), 2);
    app.later(60 * DAY);
    let erased = app.comptoir().erase_due().await.unwrap();
    assert_eq!((erased.conversations, erased.people), (1, 1), "Nadia has nothing left and has not come back");
    assert!(app.store.account(nadia.id).await.unwrap().is_none());
    assert!(app.store.account(claire.id).await.unwrap().is_some(), "whoever leads groups stays");
    assert_eq!(app.comptoir().erase_due().await.unwrap(), comptoir::store::Erased::default(), "once");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_and_the_only_trainer_of_a_group_stay() {
    let app = TestApp::start().await;
    let administrator = app.signed("Anne Roy", false, true).await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    app.trainee(group, "Nadia B.").await;
    let (anne, of_claire) = (format!("/accounts/{}", administrator.id), format!("/accounts/{}", claire.id));
    for form in [
        &[("action", "roles"), ("trainer", "on")][..],
        &[("action", "close")],
        &[("action", "erase"), ("confirm", "effacer")],
    ] {
        let answer = administrator.post(&anne, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
    }
    let erase = [("action", "erase"), ("confirm", "effacer")];
    assert_eq!(administrator.post(&of_claire, &erase).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let marc = app.trainer("Marc Petit").await;
    app.store.add_trainer(group, marc.id).await.unwrap();
    assert_eq!(administrator.post(&of_claire, &erase).await.status, StatusCode::SEE_OTHER);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_is_invited_chooses_a_password_and_may_be_closed_out() {
    let app = TestApp::start().await;
    let administrator = app.signed("Anne Roy", false, true).await;
    let page = administrator.post("/accounts", &[("name", "Marc Petit"), ("trainer", "on")]).await;
    let link = page.text.split("/welcome/").nth(1).unwrap()[..64].to_owned();
    let marc = app.visitor();
    let path = format!("/welcome/{link}");
    let form = [("login", "marc.petit"), ("password", "le guichet ouvre"), ("again", "le guichet ouvre")];
    assert_eq!(marc.post(&path, &form).await.location.as_deref(), Some("/groups"));
    assert_eq!(marc.page(&path).await.status, StatusCode::GONE);
    let id = app.store.credentials("marc.petit").await.unwrap().unwrap().0.id;
    let account = format!("/accounts/{id}");
    administrator.post(&account, &[("action", "close")]).await;
    assert_eq!(marc.get("/groups").await.code(), "sign_in_needed", "signed out at once");
    let sign_in = [("login", "marc.petit"), ("password", "le guichet ouvre")];
    assert_eq!(marc.post("/sign-in", &sign_in).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    administrator.post(&account, &[("action", "open")]).await;
    assert_eq!(marc.post("/sign-in", &sign_in).await.status, StatusCode::SEE_OTHER);
    let log = administrator.page("/audit?kind=account.").await.text;
    assert!(log.contains("compte fermé") && log.contains("Marc Petit") && !log.contains("groupe créé"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainee_renamed_in_mid_conversation_goes_on() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let id = nadia.open("charges-incomprises").await;
    let mut talk: Talk = nadia.join(&id, 0).await;
    talk.receive().await;
    let rename = [("action", "rename"), ("member", &nadia.id.to_string()), ("name", "Nadia Benali")];
    assert_eq!(claire.post(&format!("/groups/{group}/members"), &rename).await.status, StatusCode::SEE_OTHER);
    talk.say("Bonjour, je vous écoute.").await;
    talk.lose();
    assert!(nadia.page("/").await.text.contains("Nadia Benali"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_closes_the_door_to_guests() {
    let app = TestApp::start().await;
    let administrator = app.signed("Anne Roy", false, true).await;
    let guest = app.visitor();
    let id = guest.open("fuite-colere").await;
    let form = [("months", "12"), ("organisation", "le Centre des Tilleuls"), ("contact", "donnees@exemple.fr")];
    administrator.post("/settings", &form).await;
    assert_eq!(guest.get(&format!("/conversations/{id}/transcript.json")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.visitor().post("/situations/fuite-colere/conversations", &[]).await.code(), "sign_in_needed");
    let rights = app.visitor().page("/rights").await.text;
    assert!(
        rights.contains("donnees@exemple.fr")
            && rights.contains("le Centre des Tilleuls")
            && rights.contains("12\u{a0}mois")
    );
    app.stop().await;
}
