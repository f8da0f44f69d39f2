//! Conversations that a model is to judge, or has judged.
//!
//! Invariant: whoever works on one holds a [`Lease`] on it; only that lease can finish it, and it is due again when the
//! lease runs out. So it is judged whoever dies, and never finished twice.

use std::time::Duration;

use super::database::{reading, writing};
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::id::ConversationId;
use crate::scoring::judge::Judged;

/// Where a judging stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgingState {
    /// To be done, or under way.
    Due,
    /// Done.
    Done,
    /// Given up: the rules' marks stand alone.
    GivenUp,
}

/// What is known of a judging.
#[derive(Clone, Debug, PartialEq)]
pub struct Judging {
    /// Where it stands.
    pub state: JudgingState,
    /// How many times it was begun.
    pub tries: u32,
    /// Not begun before this; while someone works on it, until when it is theirs.
    pub due_at: Timestamp,
    /// Stable code of what went wrong last.
    pub failure: Option<String>,
    /// What was judged: all of it once done, before that the axes that are. None where another version of the program
    /// wrote it, which has it judged again.
    pub judged: Option<Judged>,
    /// When it was done or given up.
    pub made_at: Option<Timestamp>,
}

/// A judging that someone works on.
#[derive(Clone, Debug, PartialEq)]
pub struct Lease {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// How many times it was begun, this one included.
    pub tries: u32,
    /// Until when it is theirs. With the tries, it tells this lease from any other.
    pub until: Timestamp,
    /// What earlier tries have judged.
    pub judged: Option<Judged>,
}

type Row = (String, i64, i64, Option<String>, Option<String>, Option<i64>);

