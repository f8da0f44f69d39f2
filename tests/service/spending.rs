//! What models are used for is written down, whatever happens to the database, and counted once.

use std::sync::Arc;
use std::time::Duration;

use comptoir::ask::Purpose;
use comptoir::clock::{Clock, Timestamp};
use comptoir::id::ConversationId;
use comptoir::model::{Budget, Endpoint, Limits, Model, Tokens, Use};
use comptoir::server::Models;
use comptoir::spending;
use comptoir::store::{Spent, Store, Used};
use comptoir::transcript::Happening;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::app::{TestApp, database};
use crate::exposition::Exposition;

/// Far longer than the writer gathers or pauses.
const SOON: Duration = Duration::from_mins(1);

fn used(conversation: Option<ConversationId>, at: Timestamp, prompt: u64) -> Use {
    Use {
        conversation,
        at,
        purpose: Purpose::Play,
        model: "un-modèle".to_owned(),
        tokens: Tokens { prompt, completion: 10, estimated: false },
        took: Duration::from_millis(700),
        first: None,
        cost_micros: Some(250),
        outcome: "ok",
    }
}

/// A service, and where its models would tell what they were used for.
async fn service(quota: Option<u32>) -> (TestApp, UnboundedSender<Use>) {
    let (sender, uses) = unbounded_channel();
    let builder = TestApp::builder().models(Models { uses: Some(uses), ..Models::default() }).shows_figures();
    let builder = match quota {
        Some(pages) => builder.quota(pages),
        None => builder,
    };
    (builder.start().await, sender)
}

/// All that was stored.
async fn stored(store: &Store) -> Spent {
    store.spent_between(Timestamp::MIN, Timestamp::from_second(4_000_000_000).unwrap()).await.unwrap()
}

