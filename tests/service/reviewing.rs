//! Trainers who review: what they decide is the mark, everywhere.

use comptoir::clock::Clock as _;
use comptoir::id::{ConversationId, GroupId};
use comptoir::store::Judge;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::app::{Answer, Person, TestApp, Visitor};

/// A group with a trainee who has ended a conversation.
struct Class {
    app: TestApp,
    claire: Person,
    group: GroupId,
    nadia: Person,
    id: String,
}

impl Class {
    async fn begin() -> Class {
        let app = TestApp::start().await;
        let claire = app.trainer("Claire Martin").await;
        let group = app.group(&claire, "Promotion 2026").await;
        let nadia = app.trainee(group, "Nadia B.").await;
        let id = rehearsed(&nadia).await;
        Class { app, claire, group, nadia, id }
    }

    async fn co_trainer(&self, name: &str) -> Person {
        let other = self.app.trainer(name).await;
        self.app.store.add_trainer(self.group, other.id).await.unwrap();
        other
    }

    fn path(&self, rest: &str) -> String {
        format!("/conversations/{}/{rest}", self.id)
    }

    fn conversation(&self) -> ConversationId {
        self.id.parse().unwrap()
    }
}

/// A short conversation, to its end.
async fn rehearsed(visitor: &Visitor) -> String {
    let id = visitor.open("fuite-colere").await;
    let mut talk = visitor.join(&id, 0).await;
    talk.receive().await;
    for words in [
        "Rive Claire Habitat bonjour, je vous écoute.",
        "Je comprends votre colère, trois appels sans réponse. Où est la fuite exactement ?",
        "Calmez-vous, on vous rappellera.",
    ] {
        talk.say(words).await;
    }
    talk.make(json!({"kind": "end"})).await;
    talk.first("ended").await;
    talk.lose();
    id
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let from = page.text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}"));
    from.split('"').next().unwrap().to_owned()
}

/// Sends a review with these fields beside its version.
async fn send(person: &Person, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (version, base) = (hidden(page, "version"), hidden(page, "base"));
    let mut form = vec![("version", version.as_str()), ("base", base.as_str())];
    form.extend(fields);
    let request = person.request(Method::POST, path).header("accept", "text/html").form(&form);
    person.send(request).await
}

/// As people read it.
fn plain(answer: &Answer) -> String {
    answer.text.replace("&nbsp;", "\u{a0}").replace("&#38;", "&").replace("&#39;", "'")
}

