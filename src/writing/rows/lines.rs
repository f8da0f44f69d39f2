//! Everything else that the person says or shows.

use super::{FOUR, Part, TEN, THREE, TWO, line};

pub(super) const PART: Part = Part {
    id: "lines",
    title: "Ce qu'elle dit d'autre",
    about: "Une réplique se tient seule : le programme les assemble, et n'en redit aucune avant huit tours.",
    rows: &[
        line("lines.not_understood", "Elle n'a pas compris", FOUR),
        line("lines.does_not_know", "Elle ne sait pas", FOUR),
        line(
            "lines.listens",
            "On lui a dit quelque chose sans rien demander",
            "« Mouais. » Au moins dix, une par ligne.",
        ),
        line("lines.presses", "Elle revient à ce qu'elle veut", TEN),
        line("lines.ignored", "Sa question est restée sans réponse", FOUR),
        line("lines.silence", "On ne lui dit rien", FOUR),
        line(
            "lines.repeats",
            "On lui fait répéter",
            "Le début de la phrase, la réponse suit. Au moins trois, une par ligne.",
        ),
        line("lines.hold_start", "On la met en attente", THREE),
        line("lines.hold_back", "On revient", THREE),
        line("lines.hold_long", "On revient après plus d'une minute", THREE),
        line("lines.transferred", "Transférée au bon service", THREE),
        line("lines.transferred_wrong", "Transférée au mauvais service", THREE),
        line("lines.colleague", "Un collègue est appelé", THREE),
        line("lines.manager", "Le responsable est appelé", THREE),
        line("lines.warns", "Elle est au bord de la rupture, et le dit", THREE),
        line("lines.breaks_off", "Elle rompt", THREE),
        line("lines.ends_content", "Elle prend congé, aidée", THREE),
        line("lines.ends_neutral", "Elle prend congé, sans plus", THREE),
        line("lines.ends_tense", "Elle prend congé, mécontente", THREE),
        line(
            "small_talk",
            "Les à-côtés",
            "Ce qu'on peut lui dire en passant : le temps, le bus, le bruit derrière elle.",
        ),
        line("small_talk[].heard", "Ce qu'on lui dit en passant", THREE),
        line("small_talk[].says", "Ce qu'elle répond", TWO),
        line(
            "cues",
            "Ce qui se voit",
            "Au comptoir seulement : de courtes notations à la troisième personne. « Il abat la main sur le comptoir. »",
        ),
        line("cues.calm", "Apaisée", "Tension de 5 ou moins. Au moins cinq, une par ligne."),
        line("cues.tense", "Tendue", "Tension de 6 ou plus. Au moins cinq, une par ligne."),
        line("cues.rising", "Quand la tension monte", FOUR),
        line("cues.falling", "Quand la tension descend", FOUR),
    ],
};
