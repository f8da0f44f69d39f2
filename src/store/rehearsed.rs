//! What was rehearsed: the conversations of a group or of a person, with what came of each, in one statement.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, FromRow, Row};

use super::conversations::{channel_named, latest, percent};
use super::database::{Database, reading};
use super::events::unreadable;
use super::{Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::{AssignmentId, BookletId, ConversationId, GroupId, VisitorId};
use crate::persona::Channel;
use crate::scoring::{Level, Score};

/// One conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsed {
    /// Which.
    pub conversation: ConversationId,
    /// Whose.
    pub visitor: VisitorId,
    /// Persona id.
    pub persona: String,
    /// Which version of it.
    pub persona_hash: String,
    /// Desk or phone.
    pub channel: Channel,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// Time on task, in seconds, once it was scored.
    pub seconds: Option<u64>,
    /// Whether it goes on from a turn of an earlier one.
    pub again: bool,
    /// What it was done for.
    pub assignment: Option<AssignmentId>,
    /// The exam it is part of.
    pub booklet: Option<BookletId>,
    /// What the scorecard that counts gives, if there is one.
    pub rated: Option<Rated>,
}

/// What the scorecard that counts gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// Which scorecard: its marks are found under it ([`Store::marks`]).
    pub scorecard: i64,
    /// `rules`, `both`, or `trainer` where a trainer's word stands.
    pub judge: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
    /// Scores per axis.
    pub axes: Vec<Score>,
    /// The indicators that applied, with their levels.
    pub levels: Vec<(String, Level)>,
    /// Digest of the rubric.
    pub rubric_hash: String,
    /// Version of the rules' code.
    pub engine: String,
}

impl Rated {
    /// Whether a trainer's word stands.
    pub fn by_trainer(&self) -> bool {
        self.judge == "trainer"
    }
}

/// What came of one conversation, and nothing else of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOutcome {
    /// Which.
    pub conversation: ConversationId,
    /// Whose.
    pub visitor: VisitorId,
    /// Persona id.
    pub persona: String,
    /// When it began.
    pub started_at: Timestamp,
    /// The exam it is part of.
    pub booklet: Option<BookletId>,
    /// 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
}

/// An exam that a person has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookletBegun {
    /// Which.
    pub id: BookletId,
    /// The id of the file that it was drawn from.
    pub kind: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was handed in, if it was.
    pub ended_at: Option<Timestamp>,
}

/// Where to go on in a person's conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last one seen began.
    pub started_at: Timestamp,
    /// Which it was.
    pub conversation: ConversationId,
}

impl After {
    /// Behind this one.
    pub const fn of(rehearsed: &Rehearsed) -> After {
        After { started_at: rehearsed.started_at, conversation: rehearsed.conversation }
    }
}

/// What is read of each conversation.
const COLUMNS: &str = "select c.id, c.visitor, c.persona, c.persona_digest, c.channel, c.started_at_ms, c.ended_at_ms, \
     c.spent_ms, c.branched_from is not null as again, c.assignment, c.booklet, s.id as scorecard, s.judge, \
     s.made_at_ms, s.overall, s.axes, s.rubric_digest, s.engine, ";

/// The levels of a scorecard in one text: `5.1.a=2 5.1.b=0`. A row for each mark takes three times as long to read.
const fn levels(database: &Database) -> &'static str {
    match database {
        Database::Sqlite { .. } => {
            "(select group_concat(m.indicator || '=' || m.level, ' ') from mark m \
             where m.scorecard = s.id and m.level is not null) as levels "
        }
        Database::Postgres(_) => {
            "(select string_agg(m.indicator || '=' || m.level, ' ') from mark m \
             where m.scorecard = s.id and m.level is not null) as levels "
        }
    }
}

// A scorecard's body is long. Looked for by its conversation (the sign keeps SQLite from going by the id), what is read
// of it here stands in an index, `scorecard_listed`, and no body is passed over to reach it.
const OF_GROUP: &str = concat!(
    "from group_member g join conversation c on c.visitor = g.member and c.started_at_ms >= g.from_ms \
     left join scorecard s on s.conversation = c.id and +s.id = ",
    latest!(),
    " where g.training_group = $1 and not c.trial order by c.visitor, c.started_at_ms, c.id"
);

