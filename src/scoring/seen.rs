//! What one turn of the trainee shows, as findings.
//!
//! Input: what was heard, or the move made. Output: kinds, each with the words that show it, through `add`.

use std::sync::LazyLock;

use crate::act::Act;
use crate::character::Move;
use crate::hearing::aside::{spoken, spoken_part};
use crate::hearing::{Ears, Heard};
use crate::language::{Phrases, PhrasesBuilder, Text, fold};
use crate::persona::{Persona, Topic};
use crate::rubric::{Found, Kind};
use crate::utterance::Utterance;

/// A move.
pub(super) fn moved(act: &Move, persona: &Persona, add: &mut impl FnMut(Kind, Option<&str>, &str)) {
    match act {
        Move::Transfer { service } => {
            add(Kind::Found(named(service, persona, true)), Some(service), "");
            add(Kind::Act(Act::Transmission), None, "");
            relay(service, persona, "", add);
        }
        Move::CallColleague => relay("collegue", persona, "", add),
        Move::CallManager => relay("responsable", persona, "", add),
        Move::Hold => add(Kind::Act(Act::Hold), None, ""),
        Move::Resume | Move::End => {}
    }
}

fn relay(service: &str, persona: &Persona, quote: &str, add: &mut impl FnMut(Kind, Option<&str>, &str)) {
    let right = persona.file().expects.escalate_to.iter().any(|id| id == service);
    add(Kind::Found(if right { Found::RelayRight } else { Found::RelayOther }), Some(service), quote);
    add(Kind::Act(Act::Relay), None, quote);
}

/// What a service named is worth here.
fn named(service: &str, persona: &Persona, dealt: bool) -> Found {
    let expects = &persona.file().expects;
    if expects.services.iter().any(|id| id == service) {
        Found::ServiceExpected
    } else if expects.also_accept.iter().any(|id| id == service) || !dealt {
        Found::ServiceAccepted
    } else {
        Found::ServiceWrong
    }
}

/// What was heard.
pub(super) fn heard(
    heard: &Heard,
    utterance: &Utterance,
    persona: &Persona,
    ears: &Ears,
    identity_checked: &mut bool,
    add: &mut impl FnMut(Kind, Option<&str>, &str),
) {
    let text = Text::read(&spoken(utterance.text()));
    let whole = spoken_part(utterance.text());
    add(Kind::Found(Found::Turn), None, whole);
    for shown in &heard.acts {
        add(Kind::Act(shown.act), None, &shown.quote);
    }
    // « Si je résume, … c'est bien ça ? » says back, it does not ask.
    let said_back = heard.quote_of(Act::Reformulation);
    for asked in heard.asked.iter().filter(|asked| Some(asked.quote.as_str()) != said_back) {
        add(Kind::Found(Found::FactAsked), Some(&asked.id), &asked.quote);
    }
    for found in DIMENSIONS.find(&text) {
        let asks = text
            .sentence_of(found.words.start)
            .is_some_and(|sentence| sentence.asks || !text.original()[sentence.bytes.clone()].ends_with(['.', '!']));
        if asks {
            add(Kind::Found(found.label), None, text.quote(&found.words));
        }
    }
    identity(heard, (&text, whole), persona, ears, identity_checked, add);
    for restated in &heard.restated {
        let found = if restated.right { Found::Restated } else { Found::RestatedWrong };
        add(Kind::Found(found), Some(&restated.id), &restated.quote);
    }
    facts_used(heard, (&text, whole), ears, add);
    for rule in &heard.rules {
        add(Kind::Found(Found::RuleRight), Some(&rule.id), &rule.quote);
    }
    for rule in &heard.wrong_rules {
        add(Kind::Found(Found::RuleWrong), Some(&rule.id), &rule.quote);
    }
    for step in &heard.steps {
        add(Kind::Found(Found::Step), Some(&step.id), &step.quote);
    }
    for trap in &heard.traps {
        add(Kind::Found(Found::AnyTrap), Some(&trap.id), &trap.quote);
    }
    if let Some(quote) = &heard.need {
        add(Kind::Found(Found::NeedMet), None, quote);
    }
    if let Some(quote) = &heard.urgency {
        add(Kind::Found(Found::UrgencyRight), None, quote);
    }
    services(heard, persona, add);
}

