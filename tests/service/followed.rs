//! Whoever follows a conversation hears it, is told to the trainee, may whisper, and never disturbs it.

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::{Clock, SystemClock};
use comptoir::content::{Content, shipped};
use comptoir::conversation::{Act, Follower, Line, Manners, Pacing, Refusal, Stage, Switchboard, Tap, Told, Whisper};
use comptoir::id::{ConversationId, Ulid, VisitorId};
use comptoir::metrics::Metrics;
use comptoir::store::{Store, Version, VersionKind};
use comptoir::transcript::{Event, Happening, Live};

use crate::switchboard::opened;

/// One conversation, open and received by its client.
struct Room {
    _folder: tempfile::TempDir,
    store: Store,
    board: Switchboard,
    stage: Stage,
    id: ConversationId,
    line: Line,
}

impl Room {
    async fn open(manners: Manners) -> Room {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("x.db").display())).await.unwrap();
        let version = Version { kind: VersionKind::Persona, name: "fuite-colere", digest: "digest", text: "" };
        store.keep_version(version, SystemClock.now()).await.unwrap();
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        let persona = Arc::clone(content.persona("fuite-colere").unwrap());
        let stage = Stage::new(persona, Arc::clone(content.organisation()));
        let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
        let board = Switchboard::new(store.clone(), clock, manners, None, Metrics::new());
        let id = opened(&store, 1).await;
        let line = board.join(id, stage.clone(), 0).await;
        let mut room = Room { _folder: folder, store, board, stage, id, line };
        assert!(matches!(room.line.told().await, Some(Told::Welcome(_))));
        room.line.act(Act::Receive { id: "r".to_owned() }).await;
        assert!(matches!(event(room.line.told().await).happening, Happening::Received));
        room
    }

    async fn say(&self, id: &str) {
        let (id, text) = (id.to_owned(), "Bonjour, je vous écoute.".to_owned());
        assert!(self.line.act(Act::Say { id, text, spoken: None }).await);
    }

    fn follow(&self, n: u128, name: &str) -> Tap {
        self.board.follow(self.id, follower(n, name)).unwrap()
    }

    async fn events(&self) -> Vec<Event> {
        self.store.events(self.id, 0).await.unwrap()
    }

    async fn close(self) {
        drop(self.line);
        self.board.stop().await;
        self.store.close().await;
    }
}

fn follower(n: u128, name: &str) -> Follower {
    Follower { id: VisitorId::new(Ulid::from_parts(9, n)), name: name.to_owned() }
}

fn whisper(id: &str, by: &str) -> Whisper {
    Whisper::new(id, by, "Demandez depuis quand.").unwrap()
}

#[track_caller]
fn event(told: Option<Told>) -> Event {
    match told {
        Some(Told::Happened(happened)) => happened.event,
        other => panic!("no event: {other:?}"),
    }
}

fn names(names: &[&str]) -> Told {
    Told::Followed(names.iter().map(|name| (*name).to_owned()).collect())
}

