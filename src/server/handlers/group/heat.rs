//! The heat map and the weak axis.

use crate::cohort::{Cohort, Grain, Weak};
use crate::content::Content;
use crate::rubric::Axis;
use crate::server::pages::{HeatCell, HeatColumn, HeatLine, HeatTable, french, paths};
use crate::store::Member;

/// What rubrics name, once each, in their order.
pub(in crate::server::handlers) mod columns {
    use crate::content::Content;
    use crate::rubric::{Axis, Indicator};

    /// The axes.
    pub(in crate::server::handlers) fn axes(content: &Content) -> Vec<&Axis> {
        let mut axes: Vec<&Axis> = Vec::new();
        for axis in content.rubrics().flat_map(|rubric| &rubric.file().axis) {
            if !axes.iter().any(|known| known.id == axis.id) {
                axes.push(axis);
            }
        }
        axes
    }

    /// The indicators, axis by axis.
    pub(in crate::server::handlers) fn indicators(content: &Content) -> Vec<&Indicator> {
        let mut indicators: Vec<&Indicator> = Vec::new();
        for axis in axes(content) {
            for indicator in content.rubrics().flat_map(|rubric| rubric.indicators()) {
                if indicator.axis == axis.id && !indicators.iter().any(|known| known.id == indicator.id) {
                    indicators.push(indicator);
                }
            }
        }
        indicators
    }
}

/// The table of these members.
pub(super) fn table(content: &Content, members: &[Member], chosen: &Cohort, grain: Grain) -> HeatTable {
    let axes = columns::axes(content);
    let indicators = columns::indicators(content);
    let ids: Vec<&str> = match grain {
        Grain::Axes => axes.iter().map(|axis| axis.id.as_str()).collect(),
        Grain::Indicators => indicators.iter().map(|indicator| indicator.id.as_str()).collect(),
    };
    let trainees: Vec<_> = members.iter().map(|member| member.id).collect();
    let map = chosen.heat(&trainees, grain, &ids);
    let cell = |cell: &crate::cohort::Cell| HeatCell { score: cell.score, count: cell.count };
    let lines = members.iter().zip(&map.rows).map(|(member, row)| HeatLine {
        name: member.name.clone(),
        href: paths::person(&member.id.to_string()),
        attempts: row.attempts,
        cells: row.cells.iter().map(cell).collect(),
    });
    let (groups, columns) = match grain {
        Grain::Axes => {
            let column = |axis: &&Axis| HeatColumn { name: axis.name.clone(), about: None };
            (Vec::new(), axes.iter().map(column).collect())
        }
        Grain::Indicators => {
            let of = |axis: &&Axis| {
                let count = indicators.iter().filter(|indicator| indicator.axis == axis.id).count();
                (count > 0).then(|| (axis.name.clone(), count))
            };
            let columns = indicators
                .iter()
                .map(|one| HeatColumn { name: one.id.clone(), about: Some(one.label.clone()) })
                .collect();
            (axes.iter().filter_map(of).collect(), columns)
        }
    };
    HeatTable { groups, columns, lines: lines.collect(), whole: map.whole.iter().map(cell).collect() }
}

/// « L'axe à travailler avec le groupe : l'orientation, 41 sur 100 en moyenne pour 12 stagiaires. »
pub(super) fn weak(axes: &[&Axis], weak: &Weak) -> String {
    let spoken =
        |id: &str| axes.iter().find(|axis| axis.id == id).map_or_else(|| id.to_owned(), |axis| axis.spoken.clone());
    let names: Vec<String> = weak.axes.iter().map(|id| spoken(id)).collect();
    let people = french::count(weak.trainees.into(), "stagiaire");
    let next =
        weak.next.as_ref().map(|(id, score)| format!(" ; vient ensuite {}, {score}", spoken(id))).unwrap_or_default();
    if names.len() > 1 {
        let names = french::list(&names);
        return format!(
            "Les axes à travailler avec le groupe : {names}, autour de {} sur 100 pour {people}{next}.",
            weak.score
        );
    }
    format!(
        "L'axe à travailler avec le groupe : {}, {} sur 100 en moyenne pour {people}{next}.",
        french::list(&names),
        weak.score
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(id: &str, spoken: &str) -> Axis {
        Axis { id: id.into(), name: id.into(), spoken: spoken.into(), about: String::new() }
    }

    #[test]
    fn the_weak_axis_is_one_sentence() {
        let (one, two) = (axis("ecoute", "l'écoute active"), axis("escalade", "l'escalade"));
        let check = |axes: &[&str], next: Option<(&str, u8)>, expect: &str| {
            let told = Weak {
                axes: axes.iter().map(|id| (*id).to_owned()).collect(),
                score: 41,
                trainees: 12,
                next: next.map(|(id, score)| (id.to_owned(), score)),
            };
            assert_eq!(weak(&[&one, &two], &told).replace('\u{a0}', " "), expect);
        };
        check(
            &["escalade"],
            Some(("ecoute", 55)),
            "L'axe à travailler avec le groupe : l'escalade, 41 sur 100 en moyenne pour 12 stagiaires ; vient ensuite \
             l'écoute active, 55.",
        );
        check(
            &["ecoute", "escalade"],
            None,
            "Les axes à travailler avec le groupe : l'écoute active et l'escalade, autour de 41 sur 100 pour 12 stagiaires.",
        );
    }
}
