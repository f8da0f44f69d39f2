//! What is heard in sentences as receptionists say, type and dictate them.
//!
//! `acts.rs` shows every act in four registers, beside sentences that only look like it; here, what is heard of the
//! situation: facts asked for, services, facts said back, traps.

mod acts;

use std::collections::BTreeSet;

use comptoir::content::Content;
use comptoir::hearing::{Context, Ears, Heard, hear};
use comptoir::utterance::Utterance;

/// The shipped characters, and what each listens for.
struct Desk {
    content: Content,
}

impl Desk {
    fn open() -> Desk {
        let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).expect("a sound directory");
        assert_eq!(content.faults(), [], "every file is sound");
        Desk { content }
    }

    fn ears(&self, persona: &str) -> Ears {
        let persona = self.content.persona(persona).expect("a shipped character");
        Ears::new(persona, self.content.organisation())
    }
}

/// Hears words said once these facts have been told.
fn hears(ears: &Ears, words: &str, told: &[&str]) -> Heard {
    let told: BTreeSet<String> = told.iter().map(|id| (*id).to_owned()).collect();
    let context = Context { trainee_turns: 1, last_words: None, told: &told, cuts_in: false };
    hear(&Utterance::new(words).expect("words"), ears, &context)
}

/// Hears words said after the other's, or before the other had finished.
fn hears_after(ears: &Ears, words: &str, last_words: &str, cuts_in: bool) -> Heard {
    let context = Context { trainee_turns: 1, last_words: Some(last_words), told: &BTreeSet::new(), cuts_in };
    hear(&Utterance::new(words).expect("words"), ears, &context)
}

#[test]
fn a_question_asks_for_its_fact_however_it_is_put() {
    let desk = Desk::open();
    for (persona, fact, questions) in [
        ("fuite-colere", "lieu-fuite", ["Où l'eau s'écoule-t-elle, précisément ?", "ça coule ds quelle piece"]),
        ("fuite-colere", "electricite", ["Y a-t-il un luminaire à proximité ?", "et la lampe elle est près de l'eau"]),
        ("impaye-honte", "foyer", ["Qui vit avec vous à la maison ?", "vs avez des enfants ?"]),
        ("impaye-honte", "caf", ["Avez-vous signalé votre situation à la CAF ?", "la caf elle est au courant"]),
        (
            "charges-incomprises",
            "annee-precedente",
            ["Et l'an dernier, c'était combien ?", "l annee d avant vs avez eu quoi"],
        ),
        ("charges-incomprises", "papier", ["Que lisez-vous sur le décompte ?", "vous lisez quoi sur la feuille"]),
    ] {
        let ears = desk.ears(persona);
        for question in questions {
            let asked = hears(&ears, question, &[]).asked;
            assert_eq!(asked.first().map(|fact| fact.id.as_str()), Some(fact), "{persona}: {question} -> {asked:?}");
            assert!(question.contains(&asked[0].quote), "{question}: « {} »", asked[0].quote);
        }
    }
}

#[test]
fn a_statement_asks_for_nothing_even_without_a_full_stop() {
    let desk = Desk::open();
    for (persona, words) in [
        ("charges-incomprises", "ben c'est automatique"),
        ("charges-incomprises", "c'est normal c'est le chauffage"),
        ("panne-chauffage", "j'appelle le gardien, il vous apporte un radiateur"),
        ("menaces-comptoir", "C'est elle qui décide de l'attribution."),
        ("rgpd-soeur", "le secret s'applique aussi aux partenaires"),
    ] {
        let asked = hears(&desk.ears(persona), words, &[]).asked;
        assert!(asked.is_empty(), "{persona}: {words} -> {asked:?}");
    }
}

#[test]
fn two_questions_ask_for_two_facts() {
    let desk = Desk::open();
    for (persona, words, facts) in [
        ("fuite-colere", "Où est la fuite ? Et avez-vous prévenu votre assurance ?", ["assurance", "lieu-fuite"]),
        ("impaye-honte", "Qui vit avec vous ? Et combien touchez-vous du chômage ?", ["foyer", "ressources"]),
    ] {
        let mut asked: Vec<String> =
            hears(&desk.ears(persona), words, &[]).asked.into_iter().map(|fact| fact.id).collect();
        asked.sort();
        assert_eq!(asked, facts, "{persona}: {words}");
    }
}

#[test]
fn services_are_known_by_the_names_people_use() {
    let desk = Desk::open();
    let ears = desk.ears("fuite-colere");
    for (words, services) in [
        ("Je préviens le gestionnaire technique.", &["technique"][..]),
        ("je demande à ma responsable et au gardien", &["responsable", "gardien"]),
        ("La conseillère sociale vous recevra avec le chargé de recouvrement.", &["social", "recouvrement"]),
        ("Appelez les pompiers.", &["secours"]),
        ("Je regarde votre dossier.", &[]),
    ] {
        let mut heard: Vec<String> = hears(&ears, words, &[]).services.into_iter().map(|service| service.id).collect();
        heard.sort();
        let mut expected = services.to_vec();
        expected.sort_unstable();
        assert_eq!(heard, expected, "{words}");
    }
}

#[test]
fn only_a_told_fact_is_said_back_and_a_wrong_figure_is_wrong() {
    let desk = Desk::open();
    let ears = desk.ears("fuite-colere");
    let check = |words: &str, told: &[&str], expect: &[(&str, bool)]| {
        let restated = hears(&ears, words, told).restated;
        let got: Vec<(&str, bool)> = restated.iter().map(|fact| (fact.id.as_str(), fact.right)).collect();
        assert_eq!(got, expect, "{words}");
    };
    check("Donc ça dure depuis trois semaines.", &["depuis-quand"], &[("depuis-quand", true)]);
    check("Donc ça dure depuis trois semaines.", &[], &[]);
    check("Donc ça dure depuis cinq semaines.", &["depuis-quand"], &[("depuis-quand", false)]);
    check("On passera d'ici deux semaines.", &["depuis-quand"], &[]);
}

#[test]
fn a_trap_is_fallen_into_or_avoided_never_both_in_one_sentence() {
    let desk = Desk::open();
    for (persona, trap, falls, avoids) in [
        (
            "impaye-honte",
            "menace",
            "Vous risquez l'expulsion si vous ne payez pas vos loyers.",
            "Personne ne parle d'expulsion aujourd'hui, c'est une simple relance.",
        ),
        (
            "charges-incomprises",
            "erreur",
            "C'est sûrement une erreur, on va vous rembourser.",
            "Je ne peux pas vous promettre de remise, c'est le service charges qui vérifie.",
        ),
        (
            "fuite-colere",
            "promesse",
            "Le plombier sera chez vous à quatorze heures, promis.",
            "Je ne peux pas vous garantir l'heure du passage.",
        ),
    ] {
        let ears = desk.ears(persona);
        let ids = |found: &[comptoir::hearing::Recognised]| found.iter().any(|found| found.id == trap);
        let fallen = hears(&ears, falls, &[]);
        assert!(ids(&fallen.traps) && !ids(&fallen.avoided), "{persona}: {falls} -> {fallen:?}");
        let avoided = hears(&ears, avoids, &[]);
        assert!(ids(&avoided.avoided) && !ids(&avoided.traps), "{persona}: {avoids} -> {avoided:?}");
    }
}
