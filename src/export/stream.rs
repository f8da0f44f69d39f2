//! From the store to the bytes, a page at a time.

use std::fmt::Write as _;
use std::io::Read as _;

use bytes::Bytes;
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;

use super::columns::{self, Column, Names, OF_MARKS};
use super::row::{Row, Titles};
use super::xlsx::Book;
use super::{Format, csv, json};
use crate::clock::Timestamp;
use crate::content::Content;
use crate::id::VisitorId;
use crate::store::{After, Rehearsed, Store, StoreError, Withheld};

/// How many conversations are in memory at a time.
const PAGE: u32 = 50;

/// How large the pieces of a file are.
const PIECE: usize = 64 * 1024;

/// Someone whose conversations go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: VisitorId,
    /// By which name.
    pub name: String,
    /// Only what was begun since then.
    pub from: Timestamp,
}

/// What goes out.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The id of the group or of the person.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whose conversations, in the order in which they come.
    pub people: Vec<Person>,
    /// Titles of what they refer to.
    pub titles: Titles,
    /// Results that whoever asks may not see yet: those conversations come without any.
    pub withheld: Withheld,
}

/// What went out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Conversations.
    pub conversations: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: String,
    /// Whether all of it went: whoever asked may have gone away.
    pub whole: bool,
}

/// Why nothing more goes out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error("read what was rehearsed")]
    Store(#[from] StoreError),
    /// A row could not be written as JSON.
    #[error("write a row")]
    Json(#[from] serde_json::Error),
    /// The workbook could not be written: no room for a temporary file, for instance.
    #[error("write the workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The workbook could not be read again.
    #[error("read the workbook's file")]
    File(#[from] std::io::Error),
    /// The task that writes the workbook ended.
    #[error("end the workbook")]
    Task(#[from] tokio::task::JoinError),
}

/// What a person's conversations come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) conversations: u32,
    pub(super) seconds: u64,
    pub(super) last_at: Option<DateTime>,
}

/// Whoever asked has gone away.
struct Gone;

/// Where bytes go, counted and digested.
struct Out {
    to: Sender<Bytes>,
    hash: Sha256,
    sent: Sent,
}

impl Out {
    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), Gone> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.hash.update(&bytes);
        self.to.send(bytes.into()).await.map_err(|_| Gone)?;
        self.sent.bytes += length;
        Ok(())
    }
}

/// The form under way.
enum Writer {
    Csv(Vec<Column<Row>>),
    CsvMarks(Names),
    Json { first: bool },
    // Grows with the number of columns, not of rows.
    Xlsx(Box<Book>),
}

/// Sends everything into the channel, and tells what it was. If whoever asked goes away, it ends there.
pub async fn send(
    store: &Store,
    content: &Content,
    subject: &Subject,
    format: Format,
    now: Timestamp,
    to: Sender<Bytes>,
) -> Result<Sent, ExportError> {
    let mut out = Out { to, hash: Sha256::new(), sent: Sent::default() };
    out.sent.whole = all(store, content, subject, format, now, &mut out).await?.is_ok();
    let digest = out.hash.finalize();
    for byte in digest {
        // A string takes whatever is written.
        let _ = write!(out.sent.digest, "{byte:02x}");
    }
    Ok(out.sent)
}

