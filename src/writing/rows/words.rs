//! The French of the keys and words that stand in a persona file.

use crate::persona::{Stimulus, Topic};

/// What anyone may be asked.
pub(in super::super) const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Name => "Son nom",
        Topic::Spelling => "Comment il s'écrit",
        Topic::Address => "Son adresse",
        Topic::Phone => "Son téléphone",
        Topic::Email => "Son courriel",
        Topic::BirthDate => "Sa date de naissance",
        Topic::TenantSince => "Depuis quand elle est locataire, ou sa demande déposée",
        Topic::Availability => "Quand on peut la voir ou l'appeler",
        Topic::FileNumber => "Son numéro de dossier",
        Topic::Household => "Qui vit là",
        Topic::Job => "Son métier, ses horaires",
        Topic::Reason => "Pourquoi elle appelle ou vient",
        Topic::Wish => "Ce qu'elle souhaite",
        Topic::Feeling => "Comment elle va",
    }
}

/// What the person reacts to.
pub(in super::super) const fn stimulus(stimulus: Stimulus) -> &'static str {
    match stimulus {
        Stimulus::Greeting => "On la salue, on se présente",
        Stimulus::Welcome => "On lui offre un siège, du temps",
        Stimulus::Thanks => "On la remercie",
        Stimulus::Familiarity => "On la tutoie",
        Stimulus::Acknowledgement => "« Je vous entends »",
        Stimulus::Empathy => "On reconnaît sa difficulté",
        Stimulus::AngerNamed => "On reconnaît sa colère",
        Stimulus::Belief => "On la croit, on la valorise",
        Stimulus::Prompt => "On l'encourage à poursuivre",
        Stimulus::ReformulationRight => "On redit justement sa demande : elle confirme",
        Stimulus::ReformulationWrong => "On la redit de travers : elle corrige, sans livrer un fait caché",
        Stimulus::ComprehensionCheck => "On vérifie qu'elle a compris",
        Stimulus::AnythingElse => "« Autre chose ? »",
        Stimulus::Explanation => "On lui explique",
        Stimulus::Jargon => "Un terme de métier sans explication",
        Stimulus::VagueRule => "« C'est la règle »",
        Stimulus::Apology => "Des excuses",
        Stimulus::Boundary => "Un cadre posé calmement",
        Stimulus::CalmOrder => "« Calmez-vous »",
        Stimulus::Defensive => "« Ce n'est pas moi »",
        Stimulus::Judgement => "« Vous auriez dû »",
        Stimulus::Doubt => "On met sa parole en doute",
        Stimulus::Irony => "Ironie, soupir",
        Stimulus::Aggression => "Insulte, mépris",
        Stimulus::Threat => "Menace",
        Stimulus::Discrimination => "Propos discriminatoire",
        Stimulus::Minimising => "« Ce n'est rien »",
        Stimulus::Dismissal => "« Rappelez plus tard », « allez sur le site »",
        Stimulus::Impatience => "On la presse",
        Stimulus::Interrupted => "On lui coupe la parole : elle la reprend",
        Stimulus::QuestionBurst => "Trois questions d'un coup",
        Stimulus::Monologue => "Plus de quatre-vingt-dix mots d'affilée",
        Stimulus::Discretion => "On lui assure la discrétion",
        Stimulus::Adaptation => "On s'adapte à elle",
        Stimulus::Safety => "Une consigne de sécurité : elle dit qu'elle le fait",
        Stimulus::Referral => "Un service est nommé",
        Stimulus::Relay => "Un tiers est appelé",
        Stimulus::Proposal => "Une solution est proposée",
        Stimulus::Instruction => "On lui dit quoi faire",
        Stimulus::Involvement => "On lui demande son accord : elle choisit ou accepte",
        Stimulus::FollowUp => "Un suivi daté",
        Stimulus::VagueFollowUp => "« On vous rappellera »",
        Stimulus::Promise => "Une garantie imprudente",
        Stimulus::Caution => "On dit ce qu'on ne peut pas promettre",
        Stimulus::Refusal => "Un refus",
        Stimulus::Disclosure => "On livre quelque chose sur un tiers",
        Stimulus::Hold => "On la fait patienter",
    }
}

/// A word of a choice, by the field it is chosen in.
pub(in super::super) fn word(pattern: &str, word: &str) -> &'static str {
    match (pattern, word) {
        ("family", "technique") => "Technique : pannes et réparations",
        ("family", "administrative") => "Administratif : loyer, charges, bail, données",
        ("family", "sociale") => "Social : difficultés, fragilités, violences",
        ("family", "demande") => "Demande de logement, mutation",
        ("family", "voisinage") => "Voisinage et tranquillité",
        ("channel", "desk") => "Au comptoir",
        ("channel", "phone") => "Au téléphone",
        ("caller.sex", "f") => "Féminin",
        ("caller.sex", "m") => "Masculin",
        ("fact[].access", "volunteered") => "Il sort de lui-même",
        ("fact[].access", "asked") => "Seulement si on le demande",
        ("fact[].access", "trust") => "Si on le demande, et si la confiance suffit",
        ("expects.urgency", "immediate") => "Tout de suite",
        ("expects.urgency", "24h") => "Dans les 24 heures",
        ("expects.urgency", "week") => "Dans la semaine",
        ("expects.urgency", "none") => "Sans urgence",
        ("expects.escalation", "required") => "Oui, toujours",
        ("expects.escalation", "if_tension") => "Oui, si la tension ne descend pas",
        ("expects.escalation", "not_needed") => "Non",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::shape::{self, Shape};
    use super::*;

    #[test]
    fn every_word_to_choose_from_has_its_french() {
        for pattern in shape::patterns() {
            let Some((Shape::Word(words), _)) = shape::at(&pattern) else { continue };
            for each in words {
                assert!(!word(&pattern, &each).is_empty(), "{pattern} = {each}");
            }
        }
    }
}
