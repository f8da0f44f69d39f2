//! Progress and difficulty as rows of one line each: a drawing in per cent of its width, and the figures in words.

use super::french;

/// A trainee's way.
#[derive(Clone, Debug)]
pub struct CourseLine {
    /// By name.
    pub name: String,
    /// Their record.
    pub href: String,
    /// How many results.
    pub results: u32,
    /// In how many situations.
    pub situations: u32,
    /// The way; `None` where too few results are there.
    pub way: Option<Way>,
}

/// From where to where, on a situation of mean difficulty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// At the first attempt, 0 to 100.
    pub start: f64,
    /// At the latest.
    pub now: f64,
    /// What ten attempts add.
    pub in_ten: f64,
    /// Whether it is more than chance.
    pub sure: bool,
}

/// A situation's difficulty.
#[derive(Clone, Debug)]
pub struct DifficultyLine {
    /// Title of the situation.
    pub title: String,
    /// How many results.
    pub results: u32,
    /// Of how many trainees.
    pub trainees: u32,
    /// Points that it costs against the mean; `None` where too few results are there.
    pub costs: Option<f64>,
}

/// Progress and difficulty told apart.
#[derive(Clone, Debug)]
pub struct Courses {
    /// The trainees, in the order of their names.
    pub trainees: Vec<CourseLine>,
    /// The situations, hardest first.
    pub situations: Vec<DifficultyLine>,
    /// What ten attempts add over the whole group.
    pub in_ten: f64,
    /// How far results usually lie from what is expected.
    pub spread: f64,
}

impl Way {
    /// « 41 », rounded.
    pub fn start_text(&self) -> String {
        format!("{:.0}", self.start)
    }

    /// « 63 ».
    pub fn now_text(&self) -> String {
        format!("{:.0}", self.now)
    }

    /// « +22 points ».
    pub fn gained(&self) -> String {
        let points = (self.now.round() - self.start.round()).abs();
        format!(
            "{}\u{a0}point{}",
            french::signed(self.now.round() - self.start.round(), 0),
            if points < 2.0 { "" } else { "s" }
        )
    }

    /// « net », « peut-être le hasard ».
    pub const fn sureness(&self) -> &'static str {
        if self.sure { "net" } else { "trop peu pour l’affirmer" }
    }

    /// Left end of the drawn line, in per cent.
    pub fn left(&self) -> String {
        format!("{:.1}", self.start.min(self.now))
    }

    /// Where it began, in per cent.
    pub fn start_x(&self) -> String {
        format!("{:.1}", self.start)
    }

    /// Where it is, in per cent.
    pub fn now_x(&self) -> String {
        format!("{:.1}", self.now)
    }

    /// « +4,2 ».
    pub fn in_ten_text(&self) -> String {
        french::signed(self.in_ten, 1)
    }
}

/// So many points fill half of the width.
const HALF: f64 = 30.0;

impl DifficultyLine {
    /// « coûte 8,2 points », « en rend 4,0 ».
    pub fn told(&self) -> String {
        match self.costs {
            None => "trop peu de résultats".to_owned(),
            Some(costs) if costs.abs() < 0.5 => "dans la moyenne".to_owned(),
            Some(costs) if costs > 0.0 => format!("coûte {}\u{a0}points", french::decimal(costs, 1)),
            Some(costs) => format!("en rend {}", french::decimal(-costs, 1)),
        }
    }

    /// Where the bar begins and how wide it is, in per cent; the middle is the mean.
    pub fn bar(&self) -> Option<(String, String)> {
        let costs = self.costs?.clamp(-HALF, HALF);
        let width = costs.abs() / HALF * 50.0;
        let from = if costs < 0.0 { 50.0 - width } else { 50.0 };
        Some((format!("{from:.1}"), format!("{width:.1}")))
    }

    /// « +8,2 », for the table.
    pub fn figure(&self) -> String {
        self.costs.map_or_else(|| "–".to_owned(), |costs| french::signed(costs, 1))
    }
}

impl Courses {
    /// « Sur l’ensemble du groupe, dix échanges ajoutent environ 4,1 points. »
    pub fn whole(&self) -> String {
        if self.in_ten.abs() < 0.5 {
            return "Sur l’ensemble du groupe, le niveau reste stable d’un échange à l’autre.".to_owned();
        }
        let verb = if self.in_ten > 0.0 { "ajoutent" } else { "retirent" };
        format!(
            "Sur l’ensemble du groupe, dix échanges {verb} environ {}\u{a0}points.",
            french::decimal(self.in_ten.abs(), 1)
        )
    }

    /// « 12 points ».
    pub fn spread_text(&self) -> String {
        format!("{:.0}\u{a0}points", self.spread)
    }

    /// Whether any trainee has a way to show.
    pub fn any(&self) -> bool {
        self.trainees.iter().any(|line| line.way.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difficulty_is_told_as_what_it_costs_or_gives() {
        fn check(costs: Option<f64>, told: &str, bar: Option<(&str, &str)>) {
            let line = DifficultyLine { title: "x".into(), results: 9, trainees: 3, costs };
            assert_eq!(line.told().replace('\u{a0}', " "), told);
            assert_eq!(line.bar(), bar.map(|(from, width)| (from.to_owned(), width.to_owned())));
        }
        check(Some(8.25), "coûte 8,2 points", Some(("50.0", "13.8")));
        check(Some(-15.0), "en rend 15,0", Some(("25.0", "25.0")));
        check(Some(0.2), "dans la moyenne", Some(("50.0", "0.3")));
        check(Some(99.0), "coûte 99,0 points", Some(("50.0", "50.0")));
        check(None, "trop peu de résultats", None);
    }

    #[test]
    fn a_way_is_told_by_what_its_rounded_ends_show() {
        let way = Way { start: 40.6, now: 62.4, in_ten: 4.25, sure: true };
        assert_eq!((way.start_text(), way.now_text()), ("41".to_owned(), "62".to_owned()));
        assert_eq!(way.gained().replace('\u{a0}', " "), "+21 points");
        let way = Way { start: 50.0, now: 49.0, in_ten: -0.4, sure: false };
        assert_eq!(way.gained().replace('\u{a0}', " "), "−1 point");
    }
}
