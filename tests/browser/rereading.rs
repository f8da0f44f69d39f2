//! A scorecard that a model completes while somebody looks at it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::double::{Does, Double, Seen};
use crate::harness::{Browser, Service};
use crate::{FIELD_READY, answered};

const WAITS: &str = "document.querySelector('[data-rereading]')?.innerText.includes('Le modèle relit l’échange')";
const COMPLETED: &str = "document.querySelector('.rereading')?.innerText.includes('Un modèle a relu l’échange')";

/// Marks every indicator but the control as partly observed, after a while.
fn slowly(seen: &Seen) -> Does {
    let document: Value = serde_json::from_str(seen.user().split_once("\n\n").unwrap().0).unwrap();
    let mine = document["echange"].as_array().unwrap().iter().find(|turn| turn["qui"] == "accueil").unwrap();
    let mark = |indicator: &Value| {
        let control = indicator["intitule"].as_str().unwrap().contains("médaille");
        json!({
            "id": indicator["id"], "in_turn": mine["tour"], "quote": mine["mots"].as_str().filter(|_| !control).unwrap_or(""),
            "reason": "Vous l'avez fait en partie.", "score": u8::from(!control), "suggestion": null,
        })
    };
    let marks: Vec<Value> = document["indicateurs"].as_array().unwrap().iter().map(mark).collect();
    let text = json!({ "marks": marks }).to_string();
    Does::Slowly { text, first: Duration::from_secs(4), each: Duration::ZERO }
}

/// Holds a short call and opens its scorecard.
async fn held(browser: &Browser, service: &Service) {
    browser.page.goto(&service.url("/situations/fuite-colere")).await.unwrap();
    browser.press("Décrocher").await;
    browser.until("the line is open", FIELD_READY).await;
    browser.keys("Agence des Tilleuls, bonjour, je vous écoute.\u{e007}").await;
    browser.until("an answer", &answered(1)).await;
    let id = browser.ask("location.pathname.split('/')[2]").await;
    browser.press("Raccrocher").await;
    browser.click("[data-end-dialog] button[value=end]").await;
    browser.until("the end", "document.body.innerText.includes('Écrire la note')").await;
    browser.page.goto(&service.url(&format!("/conversations/{}/scorecard", id.as_str().unwrap()))).await.unwrap();
    browser.until("the rules' marks", "document.querySelectorAll('.indicator .level').length > 10").await;
    browser.until("the quiet line", WAITS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scorecard_is_completed_while_it_is_looked_at_and_never_under_a_reader_s_eyes() {
    let Some(browser) = Browser::open(1440, 900).await else { return };
    let double = Double::start(slowly).await;
    let address = double.address();
    let service = Service::with(&["--model-url", address, "--model-name", "double", "--played-by", "comptoir"]);
    held(&browser, &service).await;
    browser.until("the completed grid, by itself", COMPLETED).await;
    assert!(browser.texts(".provenance").await[0].contains("relu par double"));
    assert!(browser.texts(".sides").await.iter().any(|side| side.starts_with("Les règles")), "both sides are told");

    held(&browser, &service).await;
    browser.ask("document.querySelector('#preuves').scrollIntoView()").await;
    let read = browser.ask("window.scrollY").await;
    browser.until("the line tells it", "document.body.innerText.includes('Voir la grille à jour')").await;
    assert_eq!(browser.ask("window.scrollY").await, read, "the page stays where it is");
    assert!(browser.ask(COMPLETED).await == Value::Bool(false));
    browser.press("Voir la grille à jour").await;
    browser.until("the completed grid", COMPLETED).await;
    browser.close().await;
}