/// `whole` is a turn's words to quote where no few of them show it.
fn identity(
    heard: &Heard,
    (text, whole): (&Text, &str),
    persona: &Persona,
    ears: &Ears,
    identity_checked: &mut bool,
    add: &mut impl FnMut(Kind, Option<&str>, &str),
) {
    let named = persona.file().caller.name.split_whitespace().next_back().map(fold).unwrap_or_default();
    let name_at = text.tokens().iter().position(|token| named.len() > 3 && token.form == named);
    let topic = heard.topics.iter().find(|asked| {
        matches!(asked.topic, Topic::Name | Topic::Address | Topic::FileNumber | Topic::BirthDate | Topic::Spelling)
    });
    let quote = heard
        .quote_of(Act::IdentityQuestion)
        .map(str::to_owned)
        .or_else(|| topic.map(|asked| asked.quote.clone()))
        .or_else(|| name_at.map(|at| text.quote(&(at..at + 1)).to_owned()));
    let reads_file = ears.knows_a_figure(text) && heard.questions == 0;
    if reads_file && quote.is_none() && !*identity_checked {
        add(Kind::Found(Found::FileBeforeIdentity), None, whole);
    }
    if let Some(quote) = quote {
        *identity_checked = true;
        add(Kind::Found(Found::IdentityChecked), None, &quote);
    }
}

/// Facts of the screen or the exchange that carry what is said.
fn facts_used(
    heard: &Heard,
    (text, whole): (&Text, &str),
    ears: &Ears,
    add: &mut impl FnMut(Kind, Option<&str>, &str),
) {
    let mut quotes: Vec<&str> =
        heard.restated.iter().filter(|restated| restated.right).map(|r| r.quote.as_str()).collect();
    if ears.knows_a_figure(text) {
        quotes.push(heard.acts.first().map_or(whole, |shown| shown.quote.as_str()));
    }
    quotes.dedup();
    for quote in quotes {
        add(Kind::Found(Found::FactUsed), None, quote);
    }
}

fn services(heard: &Heard, persona: &Persona, add: &mut impl FnMut(Kind, Option<&str>, &str)) {
    let deals = heard.did(Act::Referral) || heard.did(Act::Transmission) || heard.did(Act::Relay);
    let escalate_to = &persona.file().expects.escalate_to;
    for service in &heard.services {
        // « Vous avez prévenu la police ? » names a service without sending anyone there.
        let only_asked = heard.questions > 0 && service.quote.ends_with('?') && !deals;
        if only_asked {
            continue;
        }
        add(Kind::Found(named(&service.id, persona, deals)), Some(&service.id), &service.quote);
        if escalate_to.contains(&service.id) && (heard.did(Act::Relay) || heard.did(Act::Transmission)) {
            add(Kind::Found(Found::RelayRight), Some(&service.id), &service.quote);
        }
    }
    let relayed = heard.services.iter().any(|service| escalate_to.contains(&service.id));
    if let Some(quote) = heard.quote_of(Act::Relay).filter(|_| !relayed) {
        let vague = quote.contains("quelqu") || heard.services.is_empty();
        add(Kind::Found(if vague { Found::RelayVague } else { Found::RelayOther }), None, quote);
    }
    if let Some(quote) = heard.quote_of(Act::Referral).filter(|_| heard.services.is_empty()) {
        add(Kind::Found(Found::ServiceVague), None, quote);
    }
}

/// Questions that place the request: when, where, what, who, how much.
static DIMENSIONS: LazyLock<Phrases<Found>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for (found, patterns) in [
        (
            Found::AsksWhen,
            &[
                "quand",
                "depuis [combien|longtemps|quand|hier|ce]",
                "longtemps",
                "quelle heure|date",
                "quel moment|jour",
                "remonte",
                "date de",
            ][..],
        ),
        (
            Found::AsksWhere,
            &[
                "=ou",
                "quel|quelle endroit|piece|etage|cote|quartier|ville|niveau",
                "=ou exactement",
                "a l interieur|exterieur",
            ],
        ),
        (
            Found::AsksWhat,
            &[
                "c est quoi",
                "qu est ce",
                "quel|quelle type|genre|nature|sorte",
                "comment",
                "=quoi",
                "quel|quelle (est) le|la|votre",
                "expliquez|racontez|decrivez",
            ],
        ),
        (
            Found::AsksWho,
            &[
                "qui",
                "enfant|enfants",
                "seul|seule",
                "famille",
                "combien (vous) etes",
                "vous etes combien",
                "voisin|voisine",
                "quelqu un",
            ],
        ),
        (Found::AsksHowMuch, &["combien", "quantite", "souvent", "beaucoup", "ca empire|aggrave", "pire"]),
    ] {
        for pattern in patterns {
            builder.add(found, pattern);
        }
    }
    builder.build()
});
