//! Progress per axis over time, as four small charts with a table behind them.
//!
//! Input: finished conversations, oldest first. Output: coordinates in boxes of 240 by 84. Invariant: an axis
//! that did not apply leaves a gap, never a zero.

const WIDTH: f32 = 240.0;
const TOP: f32 = 10.0;
const FLOOR: f32 = 74.0;
const MARGIN: f32 = 10.0;

/// The result of one finished conversation.
#[derive(Clone, Debug)]
pub struct Result {
    /// Conversation id.
    pub id: String,
    /// « 22 nov. »
    pub day: String,
    /// Title of the situation.
    pub title: String,
    /// One score per axis, in the axes' order.
    pub scores: Vec<Option<u8>>,
}

/// Progress over time.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Ids and names of the axes, in order.
    pub axes: Vec<(String, String)>,
    /// Finished conversations, oldest first.
    pub results: Vec<Result>,
}

/// The chart of one axis.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Axis id.
    pub id: String,
    /// Axis name.
    pub name: String,
    /// The line.
    pub line: String,
    /// Points: x, y, score.
    pub points: Vec<(f32, f32, u8)>,
    /// The last score.
    pub last: Option<u8>,
}

impl Progress {
    /// One chart per axis.
    pub fn charts(&self) -> Vec<Chart> {
        self.axes
            .iter()
            .enumerate()
            .map(|(axis, (id, name))| {
                let points = self.points(axis);
                let steps: Vec<String> = points.iter().map(|(x, y, _)| format!("{x:.1} {y:.1}")).collect();
                let line = if steps.is_empty() { String::new() } else { format!("M{}", steps.join(" L")) };
                let last = points.last().map(|&(_, _, score)| score);
                Chart { id: id.clone(), name: name.clone(), line, points, last }
            })
            .collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody has sixteen million conversations")]
    fn points(&self, axis: usize) -> Vec<(f32, f32, u8)> {
        let gaps = self.results.len().saturating_sub(1).max(1) as f32;
        self.results
            .iter()
            .enumerate()
            .filter_map(|(index, result)| {
                let score = result.scores.get(axis).copied().flatten()?;
                let x = MARGIN + (WIDTH - 2.0 * MARGIN) * index as f32 / gaps;
                Some((x, FLOOR - (FLOOR - TOP) * f32::from(score.min(100)) / 100.0, score))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_that_did_not_apply_leaves_a_gap() {
        let result = |scores| Result { id: "conv".into(), day: "1er mai".into(), title: "Fuite".into(), scores };
        let progress = Progress {
            axes: vec![("ecoute".into(), "Écoute active".into()), ("escalade".into(), "Escalade".into())],
            results: vec![result(vec![Some(40), None]), result(vec![Some(60), Some(100)])],
        };
        let charts = progress.charts();
        assert_eq!(charts[0].points.len(), 2);
        assert_eq!(charts[1].points, [(230.0, 10.0, 100)]);
        assert_eq!(charts[1].last, Some(100));
    }
}
