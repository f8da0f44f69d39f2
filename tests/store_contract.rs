//! What the store promises, on SQLite and on PostgreSQL alike.
//!
//! PostgreSQL runs where `COMPTOIR_TEST_POSTGRES` holds a `postgres://` address that may create databases; elsewhere
//! its half says that it was skipped.

use std::collections::BTreeSet;
use std::time::Duration;

use comptoir::ask::Purpose;
use comptoir::character::Change;
use comptoir::clock::Timestamp;
use comptoir::exam::{Draw, Drawn, Happening as Exam, Opened, Step};
use comptoir::id::{BookletId, CalibrationId, ConversationId, GroupId, Ulid, VisitorId};
use comptoir::persona::{Channel, Family, Urgency};
use comptoir::rubric::booklet::PartKind;
use comptoir::scoring::judge::{Judged, Opinion};
use comptoir::scoring::{
    Decision, Draft, Entry, Evidence, InDoubt, Level, Mark, Ruling, Rulings, Score, Scorecard, Second,
};
use comptoir::store::{
    After, Group, HourOfUse, Judge, Judgement, JudgingState, NewAccount, NewBooklet, NewConversation, NewPublication,
    NewSituation, Recorded, Recording, ReviewState, Save, SavedReview, SituationPublication, Spent, Store, StoreError,
    TokenDigest, UseOrder, Used, Version, VersionKind,
};
use comptoir::transcript::{Branch, EndedBy, Event, Handoff, Happening, Made, Move, Start};
use sqlx::{AssertSqlSafe, Connection};

#[path = "store/assigned.rs"]
mod assigned;

use assigned::{
    a_follower_elsewhere_counts_until_its_time, a_try_is_opened_taken_up_and_refused_as_the_terms_have_it,
    an_assignment_comes_back_as_it_was_made_and_changed, the_last_try_begun_twice_at_once_is_begun_once,
    what_is_under_way_is_told_to_those_who_may_follow_it,
};

/// A fresh database of one kind.
struct Fresh {
    store: Store,
    address: String,
    _folder: Option<tempfile::TempDir>,
}

async fn sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("comptoir.db").display());
    Fresh { store: Store::open(&address).await.unwrap(), address, _folder: Some(folder) }
}

#[expect(clippy::disallowed_methods, reason = "the address of the test server comes from the environment")]
fn postgres_address() -> Option<String> {
    std::env::var("COMPTOIR_TEST_POSTGRES").ok()
}

/// Told once, past the capture of the test harness.
fn tell_skipped() {
    static TOLD: std::sync::Once = std::sync::Once::new();
    TOLD.call_once(|| {
        let told = b"SKIPPED on PostgreSQL: COMPTOIR_TEST_POSTGRES is not set\n";
        std::io::Write::write_all(&mut std::io::stderr(), told).unwrap();
    });
}

async fn postgres(address: &str, name: &str) -> Fresh {
    let mut connection = sqlx::PgConnection::connect(address).await.unwrap();
    let database = format!("comptoir_{name}");
    for text in [format!("drop database if exists {database} with (force)"), format!("create database {database}")] {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let (server, parameters) = address.split_once('?').map_or((address, None), |(a, b)| (a, Some(b)));
    let server = &server[..server.rfind('/').unwrap()];
    let address = format!("{server}/{database}{}", parameters.map(|p| format!("?{p}")).unwrap_or_default());
    Fresh { store: Store::open(&address).await.unwrap(), address, _folder: None }
}

/// Makes one test per database of each promise.
macro_rules! promises {
    ($($(#[$meta:meta])* $name:ident)+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] $(#[$meta])* async fn $name() {
                let fresh = super::sqlite().await;
                super::$name(&fresh).await;
                fresh.store.close().await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] $(#[$meta])* async fn $name() {
                let Some(address) = super::postgres_address() else {
                    super::tell_skipped();
                    return;
                };
                let fresh = super::postgres(&address, stringify!($name)).await;
                super::$name(&fresh).await;
                fresh.store.close().await;
            })+
        }
    };
}

#[path = "contract/people.rs"]
mod people;

use people::{
    a_link_to_a_password_works_once, a_name_is_taken_once_in_a_group,
    an_erased_person_leaves_a_result_and_lines_without_a_name, tries_lock_and_are_forgotten,
};

promises! {
    tries_lock_and_are_forgotten
    a_link_to_a_password_works_once
    a_name_is_taken_once_in_a_group
    an_erased_person_leaves_a_result_and_lines_without_a_name
    a_visitor_is_known_by_the_digest_of_its_token
    an_event_comes_back_as_it_was_appended
    an_append_that_is_not_the_next_conflicts_and_writes_nothing
    two_nodes_that_append_the_same_number_never_both_win
    appends_of_many_conversations_at_once_all_arrive
    an_end_is_told_by_the_conversation
    a_conversation_shares_the_beginning_of_another
    a_version_is_kept_once_and_found_by_its_digest
    the_same_judgement_is_kept_once_and_the_latest_counts
    lists_hold_the_visitors_own_with_their_best_results
    a_recording_is_kept_once_found_and_deleted
    recordings_leave_with_age_with_their_conversation_or_without_a_turn
    a_call_to_a_model_is_counted_once_however_often_it_is_handed_in
    calls_are_summed_by_hour_and_told_apart_by_purpose_model_and_outcome
    conversations_are_listed_by_what_models_did_for_them
    what_was_asked_of_models_outlives_the_conversation
    a_judging_is_enqueued_once_and_worked_on_by_one
    a_lease_that_ran_out_changes_nothing
    a_judging_is_tried_again_given_up_and_done_again
    conversations_that_ended_unseen_are_enqueued
    a_scorecard_that_a_model_completed_counts_in_lists
    a_trainers_scorecard_counts_whatever_happens_afterwards
    a_review_saved_twice_at_once_conflicts_and_writes_nothing
    a_word_is_published_once_and_earlier_ones_are_kept
    a_request_for_review_waits_until_a_word_is_published
    two_blind_ratings_stay_hidden_until_both_are_given
    a_group_lists_what_awaits_review_with_what_is_in_doubt
    levels_to_compare_are_those_of_the_words_that_count
    a_prepared_exchange_is_rated_once_at_a_time
    a_booklet_comes_back_with_its_events_in_order
    of_two_tabs_that_append_to_a_booklet_one_is_refused
    a_booklet_knows_its_conversations_and_leaves_with_its_person
    a_group_reads_what_was_rehearsed_since_its_trainers_may_with_the_marks_that_count
    a_persons_conversations_come_page_by_page_each_once
    time_on_task_leaves_long_pauses_and_what_a_second_try_shares_out
    marks_leave_with_their_scorecard
    what_was_stored_is_there_after_opening_again
    a_conversation_of_an_unknown_visitor_is_refused
    a_draft_is_saved_by_whoever_had_the_latest_before_them
    a_situation_is_offered_to_the_groups_it_is_published_to
    a_published_situation_stays_and_a_draft_that_never_was_goes
    a_trial_stands_in_no_list_and_counts_nowhere
    an_assignment_comes_back_as_it_was_made_and_changed
    a_try_is_opened_taken_up_and_refused_as_the_terms_have_it
    the_last_try_begun_twice_at_once_is_begun_once
    a_follower_elsewhere_counts_until_its_time
    what_is_under_way_is_told_to_those_who_may_follow_it
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_772_442_000_000 + ms).unwrap()
}

fn conversation(n: u128) -> ConversationId {
    ConversationId::new(Ulid::from_parts(1_772_442_000_000, n))
}

async fn visitor(store: &Store, n: u128) -> VisitorId {
    let id = VisitorId::new(Ulid::from_parts(1_772_442_000_000, n));
    store.add_visitor(id, &TokenDigest::of(&format!("token {n}")), at(0)).await.unwrap();
    id
}

fn start(persona: &str) -> Start {
    Start {
        persona: persona.to_owned(),
        persona_hash: format!("digest of {persona}"),
        rubric: "bloc1".to_owned(),
        channel: Channel::Phone,
        seed: u64::MAX,
        hints: true,
        aloud: false,
        branched_from: None,
    }
}

async fn keep(store: &Store, kind: VersionKind, name: &str) {
    let digest = format!("digest of {name}");
    let version = Version { kind, name, digest: &digest, text: "id = \"x\"\n" };
    store.keep_version(version, at(0)).await.unwrap();
}

async fn opened(store: &Store, visitor: VisitorId, n: u128, persona: &str) -> ConversationId {
    keep(store, VersionKind::Persona, persona).await;
    let id = conversation(n);
    let at = at(i64::try_from(n).unwrap());
    store
        .start_conversation(&NewConversation { id, visitor, start: start(persona), at, shared: Vec::new() })
        .await
        .unwrap();
    id
}

fn spoke(text: &str) -> Happening {
    Happening::Spoke { text: text.to_owned(), client_id: Some("m-1".to_owned()), spoken: None }
}

fn scorecard(persona: &str, score: u8) -> Scorecard {
    Scorecard {
        persona: persona.to_owned(),
        persona_hash: format!("digest of {persona}"),
        rubric: "bloc1".to_owned(),
        rubric_hash: "digest of bloc1".to_owned(),
        engine: "0.1.0".to_owned(),
        marks: vec![Mark {
            id: "5.1.b".to_owned(),
            level: Some(Level::Observed),
            evidence: vec![Evidence { turn: 0, quote: "je vous écoute".to_owned() }],
            reason: "Vous écoutez.".to_owned(),
            second: None,
            automatic: None,
        }],
        axes: vec![Score { id: "ecoute".to_owned(), score: Some(score) }],
        competences: Vec::new(),
        criteria: Vec::new(),
        model: None,
    }
}

async fn judged(store: &Store, id: ConversationId, events: u32, overall: u8, made: Timestamp) {
    keep(store, VersionKind::Rubric, "bloc1").await;
    let scorecard = scorecard("fuite-colere", overall);
    let judgement =
        Judgement { conversation: id, judge: Judge::Rules, events, overall: Some(overall), scorecard: &scorecard };
    store.keep_scorecard(judgement, made).await.unwrap();
}

