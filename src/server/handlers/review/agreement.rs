//! How far marks agree in a group.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::blind::levels;
use crate::rubric::Rubric;
use crate::scoring::agreement::{Agreement, Levels, Measure, agreement};
use crate::server::Comptoir;
use crate::server::failure::Failure;
use crate::server::handlers::{page, site};
use crate::server::pages::{AgreementPage, AgreementRow, AgreementTable};
use crate::server::who::Who;
use crate::store::LevelPairs;

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let group = who.group(&comptoir, &id).await?;
    let content = comptoir.library.content();
    let rubric = content.rubrics().next().ok_or_else(|| Failure::internal("no rubric in force"))?;
    let published = comptoir.store.published_levels(Some(group.id)).await?;
    let pairs = comptoir.store.blind_pairs(Some(group.id)).await?;
    let given: Vec<(Levels, Levels)> = pairs.iter().map(|(first, second)| (levels(first), levels(second))).collect();
    let trainers = agreement(rubric, given.iter().map(|(first, second)| (first, second)));
    Ok(page(&AgreementPage {
        site: site(&content, who.viewer()),
        id,
        name: group.name,
        automatic: table(rubric, &against_automatic(rubric, &published)),
        trainers: table(rubric, &trainers),
    }))
}

/// Trainers' marks, the reference, against the automatic ones.
pub(in crate::server) fn against_automatic(rubric: &Rubric, published: &[LevelPairs]) -> Agreement {
    let split = |pairs: &LevelPairs| -> (Levels, Levels) {
        pairs.iter().map(|(id, automatic, trainer)| ((id.clone(), *trainer), (id.clone(), *automatic))).unzip()
    };
    let split: Vec<(Levels, Levels)> = published.iter().map(split).collect();
    agreement(rubric, split.iter().map(|(trainer, automatic)| (trainer, automatic)))
}

fn table(rubric: &Rubric, found: &Agreement) -> AgreementTable {
    let row = |(id, measure): &(String, Measure), label: Option<&str>| AgreementRow {
        id: id.clone(),
        label: label.unwrap_or(id).to_owned(),
        measure: *measure,
    };
    let axis = |one: &(String, Measure)| row(one, rubric.axis(&one.0).map(|axis| axis.name.as_str()));
    let indicator = |one: &(String, Measure)| row(one, rubric.indicator(&one.0).map(|found| found.label.as_str()));
    AgreementTable {
        readings: found.readings,
        pooled: row(&("pooled".to_owned(), found.pooled), None),
        axes: found.axes.iter().map(axis).collect(),
        indicators: found.indicators.iter().map(indicator).collect(),
    }
}
