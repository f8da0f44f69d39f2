//! Samples of the parts of an exam and of its report.

use super::booklet_report::{
    BookletReport, CompetenceView, CriterionView, IndicatorView, InterruptionView, MarkView, SituationView,
    StandingView,
};
use super::booklet_step::{
    BookletStep, BriefView, ChoiceField, NoteView, PersonRow, QuestionField, QueueView, SceneView, Task,
};
use super::handoff::HandoffPage;
use super::site::Site;
use super::sitting::SittingBar;
use crate::scoring::Level;

fn open(id: &str, text: &str, words: &str) -> QuestionField {
    QuestionField {
        id: id.into(),
        text: text.into(),
        help: Some("Quelques phrases suffisent. Votre formateur appréciera cette réponse.".into()),
        material: Vec::new(),
        choices: Vec::new(),
        words: words.into(),
        problem: None,
        versions: 2,
    }
}

fn closed(id: &str, text: &str, choices: &[(&str, bool)]) -> QuestionField {
    let choice = |(n, (text, ticked)): (usize, &(&str, bool))| ChoiceField {
        id: format!("c{n}"),
        text: (*text).to_owned(),
        ticked: *ticked,
    };
    QuestionField {
        choices: choices.iter().enumerate().map(choice).collect(),
        help: Some("Plusieurs réponses. Ce qui est coché à tort compte contre vous.".into()),
        ..open(id, text, "")
    }
}

impl BookletStep {
    fn sample_of(name: &str, task: Task, questions: Vec<QuestionField>) -> BookletStep {
        BookletStep {
            site: Site::sample(),
            sitting: SittingBar::sample(),
            step: 0,
            name: name.into(),
            task,
            questions,
            seen: 4,
            problems: Vec::new(),
            stale: false,
            kept: Some("10\u{a0}h\u{a0}12".into()),
            last: false,
        }
    }

    /// A drawn scene.
    pub fn sample_scene() -> BookletStep {
        let scene = SceneView {
            id: "lundi-cartons".into(),
            title: "Lundi, 8 h 40 : la semaine commence".into(),
            text: "L’agence a ouvert il y a dix minutes. Une livraison est arrivée, quatre personnes attendent.".into(),
            description: vec![
                "À gauche, la porte d’entrée vitrée ; une affiche y donne les horaires.".into(),
                "Devant le comptoir, au sol, deux cartons de livraison et un diable.".into(),
                "Au mur, un présentoir à quatre cases : les quatre sont pleines.".into(),
            ],
        };
        let ticks = [
            ("Les cartons et le diable devant le comptoir", true),
            ("Le porte-parapluies à côté de la porte", false),
            ("La plante entre l’agent et la personne reçue", true),
        ];
        let questions = vec![
            closed("corriger", "Qu’est-ce qui est à corriger avant de recevoir la première personne ?", &ticks),
            open("propositions", "Par quoi commencez-vous ?", "Je libère le passage."),
        ];
        BookletStep::sample_of("Lire l’accueil", Task::Scene(scene), questions)
    }

    /// A queue half ordered.
    pub fn sample_queue() -> BookletStep {
        let person = |id: &str, who: &str, asks: &str, chosen: usize| PersonRow {
            id: id.into(),
            who: who.into(),
            asks: asks.into(),
            delays: [
                ("now", "Tout de suite"),
                ("minutes", "Dans les minutes qui suivent"),
                ("today", "Dans la journée"),
            ]
            .into_iter()
            .enumerate()
            .map(|(at, (value, name))| (value, name, at == chosen))
            .collect(),
        };
        let queue = QueueView {
            title: "Lundi, 8 h 30 : l’ouverture".into(),
            text: "Vous êtes seule ou seul à l’accueil jusqu’à 9 h 30. Le téléphone sonne sur deux lignes.".into(),
            people: vec![
                person("gaz", "Ligne 1 : une habitante", "Elle dit que ça sent le gaz dans l’escalier.", 0),
                person("enceinte", "Une femme enceinte, debout", "Elle dépose des pièces pour sa demande.", 1),
                person("quittance", "Un jeune homme", "Il voudrait la copie d’une quittance.", 9),
            ],
        };
        let questions = vec![open("justifier", "Justifiez votre ordre : quels critères avez-vous appliqués ?", "")];
        BookletStep::sample_of("Ordonner la file d’attente", Task::Queue(queue), questions)
    }