async fn a_visitor_is_known_by_the_digest_of_its_token(fresh: &Fresh) {
    let id = visitor(&fresh.store, 1).await;
    assert_eq!(fresh.store.visitor(&TokenDigest::of("token 1")).await.unwrap(), Some(id));
    assert_eq!(fresh.store.visitor(&TokenDigest::of("token 2")).await.unwrap(), None);
}

async fn an_event_comes_back_as_it_was_appended(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    let change = Change { tension: 6, trust: 2, told: vec!["date".to_owned()], ..Change::default() };
    let happenings = vec![
        Happening::Received,
        spoke("Bonjour, « Rive Claire » 😀 à l'écoute\nje vous écoute"),
        Happening::Replied {
            text: "Ah !".to_owned(),
            cue: Some("Il soupire.".to_owned()),
            intent: "tell".to_owned(),
            change,
            made: Some(Box::new(Made { model: Some("un-modèle".to_owned()), guard_us: 7, ..Made::default() })),
        },
        Happening::Moved { act: Move::Transfer { service: "technique".to_owned() }, client_id: None },
        Happening::Hinted { text: "Reformulez.".to_owned() },
        Happening::HandedOff(Handoff {
            service: "technique".to_owned(),
            urgency: Urgency::Day,
            summary: "Fuite chez Mme X.".to_owned(),
        }),
    ];
    let appended = store.append(id, 1, happenings, at(7)).await.unwrap();
    let loaded = store.events(id, 0).await.unwrap();
    assert_eq!(loaded[0], Event { seq: 0, at: at(1), happening: Happening::Started(start("fuite-colere")) });
    assert_eq!(loaded[1..], appended);
    assert_eq!(store.events(id, 4).await.unwrap(), appended[3..]);
    assert_eq!(appended.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
}

async fn an_append_that_is_not_the_next_conflicts_and_writes_nothing(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    for next in [0, 2, 9] {
        let result = store.append(id, next, vec![Happening::Received, spoke("Bonjour")], at(5)).await;
        assert!(matches!(result, Err(StoreError::Conflict)), "{next}: {result:?}");
    }
    let unknown = store.append(conversation(99), 0, vec![Happening::Received], at(5)).await;
    assert!(matches!(unknown, Err(StoreError::Conflict)), "{unknown:?}");
    assert_eq!(store.events(id, 1).await.unwrap(), []);
}

async fn two_nodes_that_append_the_same_number_never_both_win(fresh: &Fresh) {
    let store = &fresh.store;
    let other = Store::open(&fresh.address).await.unwrap();
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    for next in 1..30 {
        let (one, two) = tokio::join!(
            store.append(id, next, vec![spoke("un")], at(5)),
            other.append(id, next, vec![spoke("deux")], at(5)),
        );
        assert_eq!(
            [&one, &two].iter().filter(|result| matches!(result, Err(StoreError::Conflict))).count(),
            1,
            "{one:?} {two:?}"
        );
        assert_eq!([&one, &two].iter().filter(|result| result.is_ok()).count(), 1);
    }
    other.close().await;
    assert_eq!(store.events(id, 0).await.unwrap().len(), 30);
}

async fn appends_of_many_conversations_at_once_all_arrive(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let mut ids = Vec::new();
    for n in 0..40 {
        ids.push(opened(store, visitor, n, "fuite-colere").await);
    }
    let tasks = ids.iter().map(|id| {
        let (store, id) = (store.clone(), *id);
        tokio::spawn(async move {
            for next in 1..=10 {
                store.append(id, next, vec![spoke("Bonjour")], at(5)).await.unwrap();
                // A wrong number among the others is refused alone.
                let wrong = store.append(id, next, vec![spoke("encore")], at(5)).await;
                assert!(matches!(wrong, Err(StoreError::Conflict)), "{wrong:?}");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for id in ids {
        assert_eq!(store.events(id, 0).await.unwrap().len(), 11);
    }
}

async fn an_end_is_told_by_the_conversation(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    assert_eq!(store.conversation(id).await.unwrap().unwrap().ended_at, None);
    store.append(id, 1, vec![spoke("Au revoir"), Happening::Ended { by: EndedBy::Trainee }], at(60)).await.unwrap();
    let conversation = store.conversation(id).await.unwrap().unwrap();
    assert_eq!((conversation.ended_at, conversation.visitor), (Some(at(60)), visitor));
    assert_eq!((conversation.channel, conversation.started_at), (Channel::Phone, at(1)));
    assert_eq!(store.conversation(self::conversation(2)).await.unwrap(), None);
}

async fn a_conversation_shares_the_beginning_of_another(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let first = opened(store, visitor, 1, "fuite-colere").await;
    let shared = store.append(first, 1, vec![Happening::Received, spoke("Bonjour")], at(5)).await.unwrap();
    let branch = Branch { conversation: first, events: 2 };
    let start = Start { branched_from: Some(branch.clone()), ..start("fuite-colere") };
    let id = conversation(2);
    let new = NewConversation { id, visitor, start: start.clone(), at: at(9), shared: shared.clone() };
    store.start_conversation(&new).await.unwrap();
    assert_eq!(store.conversation(id).await.unwrap().unwrap().branched_from, Some(branch));
    let events = store.events(id, 0).await.unwrap();
    assert_eq!(events[0].happening, Happening::Started(start));
    assert_eq!(events[1..], shared);
    store.append(id, 3, vec![spoke("Je reprends")], at(10)).await.unwrap();
    assert_eq!(store.events(first, 0).await.unwrap().len(), 3);
}

async fn a_version_is_kept_once_and_found_by_its_digest(fresh: &Fresh) {
    let store = &fresh.store;
    keep(store, VersionKind::Persona, "fuite-colere").await;
    keep(store, VersionKind::Persona, "fuite-colere").await;
    assert_eq!(store.version("digest of fuite-colere").await.unwrap().as_deref(), Some("id = \"x\"\n"));
    assert_eq!(store.version("another").await.unwrap(), None);
}

async fn the_same_judgement_is_kept_once_and_the_latest_counts(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    assert_eq!(store.scorecard(id, Judge::Rules).await.unwrap(), None);
    judged(store, id, 5, 40, at(10)).await;
    judged(store, id, 5, 99, at(11)).await;
    let kept = store.scorecard(id, Judge::Rules).await.unwrap().unwrap();
    assert_eq!((kept.events, kept.made_at, kept.scorecard), (5, at(10), scorecard("fuite-colere", 40)));
    judged(store, id, 6, 60, at(12)).await;
    assert_eq!(store.scorecard(id, Judge::Rules).await.unwrap().unwrap().events, 6);
    assert_eq!(store.delete_scorecards(id).await.unwrap(), 2);
    assert_eq!(store.scorecard(id, Judge::Rules).await.unwrap(), None);
}

fn recording(conversation: ConversationId, utterance: &str, at: Timestamp) -> Recording {
    let wav = [b"RIFF".as_slice(), &[0, 255, 128], utterance.as_bytes()].concat();
    Recording { conversation, utterance: utterance.to_owned(), at, duration_ms: 1_500, wav }
}

/// The utterances that are kept of a conversation.
async fn kept(store: &Store, id: ConversationId) -> Vec<String> {
    store.recordings(id).await.unwrap().into_iter().map(|recorded| recorded.utterance).collect()
}

async fn a_recording_is_kept_once_found_and_deleted(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let (id, other) =
        (opened(store, visitor, 1, "fuite-colere").await, opened(store, visitor, 2, "fuite-colere").await);
    let first = recording(id, "s-1-0", at(20));
    for recording in [first.clone(), recording(id, "s-0-9", at(10)), recording(other, "s-1-0", at(15))] {
        store.keep_recording(recording).await.unwrap();
    }
    let louder = Recording { wav: vec![1, 2, 3], duration_ms: 9, ..first.clone() };
    store.keep_recording(louder).await.unwrap();
    assert_eq!(store.recording(id, "s-1-0").await.unwrap(), Some(first), "the first stays");
    let listed = store.recordings(id).await.unwrap();
    let recorded = |utterance: &str, at| Recorded { utterance: utterance.to_owned(), at, duration_ms: 1_500 };
    assert_eq!(listed, [recorded("s-0-9", at(10)), recorded("s-1-0", at(20))], "as they were spoken");
    assert_eq!(store.recording(id, "s-9-9").await.unwrap(), None);

    assert_eq!(store.delete_recording(id, "s-1-0").await.unwrap(), 1);
    assert_eq!(store.delete_recording(id, "s-1-0").await.unwrap(), 0);
    assert_eq!((kept(store, id).await, kept(store, other).await), (vec!["s-0-9".to_owned()], vec!["s-1-0".to_owned()]));
    assert_eq!(store.delete_recordings(id).await.unwrap(), 1);
    assert_eq!((kept(store, id).await.len(), kept(store, other).await.len()), (0, 1), "another's stays");
    let nowhere = store.keep_recording(recording_of_nobody()).await;
    assert!(matches!(nowhere, Err(StoreError::Conflict)), "its conversation is not there: {nowhere:?}");
}

fn recording_of_nobody() -> Recording {
    recording(conversation(99), "s-1-0", at(0))
}

async fn recordings_leave_with_age_with_their_conversation_or_without_a_turn(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let (over, under_way) =
        (opened(store, visitor, 1, "fuite-colere").await, opened(store, visitor, 2, "fuite-colere").await);
    // The turn `m-1` was said; `m-2` is the id of a correction, `s-9` of nothing.
    let corrected = Happening::Corrected { turn: 1, text: "Bonjour".to_owned(), client_id: Some("m-2".to_owned()) };
    let ended = Happening::Ended { by: EndedBy::Trainee };
    store.append(over, 1, vec![spoke("Bonjour"), corrected, ended], at(500)).await.unwrap();
    for (id, utterance, made) in [
        (over, "m-1", at(100)),
        (over, "m-2", at(100)),
        (over, "s-9", at(100)),
        (under_way, "s-9", at(100)),
        (under_way, "s-8", at(50)),
    ] {
        store.keep_recording(recording(id, utterance, made)).await.unwrap();
    }
    assert_eq!(store.purge_recordings(at(51)).await.unwrap(), 3, "one by age, two of a conversation that is over");
    assert_eq!(
        (kept(store, over).await, kept(store, under_way).await),
        (vec!["m-1".to_owned()], vec!["s-9".to_owned()])
    );
    assert_eq!(store.purge_recordings(at(100)).await.unwrap(), 0, "not before its time");
    assert_eq!(store.purge_recordings(at(101)).await.unwrap(), 2);
    // What is kept goes with its conversation.
    store.keep_recording(recording(over, "m-1", at(100))).await.unwrap();
    run(fresh, format!("delete from conversation where id = '{over}'")).await;
    assert_eq!(store.recording(over, "m-1").await.unwrap(), None);
}

/// Runs SQL that the store has no words for.
async fn run(fresh: &Fresh, text: String) {
    if fresh.address.starts_with("sqlite:") {
        let options: sqlx::sqlite::SqliteConnectOptions = fresh.address.parse().unwrap();
        let mut connection = sqlx::SqliteConnection::connect_with(&options.foreign_keys(true)).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(&fresh.address).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// A call of 100 + `n` tokens read and 10 written, without a price.
fn used(n: u32, conversation: Option<ConversationId>, at: Timestamp) -> Used {
    Used {
        id: Ulid::from_parts(1_772_442_000_000, n.into()),
        conversation,
        at,
        purpose: Purpose::Play,
        model: "un-modèle:7b".to_owned(),
        prompt_tokens: 100 + u64::from(n),
        completion_tokens: 10,
        estimated: false,
        took: Duration::from_millis(1_234),
        cost_micros: None,
        outcome: "ok".to_owned(),
    }
}

fn sum(calls: u64, prompt_tokens: u64, completion_tokens: u64) -> Spent {
    Spent { calls, prompt_tokens, completion_tokens, ..Spent::default() }
}

async fn a_call_to_a_model_is_counted_once_however_often_it_is_handed_in(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    let first = [used(1, Some(id), at(10)), used(2, None, at(20))];
    store.keep_uses(&first).await.unwrap();
    // The answer was lost: the batch comes again, with what happened since.
    let again = [first[0].clone(), first[1].clone(), used(3, Some(id), at(30))];
    store.keep_uses(&again).await.unwrap();
    store.keep_uses(&[]).await.unwrap();
    assert_eq!(store.spent_between(at(0), at(100)).await.unwrap(), sum(3, 306, 30));
    assert_eq!(store.spent_between(at(10), at(30)).await.unwrap(), sum(2, 203, 20), "from a time on, before another");
    assert_eq!(store.spent_on(id).await.unwrap(), sum(2, 204, 20));
    assert_eq!(store.spent_on(conversation(9)).await.unwrap(), Spent::default());
    assert_eq!(store.spent_between(at(31), at(100)).await.unwrap(), Spent::default());
}

async fn calls_are_summed_by_hour_and_told_apart_by_purpose_model_and_outcome(fresh: &Fresh) {
    const HOUR: i64 = 3_600_000;
    let store = &fresh.store;
    // A whole hour, whatever the time of the other tests.
    let hour = |n: i64| {
        Timestamp::from_second(1_772_442_000 / 3_600 * 3_600).unwrap() + Duration::from_hours(1) * n.try_into().unwrap()
    };
    let within = |n, ms: i64| Timestamp::from_millisecond(hour(n).as_millisecond() + ms).unwrap();
    let calls = [
        used(1, None, within(0, 0)),
        Used { estimated: true, cost_micros: Some(30), ..used(2, None, within(0, HOUR - 1)) },
        Used { outcome: "late".to_owned(), completion_tokens: 0, ..used(3, None, within(0, 5)) },
        Used {
            purpose: Purpose::Judge,
            model: "un-autre".to_owned(),
            cost_micros: Some(7),
            ..used(4, None, within(1, 0))
        },
        used(5, None, within(2, 0)),
    ];
    store.keep_uses(&calls).await.unwrap();
    let line = |n, purpose, model: &str, outcome: &str, spent| HourOfUse {
        hour: hour(n),
        purpose,
        model: model.to_owned(),
        outcome: outcome.to_owned(),
        spent,
    };
    let lines = store.uses_by_hour(within(0, 0), within(2, 0)).await.unwrap();
    let played = Spent { estimated: true, cost_micros: Some(30), ..sum(2, 203, 20) };
    let judged = Spent { cost_micros: Some(7), ..sum(1, 104, 10) };
    assert_eq!(
        lines,
        [
            line(0, Purpose::Play, "un-modèle:7b", "late", sum(1, 103, 0)),
            line(0, Purpose::Play, "un-modèle:7b", "ok", played),
            line(1, Purpose::Judge, "un-autre", "ok", judged),
        ]
    );
    let all = lines.iter().fold(Spent::default(), |all, line| all.and(line.spent));
    assert_eq!(all, store.spent_between(within(0, 0), within(2, 0)).await.unwrap());
    assert_eq!((all.tokens(), all.cost_micros), (440, Some(37)));
}

async fn conversations_are_listed_by_what_models_did_for_them(fresh: &Fresh) {
    let store = &fresh.store;
    let (mine, theirs) = (visitor(store, 1).await, visitor(store, 2).await);
    let first = opened(store, mine, 1, "fuite-colere").await;
    let second = opened(store, theirs, 2, "loyer").await;
    let third = opened(store, mine, 3, "fuite-colere").await;
    opened(store, mine, 4, "loyer").await; // nothing was asked for it
    let judge = Used { purpose: Purpose::Judge, cost_micros: Some(5), ..used(900, Some(second), at(50)) };
    let calls = [
        used(1, Some(first), at(10)),
        used(2, Some(first), at(11)),
        judge,
        used(3, Some(third), at(12)),
        used(4, None, at(13)),
    ];
    store.keep_uses(&calls).await.unwrap();
    for (id, state) in [(first, "due"), (second, "done")] {
        run(fresh, format!("insert into judging (conversation, state, due_at_ms) values ('{id}', '{state}', 0)")).await;
    }
    let of = |listed: &[comptoir::store::ConversationUse]| -> Vec<_> {
        listed.iter().map(|listed| (listed.conversation.id, listed.spent.tokens(), listed.judged)).collect()
    };
    let latest = store.conversations_by_use(UseOrder::Latest, 10).await.unwrap();
    assert_eq!(of(&latest), [(third, 113, false), (second, 1_010, true), (first, 223, false)]);
    assert_eq!((latest[1].conversation.visitor, latest[1].conversation.persona.as_str()), (theirs, "loyer"));
    assert_eq!(latest[1].spent, Spent { cost_micros: Some(5), ..sum(1, 1_000, 10) });
    let most = store.conversations_by_use(UseOrder::Most, 2).await.unwrap();
    assert_eq!(of(&most), [(second, 1_010, true), (first, 223, false)]);
    let since = store.spent_by_conversation(at(11)).await.unwrap();
    let since: BTreeSet<_> = since.into_iter().map(|(id, spent)| (id, spent.tokens())).collect();
    assert_eq!(since, BTreeSet::from([(first, 223), (second, 1_010), (third, 113)]), "with their earlier calls");
    assert_eq!(store.spent_by_conversation(at(51)).await.unwrap(), []);
    assert_eq!(of(&store.conversations_by_use(UseOrder::Latest, 1).await.unwrap()), [(third, 113, false)]);
}

async fn what_was_asked_of_models_outlives_the_conversation(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    store.keep_uses(&[used(1, Some(id), at(10))]).await.unwrap();
    run(fresh, format!("delete from conversation where id = '{id}'")).await;
    // A call that was under way while it was erased is counted all the same.
    store.keep_uses(&[used(2, Some(id), at(11))]).await.unwrap();
    assert_eq!(store.spent_between(at(0), at(100)).await.unwrap(), sum(2, 203, 20));
    assert_eq!(store.conversations_by_use(UseOrder::Latest, 10).await.unwrap(), []);
    assert_eq!(store.spent_on(id).await.unwrap(), Spent::default());
}

async fn lists_hold_the_visitors_own_with_their_best_results(fresh: &Fresh) {
    let store = &fresh.store;
    let (mine, theirs) = (visitor(store, 1).await, visitor(store, 2).await);
    let first = opened(store, mine, 1, "fuite-colere").await;
    let second = opened(store, mine, 2, "fuite-colere").await;
    let third = opened(store, mine, 3, "loyer").await;
    opened(store, theirs, 4, "fuite-colere").await;
    judged(store, first, 5, 80, at(10)).await;
    judged(store, first, 6, 70, at(11)).await; // judged again: the latest counts, even if lower
    judged(store, second, 5, 50, at(12)).await;
    store.append(first, 1, vec![Happening::Ended { by: EndedBy::Trainee }], at(9)).await.unwrap();
    store.append(third, 1, vec![Happening::Received], at(90)).await.unwrap();

    let listed = store.conversations_of(mine, 10).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|listed| listed.conversation.id).collect();
    assert_eq!(ids, [third, second, first]);
    assert_eq!((listed[0].events, listed[0].last_at, listed[0].result.as_ref()), (2, at(90), None));
    let result = listed[2].result.as_ref().unwrap();
    assert_eq!((result.overall, result.axes[0].score), (Some(70), Some(70)));
    assert_eq!(store.conversations_of(mine, 1).await.unwrap().len(), 1);

    let best = store.best_of(mine).await.unwrap();
    let best: BTreeSet<_> = best.iter().map(|best| (best.persona.as_str(), best.ended, best.overall)).collect();
    assert_eq!(best, BTreeSet::from([("fuite-colere", 1, Some(70)), ("loyer", 0, None)]));
}

fn judgement(model: &str) -> Judged {
    Judged {
        opinions: vec![Opinion {
            id: "5.1.b".to_owned(),
            level: Level::Partial,
            evidence: vec![Evidence { turn: 0, quote: "je vous « écoute » 😀".to_owned() }],
            reason: "Vous avez redit une partie de la demande.".to_owned(),
            better: None,
            votes: vec![Level::Partial, Level::Observed],
            proven: true,
        }],
        axes: vec!["ecoute".to_owned()],
        given_up: vec![("escalade".to_owned(), "granted".to_owned())],
        model: model.to_owned(),
        prompt_version: 1,
        prompt_hash: "digest of the prompt".to_owned(),
        rubric_hash: "digest of bloc1".to_owned(),
        persona_hash: "digest of fuite-colere".to_owned(),
        votes: 2,
        calls: 9,
        prompt_tokens: 30_000,
        completion_tokens: 4_000,
        took_ms: 52_000,
        digest: "digest of the words".to_owned(),
    }
}

const LEASE: Duration = Duration::from_mins(1);

async fn a_judging_is_enqueued_once_and_worked_on_by_one(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(opened(store, visitor, n, "fuite-colere").await);
    }
    assert_eq!(store.judging(ids[0]).await.unwrap(), None);
    assert_eq!(store.claim_judging(at(0), LEASE).await.unwrap(), None);
    for id in &ids {
        assert!(store.enqueue_judging(*id, at(100)).await.unwrap());
        assert!(!store.enqueue_judging(*id, at(0)).await.unwrap(), "known already");
    }
    assert_eq!(store.judgings_due().await.unwrap(), 8);
    assert_eq!(store.claim_judging(at(99), LEASE).await.unwrap(), None, "not before its time");
    let other = Store::open(&fresh.address).await.unwrap();
    let claims = (0..24).map(|n| {
        let store = if n % 2 == 0 { store.clone() } else { other.clone() };
        // Another may be first; whoever finds nothing asks again.
        tokio::spawn(async move { store.claim_judging(at(100), LEASE).await.unwrap() })
    });
    let mut claimed = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        claimed.extend(claim.await.unwrap().map(|lease| lease.conversation));
    }
    while let Some(lease) = store.claim_judging(at(100), LEASE).await.unwrap() {
        assert_eq!((lease.tries, lease.until, lease.judged), (1, at(60_100), None));
        claimed.push(lease.conversation);
    }
    claimed.sort_unstable();
    assert_eq!(claimed, ids, "each once");
    let unknown = store.enqueue_judging(conversation(99), at(0)).await;
    assert!(matches!(unknown, Err(StoreError::Conflict)), "{unknown:?}");
    other.close().await;
}

async fn a_lease_that_ran_out_changes_nothing(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    store.enqueue_judging(id, at(0)).await.unwrap();
    let mut first = store.claim_judging(at(0), LEASE).await.unwrap().unwrap();
    assert!(store.renew_judging(&mut first, at(30_000), LEASE).await.unwrap());
    assert_eq!(store.claim_judging(at(89_999), LEASE).await.unwrap(), None, "renewed");
    assert!(store.keep_judging(&first, &judgement("un")).await.unwrap());
    // It died: another goes on from what it kept.
    let second = store.claim_judging(at(90_000), LEASE).await.unwrap().unwrap();
    assert_eq!((second.tries, second.judged.as_ref()), (2, Some(&judgement("un"))));
    // It did not, after all: nothing that it does counts.
    assert!(!store.renew_judging(&mut first.clone(), at(90_001), LEASE).await.unwrap());
    assert!(!store.keep_judging(&first, &judgement("tard")).await.unwrap());
    assert!(!store.finish_judging(&first, &judgement("tard"), at(90_001)).await.unwrap());
    assert!(!store.postpone_judging(&first, at(99_000), "late").await.unwrap());
    assert!(!store.release_judging(&first, at(90_001)).await.unwrap());
    assert!(!store.give_up_judging(&first, "late", at(90_001)).await.unwrap());
    assert!(store.finish_judging(&second, &judgement("deux"), at(95_000)).await.unwrap());
    assert!(!store.finish_judging(&second, &judgement("deux"), at(95_001)).await.unwrap(), "done once");
    let judging = store.judging(id).await.unwrap().unwrap();
    assert_eq!((judging.state, judging.judged), (JudgingState::Done, Some(judgement("deux"))));
    assert_eq!((judging.made_at, judging.failure, judging.tries), (Some(at(95_000)), None, 2));
    assert_eq!(store.claim_judging(at(9_000_000), LEASE).await.unwrap(), None);
}

async fn a_judging_is_tried_again_given_up_and_done_again(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let id = opened(store, visitor, 1, "fuite-colere").await;
    assert!(!store.judge_again(id, at(0)).await.unwrap(), "not known");
    store.enqueue_judging(id, at(0)).await.unwrap();
    let lease = store.claim_judging(at(0), LEASE).await.unwrap().unwrap();
    assert!(store.postpone_judging(&lease, at(30_000), "unreachable").await.unwrap());
    let judging = store.judging(id).await.unwrap().unwrap();
    assert_eq!((judging.state, judging.due_at), (JudgingState::Due, at(30_000)));
    assert_eq!((judging.tries, judging.failure.as_deref()), (1, Some("unreachable")));
    assert!(!store.judge_again(id, at(1)).await.unwrap(), "it is to be done anyway");

    let lease = store.claim_judging(at(30_000), LEASE).await.unwrap().unwrap();
    assert_eq!(lease.tries, 2);
    assert!(store.release_judging(&lease, at(30_001)).await.unwrap());
    let lease = store.claim_judging(at(30_001), LEASE).await.unwrap().unwrap();
    assert_eq!(lease.tries, 2, "handed back is not tried");
    assert!(store.give_up_judging(&lease, "refused", at(31_000)).await.unwrap());
    let judging = store.judging(id).await.unwrap().unwrap();
    assert_eq!((judging.state, judging.failure.as_deref()), (JudgingState::GivenUp, Some("refused")));
    assert_eq!((judging.made_at, store.judgings_due().await.unwrap()), (Some(at(31_000)), 0));

    assert!(store.judge_again(id, at(40_000)).await.unwrap());
    let lease = store.claim_judging(at(40_000), LEASE).await.unwrap().unwrap();
    assert_eq!(lease.tries, 1, "from the beginning");
    assert!(store.finish_judging(&lease, &judgement("un"), at(41_000)).await.unwrap());
    // The words were corrected: what was judged stays until it is judged again.
    assert!(store.judge_again(id, at(50_000)).await.unwrap());
    assert_eq!(store.judging(id).await.unwrap().unwrap().judged, Some(judgement("un")));
}

async fn conversations_that_ended_unseen_are_enqueued(fresh: &Fresh) {
    let store = &fresh.store;
    let visitor = visitor(store, 1).await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(opened(store, visitor, n, "fuite-colere").await);
    }
    for (id, ended) in ids.iter().zip([10, 20, 30]) {
        store.append(*id, 1, vec![Happening::Ended { by: EndedBy::Trainee }], at(ended)).await.unwrap();
    }
    store.enqueue_judging(ids[1], at(0)).await.unwrap();
    assert_eq!(store.enqueue_ended(at(11), 10, at(50)).await.unwrap(), 1, "one is too old, one known, one goes on");
    assert!(store.judging(ids[2]).await.unwrap().is_some());
    assert_eq!(store.enqueue_ended(at(0), 0, at(50)).await.unwrap(), 0);
    assert_eq!(store.enqueue_ended(at(0), 10, at(50)).await.unwrap(), 1);
    assert_eq!(store.enqueue_ended(at(0), 10, at(50)).await.unwrap(), 0);
    assert_eq!(store.judging(ids[3]).await.unwrap(), None);
}

async fn a_scorecard_that_a_model_completed_counts_in_lists(fresh: &Fresh) {
    let store = &fresh.store;
    let mine = visitor(store, 1).await;
    let id = opened(store, mine, 1, "fuite-colere").await;
    judged(store, id, 5, 40, at(10)).await;
    let both = Scorecard { engine: "0.1.0 + un".to_owned(), ..scorecard("fuite-colere", 55) };
    let judgement = Judgement { conversation: id, judge: Judge::Both, events: 5, overall: Some(55), scorecard: &both };
    store.keep_scorecard(judgement, at(9)).await.unwrap();
    assert_eq!(store.best_of(mine).await.unwrap()[0].overall, Some(55));
    let listed = store.conversations_of(mine, 10).await.unwrap();
    assert_eq!(listed[0].result.as_ref().unwrap().overall, Some(55));
    assert_eq!(store.scorecard(id, Judge::Rules).await.unwrap().unwrap().scorecard, scorecard("fuite-colere", 40));
    assert_eq!(store.scorecard(id, Judge::Both).await.unwrap().unwrap().scorecard, both);
    // A note written since: the rules saw more.
    judged(store, id, 6, 45, at(12)).await;
    assert_eq!(store.best_of(mine).await.unwrap()[0].overall, Some(45));
}

/// A trainer or a trainee with an account.
async fn account(fresh: &Fresh, n: u128, name: &str) -> VisitorId {
    let id = VisitorId::new(Ulid::from_parts(1_772_442_000_000, n));
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer: true, administrator: false };
    fresh.store.add_account(&new, &TokenDigest::of(&format!("account {n}")), at(0)).await.unwrap();
    id
}

fn draft(level: Decision) -> Draft {
    let entry =
        Entry {
            decision: Some(level), reason: "Vu « ici » 😀.".to_owned(), words: "[1] je vous écoute".to_owned()
        };
    Draft {
        entries: [("5.1.b".to_owned(), entry)].into(),
        comments: [(2, "Bien.".to_owned())].into(),
        ..Draft::default()
    }
}

fn rulings(decision: Decision) -> Rulings {
    let ruling = Ruling { id: "5.1.b".to_owned(), decision, reason: "Vu.".to_owned(), evidence: Vec::new() };
    Rulings { rulings: vec![ruling], ..Rulings::default() }
}

fn review(conversation: ConversationId, reviewer: VisitorId, draft: &Draft) -> SavedReview<'_> {
    SavedReview { conversation, reviewer, version: 0, base: 0, draft }
}

async fn a_trainers_scorecard_counts_whatever_happens_afterwards(fresh: &Fresh) {
    let store = &fresh.store;
    let mine = visitor(store, 1).await;
    let id = opened(store, mine, 1, "fuite-colere").await;
    judged(store, id, 5, 40, at(10)).await;
    for (publication, score) in [(1, 80), (2, 75)] {
        let card = Scorecard { engine: format!("rules + trainer {publication}"), ..scorecard("fuite-colere", score) };
        let judgement =
            Judgement { conversation: id, judge: Judge::Trainer, events: 5, overall: Some(score), scorecard: &card };
        store.keep_scorecard(judgement, at(10 + publication)).await.unwrap();
    }
    // The note was written again since, and the rules saw more.
    judged(store, id, 6, 45, at(20)).await;
    assert_eq!(store.best_of(mine).await.unwrap()[0].overall, Some(75));
    let listed = store.conversations_of(mine, 10).await.unwrap();
    assert_eq!(listed[0].result.as_ref().unwrap().overall, Some(75));
    assert_eq!(store.scorecard(id, Judge::Rules).await.unwrap().unwrap().events, 6, "readable as it was");
}

async fn a_review_saved_twice_at_once_conflicts_and_writes_nothing(fresh: &Fresh) {
    let store = &fresh.store;
    let (trainer, trainee) = (account(fresh, 1, "Camille Roy").await, visitor(store, 2).await);
    let id = opened(store, trainee, 1, "fuite-colere").await;
    let (one, other) = (draft(Decision::Partial), draft(Decision::Missed));
    assert_eq!(store.review_of(id, trainer).await.unwrap(), None);
    assert_eq!(store.save_review(review(id, trainer, &one), at(1)).await.unwrap(), 1);
    let first = store.save_review(review(id, trainer, &other), at(2)).await;
    assert!(matches!(first, Err(StoreError::Conflict)), "{first:?}");
    let second = SavedReview { version: 1, ..review(id, trainer, &other) };
    assert_eq!(store.save_review(second, at(3)).await.unwrap(), 2);
    let stale = store.save_review(SavedReview { version: 1, ..review(id, trainer, &one) }, at(4)).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "{stale:?}");
    let stored = store.review_of(id, trainer).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.state, stored.changed_at), (2, ReviewState::Draft, at(3)));
    assert_eq!((stored.draft, stored.reviewer_name.as_str()), (other, "Camille Roy"));
}

