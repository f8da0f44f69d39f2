//! Results that somebody may not see yet: wherever they would be told, they are not.

use comptoir::clock::Clock as _;
use comptoir::content::{Content, shipped};
use comptoir::id::{ConversationId, VisitorId};
use comptoir::scoring::Draft;
use comptoir::store::SavedReview;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{TestApp, Visitor};
use crate::booklets::Sat;
use crate::group;
use crate::workbook;

/// Whether the exports at an address tell a result of a conversation: all of them, or none.
async fn exported(who: &Visitor, base: &str, conversation: &str) -> bool {
    let (_, bytes) = who.bytes(&format!("{base}/export.json")).await;
    let all: Value = serde_json::from_slice(&bytes).unwrap();
    let one = all["conversations"].as_array().unwrap().iter().find(|one| one["conversation"] == conversation);
    let one = one.unwrap_or_else(|| panic!("{conversation} is missing"));
    let told = !one["overall"].is_null();
    assert_eq!(!one["marks"].as_array().unwrap().is_empty(), told, "{one}");
    assert_eq!(one["axes"].as_object().is_some_and(|axes| !axes.is_empty()), told, "{one}");
    assert_eq!(one["state"] == "ended", !told, "{one}");

    let (_, csv) = who.bytes(&format!("{base}/export.csv")).await;
    let csv = String::from_utf8(csv).unwrap();
    let line = csv.lines().find(|line| line.contains(conversation)).unwrap();
    assert_eq!(line.contains(";terminé;;"), !told, "{line}");
    let (_, marks) = who.bytes(&format!("{base}/export.csv?rows=marks")).await;
    assert_eq!(String::from_utf8(marks).unwrap().contains(conversation), told, "marks as CSV");
    let (_, xlsx) = who.bytes(&format!("{base}/export.xlsx")).await;
    let sheets = workbook::sheets(&xlsx);
    assert!(sheets["Échanges"].contains(conversation));
    assert_eq!(sheets["Cotations"].contains(conversation), told, "marks in the workbook");
    told
}

/// One of two trainers gives theirs.
async fn give(app: &TestApp, conversation: ConversationId, reviewer: VisitorId) {
    let review = SavedReview { conversation, reviewer, version: 0, base: 0, draft: &Draft::default() };
    app.store.finish_blind(review, app.clock.now()).await.unwrap();
}

