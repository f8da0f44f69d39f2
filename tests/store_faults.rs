//! What the store says when the disk is full, the file locked, damaged or missing: each time what to do next, and
//! nothing that was stored is lost.

use comptoir::clock::Timestamp;
use comptoir::id::{ConversationId, Ulid, VisitorId};
use comptoir::persona::Channel;
use comptoir::store::{NewConversation, Store, StoreError, TokenDigest, Version, VersionKind};
use comptoir::transcript::{EndedBy, Happening, Start};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

fn at() -> Timestamp {
    Timestamp::from_millisecond(1_772_442_000_000).unwrap()
}

fn file(folder: &TempDir) -> String {
    folder.path().join("comptoir.db").display().to_string()
}

fn spoke(chars: usize) -> Vec<Happening> {
    vec![Happening::Spoke { text: "a".repeat(chars), client_id: None, spoken: None }]
}

async fn opened(store: &Store) -> ConversationId {
    let id = ConversationId::new(Ulid::from_parts(1, 1));
    let visitor = VisitorId::new(Ulid::from_parts(1, 1));
    store.add_visitor(visitor, &TokenDigest::of("token"), at()).await.unwrap();
    let version = Version { kind: VersionKind::Persona, name: "p", digest: "d", text: "" };
    store.keep_version(version, at()).await.unwrap();
    let new = NewConversation { id, visitor, start: start(), at: at(), shared: Vec::new() };
    store.start_conversation(&new).await.unwrap();
    id
}

fn start() -> Start {
    Start {
        persona: "p".to_owned(),
        persona_hash: "d".to_owned(),
        rubric: "bloc1".to_owned(),
        channel: Channel::Desk,
        seed: 1,
        hints: false,
        aloud: false,
        branched_from: None,
    }
}

#[tokio::test]
async fn a_full_disk_refuses_what_does_not_fit_and_keeps_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}?max_page_count=130", file(&folder))).await.unwrap();
    let id = opened(&store).await;
    let mut next = 1;
    let error = loop {
        match store.append(id, next, spoke(4_000), at()).await {
            Ok(_) => next += 1,
            Err(error) => break error,
        }
        assert!(next < 200, "the quota was never reached");
    };
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert!(next > 5);
    assert_eq!(u32::try_from(store.events(id, 0).await.unwrap().len()).unwrap(), next);
    store.close().await;

    // Room was made: the conversation goes on with the same number.
    let store = Store::open(&format!("sqlite:{}", file(&folder))).await.unwrap();
    store.append(id, next, spoke(4_000), at()).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn once_there_is_room_again_everything_is_written_without_opening_the_store_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}?max_page_count=140", file(&folder))).await.unwrap();
    let id = opened(&store).await;
    let mut next = 1;
    while store.append(id, next, spoke(4_000), at()).await.is_ok() {
        next += 1;
    }
    // In a transaction, which SQLite then undoes by itself; at each of its statements, and more than once.
    let visitor = VisitorId::new(Ulid::from_parts(1, 1));
    let long = "a".repeat(30_000);
    for name in ["q", "r"] {
        let version = Version { kind: VersionKind::Persona, name, digest: name, text: &long };
        let error = store.keep_version(version, at()).await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    }
    let mut ended = spoke(20_000);
    ended.push(Happening::Ended { by: EndedBy::Trainee });
    let error = store.append(id, next, ended, at()).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");

    let mut other = SqliteConnection::connect(&format!("sqlite:{}", file(&folder))).await.unwrap();
    sqlx::raw_sql("delete from event where seq > 1").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let version = Version { kind: VersionKind::Persona, name: "q", digest: "q", text: &long };
    store.keep_version(version, at()).await.unwrap();
    let second = ConversationId::new(Ulid::from_parts(1, 2));
    let start = Start { persona_hash: "q".to_owned(), ..start() };
    let new = NewConversation { id: second, visitor, start, at: at(), shared: Vec::new() };
    store.start_conversation(&new).await.unwrap();
    store.append(second, 1, vec![Happening::Ended { by: EndedBy::Trainee }], at()).await.unwrap();
    assert_eq!(store.version("q").await.unwrap().map(|text| text.len()), Some(30_000));
    assert_eq!(store.events(second, 0).await.unwrap().len(), 2);
    store.close().await;
}

#[tokio::test]
async fn a_locked_file_is_busy_and_works_again_once_unlocked() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", file(&folder))).await.unwrap();
    let id = opened(&store).await;
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", file(&folder))).await.unwrap();
    sqlx::raw_sql("begin exclusive").execute(&mut other).await.unwrap();
    let error = store.append(id, 1, spoke(10), at()).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
    assert_eq!(store.events(id, 0).await.unwrap().len(), 1, "readers are not locked out");
    sqlx::raw_sql("rollback").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    store.append(id, 1, spoke(10), at()).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Ceci n'est pas une base de données. ".repeat(100);
    std::fs::write(file(&folder), &text).unwrap();
    let error = Store::open(&format!("sqlite:{}", file(&folder))).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
    assert_eq!(std::fs::read_to_string(file(&folder)).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_page_is_told_as_damage() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", file(&folder))).await.unwrap();
    let id = opened(&store).await;
    for next in 1..50 {
        store.append(id, next, spoke(2_000), at()).await.unwrap();
    }
    store.close().await;
    let mut bytes = std::fs::read(file(&folder)).unwrap();
    for page in 1..bytes.len() / 4096 {
        bytes[page * 4096..page * 4096 + 200].fill(0x5a);
    }
    std::fs::write(file(&folder), bytes).unwrap();
    let error = match Store::open(&format!("sqlite:{}", file(&folder))).await {
        Err(error) => error,
        Ok(store) => store.events(id, 0).await.unwrap_err(),
    };
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("sqlite:{}/missing/comptoir.db", folder.path().display());
    let error = Store::open(&nowhere).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
    for address in ["comptoir.db", "sqlite:", "mysql://localhost/x", "sqlite:x.db?max_page_count=many"] {
        let error = Store::open(address).await.unwrap_err();
        assert!(matches!(error, StoreError::Address(_)), "{address}: {error:?}");
    }
}
