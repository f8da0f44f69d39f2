//! Groups at a glance, records and exports.

use std::fmt::Write as _;
use std::time::Duration;

use comptoir::clock::Clock as _;
use comptoir::content::{Content, shipped};
use comptoir::store::Group;
use reqwest::StatusCode;
use serde_json::Value;
use sqlx::Connection as _;

use crate::app::{Answer, Person, TestApp, Visitor, database};
use crate::{group, workbook};

fn content() -> Content {
    Content::read(&[&shipped()], Vec::new()).unwrap()
}

/// A group that has rehearsed, and its trainer.
async fn rehearsed(app: &TestApp, trainees: u32, each: u32) -> (group::Made, Visitor) {
    let made = group::make(&app.store, &content(), trainees, each, app.clock.now()).await;
    let trainer = app.holding(&made.token);
    (made, trainer)
}

/// The lines of the log about a subject, newest first: action and detail.
async fn log(app: &TestApp, subject: &str) -> Vec<(String, String)> {
    let lines = app.store.audit(app.clock.now() + Duration::from_mins(1), Some(subject), 100).await.unwrap();
    lines.into_iter().map(|line| (line.action, line.detail.unwrap_or_default())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_seen_at_a_glance_by_axis_by_indicator_and_by_period() {
    let app = TestApp::start().await;
    let (made, trainer) = rehearsed(&app, 4, 6).await;
    let address = format!("/groups/{}", made.group);
    let page = trainer.page(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for part in [
        "Promotion d’automne",
        "4\u{a0}stagiaires, 24\u{a0}échanges cotés",
        "Amina Benali",
        "Écoute active",
        "à travailler avec le groupe",
        "Ce qui manque le plus souvent",
        "scorecard#tour-",
        ", attendu à ce moment",
        "points.",
    ] {
        assert!(page.text.contains(part), "no {part}");
    }
    let finer = trainer.page(&format!("{address}?by=indicators&which=last")).await;
    assert!(finer.text.contains(">10.1.a</abbr>") && finer.text.contains("heat-narrow"));
    // Two a day: the last week holds some of them, never all.
    let week = trainer.page(&format!("{address}?period=7&situation=%22%3E%3Cscript%3E")).await;
    assert_eq!(week.status, StatusCode::OK);
    assert!(!week.text.contains("<script>"));
    app.stop().await;
}

#[tokio::test]
async fn a_new_group_says_what_is_lacking() {
    let app = TestApp::start().await;
    let trainer = app.trainer("Claire Martin").await;
    let group = app.group(&trainer, "Nouvelle").await;
    let trainee = app.trainee(group, "Nadia <b>B.").await;
    let page = trainer.page(&format!("/groups/{group}")).await;
    for part in
        ["Nadia &#60;b&#62;B.", "pas encore d’échange", "Encore trop peu de résultats", "Personne n’a encore répété"]
    {
        assert!(page.text.contains(part), "no {part}: {}", page.text);
    }
    let record = trainee.page("/record").await;
    assert!(record.text.contains("Vous n’avez pas encore répété"), "{}", record.text);
    app.stop().await;
}

#[tokio::test]
async fn only_those_concerned_see_groups_and_records() {
    let app = TestApp::start().await;
    let trainer = app.trainer("Claire Martin").await;
    let other = app.trainer("Hugo Autre").await;
    let group = app.group(&trainer, "Une").await;
    app.group(&other, "Deux").await;
    let trainee = app.trainee(group, "Nadia B.").await;
    let fellow = app.trainee(group, "Omar C.").await;
    let pages = |of: &Person| {
        let (group, person) = (format!("/groups/{group}"), format!("/people/{}", of.id));
        let endings = ["", "/export.csv", "/export.xlsx", "/export.json"];
        endings.iter().flat_map(|end| [format!("{group}{end}"), format!("{person}{end}")]).collect::<Vec<_>>()
    };
    let check = async |who: &Visitor, name: &str, expect: StatusCode| {
        for path in pages(&trainee) {
            let answer: Answer = who.get(&path).await;
            assert_eq!(answer.status, expect, "{name} at {path}");
        }
    };
    check(&trainer, "the trainer", StatusCode::OK).await;
    check(&other, "another group's trainer", StatusCode::NOT_FOUND).await;
    check(&trainee, "the trainee", StatusCode::FORBIDDEN).await;
    check(&fellow, "a fellow", StatusCode::FORBIDDEN).await;
    check(&app.visitor(), "nobody", StatusCode::UNAUTHORIZED).await;
    for end in ["", "/export.csv", "/export.xlsx", "/export.json"] {
        assert_eq!(trainee.get(&format!("/record{end}")).await.status, StatusCode::OK);
        assert_eq!(app.visitor().get(&format!("/record{end}")).await.status, StatusCode::UNAUTHORIZED);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_tells_dates_versions_times_and_what_it_proves() {
    let app = TestApp::start().await;
    let (made, trainer) = rehearsed(&app, 3, 5).await;
    let page = trainer.page(&format!("/people/{}", made.trainees[0])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for part in [
        "Amina Benali",
        "5\u{a0}échanges cotés",
        "Durée prévue",
        "Durée réelle",
        "CR 5.1",
        "l’indicateur&nbsp;11",
        "Grille <code>",
    ] {
        assert!(page.text.contains(part), "no {part}");
    }
    for conversation in &made.conversations[0] {
        assert!(page.text.contains(&conversation.to_string()), "no {conversation}");
    }
    assert!(!page.text.contains(&made.conversations[1][0].to_string()), "another's conversation");
    let lines = log(&app, &made.trainees[0].to_string()).await;
    assert_eq!(lines[0].0, "record.read");
    let own = app.holding(&made.trainee_token).page("/record").await;
    assert!(own.text.contains("5\u{a0}échanges cotés"), "{}", own.text);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_every_conversation_and_its_digest_stands_in_the_log() {
    use sha2::{Digest, Sha256};
    let app = TestApp::start().await;
    let (made, trainer) = rehearsed(&app, 3, 4).await;
    let all: Vec<String> = made.conversations.iter().flatten().map(ToString::to_string).collect();

    let (kind, csv) = trainer.bytes(&format!("/groups/{}/export.csv", made.group)).await;
    assert!(kind.starts_with("text/csv"), "{kind}");
    let text = String::from_utf8(csv.clone()).unwrap();
    assert!(text.starts_with("\u{feff}Stagiaire;Situation;Canal;Début;Fin;Durée réelle (min);Durée prévue (min);"));
    assert_eq!(text.lines().count(), 1 + all.len());
    assert!(all.iter().all(|id| text.contains(id)));
    let digest = Sha256::digest(&csv).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let lines = log(&app, &made.group.to_string()).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().any(|(_, detail)| detail.contains(&digest) && detail.contains("12 échanges")), "{lines:?}");

    let (_, marks) = trainer.bytes(&format!("/groups/{}/export.csv?rows=marks", made.group)).await;
    let text = String::from_utf8(marks).unwrap();
    assert!(text.starts_with("\u{feff}Stagiaire;Situation;Début;Axe;CR;"), "{}", &text[..80]);

    let (kind, json) = trainer.bytes(&format!("/groups/{}/export.json", made.group)).await;
    assert_eq!(kind, "application/json");
    let json: Value = serde_json::from_slice(&json).unwrap();
    let conversations = json["conversations"].as_array().unwrap();
    assert_eq!(conversations.len(), all.len());
    assert_eq!(json["people"].as_array().unwrap().len(), 3);
    let marks: usize = conversations.iter().map(|one| one["marks"].as_array().unwrap().len()).sum();
    assert_eq!(text.lines().filter(|line| line.contains(";conv_")).count(), marks);

    let (kind, xlsx) = trainer.bytes(&format!("/groups/{}/export.xlsx", made.group)).await;
    assert!(kind.contains("spreadsheetml"), "{kind}");
    assert!(xlsx.starts_with(b"PK\x03\x04"));

    let (_, own) = trainer.bytes(&format!("/people/{}/export.json", made.trainees[1])).await;
    let own: Value = serde_json::from_slice(&own).unwrap();
    assert_eq!(own["conversations"].as_array().unwrap().len(), 4);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_look_like_formulas_leave_as_words() {
    let app = TestApp::start().await;
    let (made, trainer) = rehearsed(&app, 1, 1).await;
    let name = "=HYPERLINK(\"http://x\";\"Nadia\")\n; suite";
    app.store.rename_account(made.trainees[0], name).await.unwrap();
    let (_, csv) = trainer.bytes(&format!("/groups/{}/export.csv", made.group)).await;
    let text = String::from_utf8(csv).unwrap();
    let line = text.split_once("\r\n").unwrap().1;
    assert!(line.starts_with("\"'=HYPERLINK(\"\"http://x\"\";\"\"Nadia\"\")\n; suite\";"), "{line}");
    let (_, json) = trainer.bytes(&format!("/groups/{}/export.json", made.group)).await;
    let json: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["conversations"][0]["trainee"], name);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_export_holds_a_formula() {
    const FORMULAS: [&str; 7] =
        ["=HYPERLINK(\"http://x\")", "@SUM(1)", "+1+cmd|' /C calc'!A0", "-2+3", "\t=1+1", "\r=1+1", " =1+1"];
    let app = TestApp::start().await;
    let (made, trainer) = rehearsed(&app, 7, 1).await;
    let (base, group) = (format!("/groups/{}", made.group), made.group.to_string());
    // Nobody gets such names past the forms: they are put where exports read them.
    let mut connection =
        sqlx::SqliteConnection::connect(&format!("sqlite:{}", database(app.folder.path()))).await.unwrap();
    let unnamed = app.store.group(made.group).await.unwrap().unwrap();
    app.store.change_group(&Group { name: FORMULAS[0].to_owned(), ..unnamed }).await.unwrap();
    for ((trainee, conversations), formula) in made.trainees.iter().zip(&made.conversations).zip(FORMULAS) {
        app.store.rename_account(*trainee, formula).await.unwrap();
        let set = [("title", "X"), ("work", "situations"), ("situation", "fuite-colere"), ("mode", "text")];
        let set = trainer.post(&format!("{base}/assignments"), &set).await.location.unwrap();
        let assignment = set.rsplit('/').next().unwrap();
        let texts = [
            ("update assignment set title = $1 where id = $2", formula, assignment.to_owned()),
            ("update conversation set assignment = $1 where id = $2", assignment, conversations[0].to_string()),
            (
                "update mark set quote = $1 where scorecard in (select id from scorecard where conversation = $2)",
                formula,
                conversations[0].to_string(),
            ),
        ];
        for (text, value, id) in texts {
            let changed = sqlx::query(text).bind(value).bind(id).execute(&mut connection).await.unwrap();
            assert!(changed.rows_affected() > 0, "{text}");
        }
    }
    connection.close().await.unwrap();

    for rows in ["", "?rows=marks"] {
        let (_, bytes) = trainer.bytes(&format!("{base}/export.csv{rows}")).await;
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
        let mut table = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
        let (mut words, mut cells) = (0, 0);
        for line in table.records() {
            for cell in &line.unwrap() {
                cells += 1;
                let dangerous = cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|']);
                assert!(!dangerous, "a spreadsheet would run {cell:?}");
                words += usize::from(cell.strip_prefix('\'').is_some_and(|cell| FORMULAS.contains(&cell)));
            }
        }
        assert!(cells > 100 && words >= 14, "{words} of {cells} are those words, as words");
    }

    let (_, bytes) = trainer.bytes(&format!("{base}/export.xlsx")).await;
    let sheets = workbook::sheets(&bytes);
    assert_eq!(
        sheets.keys().map(String::as_str).collect::<Vec<_>>(),
        ["Cotations", "Lisez-moi", "Stagiaires", "Échanges"]
    );
    for (name, xml) in &sheets {
        assert!(!xml.contains("<f"), "« {name} » holds a formula");
    }
    let link = "=HYPERLINK(&quot;http://x&quot;)";
    let as_words = |xml: &str| xml.contains(&format!(">{link}</t>")) || xml.contains(">=HYPERLINK(\"http://x\")</t>");
    for name in ["Cotations", "Stagiaires", "Échanges"] {
        assert!(as_words(&sheets[name]), "« {name} » has the name, as words: {}", &sheets[name][..2_000]);
    }
    let parts = workbook::parts(&bytes);
    let active = ["calcChain", "externalLink", "vbaProject", "macro"];
    assert!(parts.keys().all(|part| !active.iter().any(|word| part.contains(word))), "{:?}", parts.keys());
    assert!(log(&app, &group).await.len() >= 6);
    app.stop().await;
}
