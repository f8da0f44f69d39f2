//! Reviews, comparisons, lists of reviews and prepared exchanges to look at.

use super::rating::{LastStep, Proposal, RatedAxis, RatedMark, RatedText, RatedTurn, RatingForm};
use super::{
    AgreementPage, AgreementRow, AgreementTable, CalibratedMark, CalibrationCompare, CalibrationPage, CalibrationRate,
    ComparedMark, ComparedSide, ConflictRow, Exercise, GroupReviews, PastRating, ReviewCompare, ReviewConflict,
    ReviewPage, Scorecard, Site, ToReview,
};
use crate::scoring::Decision;
use crate::scoring::agreement::Measure;

const ID: &str = "conv_01JD9Z0000000000000000000C";
const GROUP: &str = "grp_01JD9Z0000000000000000000G";

impl RatingForm {
    /// Half decided: one level changed, one turn commented.
    pub fn sample() -> RatingForm {
        let card = Scorecard::sample();
        let mut decided = 0;
        let mut mark = |mark: &super::IndicatorMark| {
            decided += 1;
            let decision = (decided <= 12).then(|| Decision::of(mark.level));
            RatedMark {
                id: mark.id.clone(),
                label: mark.label.clone(),
                criterion: mark.criterion.clone(),
                guide: ["Deux questions ouvertes.".into(), "Une seule question.".into(), "Aucune question.".into()],
                precision: Some("Une question de politesse ne compte pas.".into()),
                proposal: Some(Proposal {
                    level: mark.level,
                    reason: mark.reason.clone(),
                    evidence: mark.evidence.clone(),
                    sides: None,
                    doubt: (mark.id == "7.2.a").then(|| "Le modèle donne un autre niveau.".into()),
                }),
                decision: if mark.id == "5.1.a" { Some(Decision::Partial) } else { decision },
                reason: if mark.id == "5.1.a" { "Une seule question vraiment ouverte.".into() } else { String::new() },
                words: if mark.id == "5.1.a" {
                    "[4] Dites-moi où coule l’eau exactement".into()
                } else {
                    String::new()
                },
                quotable: true,
                faults: Vec::new(),
            }
        };
        let axes: Vec<RatedAxis> = card
            .grid
            .iter()
            .map(|axis| RatedAxis {
                id: axis.id.clone(),
                name: axis.name.clone(),
                marks: axis.marks.iter().map(&mut mark).collect(),
            })
            .collect();
        let undecided = axes.iter().flat_map(|axis| &axis.marks).filter(|mark| mark.waits()).count();
        let turns = card.turns.into_iter().map(|mut turn| {
            if turn.mine() {
                turn.name = "Nadia B.".into();
            }
            let text = if turn.index == 5 { "Ici, deux sigles d’un coup." } else { "" };
            RatedTurn { comment: RatedText { text: text.into(), fault: None }, turn }
        });
        RatingForm {
            action: super::paths::review(ID),
            version: 3,
            base: 0,
            turns: turns.collect(),
            handoff: card.handoff,
            axes,
            general: Some(RatedText { text: "Vous avez tenu l’échange.".into(), fault: None }),
            undecided,
            blind: false,
            objections: Vec::new(),
            last: LastStep::Publish,
        }
    }

    /// The same without automatic marks.
    pub fn sample_blind() -> RatingForm {
        let mut form = RatingForm { blind: true, last: LastStep::Finish, ..RatingForm::sample() };
        for mark in form.axes.iter_mut().flat_map(|axis| &mut axis.marks) {
            mark.proposal = None;
        }
        form.turns.iter_mut().for_each(|rated| rated.turn.quotes.clear());
        form
    }
}

impl ReviewPage {
    /// A review under way.
    pub fn sample() -> ReviewPage {
        ReviewPage {
            site: Site::sample_for_trainer(),
            id: ID.into(),
            title: "Troisième appel pour une fuite".into(),
            trainee: "Nadia B.".into(),
            caller: "Karim Belkacem".into(),
            channel: "Au téléphone",
            held_on: "22\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}05".into(),
            ending: "Nadia B. a raccroché, après 6\u{a0}min\u{a0}20\u{a0}s.".into(),
            groups: vec![(GROUP.into(), "Promotion 2026".into())],
            standing: vec!["Votre brouillon a été enregistré le 22 novembre 2026 à 18 h 12.".into()],
            asked: Some("22\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}20".into()),
            history: Vec::new(),
            blind_with: None,
            finished: false,
            compare: None,
            form: RatingForm::sample(),
        }
    }

