//! A service on which a group has rehearsed for a while, and those who may look at it.

use std::time::Duration;

use comptoir::clock::{Clock as _, SystemClock, Timestamp};
use comptoir::content::{Content, shipped};
use comptoir::id::{Ulid, VisitorId};
use comptoir::store::{NewAccount, Store, TokenDigest};

use crate::group::{self, Made};
use crate::harness::Service;

/// The token of the co-trainer's session.
const OMAR: &str = "00000000000000000000000000000000000000000000000000000000000000aa";
/// And of the administrator's.
const ANNE: &str = "00000000000000000000000000000000000000000000000000000000000000bb";

pub(crate) struct Rehearsed {
    pub(crate) service: Service,
    pub(crate) made: Made,
    /// Claire Martin leads the group.
    pub(crate) claire: String,
    /// Omar Diallo leads it with her.
    pub(crate) omar: &'static str,
    pub(crate) omar_id: VisitorId,
    /// Anne Roy administers.
    pub(crate) anne: &'static str,
    /// Amina Benali is the first trainee.
    pub(crate) amina: String,
}

impl Rehearsed {
    /// So many trainees with so many conversations each.
    pub(crate) async fn start(trainees: u32, each: u32) -> Rehearsed {
        let content = Content::read(&[&shipped()], Vec::new()).expect("the content that is shipped");
        let now = SystemClock.now();
        let omar_id = id(now, 1);
        let mut made = None;
        let service = Service::filled(async |store: &Store| {
            let group = group::make(store, &content, trainees, each, now).await;
            person(store, omar_id, "Omar Diallo", OMAR, now).await;
            store.add_trainer(group.group, omar_id).await.expect("a second trainer");
            person(store, id(now, 2), "Anne Roy", ANNE, now).await;
            store.set_roles(id(now, 2), false, true).await.expect("a role");
            made = Some(group);
        })
        .await;
        let made = made.expect("it was filled");
        let (claire, amina) = (made.token.clone(), made.trainee_token.clone());
        Rehearsed { service, made, claire, omar: OMAR, omar_id, anne: ANNE, amina }
    }

    /// The address of the group's page.
    pub(crate) fn group(&self) -> String {
        format!("/groups/{}", self.made.group)
    }

    /// The address of a conversation: of which trainee, and how many before the last.
    pub(crate) fn conversation(&self, trainee: usize, before_last: usize) -> String {
        let all = &self.made.conversations[trainee];
        format!("/conversations/{}", all[all.len() - 1 - before_last])
    }
}

fn id(at: Timestamp, number: u128) -> VisitorId {
    VisitorId::new(Ulid::from_parts(at.as_millisecond().unsigned_abs(), number))
}

async fn person(store: &Store, id: VisitorId, name: &str, token: &str, at: Timestamp) {
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer: true, administrator: false };
    store.add_account(&new, &TokenDigest::of(&format!("guest {name}")), at).await.expect("an account");
    store.open_session(&TokenDigest::of(token), id, at, at + Duration::from_hours(1)).await.expect("a session");
}
