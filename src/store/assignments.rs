//! What trainers set their groups to do, and what trainees did of it.
//!
//! Invariant: of a trainee's tries of one piece, as many count as the terms allow at most: whoever begins holds the
//! assignment's row until the new conversation is there.

use super::conversations::{NewConversation, insert_conversation, latest};
use super::database::{reading, writing};
use super::{Offered, Store, StoreError, from_ms, number, to_ms};
use crate::assignment::{Begin, Mode, Refused, Terms, Try, Work, may_begin};
use crate::clock::Timestamp;
use crate::id::{AssignmentId, BookletId, ConversationId, GroupId, VisitorId};

/// What a trainer set a group to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// Whom it is for.
    pub group: GroupId,
    /// Its title.
    pub title: String,
    /// What, and how.
    pub terms: Terms,
    /// Who made it; nobody that is left: `None`.
    pub made_by: Option<VisitorId>,
    /// When.
    pub made_at: Timestamp,
}

/// Where a try is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A conversation.
    Conversation(ConversationId),
    /// An exam.
    Booklet(BookletId),
}

/// One try of one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// Whose.
    pub visitor: VisitorId,
    /// Which piece: a persona's id, or a booklet's.
    pub piece: String,
    /// Where.
    pub place: Place,
    /// How it went.
    pub how: Try,
}

/// What came of beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The new conversation is there.
    Opened,
    /// One that was opened before, and in which nobody was received yet.
    TakenUp(ConversationId),
    /// Nothing: why.
    Refused(Refused),
    /// Nothing: there is no such assignment any more.
    Gone,
}

type Row = (String, String, String, String, Option<i64>, Option<i64>, bool, String, Option<String>, i64, Option<i64>);
type TriedRow = (String, String, String, String, i64, Option<i64>, bool, Option<i64>);
type BookletRow = (String, String, String, String, i64, Option<i64>);

/// The columns of a [`Row`], of the assignment `s`.
macro_rules! columns {
    () => {
        "s.id, s.training_group, s.title, s.body, s.due_at_ms, s.attempts, s.hints, s.mode, s.made_by, s.made_at_ms, \
         s.closed_at_ms"
    };
}

/// The conversations `c` begun under assignments, as [`TriedRow`]s; what follows narrows them.
macro_rules! tried {
    ($narrowed:literal) => {
        concat!(
            "select c.assignment, c.visitor, c.persona, c.id, c.started_at_ms, c.ended_at_ms, exists \
             (select 1 from event e where e.conversation = c.id and e.seq > 0 \
                 and e.body ->> 'type' in ('received', 'spoke')), sc.overall \
             from conversation c left join scorecard sc on sc.id = ",
            latest!(),
            " where c.assignment is not null and c.booklet is null and ",
            $narrowed,
            " order by c.started_at_ms, c.id"
        )
    };
}