async fn a_word_is_published_once_and_earlier_ones_are_kept(fresh: &Fresh) {
    let store = &fresh.store;
    let (camille, omar) = (account(fresh, 1, "Camille Roy").await, account(fresh, 2, "Omar Diallo").await);
    let trainee = visitor(store, 3).await;
    let id = opened(store, trainee, 1, "fuite-colere").await;
    let (automatic, draft) = (scorecard("fuite-colere", 50), draft(Decision::Partial));
    let (first, second) = (rulings(Decision::Partial), rulings(Decision::Missed));
    let new = NewPublication { review: review(id, camille, &draft), events: 5, rulings: &first, automatic: &automatic };
    assert_eq!(store.publish(new, at(1)).await.unwrap(), 1);
    // The other had not seen it: nothing is written, not even the review.
    let unaware = store.publish(NewPublication { review: review(id, omar, &draft), ..new }, at(2)).await;
    assert!(matches!(unaware, Err(StoreError::Conflict)), "{unaware:?}");
    assert_eq!(store.review_of(id, omar).await.unwrap(), None);
    let ahead = SavedReview { base: 7, ..review(id, omar, &draft) };
    let ahead = store.publish(NewPublication { review: ahead, ..new }, at(2)).await;
    assert!(matches!(ahead, Err(StoreError::Conflict)), "{ahead:?}");
    let aware = SavedReview { base: 1, ..review(id, omar, &draft) };
    let new = NewPublication { review: aware, events: 6, rulings: &second, automatic: &automatic };
    assert_eq!(store.publish(new, at(3)).await.unwrap(), 2);

    let counts = store.publication(id).await.unwrap().unwrap();
    assert_eq!((counts.number, counts.reviewer, counts.reviewer_name.as_deref()), (2, Some(omar), Some("Omar Diallo")));
    assert_eq!((counts.events, counts.published_at), (6, at(3)));
    assert_eq!((counts.rulings, counts.automatic), (second, automatic.clone()));
    let lines = store.publications(id).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 1]);
    let own = store.review_of(id, omar).await.unwrap().unwrap();
    assert_eq!((own.state, own.version, own.base), (ReviewState::Published, 1, 2));
    // Taken up again, the word stays until another is published.
    let again = SavedReview { version: 1, base: 2, ..review(id, omar, &draft) };
    assert_eq!(store.save_review(again, at(4)).await.unwrap(), 2);
    assert_eq!(store.review_of(id, omar).await.unwrap().unwrap().state, ReviewState::Draft);
    assert_eq!(store.publication(id).await.unwrap().unwrap().number, 2);
    // Whoever is erased leaves the word without a name.
    run(fresh, format!("delete from visitor where id = '{omar}'")).await;
    let counts = store.publication(id).await.unwrap().unwrap();
    assert_eq!((counts.number, counts.reviewer, counts.reviewer_name), (2, None, None));
    run(fresh, format!("delete from conversation where id = '{id}'")).await;
    assert_eq!(store.publication(id).await.unwrap(), None);
}

