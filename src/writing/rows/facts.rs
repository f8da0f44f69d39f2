//! What the person knows, how it is asked for and how it is said.

use super::{Part, line, prose};

pub(super) const PART: Part = Part {
    id: "facts",
    title: "Ce qu'elle sait",
    about: "Un fait par bloc, dans l'ordre où ils sortent d'eux-mêmes.",
    rows: &[
        line("fact", "Faits", "Un fait : une chose que la personne sait et que l'accueil doit apprendre."),
        line("fact[].id", "Identifiant", "Court : « depuis-quand »."),
        line("fact[].label", "En quelques mots", "Pour les listes : « où se trouve la fuite »."),
        prose("fact[].text", "Le fait, à la troisième personne", "C'est ce qu'on lira dans le bilan."),
        line("fact[].access", "Quand il se dit", ""),
        line("fact[].trust", "Confiance nécessaire", "Seulement s'il demande de la confiance : de 1 à 10."),
        line(
            "fact[].asked_by",
            "Questions qui le demandent",
            "Au moins quinze, une par ligne, aussi différentes que possible : polies, directes, abrégées, dictées sans ponctuation.",
        ),
        line(
            "fact[].about",
            "Mots qui le désignent dans une question",
            "Des mots ou groupes courts, un par ligne, qui ne désignent aucun autre fait.",
        ),
        line(
            "fact[].marks",
            "Marques",
            "Les mots qu'on n'entend que lorsque ce fait est dit : chiffres, noms, mots rares. Chaque formulation en porte une, aucune autre réplique n'en contient.",
        ),
        line("fact[].restated_by", "Mots par lesquels le stagiaire le redit", "Un par ligne."),
        line("fact[].says", "Comment elle le dit", "Au moins trois formulations de même contenu, une par ligne."),
        line("fact[].again", "Quand on le redemande", "Au moins deux formulations plus courtes, une par ligne."),
        line(
            "fact[].withheld",
            "Façons de ne pas encore le dire",
            "Seulement s'il demande de la confiance : au moins trois, une par ligne.",
        ),
    ],
};