impl Store {
    /// Adds an assignment.
    pub async fn add_assignment(&self, new: &Assignment) -> Result<(), StoreError> {
        let work = written(&new.terms.work)?;
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "insert into assignment (id, training_group, kind, title, body, due_at_ms, attempts, hints, mode, made_by, \
                 made_at_ms, closed_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind(new.id.to_string())
            .bind(new.group.to_string())
            .bind(new.terms.work.kind())
            .bind(&new.title)
            .bind(&work)
            .bind(new.terms.due_at.map(to_ms))
            .bind(new.terms.attempts.map(i64::from))
            .bind(new.terms.hints)
            .bind(new.terms.mode.name())
            .bind(new.made_by.map(|id| id.to_string()))
            .bind(to_ms(new.made_at))
            .bind(new.terms.closed_at.map(to_ms))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// Changes its title and terms; whom it is for and who made it stay.
    pub async fn change_assignment(&self, changed: &Assignment) -> Result<(), StoreError> {
        let work = written(&changed.terms.work)?;
        writing!(self.database.as_ref(), |connection| {
            sqlx::query(
                "update assignment set kind = $2, title = $3, body = $4, due_at_ms = $5, attempts = $6, hints = $7, \
                 mode = $8, closed_at_ms = $9 where id = $1",
            )
            .bind(changed.id.to_string())
            .bind(changed.terms.work.kind())
            .bind(&changed.title)
            .bind(&work)
            .bind(changed.terms.due_at.map(to_ms))
            .bind(changed.terms.attempts.map(i64::from))
            .bind(changed.terms.hints)
            .bind(changed.terms.mode.name())
            .bind(changed.terms.closed_at.map(to_ms))
            .execute(connection)
            .await?;
        });
        Ok(())
    }

    /// An assignment by id.
    pub async fn assignment(&self, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!("select ", columns!(), " from assignment s where s.id = $1"))
                .bind(id.to_string())
                .fetch_optional(pool)
                .await?
        });
        row.map(assignment_of).transpose()
    }

    /// The assignment that a conversation was begun under, or the exam that it is part of.
    pub async fn assignment_of(&self, conversation: ConversationId) -> Result<Option<Assignment>, StoreError> {
        let row: Option<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from conversation c left join booklet b on b.id = c.booklet \
                 join assignment s on s.id = coalesce(c.assignment, b.assignment) where c.id = $1"
            ))
            .bind(conversation.to_string())
            .fetch_optional(pool)
            .await?
        });
        row.map(assignment_of).transpose()
    }

    /// What a group is set to do: the latest first.
    pub async fn assignments_of(&self, group: GroupId) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from assignment s where s.training_group = $1 order by s.made_at_ms desc, s.id desc"
            ))
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(assignment_of).collect()
    }

    /// What somebody is set to do as a member of groups in use: what is due first comes first.
    pub async fn assignments_for(&self, member: VisitorId) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<Row> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(concat!(
                "select ",
                columns!(),
                " from assignment s join group_member m on m.training_group = s.training_group \
                 join training_group g on g.id = s.training_group \
                 where m.member = $1 and g.archived_at_ms is null \
                 order by s.due_at_ms is null, s.due_at_ms, s.made_at_ms, s.id"
            ))
            .bind(member.to_string())
            .fetch_all(pool)
            .await?
        });
        rows.into_iter().map(assignment_of).collect()
    }

    /// Whether somebody is in the group that an assignment is for, and the group in use.
    pub async fn is_assigned(&self, member: VisitorId, assignment: &Assignment) -> Result<bool, StoreError> {
        let row: Option<(String,)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select m.member from group_member m join training_group g on g.id = m.training_group \
                 where m.training_group = $1 and m.member = $2 and g.archived_at_ms is null",
            )
            .bind(assignment.group.to_string())
            .bind(member.to_string())
            .fetch_optional(pool)
            .await?
        });
        Ok(row.is_some())
    }

    /// What all of a group can be set, beside the situations of the files: the latest version of what is published to it.
    pub async fn situations_offered_to(&self, group: GroupId) -> Result<Vec<Offered>, StoreError> {
        let rows: Vec<(String, i64, String)> = reading!(self.database.as_ref(), |pool| {
            sqlx::query_as(
                "select v.situation, v.number, v.digest from situation_version v \
                 join situation s on s.id = v.situation \
                 join situation_group g on g.situation = v.situation and g.training_group = $1 \
                 where s.withdrawn_at_ms is null \
                 and v.number = (select max(l.number) from situation_version l where l.situation = v.situation) \
                 order by v.situation",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?
        });
        let offered = |(id, version, digest)| Ok(Offered { id, number: number(version)?, digest });
        rows.into_iter().map(offered).collect()
    }

    /// Everyone's tries under the assignments of a group, the first first.
    pub async fn tried_in(&self, group: GroupId) -> Result<Vec<Tried>, StoreError> {
        let (rows, booklets): (Vec<TriedRow>, Vec<BookletRow>) = reading!(self.database.as_ref(), |pool| {
            let conversations =
                sqlx::query_as(tried!("c.assignment in (select s.id from assignment s where s.training_group = $1)"))
                    .bind(group.to_string())
                    .fetch_all(pool)
                    .await?;
            let booklets = sqlx::query_as(
                "select b.assignment, b.visitor, b.kind, b.id, b.started_at_ms, b.ended_at_ms from booklet b \
                 join assignment s on s.id = b.assignment where s.training_group = $1 order by b.started_at_ms, b.id",
            )
            .bind(group.to_string())
            .fetch_all(pool)
            .await?;
            (conversations, booklets)
        });
        tried_of(rows, booklets)
    }

    /// Somebody's tries under any assignment, the first first.
    pub async fn tried_by(&self, visitor: VisitorId) -> Result<Vec<Tried>, StoreError> {
        let (rows, booklets): (Vec<TriedRow>, Vec<BookletRow>) = reading!(self.database.as_ref(), |pool| {
            let conversations =
                sqlx::query_as(tried!("c.visitor = $1")).bind(visitor.to_string()).fetch_all(pool).await?;
            let booklets = sqlx::query_as(
                "select b.assignment, b.visitor, b.kind, b.id, b.started_at_ms, b.ended_at_ms from booklet b \
                 where b.visitor = $1 and b.assignment is not null order by b.started_at_ms, b.id",
            )
            .bind(visitor.to_string())
            .fetch_all(pool)
            .await?;
            (conversations, booklets)
        });
        tried_of(rows, booklets)
    }

    /// Opens a conversation under an assignment, if its terms allow one more try of that persona. `counted`: the new one
    /// counts from its opening.
    pub async fn begin_under(
        &self,
        id: AssignmentId,
        new: &NewConversation,
        counted: bool,
    ) -> Result<Begun, StoreError> {
        let under = id.to_string();
        Ok(writing!(self.database.as_ref(), |connection| {
            // Whoever begins at the same moment waits here, on either database.
            let held = sqlx::query("update assignment set title = title where id = $1")
                .bind(&under)
                .execute(&mut *connection)
                .await?;
            if held.rows_affected() == 0 {
                return Ok(Begun::Gone);
            }
            let row: Row = sqlx::query_as(concat!("select ", columns!(), " from assignment s where s.id = $1"))
                .bind(&under)
                .fetch_one(&mut *connection)
                .await?;
            let rows: Vec<TriedRow> = sqlx::query_as(tried!("c.assignment = $1 and c.visitor = $2 and c.persona = $3"))
                .bind(&under)
                .bind(new.visitor.to_string())
                .bind(&new.start.persona)
                .fetch_all(&mut *connection)
                .await?;
            let terms = assignment_of(row)?.terms;
            let tried = tried_of(rows, Vec::new())?;
            let how: Vec<Try> = tried.iter().map(|one| one.how.clone()).collect();
            match may_begin(&terms, &how, counted) {
                Err(refused) => return Ok(Begun::Refused(refused)),
                Ok(Begin::TakeUp(at)) => match tried.get(at).map(|tried| tried.place) {
                    Some(Place::Conversation(waiting)) => return Ok(Begun::TakenUp(waiting)),
                    _ => return Err(StoreError::unreadable("a try", "it is no conversation")),
                },
                Ok(Begin::Open) => {
                    insert_conversation!(connection, new);
                    sqlx::query("update conversation set assignment = $2 where id = $1")
                        .bind(new.id.to_string())
                        .bind(&under)
                        .execute(&mut *connection)
                        .await?;
                    Begun::Opened
                }
            }
        }))
    }
}

