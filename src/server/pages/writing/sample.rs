//! Samples of the pages on which trainers write.

use super::super::site::Site;
use super::{
    Apart, Block, ChoiceView, Conflict, Control, DifferenceView, EntryView, FaultView, FieldView, GroupChoice, Head,
    Line, LineView, Origin, PartLink, Piece, ProblemLine, SaysView, SyntaxFault, TextFault, VersionLine, WritingForm,
    WritingList, WritingNew, WritingText, WritingTrial, WritingVersions,
};

impl Head {
    fn sample() -> Head {
        Head {
            id: "le-froid-au-rez-de-chaussee".into(),
            title: "Le froid au rez-de-chaussée".into(),
            saved: "Enregistrée le 22 novembre 2026 à 14 h 05 par Claire Martin".into(),
            state: "Version 3, pour Promotion 2026".into(),
            faults: 2,
        }
    }
}

fn problems() -> Vec<ProblemLine> {
    vec![
        ProblemLine {
            href: "/writing/le-froid-au-rez-de-chaussee?part=facts#champ-fact-0--marks".into(),
            way: "Ce qu'elle sait › Faits › 1 · depuis quand elle a froid › Marques".into(),
            rule: "liste vide, il en faut au moins 1".into(),
        },
        ProblemLine {
            href: "/writing/le-froid-au-rez-de-chaussee?part=temper#champ-temper-floor".into(),
            way: "L'humeur › Plancher".into(),
            rule: "la tension de départ (4) est déjà sous ce plancher".into(),
        },
    ]
}

fn field(name: &str, label: &str, help: &str, control: Control, faults: Vec<FaultView>) -> Piece {
    let (id, name) = (crate::writing::anchor(name), name.to_owned());
    Piece::Field(FieldView { id, name, label: label.into(), help: help.into(), control, faults })
}

fn difference() -> DifferenceView {
    DifferenceView {
        way: "Ce qu'elle sait › depuis quand elle a froid › Comment elle le dit › Calme".into(),
        lines: vec![
            LineView { class: "same", word: "", text: "Depuis dimanche, mon petit.".into() },
            LineView { class: "gone", word: "retiré", text: "Depuis hier.".into() },
            LineView { class: "come", word: "ajouté", text: "Ça a commencé dimanche soir, après le repas.".into() },
        ],
    }
}

fn conflict() -> Conflict {
    Conflict {
        who: "Marc Petit, le 22 novembre 2026 à 14 h 07".into(),
        theirs: vec![difference()],
        mine: vec![DifferenceView {
            way: "L'humeur › Plancher".into(),
            lines: vec![
                LineView { class: "gone", word: "retiré", text: "2".into() },
                LineView { class: "come", word: "ajouté", text: "5".into() },
            ],
        }],
        apart: vec![Apart { id: "a-part-1".into(), label: "Marques".into(), text: "dimanche\nquatre degrés".into() }],
    }
}

