//! Marks one by one: what a group's pages count and an export lists.
//!
//! Invariant: every scorecard's marks stand here too, written in the same transaction; deleted with it.

use super::database::{Database, reading};
use super::{Store, StoreError};

/// Scorecard, indicator, level, turn, quote.
type Row = (i64, String, Option<i64>, Option<i64>, Option<String>);

/// A mark as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMark {
    /// Of which scorecard.
    pub scorecard: i64,
    /// Which indicator.
    pub indicator: String,
    /// 0 to 2; `None`: not applicable.
    pub level: Option<u8>,
    /// The turn of its first words of evidence.
    pub turn: Option<u32>,
    /// Those words; `None` where the turn is only where something was expected.
    pub quote: Option<String>,
}

/// Writes the marks of the scorecard `$1` out of its body.
pub(super) const fn fill(database: &Database) -> &'static str {
    match database {
        Database::Sqlite { .. } => {
            "insert into mark (scorecard, indicator, level, turn, quote) \
             select s.id, m.value ->> '$.id', m.value ->> '$.level', m.value ->> '$.evidence[0].turn', \
             nullif(m.value ->> '$.evidence[0].quote', '') \
             from scorecard s, json_each(s.body, '$.marks') m where s.id = $1 \
             on conflict (scorecard, indicator) do update set \
             level = excluded.level, turn = excluded.turn, quote = excluded.quote"
        }
        Database::Postgres(_) => {
            "insert into mark (scorecard, indicator, level, turn, quote) \
             select s.id, m ->> 'id', (m ->> 'level')::bigint, (m #>> '{evidence,0,turn}')::bigint, \
             nullif(m #>> '{evidence,0,quote}', '') \
             from scorecard s, jsonb_array_elements(s.body -> 'marks') m where s.id = $1 \
             on conflict (scorecard, indicator) do update set \
             level = excluded.level, turn = excluded.turn, quote = excluded.quote"
        }
    }
}

/// Counts the time on task of the conversation `$1`: from event to event, of a longer pause five minutes; what a second
/// try shares with the first is not counted again.
pub(super) const SPENT: &str = "update conversation set spent_ms = (\
     select coalesce(sum(case when gap < 0 then 0 when gap > 300000 then 300000 else gap end), 0) from (\
     select e.at_ms - lag(e.at_ms) over (order by e.seq) as gap from event e \
     where e.conversation = conversation.id \
     and (e.seq = 0 or e.seq >= coalesce(conversation.branched_events, 0))) as gaps) where id = $1";

impl Store {
    /// The marks of some scorecards, of these indicators only (of all, if none is named), by scorecard and indicator.
    pub async fn marks(&self, scorecards: &[i64], indicators: &[&str]) -> Result<Vec<StoredMark>, StoreError> {
        // Lists go in as one value: as JSON, or as the array that PostgreSQL has.
        let text = match self.database.as_ref() {
            Database::Sqlite { .. } => {
                "select scorecard, indicator, level, turn, quote from mark \
                 where scorecard in (select value from json_each($1)) \
                 and ($2 = '[]' or indicator in (select value from json_each($2))) order by scorecard, indicator"
            }
            Database::Postgres(_) => {
                "select scorecard, indicator, level, turn, quote from mark \
                 where scorecard in (select value::bigint from json_array_elements_text($1::json)) \
                 and ($2 = '[]' or indicator in (select value from json_array_elements_text($2::json))) \
                 order by scorecard, indicator collate \"C\""
            }
        };
        let scorecards = serde_json::to_string(scorecards).map_err(|error| StoreError::unreadable("a list", error))?;
        let indicators = serde_json::to_string(indicators).map_err(|error| StoreError::unreadable("a list", error))?;
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(text).bind(scorecards).bind(indicators).fetch_all(pool).await?
        });
        let unreadable = |error: std::num::TryFromIntError| StoreError::unreadable("a mark", error);
        rows.into_iter()
            .map(|(scorecard, indicator, level, turn, quote)| {
                let level = level.map(u8::try_from).transpose().map_err(unreadable)?;
                let turn = turn.map(u32::try_from).transpose().map_err(unreadable)?;
                Ok(StoredMark { scorecard, indicator, level, turn, quote })
            })
            .collect()
    }
}
