//! A record for looking at: some weeks in, and before the first conversation.

use super::course::Way;
use super::progress::{Progress, Result as Scored};
use super::record::{AssignmentLine, BookletLine, CompetenceLine, CriterionLine, RecordLine, RecordPage, VersionLine};
use super::{paths, site::Site};
use crate::server::pages::site::Viewer;

fn criterion(id: &str, label: &str, score: Option<u8>, first: Option<u8>, last: Option<u8>) -> CriterionLine {
    CriterionLine { id: id.into(), label: label.into(), score, first, last, count: u32::from(score.is_some()) * 7 }
}

fn conversations() -> Vec<RecordLine> {
    let situations = [
        ("312 euros de plus", "Au comptoir", 38),
        ("Troisième appel pour une fuite", "Au téléphone", 46),
        ("Le dossier refusé", "Au comptoir", 51),
        ("Le froid au sixième", "Au téléphone", 74),
    ];
    (0..8)
        .map(|at| {
            let (title, channel, score) = situations[at % 4];
            RecordLine {
                when: format!("{:02}/11/2026 14:{:02}", at + 9, at * 6),
                title: title.into(),
                channel,
                expected: Some(10),
                seconds: Some(400 + 60 * at as u64),
                state: if at == 7 { "relu" } else { "coté" },
                score: Some(score + u8::try_from(at).unwrap_or(0)),
                href: Some(paths::scorecard("conv_01JD9Z0000000000000000000C")),
                version: "3f9a1c02".into(),
                id: format!("conv_01JD9Z000000000000000000{at:02}"),
            }
        })
        .collect()
}

impl RecordPage {
    /// Of a trainee, for the trainer.
    pub fn sample() -> RecordPage {
        let scores = |day: &str, title: &str, scores: [Option<u8>; 4]| Scored {
            id: "conv_01JD9Z0000000000000000000B".into(),
            day: day.into(),
            title: title.into(),
            scores: scores.to_vec(),
        };
        RecordPage {
            site: Site { viewer: Viewer::sample_trainer(), ..Site::sample() },
            id: "vis_01JD9Z0000000000000000000A".into(),
            name: "Amina Benali".into(),
            own: false,
            groups: vec!["Promotion d’automne".into()],
            period: Some("du 9\u{a0}novembre\u{a0}2026 au 22\u{a0}novembre\u{a0}2026".into()),
            made_on: "22\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}05".into(),
            scored: 8,
            reviewed: 1,
            situations: 4,
            seconds: 4_880,
            expected_seconds: 4_800,
            way: Ok(Way { start: 41.0, now: 68.0, in_ten: 33.0, sure: true }),
            progress: Some(Progress {
                axes: super::scorecard_sample::axes(),
                results: vec![
                    scores("9 nov.", "312 euros de plus", [Some(40), Some(25), None, Some(38)]),
                    scores("14 nov.", "Troisième appel pour une fuite", [Some(46), Some(30), Some(33), Some(50)]),
                    scores("18 nov.", "Le froid au sixième", [Some(82), Some(76), Some(90), Some(88)]),
                ],
            }),
            competences: vec![
                CompetenceLine {
                    id: "C05".into(),
                    label: "Faire le diagnostic de la situation exposée pour apporter un premier niveau de réponse"
                        .into(),
                    score: Some(64),
                    criteria: vec![
                        criterion("5.1", "La demande est analysée", Some(70), Some(50), Some(83)),
                        criterion("5.2", "La communication est adaptée", Some(55), Some(33), Some(67)),
                    ],
                },
                CompetenceLine {
                    id: "C10".into(),
                    label: "Évaluer le niveau de conflit et passer le relais".into(),
                    score: None,
                    criteria: vec![criterion("10.1", "Le niveau de conflit est mesuré", None, None, None)],
                },
            ],
            conversations: conversations(),
            assignments: vec![AssignmentLine {
                title: "Pour lundi : le téléphone".into(),
                attempts: 3,
                last: "18\u{a0}novembre\u{a0}2026".into(),
                best: Some(78),
            }],
            booklets: vec![BookletLine {
                kind: "bloc1".into(),
                when: "20\u{a0}novembre\u{a0}2026 à 9\u{a0}h\u{a0}00".into(),
                ended: true,
                href: None,
            }],
            blind: 0,
            versions: vec![VersionLine {
                rubric: "9b1c7d0e4f2a9b1c7d0e4f2a9b1c7d0e4f2a9b1c7d0e4f2a9b1c7d0e4f2a9b1c".into(),
                engine: "rules 0.1.0".into(),
                count: 8,
            }],
        }
    }

    /// The trainee's own, before the first conversation.
    pub fn sample_new() -> RecordPage {
        RecordPage {
            site: Site { viewer: Viewer { name: Some("Amina Benali".into()), ..Viewer::default() }, ..Site::sample() },
            own: true,
            period: None,
            scored: 0,
            reviewed: 0,
            situations: 0,
            seconds: 0,
            expected_seconds: 0,
            way: Err("Quatre échanges cotés, sur deux situations, sont nécessaires pour parler de progrès.".into()),
            progress: None,
            competences: Vec::new(),
            conversations: Vec::new(),
            assignments: Vec::new(),
            booklets: Vec::new(),
            versions: Vec::new(),
            ..RecordPage::sample()
        }
    }
}
