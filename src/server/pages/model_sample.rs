//! The page on the models to look at: in full use, at rest, without a model.

use super::model::{BudgetLine, ConversationLine, DayOfUse, EndpointLine, FaultLine, KindOfUse, ModelPage, Sum};
use super::{Site, french, paths};
use crate::ask::Purpose;

fn sum(calls: u64, failed: u64, read: u64, written: u64) -> Sum {
    Sum { calls, failed, read, written, cost_micros: Some(read * 15 / 100 + written * 6 / 10) }
}

fn days() -> Vec<DayOfUse> {
    let first = jiff::civil::date(2026, 10, 24);
    let weekend = |index: i64| index % 7 == 0 || index % 7 == 6;
    (0..30)
        .map(|index: i64| {
            let calls = if weekend(index) { 0 } else { 40 + (index.unsigned_abs() * 37) % 90 };
            let played = sum(calls, calls / 20, calls * 1_180, calls * 34);
            let judged = sum(calls / 12, 0, calls / 12 * 4_900, calls / 12 * 620);
            DayOfUse {
                day: french::short_date(first.saturating_add(jiff::Span::new().days(index))),
                sum: played.and(judged),
                judged: judged.tokens(),
            }
        })
        .collect()
}

impl ModelPage {
    /// Two models in use, one of them at rest.
    pub fn sample() -> ModelPage {
        let line = |title: &str, when: &str, sum, judged, own: bool| ConversationLine {
            title: title.into(),
            when: when.into(),
            sum,
            judged,
            scorecard: own.then(|| paths::scorecard("conv_01JD9Z0000000000000000000C")),
        };
        ModelPage {
            site: Site::sample(),
            endpoints: vec![
                EndpointLine {
                    role: "Jouer les personnes".into(),
                    model: "mistral-small3.2:24b".into(),
                    place: "sur cette machine".into(),
                    state: "Disponible : aucune panne en cours.".into(),
                    well: true,
                    calls: "2\u{a0}appels en cours".into(),
                },
                EndpointLine {
                    role: "Coter les échanges".into(),
                    model: "mistral-large-latest".into(),
                    place: "api.mistral.ai, hors de votre réseau".into(),
                    state:
                        "Au repos encore 12\u{a0}secondes, après 4\u{a0}échecs de suite ; le dernier : le modèle était \
                            trop sollicité. En attendant, les règles cotent et les échanges gardent leur tour."
                            .into(),
                    well: false,
                    calls: "aucun appel en cours".into(),
                },
            ],
            budget: Some(BudgetLine { used: 182_400, a_day: Some(2_000_000), a_conversation: Some(80_000) }),
            waiting: 3,
            days: days(),
            kinds: vec![
                KindOfUse {
                    purpose: Purpose::Play,
                    model: "mistral-small3.2:24b".into(),
                    sum: sum(1_650, 82, 1_947_000, 56_100),
                },
                KindOfUse {
                    purpose: Purpose::Hear,
                    model: "mistral-small3.2:24b".into(),
                    sum: sum(212, 4, 118_700, 2_332),
                },
                KindOfUse {
                    purpose: Purpose::Judge,
                    model: "mistral-large-latest".into(),
                    sum: sum(137, 11, 671_300, 84_940),
                },
            ],
            faults: vec![
                FaultLine {
                    code: "late".into(),
                    count: 61,
                    last: "22\u{a0}novembre\u{a0}2026, entre 14\u{a0}h et 15\u{a0}h".into(),
                },
                FaultLine {
                    code: "overloaded".into(),
                    count: 11,
                    last: "22\u{a0}novembre\u{a0}2026, entre 11\u{a0}h et 12\u{a0}h".into(),
                },
                FaultLine {
                    code: "cut".into(),
                    count: 2,
                    last: "19\u{a0}novembre\u{a0}2026, entre 9\u{a0}h et 10\u{a0}h".into(),
                },
            ],
            conversations: vec![
                line(
                    "Troisième appel pour une fuite",
                    "22\u{a0}novembre\u{a0}2026 à 14\u{a0}h\u{a0}05",
                    sum(14, 1, 16_420, 512),
                    true,
                    true,
                ),
                line(
                    "Ça sent le gaz dans l’escalier",
                    "22\u{a0}novembre\u{a0}2026 à 11\u{a0}h\u{a0}31",
                    sum(6, 0, 7_080, 190),
                    false,
                    false,
                ),
                line(
                    "312 euros de plus",
                    "21\u{a0}novembre\u{a0}2026 à 9\u{a0}h\u{a0}12",
                    Sum { cost_micros: None, ..sum(22, 3, 27_300, 903) },
                    false,
                    false,
                ),
            ],
            most_first: false,
            currency: Some("€".into()),
            estimated: true,
        }
    }

    /// No model, now or before.
    pub fn sample_without() -> ModelPage {
        ModelPage {
            endpoints: Vec::new(),
            budget: None,
            waiting: 0,
            days: Vec::new(),
            kinds: Vec::new(),
            faults: Vec::new(),
            conversations: Vec::new(),
            currency: None,
            estimated: false,
            ..ModelPage::sample()
        }
    }

    /// A model that was connected just now, without prices or limits.
    pub fn sample_new() -> ModelPage {
        let full = ModelPage::sample();
        ModelPage {
            endpoints: full.endpoints[..1].to_vec(),
            budget: Some(BudgetLine { used: 0, a_day: None, a_conversation: None }),
            ..ModelPage::sample_without()
        }
    }
}
