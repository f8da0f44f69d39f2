//! What the store promises about people, on SQLite and on PostgreSQL alike.

use std::time::Duration;

use comptoir::store::{AuditLine, Credentials, Link, LinkPurpose, LogFilter, Newcomer, Try};

use super::*;

fn person(n: u64) -> VisitorId {
    VisitorId::new(Ulid::from_parts(1_772_442_000_000, u128::from(n) + 900))
}

async fn account(store: &Store, n: u64, trainer: bool, administrator: bool) -> VisitorId {
    let id = person(n);
    let new = NewAccount { id, name: format!("Personne {n}"), credentials: None, trainer, administrator };
    store.add_account(&new, &TokenDigest::of(&format!("replaced {n}")), at(0)).await.unwrap();
    id
}

pub(super) async fn tries_lock_and_are_forgotten(fresh: &Fresh) {
    let store = &fresh.store;
    let about = TokenDigest::of("login claire");
    let (now, forget) = (at(0), at(0) - Duration::from_mins(1));
    let lock = |n: u32| (n >= 3).then(|| now + Duration::from_mins(5));
    for n in 1..=3 {
        assert_eq!(store.count_try(&about, now, forget, lock).await.unwrap(), Try::Counted(n));
    }
    let until = now + Duration::from_mins(5);
    assert_eq!(store.count_try(&about, now, forget, lock).await.unwrap(), Try::Locked(until));
    assert_eq!(store.locked_until(&about, now).await.unwrap(), Some(until));
    store.take_try_back(&about).await.unwrap();
    assert_eq!(store.count_try(&about, now, forget, lock).await.unwrap(), Try::Counted(3), "two wrong ones are left");
    store.forget_tries(&about).await.unwrap();
    assert_eq!(store.count_try(&about, now, forget, lock).await.unwrap(), Try::Counted(1));
    let later = now + Duration::from_mins(10);
    assert_eq!(store.count_try(&about, later, later, lock).await.unwrap(), Try::Counted(1), "forgotten after a while");
    assert_eq!(store.purge_tries(later + Duration::from_secs(1)).await.unwrap(), 1);
}

pub(super) async fn a_link_to_a_password_works_once(fresh: &Fresh) {
    let store = &fresh.store;
    let id = account(store, 1, true, false).await;
    let token = TokenDigest::of("link");
    let until = Some(at(0) + Duration::from_secs(100));
    let link =
        Link { purpose: LinkPurpose::Password, account: Some(id), made_by: None, made_at: at(0), until, used_at: None };
    store.add_link(&token, &link).await.unwrap();
    let credentials = Credentials { login: "claire".into(), hash: "$argon2id$…".into() };
    let other = account(store, 2, true, false).await;
    store.set_credentials(other, &Credentials { login: "marc".into(), hash: "x".into() }).await.unwrap();
    let taken = Credentials { login: "marc".into(), hash: "y".into() };
    let late = at(0) + Duration::from_secs(101);
    assert!(!store.set_password_by_link(&token, id, &credentials, late).await.unwrap(), "its time is over");
    let conflict = store.set_password_by_link(&token, id, &taken, at(0)).await;
    assert!(matches!(conflict, Err(StoreError::Conflict)), "{conflict:?}");
    assert!(store.set_password_by_link(&token, id, &credentials, at(0)).await.unwrap(), "a conflict used nothing up");
    assert!(!store.set_password_by_link(&token, id, &credentials, at(0)).await.unwrap());
    assert_eq!(store.credentials("claire").await.unwrap().unwrap().0.id, id);
}

