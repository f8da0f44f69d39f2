use super::*;

const SOUND: &str = r#"
id = "essai"
title = "Livret d'essai"
about = "Une situation."
rubric = "grille"

[source]
sheet = "RNCP38052"
certification = "Chargé d'accueil"
certifier = "Un certificateur"
registered_until = "2026-09-20"
part = "Bloc 1"

[[situation]]
title = "Première"
channel = "desk"
part = [
  { kind = "scene", minutes = 5 },
  { kind = "queue", minutes = 5 },
  { kind = "conversation", minutes = 10 },
  { kind = "note", minutes = 5 },
  { kind = "questions", minutes = 5, themes = ["suivi"] },
]

[[competence]]
id = "C01"
label = "Accueillir"

[[criterion]]
id = "1.1"
competence = "C01"
label = "Les conditions sont remplies"

[[indicator]]
id = "1.1.a"
label = "Absence d'obstacle"
by = "booklet"

[[indicator]]
id = "1.1.b"
label = "Priorités"
by = "booklet"

[[indicator]]
id = "1.1.c"
label = "Écoute"
by = "conversation"
like = "1.2.b"

[[scene]]
id = "hall"
title = "Le hall"
text = "Vous entrez."
description = ["Une porte.", "Un comptoir.", "Un carton."]

[[scene.question]]
id = "gene"
text = "Qu'est-ce qui gêne ?"
marks = ["1.1.a", "1.1.b"]
choice = [
  { id = "carton", text = "Le carton", right = true, marks = "1.1.a", why = "Il gêne." },
  { id = "horloge", text = "L'horloge", right = false, marks = "1.1.a", why = "Elle aide." },
  { id = "canne", text = "L'homme à la canne", right = true, marks = "1.1.b", why = "Prioritaire." },
]

[[queue]]
id = "file"
title = "La file"
text = "Trois personnes."
order_marks = "1.1.a"
delay_marks = "1.1.b"
person = [
  { id = "papier", who = "Un homme", asks = "Un papier.", rank = 2, delay = "today", why = "Rien ne presse." },
  { id = "gaz", who = "Une voisine", asks = "Du gaz.", rank = 1, delay = "now", why = "Danger." },
  { id = "avis", who = "Une dame", asks = "Un avis.", rank = 2, delay = "today", also = ["later"], why = "Rien ne presse." },
]

[[question]]
id = "relance"
theme = "suivi"
text = "Comment suivez-vous ?"
marks = ["1.1.b"]
expects = [{ text = "Relancer.", words = ["relancer"] }]
"#;

fn grids() -> Grids {
    Grids::from([("grille".to_owned(), BTreeSet::from(["1.2.b".to_owned()]))])
}

/// Replaces `from` in the sound file and expects exactly these faults: field and start of the rule.
fn check(from: &str, to: &str, expected: &[(&str, &str)]) {
    assert!(SOUND.contains(from), "the sample has {from}");
    let text = SOUND.replacen(from, to, 1);
    let found = load("rubrics/livrets/essai.toml", &text, &grids()).map_or_else(|faults| faults, |_| Vec::new());
    let shown: Vec<_> = found.iter().map(|fault| (fault.field.as_str(), fault.rule.as_str())).collect();
    assert_eq!(found.len(), expected.len(), "{from} → {to}: {shown:#?}");
    for (fault, (field, rule)) in found.iter().zip(expected) {
        assert_eq!(fault.field, *field, "{from} → {to}");
        assert!(fault.rule.starts_with(rule), "{from} → {to}: {}", fault.rule);
    }
}

#[test]
fn a_sound_file_is_a_booklet_that_finds_its_parts() {
    let booklet = load("rubrics/livrets/essai.toml", SOUND, &grids()).unwrap();
    assert_eq!((booklet.id(), booklet.hash().len()), ("essai", 64));
    assert!(booklet.scene("hall").is_some() && booklet.queue("file").is_some());
    assert_eq!(booklet.question("relance").unwrap().marks, ["1.1.b"]);
    assert_eq!(booklet.indicators_of("1.1").count(), 3);
    assert_eq!(restore(SOUND).unwrap().hash(), booklet.hash());
}