async fn overall(app: &TestApp, person: &Person) -> Option<u8> {
    app.store.conversations_of(person.id, 10).await.unwrap()[0].result.as_ref().unwrap().overall
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_trainer_publishes_is_the_mark_in_every_list_and_the_automatic_one_stays_beside_it() {
    let class = Class::begin().await;
    let Class { app, claire, nadia, .. } = &class;
    let before = plain(&nadia.page(&class.path("scorecard")).await);
    assert!(before.contains("Proposition automatique") && before.contains("à valider par un formateur"));
    let automatic = app.store.scorecard(class.conversation(), Judge::Rules).await.unwrap().unwrap().scorecard;
    let proposed = automatic.marks.iter().find(|mark| mark.id == "8.1.a").unwrap().level;

    let review = class.path("review");
    let page = claire.page(&review).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(plain(&page).contains("Nadia B. avec Karim Belkacem"), "{}", page.text);
    // Everything decided but one level without its reason: refused, and what was typed is kept.
    let other = if proposed == Some(2.try_into().unwrap()) { "missed" } else { "observed" };
    let fields = [("action", "accept"), ("general", "Bon début, <script>alert(1)</script>."), ("level-8.1.a", other)];
    let saved = send(claire, &page, &review, &fields).await;
    assert_eq!((saved.status, saved.location.as_deref()), (StatusCode::SEE_OTHER, Some(review.as_str())));
    let page = claire.page(&review).await;
    assert!(plain(&page).contains("Toutes les cotations sont décidées."));
    let decided: Vec<(String, String)> = page
        .text
        .split("<input type=\"radio\" name=\"")
        .skip(1)
        .filter(|rest| rest.split('>').next().unwrap().contains("checked"))
        .map(|rest| {
            let mut parts = rest.split('"');
            (parts.next().unwrap().to_owned(), parts.nth(1).unwrap().to_owned())
        })
        .collect();
    assert!(decided.iter().any(|(name, code)| name == "level-8.1.a" && code == other), "{decided:?}");
    let all: Vec<(&str, &str)> = decided.iter().map(|(name, code)| (name.as_str(), code.as_str())).collect();
    let general = ("general", "Bon début, <script>alert(1)</script>.");
    let mut fields = all.clone();
    fields.extend([("action", "publish"), general]);
    let refused = send(claire, &page, &review, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(plain(&refused).contains("dites pourquoi"), "{}", refused.text);
    assert!(refused.text.contains("Bon début, &#60;script&#62;"), "typed words are kept, and escaped");
    assert!(app.store.publication(class.conversation()).await.unwrap().is_none());

    fields.extend([
        ("reason-8.1.a", "La colère est nommée, <b>bien</b>."),
        ("words-8.1.a", "je comprends votre colère"),
        ("comment-2", "Très juste, <img src=x onerror=alert(2)>."),
    ]);
    let published = send(claire, &refused, &review, &fields).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
    let after = nadia.page(&class.path("scorecard")).await;
    let told = plain(&after);
    for words in [
        "Le mot de Claire Martin",
        "Relu par Claire Martin le",
        "décidé par un formateur",
        "Une proposition automatique a été changée",
    ] {
        assert!(told.contains(words), "{words} is not on the page");
    }
    assert!(told.contains("La colère est nommée, &#60;b&#62;bien"), "the reason stands at its mark");
    assert!(told.contains("was-proposed"), "the automatic mark is told where it was another");
    assert!(!told.contains("à valider par un formateur"));
    for tag in ["<script>alert", "<img src=x", "<b>bien"] {
        assert!(!after.text.contains(tag), "{tag} is not escaped");
    }

    let ruled = app.store.scorecard(class.conversation(), Judge::Trainer).await.unwrap().unwrap().scorecard;
    let mark = ruled.marks.iter().find(|mark| mark.id == "8.1.a").unwrap();
    assert_eq!(mark.evidence[0].quote, "Je comprends votre colère", "the turn's own words");
    assert_eq!(mark.automatic.as_ref().unwrap().level, proposed);
    let counts = comptoir::review::overall(&ruled);
    assert_ne!(counts, comptoir::review::overall(&automatic));
    assert_eq!(overall(app, nadia).await, counts);
    assert_eq!(app.store.best_of(nadia.id).await.unwrap()[0].overall, counts);
    let unchanged = app.store.scorecard(class.conversation(), Judge::Rules).await.unwrap().unwrap().scorecard;
    assert_eq!(unchanged, automatic, "the automatic marks stay readable");

    // The note is written afterwards: the trainer's word still counts, and says that it came before.
    let note = [("service", "technique"), ("urgency", "24h"), ("summary", "Fuite au plafond.")];
    nadia.post(&class.path("handoff"), &note).await;
    let page = plain(&nadia.page(&class.path("scorecard")).await);
    assert!(page.contains("Le mot de Claire Martin") && page.contains("ont changé depuis cette relecture"));
    assert_eq!(overall(app, nadia).await, counts);
    // Every scorecard deleted: they come again from what was decided.
    app.store.delete_scorecards(class.conversation()).await.unwrap();
    nadia.page(&class.path("scorecard")).await;
    assert_eq!(overall(app, nadia).await, counts);
    let again = app.store.scorecard(class.conversation(), Judge::Trainer).await.unwrap().unwrap().scorecard;
    assert_eq!(again, ruled);
    let later = app.clock.now() + std::time::Duration::from_secs(1);
    let log = app.store.audit(later, Some(&class.id), 20).await.unwrap();
    assert!(log.iter().any(|line| line.action == "review.published"), "{log:?}");
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_saves_or_publishes_second_is_shown_the_difference_and_nothing_is_lost() {
    let class = Class::begin().await;
    let review = class.path("review");
    let claire = &class.claire;
    let (first_tab, second_tab) = (claire.page(&review).await, claire.page(&review).await);
    let fields = [("action", "save"), ("level-1.2.a", "partial"), ("general", "Premier onglet.")];
    assert_eq!(send(claire, &first_tab, &review, &fields).await.status, StatusCode::SEE_OTHER);
    let fields =
        [("action", "save"), ("level-1.2.a", "missed"), ("general", "Second onglet."), ("reason-1.2.a", "Trop sec.")];
    let shown = send(claire, &second_tab, &review, &fields).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    for words in ["Premier onglet.", "Second onglet.", "1.2.a · niveau", "non observé", "partiel", "Trop sec."] {
        assert!(shown.text.contains(words), "{words} is not shown");
    }
    let draft = |app: &TestApp, person: &Person| {
        let (store, id, person) = (app.store.clone(), class.conversation(), person.id);
        async move { store.review_of(id, person).await.unwrap().unwrap().draft }
    };
    assert_eq!(draft(&class.app, claire).await.general, "Premier onglet.", "nothing is overwritten");
    // Line by line: the level of the second tab, the words of the first.
    let fields = [
        ("action", "save"),
        ("pick-level-1.2.a", "mine"),
        ("mine-level-1.2.a", "missed"),
        ("theirs-level-1.2.a", "partial"),
        ("pick-general", "theirs"),
        ("mine-general", "Second onglet."),
        ("theirs-general", "Premier onglet."),
    ];
    assert_eq!(send(claire, &shown, &review, &fields).await.status, StatusCode::SEE_OTHER);
    let merged = draft(&class.app, claire).await;
    assert_eq!(merged.general, "Premier onglet.");
    assert_eq!(merged.decision("1.2.a").unwrap().code(), "missed");
    // For scripts, the same refusal with its code.
    let form = [("version", "1"), ("base", "0"), ("action", "save"), ("general", "x")];
    let request = claire.request(Method::POST, &review).header("accept", "application/json").form(&form);
    let refused = claire.send(request).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "review_overtaken"));

    // Another trainer of the group publishes meanwhile.
    let omar = class.co_trainer("Omar Diallo").await;
    let mine = claire.page(&review).await;
    let theirs = omar.page(&review).await;
    assert!(plain(&theirs).contains("Claire Martin a aussi une relecture en cours"));
    assert_eq!(
        send(&omar, &theirs, &review, &[("action", "accept"), ("general", "D'Omar.")]).await.status,
        StatusCode::SEE_OTHER
    );
    let page = omar.page(&review).await;
    let accepted = all_accepted(&page);
    let mut fields: Vec<(&str, &str)> = accepted.iter().map(|(name, code)| (name.as_str(), code.as_str())).collect();
    fields.extend([("action", "publish"), ("general", "D'Omar.")]);
    assert_eq!(send(&omar, &page, &review, &fields).await.status, StatusCode::SEE_OTHER);
    let mut fields: Vec<(&str, &str)> = accepted.iter().map(|(name, code)| (name.as_str(), code.as_str())).collect();
    fields.extend([("action", "publish"), ("general", "De Claire.")]);
    let shown = send(claire, &mine, &review, &fields).await;
    assert_eq!(shown.status, StatusCode::CONFLICT, "{}", shown.text);
    assert!(plain(&shown).contains("Publié par Omar Diallo") && plain(&shown).contains("De Claire."));
    let counts = class.app.store.publication(class.conversation()).await.unwrap().unwrap();
    assert_eq!((counts.number, counts.rulings.general.as_str()), (1, "D'Omar."));
    // Seen, it can be published over: the earlier one stays in the history.
    let kept = send(claire, &shown, &review, &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let counts = class.app.store.publication(class.conversation()).await.unwrap().unwrap();
    assert_eq!((counts.number, counts.rulings.general.as_str()), (2, "De Claire."));
    assert!(plain(&claire.page(&review).await).contains("par Omar Diallo"));
    class.app.stop().await;
}

/// Every applicable level as it is proposed.
fn all_accepted(page: &Answer) -> Vec<(String, String)> {
    let marks = page.text.split("data-mark=\"").skip(1);
    marks
        .filter_map(|rest| {
            let id = rest.split('"').next()?;
            let proposed = rest.split('>').next()?.split("data-proposed=\"").nth(1)?.split('"').next()?;
            (proposed != "none").then(|| (format!("level-{id}"), proposed.to_owned()))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_trainers_of_the_trainee_review_and_forms_of_other_sites_change_nothing() {
    let class = Class::begin().await;
    let marc = class.app.trainer("Marc Petit").await;
    let other = class.app.group(&marc, "Autre groupe").await;
    let review = class.path("review");
    for path in [&review, &class.path("review/compare")] {
        assert_eq!(marc.get(path).await.code(), "unknown_conversation");
        assert_eq!(class.nadia.get(path).await.code(), "not_allowed");
        assert_eq!(class.app.visitor().get(path).await.code(), "sign_in_needed");
    }
    assert_eq!(marc.post(&review, &[("action", "save")]).await.code(), "unknown_conversation");
    assert_eq!(marc.post(&class.path("review/second"), &[]).await.code(), "unknown_conversation");
    assert_eq!(class.claire.post(&class.path("review/request"), &[]).await.code(), "unknown_conversation");
    let group = class.group;
    for path in [format!("/groups/{group}/reviews"), format!("/groups/{group}/agreement")] {
        assert_eq!(marc.get(&path).await.code(), "unknown_group");
        assert_eq!(class.claire.page(&path).await.status, StatusCode::OK);
    }
    assert_eq!(marc.page(&format!("/groups/{other}/reviews")).await.status, StatusCode::OK);
    assert_eq!(class.nadia.get("/calibration").await.code(), "not_allowed");
    let strange = class.claire.request(Method::POST, &review).header("sec-fetch-site", "cross-site");
    let strange = strange.form(&[("action", "save"), ("general", "x")]);
    assert_eq!(class.claire.send(strange).await.code(), "cross_site");
    assert!(class.app.store.reviews_of(class.conversation()).await.unwrap().is_empty());
    // An assigned name and title on a list are words, not tags.
    let lina = class.app.trainee(group, "<b>Lina</b>").await;
    rehearsed(&lina).await;
    let list = class.claire.page(&format!("/groups/{group}/reviews")).await;
    assert!(list.text.contains("&#60;b&#62;Lina") && !list.text.contains("<b>Lina"));
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainee_asks_for_a_person_in_one_click_and_comes_first_on_the_list() {
    let class = Class::begin().await;
    let Class { app, claire, nadia, group, .. } = &class;
    let yanis = app.trainee(*group, "Yanis K.").await;
    rehearsed(&yanis).await;
    app.later(std::time::Duration::from_mins(1));
    let asked = nadia.post(&class.path("review/request"), &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert!(plain(&nadia.page(&class.path("scorecard")).await).contains("Vous avez demandé une relecture humaine le"));
    let list = plain(&claire.page(&format!("/groups/{group}/reviews")).await);
    let at = |name: &str| list.find(name).unwrap_or_else(|| panic!("no {name}"));
    assert!(at("Nadia B., ") < at("Yanis K., ") && list.contains("demandée par le stagiaire le"));
    assert!(list.contains("premier essai"));
    // A guest has nobody to ask.
    let guest = app.visitor();
    let theirs = rehearsed(&guest).await;
    let page = guest.page(&format!("/conversations/{theirs}/scorecard")).await;
    assert!(!page.text.contains("Demander une relecture humaine"));

    let page = claire.page(&class.path("review")).await;
    assert!(plain(&page).contains("demande une relecture humaine depuis le"));
    let accepted = all_accepted(&page);
    let mut fields: Vec<(&str, &str)> = accepted.iter().map(|(name, code)| (name.as_str(), code.as_str())).collect();
    fields.push(("action", "publish"));
    app.later(std::time::Duration::from_mins(1));
    assert_eq!(send(claire, &page, &class.path("review"), &fields).await.status, StatusCode::SEE_OTHER);
    let list = plain(&claire.page(&format!("/groups/{group}/reviews")).await);
    assert!(!list.contains("demandée par le stagiaire le") && list.contains("publiée par Claire Martin le"));
    let agreement = plain(&claire.page(&format!("/groups/{group}/agreement")).await);
    assert!(agreement.contains("Pas encore assez de relectures\u{a0}: 1 sur 10."));
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_trainers_who_rate_blind_see_no_marks_before_both_have_given_theirs() {
    let class = Class::begin().await;
    let Class { app, claire, nadia, .. } = &class;
    let omar = class.co_trainer("Omar Diallo").await;
    let stranger = app.trainer("Marc Petit").await;
    let (review, second) = (class.path("review"), class.path("review/second"));
    nadia.page(&class.path("scorecard")).await;
    let refused = claire.post(&second, &[("trainer", &stranger.id.to_string())]).await;
    assert_eq!(refused.code(), "bad_form", "only a trainer of the trainee");
    assert_eq!(claire.post(&second, &[("trainer", &omar.id.to_string())]).await.status, StatusCode::SEE_OTHER);
    for person in [claire, &omar] {
        let page = person.page(&review).await;
        assert!(plain(&page).contains("en aveugle") && !page.text.contains("Proposition automatique"));
        assert!(!page.text.contains("data-proposed") && !page.text.contains("<mark"), "no mark, no quote of one");
        let scorecard = person.get(&class.path("scorecard")).await;
        assert_eq!(scorecard.location.as_deref(), Some(review.as_str()), "the marks are hidden");
    }
    let rate = |level: &'static str| {
        let rubric = comptoir::content::Content::read(&[&comptoir::content::shipped()], Vec::new()).unwrap();
        let ids: Vec<String> =
            rubric.rubric("bloc1").unwrap().indicators().iter().map(|one| format!("level-{}", one.id)).collect();
        move |first: &'static str| -> Vec<(String, &'static str)> {
            ids.iter().enumerate().map(|(at, id)| (id.clone(), if at == 0 { first } else { level })).collect()
        }
    };
    let (claires, omars) = (rate("partial")("observed"), rate("partial")("missed"));
    let page = claire.page(&review).await;
    let early = send(claire, &page, &review, &[("action", "publish"), ("level-1.2.a", "observed")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "each indicator wants a word");
    let mut fields: Vec<(&str, &str)> = claires.iter().map(|(id, level)| (id.as_str(), *level)).collect();
    fields.extend([("action", "publish"), ("comment-2", "Bien vu.")]);
    let given = send(claire, &early, &review, &fields).await;
    assert_eq!(given.location.as_deref(), Some(review.as_str()), "{}", given.text);
    let waiting = claire.page(&review).await;
    assert!(plain(&waiting).contains("Votre relecture est remise") && !waiting.text.contains("data-rating"));
    let page = omar.page(&review).await;
    assert!(!page.text.contains("Bien vu."), "the other's words are hidden");
    let mut fields: Vec<(&str, &str)> = omars.iter().map(|(id, level)| (id.as_str(), *level)).collect();
    fields.extend([("action", "publish"), ("comment-2", "Un peu tard.")]);
    let given = send(&omar, &page, &review, &fields).await;
    let compare = class.path("review/compare");
    assert_eq!(given.location.as_deref(), Some(compare.as_str()), "{}", given.text);

    let both = plain(&claire.page(&compare).await);
    assert!(both.contains("Claire Martin et Omar Diallo") && both.contains("Là où elles diffèrent"));
    let undecided = claire.post(&compare, &[]).await;
    assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
    let first = claires[0].0.as_str();
    let settled = claire.post(&compare, &[(first, "missed")]).await;
    assert_eq!(settled.location.as_deref(), Some(review.as_str()), "{}", settled.text);
    let own = app.store.review_of(class.conversation(), claire.id).await.unwrap().unwrap();
    assert_eq!(own.draft.decision(first.strip_prefix("level-").unwrap()).unwrap().code(), "missed");
    assert_eq!(own.draft.comments[&2], "Claire Martin : Bien vu.\nOmar Diallo : Un peu tard.");
    let blind = app.store.blind(class.conversation()).await.unwrap().unwrap();
    assert!(blind.settled_at.is_none(), "settled once it is published");
    assert_eq!(app.store.blind_pairs(Some(class.group)).await.unwrap().len(), 1);
    class.app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trainer_rates_a_prepared_exchange_and_compares_with_the_reference() {
    let class = Class::begin().await;
    let claire = &class.claire;
    let list = plain(&claire.page("/calibration").await);
    assert!(list.contains("/calibration/fuite-colere-e") && list.contains("pas encore comparé"));
    let path = "/calibration/fuite-colere-e";
    let page = claire.page(path).await;
    assert_eq!(page.status, StatusCode::OK);
    let early = send(claire, &page, path, &[("action", "publish"), ("level-1.2.a", "observed")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ids: Vec<String> =
        page.text.split("data-mark=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 27);
    let names: Vec<String> = ids.iter().map(|id| format!("level-{id}")).collect();
    let mut fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "observed")).collect();
    fields.extend([("action", "publish"), ("reason-1.2.a", "Elle se <i>présente</i>.")]);
    let finished = send(claire, &early, path, &fields).await;
    let compared = finished.location.clone().unwrap_or_else(|| panic!("{}", finished.text));
    let page = claire.page(&compared).await;
    let told = plain(&page);
    assert!(told.contains("sont celles de la référence") && told.contains("Là où vous différez"), "{told}");
    assert!(!page.text.contains("<i>présente"));
    assert!(plain(&claire.page("/calibration").await).contains("21 sur 26"));
    // Nobody else reads it.
    let marc = class.app.trainer("Marc Petit").await;
    assert_eq!(marc.get(&compared).await.code(), "not_found");
    class.app.stop().await;
}
