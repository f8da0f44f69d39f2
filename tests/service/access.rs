//! Who may read whose conversations.

use comptoir::clock::Clock as _;
use reqwest::StatusCode;

use crate::app::TestApp;

#[tokio::test]
async fn a_trainer_reads_the_conversations_of_their_own_groups_only() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let group = app.group(&claire, "Promotion 2026").await;
    app.group(&marc, "Autre groupe").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let administrator = app.signed("Anne Roy", false, true).await;
    let id = nadia.open("fuite-colere").await;
    let transcript = format!("/conversations/{id}/transcript.json");
    assert_eq!(nadia.get(&transcript).await.status, StatusCode::OK);
    assert_eq!(claire.get(&transcript).await.status, StatusCode::OK);
    for other in [&*marc, &*administrator, &app.visitor()] {
        assert_eq!(other.get(&transcript).await.code(), "unknown_conversation");
    }
    // Reading is not acting.
    assert_eq!(claire.get(&format!("/conversations/{id}")).await.code(), "unknown_conversation");
    let read = app.store.audit(app.clock.now() + std::time::Duration::from_secs(1), Some(&id), 10).await.unwrap();
    assert_eq!(read.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["conversation.read"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_read_again_within_an_hour_leaves_one_line_in_the_log() {
    let app = TestApp::start().await;
    let (claire, omar) = (app.trainer("Claire Martin").await, app.trainer("Omar Diallo").await);
    let group = app.group(&claire, "Promotion 2026").await;
    app.store.add_trainer(group, omar.id).await.unwrap();
    let (nadia, lucas) = (app.trainee(group, "Nadia B.").await, app.trainee(group, "Lucas M.").await);
    let begun = nadia.post("/booklets", &[("kind", "bloc2")]).await;
    let report = format!("{}/report", begun.location.unwrap());
    let booklet = report.split('/').nth(2).unwrap().to_owned();
    let lines = async |action: &str, subject: &str| {
        let later = app.clock.now() + std::time::Duration::from_secs(1);
        let lines = app.store.audit(later, Some(subject), 50).await.unwrap();
        lines.iter().filter(|line| line.action == action && line.subject.as_deref() == Some(subject)).count()
    };
    let (of_nadia, of_lucas) = (format!("/people/{}", nadia.id), format!("/people/{}", lucas.id));
    for _ in 0..3 {
        assert_eq!(claire.page(&of_nadia).await.status, StatusCode::OK);
        assert_eq!(claire.page(&report).await.status, StatusCode::OK);
        app.later(std::time::Duration::from_mins(10));
    }
    assert_eq!(lines("record.read", &nadia.id.to_string()).await, 1);
    assert_eq!(lines("booklet.read", &booklet).await, 1);
    // Somebody else's reading, and that of another record, are their own.
    omar.page(&of_nadia).await;
    claire.page(&of_lucas).await;
    assert_eq!(lines("record.read", &nadia.id.to_string()).await, 2);
    assert_eq!(lines("record.read", &lucas.id.to_string()).await, 1);
    app.later(std::time::Duration::from_mins(31));
    claire.page(&of_nadia).await;
    assert_eq!(lines("record.read", &nadia.id.to_string()).await, 3, "new again after an hour");
    app.stop().await;
}
