//! What a trainer sets, as trainer and trainees meet it: made, begun, refused, closed, done.

use std::time::Duration;

use comptoir::id::GroupId;
use reqwest::StatusCode;
use serde_json::json;

use crate::app::{Answer, Person, TestApp, Visitor};

const PHONE: &str = "fuite-colere";
const DESK: &str = "voisin-bruit";

/// A trainer with a group of two.
struct Class {
    app: TestApp,
    claire: Person,
    nadia: Person,
    lucas: Person,
    group: GroupId,
}

impl Class {
    async fn begin() -> Class {
        let app = TestApp::start().await;
        let claire = app.trainer("Claire Martin").await;
        let group = app.group(&claire, "Promotion 2026").await;
        let (nadia, lucas) = (app.trainee(group, "Nadia B.").await, app.trainee(group, "Lucas M.").await);
        Class { app, claire, nadia, lucas, group }
    }

    fn path(&self) -> String {
        format!("/groups/{}/assignments", self.group)
    }

    /// Sets something: the path of its page, and its id.
    async fn set(&self, fields: &[(&str, &str)]) -> (String, String) {
        let mut form =
            vec![("title", "Apaiser d’abord"), ("work", "situations"), ("situation", PHONE), ("mode", "text")];
        form.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        form.extend_from_slice(fields);
        let answer = self.claire.post(&self.path(), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let path = answer.location.unwrap();
        let id = path.rsplit('/').next().unwrap().to_owned();
        (path, id)
    }
}

async fn start(who: &Visitor, id: &str, persona: &str) -> Answer {
    let form = [("hints", "on"), ("aloud", "on")];
    who.post(&format!("/assignments/{id}/situations/{persona}/conversations"), &form).await
}

fn conversation(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    answer.location.as_ref().unwrap().strip_prefix("/conversations/").unwrap().to_owned()
}

/// Talks to the end.
async fn finish(who: &Visitor, id: &str) {
    let mut talk = who.join(id, 0).await;
    talk.receive().await;
    talk.say("Agence des Tilleuls bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assignment_is_made_done_and_seen_by_its_trainer() {
    let class = Class::begin().await;
    let (page, id) =
        class.set(&[("situation", PHONE), ("situation", DESK), ("attempts", "2"), ("due", "2026-03-09")]).await;
    let list = class.claire.page(&class.path()).await.text;
    for part in ["Apaiser d’abord", "personne ne l’a encore fait", "9\u{a0}mars\u{a0}2026", "2\u{a0}essais"] {
        assert!(list.contains(part), "no {part}");
    }
    let gallery = class.nadia.page("/").await.text;
    assert!(gallery.contains("Apaiser d’abord") && gallery.contains(&format!("/assignments/{id}/situations/{DESK}/")));
    assert!(!class.app.visitor().page("/").await.text.contains("Apaiser d’abord"));
    let brief = class.nadia.page(&format!("/situations/{PHONE}?assignment={id}")).await.text;
    assert!(brief.contains(&format!("action=\"/assignments/{id}/situations/{PHONE}/conversations\"")));
    assert!(!brief.contains("name=\"hints\""), "hints are not allowed");

    let first = conversation(&start(&class.nadia, &id, PHONE).await);
    finish(&class.nadia, &first).await;
    let table = class.claire.page(&page).await.text;
    assert!(table.contains("fait<span class=\"sr\">, Nadia B."), "done, before it is scored");
    let scorecard = class.nadia.page(&format!("/conversations/{first}/scorecard")).await.text;
    assert!(scorecard.contains("Apaiser d’abord"), "the scorecard says what it was done for");
    let table = class.claire.page(&page).await.text;
    assert!(table.contains("sur 100") && table.contains("1\u{a0}essai, reste 1"));
    assert!(table.contains(&format!("/conversations/{first}/scorecard")));
    let mine = class.nadia.page("/assignments").await.text;
    assert!(mine.contains("reste 1\u{a0}essai") && mine.contains("Réessayer"));

    let second = conversation(&start(&class.nadia, &id, DESK).await);
    finish(&class.nadia, &second).await;
    assert!(class.claire.page(&class.path()).await.text.contains("1 sur 2 l’a fait"));
    assert!(!class.nadia.page("/").await.text.contains("id=\"a-faire\""), "nothing is left to do");
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tries_are_counted_once_the_person_was_received_and_then_run_out() {
    let class = Class::begin().await;
    let (_, id) = class.set(&[("attempts", "1")]).await;
    let first = conversation(&start(&class.nadia, &id, PHONE).await);
    assert_eq!(conversation(&start(&class.nadia, &id, PHONE).await), first, "another tab leads to the same one");
    finish(&class.nadia, &first).await;
    assert_eq!(start(&class.nadia, &id, PHONE).await.code(), "no_try_left");
    for from in ["", "2"] {
        let again = class.nadia.post(&format!("/conversations/{first}/again"), &[("from", from)]).await;
        assert_eq!(again.code(), "no_try_left", "again from {from:?}");
    }
    assert!(class.nadia.page("/assignments").await.text.contains("plus d’essai"));
    // Others have their own, and free rehearsal stays free.
    conversation(&start(&class.lucas, &id, PHONE).await);
    let free = class.nadia.open(PHONE).await;
    assert_eq!(class.nadia.page(&format!("/conversations/{free}")).await.status, StatusCode::OK);
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_and_the_microphone_are_what_the_trainer_allows() {
    let class = Class::begin().await;
    let (_, written) = class.set(&[("mode", "text")]).await;
    let id = conversation(&start(&class.nadia, &written, PHONE).await);
    let page = class.nadia.page(&format!("/conversations/{id}")).await.text;
    assert!(!page.contains("data-aloud-switch"), "no microphone is offered");
    let mut talk = class.nadia.join(&id, 0).await;
    assert_eq!(talk.first("welcome").await["hints"], false, "asked for, and not allowed");
    talk.receive().await;
    talk.send(&json!({"type": "listen", "stream": "s-1", "sample_rate": 16000, "from": 0, "mode": "free"})).await;
    assert_eq!(talk.first("error").await["code"], "write_here");
    let spoken =
        json!({"recognised": "Bonjour", "began_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T09:00:01Z"});
    talk.send(&json!({"type": "say", "id": "a", "text": "Bonjour.", "spoken": spoken})).await;
    assert_eq!(talk.refused().await, ("write_here".to_owned(), Some("a".to_owned())));
    talk.say("Bonjour, je vous écoute.").await;
    talk.lose();

    let (_, allowed) = class.set(&[("mode", "either"), ("hints", "on")]).await;
    let id = conversation(&start(&class.lucas, &allowed, PHONE).await);
    let mut talk = class.lucas.join(&id, 0).await;
    assert_eq!(talk.first("welcome").await["hints"], true);
    talk.lose();
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_is_marked_and_closed_is_refused_but_what_was_begun_is_finished() {
    let class = Class::begin().await;
    let (page, id) = class.set(&[("due", "2026-03-02")]).await;
    class.app.later(Duration::from_hours(20));
    assert!(class.nadia.page("/assignments").await.text.contains("en retard"));
    let first = conversation(&start(&class.nadia, &id, PHONE).await);
    let mut talk = class.nadia.join(&first, 0).await;
    talk.receive().await;
    assert!(class.claire.page(&page).await.text.contains("en retard"));

    let closing = class.claire.post(&format!("{page}/close"), &[("closed", "on")]).await;
    assert_eq!(closing.location.as_deref(), Some(&*page));
    assert_eq!(start(&class.lucas, &id, PHONE).await.code(), "assignment_closed");
    talk.say("Agence des Tilleuls bonjour, je vous écoute.").await;
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    assert!(class.claire.page(&page).await.text.contains(&format!("/conversations/{first}/scorecard")));
    assert!(class.nadia.page("/assignments").await.text.contains("Ce qui est clos"));
    class.claire.post(&format!("{page}/close"), &[("closed", "off")]).await;
    conversation(&start(&class.lucas, &id, PHONE).await);
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_concerned_finds_nothing() {
    let class = Class::begin().await;
    let (page, id) = class.set(&[]).await;
    let marc = class.app.trainer("Marc Petit").await;
    let other = class.app.group(&marc, "Autre groupe").await;
    let stranger = class.app.trainee(other, "Yann L.").await;
    for path in [class.path(), format!("{}/new", class.path()), page.clone(), format!("{page}/edit")] {
        assert_eq!(marc.get(&path).await.code(), "unknown_group", "{path}");
        assert_eq!(class.nadia.get(&path).await.code(), "not_allowed", "{path}");
        assert_eq!(class.app.visitor().get(&path).await.code(), "sign_in_needed", "{path}");
        assert_eq!(class.claire.page(&path).await.status, StatusCode::OK, "{path}");
    }
    // Through a group of one's own, another's assignment is not reached.
    assert_eq!(marc.get(&format!("/groups/{other}/assignments/{id}")).await.code(), "unknown_assignment");
    assert_eq!(
        marc.post(&format!("/groups/{other}/assignments/{id}/close"), &[("closed", "on")]).await.code(),
        "unknown_assignment"
    );
    assert_eq!(start(&stranger, &id, PHONE).await.code(), "unknown_assignment");
    assert_eq!(start(&class.app.visitor(), &id, PHONE).await.code(), "sign_in_needed");
    assert_eq!(start(&class.nadia, &id, DESK).await.code(), "unknown_situation", "not part of it");
    assert_eq!(start(&class.nadia, "asg_1", PHONE).await.code(), "unknown_assignment");
    let first = conversation(&start(&class.nadia, &id, PHONE).await);
    class.app.store.remove_member(class.group, class.nadia.id).await.unwrap();
    assert_eq!(start(&class.nadia, &id, PHONE).await.code(), "unknown_assignment", "no member any more");
    let again = class.nadia.post(&format!("/conversations/{first}/again"), &[]).await;
    assert_eq!(again.code(), "unknown_assignment");
    finish(&class.nadia, &first).await;
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_with_faults_says_each_and_keeps_what_was_typed() {
    let class = Class::begin().await;
    let check = async |fields: &[(&str, &str)], expect: &str| {
        let answer = class.claire.post(&class.path(), fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text.contains(expect), "{fields:?} without {expect}");
        answer.text
    };
    let whole = [("title", "T"), ("work", "situations"), ("situation", PHONE), ("mode", "text")];
    let with = |name: &'static str, value: &'static str| {
        let mut fields: Vec<(&str, &str)> = whole.into_iter().filter(|(other, _)| *other != name).collect();
        fields.push((name, value));
        fields
    };
    check(&[], "Donnez un titre").await;
    check(&with("title", " \u{200b} "), "Donnez un titre").await;
    let without: Vec<(&str, &str)> = whole.into_iter().filter(|(name, _)| *name != "situation").collect();
    check(&without, "Choisissez au moins une situation").await;
    check(&with("situation", "no-such"), "n’est pas proposée à ce groupe").await;
    check(&with("due", "hier"), "Écrivez une date").await;
    check(&with("due", "2026-03-01"), "Cette date est passée").await;
    check(&with("attempts", "0"), "de 1 à 50").await;
    check(&with("attempts", "beaucoup"), "de 1 à 50").await;
    check(&with("mode", "chanter"), "à voix haute").await;
    check(&with("mode", "voice"), "ne transcrit pas").await;
    check(&with("work", "booklet"), "Choisissez un livret").await;
    let text = check(&[("title", "<script>alert(1)</script>"), ("attempts", "9999")], "de 1 à 50").await;
    assert!(!text.contains("<script>alert") && text.contains("9999"), "what was typed is kept, as words");
    let (page, _) = class.set(&[("title", "<b>Gras</b>")]).await;
    assert!(!class.nadia.page("/assignments").await.text.contains("<b>Gras"));

    let form =
        [("title", "Autrement"), ("work", "situations"), ("situation", DESK), ("mode", "either"), ("attempts", "3")];
    assert_eq!(class.claire.post(&format!("{page}/edit"), &form).await.location.as_deref(), Some(&*page));
    let changed = class.claire.page(&page).await.text;
    assert!(
        changed.contains("Autrement") && changed.contains("3\u{a0}essais") && changed.contains("Les gens du dessus")
    );
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exam_is_set_once_for_all_and_sat_as_often_as_allowed() {
    let class = Class::begin().await;
    let (page, id) = class.set(&[("work", "booklet"), ("booklet", "bloc1"), ("draw", "same"), ("attempts", "1")]).await;
    let path = format!("/assignments/{id}/booklet");
    assert!(class.nadia.page("/assignments").await.text.contains(&format!("action=\"{path}\"")));
    let mut tabs = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (nadia, path) = (class.nadia.clone(), path.clone());
        tabs.spawn(async move { nadia.post(&path, &[]).await.location.unwrap() });
    }
    let opened = tabs.join_all().await;
    assert!(opened.windows(2).all(|pair| pair[0] == pair[1]), "one exam, however often it was asked for: {opened:?}");
    assert_eq!(class.nadia.page(&opened[0]).await.status, StatusCode::OK);
    let other = class.lucas.post(&path, &[]).await.location.unwrap();
    let situations = async |booklet: &str| {
        let id = booklet.rsplit('/').next().unwrap().parse().unwrap();
        let draw = class.app.store.booklet(id).await.unwrap().unwrap().draw;
        draw.situations.into_iter().map(|drawn| drawn.persona).collect::<Vec<_>>()
    };
    assert_eq!(situations(&opened[0]).await, situations(&other).await, "the same draw for all");
    assert!(class.claire.page(&page).await.text.contains("commencé"));
    assert_eq!(start(&class.nadia, &id, PHONE).await.code(), "unknown_situation", "its situations are met in it only");
    let (_, another) = class.set(&[]).await;
    assert_eq!(class.nadia.post(&format!("/assignments/{another}/booklet"), &[]).await.code(), "bad_form");
    assert_eq!(class.app.visitor().post(&path, &[]).await.code(), "sign_in_needed");
    class.app.stop().await;
}

/// A situation of the trainer's own, published to these groups.
async fn publish(trainer: &Person, id: &str, groups: &[GroupId]) {
    let copy = [("from", "file:panne-chauffage"), ("title", "Le froid au rez-de-chaussée"), ("id", id)];
    trainer.post("/writing", &copy).await;
    publish_to(trainer, id, groups).await;
}

async fn publish_to(trainer: &Person, id: &str, groups: &[GroupId]) {
    let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
    let mut form = vec![("revision", "1"), ("note", "")];
    form.extend(groups.iter().map(|group| ("group", group.as_str())));
    let published = trainer.post(&format!("/writing/{id}/publish"), &form).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{published:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_set_only_what_its_members_can_open_and_what_is_withdrawn_is_told() {
    let class = Class::begin().await;
    let (claire, nadia) = (&class.claire, &class.nadia);
    let elsewhere = class.app.group(claire, "Autre promotion").await;
    let (here, there) = ("le-froid-ici", "le-froid-ailleurs");
    publish(claire, here, &[class.group]).await;
    publish(claire, there, &[elsewhere]).await;
    let marc = class.app.trainer("Marc Petit").await;
    let his = class.app.group(&marc, "Groupe de Marc").await;
    publish(&marc, "le-froid-de-marc", &[his]).await;

    let form = claire.page(&format!("{}/new", class.path())).await.text;
    let offers = |page: &str, id: &str| page.contains(&format!("name=\"situation\" value=\"{id}\""));
    assert!(offers(&form, here) && offers(&form, PHONE), "what all of the group can open");
    assert!(!offers(&form, there), "another group's, though the trainer leads that one too");
    for (id, why) in [
        (there, "Le froid au rez-de-chaussée » n’est pas publiée pour ce groupe"),
        ("le-froid-de-marc", "Une des situations choisies n’est pas proposée à ce groupe"),
        ("n-existe-pas", "Une des situations choisies n’est pas proposée à ce groupe"),
    ] {
        let sent = [("title", "X"), ("work", "situations"), ("situation", PHONE), ("situation", id), ("mode", "text")];
        let refused = claire.post(&class.path(), &sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
        assert!(refused.text.replace('\u{a0}', " ").contains(why), "{id}: {}", refused.text);
    }

    let (page, id) = class.set(&[("situation", here), ("situation", PHONE)]).await;
    let gone = "n’est plus proposée";
    assert!(!claire.page(&page).await.text.contains(gone));
    assert!(nadia.page("/assignments").await.text.contains(&format!("/assignments/{id}/situations/{here}/")));
    publish_to(claire, here, &[elsewhere]).await;
    let told = claire.page(&page).await.text;
    assert!(told.contains("Une situation de ce travail n’est plus proposée à ce groupe"), "{told}");
    let mine = nadia.page("/assignments").await.text;
    assert!(mine.contains(gone) && !mine.contains(&format!("/assignments/{id}/situations/{here}/")), "{mine}");
    assert_eq!(start(nadia, &id, here).await.code(), "unknown_situation");
    // What was set may stay, is shown as what it is, and can be taken out.
    let edit = format!("{page}/edit");
    let form = claire.page(&edit).await.text;
    assert!(offers(&form, here) && form.contains("n’est plus proposée à ce groupe") && !offers(&form, there));
    let kept = [("title", "Y"), ("work", "situations"), ("situation", PHONE), ("situation", here), ("mode", "text")];
    assert_eq!(claire.post(&edit, &kept).await.status, StatusCode::SEE_OTHER);
    let without = [("title", "Y"), ("work", "situations"), ("situation", PHONE), ("mode", "text")];
    assert_eq!(claire.post(&edit, &without).await.status, StatusCode::SEE_OTHER);
    assert!(!claire.page(&page).await.text.contains(gone));
    assert_eq!(claire.post(&edit, &kept).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once out, it stays out");
    class.app.stop().await;
}
