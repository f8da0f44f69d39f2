//! Coach hints: one discreet French line, when they are on.
//!
//! Input: the persona, the state before the turn, what was heard, the reply, the hints shown so far. Output: a line,
//! or nothing. Invariant: pure; a hint tells nothing that the character has not told, and never comes at every turn.

use super::{Intent, Reply};
use crate::act::Act;
use crate::character::State;
use crate::hearing::Heard;
use crate::persona::{Persona, Sex, Stimulus};

/// At least so many replies lie between two hints.
const APART: u32 = 2;
/// The same hint does not come back within so many replies.
const SAME_APART: u32 = 8;

/// A hint that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// After how many replies.
    pub turns: u32,
    /// The line.
    pub text: String,
}

/// What the coach looks at.
struct View<'a> {
    persona: &'a Persona,
    before: &'a State,
    heard: &'a Heard,
    reply: &'a Reply,
    he: &'a str,
}

/// The hint that would help most after this reply, if one would. `shown` are those of this conversation, in order.
pub fn hint(persona: &Persona, before: &State, heard: &Heard, reply: &Reply, shown: &[Hint]) -> Option<String> {
    let now = before.turns() + 1;
    if reply.change.ended.is_some() || shown.last().is_some_and(|hint| now - hint.turns < APART) {
        return None;
    }
    let he = if persona.file().caller.sex == Sex::F { "elle" } else { "il" };
    let view = View { persona, before, heard, reply, he };
    let again = |text: &String| shown.iter().any(|hint| hint.text == *text && now - hint.turns < SAME_APART);
    HINTS.iter().find_map(|hint| hint(&view).map(|text| capital(&text)).filter(|text| !again(text)))
}

/// Every kind of hint, the most pressing first.
const HINTS: &[fn(&View<'_>) -> Option<String>] = &[
    beside_the_exchange,
    about_to_leave,
    tension_rises,
    too_much_at_once,
    word_not_known,
    question_waits,
    keeps_something,
    just_told,
    anger_stands,
    who_is_it,
    say_it_back,
    vague_promise,
    propose,
    close,
];

fn beside_the_exchange(view: &View<'_>) -> Option<String> {
    view.heard.is_aside().then(|| format!("{} n'entend que ce que vous lui dites : reprenez l'échange.", view.he))
}

fn about_to_leave(view: &View<'_>) -> Option<String> {
    view.reply
        .intents
        .contains(&Intent::Warn)
        .then(|| format!("{} est sur le point de partir : une phrase calme, sans vous justifier.", view.he))
}

fn tension_rises(view: &View<'_>) -> Option<String> {
    let rise = view.reply.change.tension.saturating_sub(view.before.tension());
    (rise >= 2).then(|| format!("La tension monte : reconnaissez ce qu'{} vit avant d'expliquer.", view.he))
}

fn too_much_at_once(view: &View<'_>) -> Option<String> {
    if view.heard.did(Act::QuestionBurst) {
        return Some("Une question à la fois : laissez-lui le temps de répondre.".to_owned());
    }
    let lost = view.reply.intents.contains(&Intent::NotUnderstood) || moved_by(view, Stimulus::Monologue);
    lost.then(|| format!("{} ne vous suit plus : des phrases courtes, une idée à la fois.", view.he))
}

fn word_not_known(view: &View<'_>) -> Option<String> {
    moved_by(view, Stimulus::Jargon)
        .then(|| "Ce mot de métier ne parle pas à tout le monde : dites-le simplement.".to_owned())
}

fn question_waits(view: &View<'_>) -> Option<String> {
    let waits = view.reply.intents.contains(&Intent::Protest);
    waits.then(|| "Sa question attend : répondez-y, même pour dire que vous cherchez.".to_owned())
}

fn keeps_something(view: &View<'_>) -> Option<String> {
    view.reply
        .intents
        .contains(&Intent::Withhold)
        .then(|| format!("{} ne dit pas tout : un mot de compréhension, puis laissez venir.", view.he))
}

fn just_told(view: &View<'_>) -> Option<String> {
    let fresh = view.reply.change.told.iter().any(|id| !view.before.told().contains(id));
    if !fresh || view.heard.did(Act::Reformulation) {
        return None;
    }
    let words = view.reply.text.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word));
    let what =
        if has(&["depuis", "hier", "jour", "jours", "semaine", "semaines", "mois", "an", "ans", "heures", "heure"]) {
            "une indication de temps"
        } else if words.chars().any(|c| c.is_ascii_digit()) || has(&["euros", "degrés"]) {
            "un chiffre"
        } else {
            return None;
        };
    Some(format!("{} vient de donner {what} : reformulez.", view.he))
}

fn anger_stands(view: &View<'_>) -> Option<String> {
    let before = view.before;
    let named = before.since("reaction.anger_named").is_some()
        || before.since("reaction.empathy").is_some()
        || [Act::AngerNamed, Act::Empathy, Act::Apology].iter().any(|act| view.heard.did(*act));
    (view.reply.change.tension >= 6 && before.turns() >= 1 && !named)
        .then(|| format!("Avant la prochaine question, dites que vous mesurez ce qu'{} vit.", view.he))
}

fn who_is_it(view: &View<'_>) -> Option<String> {
    let asked = ["identity.name", "identity.address", "identity.file_number", "identity.birth_date"]
        .iter()
        .any(|family| view.before.since(family).is_some())
        || view.heard.did(Act::IdentityQuestion);
    (view.before.turns() >= 3 && !asked).then(|| "Vous n'avez pas encore vérifié à qui vous parlez.".to_owned())
}

fn say_it_back(view: &View<'_>) -> Option<String> {
    let done = view.before.moved_by(Stimulus::ReformulationRight.name()) > 0 || view.heard.did(Act::Reformulation);
    (view.before.told().len() >= 2 && view.before.turns() >= 4 && !done)
        .then(|| "Redites avec vos mots ce que vous avez compris, et demandez si c'est bien cela.".to_owned())
}

fn vague_promise(view: &View<'_>) -> Option<String> {
    (view.heard.did(Act::VagueFollowUp) && !view.heard.did(Act::FollowUp))
        .then(|| "Dites un jour et une heure, ou quand vous le saurez.".to_owned())
}

fn propose(view: &View<'_>) -> Option<String> {
    let offered = view.before.helped() > 0 || view.reply.change.helped;
    (view.before.turns() >= 6 && !offered)
        .then(|| "Vous avez de quoi proposer : dites qui fera quoi, et quand.".to_owned())
}

fn close(view: &View<'_>) -> Option<String> {
    let all = view.persona.file().expects.next_step.len();
    let settled =
        view.before.steps().len() >= all.min(2) && view.before.helped() >= 2 && view.reply.change.tension <= 4;
    (settled && !view.heard.did(Act::AnythingElse) && view.before.turns() >= 6)
        .then(|| "Demandez s'il reste une question, récapitulez, puis prenez congé.".to_owned())
}

fn moved_by(view: &View<'_>, stimulus: Stimulus) -> bool {
    view.reply.change.moods.iter().any(|mood| mood.cause == stimulus.name())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
