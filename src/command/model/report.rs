//! What was found, on one screen or as one JSON object.

use serde_json::{Value, json};

use super::examine::{Check, Examined, Follows, Found, Subject, What};
use crate::outgoing::{self, Place};

impl What {
    /// The name in JSON, and for people.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            What::Reached => ("reached", "serveur joignable"),
            What::Key => ("key", "clé"),
            What::Name => ("name", "modèle connu"),
            What::Answers => ("answers", "répond"),
            What::Streams => ("streams", "parle au fil de l'eau"),
            What::FirstWords => ("first_words", "premiers mots"),
            What::Speed => ("speed", "vitesse"),
            What::French => ("french", "parle français"),
            What::Counts => ("counts", "compte ses jetons"),
            What::Schema => ("schema", "suit un schéma"),
        }
    }
}

/// Which model, where, and what it is there for.
pub(super) fn heading(subject: &Subject) -> String {
    let endpoint = subject.model.endpoint();
    let place = match outgoing::place(&endpoint.address) {
        Place::Here => "sur cette machine",
        Place::Near => "sur votre réseau",
        Place::Far => "hors de votre réseau : ce qui est dit dans les échanges y est envoyé",
    };
    let purpose = match (subject.patience.is_some(), subject.judges) {
        (true, true) => "pour jouer les personnages et noter les échanges",
        (true, false) => "pour jouer les personnages",
        _ => "pour noter les échanges",
    };
    format!("Modèle {}, {purpose}\nà {} ({place})\n\n", endpoint.model, endpoint.base())
}

/// One line, and one more for what to change.
pub(super) fn row(check: &Check) -> String {
    let mark = match check.found {
        Found::Good => "ok",
        Found::Note => "· ",
        Found::Bad => "x ",
    };
    let advice = check.advice.as_ref().map_or(String::new(), |advice| format!("{:29}→ {advice}\n", ""));
    format!("  {mark}  {:<23} {}\n{advice}", check.what.names().1, check.told)
}

/// Whether it can do what it is there for.
pub(super) fn verdict(subject: &Subject, examined: &Examined) -> String {
    let able = |can: Option<bool>, what: &'static str| can.map(|can| (can, what));
    let uses = [able(examined.plays, "jouer les personnages"), able(examined.judges, "noter les échanges")];
    let (can, cannot): (Vec<_>, Vec<_>) = uses.into_iter().flatten().partition(|(can, _)| *can);
    let list = |uses: &[(bool, &str)]| uses.iter().map(|(_, what)| *what).collect::<Vec<_>>().join(" et ");
    let name = subject.model.name();
    let without = |uses: &[(bool, &'static str)]| {
        let judged = uses.iter().any(|(_, what)| what.starts_with("noter"));
        match (uses.len(), judged) {
            (2, _) => "les échanges se jouent et se notent comme sans modèle",
            (_, true) => "les échanges sont notés par les règles",
            (_, false) => "les personnages disent leurs répliques écrites",
        }
    };
    match (can.is_empty(), cannot.is_empty()) {
        (_, true) => format!("\n{name} peut {}.\n", list(&can)),
        (true, _) if cannot.len() == 2 => {
            format!("\n{name} ne peut ni {}. D'ici là, {}.\n", list(&cannot).replace(" et ", " ni "), without(&cannot))
        }
        (true, _) => format!("\n{name} ne peut pas {}. D'ici là, {}.\n", list(&cannot), without(&cannot)),
        (false, false) => {
            format!("\n{name} peut {}, mais pas {}. D'ici là, {}.\n", list(&can), list(&cannot), without(&cannot))
        }
    }
}

/// The same, for programs.
pub(super) fn object(subject: &Subject, examined: &Examined) -> Value {
    let endpoint = subject.model.endpoint();
    let checks: Vec<Value> = examined
        .checks
        .iter()
        .map(|check| {
            let found = match check.found {
                Found::Good => "good",
                Found::Note => "note",
                Found::Bad => "bad",
            };
            json!({ "id": check.what.names().0, "found": found, "told": check.told, "advice": check.advice })
        })
        .collect();
    let structures: serde_json::Map<String, Value> = examined
        .structures
        .iter()
        .map(|(way, follows)| {
            let follows = match follows {
                Follows::Well => "follows",
                Follows::Otherwise => "ignores",
                Follows::Not => "refuses",
                Follows::Failed(error) => error.code(),
            };
            (way.name().to_owned(), follows.into())
        })
        .collect();
    let place = match outgoing::place(&endpoint.address) {
        Place::Here => "here",
        Place::Near => "near",
        Place::Far => "far",
    };
    json!({
        "model": endpoint.model,
        "address": endpoint.base(),
        "place": place,
        "checks": checks,
        "structures": structures,
        "first_words_ms": examined.first.map(|first| u64::try_from(first.as_millis()).unwrap_or(u64::MAX)),
        "tokens_per_second": examined.tokens_a_second.map(|speed| (speed * 10.0).round() / 10.0),
        "plays": examined.plays,
        "judges": examined.judges,
        "ok": examined.fits(),
    })
}
