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