async fn a_request_for_review_waits_until_a_word_is_published(fresh: &Fresh) {
    let store = &fresh.store;
    let (trainer, trainee) = (account(fresh, 1, "Camille Roy").await, visitor(store, 2).await);
    let id = opened(store, trainee, 1, "fuite-colere").await;
    assert_eq!(store.asked_for_review(id).await.unwrap(), None);
    store.ask_for_review(id, at(5)).await.unwrap();
    store.ask_for_review(id, at(6)).await.unwrap();
    assert_eq!(store.asked_for_review(id).await.unwrap(), Some(at(5)), "asked once");
    let (automatic, draft, rulings) =
        (scorecard("fuite-colere", 50), draft(Decision::Partial), rulings(Decision::Partial));
    let new =
        NewPublication { review: review(id, trainer, &draft), events: 5, rulings: &rulings, automatic: &automatic };
    store.publish(new, at(7)).await.unwrap();
    assert_eq!(store.asked_for_review(id).await.unwrap(), None);
    store.ask_for_review(id, at(8)).await.unwrap();
    assert_eq!(store.asked_for_review(id).await.unwrap(), Some(at(8)), "asked again");
}

async fn two_blind_ratings_stay_hidden_until_both_are_given(fresh: &Fresh) {
    let store = &fresh.store;
    let (camille, omar) = (account(fresh, 1, "Camille Roy").await, account(fresh, 2, "Omar Diallo").await);
    let (other, trainee) = (account(fresh, 3, "Inès Perrin").await, visitor(store, 4).await);
    let id = opened(store, trainee, 1, "fuite-colere").await;
    assert!(store.ask_blind(id, camille, omar, at(1)).await.unwrap());
    assert!(!store.ask_blind(id, other, omar, at(2)).await.unwrap(), "one at a time");
    let blind = store.blind(id).await.unwrap().unwrap();
    assert!(blind.blinds(camille) && blind.blinds(omar) && !blind.blinds(other));
    let hidden = async |who, id| store.withheld_from(who).await.unwrap().hides(id);
    assert!(hidden(camille, id).await && hidden(omar, id).await && !hidden(other, id).await);
    let (one, two) = (draft(Decision::Partial), draft(Decision::Missed));
    let stranger = store.finish_blind(review(id, other, &one), at(3)).await;
    assert!(matches!(stranger, Err(StoreError::Conflict)), "{stranger:?}");
    assert_eq!(store.review_of(id, other).await.unwrap(), None, "nothing was written");
    store.finish_blind(review(id, camille, &one), at(3)).await.unwrap();
    let blind = store.blind(id).await.unwrap().unwrap();
    assert!(blind.blinds(camille) && blind.both().is_none(), "one has still to give theirs");
    assert!(hidden(camille, id).await && hidden(omar, id).await);
    assert_eq!(store.review_of(id, camille).await.unwrap().unwrap().state, ReviewState::Finished);
    assert!(store.blind_pairs(None).await.unwrap().is_empty());
    store.finish_blind(review(id, omar, &two), at(4)).await.unwrap();
    let blind = store.blind(id).await.unwrap().unwrap();
    assert!(!blind.is_open() && !blind.blinds(camille) && !hidden(camille, id).await);
    let [(first, given), (second, _)] = blind.both().unwrap();
    assert_eq!((first.name.as_str(), second.name.as_str(), given), ("Camille Roy", "Omar Diallo", &one));
    assert!(!store.give_up_blind(id).await.unwrap(), "what both have given is kept");
    store.settle_blind(id, at(5)).await.unwrap();
    assert_eq!(store.blind(id).await.unwrap().unwrap().settled_at, Some(at(5)));
    assert_eq!(store.blind_pairs(None).await.unwrap(), [(one.clone(), two)]);

    let second = opened(store, trainee, 2, "fuite-colere").await;
    store.ask_blind(second, camille, omar, at(6)).await.unwrap();
    store.finish_blind(review(second, camille, &one), at(7)).await.unwrap();
    assert!(store.give_up_blind(second).await.unwrap());
    assert_eq!(store.blind(second).await.unwrap(), None);
    assert_eq!(store.review_of(second, camille).await.unwrap().unwrap().state, ReviewState::Draft);
    assert!(!hidden(camille, second).await);
    // Nobody waits for somebody who is gone.
    let third = opened(store, trainee, 3, "fuite-colere").await;
    store.ask_blind(third, camille, omar, at(8)).await.unwrap();
    assert!(hidden(camille, third).await);
    store.erase_person(omar).await.unwrap();
    assert!(!store.blind(third).await.unwrap().unwrap().blinds(camille) && !hidden(camille, third).await);
}

