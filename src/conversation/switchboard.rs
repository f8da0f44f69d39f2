//! Connects clients to conversations: at most one task per conversation in this process.
//!
//! Input: a client that wants to join. Output: a [`Line`]. Invariant: a conversation's task ends only when nobody is
//! connected and nothing waits in its inbox, both seen under the lock under which clients join.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::followers::{Follower, Following};
use super::task::Conversation;
use super::wake::{Act, Client, Told, Wake};
use super::{Manners, Player, Stage, Whisper};
use crate::clock::Clock;
use crate::id::ConversationId;
use crate::metrics::Metrics;
use crate::store::Store;

/// Messages that wait for a conversation: beyond, the socket waits before it reads on.
const INBOX: usize = 32;

/// Messages that wait for a client: beyond, it is taken for dead and may come back.
const LINE: usize = 256;

/// The conversations under way in this process. Cheap to clone.
#[derive(Clone)]
pub struct Switchboard {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    manners: Manners,
    player: Option<Arc<Player>>,
    metrics: Metrics,
    /// Who is under way, by the inbox of its task and the task's number. Never held across an await.
    tasks: Mutex<HashMap<ConversationId, (u64, mpsc::Sender<Wake>)>>,
    /// Numbers tasks and clients.
    counter: AtomicU64,
    tracker: TaskTracker,
    stop: CancellationToken,
}

/// A client's end of a conversation. Dropping it leaves.
#[derive(Debug)]
pub struct Line {
    client: u64,
    inbox: mpsc::Sender<Wake>,
    told: mpsc::Receiver<Told>,
}

impl Line {
    /// Hands an act over; waits while the conversation is busy. `false` if the conversation is gone: join again.
    pub async fn act(&self, act: Act) -> bool {
        self.inbox.send(Wake::Acted { client: self.client, act }).await.is_ok()
    }

    /// What the conversation tells next; `None` once it tells nothing more: join again, unless the last word was
    /// [`Told::TakenOver`].
    pub async fn told(&mut self) -> Option<Told> {
        self.told.recv().await
    }

    /// What it has told already, if anything waits.
    pub fn told_already(&mut self) -> Option<Told> {
        self.told.try_recv().ok()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // A full inbox is no loss: the task sees the closed line when it next tells something.
        let _ = self.inbox.try_send(Wake::Left { client: self.client });
    }
}

/// A follower's end of a conversation. Dropping it leaves.
#[derive(Debug)]
pub struct Tap {
    follower: u64,
    inbox: mpsc::Sender<Wake>,
    told: mpsc::Receiver<Told>,
}

impl Tap {
    /// Hands a whisper over. `false` if the conversation is gone from here.
    pub async fn whisper(&self, whisper: Whisper) -> bool {
        self.inbox.send(Wake::Whispered { follower: self.follower, whisper }).await.is_ok()
    }

    /// What the conversation tells next, [`Told::Following`] first; `None` once it is gone from here, or was told faster
    /// than it was taken: follow again.
    pub async fn told(&mut self) -> Option<Told> {
        self.told.recv().await
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // A full inbox is no loss: the task sees the closed line when it next tells something.
        let _ = self.inbox.try_send(Wake::Unfollowed { follower: self.follower });
    }
}

