//! What a group's trainers have to review, and how far marks agree.

use sqlx::types::Json;

use super::conversations::{channel_named, latest};
use super::database::reading;
use super::events::unreadable;
use super::reviews::{LevelPairs, ReviewState, visitor};
use super::{Store, StoreError, from_ms, number, to_ms};
use crate::clock::Timestamp;
use crate::id::{ConversationId, GroupId, VisitorId};
use crate::persona::Channel;
use crate::scoring::Draft;

/// A conversation of a group's trainee, with what there is of reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewable {
    /// Which.
    pub conversation: ConversationId,
    /// Whose.
    pub member: VisitorId,
    /// The trainee's name.
    pub member_name: String,
    /// Persona id.
    pub persona: String,
    /// Desk or phone.
    pub channel: Channel,
    /// When it began.
    pub started_at: Timestamp,
    /// How many marks the automatic scorecard wants looked at.
    pub doubts: u32,
    /// Whether the character broke off.
    pub broke_off: bool,
    /// Whether it is the trainee's first with this persona.
    pub first: bool,
    /// Since when the trainee waits for a person's marks.
    pub asked_at: Option<Timestamp>,
    /// The last publication: when, by whom, and whether something has happened since.
    pub published: Option<(Timestamp, Option<String>, bool)>,
}

/// A review under way in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Whose.
    pub reviewer: VisitorId,
    /// Under which name they are known.
    pub reviewer_name: String,
    /// Where it stands.
    pub state: ReviewState,
    /// When it was saved last.
    pub changed_at: Timestamp,
}

/// What two trainers gave blind on one conversation: first, second.
pub type BlindPair = (Draft, Draft);

type ReviewableRow = (
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<i64>,
    i64,
);