const BLIND: &str = "Un échange que vous relisez en aveugle reste sans cotation";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_rates_blind_reads_no_mark_of_it_in_groups_records_and_exports() {
    let app = TestApp::start().await;
    let content = Content::read(&[&shipped()], Vec::new()).unwrap();
    let made = group::make(&app.store, &content, 2, 3, app.clock.now()).await;
    let (omar, marc) = (app.trainer("Omar Diallo").await, app.trainer("Marc Petit").await);
    for trainer in [&omar, &marc] {
        app.store.add_trainer(made.group, trainer.id).await.unwrap();
    }
    let claire = app.holding(&made.token);
    let group = app.store.trainers(made.group).await.unwrap();
    let claires = group.iter().find(|(_, name)| name == "Claire Martin").unwrap().0;
    let blind = made.conversations[0][2];
    let id = blind.to_string();
    let (of_group, of_person) = (format!("/groups/{}", made.group), format!("/people/{}", made.trainees[0]));
    assert!(app.store.ask_blind(blind, claires, omar.id, app.clock.now()).await.unwrap());

    let check = async |who: &Visitor, name: &str, told: bool| {
        let page = who.page(&of_group).await.text;
        let counted = if told { "6\u{a0}échanges cotés" } else { "5\u{a0}échanges cotés" };
        assert!(page.contains(counted), "{name}: {page}");
        assert_eq!(page.contains(BLIND), !told, "{name}: the group's page says so");
        assert!(!page.contains("n’est pas encore coté"), "{name}: it does not wait to be scored");
        let finer = who.page(&format!("{of_group}?by=indicators&which=last")).await.text;
        assert!(told || !finer.contains(&format!("{id}/scorecard#")), "{name}: no words of it are shown as missed");
        let record = who.page(&of_person).await.text;
        let counted = if told { "3\u{a0}échanges cotés" } else { "2\u{a0}échanges cotés" };
        assert!(record.contains(counted), "{name}: {record}");
        assert_eq!(record.contains(BLIND), !told, "{name}: the record says so");
        let line = record.split("<tr>").find(|line| line.contains(&id)).unwrap();
        assert_eq!(line.contains("<td>terminé</td><td class=\"figure\">–</td>"), !told, "{name}: {line}");
        for base in [&of_group, &of_person] {
            assert_eq!(exported(who, base, &id).await, told, "{name} at {base}");
        }
        let other = made.conversations[0][1].to_string();
        assert!(exported(who, &of_group, &other).await, "{name}: the others stay");
    };
    check(&claire, "the first", false).await;
    check(&omar, "the second", false).await;
    check(&marc, "a trainer who was not asked", true).await;
    let own = app.holding(&made.trainee_token);
    assert!(exported(&own, "/record", &id).await && !own.page("/record").await.text.contains(BLIND));
    // Whoever has given theirs could still tell the other.
    give(&app, blind, claires).await;
    check(&claire, "who has given theirs", false).await;
    give(&app, blind, omar.id).await;
    check(&claire, "the first, once both are given", true).await;
    check(&omar, "the second, once both are given", true).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_rates_blind_reads_no_mark_of_it_in_assignments_and_exams() {
    let app = TestApp::start().await;
    let (claire, omar) = (app.trainer("Claire Martin").await, app.trainer("Omar Diallo").await);
    let group = app.group(&claire, "Promotion 2026").await;
    app.store.add_trainer(group, omar.id).await.unwrap();
    let nadia = app.trainee(group, "Nadia B.").await;
    let set = [("title", "Apaiser"), ("work", "situations"), ("situation", "fuite-colere"), ("mode", "text")];
    let table = claire.post(&format!("/groups/{group}/assignments"), &set).await.location.unwrap();
    let assignment = table.rsplit('/').next().unwrap();
    let begun = nadia.post(&format!("/assignments/{assignment}/situations/fuite-colere/conversations"), &[]).await;
    let id = begun.location.unwrap().strip_prefix("/conversations/").unwrap().to_owned();
    let mut talk = nadia.join(&id, 0).await;
    talk.receive().await;
    talk.say("Rive Claire Habitat, agence des Tilleuls, bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    nadia.page(&format!("/conversations/{id}/scorecard")).await;
    assert!(claire.page(&table).await.text.contains("sur 100"));
    let ask = async |id: &str| {
        assert!(app.store.ask_blind(id.parse().unwrap(), claire.id, omar.id, app.clock.now()).await.unwrap());
    };
    ask(&id).await;
    let told = claire.page(&table).await.text;
    assert!(told.contains(BLIND) && told.contains(">fait<") && !told.contains("sur 100"), "{told}");

    let sat = Sat::begin(&nadia, "bloc2").await;
    sat.enter(&nadia, 0).await;
    let played = sat.talk(&nadia, 0).await;
    let report = format!("{}/report", sat.path);
    let marks = |page: &str| page.matches(&format!("/conversations/{played}/scorecard")).count();
    assert!(marks(&claire.page(&report).await.text) > 0);
    ask(&played).await;
    let told = claire.page(&report).await.text;
    assert!(told.contains(BLIND) && marks(&told) == 0, "{told}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exam_under_way_gives_no_result_to_whoever_sits_it() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let sat = Sat::begin(&nadia, "bloc2").await;
    sat.enter(&nadia, 0).await;
    let id = sat.talk(&nadia, 0).await;
    let persona = app.store.conversation(id.parse().unwrap()).await.unwrap().unwrap().persona;
    // A trainer looks in, and may see what it comes to so far: it is marked from then on.
    assert_eq!(claire.page(&format!("{}/report", sat.path)).await.status, StatusCode::OK);
    assert!(exported(&claire, &format!("/people/{}", nadia.id), &id).await);

    let check = async |over: bool| {
        let record = nadia.page("/record").await.text;
        assert_eq!(record.contains("<td>coté</td>"), over, "{record}");
        assert_eq!(record.contains("<td>terminé</td><td class=\"figure\">–</td>"), !over, "{record}");
        assert_eq!(exported(&nadia, "/record", &id).await, over);
        let gallery = nadia.page("/").await.text;
        assert_eq!(gallery.contains("Votre meilleur résultat"), over, "the gallery");
        let brief = nadia.page(&format!("/situations/{persona}")).await.text;
        assert_eq!(brief.contains("meilleur résultat"), over, "the brief");
        let list = nadia.page("/conversations").await.text;
        assert_eq!(list.contains(&format!("/conversations/{id}/scorecard")), over, "the list");
        let (_, held) = nadia.bytes("/account/export.json").await;
        let held: Value = serde_json::from_slice(&held).unwrap();
        assert_eq!(held["echanges"][0]["bilans"].as_array().is_some_and(|marks| !marks.is_empty()), over, "{held}");
    };
    check(false).await;
    assert_eq!(nadia.post(&format!("{}/stop", sat.path), &[]).await.status, StatusCode::SEE_OTHER);
    check(true).await;
    app.stop().await;
}
