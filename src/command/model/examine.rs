//! Asks a model as conversations do, one thing after the other.
//!
//! Input: a model and what it is there for. Output: one [`Check`] for each thing, told as soon as it is known. Invariant:
//! what could not be found out is told as such, never as a success.

use std::time::Duration;

use tokio::time::Instant;

use super::{advice, rehearsal};
use crate::fault::nearest;
use crate::model::{Model, ModelError, Structure};
use crate::reply::guard;

/// How long the list of models may take.
const LIST: Duration = Duration::from_secs(10);

/// How long the first answer may take: a server that fetches the model from its disk first takes a minute.
const FIRST: Duration = Duration::from_mins(2);

/// How long any other answer may take.
const NEXT: Duration = Duration::from_mins(1);

/// A model, and what it is there for.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) model: Model,
    /// To play: how soon its first words must be there.
    pub(super) patience: Option<Duration>,
    /// To judge.
    pub(super) judges: bool,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) what: What,
    pub(super) found: Found,
    /// What was found, for people.
    pub(super) told: String,
    /// What to change.
    pub(super) advice: Option<String>,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Reached,
    Key,
    Name,
    Answers,
    Streams,
    FirstWords,
    Speed,
    French,
    Counts,
    Schema,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Good,
    /// Worth knowing; it works all the same.
    Note,
    Bad,
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Examined {
    pub(super) checks: Vec<Check>,
    pub(super) first: Option<Duration>,
    pub(super) tokens_a_second: Option<f64>,
    pub(super) structures: Vec<(Structure, Follows)>,
    /// Whether it can play and judge; `None` for what it is not there for.
    pub(super) plays: Option<bool>,
    pub(super) judges: Option<bool>,
}

/// How a model takes a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// It follows it.
    Well,
    /// It gives another value.
    Otherwise,
    /// The server refuses it, or no value comes of it: another way is taken by itself.
    Not,
    /// It failed in another way.
    Failed(ModelError),
}

impl Examined {
    /// Whether the model can do all it is there for.
    pub(super) fn fits(&self) -> bool {
        self.plays != Some(false) && self.judges != Some(false)
    }

    fn is_good(&self, what: What) -> bool {
        self.checks.iter().filter(|check| check.what == what).all(|check| check.found != Found::Bad)
    }
}

struct Telling<'a> {
    examined: Examined,
    tell: &'a mut dyn FnMut(&Check),
}

impl Telling<'_> {
    fn add(&mut self, what: What, found: Found, told: impl Into<String>, advice: Option<String>) {
        let check = Check { what, found, told: told.into(), advice };
        (self.tell)(&check);
        self.examined.checks.push(check);
    }
}

/// Looks at everything that can be looked at.
pub(super) async fn examine(subject: &Subject, tell: &mut dyn FnMut(&Check)) -> Examined {
    let mut telling = Telling { examined: Examined::default(), tell };
    let answers = reach(subject, &mut telling).await && talk(subject, &mut telling).await;
    if answers {
        structure(subject, &mut telling).await;
    }
    let mut examined = telling.examined;
    let speaks = answers && examined.is_good(What::French);
    examined.plays = subject.patience.map(|_| speaks && examined.is_good(What::FirstWords));
    examined.judges = subject.judges.then(|| speaks && examined.is_good(What::Schema));
    examined
}

