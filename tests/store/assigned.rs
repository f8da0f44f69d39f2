//! Assignments and their tries, who follows from elsewhere, and what is under way.

use std::time::Duration;

use comptoir::assignment::{Draw, Mode, Refused, Terms, Work};
use comptoir::id::{AssignmentId, GroupId, Ulid, VisitorId};
use comptoir::store::{Assignment, Begun, FollowedFrom, Group, NewAccount, NewConversation, Place, Store, TokenDigest};
use comptoir::transcript::{EndedBy, Happening};

use super::{Fresh, VersionKind, at, conversation, judged, keep, opened, spoke, start};

async fn person(store: &Store, n: u128, name: &str, trainer: bool) -> VisitorId {
    let id = VisitorId::new(Ulid::from_parts(1_772_442_000_000, n));
    let new = NewAccount { id, name: name.to_owned(), credentials: None, trainer, administrator: false };
    store.add_account(&new, &TokenDigest::of(&format!("person {n}")), at(0)).await.unwrap();
    id
}

/// A group led by a trainer with one trainee, who shares from 100 ms on.
async fn class(store: &Store) -> (VisitorId, VisitorId, GroupId) {
    let (claire, nadia) = (person(store, 1, "Claire Martin", true).await, person(store, 2, "Nadia B.", false).await);
    let id = GroupId::new(Ulid::from_parts(1_772_442_000_000, 1));
    let (name, code) = ("Promotion".to_owned(), "ABC".to_owned());
    let group = Group { id, name, code, code_until: None, created_at: at(0), archived_at: None };
    store.add_group(&group, claire).await.unwrap();
    store.add_member(id, nadia, at(100), at(100)).await.unwrap();
    (claire, nadia, id)
}

fn assignment(n: u128, group: GroupId, made_by: VisitorId, attempts: Option<u32>) -> Assignment {
    Assignment {
        id: AssignmentId::new(Ulid::from_parts(1_772_442_000_000, n)),
        group,
        title: "Apaiser « d’abord » 😀".to_owned(),
        terms: Terms {
            work: Work::Situations { personas: vec!["fuite-colere".to_owned(), "odeur-gaz".to_owned()] },
            due_at: Some(at(5_000)),
            attempts,
            hints: false,
            mode: Mode::Voice,
            closed_at: None,
        },
        made_by: Some(made_by),
        made_at: at(n.try_into().unwrap()),
    }
}

fn new(n: u128, visitor: VisitorId) -> NewConversation {
    let at = at(n.try_into().unwrap());
    NewConversation { id: conversation(n), visitor, start: start("fuite-colere"), at, shared: Vec::new() }
}

pub(super) async fn an_assignment_comes_back_as_it_was_made_and_changed(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, nadia, group) = class(store).await;
    let mut first = assignment(1, group, claire, Some(2));
    let exam = Work::Booklet { booklet: "bloc1".to_owned(), draw: Draw::Same { seed: u64::MAX } };
    let free = Terms { work: exam, due_at: None, attempts: None, hints: true, mode: Mode::Either, closed_at: None };
    let second = Assignment { terms: free, ..assignment(2, group, claire, None) };
    for new in [&first, &second] {
        store.add_assignment(new).await.unwrap();
    }
    assert_eq!(store.assignment(first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.assignments_of(group).await.unwrap(), [second.clone(), first.clone()], "the latest first");
    assert_eq!(store.assignments_for(nadia).await.unwrap(), [first.clone(), second.clone()], "what is due first first");
    assert_eq!(store.assignments_for(claire).await.unwrap(), []);
    "Autrement".clone_into(&mut first.title);
    first.terms.closed_at = Some(at(9));
    first.terms.attempts = None;
    store.change_assignment(&first).await.unwrap();
    assert_eq!(store.assignment(first.id).await.unwrap().as_ref(), Some(&first));
    assert!(store.is_assigned(nadia, &first).await.unwrap() && !store.is_assigned(claire, &first).await.unwrap());
    store.remove_member(group, nadia).await.unwrap();
    assert!(!store.is_assigned(nadia, &first).await.unwrap());
    assert_eq!(store.assignments_for(nadia).await.unwrap(), []);
    let nobodys = AssignmentId::new(Ulid::from_parts(1, 9));
    assert_eq!(store.assignment(nobodys).await.unwrap(), None);
}

