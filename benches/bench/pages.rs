//! Every page of a group of forty trainees with fifty conversations each, and the export of all of it.
//!
//! The group is made up by `tests/group`: its conversations are played by the characters' own rules and scored by the
//! rubric's, in a real store; [`course`] adds what else such a group has. A real service then serves it: from SQLite, and
//! from PostgreSQL where `COMPTOIR_TEST_POSTGRES` names a server. `cargo bench -- pages small` makes a small group, to
//! see that it works. Invariant: a page of the router that is neither measured nor excused stops the run.

use std::time::Duration;

use comptoir::clock::{Clock as _, SystemClock, Timestamp};
use comptoir::content::{Content, shipped};
use comptoir::id::GroupId;
use comptoir::store::{Group, Store};

use crate::course::{self, Course};
use crate::group::{self, Made};
use crate::memory::{forget_peak, peak_kib};
use crate::processor::computed;
use crate::pure::now;
use crate::sockets::Server;
use crate::{database, table};

/// What a page may take.
const AIM: Duration = Duration::from_millis(150);

/// How often each page is asked for, after a first time that is told apart.
const ASKED: usize = 40;

/// How many of the trainees are in a second, smaller group: does an export of more take more memory?
const FEW: usize = 10;

/// What the router answers to `GET` beside the pages that are measured.
const EXCUSED: &[(&str, &str)] = &[
    ("/conversations/{id}/socket", "a socket"),
    ("/conversations/{id}/live/socket", "a socket"),
    ("/conversations/{id}/voice/{seq}/{n}", "sound"),
    ("/conversations/{id}/recordings/{utterance}", "sound"),
    ("/assets/{*path}", "files"),
    ("/metrics", "figures, off unless asked for"),
    ("/model", "figures, off unless asked for"),
    ("/livez", "for machines"),
    ("/readyz", "for machines"),
    ("/healthz", "for machines"),
    ("/sign-in", "nobody is signed in there"),
    ("/welcome/{token}", "a link that serves once"),
    ("/link/{token}", "a link that serves once"),
    ("/join/{code}", "before one is in the group"),
    ("/writing/{id}/trials/{conversation}", "a trial that was begun there"),
    ("/groups/{id}/export.csv", "measured as an export"),
    ("/groups/{id}/export.xlsx", "measured as an export"),
    ("/groups/{id}/export.json", "measured as an export"),
];

/// Measures the pages, then the exports, on each database there is.
pub(crate) fn measure() {
    let small = std::env::args().any(|argument| argument == "small");
    let (trainees, each) = if small { (5, 4) } else { (40, 50) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let sqlite = format!("sqlite:{}", folder.path().join("comptoir.db").display());
        served("SQLite", &sqlite, trainees, each).await;
        match database::postgres("comptoir_bench").await {
            Some(postgres) => served("PostgreSQL", &postgres, trainees, each).await,
            None => println!("PostgreSQL: not measured, COMPTOIR_TEST_POSTGRES names none"),
        }
    });
}

async fn served(database: &str, address: &str, trainees: u32, each: u32) {
    let store = Store::open(address).await.expect("a store");
    let content = Content::read(&[&shipped()], Vec::new()).expect("the shipped content is sound");
    let made = group::make(&store, &content, trainees, each, SystemClock.now()).await;
    let few = some_of(&store, &made, SystemClock.now()).await;
    let course = course::add(&store, &content, &made, SystemClock.now()).await;
    store.close().await;
    table::figure(&format!("{trainees} trainees × {each} conversations, {database}"), "made", "");
    exports(&Server::comptoir_on(address), &made, few).await;
    let server = Server::comptoir_on(address);
    table::head_of("each page of it, as served (aim: 150 ms)", &["p50", "max", "first", "computed"]);
    let (mut slow, mut failed) = (Vec::new(), Vec::new());
    let pages = pages(&made, &course);
    covers(&pages);
    for (name, path, token) in pages {
        match times(&server, &path, token).await {
            Ok(times) => {
                table::row(name, &[times.middle, times.most, times.first, times.computed]);
                if times.most > AIM || times.first > AIM {
                    slow.push((name, times));
                }
            }
            Err(status) => failed.push(format!("{name}: {status} at {path}")),
        }
    }
    let named = |of: &dyn Fn(&Times) -> Duration| {
        let names: Vec<&str> = slow.iter().filter(|(_, times)| of(times) > AIM).map(|(name, _)| *name).collect();
        if names.is_empty() { "none".to_owned() } else { names.join("; ") }
    };
    println!("over the aim, half of the times: {}", named(&|times| times.middle));
    println!("over the aim, at least once: {}", named(&|times| times.most));
    println!("over the aim, the first time: {}", named(&|times| times.first));
    assert!(failed.is_empty(), "every page is there: {failed:#?}");
}

