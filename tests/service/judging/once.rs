//! Nothing is judged twice: by several services, after a stop, after a death.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comptoir::clock::Clock;
use comptoir::content::Content;
use comptoir::hearing::Ears;
use comptoir::review::{Bench, Judge, LEASE, complete};
use comptoir::store::Judging;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{WAITS, document, done, held, held_with, judge, judging, marks, page, until};
use crate::app::{TestApp, postgres_address, tell_skipped};
use crate::double::{Does, Double, Seen};

/// How often each conversation, known by a word, was asked about each axis.
fn asked(double: &Double, words: &[String]) -> BTreeMap<(String, String), usize> {
    let mut asked = BTreeMap::new();
    for seen in double.seen() {
        let word = words.iter().find(|word| seen.text().contains(*word)).unwrap();
        let first = document(&seen)["indicateurs"][0]["id"].as_str().unwrap().to_owned();
        *asked.entry((word.clone(), first)).or_insert(0) += 1;
    }
    asked
}

async fn two_services_judge_each_once(one: TestApp, two: TestApp, double: &Double) {
    let visitor = one.visitor();
    let words: Vec<String> = ["Anatole", "Bérénice", "Célestin", "Dorothée", "Eustache"].map(str::to_owned).to_vec();
    let mut ids = Vec::new();
    for word in &words {
        let id = held_with(&visitor, &[&format!("Rive Claire bonjour, {word} à votre écoute.")]).await;
        // Both have it wanted, by the review and by looking for it.
        page(&visitor, &id).await;
        page(&visitor.at(&two), &id).await;
        ids.push(id);
    }
    for id in &ids {
        assert_eq!(done(&one, id).await.tries, 1);
    }
    let asked = asked(double, &words);
    assert_eq!((asked.len(), double.calls()), (words.len() * 4, words.len() * 4), "{asked:?}");
    one.stop().await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_services_on_one_database_never_judge_the_same_twice() {
    let slowly = |seen: &Seen| Does::Slowly {
        text: marks(seen, 1).to_string(),
        first: Duration::from_millis(30),
        each: Duration::ZERO,
    };
    let double = Double::start(slowly).await;
    let one = TestApp::builder().judge(judge(&double)).start().await;
    let two = TestApp::builder().beside(&one).judge(judge(&double)).start().await;
    two_services_judge_each_once(one, two, &double).await;
    let Some(server) = postgres_address() else { return tell_skipped() };
    let double = Double::start(slowly).await;
    let one = TestApp::builder().postgres(&server, "comptoir_judging").await.judge(judge(&double)).start().await;
    let two = TestApp::builder().beside(&one).judge(judge(&double)).start().await;
    two_services_judge_each_once(one, two, &double).await;
}

/// Answers about two axes at once and leaves the others waiting, while it is told to.
async fn half(stuck: &Arc<AtomicBool>) -> Double {
    let stuck = Arc::clone(stuck);
    Double::start(move |seen| {
        let asked = document(seen)["indicateurs"].to_string();
        let waits = asked.contains("\"8.1.a\"") || asked.contains("\"6.2.a\"");
        if waits && stuck.load(Ordering::SeqCst) { Does::Hang } else { Does::Json(marks(seen, 1)) }
    })
    .await
}

/// Waits until two axes are judged and two are asked about.
async fn half_done(app: &TestApp, double: &Double, id: &str) {
    let two = |judging: &Judging| judging.judged.as_ref().is_some_and(|judged| judged.axes.len() == 2);
    until(app, id, two).await;
    while double.calls() < 4 {
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_stop_in_the_middle_only_what_is_missing_is_judged() {
    let stuck = Arc::new(AtomicBool::new(true));
    let double = half(&stuck).await;
    let patient = Judge { deadline: Duration::from_mins(5), ..judge(&double) };
    let app = TestApp::builder().judge(patient).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    page(&visitor, &id).await;
    half_done(&app, &double, &id).await;
    let next = TestApp::builder().beside(&app).judge(judge(&double)).start().await;
    assert!(page(&visitor.at(&next), &id).await.contains(WAITS), "someone works on it");
    let began = Instant::now();
    app.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5), "stopping does not wait for a model");
    stuck.store(false, Ordering::SeqCst);
    // Handed back: no lease runs out first, and no try is lost.
    let judging = done(&next, &id).await;
    assert_eq!(judging.tries, 1);
    assert_eq!((judging.judged.unwrap().calls, double.calls()), (4, 6), "two were asked twice, answered once");
    next.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_death_in_the_middle_the_lease_runs_out_and_only_what_is_missing_is_judged() {
    let stuck = Arc::new(AtomicBool::new(true));
    let double = half(&stuck).await;
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    let conversation = id.parse().unwrap();
    app.store.enqueue_judging(conversation, app.clock.now()).await.unwrap();
    let lease = app.store.claim_judging(app.clock.now(), LEASE).await.unwrap().unwrap();
    let (store, clock) = (app.store.clone(), Arc::clone(&app.clock));
    let patient = Judge { deadline: Duration::from_mins(5), ..judge(&double) };
    let worker = tokio::spawn(async move {
        let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).unwrap();
        let persona = content.persona("fuite-colere").unwrap();
        let (ears, stopping) = (Ears::new(persona, content.organisation()), CancellationToken::new());
        let bench =
            Bench { store: &store, content: &content, judge: &patient, clock: clock.as_ref(), stopping: &stopping };
        complete(bench, (persona, &ears, content.organisation()), lease).await
    });
    half_done(&app, &double, &id).await;
    worker.abort();
    let next = TestApp::builder().beside(&app).judge(judge(&double)).start().await;
    app.stop().await;
    stuck.store(false, Ordering::SeqCst);
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!((judging(&next, &id).await.unwrap().tries, double.calls()), (1, 4), "it may still be at work");
    next.later(LEASE);
    let judging = done(&next, &id).await;
    assert_eq!((judging.tries, judging.judged.unwrap().calls, double.calls()), (2, 4, 6));
    next.stop().await;
}
