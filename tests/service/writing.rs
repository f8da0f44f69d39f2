//! A trainer's situation: copied, broken, mended, tried, published; and who gets to see it.

use comptoir::content::{Kind, shipped};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::app::{Answer, Person, TestApp};

const ID: &str = "le-froid-au-rez";

/// Copies a shipped situation.
async fn copied(trainer: &Person) -> Answer {
    let form = [("from", "file:panne-chauffage"), ("title", "Le froid au rez-de-chaussée"), ("id", ID)];
    let answer = trainer.post("/writing", &form).await;
    assert_eq!(answer.location.as_deref(), Some("/writing/le-froid-au-rez"), "{answer:?}");
    answer
}

/// Saves one field of a part of the form.
async fn save(trainer: &Person, part: &str, revision: u32, name: &str, value: &str) -> Answer {
    let revision = revision.to_string();
    let form = [("part", part), ("revision", &revision), ("do", "save"), (name, value)];
    trainer.post(&format!("/writing/{ID}"), &form).await
}

async fn publish(trainer: &Person, revision: u32, groups: &[String]) -> Answer {
    let revision = revision.to_string();
    let mut form = vec![("revision", revision.as_str()), ("note", "Une note")];
    form.extend(groups.iter().map(|group| ("group", group.as_str())));
    trainer.post(&format!("/writing/{ID}/publish"), &form).await
}

async fn import(trainer: &Person, file: Vec<u8>, id: &str) -> Answer {
    let form =
        Form::new().part("file", Part::bytes(file).file_name("x.toml")).text("text", "").text("id", id.to_owned());
    trainer.send(trainer.request(Method::POST, "/writing/import").header("accept", "text/html").multipart(form)).await
}

fn shipped_text(id: &str) -> String {
    shipped().get(Kind::Persona, id).unwrap().text.clone()
}

