//! Conversations: who, with whom, when, and what came of them.

use sqlx::types::Json;

use super::database::{reading, writing};
use super::events::unreadable;
use super::{Store, StoreError, from_ms, number};
use crate::clock::Timestamp;
use crate::id::{ConversationId, VisitorId};
use crate::persona::Channel;
use crate::scoring::Score;
use crate::transcript::{Branch, Event, Start};

/// A conversation to open.
#[derive(Clone, Debug)]
pub struct NewConversation {
    /// Its id.
    pub id: ConversationId,
    /// Who rehearses.
    pub visitor: VisitorId,
    /// Under which conditions; its persona's version must be kept already.
    pub start: Start,
    /// When.
    pub at: Timestamp,
    /// What it shares with an earlier conversation: numbered from 1 without gaps, none of them an end.
    pub shared: Vec<Event>,
}

/// What is known of a conversation without its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub visitor: VisitorId,
    /// Persona id.
    pub persona: String,
    /// Which version of it.
    pub persona_hash: String,
    /// Desk or phone.
    pub channel: Channel,
    /// When it was opened.
    pub started_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// The conversation it shares its beginning with.
    pub branched_from: Option<Branch>,
}

/// A conversation in a list, with what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub conversation: Conversation,
    /// The number of its next event.
    pub events: u32,
    /// When the last thing happened.
    pub last_at: Timestamp,
    /// What the latest scorecard gives, if there is one.
    pub result: Option<Outcome>,
}

/// What a scorecard comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// 0 to 100; `None` if nothing applied.
    pub overall: Option<u8>,
    /// Scores per axis.
    pub axes: Vec<Score>,
}

/// What a visitor made of one persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// Persona id.
    pub persona: String,
    /// How many conversations with it have ended.
    pub ended: u32,
    /// The best overall result, 0 to 100.
    pub overall: Option<u8>,
}

/// The scorecard of the conversation `c` that counts: a trainer's, whatever has happened since; else the latest, and of
/// the same events the one that a model completed. Its id, or another column of it.
macro_rules! latest {
    () => {
        latest!("id")
    };
    ($column:literal) => {
        concat!(
            "(select l.",
            $column,
            " from scorecard l where l.conversation = c.id \
              order by case l.judge when 'trainer' then 0 else 1 end, l.events desc, l.judge, l.made_at_ms desc, \
              l.id desc limit 1)"
        )
    };
}
pub(super) use latest;

pub(super) type Row = (String, String, String, String, String, i64, Option<i64>, Option<String>, Option<i64>);
type ListedRow = (
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<i64>,
    Option<String>,
    Option<i64>,
    i64,
    i64,
    Option<i64>,
    Option<Json<Vec<Score>>>,
);

