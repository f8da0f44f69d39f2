//! What was asked of models, and what it cost.
//!
//! Input: one [`Used`] per call, many at once. Output: sums by hour, by conversation, of a stretch of time. Invariant:
//! a call is counted once, however often it is handed in; its sums outlive the conversation that it was made for.

use std::time::Duration;

use super::conversations::{Row, conversation_of};
use super::database::{reading, writing};
use super::{Conversation, Store, StoreError, from_ms, to_ms};
use crate::ask::Purpose;
use crate::clock::Timestamp;
use crate::id::{ConversationId, Ulid};

/// One call to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Fresh for each call, and the same when the same call is handed in again.
    pub id: Ulid,
    /// For which conversation, if for one.
    pub conversation: Option<ConversationId>,
    /// When it was made.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// The model's name at its endpoint.
    pub model: String,
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// Whether the tokens were estimated, because the endpoint did not tell.
    pub estimated: bool,
    /// How long it took; kept to the millisecond.
    pub took: Duration,
    /// Millionths of the currency that prices are given in; `None` without prices.
    pub cost_micros: Option<u64>,
    /// `ok`, or the stable code of what went wrong.
    pub outcome: String,
}

/// What several calls come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How many calls.
    pub calls: u64,
    /// Tokens that were read.
    pub prompt_tokens: u64,
    /// Tokens that were written.
    pub completion_tokens: u64,
    /// Whether some of the tokens were estimated.
    pub estimated: bool,
    /// Millionths of the currency; `None` where no call had a price.
    pub cost_micros: Option<u64>,
}

impl Spent {
    /// Tokens read and written.
    pub fn tokens(&self) -> u64 {
        self.prompt_tokens + self.completion_tokens
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Spent) -> Spent {
        Spent {
            calls: self.calls + other.calls,
            prompt_tokens: self.prompt_tokens + other.prompt_tokens,
            completion_tokens: self.completion_tokens + other.completion_tokens,
            estimated: self.estimated || other.estimated,
            cost_micros: match (self.cost_micros, other.cost_micros) {
                (None, None) => None,
                (one, two) => Some(one.unwrap_or(0) + two.unwrap_or(0)),
            },
        }
    }
}

/// The calls of one hour that had the same purpose, model and outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourOfUse {
    /// When the hour begins (UTC). Hours, because databases know nothing of summer time: days are made of them by
    /// whoever knows the zone.
    pub hour: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// Which model.
    pub model: String,
    /// `ok`, or the stable code of what went wrong.
    pub outcome: String,
    /// What they come to.
    pub spent: Spent,
}

/// A conversation that a model worked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationUse {
    /// Which.
    pub conversation: Conversation,
    /// What its calls come to.
    pub spent: Spent,
    /// Whether a model has judged it.
    pub judged: bool,
}

/// Which conversations a list begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseOrder {
    /// Those opened last.
    Latest,
    /// Those that took the most tokens.
    Most,
}

const HOUR_MS: i64 = 3_600_000;

/// The columns of a [`Spent`], as both databases sum them.
macro_rules! sums {
    () => {
        "count(*), cast(coalesce(sum(prompt_tokens), 0) as bigint), \
         cast(coalesce(sum(completion_tokens), 0) as bigint), \
         cast(coalesce(max(case when estimated then 1 else 0 end), 0) as bigint), cast(sum(cost_micros) as bigint)"
    };
}

/// The conversations of a list; `$picked` chooses and orders their ids.
macro_rules! listed {
    ($picked:literal, $order:literal) => {
        concat!(
            "with picked as (",
            $picked,
            "), spent (conversation, calls, prompt, completion, estimated, cost) as (select conversation, ",
            sums!(),
            " from model_use where conversation in (select id from picked) group by conversation) \
             select c.id, c.visitor, c.persona, c.persona_digest, c.channel, c.started_at_ms, c.ended_at_ms, \
             c.branched_from, c.branched_events, s.calls, s.prompt, s.completion, s.estimated, s.cost, \
             (select j.state from judging j where j.conversation = c.id) \
             from spent s join conversation c on c.id = s.conversation order by ",
            $order,
            ", c.id desc"
        )
    };
}

const LATEST: &str = listed!(
    "select k.id from conversation k where exists (select 1 from model_use where conversation = k.id) \
     order by k.started_at_ms desc, k.id desc limit $1",
    "c.started_at_ms desc"
);

const MOST: &str = listed!(
    "select conversation as id from model_use where conversation is not null group by conversation \
     order by sum(prompt_tokens + completion_tokens) desc, conversation desc limit $1",
    "s.prompt + s.completion desc"
);

type Sums = (i64, i64, i64, i64, Option<i64>);
type HourRow = (i64, String, String, String, i64, i64, i64, i64, Option<i64>);
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
    i64,
    i64,
    Option<i64>,
    Option<String>,
);