/// Whether it is there, takes the key and knows the model.
async fn reach(subject: &Subject, telling: &mut Telling<'_>) -> bool {
    let model = &subject.model;
    let begun = Instant::now();
    let known = model.known(LIST).await;
    match &known {
        Err(error @ (ModelError::Unreachable(_) | ModelError::Late)) => {
            telling.add(What::Reached, Found::Bad, advice::unreached(error), Some(advice::reach(subject)));
            return false;
        }
        _ => telling.add(What::Reached, Found::Good, format!("oui, en {}", advice::lasts(begun.elapsed())), None),
    }
    match known {
        Err(ModelError::Refused { status: status @ (401 | 403) }) => {
            let told = advice::with_reason(&format!("refusée (code {status})"), &model.reason());
            telling.add(What::Key, Found::Bad, told, Some(advice::key(subject)));
            return false;
        }
        Ok(list) if !list.models.is_empty() => {
            let there = |name: &String| name == model.name() || name.strip_suffix(":latest") == Some(model.name());
            if list.models.iter().any(there) {
                let count = list.models.len();
                let among = if count == 1 { "oui, le seul".to_owned() } else { format!("oui, parmi {count}") };
                telling.add(What::Name, Found::Good, among, None);
            } else {
                let told = format!("non : « {} » n'est pas dans la liste du serveur", model.name());
                telling.add(
                    What::Name,
                    Found::Note,
                    told,
                    Some(advice::names(subject, &near(model.name(), &list.models))),
                );
            }
        }
        _ => telling.add(What::Name, Found::Note, "le serveur ne donne pas de liste", None),
    }
    true
}

/// The names that are most like one, or the first few.
fn near(name: &str, known: &[String]) -> Vec<String> {
    let folded = name.to_lowercase();
    let family: &str = folded.split([':', '-', '/', '.']).find(|part| part.len() > 2).unwrap_or(&folded);
    let mut near: Vec<String> =
        nearest(name, known.iter().map(String::as_str)).map(str::to_owned).into_iter().collect();
    near.extend(known.iter().filter(|other| other.to_lowercase().contains(family)).cloned());
    if near.is_empty() {
        near = known.to_vec();
    }
    let mut seen = std::collections::BTreeSet::new();
    near.retain(|name| seen.insert(name.clone()));
    near.truncate(5);
    near
}

/// Whether it talks: two turns of a conversation.
async fn talk(subject: &Subject, telling: &mut Telling<'_>) -> bool {
    let model = &subject.model;
    let Some([opening, question]) = rehearsal::turns() else {
        telling.add(What::Answers, Found::Bad, "la situation d'essai n'a pas pu être préparée", None);
        return false;
    };
    let begun = Instant::now();
    let opened = match listen(model, &opening, FIRST).await {
        Ok(opened) => opened,
        Err(error) => {
            let what = match &error {
                ModelError::NoSuchModel => What::Name,
                ModelError::Refused { status: 401 | 403 } => What::Key,
                _ => What::Answers,
            };
            let told = advice::with_reason(&advice::failure(&error), &model.reason());
            telling.add(what, Found::Bad, told, Some(advice::answer(subject, &error)));
            return false;
        }
    };
    telling.add(
        What::Key,
        Found::Good,
        if model.endpoint().key.is_some() { "acceptée" } else { "aucune, et aucune n'est demandée" },
        None,
    );
    let begins = format!("oui : « {} »", shortened(&opened.text));
    telling.add(What::Answers, Found::Good, begins, None);
    // The first answer may have waited for the server to load the model: the second is measured.
    let heard = match listen(model, &question, NEXT).await {
        Ok(heard) => heard,
        Err(error) => {
            let told = format!("une fois sur deux seulement : {}", advice::failure(&error));
            telling.add(What::Answers, Found::Bad, told, Some(advice::answer(subject, &error)));
            return false;
        }
    };
    let loading = begun.elapsed().saturating_sub(heard.whole);
    measure(subject, &opened, &heard, loading, telling);
    true
}

