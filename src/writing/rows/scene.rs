//! What the trainee sees before starting, and what only the trainer knows.

use super::{Part, line, prose};

pub(super) const PART: Part = Part {
    id: "scene",
    title: "La scène et le dossier",
    about: "Ce que le stagiaire voit avant de commencer, et ce que la personne cherche vraiment.",
    rows: &[
        line(
            "id",
            "Identifiant",
            "Des minuscules, des chiffres et des traits d'union. Il est fixé à la création : pour en changer, copiez la fiche.",
        ),
        line("title", "Titre de la carte", "80 caractères au plus."),
        line("family", "Famille", "Pour les filtres et le tirage de l'examen."),
        line("channel", "Où a lieu l'échange", ""),
        line("difficulty", "Difficulté", "De 1 (accessible) à 3 (exigeante)."),
        line("minutes", "Durée habituelle, en minutes", "De 2 à 30."),
        prose("summary", "Résumé de la carte", "Une phrase, 200 caractères au plus, qui ne livre pas le besoin."),
        line("trains", "Ce qu'elle travaille", "De deux à quatre expressions courtes, une par ligne."),
        prose("need", "Ce que la personne cherche vraiment", "Jamais montré avant le bilan."),
        prose("scene", "Ce que le stagiaire voit et entend avant de commencer", ""),
        prose("opening", "Les premiers mots de la personne, mot pour mot", ""),
        line(
            "screen.lines",
            "L'écran du bailleur",
            "Une ligne d'écran par ligne. Ce qui est à l'écran n'a pas besoin d'être demandé.",
        ),
    ],
};