/// Writes a conversation's row, its event 0 and what it shares, on a connection that is in a transaction.
macro_rules! insert_conversation {
    ($connection:expr, $new:expr) => {{
        let new: &$crate::store::NewConversation = $new;
        let (id, start) = (new.id.to_string(), &new.start);
        let branch = start.branched_from.as_ref();
        sqlx::query(
            "insert into conversation \
             (id, visitor, persona, persona_digest, channel, started_at_ms, branched_from, branched_events) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&id)
        .bind(new.visitor.to_string())
        .bind(&start.persona)
        .bind(&start.persona_hash)
        .bind($crate::store::conversations::channel_name(start.channel))
        .bind($crate::store::to_ms(new.at))
        .bind(branch.map(|branch| branch.conversation.to_string()))
        .bind(branch.map(|branch| i64::from(branch.events)))
        .execute(&mut *$connection)
        .await?;
        let opening = (0, new.at, &$crate::transcript::Happening::Started(start.clone()));
        let shared = new.shared.iter().map(|event| (event.seq, event.at, &event.happening));
        for (seq, at, happening) in std::iter::once(opening).chain(shared) {
            let query = sqlx::query($crate::store::events::NEXT)
                .bind(&id)
                .bind(i64::from(seq))
                .bind($crate::store::to_ms(at))
                .bind(sqlx::types::Json(happening));
            query.execute(&mut *$connection).await?;
        }
    }};
}

pub(super) use insert_conversation;

impl Store {
    /// Opens a conversation with its event 0 and what it shares with an earlier one.
    pub async fn start_conversation(&self, new: &NewConversation) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            insert_conversation!(connection, new);
        });
        Ok(())
    }

    /// A conversation by id, whoever owns it.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select id, visitor, persona, persona_digest, channel, started_at_ms, ended_at_ms, \
                 branched_from, branched_events from conversation where id = $1",
            )
            .bind(id.to_string())
            .fetch_optional(pool)
            .await?
        });
        row.map(conversation_of).transpose()
    }

    /// A visitor's conversations, newest first, `limit` at most; those that only try a draft are left out.
    pub async fn conversations_of(&self, visitor: VisitorId, limit: u32) -> Result<Vec<Listed>, StoreError> {
        let rows: Vec<ListedRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select c.id, c.visitor, c.persona, c.persona_digest, c.channel, c.started_at_ms, c.ended_at_ms, \
                 c.branched_from, c.branched_events, e.seq, e.at_ms, s.overall, s.axes from conversation c \
                 join event e on e.conversation = c.id \
                     and e.seq = (select max(seq) from event where conversation = c.id) \
                 left join scorecard s on s.id = ",
                latest!(),
                " where c.visitor = $1 and not c.trial order by c.started_at_ms desc, c.id desc limit $2"
            ))
            .bind(visitor.to_string())
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a list of results", error))?
        });
        rows.into_iter()
            .map(|(id, visitor, persona, hash, channel, started, ended, from, shared, seq, at_ms, overall, axes)| {
                Ok(Listed {
                    conversation: conversation_of((id, visitor, persona, hash, channel, started, ended, from, shared))?,
                    events: number(seq + 1)?,
                    last_at: from_ms(at_ms)?,
                    result: match axes {
                        Some(Json(axes)) => Some(Outcome { overall: percent(overall)?, axes }),
                        None => None,
                    },
                })
            })
            .collect()
    }

    /// What a visitor made of each persona tried, in the order of their ids. An exam gives no result before it is over.
    pub async fn best_of(&self, visitor: VisitorId) -> Result<Vec<Best>, StoreError> {
        let rows: Vec<(String, i64, Option<i64>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select c.persona, count(c.ended_at_ms), \
                 max(case when b.id is null or b.ended_at_ms is not null then s.overall end) \
                 from conversation c left join booklet b on b.id = c.booklet left join scorecard s on s.id = ",
                latest!(),
                " where c.visitor = $1 and not c.trial group by c.persona order by c.persona"
            ))
            .bind(visitor.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(persona, ended, overall)| Ok(Best { persona, ended: number(ended)?, overall: percent(overall)? }))
            .collect()
    }
}

pub(super) fn conversation_of(row: Row) -> Result<Conversation, StoreError> {
    let (id, visitor, persona, persona_hash, channel, started_at, ended_at, from, events) = row;
    let id_error = |error| StoreError::unreadable("an identifier", error);
    let branched_from = match (from, events) {
        (Some(from), Some(events)) => {
            Some(Branch { conversation: from.parse().map_err(id_error)?, events: number(events)? })
        }
        _ => None,
    };
    Ok(Conversation {
        id: id.parse().map_err(id_error)?,
        visitor: visitor.parse().map_err(id_error)?,
        persona,
        persona_hash,
        channel: channel_named(&channel)?,
        started_at: from_ms(started_at)?,
        ended_at: ended_at.map(from_ms).transpose()?,
        branched_from,
    })
}

pub(super) const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Desk => "desk",
        Channel::Phone => "phone",
    }
}

pub(super) fn channel_named(name: &str) -> Result<Channel, StoreError> {
    match name {
        "desk" => Ok(Channel::Desk),
        "phone" => Ok(Channel::Phone),
        other => Err(StoreError::unreadable("a channel", other)),
    }
}

pub(super) fn percent(stored: Option<i64>) -> Result<Option<u8>, StoreError> {
    let convert = |value: i64| value.try_into();
    stored
        .map(convert)
        .transpose()
        .map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a percentage", error))
}