#[tokio::test]
async fn a_situation_is_copied_broken_mended_tried_and_published() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    copied(&claire).await;
    let form = claire.page(&format!("/writing/{ID}")).await;
    assert!(form.text.contains("Le froid au rez-de-chaussée") && form.text.contains("Aucune faute"), "{}", form.text);

    // Broken: the fault stands at its field, and keeps it from being published or tried.
    assert_eq!(save(&claire, "scene", 1, "difficulty", "9").await.status, StatusCode::SEE_OTHER);
    let form = claire.page(&format!("/writing/{ID}?part=scene")).await;
    assert!(form.text.contains("9 est hors limites") && form.text.contains("#champ-difficulty"), "{}", form.text);
    assert!(form.text.contains("value=\"9\""), "what was typed stays");
    let refused = publish(&claire, 2, &[group.to_string()]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Corrigez d’abord les fautes"));
    let refused = claire.post(&format!("/writing/{ID}/trials"), &[("part", "scene"), ("revision", "2")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Pas encore jouable"));

    // Checked while it is typed, without being saved.
    let typed = [("part", "scene"), ("revision", "2"), ("difficulty", "3"), ("title", "")];
    let checked = claire.post(&format!("/writing/{ID}/check"), &typed).await;
    let checked: Value = serde_json::from_str(&checked.text).unwrap();
    assert_eq!((&checked["count"], &checked["faults"][0]["anchor"]), (&1.into(), &"champ-title".into()));
    assert_eq!(checked["parts"]["scene"], 1);

    // Tried as it is typed, unsaved: a conversation of one's own that stands in no list.
    let typed = [("part", "scene"), ("revision", "2"), ("difficulty", "3")];
    let trial = claire.post(&format!("/writing/{ID}/trials"), &typed).await.location.unwrap();
    assert_eq!(claire.page(&trial).await.status, StatusCode::OK);
    assert!(!claire.page("/conversations").await.text.contains(&trial));
    let heard = claire.get(&format!("/writing/{ID}/trials/{}", trial.rsplit('/').next().unwrap())).await;
    assert!(heard.text.contains("Tension"), "{heard:?}");

    // Mended and published: the trainee finds it, rehearses it, and the scorecard names its version.
    assert_eq!(save(&claire, "scene", 2, "difficulty", "2").await.status, StatusCode::SEE_OTHER);
    assert!(!nadia.page("/").await.text.contains("rez-de-chaussée"), "not before it is published");
    let published = publish(&claire, 3, &[group.to_string()]).await;
    assert_eq!(
        published.location.as_deref(),
        Some("/writing/le-froid-au-rez/versions?done=published"),
        "{published:?}"
    );
    assert!(nadia.page("/").await.text.contains("Le froid au rez-de-chaussée"));
    assert_eq!(nadia.page(&format!("/situations/{ID}")).await.status, StatusCode::OK);
    let conversation = nadia.open(ID).await;
    assert!(nadia.page("/conversations").await.text.contains("Le froid au rez-de-chaussée"));

    // A new version changes nothing of a conversation under way.
    assert_eq!(save(&claire, "scene", 3, "title", "Un autre titre").await.status, StatusCode::SEE_OTHER);
    assert_eq!(publish(&claire, 4, &[group.to_string()]).await.status, StatusCode::SEE_OTHER);
    assert!(nadia.page("/").await.text.contains("Un autre titre"));
    let page = nadia.page(&format!("/conversations/{conversation}")).await;
    assert!(page.text.contains("Le froid au rez-de-chaussée"), "it goes on with its own version");
    let versions = claire.page(&format!("/writing/{ID}/versions?compare=2")).await;
    assert!(versions.text.contains("De la version 1 à la version 2") && versions.text.contains("Un autre titre"));

    // Records and exports tell it by its title, and what it usually takes.
    let csv = claire.get(&format!("/groups/{group}/export.csv")).await.text;
    assert!(csv.contains("Un autre titre") && csv.contains(";7;"), "{csv}");
    let record = claire.page(&format!("/people/{}", nadia.id)).await.text;
    assert!(record.contains("Un autre titre") && record.contains("7&nbsp;min"), "{record}");

    // Withdrawn: nobody is offered it, and what was played stays readable.
    let withdrawn = claire.post(&format!("/writing/{ID}/withdraw"), &[]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
    assert_eq!(nadia.get(&format!("/situations/{ID}")).await.code(), "unknown_situation");
    assert_eq!(nadia.page(&format!("/conversations/{conversation}")).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test]
async fn a_written_situation_is_unknown_to_everybody_else() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let group = app.group(&claire, "Promotion 2026").await;
    let his = app.group(&marc, "Autre groupe").await;
    let (nadia, yanis) = (app.trainee(group, "Nadia B.").await, app.trainee(his, "Yanis K.").await);
    let administrator = app.signed("Anne Roy", false, true).await;
    copied(&claire).await;
    let situation = format!("/situations/{ID}");
    for person in [&claire, &marc, &nadia] {
        assert_eq!(person.get(&situation).await.code(), "unknown_situation", "a draft is nobody's yet");
    }
    assert_eq!(publish(&claire, 1, &[group.to_string()]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(nadia.get(&situation).await.status, StatusCode::OK);
    assert_eq!(claire.get(&situation).await.status, StatusCode::OK, "its trainer rehearses it too");
    for person in [&*marc, &*yanis, &*administrator, &app.visitor()] {
        assert_eq!(person.get(&situation).await.code(), "unknown_situation");
        let begun = person.post(&format!("{situation}/conversations"), &[]).await;
        assert_eq!(begun.code(), "unknown_situation");
    }
    let pages = ["", "/text", "/versions", "/export"];
    for page in pages {
        let address = format!("/writing/{ID}{page}");
        assert_eq!(claire.get(&address).await.status, StatusCode::OK, "{address}");
        assert_eq!(marc.get(&address).await.code(), "unknown_situation", "{address}");
        assert_eq!(nadia.get(&address).await.code(), "not_allowed", "{address}");
        assert_eq!(administrator.get(&address).await.code(), "not_allowed", "{address}");
        assert_eq!(app.visitor().get(&address).await.code(), "sign_in_needed", "{address}");
    }
    for act in ["", "/text", "/check", "/publish", "/withdraw", "/remove", "/trials"] {
        let address = format!("/writing/{ID}{act}");
        assert_eq!(
            marc.post(&address, &[("revision", "1"), ("text", "x"), ("part", "scene")]).await.code(),
            "unknown_situation",
            "{address}"
        );
    }
    // A trainer of a group that it is published to writes on it too.
    app.store.add_trainer(group, marc.id).await.unwrap();
    assert_eq!(marc.get(&format!("/writing/{ID}")).await.status, StatusCode::OK);
    assert!(marc.page("/writing").await.text.contains("Fiches de vos collègues"));
    app.stop().await;
}

#[tokio::test]
async fn two_trainers_who_save_at_once_are_shown_what_differs() {
    let app = TestApp::start().await;
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let group = app.group(&claire, "Promotion 2026").await;
    app.store.add_trainer(group, marc.id).await.unwrap();
    copied(&claire).await;
    publish(&claire, 1, &[group.to_string()]).await;
    assert_eq!(save(&marc, "temper", 1, "temper.tension", "5").await.status, StatusCode::SEE_OTHER);
    let second = save(&claire, "temper", 1, "temper.patience", "4").await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    for words in ["Marc Petit", "Tension aux premiers mots", "Patience", "name=\"revision\" value=\"2\""] {
        assert!(second.text.contains(words), "{words}: {}", second.text);
    }
    assert!(app.store.situation(ID).await.unwrap().unwrap().draft.contains("tension = 5"), "nothing was overwritten");
    // Sent again from that page, with the other's change in it.
    let form = [("part", "temper"), ("revision", "2"), ("temper.tension", "5"), ("temper.patience", "4")];
    assert_eq!(claire.post(&format!("/writing/{ID}"), &form).await.status, StatusCode::SEE_OTHER);
    let draft = app.store.situation(ID).await.unwrap().unwrap().draft;
    assert!(draft.contains("tension = 5") && draft.contains("patience = 4"));
    // The text as a whole; and publishing what one has not seen.
    let text = [("revision", "2"), ("text", "id = \"le-froid-au-rez\"\ntitle = \"Perdu\"\n")];
    let third = marc.post(&format!("/writing/{ID}/text"), &text).await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    assert!(third.text.contains("Perdu") && third.text.contains("Claire Martin"));
    assert_eq!(publish(&marc, 2, &[group.to_string()]).await.status, StatusCode::CONFLICT);
    assert_eq!(app.store.situation(ID).await.unwrap().unwrap().draft, draft);
    app.stop().await;
}

#[tokio::test]
async fn what_is_exported_is_what_is_imported() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let text = shipped_text("voisin-bruit");
    let made = import(&claire, text.clone().into_bytes(), ID).await;
    assert_eq!(made.location.as_deref(), Some("/writing/le-froid-au-rez"), "{made:?}");
    let exported = claire.get(&format!("/writing/{ID}/export")).await;
    assert_eq!(exported.text, text.replace("id = \"voisin-bruit\"", "id = \"le-froid-au-rez\""));
    let known = comptoir::content::Content::read(&[&shipped()], Vec::new()).unwrap().known();
    assert!(comptoir::persona::load("le-froid-au-rez.toml", &exported.text, &known).is_ok());
    // Broken in the text view: kept, and told at its line.
    let broken = exported.text.replacen("[caller]", "[caller", 1);
    let saved = claire.post(&format!("/writing/{ID}/text"), &[("revision", "1"), ("text", &broken)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let form = claire.get(&format!("/writing/{ID}")).await;
    assert_eq!(form.location.as_deref(), Some("/writing/le-froid-au-rez/text"), "no form of what is no TOML");
    let view = claire.page(&format!("/writing/{ID}/text")).await;
    assert!(view.text.contains("class=\"faulty\"") && view.text.contains("titre de partie"), "{}", &view.text[..4000]);
    app.stop().await;
}

#[tokio::test]
async fn a_file_that_is_no_situation_is_refused_for_what_it_is() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let check = async |file: Vec<u8>, id: &str, words: &str| {
        let answer = import(&claire, file, id).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    };
    let rubric = shipped().of(Kind::Rubric).next().unwrap().text.clone();
    check(b"%PDF-1.7 \xc3\xa9".to_vec(), "x", "n’est pas une fiche TOML lisible").await;
    check(b"title = \"\xe9t\xe9\"".to_vec(), "x", "n’est pas en UTF-8").await;
    check(b"\xff\xfei\0d\0".to_vec(), "x", "UTF-16").await;
    check(rubric.into_bytes(), "x", "est une grille").await;
    check(shipped_text("odeur-gaz").into_bytes(), "", "odeur-gaz\u{a0}» est déjà pris").await;
    check(shipped_text("odeur-gaz").into_bytes(), "import", "déjà pris").await;
    check(b"title = \"T\"\n".to_vec(), "", "donnez-lui-en un").await;
    check(Vec::new(), "", "collez le texte").await;
    assert_eq!(app.store.situation_ids().await.unwrap(), Vec::<String>::new());
    // What passes the schema and breaks a rule of meaning can be written on, with its fault told.
    let text = shipped_text("odeur-gaz").replacen("breaking_point = ", "breaking_point = 1 # ", 1);
    assert_eq!(import(&claire, text.into_bytes(), ID).await.status, StatusCode::SEE_OTHER);
    let form = claire.page(&format!("/writing/{ID}?part=temper")).await;
    assert!(form.text.contains("la personne partirait avant de parler"), "{}", form.text);
    app.stop().await;
}

#[tokio::test]
async fn a_file_that_is_not_sent_whole_is_refused_without_waiting_for_it() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let (address, cookie) = (app.address.clone(), claire.cookie().unwrap());
    // Only the head and the first bytes are sent: the answer comes without the rest, soon.
    let head = format!(
        "POST /writing/import HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {cookie}\r\naccept: text/html\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: 52428800\r\n\r\n--x\r\n"
    );
    let answer = tokio::time::timeout(std::time::Duration::from_secs(5), async {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 65_536];
        let mut read = 0;
        while !String::from_utf8_lossy(&answer[..read]).contains("2 Mo au plus") {
            let more = stream.read(&mut answer[read..]).await.unwrap();
            assert!(more > 0, "{}", String::from_utf8_lossy(&answer[..read]));
            read += more;
        }
        String::from_utf8_lossy(&answer[..read]).into_owned()
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // A file just over what is taken, in a body that is not.
    let large = import(&claire, vec![b'#'; 2 * 1024 * 1024 + 1], "x").await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text.contains("trop gros pour une fiche"), "{}", large.text);
    app.stop().await;
}

/// Sends a body as browsers do, to its end before anything of the answer is read.
async fn sent_whole(address: &str, head: &str, megabytes: usize) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head =
        format!("{head}host: {address}\r\norigin: http://{address}\r\naccept: text/html\r\nconnection: close\r\n");
    let first = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.toml\"\r\n\r\n";
    let length = first.len() + megabytes * 1024 * 1024;
    let head = format!("{head}content-type: multipart/form-data; boundary=x\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    let megabyte = vec![b'#'; 1024 * 1024];
    for sent in 0..megabytes {
        stream.write_all(&megabyte).await.unwrap_or_else(|error| panic!("broken off after {sent} MB: {error}"));
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_fifty_megabytes_is_refused_by_a_page_that_a_browser_gets_to_show() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let cookie = claire.cookie().unwrap();
    let import = format!("POST /writing/import HTTP/1.1\r\ncookie: {cookie}\r\n");
    let answer = sent_whole(&app.address, &import, 50).await;
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("2 Mo au plus"), "{answer}");
    // Whatever else is refused comes to be read too: here, a page that is not hers.
    let settings = format!("POST /settings HTTP/1.1\r\ncookie: {cookie}\r\n");
    let answer = sent_whole(&app.address, &settings, 10).await;
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("not_allowed"), "{answer}");
    app.stop().await;
}

#[tokio::test]
async fn what_fails_in_the_frame_of_a_trial_can_be_read_there() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    copied(&claire).await;
    let trial = claire.post(&format!("/writing/{ID}/trials"), &[("part", "scene"), ("revision", "1")]).await;
    let trial = trial.location.unwrap();
    let nowhere = "/conversations/conv_01JD9Z0000000000000000000B";
    let get = |path: String| claire.request(Method::GET, &path);
    let post = |path: String| claire.request(Method::POST, &path).form(&[("revision", "x")]);
    let check = async |request: reqwest::RequestBuilder, status: u16, framed_by: &str| {
        let answer = request.header("accept", "text/html").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{}", answer.url());
        let policies: Vec<_> = answer.headers().get_all("content-security-policy").iter().collect();
        assert_eq!(policies.len(), 1, "{}", answer.url());
        let policy = policies[0].to_str().unwrap();
        assert!(policy.ends_with(&format!("frame-ancestors {framed_by}")), "{}: {policy}", answer.url());
        assert!(answer.headers().get("x-frame-options").is_none());
    };
    check(get(trial.clone()), 200, "'self'").await;
    for path in ["", "/handoff", "/scorecard"] {
        check(get(format!("{nowhere}{path}")), 404, "'self'").await;
    }
    check(post(format!("{nowhere}/handoff")), 404, "'self'").await;
    check(post(format!("{nowhere}/again")), 404, "'self'").await;
    check(post("/writing/unknown/trials".into()), 404, "'self'").await;
    check(post(trial), 405, "'self'").await;
    // Nothing else may be framed.
    check(get("/writing".into()), 200, "'none'").await;
    check(get("/nowhere".into()), 404, "'none'").await;
    check(get("/groups/grp_01JD9Z0000000000000000000B".into()), 404, "'none'").await;
    app.stop().await;
}

#[tokio::test]
async fn scripts_in_names_are_words() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire <script>alert(1)</script>").await;
    let group = app.group(&claire, "<img src=x onerror=alert(1)>").await;
    let title = "<script>alert(2)</script>";
    let made = claire.post("/writing", &[("from", "model"), ("title", title), ("id", ID)]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    assert_eq!(publish(&claire, 1, &[group.to_string()]).await.status, StatusCode::SEE_OTHER);
    for address in [
        "/writing",
        "/writing/new",
        "/writing/le-froid-au-rez",
        "/writing/le-froid-au-rez/text",
        "/writing/le-froid-au-rez/versions",
        "/",
        "/situations/le-froid-au-rez",
    ] {
        let page = claire.page(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "{address}");
    }
    app.stop().await;
}

#[tokio::test]
async fn entries_are_added_moved_and_taken_away_from_the_form() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    copied(&claire).await;
    let act = async |revision: &str, act: &str| {
        let form = [("part", "facts"), ("revision", revision), ("do", act)];
        let answer = claire.post(&format!("/writing/{ID}"), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act}: {answer:?}");
        answer.location.unwrap()
    };
    let count = async || app.store.situation(ID).await.unwrap().unwrap().draft.matches("[[fact]]").count();
    let before = count().await;
    let place = act("1", "add:fact").await;
    assert!(place.ends_with(&format!("#champ-fact-{before}-")), "{place}");
    assert_eq!(count().await, before + 1);
    act("2", "up:fact[1]").await;
    act("3", &format!("remove:fact[{before}]")).await;
    assert_eq!(count().await, before);
    // What the form does not offer does nothing.
    act("4", "remove:fact[99]").await;
    act("4", "remove:caller").await;
    assert_eq!(app.store.situation(ID).await.unwrap().unwrap().revision, 4);
    // A draft that was never published goes for good.
    assert_eq!(claire.post(&format!("/writing/{ID}/remove"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(claire.get(&format!("/writing/{ID}")).await.code(), "unknown_situation");
    app.stop().await;
}

#[tokio::test]
async fn a_situation_goes_on_in_its_last_good_version_when_the_rules_change() {
    let app = TestApp::start().await;
    let claire = app.trainer("Claire Martin").await;
    let group = app.group(&claire, "Promotion 2026").await;
    let nadia = app.trainee(group, "Nadia B.").await;
    copied(&claire).await;
    publish(&claire, 1, &[group.to_string()]).await;
    // The directory loses the services that the situation names: its checks fail from now on.
    let directory = "[bailleur]\nnom = \"A\"\nnature = \"B\"\nagence = \"C\"\nhoraires = \"D\"\nposte = \"E\"\n\
                     [[service]]\nid = \"autre\"\nnom = \"T\"\npour = \"P\"\nmots = [\"t\"]\n";
    std::fs::create_dir_all(app.folder.path().join("personas")).unwrap();
    std::fs::write(app.folder.path().join("personas/bailleur.toml"), directory).unwrap();
    assert!(
        claire.page(&format!("/writing/{ID}?part=expects")).await.text.contains("n’est pas un service de l’annuaire")
    );
    assert_eq!(nadia.page(&format!("/situations/{ID}")).await.status, StatusCode::OK);
    let conversation = nadia.open(ID).await;
    assert_eq!(nadia.page(&format!("/conversations/{conversation}")).await.status, StatusCode::OK);
    app.stop().await;
}
