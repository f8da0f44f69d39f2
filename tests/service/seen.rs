//! What a model does is seen: in figures, on its page, on the scorecard and in the store; its key and what was said
//! are not.

use std::time::Duration;

use comptoir::conversation::Player;
use comptoir::model::{Budget, Endpoint, Limits, Model, Price};
use comptoir::outgoing::Secret;
use comptoir::server::Models;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

use crate::app::TestApp;
use crate::double::{Does, Double};
use crate::exposition::Exposition;

const KEY: &str = "sk-ne-se-montre-pas";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_a_model_words_and_one_that_it_refuses_are_seen_everywhere_and_told_nowhere() {
    // Words for the first question; then its key is not good any more.
    let double = Double::start(|seen| match seen.nth {
        0 => Does::Counted { text: "Bon, allez-y, posez vos questions.".to_owned(), prompt: 1_200, completion: 9 },
        _ => Does::error(401, "Incorrect API key"),
    })
    .await;
    let (sender, uses) = unbounded_channel();
    let builder = TestApp::builder().shows_figures();
    let mut endpoint = Endpoint::new(double.address().parse().unwrap(), "un-modèle:7b");
    endpoint.key = Some(KEY.parse::<Secret>().unwrap());
    endpoint.price = Some(Price { prompt_per_million: 100.0, completion_per_million: 1_000.0 });
    let budget = Budget::new(None, Some(1_000_000), std::sync::Arc::new(comptoir::clock::SystemClock));
    let model = Model::new(endpoint, Limits::default(), budget, sender).unwrap();
    let player = Player { model, patience: Duration::from_secs(10), hear: None };
    let models = Models { currency: "€".to_owned(), uses: Some(uses), ..Models::default() };
    let app = builder.player(player).models(models).start().await;
    let visitor = app.visitor();
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    // The first words of the character are its own.
    talk.say("Agence des Tilleuls, bonjour, je vous écoute.").await;
    talk.say("Je comprends votre colère, Zénobie est là pour vous aider.").await;
    let fresh = talk.fresh_id();
    talk.send(&json!({"type": "say", "id": fresh, "text": "Où se trouve la fuite exactement ?"})).await;
    let told = talk.until("replied").await;
    assert!(told.iter().any(|message| message["code"] == "model_away"), "{told:?}");
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();

    let text = tokio::time::timeout(Duration::from_mins(1), async {
        loop {
            let text = visitor.get("/metrics").await.text;
            if text.contains("outcome=\"refused\"") && app.store.spent_on(id.parse().unwrap()).await.unwrap().calls == 2
            {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let text = text.await.expect("both calls are counted and stored");
    let seen = Exposition::read(&text);
    for (series, at_least) in [
        ("turns_total{fault=\"none\",words=\"model\"}", 1.0),
        ("turns_total{fault=\"refused\",words=\"lines\"}", 1.0),
        ("turn_stage_seconds_count{stage=\"store\"}", 2.0),
        ("turn_stage_seconds_count{stage=\"hearing\"}", 2.0),
        ("turn_stage_seconds_count{stage=\"first_token\"}", 1.0),
        ("turn_stage_seconds_count{stage=\"last_token\"}", 1.0),
        ("turn_stage_seconds_count{stage=\"guard\"}", 1.0),
        ("turn_stage_seconds_count{stage=\"first_words\"}", 2.0),
        ("model_calls_total{outcome=\"ok\",purpose=\"play\"}", 1.0),
        ("model_calls_total{outcome=\"refused\",purpose=\"play\"}", 1.0),
        ("model_tokens_total{direction=\"prompt\",purpose=\"play\"}", 1_200.0),
        ("model_cost_total{purpose=\"play\"}", 0.129),
        ("model_tokens_today", 1_209.0),
    ] {
        let value = seen.value(&format!("comptoir_{series}"));
        assert!(value >= at_least, "{series} is {value} in\n{text}");
    }
    let page = visitor.page("/model").await.text;
    for told in ["un-modèle:7b", "1\u{202f}209", "0,1290\u{a0}€", "Le modèle a refusé l’appel", "Sollicité malgré"]
    {
        assert!(page.contains(told), "{told} is not on the page");
    }
    let card = visitor.page(&format!("/conversations/{id}/scorecard")).await.text;
    for told in ["La mise en mots", "1\u{202f}200 lus, 9 écrits", "le modèle a refusé l’appel"] {
        assert!(card.contains(told), "{told} is not on the scorecard");
    }
    for shown in [&text, &page, &card] {
        assert!(!shown.contains(KEY) && !shown.contains("Incorrect API key"));
    }
    for shown in [&text, &page] {
        assert!(
            !shown.contains("Zénobie") && !shown.contains("posez vos questions"),
            "what was said is nobody's figure"
        );
    }
    app.stop().await;
}
