//! What can go wrong with a model, in French.
//!
//! Input: the stable codes of `docs/operations.md`. Output: a clause, to stand after a colon or at the head of a row.

/// Codes with their clauses, without capital and full stop.
const FAULTS: &[(&str, &str)] = &[
    ("not_ready", "les appels au modèle ne sont pas réglés correctement"),
    ("unreachable", "le modèle ne répond pas à son adresse"),
    ("late", "le modèle n’a pas répondu à temps"),
    ("overloaded", "le modèle était trop sollicité"),
    ("refused", "le modèle a refusé l’appel"),
    ("no_such_model", "aucun modèle de ce nom à cette adresse"),
    ("cut", "la réponse du modèle a été coupée"),
    ("empty", "le modèle a répondu sans un mot"),
    ("endless", "le modèle n’en finissait pas"),
    ("malformed", "la réponse du modèle était illisible"),
    ("wrong_shape", "la réponse du modèle n’avait pas la forme demandée"),
    ("declined", "le modèle a décliné la demande"),
    ("over_budget", "le budget de jetons était épuisé"),
    ("resting", "le modèle était laissé au repos après des pannes"),
    ("unguarded", "la réponse du modèle laissait de côté l’indicateur témoin"),
    ("granted", "le modèle accordait un indicateur témoin que rien ne pouvait montrer"),
    ("situation_broken", "la situation ne peut plus être lue"),
    ("unreadable", "l’échange ne peut plus être lu"),
    ("no_rubric", "aucune grille ne peut être lue"),
    ("not_over", "l’échange n’était pas terminé"),
    ("dropped", "la réponse n’était plus attendue"),
    ("guarded", "ses phrases ont été écartées à la relecture"),
    ("cut_in", "vous avez repris la parole avant la fin"),
    ("stopped", "le service s’est arrêté avant la fin"),
    ("markup", "une mise en forme au lieu de paroles"),
    ("foreign", "une phrase dans une autre langue"),
    ("out_of_role", "une phrase qui sortait du rôle"),
    ("coaches", "une phrase qui soufflait quoi faire"),
    ("speaks_for_trainee", "une phrase qui parlait à votre place"),
    ("stage_direction", "un geste raconté au lieu de paroles"),
    ("locked", "une information donnée trop tôt"),
    ("invents", "un chiffre ou un nom inventé"),
    ("contradicts", "une information contredite"),
    ("too_long", "une phrase trop longue"),
    ("repeats", "une redite"),
];

/// What a code means; a code of another version is shown as it is.
pub fn told(code: &str) -> String {
    let known = FAULTS.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| format!("une autre cause ({code})"), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_codes_that_operators_read_about_are_those_that_have_words() {
        let page = include_str!("../../../docs/operations.md");
        let codes = page.split_once("## Codes of faults").unwrap().1;
        let rows = codes.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let known = FAULTS.iter().map(|(code, _)| *code);
        assert_eq!(rows.collect::<BTreeSet<_>>(), known.collect::<BTreeSet<_>>());
        assert_eq!(told("late"), "le modèle n’a pas répondu à temps");
        assert_eq!(told("brand_new"), "une autre cause (brand_new)");
    }
}