pub(super) async fn a_name_is_taken_once_in_a_group(fresh: &Fresh) {
    let store = &fresh.store;
    let trainer = account(store, 1, true, true).await;
    let id = GroupId::new(Ulid::from_parts(1, 1));
    let group = Group {
        id,
        name: "Groupe".into(),
        code: "CODE".into(),
        code_until: None,
        created_at: at(0),
        archived_at: None,
    };
    store.add_group(&group, trainer).await.unwrap();
    let newcomer = |n: u64, name: &str| Newcomer {
        account: NewAccount {
            id: person(n),
            name: name.into(),
            credentials: None,
            trainer: false,
            administrator: false,
        },
        replaced: TokenDigest::of(&format!("replaced {n}")),
        link: TokenDigest::of(&format!("link {n}")),
        from: at(0),
    };
    let list = [newcomer(10, "Nadia"), newcomer(11, "nadia"), newcomer(12, "Zoé")];
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    assert_eq!(store.take_in(id, &list, Some(trainer), at(0), same).await.unwrap(), [true, false, true]);
    assert!(store.link(&TokenDigest::of("link 10")).await.unwrap().is_some());
    assert!(store.account(person(11)).await.unwrap().is_none(), "nobody is made under a name that is taken");
    assert!(!store.rename_member(id, (person(12), "NADIA"), same).await.unwrap());
    assert!(store.rename_member(id, (person(12), "Zoé F."), same).await.unwrap());
    let counts = store.group_counts(trainer).await.unwrap();
    assert_eq!(counts[&id].members, 2);
    let refused = store.erase_person(trainer).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert_eq!(store.erase_person(person(10)).await.unwrap(), Some(Vec::new()));
    assert_eq!(store.erase_person(person(10)).await.unwrap(), None);
    assert!(store.log(&LogFilter::default(), 10).await.unwrap().is_empty());
}

pub(super) async fn an_erased_person_leaves_a_result_and_lines_without_a_name(fresh: &Fresh) {
    let store = &fresh.store;
    let id = account(store, 1, false, false).await;
    // Begun at 1 and at 1,000 ms.
    let (n, kept) = (opened(store, id, 1, "fuite-colere").await, opened(store, id, 1_000, "fuite-colere").await);
    let line = AuditLine {
        at: at(0),
        actor: Some(id),
        actor_name: Some("Nadia".into()),
        action: "member.joined".into(),
        subject: Some(n.to_string()),
        detail: Some("un mot".into()),
    };
    store.add_audit(Ulid::from_parts(1, 1), &line).await.unwrap();
    let about = LogFilter { about: Some(id.to_string()), ..LogFilter::default() };
    assert_eq!(store.log(&about, 10).await.unwrap().len(), 1);
    assert_eq!(store.every_conversation(id).await.unwrap().len(), 2);
    opened_booklet(store, id, 1).await;
    let seq = u32::try_from(store.booklet_events(booklet(1)).await.unwrap().len()).unwrap();
    store.append_to_booklet(booklet(1), seq, vec![Exam::Stopped], at(5), false).await.unwrap();
    judged(store, kept, 2, 80, at(4)).await;
    assert_eq!(store.every_booklet(id).await.unwrap()[0].body["booklet"], "bloc1");
    assert!(store.every_booklet_event(id).await.unwrap().iter().all(|event| event.body.is_object()));
    assert_eq!(store.every_scorecard(kept).await.unwrap()[0].body["rubric"], "bloc1");
    for held in [
        store.every_blind_reading_by(id).await.unwrap(),
        store.every_review_by(id).await.unwrap(),
        store.every_calibration_by(id).await.unwrap(),
        store.every_scorecard(n).await.unwrap(),
        store.every_publication(n).await.unwrap(),
    ] {
        assert!(held.is_empty(), "{held:?}");
    }
    // Age first: the older one goes, and the person stays because something is left.
    let erased = store.erase_before(at(500)).await.unwrap();
    assert_eq!((erased.conversations, erased.booklets, erased.people), (1, 1, 0));
    assert_eq!(store.erase_person(id).await.unwrap(), Some(vec![kept]));
    let lines = store.log(&LogFilter::default(), 10).await.unwrap();
    assert_eq!((lines.len(), lines[0].actor, lines[0].actor_name.as_deref()), (1, None, Some("")));
    assert!(store.conversation(kept).await.unwrap().is_none());
    let results = store.kept_results().await.unwrap();
    assert_eq!(results.len(), 1, "without a scorecard there is no result");
    assert_eq!((results[0].month.as_str(), results[0].overall), ("2026-03", Some(80)));
    assert_eq!(store.forget_names_before(at(10_000)).await.unwrap(), 0, "its names are out already");
}
