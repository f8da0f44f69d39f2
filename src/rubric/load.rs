//! From a file's name and text to a [`Rubric`], or to all its faults.

use sha2::{Digest, Sha256};

use super::check;
use super::file::RubricFile;
use super::rubric::Rubric;
use crate::fault::{Fault, Source};

/// Reads and checks a rubric file.
///
/// `file_name` is shown in faults, and its last part must be the rubric's id with `.toml`.
pub fn load(file_name: &str, text: &str) -> Result<Rubric, Vec<Fault>> {
    let source = Source::parse(file_name, text)?;
    let (file, mut report) = source.read::<RubricFile>();
    if let Some(file) = &file {
        report.named_alike(&file.id);
        check::check(file, &mut report);
    }
    let faults = report.into_faults();
    match file {
        Some(file) if faults.is_empty() => Ok(Rubric::new(file, hash(text))),
        _ => Err(faults),
    }
}

/// Reads a version that was sound when it was stored: rules and names that have changed since do not count against
/// it, so that a conversation goes on and a scorecard stays readable after an upgrade.
pub fn restore(text: &str) -> Result<Rubric, toml::de::Error> {
    toml::from_str::<RubricFile>(text).map(|file| Rubric::new(file, hash(text)))
}

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
id = "essai"
title = "Grille d'essai"

[source]
sheet = "RNCP38052"
certification = "Chargé d'accueil"
certifier = "Un certificateur"
registered_until = "2026-09-20"
part = "Bloc 1"

[[axis]]
id = "ecoute"
name = "Écoute active"
spoken = "l'écoute"
about = "Ce que vous faites de ce qui vous est dit."

[[competence]]
id = "C05"
label = "Analyser la demande"

[[criterion]]
id = "5.1"
competence = "C05"
label = "La demande est comprise"

[[indicator]]
id = "5.1.a"
axis = "ecoute"
label = "Des questions sont posées"
weight = 1.0
observed = "Deux questions"
partial = "Une question"
missed = "Aucune"
advice_partial = "Posez une question ouverte."
advice_missed = "Demandez ce qui se passe."

[[indicator.rule]]
level = "observed"
when = [
  { sees = ["open_question", "closed_question"], at_least = 2, distinct = true },
  { any = [{ situation = "channel", is = ["desk"] }, { not = [{ sees = ["trap"], in = "early" }] }] },
]
reason = "Vous avez demandé : {quote}"
shows = ["open_question"]

[[indicator.rule]]
level = "missed"
when = []
reason = "Aucune question."
expected = "opening"
"#;

    fn check(from: &str, to: &str, expected: &[(&str, &str)]) {
        assert!(SOUND.contains(from), "the sample has {from}");
        let found =
            load("rubrics/essai.toml", &SOUND.replacen(from, to, 1)).map_or_else(|faults| faults, |_| Vec::new());
        let shown: Vec<_> = found.iter().map(|f| (f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!(found.len(), expected.len(), "{from} → {to}: {shown:#?}");
        for (fault, (field, rule)) in found.iter().zip(expected) {
            assert_eq!(fault.field, *field, "{from} → {to}");
            assert!(fault.rule.starts_with(rule), "{from} → {to}: {}", fault.rule);
        }
    }

    #[test]
    fn a_sound_file_is_a_rubric_that_knows_what_belongs_to_what() {
        let rubric = load("rubrics/essai.toml", SOUND).unwrap();
        let indicator = rubric.indicator("5.1.a").unwrap();
        assert_eq!(rubric.criterion_of(indicator).unwrap().id, "5.1");
        assert_eq!(rubric.competence_of(indicator).unwrap().id, "C05");
    }

    #[test]
    fn names_are_once_and_known() {
        check("id = \"essai\"", "id = \"x\"", &[("id", "l'identifiant « x » n'est pas le nom du fichier")]);
        check("2026-09-20", "20 septembre", &[("source.registered_until", "« 20 septembre » n'est pas une date")]);
        check(
            "competence = \"C05\"",
            "competence = \"C5\"",
            &[
                ("competence[0].id", "cette compétence n'a pas de critère"),
                ("criterion[0].competence", "« C5 » n'est pas une compétence"),
            ],
        );
        check(
            "axis = \"ecoute\"",
            "axis = \"écoute\"",
            &[("axis[0].id", "cet axe n'a pas d'indicateur"), ("indicator[0].axis", "« écoute » n'est pas un axe")],
        );
        check(
            "id = \"5.1.a\"",
            "id = \"5.2.a\"",
            &[
                ("criterion[0].id", "ce critère n'a pas d'indicateur"),
                ("indicator[0].id", "« 5.2.a » ne commence par aucun critère"),
            ],
        );
        check("weight = 1.0", "weight = 4", &[("indicator[0].weight", "4 est hors limites")]);
    }

    #[test]
    fn some_rule_always_gives_a_mark_and_none_is_out_of_reach() {
        check(
            "when = []",
            "when = [{ sees = [\"trap\"] }]",
            &[("indicator[0].rule[1].when", "la dernière règle doit")],
        );
        check(
            "[[indicator.rule]]\nlevel = \"missed\"",
            "[[indicator.rule]]\nlevel = \"partial\"\nwhen = []\nreason = \"Oui.\"\n\n[[indicator.rule]]\nlevel = \"missed\"",
            &[("indicator[0].rule[1].when", "cette règle vaut toujours")],
        );
        check(
            "at_least = 2",
            "at_least = 2, at_most = 1",
            &[("indicator[0].rule[0].when[0].at_most", "au moins 2 et au plus 1")],
        );
        check("at_least = 2", "at_last = 2", &[("indicator[0].rule[0].when[0].at_last", "champ inconnu")]);
        check(
            "\"closed_question\"",
            "\"close_question\"",
            &[("indicator[0].rule[0].when[0].sees[1]", "« close_question » n'est pas une valeur connue")],
        );
        check(
            "is = [\"desk\"]",
            "is = [\"phon\"]",
            &[("indicator[0].rule[0].when[1].any[0].is[0]", "« phon » n'est pas une valeur de ce champ")],
        );
        check(
            "in = \"early\"",
            "in = \"soon\"",
            &[("indicator[0].rule[0].when[1].any[1].not[0].in", "« soon » n'est pas une valeur connue")],
        );
        check("{quote}", "{citation}", &[("indicator[0].rule[0].reason", "accolades inconnues")]);
        check("shows = [\"open_question\"]\n", "", &[("indicator[0].rule[0].reason", "{quote} sans rien à citer")]);
    }
}
