use std::time::Duration;

use clap::Parser;
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::clock::SystemClock;
use crate::config::{Judge, Player};

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    models: Models,
}

fn read(flags: &[&str]) -> Models {
    let line = std::iter::once("comptoir").chain(flags.iter().copied());
    Line::try_parse_from(line).unwrap().models
}

type Both = (Result<Option<Player>, BadModel>, Result<Option<Judge>, BadModel>);

fn both(flags: &[&str]) -> Both {
    let (models, (uses, _)) = (read(flags), unbounded_channel());
    let budget = models.budget(Arc::new(SystemClock));
    (models.player(&budget, &uses), models.judge(&budget, &uses))
}

fn used(flags: &[&str]) -> (Option<Player>, Option<Judge>) {
    let (player, judge) = both(flags);
    (player.unwrap(), judge.unwrap())
}

/// Name, address and key of each of the two.
fn shown(flags: &[&str]) -> [Option<(String, String, Option<String>)>; 2] {
    let (player, judge) = used(flags);
    [player.map(|player| player.model), judge.map(|judge| judge.model)].map(|model| {
        model.map(|model| {
            let endpoint = model.endpoint();
            let key = endpoint.key.as_ref().map(|key| key.reveal().to_owned());
            (endpoint.model.clone(), endpoint.base(), key)
        })
    })
}

const SHARED: &[&str] = &["--model-url", "http://localhost:11434", "--model-name", "mistral", "--model-key", "sk-1"];

fn with<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    [SHARED, flags].concat()
}

#[test]
fn without_an_address_no_model_plays_or_judges() {
    assert!(matches!(used(&[]), (None, None)));
    assert!(matches!(used(&["--model-name", "mistral", "--model-key", "sk-1"]), (None, None)));
}

#[test]
fn with_an_address_it_plays_and_judges_unless_told_otherwise() {
    let expect = ("mistral".to_owned(), "http://localhost:11434/v1".to_owned(), Some("sk-1".to_owned()));
    assert_eq!(shown(SHARED), [Some(expect.clone()), Some(expect.clone())]);
    assert_eq!(shown(&with(&["--played-by", "comptoir"])), [None, Some(expect.clone())]);
    assert_eq!(shown(&with(&["--judged-by", "rules"])), [Some(expect), None]);
}

#[test]
fn each_use_may_have_its_own_model_and_a_key_stays_with_its_address() {
    let other = shown(&with(&["--play-model", "small", "--judge-key", "sk-2"]));
    assert_eq!(other[0].as_ref().unwrap().0, "small");
    assert_eq!(other[0].as_ref().unwrap().2.as_deref(), Some("sk-1"));
    assert_eq!(other[1].as_ref().unwrap().2.as_deref(), Some("sk-2"));
    let away =
        with(&["--judge-url", "https://api.exemple.fr/v1", "--model-headers", "X-Key: abc", "--model-price", "1,2"]);
    let [player, judge] = shown(&away);
    assert_eq!(player.unwrap().2.as_deref(), Some("sk-1"));
    assert_eq!(judge.unwrap(), ("mistral".to_owned(), "https://api.exemple.fr/v1".to_owned(), None));
    let (player, judge) = used(&away);
    let (player, judge) = (player.unwrap().model, judge.unwrap().model);
    assert_eq!((player.endpoint().headers.len(), judge.endpoint().headers.len()), (1, 0));
    assert!(player.endpoint().price.is_some() && judge.endpoint().price.is_none());
}

#[test]
fn what_is_missing_or_unsafe_is_told_in_french_with_what_to_do() {
    fn check(flags: &[&str], expect: &str) {
        let (player, judge) = both(flags);
        let told = player.map(|_| ()).and(judge.map(|_| ())).unwrap_err().to_string();
        assert!(told.contains(expect) && !told.contains("sk-") && !told.ends_with('.'), "{flags:?}: {told}");
    }
    check(&["--played-by", "model"], "COMPTOIR_PLAY_URL");
    check(&["--judged-by", "model"], "COMPTOIR_JUDGE_URL");
    check(&["--model-url", "http://localhost:1"], "COMPTOIR_MODEL_NAME");
    check(&["--model-url", "http://localhost:1", "--model-name", " "], "COMPTOIR_PLAY_MODEL");
    check(&["--model-url", "http://api.exemple.fr", "--model-name", "m"], "https://");
    check(&["--model-url", "https://me:sk-1@api.exemple.fr", "--model-name", "m"], "COMPTOIR_MODEL_KEY");
    check(&with(&["--model-headers", "X-Key sk-3"]), "COMPTOIR_MODEL_HEADERS");
    check(&with(&["--play-headers", "Content-Type: sk-3"]), "COMPTOIR_PLAY_HEADERS");
    check(&with(&["--judge-key", "sk-é\u{7}"]), "COMPTOIR_JUDGE_KEY");
}

