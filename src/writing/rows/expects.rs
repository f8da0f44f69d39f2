//! What a good exchange contains, and a sentence for each indicator.

use super::{Part, line, prose};

pub(super) const PART: Part = Part {
    id: "expects",
    title: "Ce qu'on attend",
    about: "Ce qu'un bon échange contient, et ce qui ne doit pas arriver.",
    rows: &[
        line("expects.services", "Services qui traitent la demande", "Au moins un."),
        line("expects.also_accept", "Services que l'on accepte aussi", "Aucun de ceux qui sont déjà attendus."),
        line("expects.urgency", "Sous quel délai il faut agir", ""),
        line("expects.escalation", "Faut-il un tiers", ""),
        line("expects.escalate_to", "Qui peut être appelé", ""),
        line(
            "expects.need_heard",
            "Phrases qui montrent que le besoin est compris",
            "Au moins huit phrases d'accueil, une par ligne.",
        ),
        line(
            "expects.urgency_heard",
            "Phrases qui disent la bonne urgence",
            "Au moins huit phrases d'accueil, une par ligne, qui la disent ou agissent en conséquence.",
        ),
        line("expects.rules", "Règles de droit ou de procédure", "Celles qui s'appliquent ici, en mots simples."),
        line("expects.rules[].id", "Identifiant", "Court."),
        prose("expects.rules[].text", "La règle", "En mots simples."),
        line("expects.rules[].source", "Sa source", ""),
        line("expects.rules[].heard", "Façons justes de la dire", "Au moins huit, une par ligne."),
        line("expects.rules[].wrong", "Façons fausses de la dire", "Au moins trois, une par ligne, ou rien."),
        line("expects.next_step", "Actions utiles", "Ce qu'il faut faire ou annoncer."),
        line("expects.next_step[].id", "Identifiant", "Court."),
        prose("expects.next_step[].text", "L'action", "En mots simples."),
        line("expects.next_step[].heard", "Phrases qui la font ou l'annoncent", "Au moins huit, une par ligne."),
        line("expects.traps", "Pièges", "Les fautes auxquelles cette situation invite."),
        line("expects.traps[].id", "Identifiant", "Court."),
        prose("expects.traps[].text", "La faute", "En mots simples."),
        line("expects.traps[].against", "L'indicateur concerné", ""),
        line("expects.traps[].heard", "Phrases qui y tombent", "Au moins huit, une par ligne."),
        line(
            "expects.traps[].avoided",
            "Phrases qui passent tout près sans y tomber",
            "Au moins cinq, une par ligne : un refus plein de tact, une réserve honnête.",
        ),
    ],
};

pub(super) const EXAMPLES: Part = Part {
    id: "examples",
    title: "Ce qui aurait aidé",
    about: "Pour chaque indicateur qui s'applique, une phrase modèle dite dans cette situation, avec ses faits et ses noms. \
            C'est elle que le stagiaire lira.",
    rows: &[
        line("not_applicable", "Indicateurs sans objet ici", "Ils ne demandent pas de phrase modèle."),
        prose("examples.*", "Phrase modèle", ""),
    ],
};
