//! Exam booklets: sat whole, interrupted, resumed with the time they should have, reported, judged.

use std::time::Duration;

use comptoir::clock::Clock as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, Visitor};

const MINUTE: Duration = Duration::from_mins(1);

/// A booklet under way.
pub(crate) struct Sat {
    pub(crate) path: String,
}

impl Sat {
    pub(crate) async fn begin(visitor: &Visitor, kind: &str) -> Sat {
        let answer = visitor.post("/booklets", &[("kind", kind)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        Sat { path: answer.location.unwrap() }
    }

    fn step(&self, step: u16) -> String {
        format!("{}/steps/{step}", self.path)
    }

    pub(crate) async fn enter(&self, visitor: &Visitor, step: u16) {
        let answer = visitor.post(&format!("{}/enter", self.step(step)), &[]).await;
        assert_eq!(answer.location.as_deref(), Some(self.step(step).as_str()), "{answer:?}");
    }

    async fn ping(&self, visitor: &Visitor) -> Value {
        let answer = visitor.post(&format!("{}/ping", self.path), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        serde_json::from_str(&answer.text).unwrap()
    }

    /// What the page sends by itself.
    async fn keep(&self, visitor: &Visitor, step: u16, form: &[(&str, &str)]) -> Answer {
        let request = visitor.request(Method::POST, &self.step(step)).header("accept", "application/json");
        visitor.send(request.form(form)).await
    }

    /// Meets the person, talks, takes leave.
    pub(crate) async fn talk(&self, visitor: &Visitor, step: u16) -> String {
        let answer = visitor.post(&format!("{}/conversation", self.step(step)), &[]).await;
        let id = answer.location.unwrap().strip_prefix("/conversations/").unwrap().to_owned();
        let mut talk = visitor.join(&id, 0).await;
        talk.receive().await;
        talk.say("Rive Claire Habitat, agence des Tilleuls, bonjour, je vous écoute.").await;
        talk.say("Que s'est-il passé, et depuis quand ?").await;
        talk.make(json!({"kind": "end"})).await;
        talk.first("ended").await;
        drop(talk);
        id
    }
}

/// The names of the fields of a page that begin so.
fn fields(html: &str, start: &str) -> Vec<String> {
    let opening = format!(" name=\"{start}");
    let all = html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next());
    let mut names: Vec<String> = all.map(|rest| format!("{start}{rest}")).collect();
    names.dedup();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booklet_is_sat_whole_reported_and_judged() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let sat = Sat::begin(&nadia, "bloc2").await;
    let again = nadia.post("/booklets", &[("kind", "bloc2")]).await;
    assert_eq!(again.location.as_deref(), Some(sat.path.as_str()), "a button pressed twice opens one booklet");

    sat.enter(&nadia, 0).await;
    let conversation = sat.talk(&nadia, 0).await;
    // No marks before the end, and no second try.
    for page in ["", "/handoff", "/scorecard"] {
        let back = nadia.page(&format!("/conversations/{conversation}{page}")).await;
        assert_eq!(back.location.as_deref(), Some(sat.path.as_str()), "{page}: {back:?}");
    }
    let second = nadia.post(&format!("/conversations/{conversation}/again"), &[]).await;
    assert_eq!(second.code(), "booklet_under_way");
    let report = format!("{}/report", sat.path);
    assert_eq!(nadia.page(&report).await.location.as_deref(), Some(sat.path.as_str()));
    assert_eq!(claire.page(&report).await.status, StatusCode::OK, "a trainer looks in, to grant time");

    let here = nadia.page(&sat.path).await;
    assert!(here.text.contains("Écrire la note de transmission"), "the exchange is over, the note comes next");
    sat.enter(&nadia, 1).await;
    let missing = nadia.post(&sat.step(1), &[("intent", "finish"), ("summary", "Une fuite.")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text.contains("Une fuite.") && missing.text.contains("Choisissez le service"), "typed words stay");
    let seen = fields(&missing.text, "seen");
    assert_eq!(seen, ["seen"]);
    let note =
        [("seen", "99"), ("intent", "finish"), ("service", "technique"), ("urgency", "24h"), ("summary", "Une fuite.")];
    assert_eq!(nadia.post(&sat.step(1), &note).await.location.as_deref(), Some(sat.path.as_str()));

    sat.enter(&nadia, 2).await;
    let page = nadia.page(&sat.step(2)).await.text;
    let open: Vec<String> =
        page.split("<textarea id=\"").skip(1).filter_map(|r| r.split('"').next()).map(str::to_owned).collect();
    assert_eq!(open.len(), 2, "two open questions: {open:?}");
    let mut form: Vec<(&str, &str)> =
        open.iter().map(|name| (name.as_str(), "<b>Je rappelle</b> avec une solution.")).collect();
    form.extend([("seen", "99"), ("intent", "finish")]);
    assert_eq!(nadia.post(&sat.step(2), &form).await.location.as_deref(), Some(report.as_str()));

    let told = nadia.page(&report).await.text;
    for part in [
        "Livret passé en entier",
        "à apprécier par le formateur",
        "Échange 1",
        "&lt;b&gt;Je rappelle&#60;/b&#62;",
        "CR 14.1",
    ] {
        let alike = part.replace("&lt;", "&#60;").replace("&gt;", "&#62;");
        assert!(told.contains(part) || told.contains(&alike), "no {part}");
    }
    assert!(!told.contains("<b>Je rappelle") && !told.contains("/marks"), "words are words, and only a trainer judges");
    assert_eq!(nadia.page(&format!("/conversations/{conversation}/scorecard")).await.status, StatusCode::OK);

    // The trainer judges an open answer; nobody else does.
    let id = open[0].strip_prefix("q-").unwrap();
    let indicator = if id.starts_with("ecoute") { "14.2.a" } else { "16.1.a" };
    let mark = [("indicator", indicator), ("question", id), ("level", "1"), ("word", "Il manque <i>la date</i>.")];
    let marks = format!("{}/marks", sat.path);
    assert_eq!(nadia.post(&marks, &mark).await.code(), "not_allowed");
    assert_eq!(claire.post(&marks, &[("indicator", "9.9.z"), ("level", "1")]).await.code(), "bad_form");
    assert_eq!(claire.post(&marks, &mark).await.status, StatusCode::SEE_OTHER);
    let told = nadia.page(&report).await.text;
    assert!(told.contains("fixé par le formateur") && told.contains("Claire Martin"), "the trainer's word is there");
    assert!(!told.contains("<i>la date"), "and it is words");
    let marc = app.trainer("Marc Petit").await;
    for path in [&report, &sat.path] {
        assert_eq!(marc.get(path).await.code(), "unknown_booklet");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booklet_interrupted_by_a_crash_goes_on_with_the_time_it_should_have() {
    let app = TestApp::start().await;
    let nadia = app.visitor();
    let sat = Sat::begin(&nadia, "bloc1").await;
    sat.enter(&nadia, 0).await;
    assert_eq!(sat.ping(&nadia).await, json!({"step": 0, "left_ms": 600_000}));
    app.later(MINUTE / 3);
    sat.ping(&nadia).await;
    let page = nadia.page(&sat.step(0)).await.text;
    let open = page.split("<textarea id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let kept = sat.keep(&nadia, 0, &[("seen", "1"), (&open, "Je range les cartons.")]).await;
    assert_eq!(kept.status, StatusCode::OK, "{kept:?}");

    // The process dies; another one opens the same database an hour later.
    let later = app.clock.now() + 60 * MINUTE;
    let other = TestApp::builder().beside(&app).at(later).start().await;
    let back = nadia.at(&other);
    let here = back.page(&sat.path).await.text;
    assert!(here.contains("ce temps vous est rendu"), "the absence is told");
    let left = sat.ping(&back).await["left_ms"].as_u64().unwrap();
    assert_eq!(left, 600_000 - 20_000 - 30_000, "an hour away costs half a minute");
    assert!(back.page(&sat.step(0)).await.text.contains("Je range les cartons."), "what was kept is there");

    // Present, the time runs out; what was written counts, and the next part waits.
    for _ in 0..29 {
        other.later(MINUTE / 3);
        sat.ping(&back).await;
    }
    assert_eq!(sat.ping(&back).await, json!({"step": null, "left_ms": null}));
    let late = sat.keep(&back, 0, &[("seen", "9"), (&open, "Trop tard.")]).await;
    assert_eq!(late.code(), "time_up");
    let here = back.page(&sat.path).await.text;
    assert!(
        here.contains("Ordonner")
            || here.contains("Mener l’échange")
            || here.contains("Mener l&#39;échange")
            || here.contains("temps écoulé")
    );
    assert_eq!(back.post(&format!("{}/stop", sat.path), &[]).await.location, Some(format!("{}/report", sat.path)));
    let told = back.page(&format!("{}/report", sat.path)).await.text;
    assert!(told.contains("Je range les cartons.") && !told.contains("Trop tard."));
    assert!(told.contains("59\u{a0}min 30\u{a0}s rendues"), "the interruption is told with its length");
    other.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_and_answers_sent_twice_lose_nothing() {
    let app = TestApp::start().await;
    let nadia = app.visitor();
    let sat = Sat::begin(&nadia, "bloc1").await;
    sat.enter(&nadia, 0).await;
    // A part entered twice, and one that is not the next.
    sat.enter(&nadia, 0).await;
    let other = nadia.post(&format!("{}/enter", sat.step(3)), &[]).await;
    assert_eq!(other.location, Some(sat.step(0)));
    let page = nadia.page(&sat.step(0)).await.text;
    let open = page.split("<textarea id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let first = sat.keep(&nadia, 0, &[("seen", "0"), (&open, "Du premier onglet.")]).await;
    let seen = serde_json::from_str::<Value>(&first.text).unwrap()["seen"].clone();
    let twice = sat.keep(&nadia, 0, &[("seen", "0"), (&open, "Du premier onglet.")]).await;
    assert_eq!(serde_json::from_str::<Value>(&twice.text).unwrap()["seen"], seen, "the same answer is kept once");
    // The second tab knows nothing of it: it is told, and its words stay on its page.
    let stale = sat.keep(&nadia, 0, &[("seen", "0"), (&open, "Du second onglet.")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let shown = nadia.post(&sat.step(0), &[("seen", "0"), (&open, "Du second onglet."), ("intent", "save")]).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    assert!(shown.text.contains("Du second onglet.") && shown.text.contains("dans un autre onglet"));
    assert!(nadia.page(&sat.step(0)).await.text.contains("Du premier onglet."));
    // Far too long: given back as typed, told at the field.
    let long = "é".repeat(50_000);
    let refused = nadia.post(&sat.step(0), &[("seen", "9"), (&open, &long), ("intent", "finish")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long) && refused.text.contains("50000"), "the words are not lost");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_is_ordered_with_buttons_and_without_scripts() {
    let app = TestApp::start().await;
    let nadia = app.visitor();
    let sat = Sat::begin(&nadia, "bloc1").await;
    for step in 0..4 {
        sat.enter(&nadia, step).await;
        if step == 1 {
            sat.talk(&nadia, 1).await;
            nadia.page(&sat.path).await;
        } else {
            let note = [
                ("service", "technique"),
                ("urgency", "24h"),
                ("summary", "À rappeler."),
                ("seen", "99"),
                ("intent", "finish"),
            ];
            assert_eq!(nadia.post(&sat.step(step), &note).await.status, StatusCode::SEE_OTHER, "part {step}");
        }
    }
    sat.enter(&nadia, 4).await;
    let order = |html: &str| -> Vec<String> {
        html.split("name=\"order\" value=\"").skip(1).filter_map(|r| r.split('"').next()).map(str::to_owned).collect()
    };
    let shown = order(&nadia.page(&sat.step(4)).await.text);
    let up = format!("up:{}", shown[1]);
    let mut form: Vec<(&str, &str)> = shown.iter().map(|id| ("order", id.as_str())).collect();
    form.extend([("seen", "0"), ("move", up.as_str())]);
    let moved = nadia.post(&sat.step(4), &form).await;
    assert_eq!(moved.location, Some(format!("{}#p-{}", sat.step(4), shown[1])));
    let after = order(&nadia.page(&sat.step(4)).await.text);
    assert_eq!((&after[0], &after[1]), (&shown[1], &shown[0]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_said_after_the_time_and_a_trainer_may_grant_more() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    let sat = Sat::begin(&nadia, "bloc2").await;
    sat.enter(&nadia, 0).await;
    assert_eq!(sat.ping(&nadia).await["left_ms"], 20 * 60_000);
    let grant = claire.post(&format!("{}/time", sat.path), &[("percent", "33")]).await;
    assert_eq!(grant.status, StatusCode::SEE_OTHER, "{grant:?}");
    assert_eq!(claire.post(&format!("{}/time", sat.path), &[("percent", "900")]).await.code(), "bad_form");
    assert_eq!(nadia.post(&format!("{}/time", sat.path), &[("percent", "100")]).await.code(), "not_allowed");
    assert_eq!(sat.ping(&nadia).await["left_ms"], 27 * 60_000);

    let answer = nadia.post(&format!("{}/conversation", sat.step(0)), &[]).await;
    let id = answer.location.unwrap().strip_prefix("/conversations/").unwrap().to_owned();
    let same = nadia.post(&format!("{}/conversation", sat.step(0)), &[]).await;
    assert_eq!(same.location.unwrap(), format!("/conversations/{id}"), "two tabs meet the same person");
    let mut talk = nadia.join(&id, 0).await;
    talk.receive().await;
    talk.say("Bonjour, agence des Tilleuls, je vous écoute.").await;
    for _ in 0..82 {
        app.later(MINUTE / 3);
        sat.ping(&nadia).await;
    }
    talk.send(&json!({"type": "say", "id": "m-late", "text": "Encore un mot."})).await;
    let told = talk.until("error").await;
    assert_eq!(told.last().unwrap()["code"], "time_up");
    drop(talk);
    assert!(nadia.page(&sat.path).await.text.contains("temps écoulé"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_broken_and_erased_things_are_refused_calmly() {
    let app = TestApp::start().await;
    let nadia = app.visitor();
    for path in
        ["/booklets/x", "/booklets/bkl_01JD9Z0000000000000000000A", "/booklets/bkl_x/report", "/booklets/x/steps/0"]
    {
        assert_eq!(nadia.get(path).await.code(), "unknown_booklet", "{path}");
    }
    assert_eq!(nadia.post("/booklets", &[("kind", "bloc9")]).await.code(), "unknown_booklet");
    let sat = Sat::begin(&nadia, "bloc1").await;
    assert_eq!(nadia.page(&sat.step(99)).await.location, Some(sat.path.clone()));
    let foreign = nadia
        .send(
            nadia.request(Method::POST, "/booklets").header("sec-fetch-site", "cross-site").form(&[("kind", "bloc1")]),
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    // A file broken after the draw changes nothing: the booklet holds the versions it was drawn from.
    let folder = app.folder.path().join("rubrics/livrets");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("bloc1.toml"), "id = ").unwrap();
    assert_eq!(nadia.page("/booklets").await.status, StatusCode::OK);
    sat.enter(&nadia, 0).await;
    assert_eq!(nadia.page(&sat.step(0)).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainee_renamed_in_mid_exam_goes_on_and_one_erased_leaves_nothing() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let amina = app.trainee(group, "Amina K.").await;
    let sat = Sat::begin(&amina, "bloc1").await;
    sat.enter(&amina, 0).await;
    let rename = [("action", "rename"), ("member", &amina.id.to_string()), ("name", "Amina Kaci")];
    assert_eq!(claire.post(&format!("/groups/{group}/members"), &rename).await.status, StatusCode::SEE_OTHER);
    let page = amina.page(&sat.step(0)).await.text;
    let open = page.split("<textarea id=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(sat.keep(&amina, 0, &[("seen", "1"), (open, "Je range.")]).await.status, StatusCode::OK);
    let report = format!("{}/report", sat.path);
    let told = claire.page(&report).await.text;
    assert!(told.contains("Amina Kaci") && !told.contains("Amina K."), "the report has the new name");

    // Erased by herself while a part runs: the next sign of life finds nobody, and nothing of the exam is left.
    let erase = [("action", "erase"), ("confirm", "effacer")];
    assert_eq!(amina.post("/account", &erase).await.status, StatusCode::OK);
    let late = sat.keep(&amina, 0, &[("seen", "2"), (open, "Encore un mot.")]).await;
    assert!(late.status.is_client_error(), "{late:?}");
    for path in [&sat.path, &report, &sat.step(0)] {
        assert_eq!(claire.get(path).await.code(), "unknown_booklet");
    }
    assert!(!claire.page(&format!("/groups/{group}")).await.text.contains("Amina"));
    app.stop().await;
}
