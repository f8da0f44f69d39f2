//! The smallest persona file without a fault, for tests that break it.

use std::fmt::Write as _;

use super::check::Known;
use super::fact::Topic;
use super::persona::Persona;
use super::temper::Stimulus;

/// What [`text`] refers to.
pub(crate) fn known() -> Known {
    let set = |list: &[&str]| list.iter().map(|id| (*id).to_owned()).collect();
    Known { services: set(&["technique", "gardien"]), indicators: set(&["5.1.a", "5.1.b", "6.1.b"]) }
}

/// A caller with two facts: one volunteered, one that takes trust.
#[expect(clippy::too_many_lines, reason = "one file, as it is written")]
pub(crate) fn text() -> String {
    let list = |word: &str, count: usize| {
        let words: Vec<String> = (1..=count).map(|i| format!("\"{word} {i}\"")).collect();
        format!("[{}]", words.join(", "))
    };
    let mut text = String::from(
        r#"id = "essai"
title = "Un essai"
family = "technique"
channel = "phone"
difficulty = 1
minutes = 5
summary = "Une personne appelle."
trains = ["Écouter", "Orienter"]
need = "Être entendue."
scene = "Téléphone, 9 h."
opening = "Bonjour, c'est pour une fuite."
not_applicable = ["6.1.b"]

[caller]
name = "Anne Essai"
address_as = "Madame Essai"
age = 40
sex = "f"
status = "locataire"
register = "calme"
handset = "06 12 34 56 78"
vulnerabilities = []

[screen]
lines = ["ESSAI Anne"]

[temper]
tension = 4
trust = 4
breaking_point = 9
floor = 2
at_break = "Elle raccroche."
raises = []
lowers = []

"#,
    );
    let (asked, asked_too) = (list("question", 15), list("demande", 15));
    let _ = write!(
        text,
        r#"[[fact]]
id = "lieu"
text = "La fuite est dans l'entrée."
label = "où est la fuite"
access = "volunteered"
asked_by = {asked}
about = ["où"]
marks = ["entrée"]
restated_by = ["entrée"]
says = ["Dans l'entrée.", "L'Entree, là.", "C'est l'entrée."]
again = ["Je l'ai dit.", "Toujours pareil."]

[[fact]]
id = "enfant"
text = "Elle a un bébé de huit mois."
label = "qui vit là"
access = "trust"
asked_by = {asked_too}
about = ["qui"]
marks = ["huit mois", "8 mois"]
restated_by = ["bébé"]
says = {{ calm = ["Il a huit mois.", "Mon petit a 8 mois.", "Huit mois, mon bébé."], tense = ["8 mois.", "Huit mois, voilà.", "Il a 8 mois, là."] }}
again = ["Mon bébé.", "Le petit."]
withheld = ["Ça ne regarde que moi.", "Peu importe.", "On verra."]

[identity]
"#
    );
    for topic in Topic::ALL {
        let _ = writeln!(text, "{} = {}", topic.name(), list("réponse", 3));
    }
    text.push_str("\n[reactions]\n");
    for stimulus in Stimulus::ALL {
        let _ = writeln!(text, "{} = {{ says = {} }}", stimulus.name(), list("Ah,", 2));
    }
    let _ = write!(
        text,
        "\n[[trigger]]\nid = \"ticket\"\nheard = {}\ntension = 1\nwhy = \"Vous avez demandé un ticket.\"\nsays = {}\n\n\
         [[small_talk]]\nheard = {}\nsays = {}\n\n[lines]\n",
        list("votre ticket", 6),
        list("Un ticket,", 2),
        list("beau temps", 3),
        list("Oui,", 2)
    );
    for (name, count) in LINES {
        let _ = writeln!(text, "{name} = {}", list("Bon,", *count));
    }
    let _ = write!(
        text,
        r#"
[expects]
services = ["technique"]
also_accept = ["gardien"]
urgency = "week"
escalation = "if_tension"
escalate_to = ["gardien"]
need_heard = {eight}
urgency_heard = {eight}

[[expects.rules]]
id = "entretien"
text = "Le bailleur entretient."
source = "loi"
heard = {eight}

[[expects.next_step]]
id = "appeler"
text = "Appeler le technicien."
heard = {eight}

[[expects.traps]]
id = "promesse"
text = "Promettre."
against = "5.1.a"
heard = {eight}
avoided = {reserved}

[examples]
"5.1.a" = "Que se passe-t-il ?"
"5.1.b" = "C'est bien cela ?"
"#,
        eight = list("phrase", 8),
        reserved = list("réserve", 8)
    );
    text
}

const LINES: &[(&str, usize)] = &[
    ("not_understood", 4),
    ("does_not_know", 4),
    ("listens", 10),
    ("presses", 10),
    ("ignored", 4),
    ("silence", 4),
    ("repeats", 3),
    ("hold_start", 3),
    ("hold_back", 3),
    ("hold_long", 3),
    ("transferred", 3),
    ("transferred_wrong", 3),
    ("colleague", 3),
    ("manager", 3),
    ("warns", 3),
    ("breaks_off", 3),
    ("ends_content", 3),
    ("ends_neutral", 3),
    ("ends_tense", 3),
];

/// The same person, with words of its own in every list (`presses 1`), and with these changes to the file.
pub(crate) fn persona(changes: &[(&str, &str)]) -> Persona {
    let mut text: String = text()
        .lines()
        .map(|line| {
            let list = line.split(" = ").next().unwrap_or_default();
            line.replace("Bon,", list).replace("Ah,", list).replace("réponse", list) + "\n"
        })
        .collect();
    for (from, to) in changes {
        assert!(text.contains(from), "the sample has {from}");
        text = text.replacen(from, to, 1);
    }
    super::load("essai.toml", &text, &known()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}
