//! Who it is, what anyone may be asked, and how the mood moves.

use super::{Part, line, prose};

pub(super) const PART: Part = Part {
    id: "person",
    title: "La personne",
    about: "Qui elle est, et ce que l'on peut demander à tout le monde.",
    rows: &[
        line("caller.name", "Prénom et nom", ""),
        line("caller.address_as", "Comment on s'adresse à elle", "« Madame Renaud »."),
        line("caller.age", "Âge", "De 18 à 110 ans."),
        line("caller.sex", "Genre", "Pour les accords et la voix."),
        line("caller.status", "Statut", "Locataire, demandeur, tiers, comme le dossier le dit."),
        prose("caller.register", "Sa façon de parler", "Décrite pour la personne qui écrit les répliques."),
        line(
            "caller.handset",
            "Ce que le combiné affiche",
            "Au téléphone seulement : un numéro, ou « Numéro masqué ». Vide au comptoir.",
        ),
        line(
            "caller.vulnerabilities",
            "Ses fragilités",
            "Au sens de l'indicateur 6.1.b, une par ligne. Vide s'il n'y en a pas.",
        ),
        line(
            "identity.*",
            "Réponse",
            "Au moins trois formulations de la même réponse, une par ligne, ou le fait qui répond.",
        ),
    ],
};

pub(super) const TEMPER: Part = Part {
    id: "temper",
    title: "L'humeur",
    about: "La tension et la confiance vont de 0 à 10. À partir d'une tension de 6, la personne parle avec ses formulations tendues. \
            De 0 à 3 elle est apaisée, 4 et 5 sur la réserve, 6 et 7 tendue, au-delà au bord de la rupture.",
    rows: &[
        line("temper.tension", "Tension aux premiers mots", "De 0 (apaisée) à 10."),
        line("temper.trust", "Confiance aux premiers mots", "De 0 (aucune) à 10."),
        line(
            "temper.breaking_point",
            "Point de rupture",
            "La tension à laquelle la personne rompt, après avoir prévenu : 9 pour une personne solide, 7 si elle est à bout.",
        ),
        line(
            "temper.floor",
            "Plancher",
            "La tension sous laquelle les mots aimables seuls ne descendent pas. C'est ce qui garde difficiles les personnes difficiles.",
        ),
        line(
            "temper.lift_after",
            "Actions qui lèvent le plancher",
            "Combien d'actions utiles, besoin compris, font tomber ce plancher.",
        ),
        line(
            "temper.patience",
            "Patience",
            "Après combien de tours sans question, sans écoute et sans aide la tension monte, de 1 à 6.",
        ),
        prose("temper.at_break", "Ce qui se passe à la rupture", "Raconté à la troisième personne."),
        line("temper.raises", "Ce qui aggrave", "En mots, pour les lecteurs, un par ligne."),
        line("temper.lowers", "Ce qui apaise", "En mots, pour les lecteurs, un par ligne."),
    ],
};
