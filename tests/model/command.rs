//! `comptoir model test`, as an operator runs it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::double::{Does, Double, Seen};
use crate::given::KEY;

struct Told {
    code: i32,
    out: String,
    err: String,
}

async fn run(flags: &[&str]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
    command.args(["model", "test"]).args(flags).env_clear();
    let output = tokio::time::timeout(Duration::from_mins(2), command.output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

async fn about(double: &Double, flags: &[&str]) -> Told {
    let name = if flags.contains(&"--model-name") { &[][..] } else { &["--model-name", "double"] };
    // This machine may be busy: how soon words come is what one test is about.
    let patient = if flags.contains(&"--play-patience") { &[][..] } else { &["--play-patience", "20000"] };
    run(&[&["--model-url", double.address(), "--model-key", KEY], name, patient, flags].concat()).await
}

/// A good model: speaks French, follows schemas told in any way.
fn good(seen: &Seen) -> Does {
    if seen.schema().is_some() || seen.system().contains("ville_a7") {
        return Does::Json(json!({ "ville_a7": "Lyon", "urgence_k2": 2, "preuves_m4": ["depuis lundi"] }));
    }
    let text = "Depuis trois jours, je vous l'ai déjà dit. Ça coule dans la salle de bains.".to_owned();
    Does::Slowly { text, first: Duration::ZERO, each: Duration::from_millis(2) }
}

/// What a program reads: found and told of one check.
fn check<'a>(report: &'a Value, id: &str) -> Option<&'a Value> {
    report["checks"].as_array().unwrap().iter().rfind(|check| check["id"] == id)
}

#[tokio::test]
async fn a_good_model_can_play_and_judge_and_one_screen_says_so() {
    let double = Double::start(good).await;
    let told = about(&double, &[]).await;
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.out);
    assert!(told.out.ends_with("\ndouble peut jouer les personnages et noter les échanges.\n"), "{}", told.out);
    for line in ["serveur joignable", "oui, le seul", "jetons par seconde", "oui, par json_schema", "sur cette machine"]
    {
        assert!(told.out.contains(line), "{line} in {}", told.out);
    }
    assert!(told.out.lines().count() <= 24 && !told.out.contains('!') && !told.out.contains(KEY), "{}", told.out);
    assert!(double.seen().iter().all(|seen| seen.header("authorization").is_some()));
    let json = about(&double, &["--json"]).await;
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&report["ok"], &report["plays"], &report["judges"]), (&json!(true), &json!(true), &json!(true)));
    let expect = json!({ "json_schema": "follows", "json_object": "follows", "plain": "follows" });
    assert_eq!(report["structures"], expect);
    assert!(report["tokens_per_second"].as_f64().unwrap() > 1.0 && report["first_words_ms"].is_u64(), "{report}");
}

#[tokio::test]
async fn each_use_may_be_tried_alone_and_two_models_are_tried_apart() {
    let (double, other) = (Double::start(good).await, Double::start(good).await);
    let play: Value = serde_json::from_str(&about(&double, &["--play", "--json"]).await.out).unwrap();
    assert_eq!((&play["plays"], &play["judges"]), (&json!(true), &Value::Null));
    let judge: Value = serde_json::from_str(&about(&double, &["--judge", "--json"]).await.out).unwrap();
    assert_eq!((&judge["plays"], &judge["judges"]), (&Value::Null, &json!(true)));
    let both = about(&double, &["--json", "--judge-url", other.address()]).await;
    let both: Vec<Value> = both.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&both[0]["plays"], &both[0]["judges"]), (&json!(true), &Value::Null));
    assert_eq!((&both[1]["plays"], &both[1]["judges"]), (&Value::Null, &json!(true)));
    assert_eq!(both[1]["address"], other.address());
    assert!(other.seen().iter().all(|seen| seen.header("authorization").is_none()), "the key is not for the other one");
}

