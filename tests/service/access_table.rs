//! Every role × route × owner, tried on a real service and compared with the table of `docs/security.md`.
//!
//! A route without a row fails, as does a cell that differs: the test prints the rows as they are, to be read again with
//! care before they are written down.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Method, StatusCode};

use crate::app::{Answer, Person, TestApp, Visitor};

/// Who asks, and whose it is: the columns of the table.
const COLUMNS: [&str; 10] = [
    "nobody",
    "guest, own",
    "guest, other",
    "trainee, own",
    "trainee, other",
    "trainer, own",
    "trainer, own group",
    "trainer, other",
    "administrator, own",
    "administrator, other",
];

/// The first column of each role: where nothing belongs to anybody, only these are filled in.
const ROLES: [usize; 5] = [0, 1, 3, 5, 8];

/// There is no such thing.
const NOTHING: &str = "·";

/// `.route("path", …)` of the router, with its methods.
fn routes() -> BTreeSet<(String, &'static str)> {
    let source = include_str!("../../src/server/router.rs");
    let mut routes = BTreeSet::new();
    for piece in source.split(".route(").skip(1) {
        let path = piece.split('"').nth(1).expect("a route names its path").to_owned();
        let rest = piece.split_once(&format!("\"{path}\"")).unwrap().1;
        // A route ends where the next call of the builder begins, at the start of a line.
        let handlers = rest.split("\n        .").next().unwrap();
        let methods = [("GET", "get("), ("POST", "post(")];
        let found: Vec<&str> =
            methods.iter().filter(|(_, word)| handlers.contains(word)).map(|(name, _)| *name).collect();
        assert!(!found.is_empty(), "{path} has no method this test knows");
        routes.extend(found.into_iter().map(|method| (path.clone(), method)));
    }
    assert!(routes.len() > 60, "the router is read: {routes:?}");
    routes
}

/// The rows of the table: what each column holds, by method and path.
fn written() -> BTreeMap<String, Vec<String>> {
    let page = include_str!("../../docs/security.md");
    let rows = page.lines().filter(|line| line.starts_with("| `GET /") || line.starts_with("| `POST /"));
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        let route = cells.next().unwrap().trim_matches('`').to_owned();
        (route, cells.collect())
    };
    let head: Vec<&str> =
        page.lines().find(|line| line.starts_with("| route |")).expect("the table's head").split('|').collect();
    assert_eq!(head[2..12].iter().map(|cell| cell.trim()).collect::<Vec<_>>(), COLUMNS);
    rows.map(row).collect()
}

/// Someone of every role, with something that is theirs.
struct World {
    people: Vec<Visitor>,
    /// By kind, then by column.
    things: BTreeMap<&'static str, [Option<String>; 10]>,
}

async fn situation(trainer: &Person, number: usize) -> String {
    let id = format!("fiche-{number}");
    let form = [("from", "file:panne-chauffage"), ("title", "Le froid"), ("id", id.as_str())];
    let made = trainer.post("/writing", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    id
}

/// What a trainer has set a group to do.
async fn assignment(trainer: &Person, group: &str) -> String {
    let form = [("title", "À faire"), ("work", "situations"), ("situation", "fuite-colere"), ("mode", "text")];
    let made = trainer.post(&format!("/groups/{group}/assignments"), &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    made.location.unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn world(app: &TestApp, number: usize) -> World {
    let (claire, marc) = (app.trainer("Claire Martin").await, app.trainer("Marc Petit").await);
    let (hers, his) = (app.group(&claire, "Premier").await, app.group(&marc, "Second").await);
    let (nadia, bakary) = (app.trainee(hers, "Nadia B.").await, app.trainee(hers, "Bakary Diallo").await);
    let zoe = app.trainee(his, "Zoé Faure").await;
    let anne = app.signed("Anne Roy", false, true).await;
    let (nobody, guest) = (app.visitor(), app.visitor());
    let opened = async |visitor: &Visitor| visitor.open("fuite-colere").await;
    let of_guest = opened(&guest).await;
    let (of_nadia, of_bakary, of_zoe) = (opened(&nadia).await, opened(&bakary).await, opened(&zoe).await);
    let (of_claire, of_anne) = (opened(&claire).await, opened(&anne).await);
    let sat = async |visitor: &Visitor| {
        let begun = visitor.post("/booklets", &[("kind", "bloc1")]).await;
        begun.location.expect("a booklet is begun").strip_prefix("/booklets/").unwrap().to_owned()
    };
    let (by_guest, by_nadia, by_bakary) = (sat(&guest).await, sat(&nadia).await, sat(&bakary).await);
    let (by_claire, by_zoe, by_anne) = (sat(&claire).await, sat(&zoe).await, sat(&anne).await);
    let (her_writing, his_writing) = (situation(&claire, 2 * number).await, situation(&marc, 2 * number + 1).await);
    // nobody, guest own, other, trainee own, other, trainer own, own group, other, administrator own, other
    let columns = |list: [&str; 10]| list.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()));
    let people = [&nadia, &bakary, &claire, &zoe, &anne].map(|person| person.id.to_string());
    let [nadia_id, bakary_id, claire_id, zoe_id, anne_id] = people.each_ref().map(String::as_str);
    let (hers, his) = (hers.to_string(), his.to_string());
    let (set, set_by_him) = (assignment(&claire, &hers).await, assignment(&marc, &his).await);
    let people = columns([nadia_id, "", nadia_id, nadia_id, bakary_id, claire_id, nadia_id, zoe_id, anne_id, nadia_id]);
    let things = BTreeMap::from([
        (
            "conversation",
            columns([
                &of_nadia, &of_guest, &of_nadia, &of_nadia, &of_bakary, &of_claire, &of_nadia, &of_zoe, &of_anne,
                &of_nadia,
            ]),
        ),
        ("group", columns([&hers, "", &hers, &hers, &his, "", &hers, &his, "", &hers])),
        ("person", people),
        (
            "booklet",
            columns([
                &by_nadia, &by_guest, &by_nadia, &by_nadia, &by_bakary, &by_claire, &by_nadia, &by_zoe, &by_anne,
                &by_nadia,
            ]),
        ),
        ("assignment", columns([&set, "", &set, &set, &set_by_him, "", &set, &set_by_him, "", &set])),
        (
            "writing",
            columns([
                &her_writing,
                "",
                &her_writing,
                "",
                &her_writing,
                &her_writing,
                "",
                &his_writing,
                "",
                &her_writing,
            ]),
        ),
    ]);
    let visitors: [&Visitor; 10] = [&nobody, &guest, &guest, &nadia, &nadia, &claire, &claire, &claire, &anne, &anne];
    World { people: visitors.into_iter().cloned().collect(), things }
}

/// What the `{id}` of a route stands for.
fn kind_of(path: &str) -> Option<&'static str> {
    let kinds = [
        ("/conversations/{id}", "conversation"),
        ("/assignments/{id}", "assignment"),
        ("/booklets/{id}", "booklet"),
        ("/groups/{id}", "group"),
        ("/people/{id}", "person"),
        ("/accounts/{id}", "person"),
        ("/writing/{id}", "writing"),
    ];
    kinds.into_iter().find(|(start, _)| path.starts_with(start)).map(|(_, kind)| kind)
}