/// A group with a trainee, whose conversations its trainers read from a time on.
async fn group(fresh: &Fresh, n: u128, member: VisitorId, from: Timestamp) -> GroupId {
    let id = GroupId::new(Ulid::from_parts(1_772_442_000_000, n));
    let from = from.as_millisecond();
    run(
        fresh,
        format!(
            "insert into training_group (id, name, code, created_at_ms) values ('{id}', 'Promotion', 'code {n}', 0); \
             insert into group_member (training_group, member, joined_at_ms, from_ms) \
             values ('{id}', '{member}', {from}, {from})"
        ),
    )
    .await;
    id
}

async fn a_group_lists_what_awaits_review_with_what_is_in_doubt(fresh: &Fresh) {
    let store = &fresh.store;
    let (trainer, nadia) = (account(fresh, 1, "Camille Roy").await, account(fresh, 2, "Nadia B.").await);
    keep(store, VersionKind::Rubric, "bloc1").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(opened(store, nadia, n, "fuite-colere").await);
    }
    let ends = [EndedBy::Trainee, EndedBy::BrokeOff, EndedBy::Trainee];
    for (id, by) in ids.iter().zip(ends) {
        let note = Handoff {
            service: "technique".to_owned(),
            urgency: Urgency::Day,
            summary: "\"by\":\"broke_off\"".to_owned(),
        };
        let happenings = vec![Happening::Ended { by }, Happening::HandedOff(note)];
        store.append(*id, 1, happenings, at(90)).await.unwrap();
    }
    let listed = store.reviewables(group(fresh, 1, nadia, at(1)).await).await.unwrap();
    let begun: Vec<_> = listed.iter().map(|listed| listed.conversation).collect();
    assert_eq!(begun, [ids[2], ids[1]], "what has ended, and began since the trainers may read it");
    let group = group(fresh, 2, nadia, at(0)).await;
    let second = Second {
        by: comptoir::scoring::By::Rules,
        other: Level::Missed,
        other_reason: "Non.".to_owned(),
        other_evidence: Vec::new(),
        doubt: Some(InDoubt::FarApart),
        better: None,
        votes: vec![Level::Missed],
    };
    let mut card = scorecard("fuite-colere", 50);
    card.marks[0].second = Some(Box::new(second));
    let judgement =
        Judgement { conversation: ids[2], judge: Judge::Both, events: 3, overall: Some(50), scorecard: &card };
    store.keep_scorecard(judgement, at(91)).await.unwrap();
    store.ask_for_review(ids[0], at(92)).await.unwrap();
    let listed = store.reviewables(group).await.unwrap();
    let shape: Vec<_> = listed
        .iter()
        .map(|one| (one.conversation, one.doubts, one.broke_off, one.first, one.asked_at.is_some()))
        .collect();
    assert_eq!(
        shape,
        [(ids[2], 1, false, false, false), (ids[1], 0, true, false, false), (ids[0], 0, false, true, true)]
    );
    assert_eq!((listed[0].member_name.as_str(), listed[0].published.as_ref()), ("Nadia B.", None));

    let (draft, rulings) = (draft(Decision::Partial), rulings(Decision::Partial));
    store.save_review(review(ids[2], trainer, &draft), at(93)).await.unwrap();
    let under_way = store.reviews_under_way(group).await.unwrap();
    assert_eq!((under_way[0].conversation, under_way[0].reviewer_name.as_str()), (ids[2], "Camille Roy"));
    let new =
        NewPublication { review: review(ids[0], trainer, &draft), events: 2, rulings: &rulings, automatic: &card };
    store.publish(new, at(94)).await.unwrap();
    let listed = store.reviewables(group).await.unwrap();
    assert_eq!(listed[2].published, Some((at(94), Some("Camille Roy".to_owned()), true)), "a note has come since");
    assert_eq!(listed[2].asked_at, None, "answered");
    assert_eq!(store.reviews_under_way(group).await.unwrap().len(), 1);
    store.ask_blind(ids[1], trainer, nadia, at(95)).await.unwrap();
    assert_eq!(store.blind_readings(group).await.unwrap(), [(ids[1], [(trainer, false), (nadia, false)])]);
}

