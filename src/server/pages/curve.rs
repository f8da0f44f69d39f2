//! The tension curve: from what moved the other person to the shape drawn across the page.
//!
//! Input: one step per trainee turn. Output: coordinates in a box of 960 by 240. Invariant: every step is a
//! point, and every change is also told in words.

use super::french;

const WIDTH: f32 = 960.0;
const HEIGHT: f32 = 240.0;
const LEFT: f32 = 44.0;
const RIGHT: f32 = 20.0;
const TOP: f32 = 22.0;
const BOTTOM: f32 = 30.0;

/// How tension went.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Tension before the first turn, 0 to 10.
    pub start: u8,
    /// Where the person breaks off.
    pub breaking_point: u8,
    /// One step per trainee turn, in order.
    pub steps: Vec<Step>,
}

/// What one trainee turn did.
#[derive(Clone, Debug)]
pub struct Step {
    /// Position in the transcript's list of turns.
    pub turn: usize,
    /// Tension afterwards, 0 to 10.
    pub tension: u8,
    /// What moved it, in French; empty if nothing did.
    pub why: Vec<String>,
}

/// A point of the drawn line.
#[derive(Clone, Debug)]
pub struct Point {
    /// Position in the transcript's list of turns; `None` for the start.
    pub turn: Option<usize>,
    /// Which turn of the trainee it is, from 1; 0 for the start.
    pub rank: usize,
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// Tension before.
    pub before: u8,
    /// Tension here.
    pub tension: u8,
    /// What moved it.
    pub why: Vec<String>,
}

impl Point {
    /// Whether tension moved here.
    pub fn moved(&self) -> bool {
        self.before != self.tension
    }

    /// Whether tension rose here.
    pub fn rose(&self) -> bool {
        self.tension > self.before
    }

    /// Where the figure stands: above a rise, below a fall, always inside the box.
    pub fn label_y(&self) -> f32 {
        if self.rose() { self.y - 12.0 } else { (self.y + 24.0).min(HEIGHT - BOTTOM - 4.0) }
    }

    /// « de 7 à 5 ».
    pub fn change(&self) -> String {
        format!("de {} à {}", self.before, self.tension)
    }

    /// « Tour 3, tension de 7 à 5 : vous avez reconnu sa colère. »
    pub fn told(&self) -> String {
        let why = self.why.join(" ");
        format!("Tour\u{a0}{}, tension {}\u{a0}: {why}", self.rank, self.change())
    }
}

impl Curve {
    /// The points, the start first.
    pub fn points(&self) -> Vec<Point> {
        let mut before = self.start;
        let mut points = vec![Point {
            turn: None,
            rank: 0,
            x: self.x(0),
            y: y(self.start),
            before,
            tension: self.start,
            why: Vec::new(),
        }];
        for (index, step) in self.steps.iter().enumerate() {
            points.push(Point {
                turn: Some(step.turn),
                rank: index + 1,
                x: self.x(index + 1),
                y: y(step.tension),
                before,
                tension: step.tension,
                why: step.why.clone(),
            });
            before = step.tension;
        }
        points
    }

    /// The points where tension moved.
    pub fn changes(&self) -> Vec<Point> {
        self.points().into_iter().filter(Point::moved).collect()
    }

    /// The line, as an SVG path: level between two turns, then a soft bend.
    pub fn line(&self) -> String {
        let points = self.points();
        let bends = points.windows(2).map(|pair| {
            let (x, y, before) = (pair[1].x, pair[1].y, pair[0].y);
            let middle = f32::midpoint(pair[0].x, x);
            format!(" C{middle:.1} {before:.1} {middle:.1} {y:.1} {x:.1} {y:.1}")
        });
        let start = format!("M{:.1} {:.1}", points[0].x, points[0].y);
        std::iter::once(start).chain(bends).collect::<Vec<String>>().concat()
    }

    /// The surface under the line.
    pub fn area(&self) -> String {
        let last = self.x(self.steps.len());
        format!("{} L{last:.1} {:.1} L{:.1} {:.1} Z", self.line(), y(0), self.x(0), y(0))
    }

    /// The height of the breaking point.
    pub fn break_y(&self) -> f32 {
        y(self.breaking_point)
    }

    /// The heights of 0, 5 and 10.
    pub fn rulings(&self) -> [(u8, f32); 3] {
        [(0, y(0)), (5, y(5)), (10, y(10))]
    }

    /// Where the line ends, in one sentence.
    pub fn in_words(&self) -> String {
        let last = self.steps.last().map_or(self.start, |step| step.tension);
        let highest = self.steps.iter().map(|step| step.tension).max().unwrap_or(self.start).max(self.start);
        let peak = if highest > self.start && highest > last {
            format!(" après un plus haut à {highest}")
        } else {
            String::new()
        };
        format!(
            "La tension va de {} ({}) à {last} ({}){peak}. Le point de rupture est à {}.",
            self.start,
            french::tension(self.start),
            french::tension(last),
            self.breaking_point
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "a conversation has far fewer turns than a float has digits")]
    fn x(&self, index: usize) -> f32 {
        let steps = self.steps.len().max(1) as f32;
        LEFT + (WIDTH - LEFT - RIGHT) * index as f32 / steps
    }
}

fn y(tension: u8) -> f32 {
    HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * f32::from(tension.min(10)) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(tensions: &[u8]) -> Curve {
        let steps = tensions
            .iter()
            .enumerate()
            .map(|(index, &tension)| Step { turn: 2 * index + 1, tension, why: vec!["Raison.".into()] })
            .collect();
        Curve { start: 7, breaking_point: 9, steps }
    }

    #[test]
    fn changes_leave_out_the_turns_that_moved_nothing() {
        let changes = curve(&[7, 5, 5, 6]).changes();
        assert_eq!(
            changes.iter().map(|point| (point.rank, point.change())).collect::<Vec<_>>(),
            [(2, "de 7 à 5".to_owned()), (4, "de 5 à 6".to_owned())]
        );
        assert!(changes[1].rose());
    }

    #[test]
    fn points_stay_inside_the_box_even_without_a_turn() {
        for tensions in [&[][..], &[10], &[0, 10, 0]] {
            for point in curve(tensions).points() {
                assert!((0.0..=WIDTH).contains(&point.x) && (0.0..=HEIGHT).contains(&point.y), "{point:?}");
                assert!((0.0..=HEIGHT).contains(&point.label_y()));
            }
        }
    }

    #[test]
    fn the_sentence_names_the_peak_only_when_it_came_down_again() {
        assert!(curve(&[8, 4]).in_words().contains("plus haut à 8"));
        assert!(!curve(&[6, 4]).in_words().contains("plus haut"));
    }
}
