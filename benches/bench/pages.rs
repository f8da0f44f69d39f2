//! Every page of a group of forty trainees with fifty conversations each, and the export of all of it.
//!
//! The group is made up by `tests/group`: its conversations are played by the characters' own rules and scored by the
//! rubric's, in a real store; a real service then serves it. `cargo bench -- pages small` makes a small one, to see that
//! it works.

use std::fmt::Write as _;
use std::time::Duration;

use comptoir::clock::{Clock as _, SystemClock};
use comptoir::content::{Content, shipped};
use comptoir::store::Store;

use crate::group::{self, Made};
use crate::memory::{forget_peak, peak_kib};
use crate::pure::now;
use crate::sockets::Server;
use crate::table;

/// What a page may take.
const AIM: &str = "150 ms";

/// How often each page is asked for, after a first time that does not count.
const ASKED: usize = 40;

/// Measures the pages, then the exports.
pub(crate) fn measure() {
    let small = std::env::args().any(|argument| argument == "small");
    let (trainees, each) = if small { (5, 4) } else { (40, 50) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("sqlite:{}", folder.path().join("comptoir.db").display());
        let store = Store::open(&address).await.expect("a store");
        let content = Content::read(&[&shipped()], Vec::new()).expect("the shipped content is sound");
        let made = group::make(&store, &content, trainees, each, SystemClock.now()).await;
        store.close().await;
        let server = Server::comptoir_in(folder);
        let size = std::fs::metadata(server.folder().join("comptoir.db")).map_or(0, |data| data.len() / 1_048_576);
        table::figure(&format!("a group of {trainees} trainees × {each} conversations"), &format!("{size} MiB"), "");
        table::part("each page of it, as served", "p50", "p95");
        let mut lines = String::new();
        for (name, path, token) in pages(&made) {
            match times(&server, &path, token).await {
                Ok(mut times) => table::times_p95(name, &mut times, AIM),
                Err(status) => {
                    let _ = writeln!(lines, "{name}: {status}");
                }
            }
        }
        print!("{lines}");
        table::part("export of all of it", "first byte", "whole");
        for ending in ["csv", "csv?rows=marks", "json", "xlsx"] {
            export(&server, &made, ending).await;
        }
    });
}

/// Name, address and who asks.
fn pages(made: &Made) -> Vec<(&'static str, String, &str)> {
    let (group, person) = (format!("/groups/{}", made.group), made.trainees[0]);
    let last = made.conversations[0].last().expect("a conversation");
    let (trainer, trainee) = (made.token.as_str(), made.trainee_token.as_str());
    vec![
        ("groups", "/groups".to_owned(), trainer),
        ("group, by axes", group.clone(), trainer),
        ("group, by indicators", format!("{group}?by=indicators"), trainer),
        (
            "group, by indicators, best attempts, 30 days",
            format!("{group}?by=indicators&which=best&period=30"),
            trainer,
        ),
        ("members", format!("{group}/members"), trainer),
        ("assignments", format!("{group}/assignments"), trainer),
        ("what to read again", format!("{group}/reviews"), trainer),
        ("agreement", format!("{group}/agreement"), trainer),
        ("live", "/live".to_owned(), trainer),
        ("writing", "/writing".to_owned(), trainer),
        ("a trainee's record", format!("/people/{person}"), trainer),
        ("a scorecard, as trainer", format!("/conversations/{last}/scorecard"), trainer),
        ("a review", format!("/conversations/{last}/review"), trainer),
        ("gallery, as trainee", "/".to_owned(), trainee),
        ("conversations, as trainee", "/conversations".to_owned(), trainee),
        ("to do, as trainee", "/assignments".to_owned(), trainee),
        ("booklets, as trainee", "/booklets".to_owned(), trainee),
        ("own record, as trainee", "/record".to_owned(), trainee),
        ("own scorecard, as trainee", format!("/conversations/{last}/scorecard"), trainee),
    ]
}

async fn ask(server: &Server, path: &str, token: &str) -> reqwest::Response {
    // Each request on a connection of its own would measure the network: one client keeps its line.
    let request = server.client().get(format!("http://{}{path}", server.address()));
    request.header("cookie", format!("comptoir_session={token}")).send().await.expect("an answer")
}

async fn times(server: &Server, path: &str, token: &str) -> Result<Vec<Duration>, reqwest::StatusCode> {
    let mut times = Vec::with_capacity(ASKED);
    for asked in 0..=ASKED {
        let begun = now();
        let answer = ask(server, path, token).await;
        let status = answer.status();
        let whole = answer.bytes().await.expect("a whole page");
        if !status.is_success() || whole.is_empty() {
            return Err(status);
        }
        if asked > 0 {
            times.push(begun.elapsed());
        }
    }
    Ok(times)
}

async fn export(server: &Server, made: &Made, ending: &str) {
    let before = server.resident_kib().unwrap_or(0);
    forget_peak(server.pid());
    let begun = now();
    let mut answer = ask(server, &format!("/groups/{}/export.{ending}", made.group), &made.token).await;
    assert!(answer.status().is_success(), "{ending}: {}", answer.status());
    let (mut first, mut bytes) = (None, 0);
    while let Some(piece) = answer.chunk().await.expect("a whole export") {
        first = first.or_else(|| Some(begun.elapsed()));
        bytes += piece.len();
    }
    let whole = begun.elapsed();
    let more = peak_kib(server.pid()).map(|peak| peak.saturating_sub(before) / 1_024);
    let more = more.map_or_else(|| "memory not told here".to_owned(), |more| format!("+{more} MiB at most"));
    let name = format!("export.{ending}: {} KiB, {more}", bytes / 1_024);
    table::two(&name, first.unwrap_or_default(), whole);
}