impl WritingForm {
    /// A fact with a fault, folded reactions, a choice.
    #[expect(clippy::too_many_lines, reason = "one page, field by field")]
    pub fn sample() -> WritingForm {
        let choice = |value: &str, label: &str, chosen| ChoiceView { value: value.into(), label: label.into(), chosen };
        let fault = FaultView { rule: "Liste vide, il en faut au moins 1".into(), fix: "ajoutez-en 1".into() };
        let says = |name: &str, label: &str, text: &str| match field(
            name,
            label,
            "",
            Control::Lines(text.into(), 4),
            Vec::new(),
        ) {
            Piece::Field(field) => field,
            Piece::Says(_) => unreachable!("a field"),
        };
        let entry = EntryView {
            id: "champ-fact-0-".into(),
            title: "1. depuis quand elle a froid".into(),
            open: true,
            count: 1,
            down: Some("down:fact[0]".into()),
            remove: Some("remove:fact[0]".into()),
            pieces: vec![
                field(
                    "fact[0].id",
                    "Identifiant",
                    "Court : « depuis-quand ».",
                    Control::Line("depuis-quand".into()),
                    Vec::new(),
                ),
                field(
                    "fact[0].text",
                    "Le fait, à la troisième personne",
                    "",
                    Control::Prose("Elle a froid depuis dimanche soir.".into()),
                    Vec::new(),
                ),
                field(
                    "fact[0].access",
                    "Quand il se dit",
                    "",
                    Control::One(vec![choice("asked", "Seulement si on le demande", true)]),
                    Vec::new(),
                ),
                field(
                    "fact[0].trust",
                    "Confiance nécessaire",
                    "De 1 à 10.",
                    Control::Number(String::new(), "5".into()),
                    Vec::new(),
                ),
                field(
                    "fact[0].marks",
                    "Marques",
                    "Les mots qu'on n'entend que lorsque ce fait est dit.",
                    Control::Lines(String::new(), 3),
                    vec![fault],
                ),
                Piece::Says(SaysView {
                    id: "champ-fact-0--says-dit".into(),
                    label: "Comment elle le dit".into(),
                    help: "Au moins trois formulations de même contenu, une par ligne.".into(),
                    act: "one_list:fact[0].says".into(),
                    act_label: "Une seule liste pour toutes les humeurs",
                    faults: Vec::new(),
                    fields: vec![
                        says("fact[0].says.calm", "Calme", "Depuis dimanche soir."),
                        says("fact[0].says.tense", "Tendue", "Dimanche. Dimanche soir."),
                    ],
                }),
            ],
            ..EntryView::default()
        };
        let folded = EntryView {
            id: "champ-fact-1-".into(),
            title: "2. qui vit avec elle".into(),
            up: Some("up:fact[1]".into()),
            remove: Some("remove:fact[1]".into()),
            pieces: vec![field("fact[1].id", "Identifiant", "", Control::Line("foyer".into()), Vec::new())],
            ..EntryView::default()
        };
        let services =
            Control::Several(vec![choice("technique", "Service technique", true), choice("gardien", "Gardien", false)]);
        WritingForm {
            site: Site::sample_for_trainer(),
            head: Head::sample(),
            revision: 12,
            parts: crate::writing::SectionId::all()
                .map(|id| PartLink {
                    name: id.name(),
                    title: id.title(),
                    faults: usize::from(id.name() == "facts"),
                    current: id.name() == "facts",
                })
                .collect(),
            part: "facts",
            title: "Ce qu'elle sait",
            about: "Un fait par bloc, dans l'ordre où ils sortent d'eux-mêmes.",
            blocks: vec![
                Block::Entries {
                    id: "champ-fact".into(),
                    label: "Faits".into(),
                    help: "Un fait : une chose que la personne sait et que l'accueil doit apprendre.".into(),
                    add: "add:fact".into(),
                    faults: Vec::new(),
                    entries: vec![entry, folded],
                },
                Block::Piece(field(
                    "expects.services",
                    "Services qui traitent la demande",
                    "Au moins un.",
                    services,
                    Vec::new(),
                )),
                Block::Group(EntryView {
                    id: "champ-cues".into(),
                    title: "Ce qui se voit".into(),
                    help: "Au comptoir seulement.".into(),
                    add: Some("add:cues".into()),
                    open: true,
                    ..EntryView::default()
                }),
            ],
            problems: problems(),
            saved: true,
            conflict: None,
            trials: vec![(
                "22 novembre 2026 à 14 h 12".into(),
                "/conversations/conv_01JD9Z0000000000000000000A/scorecard".into(),
            )],
        }
    }

    /// Two people wrote at once.
    pub fn sample_conflict() -> WritingForm {
        WritingForm { saved: false, conflict: Some(conflict()), ..WritingForm::sample() }
    }

    /// A section of a shipped situation as it is, without a fault.
    pub fn sample_reactions() -> WritingForm {
        let content = crate::content::shipped();
        let text = content.get(crate::content::Kind::Persona, "fuite-colere").map(|file| file.text.clone());
        let draft = crate::writing::Draft::read(&text.unwrap_or_default());
        let id = crate::writing::SectionId::named("reactions");
        let section =
            draft.zip(id).map(|(draft, id)| crate::writing::form(&draft, &crate::writing::Names::default(), id));
        WritingForm {
            head: Head { faults: 0, ..Head::sample() },
            part: "reactions",
            title: "Comment elle réagit",
            about: section.as_ref().map(|section| section.about).unwrap_or_default(),
            blocks: section.map(|section| super::blocks(&section.nodes, &[])).unwrap_or_default(),
            problems: Vec::new(),
            saved: false,
            ..WritingForm::sample()
        }
    }
}

impl WritingList {
    /// Own ones and one of a colleague.
    pub fn sample() -> WritingList {
        let line = |id: &str, title: &str, maker: &str, state: &str| Line {
            id: id.into(),
            title: title.into(),
            maker: maker.into(),
            saved: "22 novembre 2026 à 14 h 05, par Claire Martin".into(),
            state: state.into(),
        };
        WritingList {
            site: Site::sample_for_trainer(),
            own: vec![
                line(
                    "le-froid-au-rez-de-chaussee",
                    "Le froid au rez-de-chaussée",
                    "Claire Martin",
                    "Version 3, pour Promotion 2026",
                ),
                line("le-digicode", "Le digicode ne répond plus", "Claire Martin", "Jamais publiée"),
            ],
            shared: vec![line("les-encombrants", "Les encombrants", "Marc Petit", "Version 1, pour Promotion 2026")],
            notice: None,
        }
    }