async fn levels_to_compare_are_those_of_the_words_that_count(fresh: &Fresh) {
    let store = &fresh.store;
    let (trainer, nadia) = (account(fresh, 1, "Camille Roy").await, account(fresh, 2, "Nadia B.").await);
    let stranger = visitor(store, 3).await;
    let (hers, another) =
        (opened(store, nadia, 1, "fuite-colere").await, opened(store, stranger, 2, "fuite-colere").await);
    let group = group(fresh, 1, nadia, at(0)).await;
    let (automatic, draft) = (scorecard("fuite-colere", 50), draft(Decision::Partial));
    for (n, id, decision) in
        [(0, hers, Decision::Missed), (1, hers, Decision::NotApplicable), (0, another, Decision::Partial)]
    {
        let rulings = rulings(decision);
        let review = SavedReview { version: n, base: n, ..review(id, trainer, &draft) };
        store
            .publish(NewPublication { review, events: 5, rulings: &rulings, automatic: &automatic }, at(n.into()))
            .await
            .unwrap();
    }
    let observed = Some(Level::Observed);
    assert_eq!(store.published_levels(Some(group)).await.unwrap(), [[("5.1.b".to_owned(), observed, None)]]);
    assert_eq!(store.published_levels(None).await.unwrap().len(), 2);
}

async fn a_prepared_exchange_is_rated_once_at_a_time(fresh: &Fresh) {
    let store = &fresh.store;
    let trainer = account(fresh, 1, "Camille Roy").await;
    let id = |n| CalibrationId::new(Ulid::from_parts(1, n));
    assert!(store.begin_calibration(id(1), trainer, "fuite", at(1)).await.unwrap());
    assert!(!store.begin_calibration(id(2), trainer, "fuite", at(2)).await.unwrap(), "one is under way");
    let draft = draft(Decision::Partial);
    assert_eq!(store.save_calibration(id(1), 0, &draft, None, at(3)).await.unwrap(), 1);
    let stale = store.save_calibration(id(1), 0, &Draft::default(), None, at(4)).await;
    assert!(matches!(stale, Err(StoreError::Conflict)), "{stale:?}");
    let levels = vec![("5.1.b".to_owned(), Some(Level::Observed), None)];
    store.save_calibration(id(1), 1, &draft, Some(&levels), at(5)).await.unwrap();
    let finished = store.save_calibration(id(1), 2, &Draft::default(), None, at(6)).await;
    assert!(matches!(finished, Err(StoreError::Conflict)), "{finished:?}");
    assert!(store.begin_calibration(id(2), trainer, "fuite", at(7)).await.unwrap(), "once more");
    let all = store.calibrations(trainer).await.unwrap();
    assert_eq!((all.len(), &all[0].draft, all[0].version), (2, &draft, 2));
    assert_eq!((all[0].finished.as_ref(), all[1].finished.as_ref()), (Some(&(at(5), levels)), None));
}

async fn what_was_stored_is_there_after_opening_again(fresh: &Fresh) {
    let visitor = visitor(&fresh.store, 1).await;
    let id = opened(&fresh.store, visitor, 1, "fuite-colere").await;
    fresh.store.close().await;
    let again = Store::open(&fresh.address).await.unwrap();
    assert_eq!(again.events(id, 0).await.unwrap().len(), 1);
    again.ping().await.unwrap();
    again.close().await;
}

async fn a_conversation_of_an_unknown_visitor_is_refused(fresh: &Fresh) {
    keep(&fresh.store, VersionKind::Persona, "fuite-colere").await;
    let visitor = VisitorId::new(Ulid::from_parts(1, 1));
    let new =
        NewConversation { id: conversation(1), visitor, start: start("fuite-colere"), at: at(0), shared: Vec::new() };
    assert!(matches!(fresh.store.start_conversation(&new).await, Err(StoreError::Conflict)));
    assert_eq!(fresh.store.conversation(conversation(1)).await.unwrap(), None);
}

async fn trainer(store: &Store, n: u128, name: &str) -> VisitorId {
    let id = VisitorId::new(Ulid::from_parts(1_772_442_000_000, n));
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer: true, administrator: false };
    store.add_account(&new, &TokenDigest::of(&format!("account {n}")), at(0)).await.unwrap();
    id
}

async fn led(store: &Store, n: u128, trainer: VisitorId) -> GroupId {
    let id = GroupId::new(Ulid::from_parts(1_772_442_000_000, n));
    let (name, code) = (format!("Groupe {n}"), format!("CODE{n}"));
    let group = Group { id, name, code, code_until: None, created_at: at(0), archived_at: None };
    store.add_group(&group, trainer).await.unwrap();
    id
}

async fn written(store: &Store, id: &str, maker: VisitorId) {
    let new = NewSituation { id, maker, copied_from: Some("odeur-gaz"), title: "Un titre", draft: "un", at: at(1) };
    store.add_situation(&new).await.unwrap();
}

async fn publish(store: &Store, id: &str, text: &str, by: VisitorId, to: &[GroupId], from: &[GroupId]) -> u32 {
    let digest = format!("digest of {text}");
    let version = Version { kind: VersionKind::Persona, name: id, digest: &digest, text };
    store.keep_version(version, at(2)).await.unwrap();
    let new = SituationPublication { id, digest: &digest, title: text, note: "note", by, at: at(2), to, from };
    store.publish_situation(&new).await.unwrap()
}

