//! A group for looking at: a usual week, a new group, one with names and words that try to be markup.

use super::cohort_filter::{CohortFilter, CohortQuery};
use super::course::{CourseLine, Courses, DifficultyLine, Way};
use super::group::{Example, GroupPage, MissedLine, RecentLine, TimeLine, TimeTable};
use super::heat::{HeatCell, HeatColumn, HeatLine, HeatTable};
use super::{paths, site::Site};
use crate::server::pages::site::Viewer;

const PEOPLE: [&str; 6] =
    ["Amina Benali", "Bruno Lefèvre", "Chloé Marchand", "Denis Oumarou", "Élise Roy", "Farid Haddad"];

const SITUATIONS: [&str; 4] =
    ["Troisième appel pour une fuite", "Le dossier refusé", "312 euros de plus", "Ça sent le gaz dans l’escalier"];

fn person(at: usize) -> String {
    paths::person(&format!("vis_01JD9Z000000000000000000{at:02}"))
}

fn cell(score: u8, count: u32) -> HeatCell {
    HeatCell { score: Some(score), count }
}

fn heat() -> HeatTable {
    let axes = super::scorecard_sample::axes();
    let scores: [[Option<u8>; 4]; 6] = [
        [Some(82), Some(64), Some(31), Some(58)],
        [Some(55), Some(48), Some(22), Some(70)],
        [Some(91), Some(77), Some(60), Some(84)],
        [Some(40), Some(35), None, Some(33)],
        [Some(68), Some(59), Some(44), Some(61)],
        [None; 4],
    ];
    let lines = PEOPLE.iter().zip(scores).enumerate().map(|(at, (name, scores))| HeatLine {
        name: (*name).into(),
        href: person(at),
        attempts: if scores[0].is_some() { 4 } else { 0 },
        cells: scores.iter().map(|score| HeatCell { score: *score, count: u32::from(score.is_some()) * 4 }).collect(),
    });
    HeatTable {
        groups: Vec::new(),
        columns: axes.into_iter().map(|(_, name)| HeatColumn { name, about: None }).collect(),
        lines: lines.collect(),
        whole: vec![cell(67, 5), cell(57, 5), cell(39, 4), cell(61, 5)],
    }
}

fn by_indicators() -> HeatTable {
    let codes =
        ["1.2.a", "1.2.b", "5.1.a", "6.1.a", "6.1.b", "8.2.a", "5.1.b", "5.2.a", "5.2.b", "7.2.a", "8.1.a", "10.1.a"];
    let column = |code: &&str| HeatColumn {
        name: (*code).into(),
        about: Some("Les termes employés sont simples, et expliqués s'ils sont techniques".into()),
    };
    let lines = PEOPLE.iter().enumerate().map(|(at, name)| HeatLine {
        name: (*name).into(),
        href: person(at),
        attempts: 4,
        cells: (0..codes.len())
            .map(|column| {
                let score = [100, 75, 50, 25, 0][(at * 7 + column * 3) % 5];
                if (at + column) % 6 == 5 { HeatCell::default() } else { cell(score, 4) }
            })
            .collect(),
    });
    HeatTable {
        groups: vec![("Écoute active".into(), 6), ("Reformulation et clarté".into(), 4), ("Escalade".into(), 2)],
        columns: codes.iter().map(column).collect(),
        lines: lines.collect(),
        whole: (0..codes.len()).map(|column| cell([72, 51, 33][column % 3], 6)).collect(),
    }
}

fn courses() -> Courses {
    let ways = [(41.0, 68.0, true), (38.0, 52.0, true), (74.0, 83.0, false), (45.0, 39.0, false)];
    let trainee = |(at, name): (usize, &&str)| CourseLine {
        name: (*name).into(),
        href: person(at),
        results: if at < 4 { 12 } else { 2 * u32::from(at == 4) },
        situations: if at < 4 { 5 } else { u32::from(at == 4) },
        way: ways.get(at).map(|(start, now, sure)| Way { start: *start, now: *now, in_ten: now - start, sure: *sure }),
    };
    let costs = [Some(11.4), Some(3.1), Some(-6.8), None];
    Courses {
        trainees: PEOPLE.iter().enumerate().map(trainee).collect(),
        situations: SITUATIONS
            .iter()
            .zip(costs)
            .map(|(title, costs)| DifficultyLine { title: (*title).into(), results: 11, trainees: 5, costs })
            .collect(),
        in_ten: 8.4,
        spread: 11.6,
    }
}