fn measure(subject: &Subject, opened: &Heard, heard: &Heard, loading: Duration, telling: &mut Telling<'_>) {
    if heard.streams {
        telling.add(What::Streams, Found::Good, "oui", None);
    } else {
        telling.add(What::Streams, Found::Note, "non : tout arrive à la fin", Some(advice::stream()));
    }
    telling.examined.first = Some(heard.first);
    let soon = subject.patience.is_none_or(|patience| heard.first <= patience);
    let mut told = advice::lasts(heard.first);
    if let Some(patience) = subject.patience {
        told = format!("{told}, pour {} au plus", advice::lasts(patience));
    }
    if loading > heard.first.saturating_mul(3) + Duration::from_secs(2) {
        told = format!("{told} (la première fois {}, le temps de charger le modèle)", advice::lasts(loading));
    }
    let found = if soon { Found::Good } else { Found::Bad };
    telling.add(What::FirstWords, found, told, (!soon).then(|| advice::slow(heard.first)));
    let speaking = heard.whole.saturating_sub(heard.first).as_secs_f64();
    if heard.tokens > 1 && speaking > 0.0 && heard.streams {
        #[expect(clippy::cast_precision_loss, reason = "an answer has a few hundred tokens")]
        let speed = (heard.tokens - 1) as f64 / speaking;
        telling.examined.tokens_a_second = Some(speed);
        telling.add(What::Speed, Found::Good, format!("{speed:.0} jetons par seconde"), None);
    }
    let foreign = |text: &str| guard::is_foreign(text);
    if foreign(&opened.text) || foreign(&heard.text) {
        let text = if foreign(&heard.text) { &heard.text } else { &opened.text };
        let told = format!("non : « {} »", shortened(text));
        telling.add(What::French, Found::Bad, told, Some(advice::french()));
    } else {
        telling.add(What::French, Found::Good, "oui", None);
    }
    if heard.counted {
        telling.add(What::Counts, Found::Good, "oui", None);
    } else {
        telling.add(What::Counts, Found::Note, "non : leur nombre est estimé", None);
    }
}

/// What came of one question.
struct Heard {
    text: String,
    first: Duration,
    whole: Duration,
    tokens: u64,
    counted: bool,
    streams: bool,
}

async fn listen(model: &Model, ask: &crate::ask::Ask, within: Duration) -> Result<Heard, ModelError> {
    let begun = Instant::now();
    let mut words = model.stream(ask, None, within).await?;
    let first = begun.elapsed();
    let mut text = String::new();
    while let Some(more) = words.next().await {
        match more {
            // As long as may be: it is cut there in conversations too.
            Err(ModelError::Endless) => break,
            more => text += &more?,
        }
    }
    let tokens = words.tokens();
    Ok(Heard {
        text,
        first,
        whole: begun.elapsed(),
        tokens: tokens.completion,
        counted: !tokens.estimated,
        streams: words.streams(),
    })
}

/// Which ways to hold it to a schema work.
async fn structure(subject: &Subject, telling: &mut Telling<'_>) {
    let ask = rehearsal::value();
    for structure in [Structure::JsonSchema, Structure::JsonObject, Structure::Plain] {
        let asked = match subject.model.held_by(structure) {
            Ok(model) => model.ask(&ask, None, NEXT).await,
            Err(error) => Err(error),
        };
        let follows = match asked {
            Ok(answer) if rehearsal::follows(&answer.text) => Follows::Well,
            Ok(_) => Follows::Otherwise,
            Err(ModelError::WrongShape | ModelError::Refused { status: 400 | 422 }) => Follows::Not,
            Err(error) => Follows::Failed(error),
        };
        telling.examined.structures.push((structure, follows));
    }
    let (found, told, advice) = advice::structure(subject, &telling.examined.structures);
    telling.add(What::Schema, found, told, advice);
}

/// The beginning of an answer, on one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(60).collect();
    if short.len() < line.len() { format!("{}…", short.trim_end()) } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_alike_come_first() {
        fn check(name: &str, known: &[&str], expect: &[&str]) {
            let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(near(name, &known), expect, "{name}");
        }
        let known = ["llama3.1:8b", "mistral-large", "mistral-small", "qwen3:4b"];
        check("mistral-smal", &known, &["mistral-small", "mistral-large"]);
        check("mistral", &known, &["mistral-large", "mistral-small"]);
        check("Qwen3", &known, &["qwen3:4b"]);
        check("gpt-4o", &known, &known);
    }
}