impl Store {
    /// Keeps what was asked of models, all or nothing. A conversation that is gone leaves its sums without it.
    pub async fn keep_uses(&self, uses: &[Used]) -> Result<(), StoreError> {
        writing!(self.database.as_ref(), |connection| {
            for used in uses {
                sqlx::query(
                    "insert into model_use (id, conversation, at_ms, purpose, model, prompt_tokens, \
                     completion_tokens, estimated, took_ms, cost_micros, outcome) \
                     values ($1, (select id from conversation where id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                     on conflict (id) do nothing",
                )
                .bind(used.id.to_string())
                .bind(used.conversation.map(|id| id.to_string()))
                .bind(to_ms(used.at))
                .bind(used.purpose.name())
                .bind(&used.model)
                .bind(stored(used.prompt_tokens))
                .bind(stored(used.completion_tokens))
                .bind(used.estimated)
                .bind(i64::try_from(used.took.as_millis()).unwrap_or(i64::MAX))
                .bind(used.cost_micros.map(stored))
                .bind(&used.outcome)
                .execute(&mut *connection)
                .await?;
            }
        });
        Ok(())
    }

    /// What the calls from one time on, and before another, come to.
    pub async fn spent_between(&self, from: Timestamp, to: Timestamp) -> Result<Spent, StoreError> {
        let sums: Sums = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", sums!(), " from model_use where at_ms >= $1 and at_ms < $2"))
                .bind(to_ms(from))
                .bind(to_ms(to))
                .fetch_one(pool)
                .await?
        });
        spent(sums)
    }

    /// What the calls for one conversation come to.
    pub async fn spent_on(&self, conversation: ConversationId) -> Result<Spent, StoreError> {
        let sums: Sums = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", sums!(), " from model_use where conversation = $1"))
                .bind(conversation.to_string())
                .fetch_one(pool)
                .await?
        });
        spent(sums)
    }

    /// What the calls for each conversation come to that has had one since a time, its earlier calls included.
    pub async fn spent_by_conversation(&self, since: Timestamp) -> Result<Vec<(ConversationId, Spent)>, StoreError> {
        let rows: Vec<(String, i64, i64, i64, i64, Option<i64>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select conversation, ",
                sums!(),
                " from model_use where conversation in \
                 (select conversation from model_use where conversation is not null and at_ms >= $1) \
                 group by conversation order by conversation"
            ))
            .bind(to_ms(since))
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(id, calls, prompt, completion, estimated, cost)| {
                let id = id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?;
                Ok((id, spent((calls, prompt, completion, estimated, cost))?))
            })
            .collect()
    }

    /// What was asked from one time on, and before another, hour by hour, apart by purpose, model and outcome.
    pub async fn uses_by_hour(&self, from: Timestamp, to: Timestamp) -> Result<Vec<HourOfUse>, StoreError> {
        let rows: Vec<HourRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select at_ms / $3 as hour, purpose, model, outcome, ",
                sums!(),
                " from model_use where at_ms >= $1 and at_ms < $2 \
                 group by at_ms / $3, purpose, model, outcome order by hour, purpose, model, outcome"
            ))
            .bind(to_ms(from))
            .bind(to_ms(to))
            .bind(HOUR_MS)
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(hour, purpose, model, outcome, calls, prompt, completion, estimated, cost)| {
                Ok(HourOfUse {
                    hour: from_ms(hour * HOUR_MS)?,
                    purpose: purpose_named(&purpose)?,
                    model,
                    outcome,
                    spent: spent((calls, prompt, completion, estimated, cost))?,
                })
            })
            .collect()
    }

    /// The conversations that a model worked for, `limit` at most.
    pub async fn conversations_by_use(&self, order: UseOrder, limit: u32) -> Result<Vec<ConversationUse>, StoreError> {
        let text = match order {
            UseOrder::Latest => LATEST,
            UseOrder::Most => MOST,
        };
        let rows: Vec<ListedRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(text).bind(i64::from(limit)).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|row| {
                let (id, visitor, persona, hash, channel, started, ended, from, shared, ..) = row;
                let (.., calls, prompt, completion, estimated, cost, state) = row;
                let row: Row = (id, visitor, persona, hash, channel, started, ended, from, shared);
                Ok(ConversationUse {
                    conversation: conversation_of(row)?,
                    spent: spent((calls, prompt, completion, estimated, cost))?,
                    judged: state.as_deref() == Some("done"),
                })
            })
            .collect()
    }
}

/// No real count reaches the end of what databases hold.
fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn spent((calls, prompt, completion, estimated, cost): Sums) -> Result<Spent, StoreError> {
    let number = |value: i64| {
        u64::try_from(value).map_err(|error: std::num::TryFromIntError| StoreError::unreadable("a count", error))
    };
    Ok(Spent {
        calls: number(calls)?,
        prompt_tokens: number(prompt)?,
        completion_tokens: number(completion)?,
        estimated: estimated != 0,
        cost_micros: cost.map(number).transpose()?,
    })
}

fn purpose_named(name: &str) -> Result<Purpose, StoreError> {
    let known = [Purpose::Play, Purpose::Hear, Purpose::Judge, Purpose::Test];
    known.into_iter().find(|purpose| purpose.name() == name).ok_or_else(|| StoreError::unreadable("a purpose", name))
}