/// A group of the first few trainees, with all that they have done.
async fn some_of(store: &Store, made: &Made, now: Timestamp) -> GroupId {
    let all = store.group(made.group).await.expect("a group").expect("it is there");
    let trainer = store.trainers(made.group).await.expect("the trainers")[0].0;
    let id = GroupId::new(group::ulid(now, 920_000));
    let few = Group { id, name: "Une partie".to_owned(), code: "PARTIE01".to_owned(), ..all };
    store.add_group(&few, trainer).await.expect("a group");
    for member in made.trainees.iter().take(FEW) {
        store.add_member(id, *member, few.created_at, few.created_at).await.expect("a member");
    }
    id
}

/// Name, address and who asks.
fn pages<'a>(made: &'a Made, course: &'a Course) -> Vec<(&'static str, String, &'a str)> {
    let (group, person) = (format!("/groups/{}", made.group), made.trainees[0]);
    let assignment = format!("{group}/assignments/{}", course.assignment);
    let last = made.conversations[0].last().expect("a conversation");
    let reviewed = made.conversations[0].first().expect("a conversation");
    let conversation = |id, rest: &str| format!("/conversations/{id}{rest}");
    let (exam, sitting) = (format!("/booklets/{}", course.exam), format!("/booklets/{}", course.sitting));
    let writing = format!("/writing/{}", course.situation);
    let (exercise, rating) = (format!("/calibration/{}", course.exercise), course.rating);
    let trainer = [
        ("groups", "/groups".to_owned()),
        ("a new group", "/groups/new".to_owned()),
        ("group, by axes", group.clone()),
        ("group, by indicators", format!("{group}?by=indicators")),
        ("group, by indicators, last attempts", format!("{group}?by=indicators&which=last")),
        ("group, by indicators, best attempts, 30 days", format!("{group}?by=indicators&which=best&period=30")),
        ("members", format!("{group}/members")),
        ("assignments", format!("{group}/assignments")),
        ("an assignment", assignment.clone()),
        ("a new assignment", format!("{group}/assignments/new")),
        ("an assignment, to change", format!("{assignment}/edit")),
        ("what to read again", format!("{group}/reviews")),
        ("agreement", format!("{group}/agreement")),
        ("live", "/live".to_owned()),
        ("live, one conversation", conversation(course.running, "/live")),
        ("a trainee's record", format!("/people/{person}")),
        ("a trainee's record, as csv", format!("/people/{person}/export.csv")),
        ("a trainee's record, as xlsx", format!("/people/{person}/export.xlsx")),
        ("a trainee's record, as json", format!("/people/{person}/export.json")),
        ("a scorecard, as trainer", conversation(*last, "/scorecard")),
        ("a scorecard that a trainer has decided", conversation(*reviewed, "/scorecard")),
        ("a review", conversation(*last, "/review")),
        ("a review that was published", conversation(*reviewed, "/review")),
        ("two blind ratings compared", conversation(course.compared, "/review/compare")),
        ("an exam's report, as trainer", format!("{exam}/report")),
        ("calibration", "/calibration".to_owned()),
        ("an exercise", exercise.clone()),
        ("a rating beside the reference", format!("{exercise}/{rating}")),
        ("writing", "/writing".to_owned()),
        ("a new situation", "/writing/new".to_owned()),
        ("a situation as a form", writing.clone()),
        ("a situation as text", format!("{writing}/text")),
        ("a situation's versions", format!("{writing}/versions")),
        ("a situation's versions, compared", format!("{writing}/versions?compare=1")),
        ("a situation as a file", format!("{writing}/export")),
        ("gallery, as trainer", "/".to_owned()),
        ("account, as trainer", "/account".to_owned()),
    ];
    let trainee = [
        ("gallery, as trainee", "/".to_owned()),
        ("a brief", "/situations/fuite-colere".to_owned()),
        ("conversations, as trainee", "/conversations".to_owned()),
        ("a conversation under way", conversation(course.running, "")),
        ("the note of a conversation", conversation(*last, "/handoff")),
        ("own scorecard", conversation(*last, "/scorecard")),
        ("own scorecard, as the page looks again", conversation(*last, "/rereading")),
        ("own transcript", conversation(*last, "/transcript.json")),
        ("to do, as trainee", "/assignments".to_owned()),
        ("booklets, as trainee", "/booklets".to_owned()),
        ("an exam under way", sitting.clone()),
        ("a part of an exam", format!("{sitting}/steps/0")),
        ("own exam's report", format!("{exam}/report")),
        ("own record", "/record".to_owned()),
        ("own record, as csv", "/record/export.csv".to_owned()),
        ("own record, as xlsx", "/record/export.xlsx".to_owned()),
        ("own record, as json", "/record/export.json".to_owned()),
        ("joining", "/join".to_owned()),
        ("account, as trainee", "/account".to_owned()),
        ("all that is held on oneself", "/account/export.json".to_owned()),
        ("rights", "/rights".to_owned()),
        ("about", "/about".to_owned()),
        ("accessibility", "/accessibility".to_owned()),
    ];
    let administrator = [
        ("accounts", "/accounts".to_owned()),
        ("the log", "/audit".to_owned()),
        ("the log about a person", format!("/audit?about={person}")),
        ("settings", "/settings".to_owned()),
    ];
    let with = |token: &'a str| move |(name, path): (&'static str, String)| (name, path, token);
    let pages = trainer.into_iter().map(with(&made.token)).chain(trainee.into_iter().map(with(&made.trainee_token)));
    pages.chain(administrator.into_iter().map(with(&course.administrator))).collect()
}

