//! `comptoir score --judge model`: the same judge for transcripts from files.

use std::process::{Command, Output};

use serde_json::{Value, json};

use super::{document, held, marks};
use crate::app::TestApp;
use crate::double::{Does, Double, Seen};

/// Runs the command on a file, without any of the caller's settings.
async fn score(file: String, address: String, flags: &'static [&'static str]) -> Output {
    let command = move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
        command.env_clear().args(["score", "--model-url", &address, "--model-name", "double", &file]).args(flags);
        command.output().unwrap()
    };
    tokio::task::spawn_blocking(command).await.unwrap()
}

/// A transcript as it is exported.
async fn exported(folder: &std::path::Path) -> String {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let id = held(&visitor).await;
    let text = visitor.get(&format!("/conversations/{id}/transcript.json")).await.text;
    app.stop().await;
    let file = folder.join("transcript.json");
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// One level above or below what the rules give is followed; two are not.
fn higher(seen: &Seen) -> Does {
    Does::Json(marks(seen, 2))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_judged_by_the_same_model_and_both_marks_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(folder.path()).await;
    let double = Double::start(higher).await;
    let rules = score(file.clone(), double.address().to_owned(), &[]).await;
    let rules: Value = serde_json::from_slice(&rules.stdout).unwrap();
    assert_eq!((double.calls(), &rules["judge"], &rules["criteria"][0]["by"]), (0, &Value::Null, &Value::Null));

    let both = score(file.clone(), double.address().to_owned(), &["--judge", "model"]).await;
    assert!(both.status.success(), "{both:?}");
    let both: Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!((double.calls(), &both["judge"]["model"], &both["judge"]["calls"]), (4, &json!("double"), &json!(4)));
    assert!(both["judge"]["prompt_hash"].as_str().unwrap().len() == 64 && both["judge"]["prompt_version"].is_u64());
    let mut followed = 0;
    for (rules, both) in rules["criteria"].as_array().unwrap().iter().zip(both["criteria"].as_array().unwrap()) {
        let id = &both["id"];
        match rules["level"].as_u64() {
            None => assert!(both["level"].is_null() && both["by"].is_null(), "{id}"),
            Some(0) => assert_eq!(
                (&both["level"], &both["by"], &both["to_verify"]),
                (&json!(0), &json!("rules"), &json!(true)),
                "{id}"
            ),
            Some(level) => {
                assert_eq!(
                    (&both["level"], &both["by"], &both["rules"]),
                    (&json!(2), &json!("model"), &json!(level)),
                    "{id}"
                );
                followed += u32::from(level == 1);
            }
        }
    }
    assert!(followed > 0, "{both}");

    let text = score(file, double.address().to_owned(), &["--judge", "model", "--format", "text"]).await;
    let text = String::from_utf8(text.stdout).unwrap();
    for part in
        ["et par le modèle double (consigne 1)", "cotation : modèle ; règles : partiel", "à vérifier par le formateur"]
    {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_model_cannot_judge_keeps_the_rules_marks_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(folder.path()).await;
    let double = Double::start(|seen| {
        let asked = document(seen)["indicateurs"].to_string();
        if asked.contains("\"8.1.a\"") { Does::error(401, "bad key") } else { higher(seen) }
    })
    .await;
    let both = score(file.clone(), double.address().to_owned(), &["--judge", "model"]).await;
    let told = String::from_utf8(both.stderr).unwrap();
    assert!(!both.status.success() && told.contains("failed to judge escalade of"), "{told}");
    let line: Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!(line["judge"]["given_up"], json!([["escalade", "refused"]]));
    let of = |id: &str| line["criteria"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()["by"].clone();
    assert_eq!((of("8.1.a"), of("1.2.a")), (Value::Null, json!("model")));

    let without = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
        command.env_clear().args(["score", "--judge", "model", &file]).output().unwrap()
    });
    let without = without.await.unwrap();
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8(without.stderr).unwrap().contains("COMPTOIR_MODEL_URL"));
}