#[tokio::test]
async fn without_settings_or_with_wrong_ones_nothing_is_asked() {
    async fn check(flags: &[&str], expect: &str) {
        let told = run(flags).await;
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{flags:?}");
        assert!(told.err.contains(expect), "{flags:?}: {}", told.err);
    }
    check(&[], "COMPTOIR_MODEL_URL").await;
    check(&["--model-url", "http://localhost:1"], "COMPTOIR_MODEL_NAME").await;
    check(&["--model-url", "http://api.exemple.fr", "--model-name", "m"], "https://").await;
    let set = ["--model-url", "http://localhost:1", "--model-name", "m"];
    check(&[&set[..], &["--play", "--played-by", "comptoir"]].concat(), "COMPTOIR_PLAY_URL").await;
    check(&[&set[..], &["--judge", "--judged-by", "rules"]].concat(), "COMPTOIR_JUDGE_URL").await;
}

/// What goes wrong, in which check, what is told and advised.
async fn fails(double: &Double, flags: &[&str], id: &str, told: &str, advice: &str) {
    let run = about(double, &[flags, &["--json"]].concat()).await;
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &report["ok"]), (1, &json!(false)), "{report}");
    let found = check(&report, id).unwrap_or_else(|| panic!("{id} in {report}"));
    assert_eq!(found["found"], "bad", "{report}");
    assert!(found["told"].as_str().unwrap().contains(told), "{told} in {found}");
    assert!(found["advice"].as_str().unwrap().contains(advice), "{advice} in {found}");
    assert!(!run.out.contains(KEY) && !run.err.contains(KEY), "{}", run.out);
}

#[tokio::test]
async fn a_server_that_is_not_there_or_refuses_the_key_is_told_at_once() {
    let gone = Double::start(good).await.gone().await;
    let flags = ["--model-url", &gone, "--model-name", "double"];
    let told = run(&flags).await;
    assert_eq!(told.code, 1);
    assert!(told.out.contains("personne n'écoute") && told.out.contains(&gone), "{}", told.out);
    assert!(told.out.contains("double ne peut ni jouer les personnages ni noter les échanges."), "{}", told.out);
    let refused = format!("Incorrect API key provided: {KEY}");
    let locked = || Does::error(401, "Not authenticated");
    let double = Double::with_models(|_| Does::words("x"), move |_| Does::error(401, &refused)).await;
    fails(&double, &[], "key", "Incorrect API key provided: …", "COMPTOIR_MODEL_KEY").await;
    fails(&double, &["--play"], "key", "401", "COMPTOIR_PLAY_KEY").await;
    // Some tell their models to anybody, and ask for the key later.
    let double = Double::start(move |_| locked()).await;
    fails(&double, &["--judge"], "key", "Not authenticated", "COMPTOIR_JUDGE_KEY").await;
}

#[tokio::test]
async fn a_name_that_is_wrong_is_told_with_those_that_are_alike() {
    let list = json!({ "data": [{ "id": "mistral-small" }, { "id": "mistral-large" }, { "id": "llama3" }] });
    let unknown = |_: &Seen| Does::error(404, "The model `double` does not exist");
    let double = Double::with_models(unknown, move |_| Does::Value(list.clone())).await;
    fails(&double, &["--model-name", "mistral-smal"], "name", "does not exist", "COMPTOIR_MODEL_NAME").await;
    let told = about(&double, &["--model-name", "mistral-smal"]).await;
    assert!(told.out.contains("noms connus : mistral-small, mistral-large"), "{}", told.out);
}