    /// Someone calls.
    pub fn sample_brief() -> BookletStep {
        let brief = super::Brief::sample();
        let view = BriefView {
            title: brief.title,
            by_phone: true,
            scene: brief.scene,
            record: brief.record,
            portrait: None,
            handset: brief.handset,
            resume: None,
            broken: false,
            voice: true,
        };
        BookletStep::sample_of("Mener l’échange", Task::Conversation(view), Vec::new())
    }

    /// A note begun.
    pub fn sample_note() -> BookletStep {
        let page = HandoffPage::sample();
        let note = NoteView {
            caller: page.caller,
            services: page.services,
            urgencies: page.urgencies,
            summary: "Fuite au plafond de la cuisine, eau près du plafonnier.".into(),
            lines: page.lines,
        };
        let mut step = BookletStep::sample_of("Écrire la note de transmission", Task::Note(note), Vec::new());
        step.problems = vec![("service".into(), "Choisissez le service auquel vous transmettez la demande.".into())];
        step
    }

    /// Questions after the exchange.
    pub fn sample_questions() -> BookletStep {
        let mut figures = open("indicateurs", "Proposez trois indicateurs à suivre chaque semaine.", "");
        figures.material = vec![
            "Personnes reçues au comptoir : 142, dont 61 le lundi".into(),
            "Appels reçus : 318 ; appels décrochés : 251".into(),
        ];
        let ticks = [("Vous relancez le service par téléphone", true), ("Vous attendez", false)];
        let questions =
            vec![figures, closed("relance", "À 11 h 40, le service n’a pas répondu. Que faites-vous ?", &ticks)];
        BookletStep { last: true, ..BookletStep::sample_of("Répondre aux questions", Task::Questions, questions) }
    }

    /// An answer far too long, and another tab.
    pub fn sample_faulty() -> BookletStep {
        let mut step = BookletStep::sample_questions();
        let fault =
            "Cette réponse compte 50000 caractères, 8000 au plus. Raccourcissez-la : elle n’est pas encore gardée.";
        step.questions[0].problem = Some(fault.into());
        step.problems = vec![("q-indicateurs".into(), fault.into())];
        step.stale = true;
        step
    }
}

fn mark(anchor: &str, origin: &str, state: &'static str, level: Option<Level>) -> MarkView {
    MarkView {
        anchor: anchor.into(),
        origin: origin.into(),
        address: None,
        level,
        state,
        reason: String::new(),
        quotes: Vec::new(),
        found: Vec::new(),
        missed: Vec::new(),
        wrong: Vec::new(),
        asked: None,
        answer: None,
        signs: Vec::new(),
        verdict: None,
        judge: None,
    }
}

