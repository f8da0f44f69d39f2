//! What a model adds to the rules' marks, and when.

use std::time::Duration;

use comptoir::clock::Clock;
use comptoir::id::ConversationId;
use comptoir::scoring::{By, Level};
use comptoir::store::Judge as Stored;
use comptoir::transcript::Happening;
use reqwest::StatusCode;

use super::{COMPLETED, WAITS, both, done, held, judge, judging, marked, marks, page};
use crate::app::TestApp;
use crate::double::{Does, Double};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_completes_the_rules_marks_when_nobody_waits() {
    let double = Double::start(|seen| Does::Slowly {
        text: marks(seen, 1).to_string(),
        first: Duration::from_millis(600),
        each: Duration::ZERO,
    })
    .await;
    let app = TestApp::builder().judge(judge(&double)).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    let first = page(&visitor, &id).await;
    assert!(first.contains(WAITS) && first.contains(&format!("data-rereading=\"/conversations/{id}/rereading\"")));
    let judged = done(&app, &id).await.judged.unwrap();
    assert_eq!(visitor.get(&format!("/conversations/{id}/rereading")).await.text, "{\"state\":\"done\"}");
    assert_eq!(visitor.get(&format!("/conversations/{id}/rereading")).await.status, StatusCode::OK);
    assert_eq!(app.visitor().get(&format!("/conversations/{id}/rereading")).await.status, StatusCode::NOT_FOUND);

    let (rules, both) = (marked(&app, &id, Stored::Rules).await.unwrap(), both(&app, &id).await);
    for (rules, both) in rules.marks.iter().zip(&both.marks) {
        assert_eq!(rules.level.is_some(), both.level.is_some(), "{}", both.id);
        if let Some(level) = rules.level {
            assert_eq!((both.level, both.by()), (Some(Level::Partial), By::Model), "{}", both.id);
            assert_eq!(both.evidence[0].quote, "Rive Claire Habitat bonjour");
            assert_eq!(both.second.as_ref().unwrap().other, level, "the rules' mark is kept");
        }
    }
    assert!(both.axes.iter().all(|axis| axis.score == Some(50)), "{:?}", both.axes);
    let model = both.model.as_deref().unwrap();
    assert_eq!((model.model.as_str(), model.votes, model.calls), ("double", 1, 4));
    assert!(model.prompt_tokens > 1_000 && model.completion_tokens > 100 && model.prompt_hash.len() == 64);
    assert_eq!((judged.axes.len(), double.calls()), (4, 4));

    let second = page(&visitor, &id).await;
    assert!(second.contains(COMPLETED) && !second.contains(WAITS));
    for part in
        ["Les règles&nbsp;:", "Le modèle&nbsp;:", "relu par double (consigne 1", "Je vous écoute, prenez votre temps."]
    {
        assert!(second.contains(part), "no {part}");
    }
    assert_eq!(page(&visitor, &id).await, second, "seen again, it is the same");
    let list = visitor.page("/conversations").await.text;
    assert!(list.contains("50"), "the list shows what the model completed");
    assert_eq!(double.calls(), 4, "looking costs nothing");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_while_nobody_looked_or_nothing_ran_is_judged_too() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    assert!(!page(&visitor, &id).await.contains(WAITS), "no model judges here");
    assert_eq!(judging(&app, &id).await, None);
    let double = Double::start(|seen| Does::Json(marks(seen, 1))).await;
    let next = TestApp::builder().beside(&app).judge(judge(&double)).start().await;
    app.stop().await;
    assert_eq!(done(&next, &id).await.judged.unwrap().axes.len(), 4);
    // Its scorecard had been seen: what the model adds is in lists at once.
    both(&next, &id).await;
    // One that nobody has seen is still to be handed over first.
    let visitor = visitor.at(&next);
    let unseen = held(&visitor).await;
    done(&next, &unseen).await;
    assert_eq!(marked(&next, &unseen, Stored::Rules).await, None);
    let handoff = visitor.page(&format!("/conversations/{unseen}")).await.location;
    assert_eq!(handoff, Some(format!("/conversations/{unseen}/handoff")));
    assert!(page(&visitor, &unseen).await.contains(COMPLETED), "then it is complete");
    // Long past, it is judged when somebody wants to see it.
    next.later(Duration::from_hours(48));
    let id = held(&next.visitor()).await;
    done(&next, &id).await;
    next.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_corrected_after_the_end_are_judged_again() {
    let double = Double::start(|seen| Does::Json(marks(seen, 1))).await;
    let app = TestApp::builder().judge(judge(&double)).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    page(&visitor, &id).await;
    let first = done(&app, &id).await.judged.unwrap();
    let conversation: ConversationId = id.parse().unwrap();
    let events = app.store.events(conversation, 0).await.unwrap();
    let (spoke, next) = (
        events.iter().find(|event| matches!(event.happening, Happening::Spoke { .. })).unwrap().seq,
        events.last().unwrap().seq + 1,
    );
    let text = "Agence des Tilleuls bonjour, je suis à vous.".to_owned();
    let corrected = Happening::Corrected { turn: spoke, text, client_id: None };
    app.store.append(conversation, next, vec![corrected], app.clock.now()).await.unwrap();
    let waits = page(&visitor, &id).await;
    assert!(
        waits.contains(WAITS) && !waits.contains("<mark class=\"q q-ecoute\">Rive"),
        "no mark shows words that are gone"
    );
    let second = done(&app, &id).await.judged.unwrap();
    assert!(second.digest != first.digest && double.calls() == 8);
    let both = both(&app, &id).await;
    let quotes = both.marks.iter().flat_map(|mark| &mark.evidence).map(|evidence| evidence.quote.as_str());
    assert!(quotes.clone().all(|quote| quote == "Agence des Tilleuls bonjour"), "{:?}", quotes.collect::<Vec<_>>());
    assert!(page(&visitor, &id).await.contains(COMPLETED));
    assert_eq!(double.calls(), 8);
    app.stop().await;
}