#[tokio::test]
async fn what_keeps_a_model_from_playing_is_told_with_what_to_change() {
    async fn check(does: Does, told: &str, advice: &str) {
        let double = Double::start(move |_| does.clone()).await;
        fails(&double, &[], "answers", told, advice).await;
    }
    let slow = |seen: &Seen| match good(seen) {
        Does::Slowly { text, each, .. } => Does::Slowly { text, first: Duration::from_millis(600), each },
        value => value,
    };
    let double = Double::start(slow).await;
    fails(&double, &["--play", "--play-patience", "300"], "first_words", "pour 300 ms au plus", "PATIENCE=").await;
    assert_eq!(about(&double, &["--judge"]).await.code, 0, "a judge may take its time");
    let english = |seen: &Seen| match good(seen) {
        Does::Slowly { .. } => Does::words("I am sorry, but the water has been leaking for three days, you know."),
        value => value,
    };
    let double = Double::start(english).await;
    fails(&double, &[], "french", "I am sorry", "français").await;
    check(Does::NoContent, "vide", "réfléchit").await;
    check(Does::Ends { text: String::new(), reason: "length" }, "ne vient pas", "COMPTOIR_MODEL_EXTRA").await;
    check(Does::Html404, "404", "/v1").await;
    check(Does::WrongShape, "compatible", "/v1").await;
    check(Does::error(503, "loading model"), "loading model", "relancez").await;
    check(Does::RateLimited { retry_after: "60".into() }, "429", "hébergeur").await;
    check(Does::CutAfter("un deux".into(), 1), "s'interrompt", "relais").await;
    check(Does::Refusal("Non.".into()), "refuse", "autre modèle").await;
}

#[tokio::test]
async fn what_keeps_a_model_from_judging_is_told_with_what_to_change() {
    // Takes a schema, does not follow it; follows it in words.
    let ignores = |seen: &Seen| match (seen.format(), good(seen)) {
        (Some("json_schema"), _) => Does::Json(json!({ "ville": "Lyon" })),
        (_, does) => does,
    };
    let double = Double::start(ignores).await;
    fails(&double, &["--judge"], "schema", "sans le suivre", "COMPTOIR_MODEL_STRUCTURE=json_object").await;
    assert_eq!(about(&double, &["--judge", "--model-structure", "json_object"]).await.code, 0);
    let told = about(&double, &["--play"]).await;
    assert_eq!(told.code, 0, "playing needs no schema: {}", told.out);
    // Refuses what it does not know: another way is found without anyone's help.
    let refuses = |seen: &Seen| match (seen.format(), good(seen)) {
        (Some(_), _) => Does::error(400, "response_format is not supported"),
        (None, does) => does,
    };
    let double = Double::start(refuses).await;
    let report: Value = serde_json::from_str(&about(&double, &["--json"]).await.out).unwrap();
    assert_eq!(report["ok"], true, "{report}");
    assert_eq!(report["structures"], json!({ "json_schema": "refuses", "json_object": "refuses", "plain": "follows" }));
    // Too small for any of it.
    let talks = |seen: &Seen| match good(seen) {
        Does::Json(_) => Does::words("La ville est Lyon et c'est très urgent."),
        does => does,
    };
    let double = Double::start(talks).await;
    fails(&double, &[], "schema", "d'aucune façon", "COMPTOIR_JUDGE=rules").await;
    let told = about(&double, &[]).await;
    assert!(told.out.contains("double peut jouer les personnages, mais pas noter les échanges."), "{}", told.out);
}

#[tokio::test]
async fn what_is_worth_knowing_is_told_and_refuses_nothing() {
    let plain = |seen: &Seen| match good(seen) {
        Does::Slowly { text, .. } => Does::Whole(text),
        Does::Json(value) => Does::Uncounted(value.to_string()),
        does => does,
    };
    let double = Double::with_models(plain, |_| Does::Html404).await;
    let run = about(&double, &["--json"]).await;
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &report["ok"]), (0, &json!(true)), "{report}");
    for (id, told) in [("streams", "à la fin"), ("name", "pas de liste")] {
        let found = check(&report, id).unwrap();
        assert_eq!(found["found"], "note", "{found}");
        assert!(found["told"].as_str().unwrap().contains(told), "{found}");
    }
}