pub(super) async fn a_try_is_opened_taken_up_and_refused_as_the_terms_have_it(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, nadia, group) = class(store).await;
    keep(store, VersionKind::Persona, "fuite-colere").await;
    let mut work = assignment(1, group, claire, Some(2));
    store.add_assignment(&work).await.unwrap();
    let begin = async |n| store.begin_under(work.id, &new(n, nadia), false).await.unwrap();
    assert_eq!(begin(200).await, Begun::Opened);
    assert_eq!(begin(201).await, Begun::TakenUp(conversation(200)), "nobody was received yet");
    let whispered = Happening::Whispered { by: "Mme Martin".to_owned(), text: "Allez-y.".to_owned(), client_id: None };
    store.append(conversation(200), 1, vec![whispered], at(202)).await.unwrap();
    assert_eq!(begin(203).await, Begun::TakenUp(conversation(200)), "a whisper receives nobody");
    store.append(conversation(200), 2, vec![Happening::Received, spoke("Bonjour")], at(204)).await.unwrap();
    assert_eq!(begin(205).await, Begun::Opened);
    // One that counts at once would leave the waiting one without a place.
    let counted = store.begin_under(work.id, &new(206, nadia), true).await.unwrap();
    assert_eq!(counted, Begun::Refused(Refused::NoTryLeft));
    let ended = vec![Happening::Received, Happening::Ended { by: EndedBy::Trainee }];
    store.append(conversation(205), 1, ended, at(207)).await.unwrap();
    judged(store, conversation(205), 3, 64, at(208)).await;
    assert_eq!(begin(209).await, Begun::Refused(Refused::NoTryLeft));
    assert_eq!(store.conversation(conversation(209)).await.unwrap(), None, "what is refused leaves nothing");

    assert_eq!(store.assignment_of(conversation(200)).await.unwrap().as_ref(), Some(&work));
    let free = opened(store, nadia, 210, "fuite-colere").await;
    assert_eq!(store.assignment_of(free).await.unwrap(), None, "free rehearsal stays free");
    let tried = store.tried_by(nadia).await.unwrap();
    assert_eq!(tried, store.tried_in(group).await.unwrap());
    let told: Vec<_> = tried.iter().map(|one| (one.place, one.how.begun, one.how.ended, one.how.result)).collect();
    assert_eq!(
        told,
        [
            (Place::Conversation(conversation(200)), true, false, None),
            (Place::Conversation(conversation(205)), true, true, Some(64)),
        ]
    );
    work.terms.closed_at = Some(at(300));
    work.terms.attempts = None;
    store.change_assignment(&work).await.unwrap();
    assert_eq!(begin(301).await, Begun::Refused(Refused::Closed));
    let gone = AssignmentId::new(Ulid::from_parts(1, 9));
    assert_eq!(store.begin_under(gone, &new(302, nadia), false).await.unwrap(), Begun::Gone);
}

pub(super) async fn the_last_try_begun_twice_at_once_is_begun_once(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, nadia, group) = class(store).await;
    keep(store, VersionKind::Persona, "fuite-colere").await;
    let work = assignment(1, group, claire, Some(1));
    store.add_assignment(&work).await.unwrap();
    let mut tabs = tokio::task::JoinSet::new();
    for n in 0..8_u128 {
        let (store, id) = (store.clone(), work.id);
        tabs.spawn(async move { store.begin_under(id, &new(200 + n, nadia), false).await.unwrap() });
    }
    let begun = tabs.join_all().await;
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::Opened).count(), 1, "{begun:?}");
    let taken: Vec<_> = begun.iter().filter(|begun| matches!(begun, Begun::TakenUp(_))).collect();
    assert_eq!(taken.len(), 7, "{begun:?}");
    assert!(taken.windows(2).all(|pair| pair[0] == pair[1]), "all lead to the same one");
    assert_eq!(store.tried_by(nadia).await.unwrap().len(), 1);
}

pub(super) async fn a_follower_elsewhere_counts_until_its_time(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, nadia, _) = class(store).await;
    let id = opened(store, nadia, 200, "fuite-colere").await;
    let from = |n: u128, until: i64| FollowedFrom {
        id: Ulid::from_parts(1, n),
        conversation: id,
        trainer: claire,
        name: "Claire Martin".to_owned(),
        until: at(until),
    };
    store.follow_from(&from(1, 1_000), at(0)).await.unwrap();
    store.follow_from(&from(1, 2_000), at(900)).await.unwrap();
    store.follow_from(&from(2, 3_000), at(950)).await.unwrap();
    store.append(id, 1, vec![Happening::Received], at(960)).await.unwrap();
    assert_eq!(store.followed_from(at(1_500)).await.unwrap(), [(from(1, 2_000), 1), (from(2, 3_000), 1)]);
    assert_eq!(store.followed_from(at(2_000)).await.unwrap(), [(from(2, 3_000), 1)]);
    store.unfollow_from(from(2, 0).id).await.unwrap();
    assert_eq!(store.followed_from(at(1_500)).await.unwrap(), [(from(1, 2_000), 1)]);
    // Whoever follows next forgets those whose time is over.
    store.follow_from(&from(3, 9_000), at(5_000)).await.unwrap();
    assert_eq!(store.followed_from(at(0)).await.unwrap(), [(from(3, 9_000), 1)]);
}

pub(super) async fn what_is_under_way_is_told_to_those_who_may_follow_it(fresh: &Fresh) {
    let store = &fresh.store;
    let (claire, nadia, _) = class(store).await;
    let marc = person(store, 3, "Marc Petit", true).await;
    let before = opened(store, nadia, 50, "fuite-colere").await;
    let open = opened(store, nadia, 200, "fuite-colere").await;
    let over = opened(store, nadia, 201, "fuite-colere").await;
    let quiet = opened(store, nadia, 202, "fuite-colere").await;
    let _ = (before, quiet);
    let words = vec![Happening::Received, spoke("Bonjour"), spoke("Oui ?")];
    store.append(open, 1, words, at(60_000)).await.unwrap();
    store.append(over, 1, vec![Happening::Ended { by: EndedBy::Trainee }], at(60_000)).await.unwrap();
    let under_way = store.under_way(claire, at(0) + Duration::from_secs(30), 9).await.unwrap();
    let told: Vec<_> = under_way.iter().map(|one| (one.conversation.id, one.turns, one.last_at)).collect();
    assert_eq!(told, [(open, 2, at(60_000))]);
    assert_eq!((under_way[0].trainee.as_str(), under_way[0].group.as_str()), ("Nadia B.", "Promotion"));
    let all: Vec<_> = store.under_way(claire, at(0), 9).await.unwrap();
    assert_eq!(all.iter().map(|one| one.conversation.id).collect::<Vec<_>>(), [quiet, open], "not what came before");
    assert_eq!(store.under_way(claire, at(0), 1).await.unwrap().len(), 1);
    assert_eq!(store.under_way(marc, at(0), 9).await.unwrap(), []);
}