const OUTCOMES: &str = concat!(
    "select c.id, c.visitor, c.persona, c.started_at_ms, c.booklet, s.overall \
     from group_member g join conversation c on c.visitor = g.member and c.started_at_ms >= g.from_ms \
     join scorecard s on s.conversation = c.id and +s.id = ",
    latest!(),
    " where g.training_group = $1 and not c.trial order by c.visitor, c.started_at_ms, c.id"
);

const OF_PERSON: &str = concat!(
    "from conversation c left join scorecard s on s.conversation = c.id and +s.id = ",
    latest!(),
    " where c.visitor = $1 and not c.trial and c.started_at_ms >= $2 and (c.started_at_ms, c.id) > ($3, $4) \
     order by c.started_at_ms, c.id limit $5"
);

/// A row, before it is understood.
struct Raw {
    id: String,
    visitor: String,
    persona: String,
    persona_digest: String,
    channel: String,
    started: i64,
    ended: Option<i64>,
    spent: Option<i64>,
    again: bool,
    assignment: Option<String>,
    booklet: Option<String>,
    rated: Option<RawRated>,
}

struct RawRated {
    scorecard: i64,
    judge: String,
    made: i64,
    overall: Option<i64>,
    axes: Vec<Score>,
    levels: Option<String>,
    rubric_digest: String,
    engine: String,
}

/// There are more columns than a tuple takes.
macro_rules! from_rows {
    ($($row:ty),+) => {$(
        impl<'r> FromRow<'r, $row> for Raw {
            fn from_row(row: &'r $row) -> Result<Raw, sqlx::Error> {
                let scorecard: Option<i64> = row.try_get("scorecard")?;
                let rated = match scorecard {
                    None => None,
                    Some(scorecard) => {
                        let Json(axes) = row.try_get("axes")?;
                        Some(RawRated {
                            scorecard,
                            judge: row.try_get("judge")?,
                            made: row.try_get("made_at_ms")?,
                            overall: row.try_get("overall")?,
                            axes,
                            levels: row.try_get("levels")?,
                            rubric_digest: row.try_get("rubric_digest")?,
                            engine: row.try_get("engine")?,
                        })
                    }
                };
                Ok(Raw {
                    id: row.try_get("id")?,
                    visitor: row.try_get("visitor")?,
                    persona: row.try_get("persona")?,
                    persona_digest: row.try_get("persona_digest")?,
                    channel: row.try_get("channel")?,
                    started: row.try_get("started_at_ms")?,
                    ended: row.try_get("ended_at_ms")?,
                    spent: row.try_get("spent_ms")?,
                    again: row.try_get("again")?,
                    assignment: row.try_get("assignment")?,
                    booklet: row.try_get("booklet")?,
                    rated,
                })
            }
        }
    )+};
}

from_rows!(SqliteRow, PgRow);

impl Store {
    /// What a group's members have rehearsed since their trainers may read it, by member and time.
    pub async fn rehearsed_by_group(&self, group: GroupId) -> Result<Vec<Rehearsed>, StoreError> {
        let text = format!("{COLUMNS}{}{OF_GROUP}", levels(self.database.as_ref()));
        let rows: Vec<Raw> = reading!(self.database.as_ref(), |pool| {
            // Made of the constants above, nothing else.
            sqlx::query_as(AssertSqlSafe(text))
                .bind(group.to_string())
                .fetch_all(pool)
                .await
                .map_err(|error| unreadable("what a group rehearsed", error))?
        });
        rows.into_iter().map(understood).collect()
    }