/// The numbers of the events told until the reply is.
async fn until_reply(mut told: impl AsyncFnMut() -> Option<Told>) -> Vec<u32> {
    let mut seqs = Vec::new();
    loop {
        if let Told::Happened(happened) = told().await.expect("a reply") {
            seqs.push(happened.event.seq);
            if matches!(happened.event.happening, Happening::Replied { .. }) {
                return seqs;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_hears_everything_from_its_first_event_on_and_the_trainee_is_told_who_it_is() {
    let mut room = Room::open(Manners::PATIENT).await;
    let mut tap = room.follow(1, "Mme Martin");
    assert_eq!(tap.told().await, Some(Told::Following(2)));
    assert_eq!(tap.told().await, Some(names(&["Mme Martin"])));
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin"])));
    room.say("s").await;
    assert_eq!(until_reply(async || tap.told().await).await, [2, 3]);
    assert_eq!(until_reply(async || room.line.told().await).await, [2, 3]);

    let mut second = room.follow(2, "M. Petit");
    assert_eq!(second.told().await, Some(Told::Following(4)));
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin", "M. Petit"])));
    drop(tap);
    assert_eq!(room.line.told().await, Some(names(&["M. Petit"])));
    drop(second);
    assert_eq!(room.line.told().await, Some(names(&[])));
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_comes_back_is_told_who_follows_and_the_follower_stays() {
    let mut room = Room::open(Manners::PATIENT).await;
    let mut tap = room.follow(1, "Mme Martin");
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin"])));
    let mut line = room.board.join(room.id, room.stage.clone(), 1).await;
    assert_eq!(room.line.told().await, Some(Told::TakenOver));
    assert!(matches!(line.told().await, Some(Told::Welcome(_))));
    assert_eq!(line.told().await, Some(names(&["Mme Martin"])));
    std::mem::swap(&mut line, &mut room.line);
    drop(line);
    room.say("s").await;
    assert_eq!(until_reply(async || tap.told().await).await, [2, 3], "a follower is not taken over");
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_does_not_keep_a_conversation_going_and_cannot_begin_one() {
    let mut room = Room::open(Manners::PATIENT).await;
    let mut tap = room.follow(1, "Mme Martin");
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin"])));
    let Room { line, board, store, id, _folder, .. } = room;
    drop(line);
    while tap.told().await.is_some() {}
    for _ in 0..100 {
        if board.under_way() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(board.under_way(), 0);
    assert!(board.follow(id, follower(1, "Mme Martin")).is_none());
    assert_eq!(board.under_way(), 0);
    board.stop().await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whisper_is_an_event_told_once_that_changes_nothing_else() {
    let mut room = Room::open(Manners::PATIENT).await;
    let mut tap = room.follow(1, "Mme Martin");
    room.say("s").await;
    until_reply(async || tap.told().await).await;
    until_reply(async || room.line.told().await).await;
    let before = Live::fold(&room.stage.persona, &room.events().await).unwrap();

    assert!(tap.whisper(whisper("s", "Mme Martin")).await);
    assert!(tap.whisper(whisper("s", "Mme Martin")).await);
    let told = event(tap.told().await);
    let id = Some("s".to_owned());
    let expect =
        Happening::Whispered { by: "Mme Martin".to_owned(), text: "Demandez depuis quand.".to_owned(), client_id: id };
    assert_eq!((told.seq, &told.happening), (4, &expect));
    assert_eq!(event(room.line.told().await), told);
    assert_eq!(event(tap.told().await), told, "the one who sent it twice is told again");

    let events = room.events().await;
    let after = Live::fold(&room.stage.persona, &events).unwrap();
    assert_eq!(events.len(), 5, "it is stored once");
    assert_eq!((after.turns(), after.state()), (before.turns(), before.state()));
    assert_eq!((after.pending(), after.phase()), (None, before.phase()));
    assert_eq!((after.whispers()[0].after, after.whispers()[0].by.as_str()), (2, "Mme Martin"));

    // An id that the trainee chose too is another message; and so is one of another trainer.
    room.say("s").await;
    assert_eq!(event(room.line.told().await).seq, 2, "the trainee's own message of that id");
    let mut other = room.follow(2, "M. Petit");
    other.whisper(whisper("s", "M. Petit")).await;
    while !matches!(other.told().await, Some(Told::Happened(happened)) if happened.event.seq == 5) {}
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whisper_while_the_character_speaks_comes_after_its_words() {
    let mut room = Room::open(Manners { pacing: Pacing { slowness: 0.2 }, ..Manners::PATIENT }).await;
    let mut tap = room.follow(1, "Mme Martin");
    room.say("s").await;
    while !matches!(tap.told().await, Some(Told::ReplyPart(..))) {}
    tap.whisper(whisper("w", "Mme Martin")).await;
    let mut seqs = Vec::new();
    while seqs.last() != Some(&4) {
        if let Some(Told::Happened(happened)) = room.line.told().await {
            seqs.push(happened.event.seq);
        }
    }
    assert_eq!(seqs, [2, 3, 4]);
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_client_in_mid_reply_takes_no_event_from_the_follower() {
    let mut room = Room::open(Manners { pacing: Pacing { slowness: 5.0 }, ..Manners::PATIENT }).await;
    let mut tap = room.follow(1, "Mme Martin");
    room.say("s").await;
    while !matches!(tap.told().await, Some(Told::ReplyPart(..))) {}
    room.line = room.board.join(room.id, room.stage.clone(), 1).await;
    assert_eq!(until_reply(async || tap.told().await).await, [3]);
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn picking_up_twice_is_picking_up_once_even_after_a_whisper() {
    let mut room = Room::open(Manners::PATIENT).await;
    let id = opened(&room.store, 2).await;
    room.line = room.board.join(id, room.stage.clone(), 0).await;
    let tap = room.board.follow(id, follower(1, "Mme Martin")).unwrap();
    tap.whisper(whisper("w", "Mme Martin")).await;
    let receive = || Act::Receive { id: "r".to_owned() };
    while !matches!(room.line.told().await, Some(Told::Happened(_))) {}
    room.line.act(receive()).await;
    let received = event(room.line.told().await);
    assert_eq!((received.seq, &received.happening), (2, &Happening::Received));
    room.line.act(receive()).await;
    assert_eq!(event(room.line.told().await), received);
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_end_nothing_is_whispered() {
    let room = Room::open(Manners::PATIENT).await;
    let mut tap = room.follow(1, "Mme Martin");
    room.line.act(Act::Move { id: "e".to_owned(), act: comptoir::transcript::Move::End }).await;
    let ended = |told: &Told| matches!(told, Told::Happened(happened) if matches!(happened.event.happening, Happening::Ended { .. }));
    while !tap.told().await.is_some_and(|told| ended(&told)) {}
    tap.whisper(whisper("w", "Mme Martin")).await;
    assert_eq!(tap.told().await, Some(Told::Refused { id: Some("w".to_owned()), why: Refusal::Over }));
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_does_not_listen_is_let_go_and_the_trainee_is_not_kept_waiting() {
    let mut room = Room::open(Manners::PATIENT).await;
    let mut deaf = room.follow(1, "Mme Martin");
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin"])));
    let mut gone = false;
    for turn in 0..200 {
        room.say(&format!("s-{turn}")).await;
        loop {
            match room.line.told().await.expect("the conversation goes on") {
                Told::Happened(happened) if matches!(happened.event.happening, Happening::Replied { .. }) => break,
                Told::Refused { .. } => break,
                told => gone |= told == Told::Followed(Vec::new()),
            }
        }
        if gone {
            break;
        }
    }
    assert!(gone || room.line.told().await == Some(names(&[])), "it was let go");
    let mut heard = 0;
    while deaf.told().await.is_some() {
        heard += 1;
    }
    assert!(heard <= 256, "{heard} waited for it");
    let mut back = room.follow(1, "Mme Martin");
    assert!(matches!(back.told().await, Some(Told::Following(_))), "and may come back");
    room.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_at_other_nodes_are_told_to_the_trainee_and_their_whispers_found() {
    let mut room = Room::open(Manners::PATIENT).await;
    room.board.followed_elsewhere(room.id, vec![follower(1, "Mme Martin")], 1);
    assert_eq!(room.line.told().await, Some(names(&["Mme Martin"])));
    let stored = vec![whisper("w", "Mme Martin").happening()];
    room.store.append(room.id, 2, stored, SystemClock.now()).await.unwrap();
    room.board.followed_elsewhere(room.id, vec![follower(1, "Mme Martin")], 2);
    assert!(matches!(event(room.line.told().await).happening, Happening::Whispered { .. }));
    // One person at two places is one person.
    let _tap = room.follow(1, "Mme Martin");
    room.board.followed_elsewhere(room.id, Vec::new(), 2);
    room.say("s").await;
    assert_eq!(until_reply(async || room.line.told().await).await, [3, 4]);
    room.close().await;
}