/// Stops where the router answers `GET` at an address that is neither measured nor excused.
fn covers(pages: &[(&str, String, &str)]) {
    let source = include_str!("../../src/server/router.rs");
    let pieces = source.split(".route(").skip(1).filter(|piece| {
        // A route ends where the next call of the builder begins, at the start of a line.
        piece.split("\n        .").next().is_some_and(|route| route.contains("get("))
    });
    let routes: Vec<&str> = pieces.filter_map(|piece| piece.split('"').nth(1)).collect();
    assert!(routes.len() > 50, "the router is read: {routes:?}");
    let fits = |route: &str, path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
        route.len() == path.len() && route.iter().zip(&path).all(|(a, b)| a.starts_with('{') || a == b)
    };
    let missing = routes.into_iter().filter(|route| {
        let excused = EXCUSED.iter().any(|(path, _)| path == route);
        // `/writing/new` fits `/writing/{id}` too: an address of its own counts first.
        !excused && !pages.iter().any(|(_, path, _)| fits(route, path))
    });
    let missing: Vec<&str> = missing.collect();
    assert!(missing.is_empty(), "neither measured nor excused: {missing:?}");
}

async fn ask(server: &Server, path: &str, token: &str) -> reqwest::Response {
    // Each request on a connection of its own would measure the network: one client keeps its line.
    let request = server.client().get(format!("http://{}{path}", server.address()));
    request.header("cookie", format!("comptoir_session={token}")).send().await.expect("an answer")
}

/// What a page took: the first time, half of the later ones, the longest of them; and what the service computed for it.
struct Times {
    computed: Duration,
    first: Duration,
    middle: Duration,
    most: Duration,
}

async fn times(server: &Server, path: &str, token: &str) -> Result<Times, reqwest::StatusCode> {
    let mut times = Vec::with_capacity(ASKED + 1);
    let mut before = None;
    for _ in 0..=ASKED {
        let begun = now();
        let answer = ask(server, path, token).await;
        let status = answer.status();
        let whole = answer.bytes().await.expect("a whole page");
        if !status.is_success() || whole.is_empty() {
            return Err(status);
        }
        times.push(begun.elapsed());
        before = before.or_else(|| Some(computed(server.pid())));
    }
    let computed = computed(server.pid()).zip(before.flatten()).map(|(after, before)| after.saturating_sub(before));
    let computed = computed.unwrap_or_default() / u32::try_from(ASKED).unwrap_or(1);
    let first = times.remove(0);
    times.sort_unstable();
    Ok(Times { computed, first, middle: table::at(&times, 0.5), most: table::at(&times, 1.0) })
}

/// The exports of a few and of all, by a service that has done nothing else: what they hold of memory is seen.
async fn exports(server: &Server, made: &Made, few: GroupId) {
    ask(server, "/groups", &made.token).await;
    let rest = server.resident_kib().unwrap_or(0);
    table::figure("memory of the service before any export", &format!("{:.1} MiB", mebibytes(rest)), "");
    table::head_of("export", &["first byte", "whole", "memory"]);
    for ending in ["csv", "csv?rows=marks", "json", "xlsx"] {
        for (whose, group) in [("a few", few), ("all", made.group)] {
            export(server, &format!("/groups/{group}/export.{ending}"), (ending, whose), (&made.token, rest)).await;
        }
    }
}

async fn export(server: &Server, path: &str, (ending, whose): (&str, &str), (token, rest): (&str, u64)) {
    forget_peak(server.pid());
    let begun = now();
    let mut answer = ask(server, path, token).await;
    assert!(answer.status().is_success(), "{ending}: {}", answer.status());
    let (mut first, mut bytes) = (None, 0);
    while let Some(piece) = answer.chunk().await.expect("a whole export") {
        first = first.or_else(|| Some(begun.elapsed()));
        bytes += piece.len();
    }
    let whole = begun.elapsed();
    let more = peak_kib(server.pid()).map(|peak| mebibytes(peak.saturating_sub(rest)));
    let more = more.map_or_else(|| "not told here".to_owned(), |more| format!("+{more:.1} MiB"));
    let name = format!("{ending} of {whose}: {} KiB", bytes / 1_024);
    table::two(&name, [first.unwrap_or_default(), whole], &more);
}

#[expect(clippy::cast_precision_loss, reason = "kibibytes of one process")]
fn mebibytes(kib: u64) -> f64 {
    kib as f64 / 1_024.0
}
