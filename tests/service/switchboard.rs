//! One conversation's panic ends one conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use comptoir::clock::{Clock, SystemClock, Timestamp};
use comptoir::content::{Content, shipped};
use comptoir::conversation::{Act, Line, Manners, Stage, Switchboard, Told};
use comptoir::id::{ConversationId, Ulid, VisitorId};
use comptoir::metrics::Metrics;
use comptoir::persona::Channel;
use comptoir::store::{NewConversation, Store, TokenDigest, Version, VersionKind};
use comptoir::transcript::Start;

/// A clock that breaks when told to, whoever asks it.
#[derive(Default)]
struct Breaking(AtomicBool);

impl Clock for Breaking {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::SeqCst), "the clock breaks, as planned");
        SystemClock.now()
    }
}

pub(crate) async fn opened(store: &Store, n: u128) -> ConversationId {
    let id = ConversationId::new(Ulid::from_parts(1, n));
    let visitor = VisitorId::new(Ulid::from_parts(1, n));
    let at = SystemClock.now();
    store.add_visitor(visitor, &TokenDigest::of(&n.to_string()), at).await.unwrap();
    let start = Start {
        persona: "fuite-colere".to_owned(),
        persona_hash: "digest".to_owned(),
        rubric: "bloc1".to_owned(),
        channel: Channel::Phone,
        seed: 1,
        hints: false,
        aloud: false,
        branched_from: None,
    };
    store.start_conversation(&NewConversation { id, visitor, start, at, shared: Vec::new() }).await.unwrap();
    id
}

/// What is told up to the reply, or the end of the line.
async fn replied(line: &mut Line) -> bool {
    while let Some(told) = line.told().await {
        if matches!(&told, Told::Happened(happened) if happened.event.seq == 3) {
            return true;
        }
    }
    false
}

async fn talk(line: &Line) -> bool {
    line.act(Act::Receive { id: "r".to_owned() }).await
        && line.act(Act::Say { id: "s".to_owned(), text: "Bonjour.".to_owned(), spoken: None }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_ends_one_conversation_which_can_be_joined_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
    let version = Version { kind: VersionKind::Persona, name: "fuite-colere", digest: "digest", text: "" };
    store.keep_version(version, SystemClock.now()).await.unwrap();
    let content = Content::read(&[&shipped()], Vec::new()).unwrap();
    let persona = Arc::clone(content.persona("fuite-colere").unwrap());
    let organisation = Arc::clone(content.organisation());
    let stage = Stage::new(persona, organisation);

    let clock = Arc::new(Breaking::default());
    let board =
        Switchboard::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>, Manners::PATIENT, None, Metrics::new());
    let (one, two) = (opened(&store, 1).await, opened(&store, 2).await);
    let mut first = board.join(one, stage.clone(), 0).await;
    let mut second = board.join(two, stage.clone(), 0).await;
    assert!(matches!(first.told().await, Some(Told::Welcome(_))));
    assert!(matches!(second.told().await, Some(Told::Welcome(_))));
    assert_eq!(board.under_way(), 2);

    clock.0.store(true, Ordering::SeqCst);
    first.act(Act::Receive { id: "r".to_owned() }).await;
    assert_eq!(first.told().await, None, "the line is dead");
    clock.0.store(false, Ordering::SeqCst);

    assert!(talk(&second).await);
    assert!(replied(&mut second).await, "the other goes on");
    assert_eq!(board.under_way(), 1);
    let mut first = board.join(one, stage, 0).await;
    assert!(talk(&first).await);
    assert!(replied(&mut first).await, "and the first can be taken up again");
    drop((first, second));
    board.stop().await;
    store.close().await;
}