#[test]
fn names_are_once_and_known() {
    check("id = \"essai\"", "id = \"autre\"", &[("id", "l'identifiant « autre » n'est pas le nom du fichier")]);
    check("rubric = \"grille\"", "rubric = \"grile\"", &[("rubric", "« grile » n'est pas une grille")]);
    check("like = \"1.2.b\"", "like = \"1.2.c\"", &[("indicator[2].like", "« 1.2.c » n'est pas un indicateur")]);
    check("id = \"1.1.c\"", "id = \"1.2.c\"", &[("indicator[2].id", "« 1.2.c » ne commence par aucun critère")]);
    check("id = \"relance\"", "id = \"gene\"", &[("question[0].id", "l'identifiant « gene » est déjà pris")]);
    check("2026-09-20", "20 septembre", &[("source.registered_until", "« 20 septembre » n'est pas une date")]);
    check(
        "marks = [\"1.1.b\"]",
        "marks = [\"1.1.x\"]",
        &[("question[0].marks[0]", "« 1.1.x » n'est pas un indicateur")],
    );
    check(
        "theme = \"suivi\"",
        "theme = \"suivi\"\nfamilies = [\"tecnique\"]",
        &[
            (
                "situation",
                "le thème « suivi » est tiré 1 fois ; questions qui conviennent à la famille « administrative » : 0",
            ),
            ("question[0].families[0]", "« tecnique » n'est pas une famille"),
        ],
    );
}

#[test]
fn what_is_asked_can_be_answered_and_marked() {
    check(
        "expects = [{ text = \"Relancer.\", words = [\"relancer\"] }]",
        "expects = []",
        &[("question[0].id", "une question est soit fermée")],
    );
    check(
        "right = true, marks = \"1.1.b\"",
        "right = false, marks = \"1.1.b\"",
        &[("scene[0].question[0].marks[1]", "aucun choix juste ne porte sur 1.1.b")],
    );
    check("right = false", "right = true", &[("scene[0].question[0].choice", "tous les choix sont justes")]);
    check(
        "right = false, marks = \"1.1.a\"",
        "right = false",
        &[("scene[0].question[0].choice[1].id", "cette question cote plusieurs indicateurs")],
    );
    check("delay_marks = \"1.1.b\"\n", "delay_marks = \"1.1.b\"\n\n", &[]);
    check(
        "rank = 2, delay = \"today\", why",
        "rank = 1, delay = \"today\", why",
        &[("queue[0].person", "les personnes sont déjà dans le bon ordre")],
    );
    check(
        "by = \"conversation\"\nlike = \"1.2.b\"",
        "by = \"booklet\"",
        &[("indicator[2].by", "aucune question ne cote 1.1.c")],
    );
    check("by = \"conversation\"", "by = \"people\"", &[("indicator[2].like", "seul un indicateur lu dans l'échange")]);
}

#[test]
fn what_is_drawn_can_be_sat() {
    check(
        "{ kind = \"conversation\", minutes = 10 },\n",
        "",
        &[
            ("situation[0].part", "0 échange dans cette situation"),
            ("situation[0].part[2].kind", "la note vient après l'échange"),
        ],
    );
    check("minutes = 10", "minutes = 90", &[("situation[0].part[2].minutes", "90 est hors limites")]);
    check(", themes = [\"suivi\"]", "", &[("situation[0].part[4].kind", "des questions sans thème")]);
    check(
        "themes = [\"suivi\"]",
        "themes = [\"suivie\"]",
        &[("situation[0].part[4].themes[0]", "« suivie » n'est pas un thème")],
    );
    check(
        "{ kind = \"scene\", minutes = 5 },",
        "{ kind = \"scene\", minutes = 5 },\n  { kind = \"scene\", minutes = 5 },",
        &[
            ("situation", "2 parties tirent un élément de scene"),
            ("situation[0].part[1].kind", "cette situation a déjà une partie"),
        ],
    );
    check(
        "theme = \"suivi\"\n",
        "",
        &[
            ("situation[0].part[4].themes[0]", "« suivi » n'est pas un thème"),
            ("question[0].id", "cette question n'est d'aucun thème"),
        ],
    );
}