fn times() -> TimeTable {
    let line = |(at, name): (usize, &&str)| TimeLine {
        name: (*name).into(),
        href: person(at),
        seconds: [5_400, 3_100, 2_460, 1_800, 620, 0][at],
        attempts: [12, 9, 8, 6, 2, 0][at],
        cells: (0..4).map(|column| (at < 5 && column <= 5 - at).then_some(600 + 60 * column as u64)).collect(),
    };
    TimeTable {
        lines: PEOPLE.iter().enumerate().map(line).collect(),
        situations: SITUATIONS.map(str::to_owned).to_vec(),
        whole: vec![4_200, 3_900, 3_180, 2_100],
    }
}

fn missed() -> Vec<MissedLine> {
    let example = |quote: &str, at: usize, level| Example {
        quote: quote.into(),
        expected: false,
        name: PEOPLE[at].into(),
        title: SITUATIONS[at % 4].into(),
        href: paths::moment("conv_01JD9Z0000000000000000000C", 7),
        level,
    };
    vec![
        MissedLine {
            id: "10.1.b".into(),
            label: "Le relais est passé à temps, et expliqué à la personne".into(),
            axis: "Escalade".into(),
            share: 71,
            counts: [9, 6, 6],
            trainees: 5,
            examples: vec![
                example("Je ne peux rien faire pour vous, rappelez demain.", 1, "non observé"),
                example("Je vais voir avec quelqu'un.", 0, "partiel"),
            ],
        },
        MissedLine {
            id: "5.2.b".into(),
            label: "Les termes employés sont simples, et expliqués s'ils sont techniques".into(),
            axis: "Reformulation et clarté".into(),
            share: 48,
            counts: [4, 7, 12],
            trainees: 4,
            examples: vec![example("J'ai fait un OS au GTS pour la régul.", 3, "non observé")],
        },
    ]
}

fn recent() -> Vec<RecentLine> {
    let line = |at: usize, when: &str, state, score: Option<u8>| RecentLine {
        name: PEOPLE[at].into(),
        person: person(at),
        title: SITUATIONS[at % 4].into(),
        href: score.map(|_| paths::scorecard("conv_01JD9Z0000000000000000000C")),
        when: when.into(),
        state,
        score,
    };
    vec![
        line(0, "22\u{a0}nov. à 14\u{a0}h\u{a0}05", "en cours", None),
        line(2, "22\u{a0}nov. à 11\u{a0}h\u{a0}40", "relu", Some(83)),
        line(1, "21\u{a0}nov. à 16\u{a0}h\u{a0}12", "coté", Some(52)),
    ]
}

impl GroupPage {
    /// A group in its second week.
    pub fn sample() -> GroupPage {
        let situations = SITUATIONS.iter().map(|title| (title.to_lowercase().replace(' ', "-"), (*title).to_owned()));
        GroupPage {
            site: Site { viewer: Viewer::sample_trainer(), ..Site::sample() },
            id: "grp_01JD9Z0000000000000000000A".into(),
            name: "Promotion d’automne".into(),
            trainees: 6,
            attempts: 37,
            seconds: 13_380,
            filter: CohortFilter::new(
                CohortQuery::default(),
                situations.collect(),
                vec![("asg_01JD9Z0000000000000000000A".into(), "Pour lundi : le téléphone".into())],
            ),
            waiting: 2,
            blind: 1,
            weak: Some(
                "L'axe à travailler avec le groupe : la mesure du conflit et de l'urgence, 39 sur 100 en moyenne pour \
                 4 stagiaires ; vient ensuite la reformulation et la clarté, 57."
                    .into(),
            ),
            recent: recent(),
            heat: heat(),
            missed: missed(),
            courses: Ok(courses()),
            times: times(),
        }
    }

    /// The same, by indicators.
    pub fn sample_indicators() -> GroupPage {
        let query = CohortQuery { by: "indicators".into(), which: "last".into(), ..CohortQuery::default() };
        GroupPage {
            filter: CohortFilter::new(query, Vec::new(), Vec::new()),
            heat: by_indicators(),
            waiting: 0,
            blind: 0,
            ..GroupPage::sample()
        }
    }

    /// A group on its first day.
    pub fn sample_new() -> GroupPage {
        let lines = PEOPLE[..2].iter().enumerate().map(|(at, name)| HeatLine {
            name: (*name).into(),
            href: person(at),
            attempts: 0,
            cells: vec![HeatCell::default(); 4],
        });
        GroupPage {
            trainees: 2,
            attempts: 0,
            seconds: 0,
            filter: CohortFilter::new(CohortQuery::default(), Vec::new(), Vec::new()),
            waiting: 0,
            blind: 0,
            weak: None,
            recent: Vec::new(),
            heat: HeatTable { lines: lines.collect(), whole: vec![HeatCell::default(); 4], ..heat() },
            missed: Vec::new(),
            courses: Err(
                "Encore trop peu de résultats pour séparer les progrès de la difficulté : il en faut 12, de 3 \
                          stagiaires, sur 2 situations."
                    .into(),
            ),
            times: TimeTable::default(),
            ..GroupPage::sample()
        }
    }
}
