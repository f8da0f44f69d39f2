//! Scoring what has ended.

use comptoir::store::Judge;
use reqwest::StatusCode;
use serde_json::json;

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scoring_again_after_deletion_gives_the_same_marks_and_scoring_twice_keeps_one() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    for words in [
        "Rive Claire Habitat bonjour, je vous écoute.",
        "Je comprends votre colère, trois appels sans réponse. Où est la fuite exactement ?",
        "Calmez-vous, on vous rappellera.",
    ] {
        talk.say(words).await;
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    let (path, conversation) = (format!("/conversations/{id}/scorecard"), id.parse().unwrap());
    let first_page = visitor.page(&path).await;
    assert_eq!(first_page.status, StatusCode::OK);
    let first = app.store.scorecard(conversation, Judge::Rules).await.unwrap().unwrap();
    assert!(first.scorecard.marks.iter().any(|mark| mark.level.is_some()));

    assert_eq!(visitor.page(&path).await.text, first_page.text);
    assert_eq!(app.store.delete_scorecards(conversation).await.unwrap(), 1, "scored twice, kept once");
    assert_eq!(visitor.page(&path).await.text, first_page.text);
    let again = app.store.scorecard(conversation, Judge::Rules).await.unwrap().unwrap();
    assert_eq!(again.scorecard, first.scorecard);

    // The note is judged too: it makes another scorecard, and that one counts.
    let form = [("service", "technique"), ("urgency", "24h"), ("summary", "Fuite au plafond de la salle de bains.")];
    let answer = visitor.post(&format!("/conversations/{id}/handoff"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    visitor.page(&path).await;
    let with_note = app.store.scorecard(conversation, Judge::Rules).await.unwrap().unwrap();
    assert_eq!(with_note.events, first.events + 1);
    app.stop().await;
}
