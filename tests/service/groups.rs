//! Groups: making one, joining it, changing who is in it.

use std::time::Duration;

use comptoir::clock::Clock as _;
use comptoir::id::GroupId;
use comptoir::store::Group;
use reqwest::{Method, StatusCode};

use crate::app::{Person, TestApp, Visitor};

/// A group made through its form: id and code.
async fn made(app: &TestApp, trainer: &Person) -> Group {
    let answer = trainer.post("/groups/new", &[("name", "Promotion 2026")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    let group = app.store.groups_of_trainer(trainer.id).await.unwrap().pop().unwrap();
    assert_eq!(answer.location.unwrap(), format!("/groups/{}/members?done=created", group.id));
    group
}

async fn names(app: &TestApp, group: GroupId) -> Vec<String> {
    app.store.members(group).await.unwrap().into_iter().map(|member| member.name).collect()
}

/// The personal links that a page shows.
fn links(html: &str) -> Vec<String> {
    let links = html.split("<code class=\"address\">").skip(1);
    links.filter_map(|rest| Some(rest.split('<').next()?.split_once("/link/")?.1.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_joins_by_the_code_and_brings_what_they_choose() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let (keeps, brings) = (app.visitor(), app.visitor());
    let (kept, brought) = (keeps.open("fuite-colere").await, brings.open("fuite-colere").await);
    let typed = format!("{} {}", &group.code[..4], group.code[4..].to_lowercase());
    let found = keeps.post("/join", &[("code", &typed)]).await;
    let path = format!("/join/{}", group.code);
    assert_eq!(found.location.as_deref(), Some(path.as_str()));
    let shown = brings.page(&path).await;
    assert!(
        shown.text.contains("Promotion 2026")
            && shown.text.contains("Claire Martin")
            && shown.text.contains("1\u{a0}échange")
    );
    for (visitor, name, bring) in [(&keeps, "Nadia B.", "no"), (&brings, "Bakary Diallo", "yes")] {
        let joined = visitor.post(&path, &[("name", name), ("bring", bring)]).await;
        assert_eq!((joined.status, links(&joined.text).len()), (StatusCode::OK, 1), "{}", joined.text);
    }
    app.later(Duration::from_mins(1));
    let new = keeps.open("fuite-colere").await;
    for (conversation, reads) in [(&kept, false), (&brought, true), (&new, true)] {
        let answer = claire.get(&format!("/conversations/{conversation}/transcript.json")).await;
        assert_eq!(answer.status == StatusCode::OK, reads, "{answer:?}");
    }
    assert!(brings.page("/conversations").await.text.contains(&brought));
    assert!(!keeps.page("/conversations").await.text.contains(&kept), "kept by the guest, not by the account");
    keeps.post("/sign-out", &[]).await;
    assert!(keeps.page("/conversations").await.text.contains(&kept));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_never_have_one_name_in_a_group() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let path = format!("/join/{}", group.code);
    assert_eq!(app.visitor().post(&path, &[("name", "Nadia B.")]).await.status, StatusCode::OK);
    for name in ["Nadia B.", " nadia   b ", "\u{202e}NADIA B."] {
        let answer = app.visitor().post(&path, &[("name", name)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains("porte déjà ce nom"));
    }
    let at_once = (0..6).map(|_| {
        let (visitor, path) = (app.visitor(), path.clone());
        async move { visitor.post(&path, &[("name", "Bakary Diallo")]).await.status }
    });
    let statuses = futures_util::future::join_all(at_once).await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert_eq!(names(&app, group.id).await, ["Bakary Diallo", "Nadia B."]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_one_line_that_can_be_seen_and_never_markup() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let path = format!("/join/{}", group.code);
    for name in ["", "   ", "\u{200b}\u{202e}", &"a".repeat(10_000)] {
        assert_eq!(
            app.visitor().post(&path, &[("name", name)]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name:.20}"
        );
    }
    let script = "<script>alert(1)</script>";
    let joined = app.visitor();
    let shown = joined.post(&path, &[("name", script)]).await;
    assert!(shown.status == StatusCode::OK && !shown.text.contains(script));
    assert!(!joined.page("/").await.text.contains(script));
    let listed = claire.page(&format!("/groups/{}/members", group.id)).await;
    assert!(listed.text.contains("&#60;script&#62;") && !listed.text.contains(script));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenth_wrong_code_locks_and_a_right_one_does_not_help() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let visitor = app.visitor();
    for n in 1..=9 {
        let answer = match n % 2 {
            0 => visitor.post("/join", &[("code", "AAAAAAAA")]).await,
            _ => visitor.page("/join/AAAAAAAA").await,
        };
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
        assert_eq!(
            visitor.page(&format!("/join/{}", group.code)).await.status,
            StatusCode::OK,
            "a right one is no wrong one"
        );
    }
    let tenth = visitor.post("/join", &[("code", "AAAAAAAA")]).await;
    assert_eq!(tenth.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(tenth.text.contains("5&nbsp;minutes"));
    assert_eq!(visitor.page(&format!("/join/{}", group.code)).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.later(Duration::from_secs(301));
    assert_eq!(visitor.page(&format!("/join/{}", group.code)).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_ended_was_closed_or_replaced_opens_nothing() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let members = format!("/groups/{}/members", group.id);
    let opens = async |code: &str| app.visitor().page(&format!("/join/{code}")).await.status == StatusCode::OK;
    assert!(opens(&group.code).await);
    claire.post(&members, &[("action", "renew_code")]).await;
    let code = app.store.group(group.id).await.unwrap().unwrap().code;
    assert!(!opens(&group.code).await && opens(&code).await);
    claire.post(&members, &[("action", "stop_code")]).await;
    assert!(!opens(&code).await);
    claire.post(&members, &[("action", "renew_code")]).await;
    let code = app.store.group(group.id).await.unwrap().unwrap().code;
    claire.post(&members, &[("action", "archive")]).await;
    assert!(!opens(&code).await);
    claire.post(&members, &[("action", "open")]).await;
    assert!(opens(&code).await);
    app.later(Duration::from_secs(30 * 24 * 3600 + 1));
    assert!(!opens(&code).await);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_names_gives_each_a_link_that_is_shown_once() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = made(&app, &claire).await;
    let members = format!("/groups/{}/members", group.id);
    let add = [("action", "add"), ("names", "Amélie Roche\r\n\r\n  Nadia B. \nBakary Diallo\namelie roche\n")];
    let slips = claire.post(&members, &add).await;
    assert_eq!(
        names(&app, group.id).await,
        ["Amélie Roche", "Bakary Diallo", "Nadia B.", "amelie roche"],
        "accents tell apart"
    );
    let shown = links(&slips.text);
    assert_eq!(shown.len(), 4);
    let again = claire.post(&members, &[("action", "add"), ("names", "Nadia B.\nSofia Lambert")]).await;
    assert!(links(&again.text).len() == 1 && again.text.contains("<li>Nadia B.</li>"), "said, not merged");
    assert!(links(&claire.page(&members).await.text).is_empty());
    let nadia = app.visitor();
    assert_eq!(nadia.post(&format!("/link/{}", shown[1]), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(nadia.page("/").await.text.contains("Nadia B."));
    let who = app.store.members(group.id).await.unwrap().into_iter().find(|member| member.name == "Nadia B.").unwrap();
    let renewed = claire.post(&members, &[("action", "link"), ("member", &who.id.to_string())]).await;
    assert_eq!(links(&renewed.text).len(), 1);
    assert_eq!(app.visitor().page(&format!("/link/{}", shown[1])).await.status, StatusCode::NOT_FOUND, "replaced");
    assert!(!nadia.page("/").await.text.contains("Nadia B."), "signed out with the old link");
    for (list, fault) in [("", "au moins un nom"), ("Nadia\n...\n", "Ligne 2"), (&"x\n".repeat(101), "trop à la fois")]
    {
        let answer = claire.post(&members, &[("action", "add"), ("names", list)]).await;
        assert!(
            answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains(fault),
            "{fault}: {}",
            answer.text
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainer_of_another_group_finds_and_changes_nothing() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let (hers, his) = (made(&app, &claire).await, made(&app, &marc).await);
    let nadia = app.trainee(hers.id, "Nadia B.").await;
    let (hers, his) = (format!("/groups/{}/members", hers.id), format!("/groups/{}/members", his.id));
    let id = nadia.id.to_string();
    assert_eq!(marc.get(&hers).await.code(), "unknown_group");
    for action in [
        &[("action", "rename"), ("member", &id), ("name", "X")][..],
        &[("action", "link"), ("member", &id)],
        &[("action", "remove"), ("member", &id)],
        &[("action", "archive")],
    ] {
        assert_eq!(marc.post(&hers, action).await.code(), "unknown_group");
        // Through one's own group, with the id of somebody of another.
        if action.len() > 1 {
            assert_eq!(marc.post(&his, action).await.code(), "unknown_person");
        }
    }
    assert_eq!(nadia.get(&hers).await.code(), "not_allowed");
    assert_eq!(app.visitor().get(&hers).await.code(), "sign_in_needed");
    let sent = app.visitor().page(&hers).await;
    assert_eq!(sent.location.unwrap(), format!("/sign-in?next={hers}"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colleagues_lead_a_group_together_and_somebody_always_leads_it() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let group = made(&app, &claire).await;
    let nadia = app.trainee(group.id, "Nadia B.").await;
    let members = format!("/groups/{}/members", group.id);
    let (of_marc, of_claire, of_nadia) = (marc.id.to_string(), claire.id.to_string(), nadia.id.to_string());
    assert_eq!(
        claire.post(&members, &[("action", "remove_trainer"), ("trainer", &of_claire)]).await.code(),
        "unknown_person"
    );
    assert_eq!(
        claire.post(&members, &[("action", "add_trainer"), ("trainer", &of_nadia)]).await.code(),
        "unknown_person"
    );
    claire.post(&members, &[("action", "add_trainer"), ("trainer", &of_marc)]).await;
    assert_eq!(marc.page(&members).await.status, StatusCode::OK);
    let left = claire.post(&members, &[("action", "remove_trainer"), ("trainer", &of_claire)]).await;
    assert_eq!(left.location.as_deref(), Some("/groups"));
    assert_eq!(claire.get(&members).await.code(), "unknown_group");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_never_become_trainees_whose_link_a_colleague_could_renew() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let group = made(&app, &claire).await;
    assert_eq!(marc.post(&format!("/join/{}", group.code), &[]).await.code(), "not_allowed");
    app.store.add_member(group.id, marc.id, app.clock.now(), app.clock.now()).await.unwrap();
    let members = format!("/groups/{}/members", group.id);
    let answer = claire.post(&members, &[("action", "link"), ("member", &marc.id.to_string())]).await;
    assert_eq!(answer.code(), "not_allowed");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainee_of_one_group_joins_another_under_the_same_name() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let (first, second) = (app.group(&claire, "Premier").await, made(&app, &claire).await);
    let nadia = app.trainee(first, "Nadia B.").await;
    let visitor: &Visitor = &nadia;
    let joined = visitor.post(&format!("/join/{}", second.code), &[("bring", "no")]).await;
    assert_eq!(joined.location.as_deref(), Some("/assignments"));
    assert_eq!(names(&app, second.id).await, ["Nadia B."]);
    let without = comptoir::outgoing::plain().build().unwrap();
    let url = format!("http://{}/groups/{}/members", app.address, second.id);
    assert_eq!(without.request(Method::POST, url).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    app.stop().await;
}
