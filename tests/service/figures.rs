//! What monitoring sees of the service.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use comptoir::ask::Purpose;
use comptoir::clock::{Clock, FixedClock, Timestamp};
use comptoir::metrics::{Call, Distribution, Endpoint, Judged, Metrics, Moment, Stages, Transcription};
use comptoir::model::{Budget, Model};
use comptoir::server::{Models, Speech};
use comptoir::speech::{Clip, Limits, Transcriber, Urgency};
use comptoir::store::Used;
use comptoir::transcript::Made;
use reqwest::StatusCode;
use serde_json::json;

use crate::app::{TestApp, Visitor};
use crate::exposition::Exposition;

/// What the service counts now.
async fn scrape(visitor: &Visitor) -> Exposition {
    let answer = visitor.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    Exposition::read(&answer.text)
}

/// By how much a counter grew.
fn grown(series: &str, before: &Exposition, after: &Exposition) -> u32 {
    let grown = after.value(series) - before.value(series);
    (0..1_000).find(|n| (f64::from(*n) - grown).abs() < 0.001).unwrap_or_else(|| panic!("{series} grew by {grown}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_sockets_and_conversations_are_counted_by_the_templates_of_their_routes() {
    let app = TestApp::builder().shows_figures().start().await;
    let visitor = app.visitor();
    let before = scrape(&visitor).await;
    assert_eq!(before.value("comptoir_sockets_open").to_bits(), 0_f64.to_bits());
    visitor.page("/").await;
    visitor.page("/nowhere").await;
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.first("welcome").await;
    let after = scrape(&visitor).await;
    let requests = |route: &str, status: &str| {
        let labels = format!("{{route=\"{route}\",status=\"{status}\"}}");
        grown(&format!("comptoir_http_requests_total{labels}"), &before, &after)
    };
    assert_eq!(requests("/", "2xx"), 1);
    assert_eq!(requests("-", "4xx"), 1);
    assert_eq!(requests("/situations/{id}/conversations", "3xx"), 1);
    assert_eq!(requests("/conversations/{id}/socket", "1xx"), 1);
    assert_eq!(requests("/metrics", "2xx"), 1, "the scrape before");
    assert_eq!(grown("comptoir_http_request_seconds_count{route=\"/\"}", &before, &after), 1);
    assert_eq!(grown("comptoir_sockets_open", &before, &after), 1);
    assert_eq!(grown("comptoir_conversations_open", &before, &after), 1);
    talk.lose();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_label_holds_words_names_ids_or_addresses() {
    let app = TestApp::builder().shows_figures().start().await;
    let visitor = app.visitor();
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    talk.say("Rive Claire Habitat bonjour, je suis Zénobie.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    visitor.page(&format!("/conversations/{id}/scorecard")).await;
    visitor.page("/situations/fuite-colere").await;
    visitor.page("/situations/inconnue?nom=zenobie").await;
    visitor.page(&format!("/{id}/zenobie")).await;
    let seen = scrape(&visitor).await;
    assert!(seen.labels.len() > 10, "labels are read: {:?}", seen.labels);
    let ulid = id.strip_prefix("conv_").unwrap().to_lowercase();
    for (name, value) in &seen.labels {
        if name == "version" {
            continue;
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_/{}*.-".contains(c);
        assert!(value.chars().all(fits) && value.len() < 60, "{name}={value}");
        for foreign in ["conv_", "vis_", "fuite", "zenobie", "inconnue", "127.0.0.1", &ulid] {
            assert!(!value.contains(foreign), "{name}={value}");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn troubles_of_the_database_are_counted_by_kind() {
    let app = TestApp::builder().shows_figures().start().await;
    let visitor = app.visitor();
    let before = scrape(&visitor).await;
    app.store.close().await;
    assert_eq!(visitor.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let after = scrape(&visitor).await;
    // What goes on in the background when the service opens may have met the same trouble.
    assert!(grown("comptoir_database_errors_total{kind=\"unreachable\"}", &before, &after) >= 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transcription_is_there_where_something_transcribes() {
    let app = TestApp::builder().shows_figures().start().await;
    assert_eq!(scrape(&app.visitor()).await.beginning("comptoir_transcription"), [""; 0]);
    app.stop().await;

    let limits = Limits { places: 1, queue: 4, deadline: Duration::from_secs(30) };
    let transcriber = Transcriber::by(limits, |_| async { Ok("bonjour".to_owned()) });
    let speech = Speech { transcriber: Ok(transcriber.clone()), ..Speech::default() };
    let app = TestApp::builder().speech(speech).shows_figures().start().await;
    let before = scrape(&app.visitor()).await;
    transcriber.transcribe(Clip { samples: vec![0; 16_000], hint: "".into(), urgency: Urgency::Final }).await.unwrap();
    let after = scrape(&app.visitor()).await;
    assert_eq!(grown("comptoir_transcription_clips_total{outcome=\"done\"}", &before, &after), 1);
    assert_eq!(grown("comptoir_transcription_work_seconds_count", &before, &after), 1);
    assert_eq!(grown("comptoir_transcription_sound_seconds_total", &before, &after), 1);
    app.stop().await;
}

#[test]
fn replies_and_calls_are_counted_by_who_worded_them_and_what_came_of_them() {
    let metrics = Metrics::new();
    let read = |metrics: &Metrics| Exposition::read(&metrics.text(&Moment::default()).unwrap());
    let before = read(&metrics);
    let ms = Duration::from_millis;
    // Its own lines, as without a model.
    metrics.replied(None, Stages { hearing: Some(ms(2)), stored: Some(ms(5)), first_words: Some(ms(20)) });
    let made = Made {
        model: Some("un-modèle".to_owned()),
        refused: vec!["out_of_role".to_owned(), "Bonjour Madame".to_owned()],
        hearing_us: 900,
        first_token_ms: Some(240),
        last_token_ms: Some(900),
        first_words_ms: Some(300),
        guard_us: 150,
        ..Made::default()
    };
    metrics.replied(Some(&made), Stages { stored: Some(ms(4)), ..Stages::default() });
    // Cut in the middle, and never begun.
    let cut = Made { fell_back: Some("cut".to_owned()), ..made.clone() };
    metrics.replied(Some(&cut), Stages::default());
    let late = Made { model: None, first_token_ms: None, last_token_ms: None, guard_us: 0, ..cut };
    metrics.replied(Some(&Made { fell_back: Some("late".to_owned()), ..late }), Stages::default());
    let call = Call {
        purpose: Purpose::Play,
        outcome: "ok",
        prompt_tokens: 1_200,
        completion_tokens: 40,
        took: ms(900),
        cost_micros: Some(2_500_000),
    };
    metrics.model_call(call);
    metrics.model_call(Call { outcome: "late", prompt_tokens: 0, completion_tokens: 0, cost_micros: None, ..call });
    let after = read(&metrics);
    let grown = |series: &str| grown(&format!("comptoir_{series}"), &before, &after);
    for (series, count) in [
        ("turns_total{fault=\"none\",words=\"lines\"}", 1),
        ("turns_total{fault=\"none\",words=\"model\"}", 1),
        ("turns_total{fault=\"cut\",words=\"model\"}", 1),
        ("turns_total{fault=\"late\",words=\"lines\"}", 1),
        ("guard_refusals_total{why=\"out_of_role\"}", 3),
        ("guard_refusals_total{why=\"other\"}", 3),
        ("turn_stage_seconds_count{stage=\"hearing\"}", 4),
        ("turn_stage_seconds_count{stage=\"store\"}", 2),
        ("turn_stage_seconds_count{stage=\"first_token\"}", 2),
        ("turn_stage_seconds_bucket{le=\"0.2\",stage=\"first_token\"}", 0),
        ("turn_stage_seconds_bucket{le=\"0.5\",stage=\"first_token\"}", 2),
        ("turn_stage_seconds_count{stage=\"last_token\"}", 2),
        ("turn_stage_seconds_count{stage=\"guard\"}", 2),
        ("turn_stage_seconds_count{stage=\"first_words\"}", 4),
        ("model_calls_total{outcome=\"ok\",purpose=\"play\"}", 1),
        ("model_calls_total{outcome=\"late\",purpose=\"play\"}", 1),
        ("model_call_seconds_count{purpose=\"play\"}", 2),
        ("model_tokens_total{direction=\"completion\",purpose=\"play\"}", 40),
    ] {
        assert_eq!(grown(series), count, "{series}");
    }
    let tokens = after.value("comptoir_model_tokens_total{direction=\"prompt\",purpose=\"play\"}");
    let cost = after.value("comptoir_model_cost_total{purpose=\"play\"}");
    assert!((tokens - 1_200.0).abs() < 0.1 && (cost - 2.5).abs() < 1e-9, "{tokens} {cost}");
}

#[test]
fn operators_are_told_every_figure() {
    let metrics = Metrics::new();
    metrics.request("/", 200, Duration::ZERO);
    let made = Made { model: Some("m".to_owned()), refused: vec!["foreign".to_owned()], ..Made::default() };
    metrics.replied(Some(&made), Stages::default());
    metrics.model_call(Call {
        purpose: Purpose::Test,
        outcome: "ok",
        prompt_tokens: 1,
        completion_tokens: 1,
        took: Duration::ZERO,
        cost_micros: Some(1),
    });
    metrics.judged(Judged::Done);
    metrics.uses_unkept(1);
    metrics.database_error("full");
    let everything = Moment {
        sockets: 1,
        conversations: 1,
        endpoints: vec![Endpoint { role: "play", resting: true, under_way: 2, waiting: 3 }],
        tokens_today: Some(1),
        tokens_a_day: Some(2),
        judgings_due: Some(1),
        transcription: Some(Transcription { waits: buckets(), times: buckets(), ..Transcription::default() }),
    };
    let read = Exposition::read(&metrics.text(&everything).unwrap());
    let known: BTreeSet<&str> = read
        .beginning("comptoir_")
        .into_iter()
        .map(|series| series.split('{').next().unwrap())
        .map(|name| ["_bucket", "_count", "_sum"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
        .collect();
    let page = include_str!("../../docs/operations.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `comptoir_")?.split('`').next());
    let told: BTreeSet<String> = rows.map(|name| format!("comptoir_{name}")).collect();
    assert_eq!(told.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    assert!(read.value("comptoir_model_resting{endpoint=\"play\"}") > 0.5);
}

fn buckets() -> Distribution {
    Distribution { buckets: vec![(0.1, 3), (f64::INFINITY, 1)], sum: Duration::from_secs(2) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_figures_are_not_shown_their_address_does_not_exist() {
    let app = TestApp::start().await;
    let answer = app.visitor().get("/metrics").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found".to_owned()));
    app.stop().await;
}

/// A model at an address where nothing answers.
fn nowhere() -> Models {
    let (sender, uses) = tokio::sync::mpsc::unbounded_channel();
    let clock = Arc::new(FixedClock::at(Timestamp::from_second(1_772_442_000).unwrap()));
    let budget = Budget::new(Some(80_000), Some(1_000_000), clock);
    let endpoint = comptoir::model::Endpoint::new("http://127.0.0.1:9/v1".parse().unwrap(), "un-modèle:7b");
    let play = Model::new(endpoint, comptoir::model::Limits::default(), budget, sender).unwrap();
    Models { play: Some(play), currency: "€".to_owned(), uses: Some(uses), ..Models::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_on_the_model_tells_state_budget_days_faults_and_conversations_but_no_ones_scorecard_to_others() {
    let app = TestApp::builder().models(nowhere()).shows_figures().start().await;
    let (mine, other) = (app.visitor(), app.visitor());
    let id = mine.open("fuite-colere").await;
    let mut talk = mine.join(&id, 0).await;
    talk.receive().await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    let used = |n: u128, prompt_tokens, outcome: &str| Used {
        id: comptoir::id::Ulid::from_parts(0, n),
        conversation: Some(id.parse().unwrap()),
        at: app.clock.now(),
        purpose: Purpose::Play,
        model: "un-modèle:7b".to_owned(),
        prompt_tokens,
        completion_tokens: 34,
        estimated: true,
        took: Duration::from_millis(700),
        cost_micros: Some(12_300),
        outcome: outcome.to_owned(),
    };
    app.store.keep_uses(&[used(1, 1_200, "ok"), used(2, 0, "late"), used(3, 900, "dropped")]).await.unwrap();
    let page = mine.page("/model").await.text;
    for told in [
        "Jouer les personnes",
        "un-modèle:7b",
        "sur cette machine",
        "Disponible",
        "sur 1\u{202f}000\u{202f}000",
        "80\u{202f}000",
        "2\u{202f}100",
        "0,0369\u{a0}€",
        "Le modèle n’a pas répondu à temps",
        "Une partie des jetons est estimée",
        "Troisième appel pour une fuite",
    ] {
        assert!(page.contains(told), "{told} is not on the page");
    }
    assert!(!page.contains("La réponse n’était plus attendue"), "that is no fault");
    let scorecard = format!("/conversations/{id}/scorecard");
    assert!(page.contains(&scorecard));
    for path in ["/model", "/model?order=tokens", "/model?order=autre"] {
        let page = other.page(path).await.text;
        assert!(page.contains("Troisième appel pour une fuite") && !page.contains(&id), "{path}");
    }
    assert!(mine.page("/about").await.text.contains("href=\"/model\""));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_model_the_page_tells_how_to_connect_one_and_without_figures_there_is_no_page() {
    let app = TestApp::builder().shows_figures().start().await;
    let page = app.visitor().page("/model").await.text;
    assert!(page.contains("Aucun modèle n’est branché") && page.contains("COMPTOIR_MODEL_URL="));
    app.stop().await;
    let app = TestApp::start().await;
    assert_eq!(app.visitor().page("/model").await.status, StatusCode::NOT_FOUND);
    assert!(!app.visitor().page("/about").await.text.contains("href=\"/model\""));
    app.stop().await;
}
