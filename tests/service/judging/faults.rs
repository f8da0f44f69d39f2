//! What the faults of an endpoint take away: nothing. The table that the first test prints stands in `docs/quality.md`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use comptoir::clock::{Clock, SystemClock};
use comptoir::model::Budget;
use comptoir::scoring::Scorecard;
use comptoir::store::{Judge as Stored, JudgingState};
use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;
use tokio::time::sleep;

use super::{
    BRIEF, COMPLETED, PATIENT, WAITS, both, document, done, held, judge, judge_of, judging, marked, marks, page, until,
};
use crate::app::TestApp;
use crate::double::{Does, Double};

/// Waits until so many tries have failed: the last one is postponed, to a time that no lease lasts to.
async fn tried(app: &TestApp, id: &str, tries: u32) {
    let pause = Duration::from_secs(if tries == 1 { 30 } else { 120 });
    until(app, id, |judging| {
        let postponed = judging.due_at.duration_since(app.clock.now()).unsigned_abs() == pause;
        judging.tries == tries && judging.failure.is_some() && postponed
    })
    .await;
}

/// How the endpoint fails, with the code that is kept of it.
fn faults() -> Vec<(&'static str, &'static str, Does)> {
    let text = || "{\"marks\": [{\"id\": \"1.2.a\", \"in_turn\": 1, \"quote\": \"bonjour\"".to_owned();
    vec![
        ("never answers", "late", Does::Hang),
        ("stalls in mid-answer", "late", Does::StallsAfter(text(), 3)),
        ("429 with Retry-After", "overloaded", Does::RateLimited { retry_after: "6".to_owned() }),
        ("503", "overloaded", Does::error(503, "overloaded")),
        ("401", "refused", Does::error(401, "bad key")),
        ("404, an HTML page", "refused", Does::Html404),
        ("drops the line at once", "unreachable", Does::DropsConnection),
        ("cut in mid-answer", "cut", Does::CutAfter(text(), 3)),
        ("line broken in mid-answer", "cut", Does::BreaksAfter(text(), 3)),
        ("error in mid-stream", "*", Does::FailsAfter(text(), 3, json!({"message": "boom"}))),
        ("empty stream", "*", Does::EmptyStream),
        ("no content", "empty", Does::NoContent),
        ("malformed stream", "malformed", Does::Malformed("x".to_owned())),
        ("bytes that are no stream", "*", Does::Garbage),
        ("JSON that is not the protocol", "*", Does::WrongShape),
        ("words instead of JSON", "wrong_shape", Does::words("Bien sûr, voici ma cotation.")),
        ("malformed JSON", "wrong_shape", Does::words(text())),
        ("JSON of another schema", "wrong_shape", Does::Json(json!({"scores": {"1.2.a": 20}}))),
        ("marks without what was asked", "empty", Does::Json(json!({"marks": []}))),
        ("declines", "declined", Does::Refusal("Je ne peux pas.".to_owned())),
        ("filtered", "declined", Does::Ends { text: text(), reason: "content_filter" }),
        ("endless", "endless", Does::Endless("encore ".to_owned())),
    ]
}

/// One conversation under a fault: the rules' scorecard at once, completed once the fault has gone.
async fn made_up_for(name: &'static str, code: &'static str, fault: Does) -> String {
    let broken = Arc::new(AtomicBool::new(true));
    let good = Arc::new(AtomicUsize::new(0));
    let double = Double::start({
        let (broken, good) = (Arc::clone(&broken), Arc::clone(&good));
        move |seen| {
            if broken.load(Ordering::SeqCst) {
                return fault.clone();
            }
            good.fetch_add(1, Ordering::SeqCst);
            Does::Json(marks(seen, 1))
        }
    })
    .await;
    // Where nothing comes, it is not waited for; whatever comes has time on a machine that has much to do.
    let patience = if code == "late" { BRIEF } else { PATIENT };
    let judge = judge_of(double.address(), Budget::unlimited(Arc::new(SystemClock)), patience);
    let app = TestApp::builder().judge(judge.clone()).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    let first = page(&visitor, &id).await;
    assert!(
        first.contains(WAITS),
        "{name}: {:?} {}",
        judging(&app, &id).await,
        &first[first.find("<main").unwrap()..][..1500]
    );
    let rules = marked(&app, &id, Stored::Rules).await.unwrap();
    assert!(rules.marks.iter().any(|mark| mark.level.is_some()));
    let failed = until(&app, &id, |judging| judging.failure.is_some()).await;
    let found = failed.failure.clone().unwrap();
    assert!(code == "*" || found == code, "{name}: {found}, not {code}");
    assert_eq!((failed.state, failed.tries), (JudgingState::Due, 1), "{name}");
    assert_eq!(marked(&app, &id, Stored::Both).await, None, "{name}: nothing is made up");

    broken.store(false, Ordering::SeqCst);
    // The endpoint is left alone for some seconds of the real clock; the next try comes by the service's.
    while judge.model.health().resting.is_some_and(|left| !left.is_zero()) {
        sleep(Duration::from_millis(100)).await;
    }
    app.later(failed.due_at.duration_since(app.clock.now()).unsigned_abs());
    let judged = done(&app, &id).await;
    assert_eq!(judged.tries, 2, "{name}");
    assert_eq!(judged.judged.unwrap().calls, 4, "{name}: each axis is counted once");
    assert_eq!(good.load(Ordering::SeqCst), 4, "{name}: each axis is judged once");
    assert_eq!(marked(&app, &id, Stored::Rules).await.unwrap(), rules, "{name}: the rules' marks stay as they were");
    assert!(page(&visitor, &id).await.contains(COMPLETED), "{name}");
    app.stop().await;
    row(name, &found, "completed at the next try")
}

