//! From a file's name and text to a [`Persona`], or to all its faults.

use sha2::{Digest, Sha256};

use super::check::{self, Known};
use super::file::PersonaFile;
use super::persona::Persona;
use crate::fault::{Fault, Source};

/// Reads and checks a persona file; `known` holds what it may refer to.
///
/// `file_name` is shown in faults, and its last part must be the persona's id with `.toml`.
pub fn load(file_name: &str, text: &str, known: &Known) -> Result<Persona, Vec<Fault>> {
    let source = Source::parse(file_name, text)?;
    let (file, mut report) = source.read::<PersonaFile>();
    if let Some(file) = &file {
        report.named_alike(&file.id);
        check::check(file, known, &mut report);
    }
    let faults = report.into_faults();
    match file {
        Some(file) if faults.is_empty() => Ok(Persona::new(file, hash(text))),
        _ => Err(faults),
    }
}

/// Reads a version that was sound when it was stored: rules and names that have changed since do not count against
/// it, so that a conversation goes on and a scorecard stays readable after an upgrade.
pub fn restore(text: &str) -> Result<Persona, toml::de::Error> {
    toml::from_str::<PersonaFile>(text).map(|file| Persona::new(file, hash(text)))
}

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// Replaces `from` in the sound file and expects exactly these faults: field and start of the rule.
    fn check(from: &str, to: &str, expected: &[(&str, &str)]) {
        let sound = sample::text();
        assert!(sound.contains(from), "the sample has {from}");
        let text = sound.replacen(from, to, 1);
        let found = load("personas/essai.toml", &text, &sample::known()).map_or_else(|faults| faults, |_| Vec::new());
        let shown: Vec<_> = found.iter().map(|f| (f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!(found.len(), expected.len(), "{from} → {to}: {shown:#?}");
        for (fault, (field, rule)) in found.iter().zip(expected) {
            assert_eq!(fault.field, *field, "{from} → {to}");
            assert!(fault.rule.starts_with(rule), "{from} → {to}: {}", fault.rule);
        }
    }

    #[test]
    fn a_sound_file_is_a_persona_that_carries_its_hash() {
        let persona = load("personas/essai.toml", &sample::text(), &sample::known()).unwrap();
        assert_eq!(persona.id(), "essai");
        assert_eq!(persona.hash().len(), 64);
        assert!(persona.fact("enfant").is_some());
    }

    #[test]
    fn a_stored_version_is_read_again_after_its_service_has_gone() {
        let text = sample::text();
        let gone = Known { services: std::collections::BTreeSet::new(), ..sample::known() };
        assert!(load("personas/essai.toml", &text, &gone).is_err());
        let (stored, now) = (restore(&text).unwrap(), load("personas/essai.toml", &text, &sample::known()).unwrap());
        assert_eq!((stored.id(), stored.hash()), (now.id(), now.hash()));
        assert!(restore("id = \"essai\"").is_err());
    }

    #[test]
    fn names_are_the_files_own_once_and_known() {
        check("id = \"essai\"", "id = \"autre\"", &[("id", "l'identifiant « autre » n'est pas le nom du fichier")]);
        check("id = \"enfant\"", "id = \"lieu\"", &[("fact[1].id", "l'identifiant « lieu » est déjà pris")]);
        check(
            "job = [\"réponse 1\", \"réponse 2\", \"réponse 3\"]",
            "job = { fact = \"leiu\" }",
            &[("identity.job.fact", "« leiu » n'est pas un fait")],
        );
        check(
            "services = [\"technique\"]",
            "services = [\"tecnique\"]",
            &[("expects.services[0]", "« tecnique » n'est pas un service de l'annuaire")],
        );
        check(
            "also_accept = [\"gardien\"]",
            "also_accept = [\"technique\"]",
            &[("expects.also_accept[0]", "« technique » est déjà un service attendu")],
        );
        check("escalate_to = [\"gardien\"]", "escalate_to = []", &[("expects.escalate_to", "un relais est prévu")]);
        check(
            "not_applicable = [\"6.1.b\"]",
            "not_applicable = [\"6.1\"]",
            &[
                ("not_applicable[0]", "« 6.1 » n'est pas un indicateur"),
                ("examples.\"6.1.b\"", "phrase exemple manquante"),
            ],
        );
        check(
            "\"5.1.b\" =",
            "\"5.1.c\" =",
            &[
                ("examples.\"5.1.b\"", "phrase exemple manquante"),
                ("examples.\"5.1.c\"", "« 5.1.c » n'est pas un indicateur"),
            ],
        );
        check("against = \"5.1.a\"", "against = \"1.1\"", &[("expects.traps[0].against", "« 1.1 » n'est pas un")]);
    }

    #[test]
    fn what_goes_with_the_phone_is_not_written_for_the_desk() {
        check(
            "channel = \"phone\"",
            "channel = \"desk\"",
            &[
                ("cues", "au comptoir, il faut ce qui se voit"),
                ("caller.handset", "au comptoir, il n'y a pas de combiné"),
            ],
        );
        check("handset = \"06 12 34 56 78\"\n", "", &[("caller.handset", "au téléphone, il faut")]);
        check(
            "[expects]",
            "[cues]\ncalm = [\"a\", \"b\", \"c\", \"d\", \"e\"]\ntense = [\"a\", \"b\", \"c\", \"d\", \"e\"]\n\
             rising = [\"a\", \"b\", \"c\", \"d\"]\nfalling = [\"a\", \"b\", \"c\", \"d\"]\n\n[expects]",
            &[("cues", "au téléphone, rien ne se voit")],
        );
    }

    #[test]
    fn a_mood_moves_for_a_reason_and_within_reach() {
        check("empathy = { says", "empathy = { tension = -1, says", &[("reactions.empathy.why", "l'humeur change")]);
        check("why = \"Vous avez demandé un ticket.\"", "why = \"\"", &[("trigger[0].why", "texte vide")]);
        check("breaking_point = 9", "breaking_point = 4", &[("temper.breaking_point", "la personne partirait")]);
        check("floor = 2", "floor = 5", &[("temper.floor", "la tension de départ (4)")]);
        check("floor = 2", "floor = 2\nlift_after = 3", &[("temper.lift_after", "le plancher ne serait jamais levé")]);
        check(
            "doubt = { says = [\"Ah, 1\", \"Ah, 2\"]",
            "doubt = { says = []",
            &[("reactions.doubt.says", "0 formulation(s)")],
        );
        check("hold = { says = [\"Ah, 1\", \"Ah, 2\"]", "hold = { says = []", &[]);
        check(", \"Peu importe.\", \"On verra.\"", "", &[("fact[1].withheld", "1 façon(s) de ne pas encore le dire")]);
        check("access = \"trust\"", "access = \"asked\"", &[("fact[1].withheld", "ces refus ne servent que si")]);
    }

    #[test]
    fn a_fact_is_recognised_when_told_and_never_before() {
        check("\"C'est l'entrée.\"", "\"C'est là.\"", &[("fact[0].says[2]", "aucune des marques du fait « lieu »")]);
        check("pour une fuite", "pour mes Huit Mois", &[("opening", "« huit mois » trahit le fait « enfant »")]);
        check("\"Peu importe.\"", "\"Il n'a que 8 mois.\"", &[("fact[1].withheld[1]", "« 8 mois » trahit")]);
        check("\"Dans l'entrée.\"", "\"Dans l'entrée, avec mon 8 mois.\"", &[("fact[0].says[0]", "« 8 mois » trahit")]);
        check("silence = [\"Bon, 1\"", "silence = [\"Huit mois\"", &[("lines.silence[0]", "« huit mois » trahit")]);
        // What is volunteered may stand anywhere, and half a word is no mark.
        check("pour une fuite", "pour l'entrée, dix-huit moissons", &[]);
    }

    #[test]
    fn a_sentence_of_the_trainee_means_one_thing() {
        check("about = [\"qui\"]", "about = [\"OÙ\"]", &[("fact[1].about[0]", "« OÙ » désigne déjà le fait « lieu »")]);
        check(
            "marks = [\"huit mois\"",
            "marks = [\"Entree\", \"huit mois\"",
            &[
                ("fact[0].says[0]", "« Entree » trahit"),
                ("fact[0].says[1]", "« Entree » trahit"),
                ("fact[0].says[2]", "« Entree » trahit"),
                ("fact[1].marks[0]", "« Entree » désigne déjà le fait « lieu »"),
            ],
        );
        check(
            "avoided = [\"réserve 1\"",
            "avoided = [\"Phrase 1.\"",
            &[("expects.traps[0].avoided[0]", "« Phrase 1. » désigne déjà le piège « promesse »")],
        );
    }

    #[test]
    fn faults_of_shape_and_of_meaning_are_told_together() {
        let text = sample::text().replace("difficulty = 1", "difficulty = 4").replace("sex = \"f\"\n", "");
        let text = text.replace("[\"technique\"]", "[\"x\"]").replace("hold_back = ", "hold_bakc = ");
        let faults = load("personas/essai.toml", &text, &sample::known()).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["difficulty", "caller.sex", "lines.hold_back", "lines.hold_bakc", "expects.services[0]",]);
        assert!(faults[3].fix.contains("hold_back"), "{}", faults[3].fix);
        assert_eq!(text.lines().nth(faults[0].line - 1), Some("difficulty = 4"));
    }
}