async fn a_draft_is_saved_by_whoever_had_the_latest_before_them(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, marc) = (trainer(store, 1, "Claire").await, trainer(store, 2, "Marc").await);
    written(store, "le-froid", claire).await;
    let new = NewSituation { id: "le-froid", maker: marc, copied_from: None, title: "x", draft: "y", at: at(1) };
    assert!(matches!(store.add_situation(&new).await, Err(StoreError::Conflict)), "an id is taken once");
    let found = store.situation("le-froid").await.unwrap().unwrap();
    assert_eq!((found.revision, found.draft.as_str(), found.maker), (1, "un", Some(claire)));
    assert_eq!((found.copied_from.as_deref(), found.version), (Some("odeur-gaz"), None));
    let save = |revision, draft, by| Save { id: "le-froid", revision, title: "Titre", draft, by, at: at(3) };
    assert_eq!(store.save_draft(&save(1, "deux", claire)).await.unwrap(), Some(2));
    assert_eq!(store.save_draft(&save(1, "trois", marc)).await.unwrap(), None, "Marc had revision 1 before him");
    let found = store.situation("le-froid").await.unwrap().unwrap();
    assert_eq!(
        (found.draft.as_str(), found.saved_by.as_deref(), found.title.as_str()),
        ("deux", Some("Claire"), "Titre")
    );
    assert_eq!(store.draft_at("le-froid", 1).await.unwrap().as_deref(), Some("un"));
    for revision in 2..50 {
        assert_eq!(store.save_draft(&save(revision, "encore", marc)).await.unwrap(), Some(revision + 1));
    }
    assert_eq!(store.draft_at("le-froid", 10).await.unwrap(), None, "old drafts go");
    assert_eq!(store.draft_at("le-froid", 11).await.unwrap().as_deref(), Some("encore"));
    assert_eq!(store.situation("autre").await.unwrap(), None);
    assert_eq!(store.save_draft(&Save { id: "autre", ..save(1, "x", marc) }).await.unwrap(), None);
    assert_eq!(store.situation_ids().await.unwrap(), ["le-froid"]);
}

async fn a_situation_is_offered_to_the_groups_it_is_published_to(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, marc) = (trainer(store, 1, "Claire").await, trainer(store, 2, "Marc").await);
    let (own, both, his) = (led(store, 11, claire).await, led(store, 12, claire).await, led(store, 13, marc).await);
    store.add_trainer(both, marc).await.unwrap();
    let nadia = trainer(store, 3, "Nadia").await;
    store.add_member(own, nadia, at(0), at(0)).await.unwrap();
    written(store, "le-froid", claire).await;
    let offered = async |person| {
        let all = store.situations_offered(person).await.unwrap();
        all.into_iter().map(|one| (one.id, one.number, one.digest)).collect::<Vec<_>>()
    };
    let one = |number, text: &str| vec![("le-froid".to_owned(), number, format!("digest of {text}"))];
    assert_eq!(offered(nadia).await, []);
    assert_eq!(publish(store, "le-froid", "v1", claire, &[own], &[]).await, 1);
    assert_eq!(
        (offered(nadia).await, offered(claire).await, offered(marc).await),
        (one(1, "v1"), one(1, "v1"), vec![])
    );
    assert!(!store.may_write(marc, "le-froid").await.unwrap());
    assert_eq!(store.situations_of(marc).await.unwrap(), []);
    // The same text again is the same version; another group is offered it.
    assert_eq!(publish(store, "le-froid", "v1", claire, &[both], &[]).await, 1);
    assert!(store.may_write(marc, "le-froid").await.unwrap());
    let lines = store.situations_of(marc).await.unwrap();
    assert_eq!(
        lines.iter().map(|one| (one.id.as_str(), one.version, one.draft.as_str())).collect::<Vec<_>>(),
        [("le-froid", Some(1), "")]
    );
    assert_eq!(publish(store, "le-froid", "v2", marc, &[his], &[both]).await, 2);
    assert_eq!(offered(nadia).await, one(2, "v2"));
    let offered_to = async |group| {
        let all = store.situations_offered_to(group).await.unwrap();
        all.into_iter().map(|one| (one.id, one.number, one.digest)).collect::<Vec<_>>()
    };
    assert_eq!((offered_to(own).await, offered_to(his).await), (one(2, "v2"), one(2, "v2")));
    assert_eq!(offered_to(both).await, [], "its trainers may be offered it elsewhere");
    let groups = store.groups_of_situation("le-froid").await.unwrap();
    assert_eq!(groups, [(own, "Groupe 11".to_owned()), (his, "Groupe 13".to_owned())]);
    let versions = store.versions_of("le-froid").await.unwrap();
    let told: Vec<_> = versions.iter().map(|one| (one.number, one.by.as_deref(), one.note.as_str())).collect();
    assert_eq!(told, [(2, Some("Marc"), "note"), (1, Some("Claire"), "note")]);
    assert_eq!(store.published_version("le-froid", "digest of v1").await.unwrap(), Some((1, at(2))));
    assert_eq!(store.published_version("autre", "digest of v1").await.unwrap(), None);
    let titles = store.situation_titles().await.unwrap();
    assert_eq!(titles, [("le-froid".to_owned(), "v2".to_owned(), "digest of v2".to_owned())]);
    // A group that is put away, a member who left, a withdrawal.
    let mut away = store.group(own).await.unwrap().unwrap();
    away.archived_at = Some(at(5));
    store.change_group(&away).await.unwrap();
    assert_eq!((offered(nadia).await, offered(marc).await), (vec![], one(2, "v2")));
    store.withdraw_situation("le-froid", at(6)).await.unwrap();
    assert_eq!((offered(marc).await, offered_to(his).await), (vec![], vec![]));
    assert_eq!(store.situation("le-froid").await.unwrap().unwrap().withdrawn_at, Some(at(6)));
    assert_eq!(publish(store, "le-froid", "v2", marc, &[], &[]).await, 2, "published again as it was");
    assert_eq!(offered(marc).await, one(2, "v2"));
}

async fn a_published_situation_stays_and_a_draft_that_never_was_goes(fresh: &Fresh) {
    let store = &fresh.store;
    let claire = trainer(store, 1, "Claire").await;
    let own = led(store, 11, claire).await;
    for id in ["brouillon", "publiee"] {
        written(store, id, claire).await;
    }
    publish(store, "publiee", "v1", claire, &[own], &[]).await;
    assert!(store.remove_situation("brouillon").await.unwrap());
    assert!(!store.remove_situation("brouillon").await.unwrap());
    assert!(!store.remove_situation("publiee").await.unwrap());
    assert_eq!(store.situation_ids().await.unwrap(), ["publiee"]);
    assert_eq!(store.draft_at("brouillon", 1).await.unwrap(), None);
}

async fn a_trial_stands_in_no_list_and_counts_nowhere(fresh: &Fresh) {
    let store = &fresh.store;
    let claire = trainer(store, 1, "Claire").await;
    opened(store, claire, 1, "le-froid").await;
    let id = conversation(2);
    let new = NewConversation { id, visitor: claire, start: start("le-froid"), at: at(2), shared: Vec::new() };
    store.start_trial(&new).await.unwrap();
    assert_eq!(store.conversation(id).await.unwrap().unwrap().persona, "le-froid");
    let listed = store.conversations_of(claire, 10).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.conversation.id).collect::<Vec<_>>(), [conversation(1)]);
    store.append(id, 1, vec![Happening::Ended { by: EndedBy::Trainee }], at(3)).await.unwrap();
    keep(store, VersionKind::Persona, "fuite-colere").await;
    judged(store, id, 2, 90, at(4)).await;
    let best = store.best_of(claire).await.unwrap();
    assert_eq!((best.len(), best[0].ended, best[0].overall), (1, 0, None));
    let trials = store.trials_of(claire, "le-froid", 10).await.unwrap();
    assert_eq!(trials.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
}

fn booklet(n: u128) -> BookletId {
    BookletId::new(Ulid::from_parts(1_772_442_000_000, n))
}

async fn opened_booklet(store: &Store, visitor: VisitorId, n: u128) -> Draw {
    let step = Step { kind: PartKind::Conversation, limit_ms: 60_000, setting: None, questions: Vec::new() };
    let drawn = Drawn {
        title: "Première".to_owned(),
        persona: "fuite-colere".to_owned(),
        persona_hash: "digest of fuite-colere".to_owned(),
        channel: Channel::Phone,
        family: Family::Technique,
        steps: vec![step],
    };
    let draw = Draw { booklet: "bloc1".to_owned(), booklet_hash: "digest".to_owned(), situations: vec![drawn] };
    let opened = Opened { seed: u64::MAX >> 11, extra_percent: 33 };
    let new = NewBooklet { id: booklet(n), visitor, assignment: None, draw: &draw, opened, at: at(0) };
    store.open_booklet(&new).await.unwrap();
    draw
}

async fn a_booklet_comes_back_with_its_events_in_order(fresh: &Fresh) {
    let store = &fresh.store;
    let who = visitor(store, 1).await;
    let draw = opened_booklet(store, who, 1).await;
    let stored = store.booklet(booklet(1)).await.unwrap().unwrap();
    assert_eq!((stored.visitor, &stored.draw, stored.ended_at, stored.pings), (who, &draw, None, false));
    assert_eq!(stored.seen_at, Some(at(0)));
    let entered = Exam::Entered { step: 0 };
    let finished = Exam::Finished { step: 0 };
    let told = store.append_to_booklet(booklet(1), 1, vec![entered.clone()], at(5), false).await.unwrap();
    assert_eq!(told[0].seq, 1);
    store.append_to_booklet(booklet(1), 2, vec![finished.clone()], at(9), true).await.unwrap();
    let events = store.booklet_events(booklet(1)).await.unwrap();
    let begun = Exam::Begun(Opened { seed: u64::MAX >> 11, extra_percent: 33 });
    let all: Vec<_> = events.iter().map(|event| (event.seq, event.at, event.happening.clone())).collect();
    assert_eq!(all, [(0, at(0), begun), (1, at(5), entered), (2, at(9), finished)]);
    // Signs of life go forward, and a page that gave one by itself stays known for it.
    store.see_booklet(booklet(1), at(7), true).await.unwrap();
    store.see_booklet(booklet(1), at(6), false).await.unwrap();
    let stored = store.booklets_of(who).await.unwrap().remove(0);
    assert_eq!((stored.seen_at, stored.pings, stored.ended_at), (Some(at(7)), true, Some(at(9))));
    assert_eq!(store.booklet(booklet(2)).await.unwrap(), None);
}