    /// Nothing yet.
    pub fn sample_empty() -> WritingList {
        let notice = Some("La fiche « Le digicode ne répond plus » est supprimée.".into());
        WritingList { own: Vec::new(), shared: Vec::new(), notice, ..WritingList::sample() }
    }
}

impl WritingNew {
    /// Nothing typed yet.
    pub fn sample() -> WritingNew {
        let origin = |value: &str, title: &str, chosen| Origin { value: value.into(), title: title.into(), chosen };
        WritingNew::blank(
            Site::sample_for_trainer(),
            vec![
                origin("model", "Un modèle vide qui passe les vérifications", true),
                origin("file:panne-chauffage", "Le froid au sixième", false),
                origin("written:les-encombrants", "Les encombrants (Marc Petit)", false),
            ],
        )
    }

    /// A file that is no TOML, an id that is taken.
    pub fn sample_faulty() -> WritingNew {
        WritingNew {
            title: "Le froid au sixième".into(),
            id: "panne-chauffage".into(),
            copy_fault: Some(("id", "L'identifiant « panne-chauffage » est déjà pris.".into())),
            text: "id = \"le-froid\ntitle = \"Le froid\"\n".into(),
            import_fault: Some(("text", "Ce texte n'est pas du TOML : corrigez les lignes indiquées.".into())),
            syntax: vec![SyntaxFault {
                line: 1,
                excerpt: "id = \"le-froid".into(),
                rule: "texte mal fermé".into(),
                fix: "fermez le texte par \" sur la même ligne".into(),
            }],
            ..WritingNew::sample()
        }
    }
}

impl WritingText {
    /// A text with a fault.
    pub fn sample() -> WritingText {
        WritingText {
            site: Site::sample_for_trainer(),
            head: Head { faults: 1, ..Head::sample() },
            revision: 12,
            text: "id = \"le-froid-au-rez-de-chaussee\"\ntitle = \"Le froid au rez-de-chaussée\"\ndifficulty = 4\n"
                .into(),
            faults: vec![TextFault {
                line: 3,
                way: "La scène et le dossier › Difficulté".into(),
                excerpt: "difficulty = 4".into(),
                rule: "4 est hors limites".into(),
                fix: "écrivez un nombre de 1 à 3".into(),
            }],
            saved: false,
            conflict: None,
        }
    }

    /// Two people wrote at once.
    pub fn sample_conflict() -> WritingText {
        WritingText { conflict: Some(Conflict { apart: Vec::new(), ..conflict() }), ..WritingText::sample() }
    }
}

impl WritingTrial {
    /// Two faults.
    pub fn sample() -> WritingTrial {
        WritingTrial {
            site: Site::sample_for_trainer(),
            title: "Le froid au rez-de-chaussée".into(),
            back: "/writing/le-froid-au-rez-de-chaussee".into(),
            problems: problems(),
        }
    }
}

impl WritingVersions {
    /// Three versions, two of them compared.
    pub fn sample() -> WritingVersions {
        let version = |number, note: &str| VersionLine {
            number,
            when: format!("{}\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}05", 9 + number),
            by: "Claire Martin".into(),
            note: note.into(),
        };
        WritingVersions {
            site: Site::sample_for_trainer(),
            head: Head { faults: 0, ..Head::sample() },
            revision: 12,
            groups: vec![
                GroupChoice {
                    id: "grp_01JD9Z0000000000000000000A".into(),
                    name: "Promotion 2026".into(),
                    chosen: true,
                },
                GroupChoice {
                    id: "grp_01JD9Z0000000000000000000B".into(),
                    name: "Titre pro, soir".into(),
                    chosen: false,
                },
            ],
            others: vec!["Promotion de Marc".into()],
            problems: Vec::new(),
            fault: None,
            note: String::new(),
            changes: Some(vec![difference()]),
            versions: vec![version(3, "Un fait de plus sur le voisin"), version(2, "Ton plus calme"), version(1, "")],
            compared: Some(("De la version 2 à la version 3".into(), vec![difference()])),
            offered: true,
            removable: false,
            notice: Some("Version 3 publiée.".into()),
            shadowed: false,
        }
    }

    /// A draft that cannot be published yet.
    pub fn sample_draft() -> WritingVersions {
        WritingVersions {
            head: Head { state: "Jamais publiée".into(), ..Head::sample() },
            groups: Vec::new(),
            others: Vec::new(),
            problems: problems(),
            changes: None,
            versions: Vec::new(),
            compared: None,
            offered: false,
            removable: true,
            notice: None,
            shadowed: true,
            fault: Some("Corrigez d'abord les fautes de la fiche.".into()),
            ..WritingVersions::sample()
        }
    }
}