    /// Sent with things missing.
    pub fn sample_lacking() -> ReviewPage {
        let mut form = RatingForm::sample();
        form.objections = vec![
            ("i-7.2.a".into(), "9 cotations restent à décider.".into()),
            (
                "i-5.1.a".into(),
                "5.1.a : « [4] Dites-moi tout » : ces mots ne sont pas dans un tour du stagiaire.".into(),
            ),
        ];
        form.axes[0].marks[2].faults =
            vec!["« [4] Dites-moi tout » : ces mots ne sont pas dans un tour du stagiaire.".into()];
        ReviewPage { form, asked: None, ..ReviewPage::sample() }
    }

    /// Given blind to be.
    pub fn sample_blind() -> ReviewPage {
        let blind_with = Some("Omar Diallo".into());
        ReviewPage { form: RatingForm::sample_blind(), blind_with, standing: Vec::new(), ..ReviewPage::sample() }
    }

    /// Given blind.
    pub fn sample_given() -> ReviewPage {
        ReviewPage { finished: true, asked: None, ..ReviewPage::sample_blind() }
    }
}

impl ReviewConflict {
    /// Another tab was faster.
    pub fn sample() -> ReviewConflict {
        let value = |value: &str, shown: &str| (value.to_owned(), shown.to_owned());
        ReviewConflict {
            site: Site::sample_for_trainer(),
            title: "Troisième appel pour une fuite".into(),
            trainee: "Nadia B.".into(),
            action: super::paths::review(ID),
            told: "Omar Diallo a publié une relecture de cet échange le 22 novembre 2026 à 18 h 20, après l'ouverture de la vôtre.".into(),
            theirs: "Publié par Omar Diallo".into(),
            version: 4,
            base: 1,
            rows: vec![
                ConflictRow {
                    field: "level-5.1.a".into(),
                    label: "5.1.a · niveau".into(),
                    mine: value("partial", "partiel"),
                    theirs: value("observed", "observé"),
                },
                ConflictRow {
                    field: "general".into(),
                    label: "Votre mot sur l'ensemble".into(),
                    mine: value("Vous avez tenu l’échange.", "Vous avez tenu l’échange."),
                    theirs: value("", ""),
                },
            ],
            same: vec![("level-1.2.a".into(), "observed".into())],
        }
    }
}

impl ReviewCompare {
    /// Two who differ on one mark.
    pub fn sample() -> ReviewCompare {
        let side = |decision, reason: &str| ComparedSide {
            decision: Some(decision),
            reason: reason.into(),
            words: String::new(),
        };
        ReviewCompare {
            site: Site::sample_for_trainer(),
            id: ID.into(),
            title: "Troisième appel pour une fuite".into(),
            trainee: "Nadia B.".into(),
            readers: ["Claire Martin".into(), "Omar Diallo".into()],
            summary: "26 cotations sur 27 sont les mêmes ; kappa pondéré sur cet échange : 0,94.".into(),
            differing: vec![ComparedMark {
                id: "5.1.a".into(),
                label: "Des questions ouvertes sont posées".into(),
                sides: [side(Decision::Partial, "Une seule question ouverte."), side(Decision::Observed, "")],
                automatic: "observé",
                chosen: None,
            }],
            agreed: vec![ComparedMark {
                id: "1.2.a".into(),
                label: "L’accueil est personnalisé".into(),
                sides: [side(Decision::Observed, ""), side(Decision::Observed, "")],
                automatic: "observé",
                chosen: None,
            }],
            settled: None,
            fault: None,
        }
    }
}

impl GroupReviews {
    /// A morning's list.
    pub fn sample() -> GroupReviews {
        let one = |last: char, trainee: &str, title: &str, why: &[&str], urgent: bool| {
            let id = format!("conv_01JD9Z0000000000000000000{last}");
            ToReview {
                href: super::paths::review(&id),
                id,
                title: title.into(),
                trainee: trainee.into(),
                when: "22 novembre 2026 à 9 h 12".into(),
                why: why.iter().map(|why| (*why).to_owned()).collect(),
                urgent,
                can_be_blind: true,
            }
        };
        GroupReviews {
            site: Site::sample_for_trainer(),
            id: GROUP.into(),
            name: "Promotion 2026".into(),
            awaiting: vec![
                one(
                    'A',
                    "Nadia B.",
                    "Troisième appel pour une fuite",
                    &["demandée par le stagiaire le 22 novembre 2026"],
                    true,
                ),
                one(
                    'B',
                    "Yanis K.",
                    "Les gens du dessus",
                    &["3 cotations à vérifier", "échange rompu", "premier essai"],
                    false,
                ),
                one('C', "Nadia B.", "Le froid au sixième", &[], false),
            ],
            more: 12,
            under_way: vec![one('D', "Lina M.", "312 euros de plus", &["en aveugle : la vôtre est attendue"], false)],
            published: vec![one(
                'E',
                "Yanis K.",
                "Le dossier refusé",
                &["publiée par Omar Diallo le 21 novembre 2026 à 17 h 02", "modifié depuis"],
                false,
            )],
            more_published: 0,
            others: vec![("vis_01JD9Z0000000000000000000T".into(), "Omar Diallo".into())],
        }
    }

