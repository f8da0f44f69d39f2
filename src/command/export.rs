//! `comptoir export`: what was rehearsed, out of the database, in the shapes of the pages' exports.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use tokio::sync::mpsc;

use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::config::{Folder, Storage};
use crate::entropy::{self, SystemEntropy};
use crate::export::{self, Person, Sent, Subject, Titles};
use crate::id::{GroupId, VisitorId};
use crate::library::Library;
use crate::store::{AuditLine, Store, Withheld};

/// How many pieces wait to be written.
const AHEAD: usize = 4;

/// Arguments of `comptoir export`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The group, by its id (`grp_…`): all that its members have rehearsed.
    #[arg(long, value_name = "GROUP", required_unless_present = "person", conflicts_with = "person")]
    group: Option<GroupId>,
    /// The person, by their id (`vis_…`): all that they have rehearsed.
    #[arg(long, value_name = "PERSON")]
    person: Option<VisitorId>,
    /// The shape: `csv` and `xlsx` for spreadsheets, `json` for programs.
    #[arg(long, value_enum, default_value_t = Shape::Json)]
    format: Shape,
    /// What a line of CSV is: a conversation, or a mark.
    #[arg(long, value_enum, default_value_t = Rows::Conversations)]
    rows: Rows,
    /// The file to write; without one, stdout.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    storage: Storage,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// Semicolons, UTF-8 with its mark.
    Csv,
    /// A workbook.
    Xlsx,
    /// One object.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// One line a conversation.
    Conversations,
    /// One line a mark.
    Marks,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let format = match (arguments.format, arguments.rows) {
        (Shape::Csv, Rows::Conversations) => export::Format::Csv,
        (Shape::Csv, Rows::Marks) => export::Format::CsvMarks,
        (Shape::Xlsx, _) => export::Format::Xlsx,
        (Shape::Json, _) => export::Format::Json,
    };
    let out: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => Box::new(File::create(path).with_context(|| format!("write {}", path.display()))?),
        None => Box::new(io::stdout()),
    };
    let sent = tokio::runtime::Runtime::new()?.block_on(exported(arguments, format, out))?;
    eprintln!("{} conversations, {} bytes, SHA-256 {}", sent.conversations, sent.bytes, sent.digest);
    Ok(ExitCode::SUCCESS)
}

async fn exported(
    arguments: &Arguments,
    format: export::Format,
    mut out: Box<dyn Write + Send>,
) -> anyhow::Result<Sent> {
    let store = Store::open(arguments.storage.address()).await.context("open the store")?;
    let content = Library::open(&arguments.folder.folder).context("read the content")?.content();
    let (subject, action) = subject(&store, arguments).await?;
    let now = SystemClock.now();
    let (sender, mut pieces) = mpsc::channel::<bytes::Bytes>(AHEAD);
    // Written by a thread that may wait for a slow disk or a slow reader.
    let writing = tokio::task::spawn_blocking(move || -> io::Result<()> {
        while let Some(piece) = pieces.blocking_recv() {
            out.write_all(&piece)?;
        }
        out.flush()
    });
    let sent = export::send(&store, &content, &subject, format, now, sender).await.context("export")?;
    writing.await?.context("write the export")?;
    let line = AuditLine {
        at: now,
        actor: None,
        actor_name: Some("comptoir export".to_owned()),
        action: action.to_owned(),
        subject: Some(subject.id),
        detail: Some(format!(
            "{}, {} échanges, {} octets, SHA-256 {}",
            format.ending(),
            sent.conversations,
            sent.bytes,
            sent.digest
        )),
    };
    store.add_audit(entropy::ulid(&SystemEntropy, now), &line).await.context("write the export down")?;
    store.close().await;
    Ok(sent)
}

async fn subject(store: &Store, arguments: &Arguments) -> anyhow::Result<(Subject, &'static str)> {
    if let Some(id) = arguments.group {
        let Some(group) = store.group(id).await? else { bail!("find the group {id}") };
        let members = store.members(id).await?.into_iter();
        let people = members.map(|member| Person { id: member.id, name: member.name, from: member.from }).collect();
        let titles = Titles::read(store, store.assignment_titles(id).await?).await?;
        let withheld = Withheld::default();
        let subject = Subject { id: id.to_string(), name: group.name, people, titles, withheld };
        return Ok((subject, "group.exported"));
    }
    let Some(id) = arguments.person else { bail!("find out whose conversations are wanted") };
    let Some(account) = store.account(id).await? else { bail!("find the person {id}") };
    let titles = Titles::read(store, store.assignment_titles_of(id).await?).await?;
    let person = Person { id, name: account.name.clone(), from: Timestamp::UNIX_EPOCH };
    let withheld = Withheld::default();
    let subject = Subject { id: id.to_string(), name: account.name, people: vec![person], titles, withheld };
    Ok((subject, "record.exported"))
}