/// A line of the table in `docs/quality.md`.
fn row(fault: &str, code: &str, then: &str) -> String {
    format!("| {fault} | `{code}` | the rules' scorecard at once | {then}, each axis counted once |")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_leaves_the_rules_marks_at_once_and_is_made_up_for() {
    let each = faults().into_iter().map(|(name, code, fault)| made_up_for(name, code, fault).boxed_local());
    let all = each.chain([a_dead_endpoint().boxed_local(), a_budget_used_up().boxed_local()]);
    // Some at a time: most of each is waiting until the endpoint may be asked again.
    let rows: Vec<String> = stream::iter(all).buffered(5).collect().await;
    println!("{}", rows.join("\n"));
}

/// Nothing listens where the model should be; then it is somewhere else.
async fn a_dead_endpoint() -> String {
    let address = Double::start(|_| Does::Hang).await.gone().await;
    let judge = judge_of(&address, Budget::unlimited(Arc::new(SystemClock)), PATIENT);
    let app = TestApp::builder().judge(judge).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    assert!(page(&visitor, &id).await.contains(WAITS));
    let failed = until(&app, &id, |judging| judging.failure.is_some()).await;
    assert_eq!(failed.failure.as_deref(), Some("unreachable"));
    let double = Double::start(|seen| Does::Json(marks(seen, 1))).await;
    let next = TestApp::builder().beside(&app).judge(self::judge(&double)).start().await;
    app.stop().await;
    next.later(Duration::from_mins(1));
    assert_eq!((done(&next, &id).await.tries, double.calls()), (2, 4));
    assert!(page(&visitor.at(&next), &id).await.contains(COMPLETED));
    next.stop().await;
    row("nothing listens", "unreachable", "completed at the next try")
}

/// The day's tokens are used up; then comes the next day.
async fn a_budget_used_up() -> String {
    const DAY: u64 = 1_000_000;
    let double = Double::start(|seen| Does::Json(marks(seen, 1))).await;
    let clock = Arc::new(comptoir::clock::FixedClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
    let budget = Budget::new(None, Some(DAY), Arc::clone(&clock) as Arc<dyn Clock>);
    budget.seed_day(DAY);
    let app = TestApp::builder().judge(judge_of(double.address(), Arc::clone(&budget), PATIENT)).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    assert!(page(&visitor, &id).await.contains(WAITS));
    let failed = until(&app, &id, |judging| judging.failure.is_some()).await;
    assert_eq!((failed.failure.as_deref(), double.calls()), (Some("over_budget"), 0));
    app.later(Duration::from_hours(1));
    until(&app, &id, |judging| judging.tries == 2 && judging.due_at > failed.due_at).await;
    clock.advance(Duration::from_hours(24));
    app.later(Duration::from_hours(24));
    done(&app, &id).await;
    assert!(budget.used_today() > 1_000 && budget.used_today() < DAY);
    assert_eq!(double.calls(), 4);
    app.stop().await;
    row("the day's tokens used up", "over_budget", "completed the next day")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_stay_unusable_are_given_up_and_the_rules_marks_stand() {
    let double = Double::start(|_| Does::Json(json!({"marks": []}))).await;
    let app = TestApp::builder().judge(judge(&double)).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    page(&visitor, &id).await;
    for tries in 1..3 {
        tried(&app, &id, tries).await;
        app.later(Duration::from_mins(3));
    }
    let given_up = until(&app, &id, |judging| judging.state == JudgingState::GivenUp).await;
    assert_eq!((given_up.tries, given_up.failure.as_deref()), (3, Some("empty")));
    let text = page(&visitor, &id).await;
    assert!(text.contains("les cotations sont celles des règles") && !text.contains(WAITS), "{text}");
    assert_eq!(judging(&app, &id).await.unwrap().state, JudgingState::GivenUp, "looking does not begin it again");
    assert_eq!(marked(&app, &id, Stored::Both).await, None);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_axis_that_stays_unusable_is_left_to_the_rules() {
    let double = Double::start(|seen| {
        let mut marks = marks(seen, 2);
        let asked = document(seen)["indicateurs"].to_string();
        if asked.contains("\"8.1.a\"") {
            // Grants the control: this answer gives marks for something else than the exchange.
            for mark in marks["marks"].as_array_mut().unwrap() {
                mark["score"] = json!(2);
            }
        }
        Does::Json(marks)
    })
    .await;
    let app = TestApp::builder().judge(judge(&double)).start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    page(&visitor, &id).await;
    for tries in 1..3 {
        tried(&app, &id, tries).await;
        app.later(Duration::from_mins(3));
    }
    let judged = done(&app, &id).await.judged.unwrap();
    assert_eq!(judged.given_up, [("escalade".to_owned(), "granted".to_owned())]);
    assert_eq!(judged.calls, 3, "the other axes are not asked about again");
    let (rules, both) = (marked(&app, &id, Stored::Rules).await.unwrap(), both(&app, &id).await);
    let axis = |card: &Scorecard| card.axes.iter().find(|axis| axis.id == "escalade").unwrap().clone();
    assert_eq!(axis(&both), axis(&rules), "nothing of what it granted counts");
    assert!(page(&visitor, &id).await.contains("Axe Escalade"));
    app.stop().await;
}