    /// What came of what a group's members have rehearsed since their trainers may read it, where it was scored.
    pub async fn outcomes_of_group(&self, group: GroupId) -> Result<Vec<GroupOutcome>, StoreError> {
        type Row = (String, String, String, i64, Option<String>, Option<i64>);
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(OUTCOMES).bind(group.to_string()).fetch_all(pool).await?
        });
        let id_error = |error| StoreError::unreadable("an identifier", error);
        let outcome = |(id, visitor, persona, started, booklet, overall): Row| {
            Ok(GroupOutcome {
                conversation: id.parse().map_err(id_error)?,
                visitor: visitor.parse().map_err(id_error)?,
                persona,
                started_at: from_ms(started)?,
                booklet: booklet.map(|id| id.parse().map_err(id_error)).transpose()?,
                overall: percent(overall)?,
            })
        };
        rows.into_iter().map(outcome).collect()
    }

    /// What a person has rehearsed from a time on, oldest first, `limit` at most, behind one that was seen.
    pub async fn rehearsed_by(
        &self,
        person: VisitorId,
        from: Timestamp,
        after: Option<After>,
        limit: u32,
    ) -> Result<Vec<Rehearsed>, StoreError> {
        let text = format!("{COLUMNS}{}{OF_PERSON}", levels(self.database.as_ref()));
        let rows: Vec<Raw> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(AssertSqlSafe(text))
                .bind(person.to_string())
                .bind(to_ms(from))
                .bind(after.map_or(i64::MIN, |after| to_ms(after.started_at)))
                .bind(after.map(|after| after.conversation.to_string()).unwrap_or_default())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
                .map_err(|error| unreadable("what a person rehearsed", error))?
        });
        rows.into_iter().map(understood).collect()
    }
}

impl Store {
    /// The booklets that a person has begun from a time on, oldest first.
    pub async fn booklets_begun(&self, person: VisitorId, from: Timestamp) -> Result<Vec<BookletBegun>, StoreError> {
        let rows: Vec<(String, String, i64, Option<i64>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, kind, started_at_ms, ended_at_ms from booklet \
                 where visitor = $1 and started_at_ms >= $2 order by started_at_ms, id",
            )
            .bind(person.to_string())
            .bind(to_ms(from))
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(id, kind, started, ended)| {
                Ok(BookletBegun {
                    id: id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?,
                    kind,
                    started_at: from_ms(started)?,
                    ended_at: ended.map(from_ms).transpose()?,
                })
            })
            .collect()
    }

    /// The titles of the assignments that a person's conversations were done for.
    pub async fn assignment_titles_of(&self, person: VisitorId) -> Result<Vec<(AssignmentId, String)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, title from assignment where id in (select assignment from conversation where visitor = $1) \
                 order by made_at_ms, id",
            )
            .bind(person.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(titled).collect()
    }

    /// The titles of a group's assignments, latest first.
    pub async fn assignment_titles(&self, group: GroupId) -> Result<Vec<(AssignmentId, String)>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, title from assignment where training_group = $1 order by made_at_ms desc, id desc",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(titled).collect()
    }
}

fn titled((id, title): (String, String)) -> Result<(AssignmentId, String), StoreError> {
    let id = id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?;
    Ok((id, title))
}

fn understood(raw: Raw) -> Result<Rehearsed, StoreError> {
    let id_error = |error| StoreError::unreadable("an identifier", error);
    Ok(Rehearsed {
        conversation: raw.id.parse().map_err(id_error)?,
        visitor: raw.visitor.parse().map_err(id_error)?,
        persona: raw.persona,
        persona_hash: raw.persona_digest,
        channel: channel_named(&raw.channel)?,
        started_at: from_ms(raw.started)?,
        ended_at: raw.ended.map(from_ms).transpose()?,
        seconds: raw.spent.map(|spent| spent.unsigned_abs() / 1_000),
        again: raw.again,
        assignment: raw.assignment.map(|id| id.parse().map_err(id_error)).transpose()?,
        booklet: raw.booklet.map(|id| id.parse().map_err(id_error)).transpose()?,
        rated: raw.rated.map(rated).transpose()?,
    })
}

fn rated(raw: RawRated) -> Result<Rated, StoreError> {
    let mut levels = Vec::new();
    for pair in raw.levels.as_deref().unwrap_or_default().split(' ').filter(|pair| !pair.is_empty()) {
        let level = pair.split_once('=').and_then(|(id, level)| Some((id, level.parse::<u8>().ok()?)));
        let (id, level) = level.ok_or_else(|| StoreError::unreadable("a mark", pair))?;
        levels.push((id.to_owned(), Level::try_from(level).map_err(|error| StoreError::unreadable("a mark", error))?));
    }
    // Databases put them together in any order.
    levels.sort();
    Ok(Rated {
        scorecard: raw.scorecard,
        judge: raw.judge,
        made_at: from_ms(raw.made)?,
        overall: percent(raw.overall)?,
        axes: raw.axes,
        levels,
        rubric_hash: raw.rubric_digest,
        engine: raw.engine,
    })
}