fn written(work: &Work) -> Result<String, StoreError> {
    serde_json::to_string(work).map_err(|error| StoreError::unreadable("what is to be done", error))
}

fn assignment_of(row: Row) -> Result<Assignment, StoreError> {
    let (id, group, title, body, due_at, attempts, hints, mode, made_by, made_at, closed_at) = row;
    let unreadable = |error| StoreError::unreadable("an assignment", error);
    let terms = Terms {
        work: serde_json::from_str(&body).map_err(|error| StoreError::unreadable("what is to be done", error))?,
        due_at: due_at.map(from_ms).transpose()?,
        attempts: attempts
            .map(u32::try_from)
            .transpose()
            .map_err(|error| StoreError::unreadable("a number of tries", error))?,
        hints,
        mode: Mode::named(&mode).ok_or_else(|| StoreError::unreadable("a mode", mode.as_str()))?,
        closed_at: closed_at.map(from_ms).transpose()?,
    };
    Ok(Assignment {
        id: id.parse().map_err(unreadable)?,
        group: group.parse().map_err(unreadable)?,
        title,
        terms,
        made_by: made_by.map(|id| id.parse()).transpose().map_err(unreadable)?,
        made_at: from_ms(made_at)?,
    })
}

fn tried_of(rows: Vec<TriedRow>, booklets: Vec<BookletRow>) -> Result<Vec<Tried>, StoreError> {
    let unreadable = |error| StoreError::unreadable("a try", error);
    let conversations = rows.into_iter().map(|(assignment, visitor, piece, id, started, ended, begun, overall)| {
        Ok(Tried {
            assignment: assignment.parse().map_err(unreadable)?,
            visitor: visitor.parse().map_err(unreadable)?,
            piece,
            place: Place::Conversation(id.parse().map_err(unreadable)?),
            how: Try {
                started_at: from_ms(started)?,
                begun,
                ended: ended.is_some(),
                result: overall.and_then(|overall| u8::try_from(overall).ok()),
            },
        })
    });
    let booklets = booklets.into_iter().map(|(assignment, visitor, piece, id, started, ended)| {
        Ok(Tried {
            assignment: assignment.parse().map_err(unreadable)?,
            visitor: visitor.parse().map_err(unreadable)?,
            piece,
            place: Place::Booklet(id.parse().map_err(unreadable)?),
            how: Try { started_at: from_ms(started)?, begun: true, ended: ended.is_some(), result: None },
        })
    });
    conversations.chain(booklets).collect()
}
