//! How the person takes what is said to it.

use super::{Part, line, prose};

/// How far a mood moves at once.
const STEP: &str = "De -3 à 3 ; 0 si vous laissez vide.";
const WORDINGS: &str = "Au moins deux formulations, une par ligne.";

pub(super) const PART: Part = Part {
    id: "reactions",
    title: "Comment elle réagit",
    about: "Une réaction pour chaque chose qu'un accueil peut faire, de bien ou de moins bien. Des ordres de grandeur : \
            « calmez-vous », +2 de tension et -1 de confiance ; une insulte, +3 et -2 ; des excuses, -1 et +1, une seule fois.",
    rows: &[
        line("reactions.*.tension", "Tension", STEP),
        line("reactions.*.trust", "Confiance", STEP),
        line(
            "reactions.*.limit",
            "Combien de fois",
            "Dans un même échange ; 0 : toujours. Les mots qui apaisent s'usent.",
        ),
        prose(
            "reactions.*.why",
            "Pourquoi l'humeur bouge",
            "Une phrase dite ensuite au stagiaire : « Vous avez reconnu sa colère. »",
        ),
        line("reactions.*.says", "Ce qu'elle répond", WORDINGS),
        line(
            "trigger",
            "Ce qui ne touche qu'elle",
            "Pour ce qui n'a de sens que dans cette situation : retrouver ses appels, regarder son carnet.",
        ),
        line("trigger[].id", "Identifiant", "Court : « reclamation-retrouvee »."),
        line(
            "trigger[].heard",
            "Phrases du stagiaire qui la touchent",
            "Au moins six, une par ligne ; elles sont reconnues par ressemblance.",
        ),
        line("trigger[].tension", "Tension", STEP),
        line("trigger[].trust", "Confiance", STEP),
        line("trigger[].limit", "Combien de fois", "Dans un même échange ; 0 : toujours."),
        prose("trigger[].why", "Pourquoi l'humeur bouge", "Une phrase dite ensuite au stagiaire."),
        line("trigger[].says", "Ce qu'elle répond", WORDINGS),
    ],
};
