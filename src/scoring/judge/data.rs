//! What a judge is shown, as data: the situation, the exchange, the indicators.
//!
//! Input: persona, directory, transcript, rubric. Output: one JSON document, whose first parts are the same for every
//! axis, so that a server that keeps prefixes reads them once. Invariant: words said to the machine are left out.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::aside::shown;
use super::prompt::CONTROL;
use crate::character::{EndedBy, Move};
use crate::organisation::Organisation;
use crate::persona::{Channel, Escalation, Persona, Urgency};
use crate::rubric::Indicator;
use crate::transcript::{Transcript, Turn};

/// The whole document.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub(super) situation: &'a Situation<'a>,
    pub(super) echange: &'a [Said<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fin: Option<&'static str>,
    pub(super) indicateurs: Vec<Asked<'a>>,
}

/// What was at stake. Its names are those that rubrics use in their descriptions.
#[derive(Serialize)]
pub(super) struct Situation<'a> {
    lieu: &'static str,
    interlocuteur: String,
    vulnerabilities: &'a [String],
    ecran: &'a [String],
    need: &'a str,
    services: Vec<String>,
    also_accept: Vec<String>,
    urgency: &'static str,
    escalation: &'static str,
    escalate_to: Vec<String>,
    rules: Vec<&'a str>,
    next_step: Vec<&'a str>,
    traps: Vec<Trap<'a>>,
}

#[derive(Serialize)]
struct Trap<'a> {
    indicateur: &'a str,
    faute: &'a str,
}

/// One turn.
#[derive(Serialize)]
pub(super) struct Said<'a> {
    tour: usize,
    qui: &'static str,
    #[serde(skip_serializing_if = "no_words")]
    mots: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geste: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    visible: Option<&'a str>,
    /// The character's, 0 to 10, after what it says; where it was played here.
    #[serde(skip_serializing_if = "Option::is_none")]
    tension: Option<u8>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    coupe: bool,
}

fn no_words(words: &str) -> bool {
    words.is_empty()
}

/// One indicator, with what its levels look like.
#[derive(Serialize)]
pub(super) struct Asked<'a> {
    id: &'a str,
    intitule: &'a str,
    observe: &'a str,
    partiel: &'a str,
    non_observe: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<&'a str>,
}

impl<'a> Situation<'a> {
    pub(super) fn of(persona: &'a Persona, organisation: Option<&Organisation>) -> Situation<'a> {
        let file = persona.file();
        let expects = &file.expects;
        let caller = &file.caller;
        Situation {
            lieu: match file.channel {
                Channel::Desk => "au guichet",
                Channel::Phone => "au téléphone",
            },
            interlocuteur: format!("{}, {}, {} ans", caller.name, caller.status, caller.age),
            vulnerabilities: &caller.vulnerabilities,
            ecran: &file.screen.lines,
            need: &file.need,
            services: named(&expects.services, organisation),
            also_accept: named(&expects.also_accept, organisation),
            urgency: match expects.urgency {
                Urgency::Immediate => "immediate : tout de suite",
                Urgency::Day => "24h : dans les vingt-quatre heures",
                Urgency::Week => "week : dans la semaine",
                Urgency::None => "none : rien ne presse",
            },
            escalation: match expects.escalation {
                Escalation::Required => "required : un tiers doit être appelé",
                Escalation::IfTension => "if_tension : un tiers si la tension ne retombe pas",
                Escalation::NotNeeded => "not_needed : aucun tiers n'est nécessaire",
            },
            escalate_to: named(&expects.escalate_to, organisation),
            rules: expects.rules.iter().map(|rule| rule.text.as_str()).collect(),
            next_step: expects.next_step.iter().map(|step| step.text.as_str()).collect(),
            traps: expects.traps.iter().map(|trap| Trap { indicateur: &trap.against, faute: &trap.text }).collect(),
        }
    }
}

/// Services by name, and what they deal with, where the directory is known.
fn named(ids: &[String], organisation: Option<&Organisation>) -> Vec<String> {
    let name = |id: &String| {
        let service = organisation.and_then(|organisation| organisation.service(id));
        service.map_or_else(|| id.clone(), |service| format!("{} ({})", service.nom, service.pour))
    };
    ids.iter().map(name).collect()
}

/// The exchange, turn by turn.
pub(super) fn exchange<'a>(transcript: &'a Transcript, organisation: Option<&Organisation>) -> Vec<Said<'a>> {
    let said = |(tour, turn): (usize, &'a Turn)| Said {
        tour,
        qui: if turn.is_trainee() { "accueil" } else { "interlocuteur" },
        mots: if turn.is_trainee() { shown(&turn.text) } else { Cow::Borrowed(turn.text.as_str()) },
        geste: turn.moved.as_ref().map(|act| gesture(act, organisation)),
        visible: turn.cue.as_deref(),
        tension: turn.change.as_ref().map(|change| change.tension),
        coupe: turn.interrupted,
    };
    transcript.turns.iter().enumerate().map(said).collect()
}

fn gesture(act: &Move, organisation: Option<&Organisation>) -> String {
    match act {
        Move::Hold => "fait patienter".to_owned(),
        Move::Resume => "reprend après l'attente".to_owned(),
        Move::Transfer { service } => {
            let name = organisation.and_then(|organisation| organisation.service(service));
            format!("transfère à : {}", name.map_or(service.as_str(), |service| &service.nom))
        }
        Move::CallColleague => "appelle un collègue".to_owned(),
        Move::CallManager => "appelle la responsable".to_owned(),
        Move::End => "met fin à l'échange".to_owned(),
    }
}

/// How it ended, where that is known.
pub(super) fn ending(transcript: &Transcript) -> Option<&'static str> {
    transcript.ended.map(|ended| match ended {
        EndedBy::Trainee => "l'accueil a mis fin à l'échange",
        EndedBy::Character => "l'interlocuteur a pris congé",
        EndedBy::BrokeOff => "l'interlocuteur a rompu l'échange",
        EndedBy::Abandoned => "l'échange a été abandonné",
    })
}

impl<'a> Asked<'a> {
    pub(super) fn of(indicator: &'a Indicator) -> Asked<'a> {
        Asked {
            id: &indicator.id,
            intitule: &indicator.label,
            observe: &indicator.observed,
            partiel: &indicator.partial,
            non_observe: &indicator.missed,
            precision: indicator.precision.as_deref(),
        }
    }

    pub(super) fn control(id: &'a str) -> Asked<'a> {
        Asked {
            id,
            intitule: CONTROL.label,
            observe: CONTROL.observed,
            partiel: CONTROL.partial,
            non_observe: CONTROL.missed,
            precision: None,
        }
    }
}

/// SHA-256 of who said and did what, hexadecimal: marks given to other words do not count for these.
///
/// Apart from the document's shape, so that a new version of the program does not have everything judged again.
pub fn digest(transcript: &Transcript) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.len().to_le_bytes());
        digest.update(text);
    };
    for turn in &transcript.turns {
        add(if turn.is_trainee() { "t" } else { "p" });
        add(&turn.text);
        add(&turn.moved.as_ref().map(|act| gesture(act, None)).unwrap_or_default());
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