#[test]
fn a_setting_out_of_range_is_refused_with_what_was_expected() {
    fn check(flags: &[&str], expect: &str) {
        let line = std::iter::once("comptoir").chain(flags.iter().copied());
        let error = Line::try_parse_from(line).unwrap_err().to_string();
        assert!(error.contains(expect), "{flags:?}: {error}");
    }
    check(&["--model-url", "localhost:11434"], "https://api.exemple.fr/v1");
    check(&["--model-extra", "[]"], "objet JSON");
    check(&["--play-extra", r#"{"stream": false}"#], "« stream »");
    check(&["--model-price", "0.15"], "0.15,0.60");
    check(&["--judge-price", "a,b"], "0.15,0.60");
    check(&["--model-structure", "xml"], "json_schema");
    check(&["--model-day-tokens", "many"], "2000000");
    check(&["--played-by", "gpt"], "comptoir");
    check(&["--judged-by", "gpt"], "rules");
    check(&["--play-temperature", "3"], "0 à 2");
    check(&["--play-patience", "50"], "200 à 20000");
    check(&["--play-at-once", "0"], "1 à 512");
    check(&["--judge-votes", "2"], "1, 3 ou 5");
    check(&["--judge-deadline", "1"], "5 à 1800");
}

#[test]
fn numbers_reach_the_models_as_set() {
    let (player, judge) = used(&with(&[
        "--play-patience",
        "900",
        "--play-hear",
        "off",
        "--judge-votes",
        "3",
        "--model-structure",
        "json_object",
        "--model-extra",
        r#"{"reasoning_effort": "low"}"#,
        "--play-extra",
        "{}",
        "--model-headers",
        "X-One: a:b; x-two: c",
    ]));
    let (player, judge) = (player.unwrap(), judge.unwrap());
    assert_eq!((player.patience, player.hears), (Duration::from_millis(900), false));
    assert_eq!((judge.votes, judge.deadline), (3, Duration::from_mins(2)));
    let (play, judged) = (player.model.endpoint(), judge.model.endpoint());
    assert_eq!((play.temperature, judged.temperature), (Some(0.7), Some(0.5)));
    assert_eq!((play.extra.len(), judged.extra.len()), (0, 1));
    assert_eq!(play.structure, Some(Structure::JsonObject));
    let told: Vec<_> = play.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    assert_eq!(told, [("x-one", "a:b"), ("x-two", "c")]);
    let once = used(SHARED).1.unwrap();
    assert_eq!((once.votes, once.model.endpoint().temperature), (1, Some(0.0)));
}

#[test]
fn both_share_one_budget_and_zero_means_none() {
    let models = read(&["--model-day-tokens", "2_000_000", "--model-conversation-tokens", "60 000"]);
    let budget = models.budget(Arc::new(SystemClock));
    assert_eq!((budget.per_day(), budget.per_conversation()), (Some(2_000_000), Some(60_000)));
    let unset = read(&[]).budget(Arc::new(SystemClock));
    assert_eq!((unset.per_day(), unset.per_conversation()), (None, None));
}

#[test]
fn keys_and_headers_are_in_no_text_made_of_the_settings() {
    let models = read(&with(&["--play-key", "sk-2", "--judge-headers", "X: sk-3"]));
    assert!(!format!("{models:?}").contains("sk-"));
    let (player, judge) = used(&with(&["--play-key", "sk-2", "--judge-headers", "X: sk-3"]));
    assert!(!format!("{player:?} {judge:?}").contains("sk-"));
}
