//! A group that has rehearsed: made up, seeded, plausible. Its conversations are played by the characters' own rules and
//! scored by the rubric's, so that pages and exports meet what they meet in use; only time is made up.

mod rehearsal;
mod words;

use std::sync::Arc;
use std::time::Duration;

use comptoir::assignment::{Mode, Terms, Work};
use comptoir::clock::Timestamp;
use comptoir::content::{Content, Kind};
use comptoir::hearing::Ears;
use comptoir::id::{AssignmentId, ConversationId, GroupId, Ulid, VisitorId};
use comptoir::persona::Persona;
use comptoir::rubric::Rubric;
use comptoir::store::{Assignment, Group, NewAccount, Store, TokenDigest, Version, VersionKind};

pub(crate) use rehearsal::{Case, rehearse};
use words::NAMES;

/// What was made.
pub(crate) struct Made {
    pub(crate) group: GroupId,
    /// The trainer's session token.
    pub(crate) token: String,
    /// The first trainee's.
    pub(crate) trainee_token: String,
    pub(crate) trainees: Vec<VisitorId>,
    /// Of each trainee, oldest first.
    pub(crate) conversations: Vec<Vec<ConversationId>>,
}

/// How many conversations a day each trainee has.
const A_DAY: u32 = 2;

/// One conversation in so many is done for an assignment.
const ASSIGNED: u32 = 5;

/// Makes a group of so many trainees with so many conversations each, the last ones shortly before `now`.
pub(crate) async fn make(store: &Store, content: &Content, trainees: u32, each: u32, now: Timestamp) -> Made {
    let rubric = content.rubric("bloc1").expect("the rubric of block 1");
    keep(store, content, rubric, now).await;
    let stages: Vec<(Arc<Persona>, Ears)> =
        content.personas().map(|persona| (Arc::clone(persona), Ears::new(persona, content.organisation()))).collect();
    let days = i64::from(each / A_DAY + 2);
    let opened = now.checked_sub(Duration::from_secs(u64::try_from(days).unwrap_or(0) * 86_400)).expect("a day");
    let trainer = person(store, 900_000, "Claire Martin", true, opened).await;
    let token = format!("{:064x}", 0x00c0_ffee);
    let until = now + Duration::from_hours(8760);
    store.open_session(&TokenDigest::of(&token), trainer, opened, until).await.expect("a session");
    let group = GroupId::new(ulid(opened, 900_001));
    let new = Group {
        id: group,
        name: "Promotion d’automne".to_owned(),
        code: "AUTOMNE1".to_owned(),
        code_until: None,
        created_at: opened,
        archived_at: None,
    };
    store.add_group(&new, trainer).await.expect("a group");
    let assignments = assign(store, group, trainer, content, opened).await;
    let mut made = Made {
        group,
        token,
        trainee_token: format!("{:064x}", 0xbee),
        trainees: Vec::new(),
        conversations: Vec::new(),
    };
    let mut seeds = fastrand::Rng::with_seed(5);
    for who in 0..trainees {
        let name = NAMES[who as usize % NAMES.len()];
        let id = person(store, who, name, false, opened).await;
        store.add_member(group, id, opened, opened).await.expect("a member");
        if who == 0 {
            store.open_session(&TokenDigest::of(&made.trainee_token), id, opened, until).await.expect("a session");
        }
        // From clumsy to able, each at a pace of their own.
        let (level, pace) = (0.15 + seeds.f64() * 0.5, seeds.f64() * 0.5);
        let mut own = Vec::new();
        for number in 0..each {
            let skill = level + pace * f64::from(number) / f64::from(each.max(1));
            let (persona, ears) = &stages[seeds.usize(0..stages.len())];
            let back = Duration::from_secs(u64::from((each - number) / A_DAY) * 86_400 + seeds.u64(0..20_000) + 600);
            let at = now.checked_sub(back).expect("a day");
            let conversation = ConversationId::new(ulid(at, who * 10_000 + number));
            let under = (number % ASSIGNED == 0).then(|| assignments[(number / ASSIGNED) as usize % assignments.len()]);
            let case = Case { store, persona, ears, rubric, conversation, visitor: id, at, under };
            rehearse(&case, skill, &mut seeds).await;
            own.push(conversation);
        }
        made.trainees.push(id);
        made.conversations.push(own);
    }
    made
}

pub(crate) fn ulid(at: Timestamp, number: u32) -> Ulid {
    Ulid::from_parts(at.as_millisecond().unsigned_abs(), u128::from(number))
}

pub(crate) async fn person(store: &Store, number: u32, name: &str, trainer: bool, at: Timestamp) -> VisitorId {
    let id = VisitorId::new(ulid(at, number));
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer, administrator: false };
    store.add_account(&new, &TokenDigest::of(&format!("made up {number}")), at).await.expect("an account");
    id
}

/// A few assignments, each of which leaves every situation free.
async fn assign(
    store: &Store,
    group: GroupId,
    trainer: VisitorId,
    content: &Content,
    at: Timestamp,
) -> Vec<AssignmentId> {
    let personas: Vec<String> = content.personas().map(|persona| persona.id().to_owned()).collect();
    let titles = ["Ouvrir et identifier", "Apaiser d’abord", "Faire préciser", "Conclure et transmettre"];
    let mut made = Vec::new();
    for (title, number) in titles.into_iter().zip(0..) {
        let terms = Terms {
            work: Work::Situations { personas: personas.clone() },
            due_at: Some(at + Duration::from_hours(24 * 14)),
            attempts: None,
            hints: false,
            mode: Mode::Either,
            closed_at: None,
        };
        let id = AssignmentId::new(ulid(at, 910_000 + number));
        let new = Assignment { id, group, title: title.to_owned(), terms, made_by: Some(trainer), made_at: at };
        store.add_assignment(&new).await.expect("an assignment");
        made.push(id);
    }
    made
}

/// Keeps the versions that conversations and scorecards name.
async fn keep(store: &Store, content: &Content, rubric: &Rubric, at: Timestamp) {
    let text = |kind, id| content.good_files().get(kind, id).map(|file| file.text.clone()).expect("a file");
    let rubrics = [(VersionKind::Rubric, rubric.id(), rubric.hash(), text(Kind::Rubric, rubric.id()))];
    let personas = content
        .personas()
        .map(|persona| (VersionKind::Persona, persona.id(), persona.hash(), text(Kind::Persona, persona.id())));
    for (kind, name, digest, text) in rubrics.into_iter().chain(personas.collect::<Vec<_>>()) {
        store.keep_version(Version { kind, name, digest, text: &text }, at).await.expect("a version");
    }
}