    /// Nothing yet.
    pub fn sample_empty() -> GroupReviews {
        GroupReviews {
            awaiting: Vec::new(),
            more: 0,
            under_way: Vec::new(),
            published: Vec::new(),
            others: Vec::new(),
            ..GroupReviews::sample()
        }
    }
}

impl AgreementPage {
    /// Enough for some indicators, not for others.
    pub fn sample() -> AgreementPage {
        let row = |id: &str, label: &str, readings: usize, exact: usize, kappa: f64| AgreementRow {
            id: id.into(),
            label: label.into(),
            measure: Measure { readings, items: readings, exact, within_one: readings, error: 0.2, kappa: Some(kappa) },
        };
        let table = |readings: usize| AgreementTable {
            readings,
            pooled: row("pooled", "pooled", readings, readings * 4 / 5, 0.74),
            axes: vec![row("ecoute", "Écoute active", readings, readings * 3 / 4, 0.68)],
            indicators: vec![
                row("1.2.a", "L’accueil est personnalisé", readings, readings, 1.0),
                row("10.2.a", "Une aide est demandée", 3, 2, 0.4),
            ],
        };
        AgreementPage {
            site: Site::sample_for_trainer(),
            id: GROUP.into(),
            name: "Promotion 2026".into(),
            automatic: table(24),
            trainers: table(4),
        }
    }
}

impl CalibrationPage {
    /// After three ratings.
    pub fn sample() -> CalibrationPage {
        let past = |day: &str, kappa: f64, text: &str| PastRating {
            day: day.into(),
            title: "Troisième appel pour une fuite".into(),
            kappa,
            kappa_text: text.into(),
            exact: "19 sur 26".into(),
            href: "/calibration/fuite-colere-e/cal_01JD9Z0000000000000000000K".into(),
        };
        let exercise = |name: &str, title: &str, under_way, last: Option<&str>| Exercise {
            name: name.into(),
            title: title.into(),
            about: "Au téléphone, 24\u{a0}tours".into(),
            under_way,
            last: last.map(str::to_owned),
        };
        CalibrationPage {
            site: Site::sample_for_trainer(),
            exercises: vec![
                exercise("fuite-colere-e", "Troisième appel pour une fuite", false, Some("0,81")),
                exercise("voisin-bruit-b", "Les gens du dessus", true, None),
            ],
            past: vec![
                past("3 novembre 2026", 0.52, "0,52"),
                past("12 novembre 2026", 0.66, "0,66"),
                past("20 novembre 2026", 0.81, "0,81"),
            ],
        }
    }
}

impl CalibrationRate {
    /// Under way.
    pub fn sample() -> CalibrationRate {
        CalibrationRate {
            site: Site::sample_for_trainer(),
            title: "Troisième appel pour une fuite".into(),
            channel: "Au téléphone",
            about: "Que quelqu’un vienne enfin.".into(),
            form: RatingForm {
                action: "/calibration/fuite-colere-e".into(),
                general: None,
                last: LastStep::Compare,
                ..RatingForm::sample_blind()
            },
        }
    }
}

impl CalibrationCompare {
    /// One mark apart.
    pub fn sample() -> CalibrationCompare {
        let mark = |id: &str, mine, reference| CalibratedMark {
            id: id.into(),
            label: "La reformulation est mise en œuvre".into(),
            mine,
            because: vec!["Il redit la demande.".into()],
            reference,
            words: Some((8, "c’est bien cela ?".into())),
            guide: "Redit la demande avec au moins un fait exact et fait valider.".into(),
        };
        CalibrationCompare {
            site: Site::sample_for_trainer(),
            name: "fuite-colere-e".into(),
            title: "Troisième appel pour une fuite".into(),
            finished_on: "20\u{a0}novembre\u{a0}2026 à 11\u{a0}h\u{a0}40".into(),
            summary: "25 cotations sur 26 sont celles de la référence ; kappa pondéré : 0,93.".into(),
            differing: vec![mark("5.1.b", "partiel", "observé")],
            agreed: vec![mark("5.1.a", "observé", "observé")],
        }
    }
}
