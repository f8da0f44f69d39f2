//! A model that judges: what it adds, what its faults take away (nothing), and that nothing is judged twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use comptoir::clock::{Clock, SystemClock};
use comptoir::content::Content;
use comptoir::hearing::Ears;
use comptoir::id::ConversationId;
use comptoir::model::{Budget, Endpoint, Limits, Model};
use comptoir::review::{Bench, Judge, LEASE, complete};
use comptoir::scoring::{By, Level, Scorecard};
use comptoir::store::{Judge as Stored, Judging, JudgingState};
use comptoir::transcript::Happening;
use futures_util::future::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::app::{TestApp, Visitor, postgres_address, tell_skipped};
use crate::double::{Does, Double, Seen};

/// The line that a page shows while a model reads.
const WAITS: &str = "Le modèle relit l’échange\u{a0}; la grille sera complétée.";

/// The line of a completed page.
const COMPLETED: &str = "Un modèle a relu l’échange";

/// Long enough for whatever answers, on a machine that has much to do.
const PATIENT: Duration = Duration::from_secs(10);

/// Long enough to tell that nothing answers.
const BRIEF: Duration = Duration::from_millis(500);

fn judge_of(address: &str, budget: Arc<Budget>, patience: Duration) -> Judge {
    let limits = Limits {
        at_once: 4,
        tries: 2,
        silence: patience,
        longest_wait: Duration::from_millis(200),
        ..Limits::default()
    };
    let endpoint = Endpoint::new(address.parse().unwrap(), "double");
    let (told, _) = tokio::sync::mpsc::unbounded_channel();
    let model = Model::new(endpoint, limits, budget, told).unwrap();
    Judge { model, votes: 1, deadline: patience * 2 }
}

fn judge(double: &Double) -> Judge {
    judge_of(double.address(), Budget::unlimited(Arc::new(SystemClock)), PATIENT)
}

/// The document of a question.
fn document(seen: &Seen) -> Value {
    let question = seen.messages.iter().find(|(role, text)| role == "user" && text.starts_with('{')).unwrap();
    let (document, _) = question.1.split_once("\n\n").unwrap();
    serde_json::from_str(document).unwrap()
}

/// A mark for each indicator: all of this level, each shown by the trainee's first words, and the control missed.
fn marks(seen: &Seen, score: u8) -> Value {
    let document = document(seen);
    let turns = document["echange"].as_array().unwrap();
    let mine = turns.iter().find(|turn| turn["qui"] == "accueil" && turn["mots"].is_string()).unwrap();
    let words: Vec<&str> = mine["mots"].as_str().unwrap().split(' ').take(4).collect();
    let mark = |indicator: &Value| {
        let control = indicator["intitule"].as_str().unwrap().contains("médaille");
        json!({
            "id": indicator["id"], "in_turn": mine["tour"], "quote": if control { String::new() } else { words.join(" ") },
            "reason": "Vous l'avez fait, selon le modèle.", "score": if control { 0 } else { score },
            "suggestion": "Je vous écoute, prenez votre temps.",
        })
    };
    json!({ "marks": document["indicateurs"].as_array().unwrap().iter().map(mark).collect::<Vec<_>>() })
}

/// Holds an exchange to its end.
async fn held(visitor: &Visitor) -> String {
    held_with(visitor, &["Rive Claire Habitat bonjour, je vous écoute.", "Où est la fuite, s'il vous plaît ?"]).await
}

async fn held_with(visitor: &Visitor, words: &[&str]) -> String {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    for words in words {
        talk.say(words).await;
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    id
}

fn scorecard(id: &str) -> String {
    format!("/conversations/{id}/scorecard")
}

/// The review as a page, which never waits for a model.
async fn page(visitor: &Visitor, id: &str) -> String {
    let began = Instant::now();
    let answer = visitor.page(&scorecard(id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "the page waited for the model");
    answer.text
}

async fn judging(app: &TestApp, id: &str) -> Option<Judging> {
    app.store.judging(id.parse().unwrap()).await.unwrap()
}

async fn marked(app: &TestApp, id: &str, by: Stored) -> Option<Scorecard> {
    app.store.scorecard(id.parse().unwrap(), by).await.unwrap().map(|stored| stored.scorecard)
}

/// Waits until the judging is as wanted.
async fn until(app: &TestApp, id: &str, wanted: impl Fn(&Judging) -> bool) -> Judging {
    let until = Instant::now() + Duration::from_secs(45);
    loop {
        let now = judging(app, id).await;
        if let Some(judging) = now.clone().filter(&wanted) {
            return judging;
        }
        assert!(Instant::now() < until, "still {now:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn done(app: &TestApp, id: &str) -> Judging {
    until(app, id, |judging| judging.state == JudgingState::Done).await
}

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

    let (rules, both) =
        (marked(&app, &id, Stored::Rules).await.unwrap(), marked(&app, &id, Stored::Both).await.unwrap());
    for (rules, both) in rules.marks.iter().zip(&both.marks) {
        assert_eq!(rules.level.is_some(), both.level.is_some(), "{}", both.id);
        if rules.level.is_some() {
            assert_eq!((both.level, both.by()), (Some(Level::Partial), By::Model), "{}", both.id);
            assert_eq!(both.evidence[0].quote, "Rive Claire Habitat bonjour");
            assert_eq!(both.second.as_ref().unwrap().other, rules.level.unwrap(), "the rules' mark is kept");
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
    // Long past, it is judged when somebody wants to see it.
    next.later(Duration::from_hours(48));
    let id = held(&next.visitor()).await;
    done(&next, &id).await;
    next.stop().await;
}

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
    let (rules, both) =
        (marked(&app, &id, Stored::Rules).await.unwrap(), marked(&app, &id, Stored::Both).await.unwrap());
    let axis = |card: &Scorecard| card.axes.iter().find(|axis| axis.id == "escalade").unwrap().clone();
    assert_eq!(axis(&both), axis(&rules), "nothing of what it granted counts");
    assert!(page(&visitor, &id).await.contains("Axe Escalade"));
    app.stop().await;
}

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
    let both = marked(&app, &id, Stored::Both).await.unwrap();
    let quotes = both.marks.iter().flat_map(|mark| &mark.evidence).map(|evidence| evidence.quote.as_str());
    assert!(quotes.clone().all(|quote| quote == "Agence des Tilleuls bonjour"), "{:?}", quotes.collect::<Vec<_>>());
    assert!(page(&visitor, &id).await.contains(COMPLETED));
    assert_eq!(double.calls(), 8);
    app.stop().await;
}
