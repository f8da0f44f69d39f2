//! What was found, and what to change, in French.

use std::time::Duration;

use super::examine::{Follows, Found, Subject};
use crate::model::{ModelError, Structure};
use crate::outgoing;

/// The setting's variable, for what the model is there for.
fn variable(subject: &Subject, name: &str) -> String {
    match (subject.patience.is_some(), subject.judges) {
        (true, false) => format!("COMPTOIR_PLAY_{name}"),
        (false, true) => format!("COMPTOIR_JUDGE_{name}"),
        _ if name == "MODEL" => "COMPTOIR_MODEL_NAME".to_owned(),
        _ => format!("COMPTOIR_MODEL_{name}"),
    }
}

/// « 420 ms », « 1,8 s », « 2 min 05 s ».
pub(super) fn lasts(time: Duration) -> String {
    match time.as_millis() {
        ms @ 0..1000 => format!("{ms} ms"),
        1000..120_000 => format!("{:.1} s", time.as_secs_f64()).replace('.', ","),
        _ => format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

pub(super) fn with_reason(told: &str, reason: &str) -> String {
    if reason.is_empty() { told.to_owned() } else { format!("{told} ; le serveur dit : « {reason} »") }
}

pub(super) fn unreached(error: &ModelError) -> String {
    let cause = match error {
        ModelError::Unreachable(cause) => cause.to_lowercase(),
        _ => return "non : le serveur n'a pas répondu à temps".to_owned(),
    };
    let why = if cause.contains("refused") {
        "personne n'écoute à cette adresse"
    } else if cause.contains("dns") || cause.contains("resolve") || cause.contains("lookup") {
        "ce nom de machine est inconnu"
    } else if cause.contains("certificate") {
        "son certificat n'est pas reconnu par cette machine"
    } else if cause.contains("tls") || cause.contains("handshake") || cause.contains("message type") {
        "il ne parle pas https à cette adresse"
    } else if cause.contains("timed out") || cause.contains("deadline") {
        "la connexion n'aboutit pas"
    } else {
        "la connexion s'est fermée sans réponse"
    };
    format!("non : {why}")
}

pub(super) fn reach(subject: &Subject) -> String {
    let endpoint = subject.model.endpoint();
    let here = if outgoing::is_here(&endpoint.address) {
        " (dans un conteneur, localhost est le conteneur lui-même)"
    } else {
        ""
    };
    format!(
        "vérifiez que le serveur est lancé et qu'il écoute à {}{here}, ou corrigez {}",
        endpoint.base(),
        variable(subject, "URL")
    )
}

pub(super) fn key(subject: &Subject) -> String {
    let name = variable(subject, "KEY");
    match subject.model.endpoint().key {
        Some(_) => {
            format!("vérifiez {name} : recopiez la clé en entier, sans espace, et vérifiez qu'elle est encore valable")
        }
        None => format!("ce serveur demande une clé : donnez-la avec {name}"),
    }
}

pub(super) fn names(subject: &Subject, near: &[String]) -> String {
    format!("corrigez {} ; noms connus : {}", variable(subject, "MODEL"), near.join(", "))
}

/// What went wrong with an answer.
pub(super) fn failure(error: &ModelError) -> String {
    match error {
        ModelError::NotReady(_) => "les appels ne sont pas possibles".to_owned(),
        ModelError::Unreachable(_) => unreached(error),
        ModelError::Late => "pas de réponse à temps".to_owned(),
        ModelError::Overloaded { status, .. } => format!("le serveur est surchargé ou en erreur (code {status})"),
        ModelError::Refused { status } => format!("refusé (code {status})"),
        ModelError::NoSuchModel => "le serveur ne connaît pas ce modèle".to_owned(),
        ModelError::Cut => "la réponse s'interrompt avant la fin".to_owned(),
        ModelError::Empty => "la réponse est vide".to_owned(),
        ModelError::Endless => "la réponse ne vient pas, ou ne finit pas".to_owned(),
        ModelError::Malformed => "la réponse n'est pas celle d'un serveur compatible".to_owned(),
        ModelError::WrongShape => "la réponse n'est pas du JSON".to_owned(),
        ModelError::Declined => "le modèle refuse de répondre".to_owned(),
        ModelError::OverBudget | ModelError::Resting(_) => "la question n'a pas été posée".to_owned(),
    }
}

/// What to change when no answer comes.
pub(super) fn answer(subject: &Subject, error: &ModelError) -> String {
    let thinks = || {
        format!(
            "si ce modèle réfléchit avant de parler, désactivez-le, par exemple {0}='{{\"reasoning_effort\": \"none\"}}', ou \
             {0}='{{\"chat_template_kwargs\": {{\"enable_thinking\": false}}}}' avec vLLM ; sinon, choisissez un autre modèle",
            variable(subject, "EXTRA")
        )
    };
    match error {
        ModelError::Unreachable(_) | ModelError::NotReady(_) => reach(subject),
        ModelError::Late => {
            "choisissez un modèle plus petit, ou une machine avec une carte graphique ; le premier appel peut aussi attendre \
             que le modèle se charge : relancez l'essai"
                .to_owned()
        }
        ModelError::Overloaded { status: 429, .. } => {
            "trop de demandes pour ce compte : attendez, ou augmentez ses limites chez l'hébergeur".to_owned()
        }
        ModelError::Overloaded { .. } => "voyez le journal du serveur ; s'il charge encore le modèle, relancez l'essai".to_owned(),
        ModelError::Refused { status: 401 | 403 } => key(subject),
        ModelError::Refused { status: 404 | 405 } | ModelError::Malformed => format!(
            "l'adresse {} n'est sans doute pas celle de l'interface compatible : elle finit d'habitude par /v1",
            variable(subject, "URL")
        ),
        ModelError::Refused { status: 300..=308 } => {
            format!("ce serveur renvoie ailleurs : mettez l'adresse définitive dans {}", variable(subject, "URL"))
        }
        ModelError::Refused { status: 402 | 429 } => "le crédit du compte est épuisé : voyez avec l'hébergeur".to_owned(),
        ModelError::NoSuchModel => format!("corrigez {}, ou installez ce modèle sur le serveur", variable(subject, "MODEL")),
        ModelError::Empty | ModelError::Endless => thinks(),
        ModelError::Cut => "voyez le journal du serveur, ou le délai du relais placé devant lui".to_owned(),
        _ => "choisissez un autre modèle".to_owned(),
    }
}

pub(super) fn stream() -> String {
    "activez la diffusion des réponses sur le serveur ou sur le relais placé devant lui : sans elle, le personnage parle plus \
     tard"
        .to_owned()
}

pub(super) fn slow(first: Duration) -> String {
    let enough = (first.as_millis() * 3 / 2).div_ceil(100) * 100;
    format!(
        "les répliques écrites prendraient presque toujours le relais : choisissez un modèle plus petit ou une machine plus \
         rapide, ou acceptez d'attendre avec COMPTOIR_PLAY_PATIENCE={enough}"
    )
}

pub(super) fn french() -> String {
    "choisissez un modèle qui parle français".to_owned()
}

/// How it takes a schema, for all ways that were tried.
pub(super) fn structure(subject: &Subject, ways: &[(Structure, Follows)]) -> (Found, String, Option<String>) {
    let well: Vec<&str> =
        ways.iter().filter(|(_, follows)| *follows == Follows::Well).map(|(way, _)| way.name()).collect();
    let found_bad = if subject.judges { Found::Bad } else { Found::Note };
    // The way that would be taken: the one set, or the first that the server does not refuse.
    let taken = match subject.model.endpoint().structure {
        Some(set) => ways.iter().find(|(way, _)| *way == set),
        None => ways.iter().find(|(_, follows)| *follows != Follows::Not),
    };
    match (taken, well.first()) {
        (Some((way, Follows::Well)), _) => {
            let others: Vec<&str> = well.iter().filter(|name| **name != way.name()).copied().collect();
            let others = if others.is_empty() { String::new() } else { format!(" ; aussi {}", others.join(" et ")) };
            (Found::Good, format!("oui, par {}{others}", way.name()), None)
        }
        (Some((_, Follows::Failed(error))), _) => {
            (found_bad, format!("non : {}", failure(error)), Some(answer(subject, error)))
        }
        (Some((way, _)), Some(better)) => (
            found_bad,
            format!("pas par {}, que le serveur accepte sans le suivre ; oui par {}", way.name(), well.join(" et ")),
            Some(format!("indiquez COMPTOIR_MODEL_STRUCTURE={better}")),
        ),
        _ => (
            found_bad,
            "non, d'aucune façon".to_owned(),
            Some("ce modèle ne peut pas noter : choisissez-en un plus grand, ou laissez noter les règles (COMPTOIR_JUDGE=rules)".to_owned()),
        ),
    }
}