impl BookletReport {
    /// A booklet sat whole, as whoever sat it reads it.
    #[expect(clippy::too_many_lines, reason = "one field after the other")]
    pub fn sample() -> BookletReport {
        let exchange = MarkView {
            address: Some("/conversations/conv_01JD9Z0000000000000000000A/scorecard".into()),
            reason: "Deux questions sur la demande, dont une ouverte.".into(),
            quotes: vec!["Que s’est-il passé depuis votre dernier appel".into()],
            ..mark("m1", "Échange 1", "proposed", Some(Level::Observed))
        };
        let scene = MarkView {
            found: vec!["Les cartons et le diable devant le comptoir".into()],
            wrong: vec![("Le porte-parapluies à côté de la porte".into(), "Contre le mur, il ne gêne pas.".into())],
            judge: Some(("1.1.a".into(), "cartons-corriger".into())),
            ..mark("m2", "Situation 1, lire l’accueil, question 1", "proposed", Some(Level::Missed))
        };
        let answered = MarkView {
            asked: Some("Par quoi commencez-vous ?".into()),
            answer: Some("Je libère le passage.\nPuis je donne une chaise à la dame.".into()),
            signs: vec![
                ("Libérer l’accès au comptoir.".into(), Some("Je libère le passage.".into())),
                ("Rétablir le face-à-face.".into(), None),
            ],
            judge: Some(("3.1.a".into(), "cartons-propositions".into())),
            ..mark("m3", "Situation 1, lire l’accueil, question 4", "open", None)
        };
        let decided = MarkView {
            answer: Some("Je relance le service.".into()),
            asked: Some("Que faites-vous, dans l’ordre ?".into()),
            verdict: Some((
                "Claire Martin".into(),
                "mardi 3 mars 2026 à 9 h 20".into(),
                "La relance y est, pas le locataire.".into(),
            )),
            judge: Some(("12.2.a".into(), "suivi-silence".into())),
            ..mark("m4", "Situation 2, répondre aux questions, question 2", "judged", Some(Level::Partial))
        };
        let competence = |id: &str, label: &str, cr: (&str, &str), indicator: (&str, &str), mark: MarkView| {
            let standing = match (mark.state, mark.level) {
                ("open", _) => StandingView { open: 1, ..StandingView::default() },
                (_, Some(Level::Observed)) => StandingView { observed: 1, ..StandingView::default() },
                (_, Some(Level::Partial)) => StandingView { partial: 1, ..StandingView::default() },
                _ => StandingView { missed: 1, ..StandingView::default() },
            };
            CompetenceView {
                id: id.into(),
                label: label.into(),
                standing,
                criteria: vec![CriterionView {
                    id: cr.0.into(),
                    label: cr.1.into(),
                    applies: true,
                    indicators: vec![IndicatorView {
                        id: indicator.0.into(),
                        label: indicator.1.into(),
                        marks: vec![mark],
                    }],
                }],
            }
        };
        BookletReport {
            site: Site::sample(),
            id: "bkl_01JD9Z0000000000000000000A".into(),
            title: "Livret blanc du bloc 1".into(),
            person: Some("Nadia B.".into()),
            begun: "commencé le lundi 2 mars 2026 à 10 h 05".into(),
            state: "Livret passé en entier.".into(),
            over: true,
            part: "Critères : fiche RNCP38052, bloc 1 (AFPOLS)".into(),
            standing: StandingView { observed: 21, partial: 9, missed: 4, open: 12 },
            competences: vec![
                competence(
                    "C01",
                    "Créer des conditions d’accueil professionnelles",
                    ("1.1", "Les conditions d’accueil professionnelles sont remplies"),
                    ("1.1.a", "Absence d’obstacle entre la personne et le bureau d’accueil"),
                    scene,
                ),
                competence(
                    "C03",
                    "Participer à l’aménagement de l’espace accueil",
                    ("3.1", "L’espace d’accueil est pensé pour les échanges"),
                    ("3.1.a", "Faciliter les échanges"),
                    answered,
                ),
                competence(
                    "C05",
                    "Faire le diagnostic de la situation exposée",
                    ("5.1", "La phase d’investigation est respectée"),
                    ("5.1.a", "Des questions de compréhension sont posées"),
                    exchange,
                ),
                competence(
                    "C12",
                    "Diffuser les informations et suivre les dossiers",
                    ("12.2", "Le dossier est suivi dans une logique de résultat"),
                    ("12.2.a", "Les interlocuteurs sont relancés en cas de non-réponse"),
                    decided,
                ),
            ],
            situations: vec![SituationView {
                title: "Première situation".into(),
                drawn: "La lettre de relance".into(),
                channel: "Au comptoir".into(),
                scorecard: Some("/conversations/conv_01JD9Z0000000000000000000A/scorecard".into()),
                parts: vec![
                    ("Lire l’accueil".into(), "7 min 40 s".into(), "10 min".into(), "terminée"),
                    ("Mener l’échange".into(), "15 min".into(), "15 min".into(), "temps écoulé"),
                ],
            }],
            interruptions: vec![InterruptionView {
                when: "lundi 2 mars 2026 à 10 h 12".into(),
                during: "Première situation · Lire l’accueil".into(),
                lasted: "19 min".into(),
                given_back: "18 min 30 s".into(),
            }],
            total: "Temps utilisé : 2 h 41".into(),
            extra_percent: 0,
            blind: 0,
            trainer: false,
            versions: "Livret bloc1 (version 1a2b3c4d), règles version 0.1.0.".into(),
        }
    }

    /// The same as the person's trainer reads it.
    pub fn sample_trainer() -> BookletReport {
        BookletReport {
            site: Site::sample_for_trainer(),
            trainer: true,
            blind: 1,
            extra_percent: 33,
            ..BookletReport::sample()
        }
    }
}