impl Store {
    /// Every conversation of a group's trainees that has ended and that its trainers may read, the latest first.
    pub async fn reviewables(&self, group: GroupId) -> Result<Vec<Reviewable>, StoreError> {
        let rows: Vec<ReviewableRow> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select c.id, c.visitor, a.name, c.persona, c.channel, c.started_at_ms, \
                 coalesce(",
                latest!("doubts"),
                ", 0), \
                 cast(coalesce((select case when e.body ->> 'by' = 'broke_off' then 1 else 0 end from event e \
                     where e.conversation = c.id and e.body ->> 'type' = 'ended' \
                     order by e.seq desc limit 1), 0) as bigint), \
                 cast(case when exists (select 1 from conversation o where o.visitor = c.visitor \
                     and o.started_at_ms < c.started_at_ms and o.persona = c.persona and not o.trial) then 0 else 1 end as bigint), \
                 q.asked_at_ms, p.published_at_ms, t.name, p.events, \
                 case when p.events is null then 0 \
                     else (select max(seq) + 1 from event where conversation = c.id) end \
                 from group_member m join conversation c on c.visitor = m.member \
                     and c.started_at_ms >= m.from_ms and c.ended_at_ms is not null and not c.trial \
                 join account a on a.visitor = m.member \
                 left join review_request q on q.conversation = c.id \
                 left join publication p on p.conversation = c.id \
                     and p.number = (select max(number) from publication where conversation = c.id) \
                 left join account t on t.visitor = p.reviewer \
                 where m.training_group = $1 order by c.started_at_ms desc, c.id desc"
            ))
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(reviewable).collect()
    }

    /// Whether some trainer may read a conversation, by when its owner began it.
    pub async fn has_trainer(&self, owner: VisitorId, started_at: Timestamp) -> Result<bool, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select t.trainer from group_member m join group_trainer t on t.training_group = m.training_group \
                 where m.member = $1 and m.from_ms <= $2 limit 1",
            )
            .bind(owner.to_string())
            .bind(to_ms(started_at))
            .fetch_optional(pool)
            .await?
        });
        Ok(row.is_some())
    }

    /// Reviews that a group's trainers have under way or have given blind, the latest first.
    pub async fn reviews_under_way(&self, group: GroupId) -> Result<Vec<UnderWay>, StoreError> {
        let rows: Vec<(String, String, String, String, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select r.conversation, r.reviewer, a.name, r.state, r.changed_at_ms from review r \
                 join account a on a.visitor = r.reviewer join conversation c on c.id = r.conversation \
                 join group_member m on m.member = c.visitor and c.started_at_ms >= m.from_ms \
                 where m.training_group = $1 and r.state in ('draft', 'finished') \
                 order by r.changed_at_ms desc, r.conversation, r.reviewer",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(conversation, reviewer, reviewer_name, state, changed_at)| {
                Ok(UnderWay {
                    conversation: conversation_id(&conversation)?,
                    reviewer: visitor(&reviewer)?,
                    reviewer_name,
                    state: ReviewState::named(&state)?,
                    changed_at: from_ms(changed_at)?,
                })
            })
            .collect()
    }

    /// The automatic levels and the trainers' of the words that count: of a group, or of all conversations.
    pub async fn published_levels(&self, group: Option<GroupId>) -> Result<Vec<LevelPairs>, StoreError> {
        let rows: Vec<(Json<LevelPairs>,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select p.levels from publication p where p.number = \
                     (select max(number) from publication where conversation = p.conversation) \
                 and (cast($1 as text) is null or exists (select 1 from conversation c join group_member m on m.member = c.visitor \
                     and c.started_at_ms >= m.from_ms where c.id = p.conversation and m.training_group = $1)) \
                 order by p.published_at_ms, p.conversation",
            )
            .bind(group.map(|group| group.to_string()))
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a list of levels", error))?
        });
        Ok(rows.into_iter().map(|(Json(levels),)| levels).collect())
    }

    /// What pairs of trainers gave blind: in a group, or on all conversations.
    pub async fn blind_pairs(&self, group: Option<GroupId>) -> Result<Vec<BlindPair>, StoreError> {
        let rows: Vec<(Json<Draft>, Json<Draft>)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select b.first_body, b.second_body from blind_reading b \
                 where b.first_body is not null and b.second_body is not null \
                 and (cast($1 as text) is null or exists (select 1 from conversation c join group_member m on m.member = c.visitor \
                     and c.started_at_ms >= m.from_ms where c.id = b.conversation and m.training_group = $1)) \
                 order by b.asked_at_ms, b.conversation",
            )
            .bind(group.map(|group| group.to_string()))
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable("a blind rating", error))?
        });
        Ok(rows.into_iter().map(|(Json(first), Json(second))| (first, second)).collect())
    }

    /// The double blind ratings of a group that somebody has still to give, or that are to be settled: the conversation,
    /// who reads, and whether each has given theirs.
    pub async fn blind_readings(
        &self,
        group: GroupId,
    ) -> Result<Vec<(ConversationId, [(VisitorId, bool); 2])>, StoreError> {
        let rows: Vec<(String, String, String, i64, i64)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select b.conversation, b.first, b.second, cast(case when b.first_body is null then 0 else 1 end as bigint), \
                 cast(case when b.second_body is null then 0 else 1 end as bigint) from blind_reading b \
                 join conversation c on c.id = b.conversation \
                 join group_member m on m.member = c.visitor and c.started_at_ms >= m.from_ms \
                 where m.training_group = $1 and b.settled_at_ms is null \
                 and b.first is not null and b.second is not null order by b.asked_at_ms, b.conversation",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter()
            .map(|(conversation, first, second, first_given, second_given)| {
                let readers = [(visitor(&first)?, first_given == 1), (visitor(&second)?, second_given == 1)];
                Ok((conversation_id(&conversation)?, readers))
            })
            .collect()
    }
}

fn reviewable(row: ReviewableRow) -> Result<Reviewable, StoreError> {
    let (id, member, member_name, persona, channel, started_at, doubts, broke_off, first, asked, at, by, seen, events) =
        row;
    // What was answered does not wait any more.
    let asked = asked.filter(|asked| at.is_none_or(|at| at < *asked));
    let published = match (at, seen) {
        (Some(at), Some(seen)) => Some((from_ms(at)?, by, seen < events)),
        _ => None,
    };
    Ok(Reviewable {
        conversation: conversation_id(&id)?,
        member: visitor(&member)?,
        member_name,
        persona,
        channel: channel_named(&channel)?,
        started_at: from_ms(started_at)?,
        doubts: number(doubts)?,
        broke_off: broke_off == 1,
        first: first == 1,
        asked_at: asked.map(from_ms).transpose()?,
        published,
    })
}

fn conversation_id(id: &str) -> Result<ConversationId, StoreError> {
    id.parse().map_err(|error| StoreError::unreadable("an identifier", error))
}