/// A path with something real in the place of what varies.
fn filled(path: &str, thing: Option<&String>) -> String {
    let mut filled = path.to_owned();
    if let Some(thing) = thing {
        filled = filled.replacen("{id}", thing, 1);
    }
    for (name, value) in [
        ("{id}", "fuite-colere"),
        ("{seq}", "1"),
        ("{n}", "0"),
        ("{utterance}", "m-1"),
        ("{code}", "AAAAAAAA"),
        ("{token}", "nothing"),
        ("{name}", "fuite-colere-e"),
        ("{persona}", "fuite-colere"),
        ("{step}", "1"),
        ("{conversation}", "conv_01JAB8E2ZV3QX4T5W6Y7Z8A9BC"),
        ("{*path}", "css/base.css"),
    ] {
        filled = filled.replace(name, value);
    }
    assert!(!filled.contains('{'), "what stands for the rest of {filled}?");
    filled
}

async fn asked(visitor: &Visitor, method: &str, path: &str) -> Answer {
    let method = if method == "GET" { Method::GET } else { Method::POST };
    let mut request = visitor.request(method.clone(), path);
    if path.ends_with("/socket") {
        for (name, value) in [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            request = request.header(name, value);
        }
    }
    if method == Method::POST {
        request = request.form::<[(&str, &str)]>(&[]);
    }
    visitor.send(request).await
}

/// An answer in a word: what keeps somebody out, or `yes`.
fn word(answer: &Answer) -> &'static str {
    let code = if answer.kind == "application/problem+json" { answer.code() } else { String::new() };
    match code.as_str() {
        "sign_in_needed" => "sign in",
        "not_allowed" => "no",
        "cross_site" => "cross-site",
        code if code.starts_with("unknown_") => "unknown",
        "not_found" => "nothing",
        _ if answer.status == StatusCode::NOT_FOUND => "nothing",
        _ => {
            assert!(!answer.status.is_server_error() || answer.status == StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
            "yes"
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_is_let_in_or_kept_out_as_docs_security_says() {
    let app = TestApp::builder().shows_figures().start().await;
    let written = written();
    let (mut wrong, mut number, mut whole) = (Vec::new(), 0, true);
    let mut shared = world(&app, number).await;
    let routes = routes();
    for (path, method) in &routes {
        // What was posted may have changed or removed what belongs to somebody.
        if *method == "POST" || !whole {
            number += 1;
            shared = world(&app, number).await;
        }
        whole = *method == "GET";
        let kind = kind_of(path);
        let mut cells = Vec::with_capacity(COLUMNS.len());
        for (at, visitor) in shared.people.iter().enumerate() {
            let thing = kind.and_then(|kind| shared.things[kind][at].as_ref());
            let fits = match kind {
                Some(_) => thing.is_some(),
                None => ROLES.contains(&at),
            };
            let assignment = shared.things["assignment"][at].as_ref().map_or("", String::as_str);
            let path = filled(&path.replace("{assignment}", assignment), thing);
            cells.push(if fits { word(&asked(visitor, method, &path).await) } else { NOTHING });
        }
        let route = format!("{method} {path}");
        if written.get(&route).is_none_or(|row| *row != cells) {
            wrong.push(format!("| `{route}` | {} |", cells.join(" | ")));
        }
    }
    let known: BTreeSet<String> = routes.iter().map(|(path, method)| format!("{method} {path}")).collect();
    let gone: Vec<&String> = written.keys().filter(|route| !known.contains(*route)).collect();
    app.stop().await;
    assert!(gone.is_empty(), "docs/security.md has rows for routes that are gone: {gone:?}");
    assert!(wrong.is_empty(), "docs/security.md says otherwise, or nothing, of:\n{}", wrong.join("\n"));
}
