//! Everything else that the person says or shows.

use super::{Part, line};

pub(super) const PART: Part = Part {
    id: "lines",
    title: "Ce qu'elle dit d'autre",
    about: "Une réplique se tient seule : le programme les assemble, et n'en redit aucune avant huit tours.",
    rows: &[
        line("lines.not_understood", "Elle n'a pas compris", "Au moins quatre, une par ligne."),
        line("lines.does_not_know", "Elle ne sait pas", "Au moins quatre, une par ligne."),
        line(
            "lines.listens",
            "On lui a dit quelque chose sans rien demander",
            "« Mouais. » Au moins dix, une par ligne.",
        ),
        line("lines.presses", "Elle revient à ce qu'elle veut", "Au moins dix, une par ligne."),
        line("lines.ignored", "Sa question est restée sans réponse", "Au moins quatre, une par ligne."),
        line("lines.silence", "On ne lui dit rien", "Au moins quatre, une par ligne."),
        line(
            "lines.repeats",
            "On lui fait répéter",
            "Le début de la phrase, la réponse suit. Au moins trois, une par ligne.",
        ),
        line("lines.hold_start", "On la met en attente", "Au moins trois, une par ligne."),
        line("lines.hold_back", "On revient", "Au moins trois, une par ligne."),
        line("lines.hold_long", "On revient après plus d'une minute", "Au moins trois, une par ligne."),
        line("lines.transferred", "Transférée au bon service", "Au moins trois, une par ligne."),
        line("lines.transferred_wrong", "Transférée au mauvais service", "Au moins trois, une par ligne."),
        line("lines.colleague", "Un collègue est appelé", "Au moins trois, une par ligne."),
        line("lines.manager", "Le responsable est appelé", "Au moins trois, une par ligne."),
        line("lines.warns", "Elle est au bord de la rupture, et le dit", "Au moins trois, une par ligne."),
        line("lines.breaks_off", "Elle rompt", "Au moins trois, une par ligne."),
        line("lines.ends_content", "Elle prend congé, aidée", "Au moins trois, une par ligne."),
        line("lines.ends_neutral", "Elle prend congé, sans plus", "Au moins trois, une par ligne."),
        line("lines.ends_tense", "Elle prend congé, mécontente", "Au moins trois, une par ligne."),
        line(
            "small_talk",
            "Les à-côtés",
            "Ce qu'on peut lui dire en passant : le temps, le bus, le bruit derrière elle.",
        ),
        line("small_talk[].heard", "Ce qu'on lui dit en passant", "Au moins trois, une par ligne."),
        line("small_talk[].says", "Ce qu'elle répond", "Au moins deux, une par ligne."),
        line(
            "cues",
            "Ce qui se voit",
            "Au comptoir seulement : de courtes notations à la troisième personne. « Il abat la main sur le comptoir. »",
        ),
        line("cues.calm", "Apaisée", "Tension de 5 ou moins. Au moins cinq, une par ligne."),
        line("cues.tense", "Tendue", "Tension de 6 ou plus. Au moins cinq, une par ligne."),
        line("cues.rising", "Quand la tension monte", "Au moins quatre, une par ligne."),
        line("cues.falling", "Quand la tension descend", "Au moins quatre, une par ligne."),
    ],
};
