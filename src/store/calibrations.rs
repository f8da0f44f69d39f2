//! Trainers who rate prepared exchanges.

use sqlx::types::Json;

use super::database::{reading, writing};
use super::events::unreadable;
use super::reviews::LevelPairs;
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::id::{CalibrationId, VisitorId};
use crate::scoring::Draft;

/// One rating of a prepared exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// Which.
    pub id: CalibrationId,
    /// The name of the prepared exchange.
    pub exercise: String,
    /// How many times it was saved.
    pub version: u32,
    /// What is put down.
    pub draft: Draft,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was finished, and the reference levels beside the trainer's.
    pub finished: Option<(Timestamp, LevelPairs)>,
}

type Row = (String, String, i64, Json<Draft>, i64, Option<i64>, Option<Json<LevelPairs>>);

impl Store {
    /// A trainer's ratings of prepared exchanges, the oldest first.
    pub async fn calibrations(&self, reviewer: VisitorId) -> Result<Vec<Calibration>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, exercise, version, body, begun_at_ms, finished_at_ms, levels from calibration \
                 where reviewer = $1 order by begun_at_ms, id",
            )
            .bind(reviewer.to_string())
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a calibration", error))?
        });
        rows.into_iter()
            .map(|(id, exercise, version, Json(draft), begun_at, finished_at, levels)| {
                Ok(Calibration {
                    id: id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?,
                    exercise,
                    version: number(version)?,
                    draft,
                    begun_at: from_ms(begun_at)?,
                    finished: match finished_at.zip(levels) {
                        Some((at, Json(levels))) => Some((from_ms(at)?, levels)),
                        None => None,
                    },
                })
            })
            .collect()
    }

    /// Begins to rate a prepared exchange; whether none was under way.
    pub async fn begin_calibration(
        &self,
        id: CalibrationId,
        reviewer: VisitorId,
        exercise: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let begun = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into calibration (id, reviewer, exercise, version, body, begun_at_ms) \
                 values ($1, $2, $3, 0, $4, $5) on conflict (reviewer, exercise) where finished_at_ms is null do nothing",
            )
            .bind(id.to_string())
            .bind(reviewer.to_string())
            .bind(exercise)
            .bind(Json(Draft::default()))
            .bind(to_ms(at))
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(begun > 0)
    }

    /// Saves a rating under way, and finishes it where levels are given. [`StoreError::Conflict`] where another version
    /// stands there, or where it is finished.
    pub async fn save_calibration(
        &self,
        id: CalibrationId,
        version: u32,
        draft: &Draft,
        levels: Option<&LevelPairs>,
        at: Timestamp,
    ) -> Result<u32, StoreError> {
        let saved = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update calibration set version = version + 1, body = $3, levels = $4, finished_at_ms = $5 \
                 where id = $1 and version = $2 and finished_at_ms is null",
            )
            .bind(id.to_string())
            .bind(i64::from(version))
            .bind(Json(draft))
            .bind(levels.map(Json))
            .bind(levels.map(|_| to_ms(at)))
            .execute(connection)
            .await?
            .rows_affected()
        });
        if saved == 0 { Err(StoreError::Conflict) } else { Ok(version + 1) }
    }
}