impl Store {
    /// Has a conversation judged; whether it was not known yet.
    pub async fn enqueue_judging(&self, conversation: ConversationId, at: Timestamp) -> Result<bool, StoreError> {
        let inserted = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into judging (conversation, state, due_at_ms) values ($1, 'due', $2) \
                 on conflict (conversation) do nothing",
            )
            .bind(conversation.to_string())
            .bind(to_ms(at))
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(inserted > 0)
    }

    /// Has the conversations judged that have ended since a time and are not known yet, `limit` at most; how many.
    pub async fn enqueue_ended(&self, since: Timestamp, limit: u32, at: Timestamp) -> Result<usize, StoreError> {
        // Read first: almost always there is none, and no one has to wait for a write.
        let ended: Vec<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select c.id from conversation c where c.ended_at_ms >= $1 \
                 and not exists (select 1 from judging j where j.conversation = c.id) order by c.ended_at_ms limit $2",
            )
            .bind(to_ms(since))
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?
        });
        let mut enqueued = 0;
        for (id,) in ended {
            let id = id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?;
            match self.enqueue_judging(id, at).await {
                Ok(new) => enqueued += usize::from(new),
                // Erased in the meantime.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(enqueued)
    }

    /// Has a conversation judged again that was judged or given up; what was judged stays until then.
    pub async fn judge_again(&self, conversation: ConversationId, at: Timestamp) -> Result<bool, StoreError> {
        let changed = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update judging set state = 'due', tries = 0, due_at_ms = $2, failure = null \
                 where conversation = $1 and state <> 'due'",
            )
            .bind(conversation.to_string())
            .bind(to_ms(at))
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(changed > 0)
    }

    /// What is known of a conversation's judging.
    pub async fn judging(&self, conversation: ConversationId) -> Result<Option<Judging>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select state, tries, due_at_ms, failure, body, made_at_ms from judging where conversation = $1",
            )
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await?
        });
        row.map(|(state, tries, due_at, failure, body, made_at)| {
            Ok(Judging {
                state: state_named(&state)?,
                tries: number(tries)?,
                due_at: from_ms(due_at)?,
                failure,
                judged: body.as_deref().and_then(read),
                made_at: made_at.map(from_ms).transpose()?,
            })
        })
        .transpose()
    }

    /// How many are to be done or under way.
    pub async fn judgings_due(&self) -> Result<u64, StoreError> {
        let (count,): (i64,) = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select count(*) from judging where state = 'due'").fetch_one(pool).await?
        });
        Ok(count.unsigned_abs())
    }

    /// Takes the one that has been due for longest, if any is: nobody else gets it for so long.
    pub async fn claim_judging(&self, now: Timestamp, lease: Duration) -> Result<Option<Lease>, StoreError> {
        let due: Option<(i64,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as("select due_at_ms from judging where state = 'due' and due_at_ms <= $1 limit 1")
                .bind(to_ms(now))
                .fetch_optional(pool)
                .await?
        });
        if due.is_none() {
            return Ok(None);
        }
        let until = to_ms(later(now, lease));
        let row: Option<(String, i64, Option<String>)> = writing!(self.database.as_ref(), |connection| {
            // The last conditions again: another node may have been first while this one waited for the row.
            sqlx::query_as(
                "update judging set due_at_ms = $2, tries = tries + 1 where conversation = \
                 (select conversation from judging where state = 'due' and due_at_ms <= $1 \
                  order by due_at_ms, conversation limit 1) and state = 'due' and due_at_ms <= $1 \
                 returning conversation, tries, body",
            )
            .bind(to_ms(now))
            .bind(until)
            .fetch_optional(connection)
            .await?
        });
        row.map(|(id, tries, body)| {
            Ok(Lease {
                conversation: id.parse().map_err(|error| StoreError::unreadable("an identifier", error))?,
                tries: number(tries)?,
                until: from_ms(until)?,
                judged: body.as_deref().and_then(read),
            })
        })
        .transpose()
    }

    /// Holds it for so long from now; whether it was still theirs.
    pub async fn renew_judging(&self, lease: &mut Lease, now: Timestamp, by: Duration) -> Result<bool, StoreError> {
        // As it comes back from the store, to the millisecond.
        let until = from_ms(to_ms(later(now, by)))?;
        let renewed = self.change(lease, Change { due_at: until, ..Change::of(lease) }).await?;
        if renewed {
            lease.until = until;
        }
        Ok(renewed)
    }

    /// Keeps what was judged so far; whether it was still theirs.
    pub async fn keep_judging(&self, lease: &Lease, judged: &Judged) -> Result<bool, StoreError> {
        self.change(lease, Change { judged: Some(judged), ..Change::of(lease) }).await
    }

    /// Done: whether it was still theirs; if not, nothing is kept.
    pub async fn finish_judging(&self, lease: &Lease, judged: &Judged, at: Timestamp) -> Result<bool, StoreError> {
        let change = Change { state: "done", judged: Some(judged), made_at: Some(at), ..Change::of(lease) };
        self.change(lease, change).await
    }

    /// To be tried again at a time, because of this.
    pub async fn postpone_judging(&self, lease: &Lease, until: Timestamp, failure: &str) -> Result<bool, StoreError> {
        self.change(lease, Change { due_at: until, failure: Some(failure), ..Change::of(lease) }).await
    }

    /// Handed back unjudged, as if it had not been begun: due again at once.
    pub async fn release_judging(&self, lease: &Lease, now: Timestamp) -> Result<bool, StoreError> {
        self.change(lease, Change { due_at: now, tries: lease.tries.saturating_sub(1), ..Change::of(lease) }).await
    }

    /// Not to be tried any more, because of this.
    pub async fn give_up_judging(&self, lease: &Lease, failure: &str, at: Timestamp) -> Result<bool, StoreError> {
        let change = Change { state: "given_up", failure: Some(failure), made_at: Some(at), ..Change::of(lease) };
        self.change(lease, change).await
    }

    /// Changes what a lease is on, while it holds.
    async fn change(&self, lease: &Lease, change: Change<'_>) -> Result<bool, StoreError> {
        let body = change.judged.map(serde_json::to_string).transpose();
        let body = body.map_err(|error| StoreError::unreadable("a judgement", error))?;
        let changed = writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update judging set state = $4, due_at_ms = $5, tries = $6, \
                 failure = case when $4 = 'done' then null else coalesce($7, failure) end, \
                 body = coalesce($8, body), made_at_ms = coalesce($9, made_at_ms) \
                 where conversation = $1 and state = 'due' and due_at_ms = $2 and tries = $3",
            )
            .bind(lease.conversation.to_string())
            .bind(to_ms(lease.until))
            .bind(i64::from(lease.tries))
            .bind(change.state)
            .bind(to_ms(change.due_at))
            .bind(i64::from(change.tries))
            .bind(change.failure)
            .bind(body)
            .bind(change.made_at.map(to_ms))
            .execute(connection)
            .await?
            .rows_affected()
        });
        Ok(changed > 0)
    }
}

/// What becomes of a judging under a lease. What is `None` stays as it is.
struct Change<'a> {
    state: &'static str,
    due_at: Timestamp,
    tries: u32,
    failure: Option<&'a str>,
    judged: Option<&'a Judged>,
    made_at: Option<Timestamp>,
}

impl Change<'_> {
    /// Nothing changes.
    fn of(lease: &Lease) -> Change<'static> {
        let Lease { until, tries, .. } = *lease;
        Change { state: "due", due_at: until, tries, failure: None, judged: None, made_at: None }
    }
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn read(body: &str) -> Option<Judged> {
    serde_json::from_str(body).ok()
}

fn state_named(name: &str) -> Result<JudgingState, StoreError> {
    match name {
        "due" => Ok(JudgingState::Due),
        "done" => Ok(JudgingState::Done),
        "given_up" => Ok(JudgingState::GivenUp),
        other => Err(StoreError::unreadable("a state", other)),
    }
}