async fn wait_for(calls: u64, store: &Store) -> Spent {
    let found = tokio::time::timeout(SOON, async {
        loop {
            let spent = stored(store).await;
            if spent.calls >= calls {
                return spent;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    found.await.unwrap_or_else(|_| panic!("{calls} calls are not stored"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_model_was_used_for_is_stored_and_counted() {
    let (app, uses) = service(None).await;
    let visitor = app.visitor();
    let id: ConversationId = visitor.open("fuite-colere").await.parse().unwrap();
    for prompt in [1_000, 2_000] {
        uses.send(used(Some(id), app.clock.now(), prompt)).unwrap();
    }
    uses.send(Use { outcome: "late", cost_micros: None, ..used(None, app.clock.now(), 0) }).unwrap();
    let spent = wait_for(3, &app.store).await;
    assert_eq!((spent.prompt_tokens, spent.completion_tokens, spent.cost_micros), (3_000, 30, Some(500)));
    assert_eq!(app.store.spent_on(id).await.unwrap().calls, 2);
    let seen = Exposition::read(&visitor.get("/metrics").await.text);
    for (series, value) in [
        ("calls_total{outcome=\"ok\",purpose=\"play\"}", 2.0),
        ("calls_total{outcome=\"late\",purpose=\"play\"}", 1.0),
        ("tokens_total{direction=\"prompt\",purpose=\"play\"}", 3_000.0),
        ("cost_total{purpose=\"play\"}", 0.000_5),
    ] {
        let found = seen.value(&format!("comptoir_model_{series}"));
        assert!((found - value).abs() < 1e-9, "{series} is {found}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_still_waits_is_written_before_the_store_is_closed() {
    let (app, uses) = service(None).await;
    for prompt in 0..500 {
        uses.send(used(None, app.clock.now(), prompt)).unwrap();
    }
    let folder = Arc::clone(&app.folder);
    app.stop().await;
    let store = Store::open(&format!("sqlite:{}", database(folder.path()))).await.unwrap();
    let spent = stored(&store).await;
    assert_eq!((spent.calls, spent.prompt_tokens), (500, 499 * 500 / 2));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_keeps_records_waiting_and_takes_each_once_there_is_room() {
    let (app, uses) = service(Some(150)).await;
    let id: ConversationId = app.visitor().open("fuite-colere").await.parse().unwrap();
    let spoke = |chars: usize| vec![Happening::Spoke { text: "a".repeat(chars), client_id: None, spoken: None }];
    let mut next = 1;
    for chars in [4_000, 100, 1] {
        while app.store.append(id, next, spoke(chars), app.clock.now()).await.is_ok() {
            next += 1;
        }
    }
    for prompt in 0..200 {
        uses.send(used(Some(id), app.clock.now(), prompt)).unwrap();
    }
    let refused = tokio::time::timeout(SOON, async {
        let visitor = app.visitor();
        while Exposition::read(&visitor.get("/metrics").await.text)
            .value("comptoir_database_errors_total{kind=\"full\"}")
            < 1.0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    refused.await.expect("the disk is full");
    assert!(stored(&app.store).await.calls < 200, "some still wait");
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", database(app.folder.path()))).await.unwrap();
    sqlx::raw_sql("delete from event where seq > 1").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    wait_for(200, &app.store).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_budget_begins_with_what_the_store_knows() {
    let app = TestApp::start().await;
    // 2 March 2026, 9:00 UTC: 10:00 in Paris.
    let now = app.clock.now();
    let (today, yesterday) = (now - Duration::from_hours(9), now - Duration::from_hours(11));
    let conversation: ConversationId = app.visitor().open("fuite-colere").await.parse().unwrap();
    let mut rows = Vec::new();
    for (n, at) in [(1, today), (2, yesterday), (3, yesterday)] {
        rows.push(Used {
            id: comptoir::id::Ulid::from_parts(0, n),
            conversation: (n < 3).then_some(conversation),
            at,
            purpose: Purpose::Play,
            model: "un-modèle".to_owned(),
            prompt_tokens: 100,
            completion_tokens: 20,
            estimated: false,
            took: Duration::ZERO,
            cost_micros: None,
            outcome: "ok".to_owned(),
        });
    }
    app.store.keep_uses(&rows).await.unwrap();
    let clock = Arc::clone(&app.clock) as Arc<dyn Clock>;
    let budget = Budget::new(Some(1_000), Some(10_000), Arc::clone(&clock));
    spending::seed(&app.store, &budget, now).await.unwrap();
    assert_eq!((budget.used_today(), budget.used_by(conversation)), (120, 240), "the day is Paris's");

    // A service that opens does it by itself.
    let (sender, uses) = unbounded_channel();
    let budget = Budget::new(Some(1_000), Some(10_000), clock);
    let endpoint = Endpoint::new("http://127.0.0.1:9/v1".parse().unwrap(), "un-modèle");
    let model = Model::new(endpoint, Limits::default(), Arc::clone(&budget), sender).unwrap();
    let models = Models { play: Some(model), uses: Some(uses), ..Models::default() };
    let opened_budget = Arc::clone(&budget);
    let other = TestApp::builder().beside(&app).models(models).shows_figures().start().await;
    let seen = Exposition::read(&other.visitor().get("/metrics").await.text);
    assert!((seen.value("comptoir_model_tokens_today") - 120.0).abs() < 0.1);
    assert!((seen.value("comptoir_model_tokens_a_day") - 10_000.0).abs() < 0.1);
    assert!(seen.value("comptoir_model_resting{endpoint=\"play\"}").abs() < 0.1);
    // What another node used since is known when the conversation comes here.
    let visitor = app.visitor();
    let id = visitor.open("fuite-colere").await;
    let conversation: ConversationId = id.parse().unwrap();
    let row = Used { id: comptoir::id::Ulid::from_parts(0, 9), conversation: Some(conversation), ..rows[0].clone() };
    app.store.keep_uses(&[row]).await.unwrap();
    assert_eq!(opened_budget.used_by(conversation), 0);
    let mut talk = visitor.at(&other).join(&id, 0).await;
    talk.first("welcome").await;
    assert_eq!(opened_budget.used_by(conversation), 120);
    talk.lose();
    other.stop().await;
    app.stop().await;
}