impl Switchboard {
    /// Without conversations yet.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        manners: Manners,
        player: Option<Player>,
        metrics: Metrics,
    ) -> Switchboard {
        let inner = Inner {
            store,
            clock,
            manners,
            player: player.map(Arc::new),
            metrics,
            tasks: Mutex::default(),
            counter: AtomicU64::new(1),
            tracker: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Switchboard { inner: Arc::new(inner) }
    }

    /// Joins a conversation from the last event the client has. What it finds comes through the line.
    pub async fn join(&self, id: ConversationId, stage: Stage, last_seq: u32) -> Line {
        let client = self.inner.counter.fetch_add(1, Ordering::Relaxed);
        loop {
            let (line, told) = mpsc::channel(LINE);
            let joined = Wake::Joined { client: Client { number: client, line }, last_seq };
            if let Some(inbox) = self.try_join(id, &stage, joined) {
                return Line { client, inbox, told };
            }
            // The inbox is full of what came before; the task is working it off.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn try_join(&self, id: ConversationId, stage: &Stage, joined: Wake) -> Option<mpsc::Sender<Wake>> {
        let mut tasks = self.inner.tasks();
        let inbox = match tasks.get(&id) {
            Some((_, inbox)) if !inbox.is_closed() => inbox.clone(),
            _ => {
                let (inbox, receiver) = mpsc::channel(INBOX);
                let number = self.inner.counter.fetch_add(1, Ordering::Relaxed);
                tasks.insert(id, (number, inbox.clone()));
                self.spawn(id, number, stage.clone(), receiver);
                inbox
            }
        };
        inbox.try_send(joined).is_ok().then_some(inbox)
    }

    /// Follows a conversation that is under way here; `None` if it is not, or too busy to take one more now.
    pub fn follow(&self, id: ConversationId, who: Follower) -> Option<Tap> {
        let number = self.inner.counter.fetch_add(1, Ordering::Relaxed);
        let (line, told) = mpsc::channel(LINE);
        let inbox = self.tell_task(id, Wake::Followed(Following { number, who, line }))?;
        Some(Tap { follower: number, inbox, told })
    }

    /// Tells a conversation, if it is under way here, who follows it at other nodes now, and the last event that they have
    /// stored.
    pub fn followed_elsewhere(&self, id: ConversationId, followers: Vec<Follower>, last_seq: u32) {
        // One that is too busy hears it the next time.
        let _ = self.tell_task(id, Wake::FollowedElsewhere { followers, last_seq });
    }

    /// Tells a conversation, if it is under way here, that it was erased. One that is too busy finds out when it next
    /// stores something, as do those of other nodes.
    pub fn erased(&self, id: ConversationId) {
        let _ = self.tell_task(id, Wake::Erased);
    }

    fn tell_task(&self, id: ConversationId, wake: Wake) -> Option<mpsc::Sender<Wake>> {
        let tasks = self.inner.tasks();
        let (_, inbox) = tasks.get(&id)?;
        inbox.try_send(wake).is_ok().then(|| inbox.clone())
    }

    fn spawn(&self, id: ConversationId, number: u64, stage: Stage, mut inbox: mpsc::Receiver<Wake>) {
        let inner = Arc::clone(&self.inner);
        let (store, clock) = (inner.store.clone(), Arc::clone(&inner.clock));
        let conversation =
            Conversation::new(id, stage, store, clock, inner.manners, inner.player.clone(), inner.metrics.clone());
        self.inner.tracker.spawn(async move {
            let place = Place { inner: &inner, id, number };
            let mut conversation = conversation;
            loop {
                conversation.run(&mut inbox, &inner.stop).await;
                if place.leave(&inbox) {
                    break;
                }
            }
        });
    }

    /// How many conversations are under way.
    pub fn under_way(&self) -> usize {
        self.inner.tasks().len()
    }

    /// Asks every conversation to finish its turn and say goodbye, and waits until all have.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tracker.close();
        self.inner.tracker.wait().await;
    }
}

impl Inner {
    fn tasks(&self) -> MutexGuard<'_, HashMap<ConversationId, (u64, mpsc::Sender<Wake>)>> {
        // A panic under this lock leaves the map whole: every change is one call.
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task's place among those under way, given up even when the task panics.
struct Place<'a> {
    inner: &'a Inner,
    id: ConversationId,
    number: u64,
}

impl Place<'_> {
    /// Gives the place up, unless someone joined in the meantime.
    fn leave(&self, inbox: &mpsc::Receiver<Wake>) -> bool {
        let mut tasks = self.inner.tasks();
        let empty = inbox.is_empty() || self.inner.stop.is_cancelled();
        if empty && tasks.get(&self.id).is_some_and(|(number, _)| *number == self.number) {
            tasks.remove(&self.id);
        }
        empty
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut tasks = self.inner.tasks();
        if tasks.get(&self.id).is_some_and(|(number, _)| *number == self.number) {
            tasks.remove(&self.id);
        }
    }
}