async fn all(
    store: &Store,
    content: &Content,
    subject: &Subject,
    format: Format,
    now: Timestamp,
    out: &mut Out,
) -> Result<Result<(), Gone>, ExportError> {
    let (mut writer, head) = begin(content, subject, format, now)?;
    if !head.is_empty() && out.send(head).await.is_err() {
        return Ok(Err(Gone));
    }
    let mut people = Vec::with_capacity(subject.people.len());
    for person in &subject.people {
        let mut sum = Sum::default();
        let mut after = None;
        loop {
            let mut page = store.rehearsed_by(person.id, person.from, after, PAGE).await?;
            subject.withheld.take_from(&mut page);
            let Some(last) = page.last() else { break };
            after = Some(After::of(last));
            let rows = rows(store, content, subject, person, &page).await?;
            for row in &rows {
                sum.conversations += 1;
                sum.seconds += row.seconds.unwrap_or(0);
                sum.last_at = Some(row.started_at);
            }
            out.sent.conversations += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let bytes = written(&mut writer, &rows)?;
            if !bytes.is_empty() && out.send(bytes).await.is_err() {
                return Ok(Err(Gone));
            }
            if out.to.is_closed() {
                return Ok(Err(Gone));
            }
            if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
                break;
            }
        }
        people.push((person.clone(), sum));
    }
    finish(writer, people, out).await
}

fn begin(
    content: &Content,
    subject: &Subject,
    format: Format,
    now: Timestamp,
) -> Result<(Writer, Vec<u8>), ExportError> {
    Ok(match format {
        Format::Csv => {
            let columns = columns::of_conversations(content);
            let head = csv::head(columns.iter().map(|column| column.heading.as_str()));
            (Writer::Csv(columns), head)
        }
        Format::CsvMarks => {
            (Writer::CsvMarks(Names::of(content)), csv::head(OF_MARKS.iter().map(|(heading, _)| *heading)))
        }
        Format::Json => (Writer::Json { first: true }, json::head(&subject.id, &subject.name, now)?),
        Format::Xlsx => {
            let book = Book::new(&subject.name, columns::of_conversations(content), Names::of(content))?;
            (Writer::Xlsx(Box::new(book)), Vec::new())
        }
    })
}

async fn rows(
    store: &Store,
    content: &Content,
    subject: &Subject,
    person: &Person,
    page: &[Rehearsed],
) -> Result<Vec<Row>, StoreError> {
    let scorecards: Vec<i64> = page.iter().filter_map(|one| Some(one.rated.as_ref()?.scorecard)).collect();
    let marks = if scorecards.is_empty() { Vec::new() } else { store.marks(&scorecards, &[]).await? };
    let row = |one: &Rehearsed| {
        let own = one.rated.as_ref().map(|rated| {
            let from = marks.partition_point(|mark| mark.scorecard < rated.scorecard);
            let to = marks.partition_point(|mark| mark.scorecard <= rated.scorecard);
            &marks[from..to]
        });
        Row::of(&person.name, one, own.unwrap_or_default(), content, &subject.titles)
    };
    Ok(page.iter().map(row).collect())
}

fn written(writer: &mut Writer, rows: &[Row]) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    for row in rows {
        match writer {
            Writer::Csv(columns) => {
                let cells: Vec<_> = columns.iter().map(|column| (column.cell)(row)).collect();
                bytes.extend(csv::line(&cells));
            }
            Writer::CsvMarks(names) => {
                for mark in &row.marks {
                    bytes.extend(csv::line(&names.cells((row, mark))));
                }
            }
            Writer::Json { first } => {
                bytes.extend(json::row(row, *first)?);
                *first = false;
            }
            Writer::Xlsx(book) => book.row(row)?,
        }
    }
    Ok(bytes)
}

async fn finish(writer: Writer, people: Vec<(Person, Sum)>, out: &mut Out) -> Result<Result<(), Gone>, ExportError> {
    match writer {
        Writer::Csv(_) | Writer::CsvMarks(_) => Ok(Ok(())),
        Writer::Json { .. } => Ok(out.send(json::tail(&people)?).await),
        Writer::Xlsx(book) => {
            // Packing the sheets takes a while: not on a thread that serves others.
            let mut file = tokio::task::spawn_blocking(move || book.finish(&people)).await??;
            loop {
                let mut piece = vec![0; PIECE];
                let read = file.read(&mut piece)?;
                if read == 0 {
                    return Ok(Ok(()));
                }
                piece.truncate(read);
                if out.send(piece).await.is_err() {
                    return Ok(Err(Gone));
                }
            }
        }
    }
}