async fn of_two_tabs_that_append_to_a_booklet_one_is_refused(fresh: &Fresh) {
    let store = &fresh.store;
    let who = visitor(store, 1).await;
    opened_booklet(store, who, 1).await;
    let append = |next| store.append_to_booklet(booklet(1), next, vec![Exam::Stopped], at(5), true);
    let (one, other) = tokio::join!(append(1), append(1));
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert!(matches!(append(1).await, Err(StoreError::Conflict)));
    assert!(matches!(append(7).await, Err(StoreError::Conflict)));
    let gone = store.append_to_booklet(booklet(9), 0, vec![Exam::Stopped], at(5), false).await;
    assert!(matches!(gone, Err(StoreError::Conflict)), "{gone:?}");
    assert_eq!(store.booklet_events(booklet(1)).await.unwrap().len(), 2);
}

async fn a_booklet_knows_its_conversations_and_leaves_with_its_person(fresh: &Fresh) {
    let store = &fresh.store;
    let who = visitor(store, 1).await;
    opened_booklet(store, who, 1).await;
    let talk = opened(store, who, 1, "fuite-colere").await;
    assert_eq!(store.booklet_with(talk).await.unwrap(), None);
    store.enlist(talk, booklet(1), 0).await.unwrap();
    store.enlist(talk, booklet(1), 0).await.unwrap();
    assert_eq!(store.booklet_with(talk).await.unwrap().unwrap().id, booklet(1));
    assert_eq!(store.conversations_in_booklets(who).await.unwrap(), [(talk, booklet(1), true)]);
    assert_eq!(store.conversations_in_booklets(visitor(store, 2).await).await.unwrap(), []);
    let stored = store.booklet(booklet(1)).await.unwrap().unwrap();
    assert!(!store.may_read_booklet(who, &stored).await.unwrap());
}

fn marked(levels: &[(&str, Option<Level>, Option<&str>)]) -> Scorecard {
    let mark = |(id, level, quote): &(&str, Option<Level>, Option<&str>)| Mark {
        id: (*id).to_owned(),
        level: *level,
        evidence: quote.iter().map(|quote| Evidence { turn: 3, quote: (*quote).to_owned() }).collect(),
        reason: String::new(),
        second: None,
        automatic: None,
    };
    Scorecard { marks: levels.iter().map(mark).collect(), ..scorecard("fuite-colere", 50) }
}

async fn judged_by(store: &Store, id: ConversationId, judge: Judge, scorecard: &Scorecard, made: Timestamp) {
    keep(store, VersionKind::Rubric, "bloc1").await;
    let judgement = Judgement { conversation: id, judge, events: 5, overall: Some(50), scorecard };
    store.keep_scorecard(judgement, made).await.unwrap();
}

async fn a_group_reads_what_was_rehearsed_since_its_trainers_may_with_the_marks_that_count(fresh: &Fresh) {
    let store = &fresh.store;
    let claire = trainer(store, 800, "Claire").await;
    let nadia = trainer(store, 801, "Nadia").await;
    let omar = trainer(store, 802, "Omar").await;
    let stranger = visitor(store, 803).await;
    let group = led(store, 804, claire).await;
    // Nadia's conversations count from the second on, Omar's from the first.
    store.add_member(group, nadia, at(2), at(2)).await.unwrap();
    store.add_member(group, omar, at(2), at(0)).await.unwrap();
    let early = opened(store, nadia, 1, "fuite-colere").await;
    let late = opened(store, nadia, 2, "odeur-gaz").await;
    let omars = opened(store, omar, 3, "fuite-colere").await;
    opened(store, stranger, 4, "fuite-colere").await;
    let rules =
        marked(&[("5.1.b", Some(Level::Missed), None), ("5.1.a", Some(Level::Observed), Some("je vous \"écoute\""))]);
    judged_by(store, late, Judge::Rules, &rules, at(20)).await;
    let word = marked(&[("5.1.b", Some(Level::Partial), Some("")), ("10.1.a", None, None)]);
    judged_by(store, late, Judge::Trainer, &word, at(30)).await;
    judged_by(store, late, Judge::Both, &rules, at(40)).await;

    let rehearsed = store.rehearsed_by_group(group).await.unwrap();
    assert_eq!(rehearsed.iter().map(|one| one.conversation).collect::<Vec<_>>(), [late, omars]);
    assert!(!rehearsed.iter().any(|one| one.conversation == early));
    assert_eq!(rehearsed[1].rated, None);
    let rated = rehearsed[0].rated.as_ref().unwrap();
    assert!(rated.by_trainer());
    assert_eq!((rated.overall, rated.made_at), (Some(50), at(30)));
    assert_eq!(rated.levels, [("5.1.b".to_owned(), Level::Partial)]);
    let outcomes = store.outcomes_of_group(group).await.unwrap();
    let told = outcomes.iter().map(|one| (one.conversation, one.visitor, one.persona.as_str(), one.overall));
    assert!(told.eq([(late, nadia, "odeur-gaz", Some(50))]), "what was scored, by the card that counts");
    let marks = store.marks(&[rated.scorecard], &[]).await.unwrap();
    let told = marks.iter().map(|mark| (mark.indicator.as_str(), mark.level, mark.turn, mark.quote.as_deref()));
    assert!(told.eq([("10.1.a", None, None, None), ("5.1.b", Some(1), Some(3), None)]));
    assert_eq!(store.marks(&[rated.scorecard], &["5.1.b"]).await.unwrap().len(), 1);
    assert_eq!(store.marks(&[], &[]).await.unwrap(), []);

    store.delete_scorecards(late).await.unwrap();
    judged_by(store, late, Judge::Rules, &rules, at(50)).await;
    let rehearsed = store.rehearsed_by_group(group).await.unwrap();
    let rated = rehearsed[0].rated.as_ref().unwrap();
    assert_eq!(rated.levels, [("5.1.a".to_owned(), Level::Observed), ("5.1.b".to_owned(), Level::Missed)]);
    let marks = store.marks(&[rated.scorecard], &["5.1.a"]).await.unwrap();
    assert_eq!(marks[0].quote.as_deref(), Some("je vous \"écoute\""));
}

async fn a_persons_conversations_come_page_by_page_each_once(fresh: &Fresh) {
    let store = &fresh.store;
    let nadia = visitor(store, 1).await;
    let mut ids = Vec::new();
    for n in 1..=7 {
        ids.push(opened(store, nadia, n, "fuite-colere").await);
    }
    // Begun in the same millisecond as the first.
    keep(store, VersionKind::Persona, "fuite-colere").await;
    let twin = conversation(99);
    let new = NewConversation { id: twin, visitor: nadia, start: start("fuite-colere"), at: at(1), shared: Vec::new() };
    store.start_conversation(&new).await.unwrap();
    ids.insert(1, twin);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.rehearsed_by(nadia, at(0), after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(After::of(last));
        seen.extend(page.iter().map(|one| one.conversation));
    }
    assert_eq!(seen, ids);
    let later = store.rehearsed_by(nadia, at(5), None, 10).await.unwrap();
    assert_eq!(later.iter().map(|one| one.conversation).collect::<Vec<_>>(), ids[5..]);
}

async fn time_on_task_leaves_long_pauses_and_what_a_second_try_shares_out(fresh: &Fresh) {
    let store = &fresh.store;
    let nadia = visitor(store, 1).await;
    let first = opened(store, nadia, 1, "fuite-colere").await;
    store.append(first, 1, vec![Happening::Received], at(10_001)).await.unwrap();
    // A night in between.
    let shared = store.append(first, 2, vec![spoke("Bonjour")], at(40_000_000)).await.unwrap();
    store.append(first, 3, vec![Happening::Ended { by: EndedBy::Trainee }], at(40_020_000)).await.unwrap();
    judged(store, first, 4, 50, at(50_000_000)).await;
    let branch = Branch { conversation: first, events: 3 };
    let id = conversation(2);
    let mut events = store.events(first, 1).await.unwrap();
    events.truncate(2);
    assert_eq!(events[1], shared[0]);
    let start = Start { branched_from: Some(branch), ..start("fuite-colere") };
    let new = NewConversation { id, visitor: nadia, start, at: at(60_000_000), shared: events };
    store.start_conversation(&new).await.unwrap();
    store.append(id, 3, vec![spoke("Je reprends")], at(60_030_000)).await.unwrap();
    judged(store, id, 4, 50, at(60_040_000)).await;
    let seconds: Vec<Option<u64>> =
        store.rehearsed_by(nadia, at(0), None, 10).await.unwrap().iter().map(|one| one.seconds).collect();
    // Ten seconds, five minutes for the night, twenty seconds; then half a minute.
    assert_eq!(seconds, [Some(330), Some(30)]);
}

async fn marks_leave_with_their_scorecard(fresh: &Fresh) {
    let store = &fresh.store;
    let nadia = visitor(store, 1).await;
    let id = opened(store, nadia, 1, "fuite-colere").await;
    judged(store, id, 5, 50, at(10)).await;
    let scorecard = store.rehearsed_by(nadia, at(0), None, 1).await.unwrap()[0].rated.as_ref().unwrap().scorecard;
    assert_eq!(store.marks(&[scorecard], &[]).await.unwrap().len(), 1);
    store.delete_scorecards(id).await.unwrap();
    assert_eq!(store.marks(&[scorecard], &[]).await.unwrap(), []);
}
