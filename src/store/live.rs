//! Conversations under way of the people in a trainer's groups.

use super::conversations::{Row, conversation_of};
use super::database::reading;
use super::{Conversation, Store, StoreError, from_ms, to_ms};
use crate::clock::Timestamp;
use crate::id::VisitorId;

/// A conversation under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub conversation: Conversation,
    /// The name of whoever rehearses.
    pub trainee: String,
    /// A group through which the trainer may follow it.
    pub group: String,
    /// How many times the trainee spoke.
    pub turns: u32,
    /// When the last thing happened.
    pub last_at: Timestamp,
}

type RunningRow =
    (String, String, String, String, String, i64, Option<i64>, Option<String>, Option<i64>, String, String, i64, i64);

impl Store {
    /// The conversations that a trainer may follow and in which something has happened since a time, the latest to begin
    /// first, `limit` at most.
    pub async fn under_way(
        &self,
        trainer: VisitorId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Running>, StoreError> {
        let rows: Vec<RunningRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select c.id, c.visitor, c.persona, c.persona_digest, c.channel, c.started_at_ms, c.ended_at_ms, \
                 c.branched_from, c.branched_events, a.name, \
                 (select min(g.name) from training_group g join group_trainer t on t.training_group = g.id \
                     join group_member m on m.training_group = g.id \
                     where t.trainer = $1 and m.member = c.visitor and m.from_ms <= c.started_at_ms), \
                 (select count(*) from event s where s.conversation = c.id and s.body ->> 'type' = 'spoke'), e.at_ms \
                 from conversation c join account a on a.visitor = c.visitor \
                 join event e on e.conversation = c.id \
                     and e.seq = (select max(l.seq) from event l where l.conversation = c.id) \
                 where c.ended_at_ms is null and e.at_ms >= $2 and exists \
                     (select 1 from group_trainer t join group_member m on m.training_group = t.training_group \
                      where t.trainer = $1 and m.member = c.visitor and m.from_ms <= c.started_at_ms) \
                 order by c.started_at_ms desc, c.id desc limit $3",
            )
            .bind(trainer.to_string())
            .bind(to_ms(since))
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(id, visitor, persona, hash, channel, started, ended, from, shared, trainee, group, turns, last)| {
                let row: Row = (id, visitor, persona, hash, channel, started, ended, from, shared);
                Ok(Running {
                    conversation: conversation_of(row)?,
                    trainee,
                    group,
                    turns: u32::try_from(turns).unwrap_or(u32::MAX),
                    last_at: from_ms(last)?,
                })
            })
            .collect()
    }
}
